// Efficient plans as points; numbers lead to the rows of the table.
CHARTS.front = function (data, width) {
  var sorted = data.points.slice().sort(function (a, b) { return a[0] - b[0]; });
  function axis(of, isAcross) {
    return values(of.unit, {
      name: of.name + " [" + of.unit + "]", nameLocation: "middle",
      nameGap: isAcross ? 30 : 52, scale: true
    });
  }
  return {
    grid: { top: 16, left: 26, right: 30, bottom: 36, containLabel: true },
    tooltip: tooltip({
      trigger: "item",
      formatter: function (p) {
        return heading("Point " + p.value[2]) + row(data.y.name, quantity(p.value[1], data.y.unit)) +
          row(data.x.name, quantity(p.value[0], data.x.unit)) +
          '<div style="margin-top:4px">' + safe(p.value[3]) + "</div>";
      }
    }),
    xAxis: axis(data.x, true),
    yAxis: axis(data.y, false),
    series: [{
      type: data.is_line ? "line" : "scatter", data: sorted, symbol: "circle", symbolSize: 13,
      lineStyle: { width: 1.6, type: "dotted", color: paper("muted") },
      itemStyle: { color: colour("mass"), borderColor: paper("surface"), borderWidth: 1.2 },
      label: {
        show: width > 420, position: "right", distance: 6,
        formatter: function (p) { return String(p.value[2]); },
        color: paper("ink"), fontFamily: FONT, fontSize: 12.5
      }
    }]
  };
};
