// Lines over the periods, and planned beside simulated.
var SHAPES = ["circle", "rect", "triangle", "diamond", "emptyCircle", "emptyRect",
  "emptyTriangle", "emptyDiamond"];

var SCOPE_HUES = ["slate", "amber", "olive", "grey"];

// Where a number stands clear of the other lines: above its point unless only that is taken.
function clearSide(series, i) {
  var v = series[0].values[i], near = 0.15;
  function taken(sign) {
    return series.some(function (s, n) {
      var d = sign * (s.values[i] - v);
      return n > 0 && isNumber(s.values[i]) && d > 0 && d < near;
    });
  }
  return taken(1) && !taken(-1) ? "bottom" : "top";
}

// One period is no line: one bar for each share.
function singles(data) {
  var named = data.series.filter(function (s) { return isNumber(s.values[0]); });
  var marks = data.targets && isNumber(data.targets[0]) ? [{ xAxis: data.targets[0] }] : [];
  return {
    grid: { top: 8, left: 8, right: 84, bottom: 30, containLabel: true },
    tooltip: tooltip({ trigger: "item", formatter: function (p) {
      return heading(p.name) + row(data.labels[0], quantity(p.value, data.unit), p.color);
    } }),
    xAxis: values(data.unit, {
      nameLocation: "middle", nameGap: 26, min: 0, max: data.unit === "%" ? 1 : null
    }),
    yAxis: categories(named.map(function (s) { return s.name; }), { inverse: true }),
    series: [{
      type: "bar", barMaxWidth: 24,
      data: named.map(function (s, i) {
        return { value: s.values[0], itemStyle: { color: colour(s.key, i) } };
      }),
      label: {
        show: true, position: "right", color: paper("ink"), fontFamily: FONT, fontWeight: 600,
        formatter: function (p) { return data.unit === "%" ? percent(p.value) : short(p.value); }
      },
      markLine: {
        silent: true, symbol: "none", data: marks,
        lineStyle: { color: paper("ink"), type: "dashed", width: 1.6 },
        label: { formatter: "target", color: paper("ink"), fontFamily: FONT }
      }
    }]
  };
}

CHARTS.lines = function (data, width) {
  if (data.labels.length === 1) { return singles(data); }
  var names = data.series.map(function (s) { return s.name; });
  var series = data.series.map(function (s, i) {
    var hue = colour(s.key, i);
    return {
      name: s.name, type: "line", connectNulls: false,
      data: i === 0 && data.unit === "%" ? s.values.map(function (v, at) {
        return { value: v, label: { position: clearSide(data.series, at) } };
      }) : s.values,
      symbol: SHAPES[i % SHAPES.length], symbolSize: i === 0 ? 10 : 8,
      lineStyle: { width: i === 0 ? 3.2 : 2, type: s.dashed ? "dashed" : "solid" },
      itemStyle: { color: hue }, color: hue, emphasis: { focus: "series" },
      label: {
        show: i === 0 && data.label_all !== false && data.labels.length <= 12, position: "top", distance: 9, fontWeight: 600,
        formatter: function (p) { return data.unit === "%" ? percent(p.value) : short(p.value); },
        color: paper("ink"), fontFamily: FONT, fontSize: 12.5,
        backgroundColor: paper("surface"), padding: [1, 4], borderRadius: 3
      }
    };
  });
  if (data.targets && data.targets.some(isNumber)) {
    names.push("Target");
    series.push({
      name: "Target", type: "scatter", symbol: "rect", symbolSize: [54, 3.5], z: 1,
      data: data.targets.map(function (v, i) { return isNumber(v) ? [i, v] : null; }).filter(Boolean),
      itemStyle: { color: paper("ink") }
    });
  }
  (data.scoped || []).forEach(function (s, n) {
    names.push(s.name);
    series.push({
      name: s.name, type: "scatter", symbol: "rect", symbolSize: [54, 3.5], z: 1,
      data: s.values.map(function (v, i) { return isNumber(v) ? [i, v] : null; }).filter(Boolean),
      itemStyle: { color: HUES[SCOPE_HUES[n % SCOPE_HUES.length]][theme.isDark ? 1 : 0] }
    });
  });
  var rows = legendRows(names, width);
  return {
    legend: legend({ data: names }, width < 600 ? width : 0),
    title: [unitAbove(data.unit, 14 + 24 * rows)],
    grid: { top: 46 + 24 * rows, left: 8, right: 34, bottom: 6, containLabel: true },
    tooltip: tooltip({
      trigger: "axis",
      formatter: function (found) {
        return heading(found[0].axisValueLabel || data.labels[found[0].dataIndex]) +
          found.map(function (p) {
            var v = Array.isArray(p.value) ? p.value[1] : p.value;
            return row(p.seriesName, quantity(v, data.unit), p.color);
          }).join("");
      }
    }),
    xAxis: categories(data.labels, { boundaryGap: true }),
    yAxis: values(data.unit, {
      min: 0, max: data.unit === "%" && !data.open_ended ? 1 : null,
      name: ""
    }),
    series: series
  };
};

