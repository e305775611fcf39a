// Efficient plans as points; numbers lead to the rows of the table. A bar reaches down to the bound.
CHARTS.front = function (data, width) {
  var sorted = data.points.slice().sort(function (a, b) { return a[0] - b[0]; });
  function named(of) { return of.name + " [" + of.unit + "]"; }
  function bar(params, api) {
    var top = api.coord([api.value(0), api.value(1)]), foot = api.coord([api.value(0), api.value(2)]);
    var line = { stroke: colour("status_quo"), lineWidth: 2.2, opacity: 0.75 };
    return { type: "group", silent: true, children: [
      { type: "line", shape: { x1: top[0], y1: top[1], x2: foot[0], y2: foot[1] }, style: line },
      { type: "line", shape: { x1: foot[0] - 5, y1: foot[1], x2: foot[0] + 5, y2: foot[1] }, style: line }
    ] };
  }
  return {
    legend: legend({ data: ["Plan found", "Down to the bound"] }),
    title: [unitAbove(named(data.y), 32)],
    grid: { top: 62, left: 8, right: 30, bottom: 36, containLabel: true },
    tooltip: tooltip({
      trigger: "item",
      formatter: function (p) {
        return heading("Point " + p.value[2]) + row(data.y.name, quantity(p.value[1], data.y.unit)) +
          row("No plan below", quantity(p.value[4], data.y.unit)) +
          row(data.x.name, quantity(p.value[0], data.x.unit)) +
          '<div style="margin-top:4px">' + safe(p.value[3]) + "</div>" +
          (p.value[5] ? '<div style="margin-top:4px">' + safe("Misses: " + p.value[5]) + "</div>" : "");
      }
    }),
    xAxis: values(data.x.unit, { name: named(data.x), nameLocation: "middle", nameGap: 30, scale: true }),
    yAxis: values(data.y.unit, { name: "", scale: true }),
    series: [{
      name: "Down to the bound", type: "custom", renderItem: bar, z: 1, encode: { x: 0, y: [1, 2] },
      itemStyle: { color: colour("status_quo") }, tooltip: { show: false },
      data: sorted.map(function (p) { return [p[0], p[1], p[4]]; })
    }, {
      name: "Plan found",
      type: data.is_line ? "line" : "scatter", symbol: "circle", symbolSize: 13, z: 3,
      data: sorted.map(function (p) {
        return { value: p, itemStyle: p[5]
          ? { color: paper("surface"), borderColor: colour("mass"), borderWidth: 2.4 } : {} };
      }),
      lineStyle: { width: 1.6, type: "dotted", color: paper("muted") },
      itemStyle: { color: colour("mass"), borderColor: paper("surface"), borderWidth: 1.2 },
      label: {
        show: width > 420, position: "right", distance: 6,
        formatter: function (p) { return String(p.value[2]); },
        color: paper("ink"), fontFamily: FONT, fontSize: 12.5,
        textBorderColor: paper("surface"), textBorderWidth: 3
      }
    }]
  };
};
