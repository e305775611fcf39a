// From the waste to where it ends.

// The number of links on the longest way through the diagram.
function deepest(diagram) {
  var depth = diagram.nodes.map(function () { return 0; });
  for (var round = 0; round < diagram.nodes.length; round += 1) {
    var moved = false;
    diagram.links.forEach(function (l) {
      if (depth[l[1]] < depth[l[0]] + 1) { depth[l[1]] = depth[l[0]] + 1; moved = true; }
    });
    if (!moved) { break; }
  }
  return Math.max.apply(null, depth);
}

CHARTS.sankey = function (data, width, period, height) {
  var diagram = data.by_period[period];
  var incoming = {}, outgoing = {};
  diagram.links.forEach(function (l) {
    outgoing[l[0]] = (outgoing[l[0]] || 0) + l[2];
    incoming[l[1]] = (incoming[l[1]] || 0) + l[2];
  });
  var total = diagram.nodes.reduce(function (sum, n, i) {
    return sum + (incoming[i] ? 0 : outgoing[i] || 0);
  }, 0);
  var columns = 1 + deepest(diagram);
  var column = (width - 250) / Math.max(1, columns - 1);
  function isEnd(i) { return !outgoing[i]; }
  function tonnes(i) { return Math.max(incoming[i] || 0, outgoing[i] || 0); }
  return {
    tooltip: tooltip({
      trigger: "item",
      formatter: function (p) {
        if (p.dataType === "edge") {
          var link = diagram.links[p.dataIndex];
          return heading(diagram.nodes[link[0]][0] + " → " + diagram.nodes[link[1]][0]) +
            row("Tonnes", digits(link[2], 0) + " " + data.unit);
        }
        return heading(p.name) + row("Tonnes", digits(tonnes(p.dataIndex), 0) + " " + data.unit);
      }
    }),
    series: [{
      type: "sankey", left: 4, right: 246, top: 10, bottom: 14, nodeWidth: 14, nodeGap: 22,
      draggable: false, layoutIterations: 64, emphasis: { focus: "adjacency" },
      data: diagram.nodes.map(function (n, i) {
        return {
          id: String(i), name: n[0], label: isEnd(i) ? { width: 232 } : {},
          itemStyle: { color: colour(n[1]), borderColor: paper("surface"), borderWidth: 0.5 }
        };
      }),
      links: diagram.links.map(function (l) {
        return { source: String(l[0]), target: String(l[1]), value: l[2] };
      }),
      labelLayout: { hideOverlap: true },
      lineStyle: { color: theme.isPaper ? "source" : "gradient", opacity: theme.isDark ? 0.42 : 0.34, curveness: 0.5 },
      label: {
        color: paper("ink"), fontFamily: FONT, fontSize: 12.5, lineHeight: 16,
        textBorderColor: paper("surface"), textBorderWidth: 3,
        formatter: function (p) {
          var t = tonnes(p.dataIndex), flat = height * t / total < 30;
          var room = Math.floor((isEnd(p.dataIndex) ? 232 : column - 22) / 6.7);
          var said = digits(t, 0) + " t/y";
          if (flat) { return cut(p.name, Math.max(20, room - said.length)) + "  " + said; }
          return wrapped(p.name, Math.max(12, room)) + "\n" + said;
        }
      }
    }]
  };
};
