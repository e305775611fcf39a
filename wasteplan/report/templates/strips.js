// One strip a driver, from its lowest to its highest level; letters are sets of plants.
CHARTS.strips = function (data, width) {
  function levelText(row, v) { return (row.is_level ? "" : "\u00d7 ") + String(Number(v.toPrecision(3))); }
  var spans = [], marks = [];
  data.rows.forEach(function (row, i) {
    var wide = row.high - row.low || 1;
    function share(v) { return (v - row.low) / wide; }
    var room = 46 / Math.max(width - 20, 1), last = 0;
    row.spans.forEach(function (s) { // a label where it hides none before it
      var at = share(s[0]), isShown = at - last > room && at < 1 - room;
      if (isShown) { last = at; }
      spans.push([at, share(s[1]), i, s[3], s[2], s[0], s[1], isShown]);
    });
    if (isNumber(row.now) && row.now >= row.low && row.now <= row.high) { marks.push([share(row.now), i, row.now]); }
  });
  function text(words, x, y, extra) {
    return { type: "text", style: Object.assign({
      text: words, x: x, y: y, align: "center", verticalAlign: "middle", fill: paper("ink"), font: "12px " + FONT
    }, extra) };
  }
  function strip(params, api) {
    var s = spans[params.dataIndex], row = data.rows[s[2]];
    var a = api.coord([s[0], s[2]]), b = api.coord([s[1], s[2]]), high = 24, y = a[1] + 8;
    var hue = colour("", s[3]), size = b[0] - a[0];
    var children = [
      { type: "rect", shape: { x: a[0], y: y - high / 2, width: Math.max(1, size), height: high },
        style: { fill: hue, stroke: paper("surface"), lineWidth: 1.5 } }
    ];
    if (size > 14) { children.push(text(s[4], a[0] + size / 2, y, { fill: inkOn(hue), font: "600 12.5px " + FONT })); }
    if (s[7]) { children.push(text(levelText(row, s[5]), a[0], y + high / 2 + 9, {})); }
    return { type: "group", children: children };
  }
  function mark(params, api) {
    var m = marks[params.dataIndex], at = api.coord([m[0], m[1]]), y = at[1] - 7;
    return { type: "group", children: [
      { type: "polygon", shape: { points: [[at[0] - 6, y - 7], [at[0] + 6, y - 7], [at[0], y + 2]] },
        style: { fill: paper("ink") } }
    ] };
  }
  function name(params, api) {
    var i = params.dataIndex, row = data.rows[i], a = api.coord([0, i]), b = api.coord([1, i]);
    return { type: "group", silent: true, children: [
      { type: "rect", shape: { x: a[0], y: a[1] - 4, width: b[0] - a[0], height: 24 },
        style: { fill: paper("line"), opacity: 0.5 } },
      text(cut(row.name, Math.floor((b[0] - a[0]) / 7.8)), a[0], a[1] - 24, { align: "left", font: "600 13px " + FONT }),
      text(levelText(row, row.low), a[0], a[1] + 29, { align: "left", fill: paper("muted") }),
      text(levelText(row, row.high), b[0], a[1] + 29, { align: "right", fill: paper("muted") })
    ] };
  }
  return {
    grid: { top: 10, left: 8, right: 12, bottom: 6 },
    tooltip: tooltip({ trigger: "item", formatter: function (p) {
      var row = data.rows[p.value[1]];
      if (p.seriesIndex === 2) { return heading(row.name) + safe("as it stands: " + levelText(row, p.value[2])); }
      var s = spans[p.dataIndex];
      row = data.rows[s[2]];
      return heading(row.name) + safe(s[4] + ": from " + levelText(row, s[5]) + " to " + levelText(row, s[6]));
    } }),
    xAxis: { type: "value", min: 0, max: 1, show: false },
    yAxis: { type: "category", data: data.rows.map(function (r, i) { return String(i); }), inverse: true, show: false },
    series: [
      { type: "custom", renderItem: name, z: 1, silent: true, data: data.rows.map(function (r, i) { return [0, i]; }) },
      { type: "custom", renderItem: strip, z: 2, data: spans.map(function (s) { return [s[0], s[2], s[1]]; }) },
      { type: "custom", renderItem: mark, z: 3, data: marks }
    ]
  };
};
