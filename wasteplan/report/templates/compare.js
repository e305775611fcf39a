// Runs side by side: steps from one sum to another, small maps.
CHARTS.waterfall = function (data, width) {
  var at = data.start, spans = [[0, data.start]];
  data.steps.forEach(function (s) { spans.push([at, at + s[1]]); at += s[1]; });
  spans.push([0, at]);
  var labels = [data.from].concat(data.steps.map(function (s) { return s[0]; }), [data.to]);
  function hue(i) {
    if (i === 0 || i === spans.length - 1) { return colour("status_quo"); }
    return colour(spans[i][1] > spans[i][0] ? "loss" : "gain");
  }
  function bar(params, api) {
    var i = params.dataIndex, a = api.coord([spans[i][0], i]), b = api.coord([spans[i][1], i]);
    var height = Math.min(20, api.size([0, 1])[1] * 0.66), isLeft = b[0] < a[0];
    return { type: "group", children: [
      { type: "rect", style: { fill: hue(i) }, shape: {
        x: Math.min(a[0], b[0]), y: a[1] - height / 2, width: Math.max(1, Math.abs(b[0] - a[0])), height: height
      } },
      { type: "text", style: {
        text: short(api.value(2)), x: b[0] + (isLeft ? -5 : 5), y: a[1], verticalAlign: "middle",
        align: isLeft ? "right" : "left", fill: paper("ink"), font: "12px " + FONT
      } }
    ] };
  }
  var every = [].concat.apply([], spans), low = Math.min.apply(null, every), high = Math.max.apply(null, every);
  var room = 0.14 * (high - low || 1);
  return {
    grid: { top: 8, left: 8, right: 16, bottom: 32, containLabel: true },
    tooltip: tooltip({ trigger: "item", formatter: function (p) {
      return heading(labels[p.dataIndex]) + row(p.dataIndex % (spans.length - 1) ? "Change" : "Sum", quantity(p.value[2], data.unit));
    } }),
    xAxis: values(data.unit, { nameLocation: "middle", nameGap: 26, min: low < 0 ? low - room : 0, max: high + room,
      axisLabel: { color: paper("muted"), fontFamily: FONT, fontSize: 12.5, showMaxLabel: false, showMinLabel: low >= 0, formatter: short } }),
    yAxis: categories(labels, Object.assign({ inverse: true }, longNames(width))),
    series: [{
      type: "custom", renderItem: bar, encode: { x: [0, 1], y: 3 },
      data: spans.map(function (s, i) { return [s[0], s[1], i === 0 || i === spans.length - 1 ? s[1] : s[1] - s[0], i]; })
    }]
  };
};

CHARTS.maps = function (data, width, period, height) {
  var n = data.runs.length, columns = Math.max(1, Math.min(n, Math.floor(width / 250)));
  var rows = Math.ceil(n / columns), gap = 10, head = 24;
  var top = 10 + 24 * legendRows(data.kinds.map(function (k) { return k[1]; }), width);
  var w = (width - gap * (columns + 1)) / columns, h = (height - top) / rows - head - gap;
  var box = data.box, tall = (box[3] - box[1]) / ((box[2] - box[0]) * Math.cos((box[1] + box[3]) * Math.PI / 360));
  if (h / w > tall) { h = w * tall; } else { w = h / tall; }
  var grids = [], xs = [], ys = [], titles = [], series = [];
  data.runs.forEach(function (run, i) {
    var left = gap + (i % columns) * (w + gap), up = top + head + Math.floor(i / columns) * (h + head + gap);
    grids.push({ left: left, top: up, width: w, height: h, show: true, borderColor: paper("line"), backgroundColor: paper("surface") });
    xs.push({ gridIndex: i, show: false, min: box[0], max: box[2] });
    ys.push({ gridIndex: i, show: false, min: box[1], max: box[3] });
    titles.push({ text: safe(run.name), left: left, top: up - head, textStyle: { fontSize: 13, fontFamily: FONT, color: paper("ink"), width: w, overflow: "truncate" } });
    data.kinds.forEach(function (kind) {
      series.push({
        name: kind[1], type: "scatter", xAxisIndex: i, yAxisIndex: i, symbol: kind[0] === "generator" ? "circle" : "roundRect",
        itemStyle: { color: colour(kind[0]), opacity: kind[0] === "generator" ? 0.35 : 0.95, borderColor: paper("surface"), borderWidth: 1 },
        data: run.places.filter(function (p) { return p[1] === kind[0]; }).map(function (p) {
          return { value: [p[2], p[3], p[4], p[0]], symbolSize: (kind[0] === "generator" ? 2 : 6) + 15 * Math.sqrt(p[4] / data.most) };
        })
      });
    });
  });
  return {
    grid: grids, xAxis: xs, yAxis: ys, title: titles, series: series,
    legend: legend({ data: data.kinds.map(function (k) { return k[1]; }), top: 0 }),
    tooltip: tooltip({ trigger: "item", formatter: function (p) {
      return heading(p.value[3]) + row(p.seriesName, quantity(p.value[2], "t/y"));
    } })
  };
};
