// What samples of uncertain numbers come to: fans over the years, samples as lines.
CHARTS.fan = function (given, width, period) {
  var data = Object.assign({}, given, given.by_period[period]);
  function band(stack, low, high, name, strength) {
    return [
      { type: "line", stack: stack, stackStrategy: "all", data: low, symbol: "none",
        lineStyle: { opacity: 0 }, itemStyle: { opacity: 0 }, silent: true, tooltip: { show: false } },
      { name: name, type: "line", stack: stack, stackStrategy: "all", symbol: "none",
        data: high.map(function (v, i) { return v - low[i]; }), lineStyle: { opacity: 0 },
        itemStyle: { color: colour("mass"), opacity: 0.3 + strength },
        areaStyle: { color: colour("mass"), opacity: strength } }
    ];
  }
  var names = ["9 of 10 samples", "Half of the samples", "Median", "Numbers as they stand"];
  var series = band("outer", data.p05, data.p95, names[0], 0.2)
    .concat(band("inner", data.p25, data.p75, names[1], 0.3));
  series.push({ name: names[2], type: "line", data: data.p50, symbol: "none", z: 4,
    lineStyle: { color: colour("mass"), width: 2.4 }, itemStyle: { color: colour("mass") } });
  series.push({ name: names[3], type: "line", data: data.central, symbol: "none", z: 5,
    lineStyle: { color: paper("ink"), width: 1.8, type: "dashed" }, itemStyle: { color: paper("ink") } });
  var rows = legendRows(names, width);
  return {
    legend: legend({ data: names }, width < 600 ? width : 0),
    title: [unitAbove(data.unit, 14 + 24 * rows)],
    grid: { top: 46 + 24 * rows, left: 8, right: 24, bottom: 6, containLabel: true },
    tooltip: tooltip({ trigger: "axis", formatter: function (found) {
      var i = found[0].dataIndex;
      return heading(data.labels[i]) +
        row("95 % below", quantity(data.p95[i], data.unit)) +
        row("75 % below", quantity(data.p75[i], data.unit)) +
        row("Median", quantity(data.p50[i], data.unit), colour("mass")) +
        row("25 % below", quantity(data.p25[i], data.unit)) +
        row("5 % below", quantity(data.p05[i], data.unit)) +
        row(names[3], quantity(data.central[i], data.unit), paper("ink"));
    } }),
    xAxis: categories(data.labels, { boundaryGap: false }),
    yAxis: values(data.unit, { name: "", scale: true }),
    series: series
  };
};

// One line a sample; drag along an axis to see only the samples that pass there.
CHARTS.parallel = function (data, width) {
  var room = Math.max(9, Math.floor(width / data.axes.length / 7)), hues = ["gain", "planned", "loss"];
  function label(v, axis) {
    return axis.unit === "%" ? digits(100 * v, 0) + " %" : short(v);
  }
  return {
    legend: legend({ data: data.groups.map(function (g) { return g.name; }) }, width < 600 ? width : 0),
    parallel: { top: 118, left: 62, right: width < 600 ? 44 : 70, bottom: 24,
      axisExpandable: false,
      parallelAxisDefault: {
        nameLocation: "end", nameGap: 14,
        nameTextStyle: { color: paper("ink"), fontFamily: FONT, fontSize: 12, lineHeight: 14 },
        axisLine: { lineStyle: { color: paper("muted") } }, axisTick: { show: false },
        axisLabel: { color: paper("muted"), fontFamily: FONT, fontSize: 11.5 },
        areaSelectStyle: { color: paper("ink"), borderColor: paper("ink"), opacity: 0.15, width: 16 }
      } },
    parallelAxis: data.axes.map(function (a, i) {
      return { dim: i, name: wrapped(a.name, room), min: a.min, max: a.max, splitNumber: 4,
        axisLabel: { showMinLabel: a.unit === "%" && a.min === 0, showMaxLabel: a.unit === "%" && a.max === 1,
          formatter: function (v) { return label(v, a); } } };
    }),
    tooltip: { show: false },
    series: data.groups.map(function (g, n) {
      return { name: g.name, type: "parallel", smooth: false, data: g.lines,
        inactiveOpacity: 0.03, activeOpacity: 0.75,
        itemStyle: { color: colour(hues[n]) },
        lineStyle: { color: colour(hues[n]), width: 1, opacity: 0.4 } };
    })
  };
};
