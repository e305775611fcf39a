// Cash by year, curves, what moves a result, and how chance spreads it.
CHARTS.cash = function (given, width, period) {
  var data = Object.assign({}, given, given.by_period[period]);
  var names = data.series.map(function (s) { return s.name; });
  var series = data.series.map(function (s, i) {
    return {
      name: s.name, type: "bar", stack: "all", barMaxWidth: 34, data: s.values,
      itemStyle: { color: colour(s.key, i), borderColor: paper("surface"), borderWidth: 0.5 },
      emphasis: { focus: "series" }
    };
  });
  names.push(data.line_name);
  series.push({
    name: data.line_name, type: "line", data: data.line, symbol: "circle", symbolSize: 5, z: 6,
    color: paper("ink"), lineStyle: { width: 2.2, color: paper("ink") }, itemStyle: { color: paper("ink") }
  });
  var top = 14 + 24 * legendRows(names, width);
  return {
    legend: legend({ data: names }, width < 600 ? width : 0),
    title: [unitAbove(data.unit, top)],
    grid: { top: top + 26, left: 8, right: 16, bottom: 6, containLabel: true },
    tooltip: tooltip({
      trigger: "axis", axisPointer: { type: "shadow" },
      formatter: function (found) {
        return heading(found[0].axisValueLabel || data.labels[found[0].dataIndex]) +
          found.filter(function (p) { return p.value; }).map(function (p) {
            return row(p.seriesName, quantity(p.value, data.unit), p.color);
          }).join("");
      }
    }),
    xAxis: categories(data.labels, { axisLine: { onZero: false, lineStyle: { color: paper("muted") } } }),
    yAxis: values(data.unit, { name: "" }),
    series: series
  };
};

// Lines over a number: a year or an interest rate.
CHARTS.curves = function (data, width) {
  var names = data.series.map(function (s) { return s.name; });
  var top = 14 + 24 * legendRows(names, width);
  var xs = [], between = data.between;
  data.series.forEach(function (s) { s.points.forEach(function (p) { xs.push(p[0]); }); });
  function x(v) { return data.is_year ? String(v) : data.is_share ? digits(100 * v, 1) + " %" : digits(v); }
  var series = data.series.map(function (s, i) {
    return {
      name: s.name, type: "line", data: s.points, clip: true, color: colour(s.key, i),
      symbol: SHAPES[i % SHAPES.length], symbolSize: 7, showSymbol: s.points.length <= 12,
      lineStyle: { width: i === 0 ? 3 : 2, type: i < 4 ? "solid" : "dashed" },
      emphasis: { focus: "series" }
    };
  });
  if (data.limit && series.length) {
    series[0].markLine = {
      silent: true, symbol: "none", data: [{ yAxis: data.limit[0] }],
      lineStyle: { color: paper("ink"), type: "dashed", width: 1.4 },
      label: {
        position: "insideEndTop", color: paper("ink"), fontFamily: FONT, fontSize: 12.5,
        formatter: function () { return data.limit[1] + " " + digits(data.limit[0], 2); }
      }
    };
  }
  return {
    legend: legend({ data: names }, width < 600 ? width : 0),
    title: data.unit ? [unitAbove(data.unit, top)] : [],
    grid: { top: top + 26, left: 8, right: 26, bottom: data.x_name ? 32 : 8, containLabel: true },
    tooltip: tooltip({
      trigger: "axis",
      formatter: function (found) {
        return heading(x(found[0].value[0])) + found.map(function (p) {
          return row(p.seriesName, digits(p.value[1], 2) + (data.unit ? " " + data.unit : ""), p.color);
        }).join("");
      }
    }),
    xAxis: values("", {
      min: Math.min.apply(null, xs), max: Math.max.apply(null, xs), name: data.x_name, nameLocation: "middle", nameGap: 26,
      minInterval: data.is_year ? 1 : 0, splitLine: { show: false },
      axisLine: { onZero: false, lineStyle: { color: paper("muted") } },
      axisLabel: { color: paper("ink"), fontFamily: FONT, fontSize: 12.5, hideOverlap: true,
        formatter: function (v) { return data.is_share ? digits(100 * v, 0) : String(v); } }
    }),
    yAxis: values(data.unit, {
      name: "", scale: Boolean(data.is_share),
      min: between ? function (v) { return Math.max(between[0], Math.min(0, Math.floor(v.min))); } : null,
      max: between ? function (v) { return Math.min(between[1], Math.max(2, Math.ceil(v.max))); } : null,
      axisLabel: { color: paper("muted"), fontFamily: FONT, fontSize: 12.5, formatter: function (v) { return digits(v, Math.abs(v) >= 10 ? 0 : 1); } }
    }),
    series: series
  };
};