CHARTS.intervals = function (data, width, period) {
  var rows = data.by_period ? data.by_period[period].rows : data.rows;
  var expects = rows.some(function (r) { return isNumber(r[5]); });
  var numbers = [];
  rows.forEach(function (r) { r.slice(1).forEach(function (v) { if (isNumber(v)) { numbers.push(v); } }); });
  var low = Math.min.apply(null, numbers), high = Math.max.apply(null, numbers);
  var step = high - low > 0.3 ? 0.1 : high - low > 0.1 ? 0.05 : 0.02;
  function bar(params, api) {
    var y = api.coord([api.value(1), api.value(0)])[1];
    var x1 = api.coord([api.value(1), api.value(0)])[0];
    var x2 = api.coord([api.value(2), api.value(0)])[0];
    var style = { stroke: colour("combustion"), lineWidth: 3, fill: null };
    function line(a, b, c, d) {
      return { type: "line", shape: { x1: a, y1: b, x2: c, y2: d }, style: style };
    }
    return { type: "group", children: [
      line(x1, y, x2, y), line(x1, y - 8, x1, y + 8), line(x2, y - 8, x2, y + 8)
    ] };
  }
  return {
    legend: legend({ data: ["Planned", "Simulated, with interval"].concat(expects ? ["Expected"] : []) }, width < 600 ? width : 0),
    grid: { top: width < 420 ? 82 : 34, left: 8, right: 30, bottom: 32, containLabel: true },
    tooltip: tooltip({
      trigger: "axis", axisPointer: { type: "shadow" },
      formatter: function (found) {
        var r = rows[found[0].dataIndex];
        return heading(r[0]) + row("Planned", percent(r[1]), colour("landfill_diversion_rate")) +
          row("Simulated", percent(r[2]), colour("combustion")) +
          row("Interval", percent(r[3]) + " to " + percent(r[4])) +
          (expects ? row("Expected", percent(r[5]), paper("ink")) : "");
      }
    }),
    xAxis: values("%", {
      min: Math.max(0, step * (Math.floor(low / step) - 1)),
      max: Math.min(1, step * (Math.ceil(high / step) + 1)),
      nameLocation: "middle", nameGap: 26
    }),
    yAxis: categories(rows.map(function (r) { return r[0]; }), { inverse: true }),
    series: [
      { name: "Simulated, with interval", type: "custom", renderItem: bar, z: 3,
        itemStyle: { color: colour("combustion") },
        data: rows.map(function (r, i) { return [i, r[3], r[4]]; }), encode: { x: [1, 2], y: 0 } },
      { name: "Simulated, with interval", type: "scatter", symbol: "circle", symbolSize: 12, z: 4,
        itemStyle: { color: colour("combustion") },
        data: rows.map(function (r, i) { return [r[2], i]; }) },
      { name: "Planned", type: "scatter", symbol: "diamond", symbolSize: 17, z: 5,
        itemStyle: { color: paper("surface"), borderColor: colour("landfill_diversion_rate"), borderWidth: 2.5 },
        data: rows.map(function (r, i) { return [r[1], i]; }) }
    ].concat(expects ? [
      { name: "Expected", type: "scatter", symbol: "rect", symbolSize: [3.5, 26], z: 2,
        itemStyle: { color: paper("ink") },
        data: rows.map(function (r, i) { return [r[5], i]; }) }
    ] : [])
  };
};
