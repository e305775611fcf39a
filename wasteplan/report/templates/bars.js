// Stacked bars, loads of facilities, the gap of the proof.
var CHARTS = {};

CHARTS.stack = function (given, width, period) {
  var data = given.by_period ? Object.assign({}, given, given.by_period[period]) : given;
  var names = data.series.map(function (s) { return s.name; });
  var series = data.series.map(function (s, i) {
    return {
      name: s.name, type: "bar", stack: "all", barMaxWidth: data.horizontal ? 26 : 64,
      data: s.values, itemStyle: { color: colour(s.key, i), borderColor: paper("surface"), borderWidth: 0.7 },
      emphasis: { focus: "series" }
    };
  });
  function mark(name, numbers, symbol, fill) {
    names.push(name);
    series.push({
      name: name, type: "scatter", symbol: symbol, symbolSize: 13, z: 5,
      data: numbers.map(function (v, i) { return data.horizontal ? [v, i] : [i, v]; }),
      itemStyle: { color: fill, borderColor: paper("ink"), borderWidth: 1.6 },
      label: {
        show: symbol === "diamond" && !data.horizontal && data.labels.length <= 8 && width > 560,
        position: "right", distance: 32,
        formatter: function (p) { return short(p.value[1]); },
        color: paper("ink"), fontWeight: 600, fontSize: 12.5, fontFamily: FONT,
        textBorderColor: paper("surface"), textBorderWidth: 3
      }
    });
  }
  if (data.net) { mark(data.net_name, data.net, "diamond", paper("surface")); }
  if (data.reference) { mark(data.reference_name, data.reference, "circle", paper("muted")); }
  var top = 14 + 24 * legendRows(names, width);
  var numbers = values(data.unit, data.horizontal
    ? { nameLocation: "middle", nameGap: 28, max: data.whole ? 1 : null } : { name: "" });
  var labels = categories(data.labels, data.horizontal ? longNames(width) : {});
  return {
    legend: legend({ data: names }),
    title: data.horizontal ? [] : [unitAbove(data.unit, top)],
    grid: {
      top: data.horizontal ? top : top + 24, left: 8, right: 26,
      bottom: data.horizontal ? 30 : 6, containLabel: true
    },
    tooltip: tooltip({
      trigger: "axis", axisPointer: { type: "shadow" },
      formatter: function (found) {
        var parts = found.filter(function (p) {
          return p.seriesType === "scatter" || p.value;
        });
        return heading(found[0].axisValueLabel || data.labels[found[0].dataIndex]) +
          parts.map(function (p) {
            var v = p.seriesType === "scatter" ? p.value[data.horizontal ? 0 : 1] : p.value;
            var hue = p.seriesType === "scatter" ? paper("muted") : p.color;
            return row(p.seriesName, quantity(v, data.unit), hue);
          }).join("");
      }
    }),
    xAxis: data.horizontal ? numbers : labels,
    yAxis: data.horizontal ? labels : numbers,
    series: series
  };
};

CHARTS.loads = function (data, width, period) {
  var rows = data.by_period[period];
  var narrow = width < 600;
  function part(name, column, key) {
    return {
      name: name, type: "bar", barMaxWidth: 13, barGap: "20%",
      data: rows.map(function (r) {
        return { value: r[column], itemStyle: { color: colour(key) } };
      }),
      itemStyle: { color: colour(key) },
      label: {
        show: true, position: "right", fontSize: 12.5, fontFamily: FONT, color: paper("ink"),
        rich: { b: { fontWeight: 700, color: colour("heat"), fontFamily: FONT, fontSize: 12.5 } },
        formatter: function (p) {
          var binds = rows[p.dataIndex][4] === key ? "  {b|binds}" : "";
          return isNumber(p.value) ? percent(p.value) + binds : "";
        }
      }
    };
  }
  var series = [part("Mass", 2, "mass")];
  if (rows.some(function (r) { return isNumber(r[3]); })) {
    series.push(part("Heat", 3, "heat"));
  }
  var most = Math.max.apply(null, rows.map(function (r) { return Math.max(r[2] || 0, r[3] || 0); }));
  series[0].markLine = {
    silent: true, symbol: "none", data: [{ xAxis: 1 }], label: { show: false },
    lineStyle: { color: paper("ink"), type: "dashed", width: 1.4 }
  };
  return {
    legend: legend({}),
    grid: { top: 34, left: 8, right: 124, bottom: 30, containLabel: true },
    tooltip: tooltip({
      trigger: "item",
      formatter: function (p) {
        return heading(rows[p.dataIndex][0] + ", " + rows[p.dataIndex][1]) + row(p.seriesName + " load", percent(p.value), p.color);
      }
    }),
    xAxis: values("%", { max: Math.max(most > 1 ? 1.2 : 1, Math.ceil(most * 5) / 5), name: "% of what is available", nameLocation: "middle", nameGap: 26 }),
    yAxis: categories(rows.map(function (r, i) { return String(i); }), Object.assign({ inverse: true },
      twoLines(rows.map(function (r) { return r[0]; }), rows.map(function (r) { return r[1]; }), narrow ? 130 : 290))),
    series: series
  };
};

CHARTS.gap = function (data) {
  var bars = [["This plan", data.objective, "navy"], ["Bound", data.bound, "sky"]];
  return {
    grid: { top: 6, left: 8, right: 150, bottom: 32, containLabel: true },
    tooltip: tooltip({ trigger: "item", formatter: function (p) {
      return heading(p.name) + row("Present value", quantity(p.value, data.unit), p.color);
    } }),
    xAxis: values(data.unit, { nameLocation: "middle", nameGap: 28 }),
    yAxis: categories(bars.map(function (b) { return b[0]; }), { inverse: true }),
    series: [{
      type: "bar", barMaxWidth: 26,
      data: bars.map(function (b) {
        return { value: b[1], itemStyle: { color: HUES[b[2]][theme.isDark ? 1 : 0] } };
      }),
      label: {
        show: true, position: "right", color: paper("ink"), fontFamily: FONT, fontWeight: 600,
        formatter: function (p) { return digits(p.value, 3) + " " + data.unit; }
      }
    }]
  };
};
