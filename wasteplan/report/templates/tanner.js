// Tanner diagram: water, ash and combustible matter, and the window that burns by itself.
CHARTS.tanner = function (data) {
  // The corners of the triangle: water left, ash right, combustible matter on top.
  function place(water, ash) { return [ash + (1 - water - ash) / 2, (1 - water - ash) * 0.866]; }
  var w = data.moisture_max, a = data.ash_max, b = data.burns_min;
  // Corners of the window, counter-clockwise in (water, ash).
  var corners = [[0, 0], [w, 0], [w, 1 - b - w], [1 - b - a, a], [0, a]];
  function outline(points) {
    return function (params, api) {
      return {
        type: "polygon",
        shape: { points: points.map(function (p) { return api.coord(place(p[0], p[1])); }) },
        style: api.style()
      };
    };
  }
  function group(isBlend) {
    return data.points.filter(function (p) { return p.is_blend === isBlend; })
      .map(function (p) {
        return { name: p.name, value: place(p.moisture, p.ash), of: p };
      });
  }
  function dots(name, isBlend, symbol, hue) {
    return {
      name: name, type: "scatter", symbol: symbol, symbolSize: isBlend ? 15 : 12, z: 5,
      data: group(isBlend), itemStyle: { color: hue, borderColor: paper("ink"), borderWidth: 1.2 },
      label: {
        show: !isBlend, position: "right", distance: 10, color: paper("ink"), fontFamily: FONT,
        fontSize: 12, textBorderColor: paper("surface"), textBorderWidth: 3,
        formatter: function (p) { return p.name; }
      },
      labelLayout: { moveOverlap: "shiftY" }
    };
  }
  function corner(text, water, ash, position) {
    return { value: place(water, ash), label: { show: true, formatter: text, position: position } };
  }
  var names = ["Streams"], blends = group(true).length > 0;
  if (blends) { names.push("Blends of burners"); }
  return {
    legend: legend({ data: names }),
    grid: { top: 44, left: 40, right: 40, bottom: 34 },
    tooltip: tooltip({ trigger: "item", formatter: function (p) {
      if (!p.data || !p.data.of) { return ""; }
      return heading(p.name) + row("Water", percent(p.data.of.moisture)) +
        row("Ash", percent(p.data.of.ash)) + row("Combustible", percent(p.data.of.combustible));
    } }),
    xAxis: { type: "value", min: 0, max: 1, show: false },
    yAxis: { type: "value", min: 0, max: 0.866, show: false },
    series: [
      { type: "custom", silent: true, z: 1, data: [0], renderItem: outline([[1, 0], [0, 1], [0, 0]]),
        itemStyle: { color: "transparent", borderColor: paper("muted"), borderWidth: 1.4 } },
      { type: "custom", silent: true, z: 2, data: [0], renderItem: outline(corners),
        itemStyle: { color: colour("combustion"), opacity: 0.18, borderColor: colour("combustion"), borderWidth: 1.4 } },
      { type: "scatter", silent: true, symbolSize: 1, z: 3, itemStyle: { color: "transparent" },
        label: { color: paper("muted"), fontFamily: FONT, fontSize: 12.5, fontWeight: 600 },
        data: [corner("water", 1, 0, "bottom"), corner("ash", 0, 1, "bottom"),
          corner("combustible", 0, 0, "top")] },
      dots("Streams", false, "circle", colour("sorting"))
    ].concat(blends ? [dots("Blends of burners", true, "diamond", paper("surface"))] : [])
  };
};
