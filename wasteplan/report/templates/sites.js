// Where samples build: a circle a site, as large as its share, filled if the plan builds there.
CHARTS.sites = function (data, width) {
  var spots = data.sites;
  var across = spots.map(function (s) { return s.lon; }), down = spots.map(function (s) { return s.lat; });
  function ends(of) {
    var low = Math.min.apply(null, of), high = Math.max.apply(null, of);
    return [low, high];
  }
  var x = ends(across), y = ends(down);
  var squeeze = Math.cos((y[0] + y[1]) / 2 * Math.PI / 180);
  var wide = Math.max((x[1] - x[0]) * squeeze, 0.02), tall = Math.max(y[1] - y[0], 0.02);
  var room = Math.max(wide / Math.max(width - 120, 200), tall / 280) * 1.35;
  function axis(of, pixels, scale) {
    var middle = (of[0] + of[1]) / 2, half = room * pixels / 2 / scale;
    return {
      type: "value", min: middle - half, max: middle + half, splitLine: { show: false },
      axisLabel: { show: false }, axisTick: { show: false },
      axisLine: { lineStyle: { color: paper("line") } }
    };
  }
  function part(name, isBuilt) {
    return {
      name: name, type: "scatter", symbol: "circle",
      itemStyle: {
        color: isBuilt ? colour("heat") : paper("surface"),
        borderColor: isBuilt ? paper("surface") : colour("status_quo"),
        borderWidth: isBuilt ? 1.2 : 2, opacity: 0.92
      },
      label: {
        show: true, position: "bottom", distance: 5, fontFamily: FONT, fontSize: 12,
        color: paper("ink"), textBorderColor: paper("surface"), textBorderWidth: 3,
        formatter: function (p) { return wrapped(p.data.title, 22) + "\n" + p.data.said; }
      },
      labelLayout: { hideOverlap: true },
      data: spots.filter(function (s) { return s.built === isBuilt; }).map(function (s) {
        return {
          value: [s.lon, s.lat], title: s.site, said: s.said, plants: s.plants,
          symbolSize: 8 + 30 * Math.sqrt(s.share)
        };
      })
    };
  }
  var series = [part("Built by the robust plan", true), part("Not built by it", false)]
    .filter(function (s) { return s.data.length; });
  return {
    legend: legend({ data: series.map(function (s) { return s.name; }) }),
    grid: { top: 40, left: 10, right: 10, bottom: 20 },
    tooltip: tooltip({
      trigger: "item",
      formatter: function (p) {
        return heading(p.data.title) + p.data.plants.map(function (plant) {
          return row(plant[0], plant[1]);
        }).join("");
      }
    }),
    xAxis: axis(x, Math.max(width - 20, 200), squeeze),
    yAxis: axis(y, 300, 1),
    dataZoom: [{ type: "inside", xAxisIndex: 0 }, { type: "inside", yAxisIndex: 0 }],
    series: series
  };
};
