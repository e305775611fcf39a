// From the waste to where it ends.
CHARTS.sankey = function (data, width, period) {
  var diagram = data.by_period[period];
  var incoming = {}, outgoing = {};
  diagram.links.forEach(function (l) {
    outgoing[l[0]] = (outgoing[l[0]] || 0) + l[2];
    incoming[l[1]] = (incoming[l[1]] || 0) + l[2];
  });
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
      type: "sankey", left: 4, right: 190, top: 10, bottom: 14, nodeWidth: 14, nodeGap: 16,
      draggable: false, layoutIterations: 64, emphasis: { focus: "adjacency" },
      data: diagram.nodes.map(function (n, i) {
        return {
          id: String(i), name: n[0],
          itemStyle: { color: colour(n[1]), borderColor: paper("surface"), borderWidth: 0.5 }
        };
      }),
      links: diagram.links.map(function (l) {
        return { source: String(l[0]), target: String(l[1]), value: l[2] };
      }),
      lineStyle: { color: "gradient", opacity: theme.isDark ? 0.42 : 0.34, curveness: 0.5 },
      label: {
        color: paper("ink"), fontFamily: FONT, fontSize: 12.5, lineHeight: 16,
        textBorderColor: paper("surface"), textBorderWidth: 3,
        formatter: function (p) {
          return wrapped(p.name, 26) + "\n" + short(tonnes(p.dataIndex)) + " t/y";
        }
      }
    }]
  };
};
