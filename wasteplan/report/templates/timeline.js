// When facilities open and end.
CHARTS.timeline = function (data, width) {
  var rows = data.rows, end = data.last + 1;
  function bar(params, api) {
    var r = rows[api.value(0)];
    var start = api.coord([api.value(1), api.value(0)]);
    var stop = api.coord([api.value(2), api.value(0)]);
    var height = Math.min(20, api.size([0, 1])[1] * 0.66);
    var hue = colour(r.kind);
    var box = { x: start[0], y: start[1] - height / 2, width: Math.max(2, stop[0] - start[0]), height: height, r: 3 };
    var room = stop[0] - start[0] > 7 * r.label.length + 12;
    return { type: "group", children: [
      { type: "rect", shape: box, style: {
        fill: hue, fillOpacity: r.is_new ? 1 : 0.28, stroke: hue, lineWidth: 1.4,
        lineDash: r.is_new ? null : [4, 3]
      } },
      { type: "text", style: {
        text: r.label, x: room ? start[0] + 8 : stop[0] + 6, y: start[1], verticalAlign: "middle",
        fill: room && r.is_new ? inkOn(hue) : paper("ink"),
        font: "600 12px " + FONT
      } }
    ] };
  }
  return {
    grid: { top: 34, left: 8, right: 70, bottom: 6, containLabel: true },
    tooltip: tooltip({ trigger: "item", formatter: function (p) {
      var r = rows[p.value[0]];
      return heading(r.name + (r.where ? ", " + r.where : "")) + row("Works", r.from + "–" + r.to) + row("Size", r.label) +
        row(r.is_new ? "Built by the plan" : "Stands today", "");
    } }),
    xAxis: values("", {
      min: data.first, max: end, position: "top", minInterval: 1,
      interval: Math.max(1, Math.round((end - data.first) / (width < 700 ? 5 : 10))),
      axisLabel: { color: paper("ink"), fontFamily: FONT, fontSize: 12.5, formatter: function (v) { return String(v); } }
    }),
    yAxis: categories(rows.map(function (r, i) { return String(i); }), Object.assign({ inverse: true },
      twoLines(rows.map(function (r) { return r.name; }), rows.map(function (r) { return r.where; }), 270))),
    series: [{
      type: "custom", renderItem: bar, clip: true, encode: { x: [1, 2], y: 0 },
      data: rows.map(function (r, i) { return [i, r.from, r.to + 1]; }),
      markLine: {
        silent: true, symbol: "none", label: { show: false },
        lineStyle: { color: paper("muted"), type: "dotted", width: 1 },
        data: data.periods.slice(1).map(function (p) { return { xAxis: p[0] }; })
      }
    }]
  };
};