CHARTS.tornado = function (data, width) {
  var rows = data.rows, narrow = width < 600;
  // One bar from the planned value to that at the driver's low or high value.
  function side(name, key, at, hue) {
    function bar(params, api) {
      var from = api.coord([data.base, api.value(1)]), to = api.coord([api.value(0), api.value(1)]);
      var height = Math.min(18, api.size([0, 1])[1] * 0.6), left = to[0] < from[0];
      var box = { x: Math.min(from[0], to[0]), y: to[1] - height / 2, width: Math.max(1, Math.abs(to[0] - from[0])), height: height };
      var parts = [{ type: "rect", shape: box, style: { fill: colour(hue) } }];
      if (!narrow && !data.is_bare) {
        parts.push({ type: "text", style: {
          text: rows[api.value(1)][at], x: to[0] + (left ? -5 : 5), y: to[1], verticalAlign: "middle",
          align: left ? "right" : "left", fill: paper("ink"), font: "12px " + FONT
        } });
      }
      return { type: "group", children: parts };
    }
    return {
      name: name, type: "custom", renderItem: bar, encode: { x: 0, y: 1 }, itemStyle: { color: colour(hue) },
      data: rows.map(function (r, i) { return isNumber(r[key]) ? [r[key], i] : null; }).filter(Boolean)
    };
  }
  var series = [side("At the low value", "low", "at_low", "at_low"), side("At the high value", "high", "at_high", "at_high")];
  series[0].markLine = {
    silent: true, symbol: "none", data: [{ xAxis: data.base }], label: { show: false },
    lineStyle: { color: paper("ink"), type: "solid", width: 1.2 }
  };
  var every = [data.base];
  rows.forEach(function (r) { [r.low, r.high].forEach(function (v) { if (isNumber(v)) { every.push(v); } }); });
  var low = Math.min.apply(null, every), high = Math.max.apply(null, every), room = (narrow ? 0.03 : 0.12) * (high - low || 1);
  return {
    legend: legend({ data: ["At the low value", "At the high value"] }),
    grid: { top: 34, left: 8, right: 20, bottom: 32, containLabel: true },
    tooltip: tooltip({
      trigger: "item",
      formatter: function (p) {
        var r = rows[p.value[1]];
        return heading(r.name) +
          row("At " + r.at_low, digits(r.low, 2) + " " + data.unit, colour("at_low")) +
          row(data.x_name ? "Mean" : "As planned", digits(data.base, 2) + " " + data.unit) +
          row("At " + r.at_high, digits(r.high, 2) + " " + data.unit, colour("at_high"));
      }
    }),
    xAxis: values(data.unit, {
      min: low - room, max: high + room, name: data.x_name || "owners' NPV, " + data.unit, nameLocation: "middle", nameGap: 26,
      axisLabel: { color: paper("muted"), fontFamily: FONT, fontSize: 12.5, showMinLabel: false,
        showMaxLabel: false, formatter: function (v) { return short(v); } }
    }),
    yAxis: categories(rows.map(function (r) { return r.name; }), longNames(width)),
    series: series
  };
};

CHARTS.histogram = function (given, width, period) {
  var data = Object.assign({}, given, given.by_period[period]);
  var edges = data.edges;
  function bar(params, api) {
    var from = api.coord([api.value(0), api.value(2)]), to = api.coord([api.value(1), 0]);
    return { type: "rect", shape: {
      x: from[0] + 0.5, y: from[1], width: Math.max(1, to[0] - from[0] - 1), height: to[1] - from[1]
    }, style: { fill: colour(data.is_plain ? "mass" : api.value(1) <= 0 ? "loss" : "gain") } };
  }
  return {
    grid: { top: 34, left: 8, right: 20, bottom: 32, containLabel: true },
    title: [unitAbove("% of draws", 4)],
    tooltip: tooltip({ trigger: "item", formatter: function (p) {
      var shown = data.unit === "%" ? percent : function (v) { return digits(v, 1); };
      return heading(shown(p.value[0]) + " to " + shown(p.value[1]) + (data.unit === "%" ? "" : " " + data.unit)) +
        row("Draws", percent(p.value[2]));
    } }),
    xAxis: values("", {
      min: edges[0], max: edges[edges.length - 1], name: data.x_name || "owners' NPV, " + data.unit,
      nameLocation: "middle", nameGap: 26, splitLine: { show: false },
      axisLabel: { color: paper("muted"), fontFamily: FONT, fontSize: 12.5, showMinLabel: false,
        showMaxLabel: false, hideOverlap: true, formatter: function (v) {
          return data.x_name ? (data.unit === "%" ? digits(100 * v, 0) : short(v)) : digits(v, 0);
        } }
    }),
    yAxis: values("%", { name: "" }),
    series: [{
      type: "custom", renderItem: bar, encode: { x: [0, 1], y: 2 }, itemStyle: { color: colour("gain") },
      data: data.shares.map(function (s, i) { return [edges[i], edges[i + 1], s]; }),
      markLine: {
        silent: true, symbol: "none",
        data: data.marks.map(function (m) {
          return { xAxis: m[1], name: m[0], lineStyle: { color: paper("ink"), type: "dashed", width: 1.2 } };
        }).concat(edges[0] < 0 && edges[edges.length - 1] > 0
          ? [{ xAxis: 0, name: "0", lineStyle: { color: paper("ink"), type: "solid", width: 1.8 } }] : []),
        label: { color: paper("ink"), fontFamily: FONT, fontSize: 12, formatter: function (p) { return p.name; } }
      }
    }]
  };
};
