// One simulated run: days, and what the lines did.

// Stock, wait at the gates and tonnes turned away above one another, with one axis of days.
CHARTS.days = function (data, width, period, height) {
  var now = data.by_period[period];
  var panels = [
    { series: now.series, unit: data.unit, title: "Stock [" + data.unit + "]", share: 2 },
    { series: now.waits || [], unit: "min", title: "Mean wait at the gate [min]", share: 1 },
    { series: now.away || [], unit: "t/d", title: "Turned away [t/d]", share: 1, bars: true }
  ].filter(function (p) { return p.series.length; });
  var names = [];
  panels.forEach(function (p) {
    p.series.forEach(function (s) { if (names.indexOf(s.name) < 0) { names.push(s.name); } });
  });
  var top = 14 + 24 * legendRows(names, width), bottom = 40, gap = 44;
  var room = height - top - bottom - gap * panels.length;
  var shares = panels.reduce(function (sum, p) { return sum + p.share; }, 0);
  var grids = [], titles = [], xs = [], ys = [], series = [], at = top, hues = {};
  names.forEach(function (name, i) { hues[name] = i; });
  panels.forEach(function (p, n) {
    var size = Math.max(50, room * p.share / shares), last = n === panels.length - 1;
    titles.push(unitAbove(p.title, at + 6));
    grids.push({ top: at + 30, height: size, left: 56, right: 20 });
    xs.push(values("", {
      gridIndex: n, min: now.first, max: now.last, splitLine: { show: false },
      name: last ? "day of the year" : "", nameLocation: "middle", nameGap: 24,
      axisLabel: { show: last, color: paper("muted"), fontFamily: FONT, fontSize: 12.5 }
    }));
    ys.push(values(p.unit, { gridIndex: n, name: "", min: 0, splitNumber: p.share > 1 ? 5 : 3 }));
    p.series.forEach(function (s) {
      var hue = p.bars ? colour(s.key) : colour("", hues[s.name]);
      series.push({
        name: s.name, type: p.bars ? "bar" : "line", showSymbol: false, color: hue,
        xAxisIndex: n, yAxisIndex: n, emphasis: { focus: "series" },
        stack: p.bars ? "away" : undefined, barWidth: p.bars ? Math.max(1, (width - 80) / 400) : undefined,
        itemStyle: { color: hue },
        lineStyle: { width: 1.5, type: hues[s.name] < 4 ? "solid" : "dashed" },
        data: s.values.map(function (v, d) { return [now.first + d, v]; })
      });
      series[series.length - 1].unit = p.unit;
    });
    at += 30 + size + gap - 30;
  });
  return {
    legend: legend({ data: names }, width < 600 ? width : 0),
    title: titles, grid: grids, xAxis: xs, yAxis: ys, series: series,
    axisPointer: { link: [{ xAxisIndex: "all" }] },
    tooltip: tooltip({
      trigger: "axis",
      formatter: function (found) {
        return heading("Day " + found[0].value[0]) + found.map(function (p) {
          return row(p.seriesName, digits(p.value[1], 0) + " " + series[p.seriesIndex].unit, p.color);
        }).join("");
      }
    })
  };
};

// Lines over the days of the year; what is not drawn over is work.
CHARTS.gantt = function (data, width, period) {
  var now = data.by_period[period], rows = now.rows, names = {};
  data.states.forEach(function (s) { names[s[0]] = s[1]; });
  function box(api, hue) {
    var start = api.coord([api.value(1), api.value(0)]), stop = api.coord([api.value(2), api.value(0)]);
    var high = Math.min(18, api.size([0, 1])[1] * 0.62);
    return { type: "rect", style: { fill: hue }, shape: {
      x: start[0], y: start[1] - high / 2, width: Math.max(1.2, stop[0] - start[0]), height: high
    } };
  }
  function layer(state, bars, z) {
    var hue = colour(state);
    return {
      name: names[state], type: "custom", clip: true, encode: { x: [1, 2], y: 0 }, z: z,
      itemStyle: { color: hue }, data: bars,
      renderItem: function (params, api) { return box(api, hue); }
    };
  }
  function of(state) {
    return now.bars.filter(function (b) { return b[1] === state; })
      .map(function (b) { return [b[0], b[2], b[3], state]; });
  }
  var series = [layer("running", rows.map(function (r, i) { return [i, 0, now.last, "running"]; }), 2)];
  ["starved", "planned", "forced"].forEach(function (state, i) { series.push(layer(state, of(state), 3 + i)); });
  var keys = data.states.map(function (s) { return s[1]; });
  var top = 12 + 24 * legendRows(keys, width);
  return {
    legend: legend({ data: keys }, width < 600 ? width : 0),
    grid: { top: top, left: 8, right: 20, bottom: 32, containLabel: true },
    tooltip: tooltip({ trigger: "item", formatter: function (p) {
      var v = p.value;
      return heading(rows[v[0]]) + (v[3] === "running" ? row(names.running, "") :
        row(names[v[3]], digits(24 * (v[2] - v[1]), 0) + " h", p.color) + row("From day", digits(v[1] + 1, 1)));
    } }),
    xAxis: values("", {
      min: 0, max: now.last, name: "day of the year", nameLocation: "middle", nameGap: 24, splitLine: { show: false }
    }),
    yAxis: categories(rows.map(function (r, i) { return String(i); }), {
      inverse: true, axisTick: { show: false },
      axisLabel: { color: paper("ink"), fontFamily: FONT, fontSize: 12.5, lineHeight: 14,
        formatter: function (v, i) { return wrapped(rows[i], width < 600 ? 20 : 40); } }
    }),
    series: series
  };
};
