// Who produces waste, where it goes, and how much travels where.
var MAP_NAME = "background";

function outline(data) {
  var b = data.views[0][1];
  var box = [[[b[0], b[1]], [b[2], b[1]], [b[2], b[3]], [b[0], b[3]], [b[0], b[1]]]];
  var areas = data.background && data.background.areas.length ? data.background.areas : null;
  return {
    type: "FeatureCollection",
    features: (areas || [["", [box]]]).map(function (a, i) {
      return {
        type: "Feature", properties: { name: "area " + i },
        geometry: { type: "MultiPolygon", coordinates: a[1] }
      };
    })
  };
}

function mapSize(b, width, height) {
  var squeeze = Math.cos((b[1] + b[3]) / 2 * Math.PI / 180);
  var aspect = (b[2] - b[0]) * squeeze / (b[3] - b[1]);
  var size = aspect > 1 ? Math.min(width, height * aspect) : Math.min(height, width / aspect);
  return { squeeze: squeeze, size: 0.96 * size };
}

function spot(place) { return place[2].toFixed(3) + "," + place[3].toFixed(3); }

// Of all facilities on one spot the busiest carries the name of the site.
function speakers(places, now, shown) {
  var found = {};
  shown.forEach(function (i) {
    if (places[i][1] === "generator") { return; }
    var key = spot(places[i]), other = found[key];
    if (other === undefined || now.tonnes[i][0] > now.tonnes[other][0]) { found[key] = i; }
  });
  return found;
}

// Several places on one spot stand side by side.
function sideBySide(places, shown) {
  var groups = {}, shift = {};
  shown.forEach(function (i) {
    var key = spot(places[i]);
    (groups[key] = groups[key] || []).push(i);
  });
  Object.keys(groups).forEach(function (key) {
    groups[key].forEach(function (i, n) {
      shift[i] = [(n - (groups[key].length - 1) / 2) * 17, 0];
    });
  });
  return shift;
}

function placeSeries(data, now, isClose) {
  var places = data.places, kinds = Object.keys(data.kind_names);
  var most = { true: 0, false: 0 };
  Object.keys(data.by_period).forEach(function (p) {
    data.by_period[p].tonnes.forEach(function (t, i) {
      var g = places[i][1] === "generator";
      most[g] = Math.max(most[g], t[0]);
    });
  });
  var shown = places.map(function (_, i) { return i; }).filter(function (i) {
    return now.tonnes[i][0] > 0;
  });
  var speaker = speakers(places, now, shown);
  var shift = sideBySide(places, shown.filter(function (i) { return places[i][1] !== "generator"; }));
  return kinds.map(function (kind) {
    var isGenerator = kind === "generator";
    var members = shown.filter(function (i) { return places[i][1] === kind; });
    return {
      name: data.kind_names[kind], type: "scatter", coordinateSystem: "geo",
      symbol: isGenerator ? "circle" : "roundRect", z: isGenerator ? 4 : 6,
      itemStyle: {
        color: colour(kind), opacity: isGenerator ? 0.78 : 0.95,
        borderColor: paper("surface"), borderWidth: 1.2
      },
      emphasis: { scale: 1.15 },
      label: {
        show: !isGenerator || isClose, position: "bottom", distance: 4, fontSize: isGenerator ? 11 : 12,
        fontFamily: FONT, color: paper(isGenerator ? "muted" : "ink"), textBorderColor: paper("surface"), textBorderWidth: 3,
        lineHeight: 14, formatter: function (p) { return p.data.says ? wrapped(p.data.says, 24) : ""; }
      },
      labelLayout: { hideOverlap: true },
      data: members.map(function (i) {
        var share = Math.sqrt(now.tonnes[i][0] / (most[isGenerator] || 1));
        return {
          title: places[i][0], index: i, value: [places[i][2], places[i][3]],
          says: isGenerator || speaker[spot(places[i])] === i ? places[i][4] : "",
          symbolSize: isGenerator ? 4 + 20 * share : 9 + 17 * share,
          symbolOffset: shift[i] || [0, 0]
        };
      })
    };
  }).filter(function (s) { return s.data.length; });
}

// A bent line as wide as its tonnes, with a head halfway that says which way.
function arc(hue) {
  return function (params, api) {
    var a = api.coord([api.value(0), api.value(1)]);
    var b = api.coord([api.value(2), api.value(3)]);
    var wide = api.value(4), dx = b[0] - a[0], dy = b[1] - a[1];
    var length = Math.sqrt(dx * dx + dy * dy) || 1;
    var bend = [(a[0] + b[0]) / 2 + 0.16 * dy, (a[1] + b[1]) / 2 - 0.16 * dx];
    var middle = [(a[0] + b[0]) / 4 + bend[0] / 2, (a[1] + b[1]) / 4 + bend[1] / 2];
    var ux = dx / length, uy = dy / length, size = 2.6 + 0.6 * wide;
    var children = [{
      type: "bezierCurve",
      shape: { x1: a[0], y1: a[1], x2: b[0], y2: b[1], cpx1: bend[0], cpy1: bend[1] },
      style: { stroke: hue, fill: null, lineWidth: wide, opacity: 0.62, lineCap: "round" }
    }];
    if (length > 6 * size) {
      children.push({
        type: "polygon",
        shape: { points: [
          [middle[0] + 1.5 * size * ux, middle[1] + 1.5 * size * uy],
          [middle[0] - size * ux - size * uy, middle[1] - size * uy + size * ux],
          [middle[0] - size * ux + size * uy, middle[1] - size * uy - size * ux]
        ] },
        style: { fill: hue, opacity: 0.95 }
      });
    }
    return { type: "group", children: children };
  };
}

function flowSeries(data, now) {
  var most = 0;
  Object.keys(data.by_period).forEach(function (p) {
    data.by_period[p].lines.forEach(function (l) { most = Math.max(most, l[3]); });
  });
  function series(name, isRaw, hue) {
    return {
      name: name, type: "custom", coordinateSystem: "geo", z: isRaw ? 2 : 3,
      itemStyle: { color: hue }, renderItem: arc(hue),
      data: now.lines.filter(function (l) { return !!l[2] === isRaw; }).map(function (l) {
        var from = data.places[l[0]], to = data.places[l[1]];
        return {
          value: [from[2], from[3], to[2], to[3], 0.7 + 7 * l[3] / most],
          title: from[0] + " → " + to[0], tonnes: l[3]
        };
      })
    };
  }
  return [
    series("Untreated waste", true, colour("raw_flow")),
    series("Products and residues", false, colour("product_flow"))
  ].filter(function (s) { return s.data.length; });
}

function lineWork(name, lines, hue, width) {
  return {
    name: name, type: "lines", coordinateSystem: "geo", polyline: true, silent: true, z: 1,
    lineStyle: { color: hue, width: width, opacity: 0.9 },
    data: lines.map(function (l) { return { coords: l }; })
  };
}

CHARTS.map = function (data, width, period, height, view) {
  var now = data.by_period[period];
  var b = data.views[view || 0][1];
  var fit = mapSize(b, width, height - 16);
  echarts.registerMap(MAP_NAME, outline(data));
  var hasAreas = data.background && data.background.areas.length;
  var series = flowSeries(data, now).concat(placeSeries(data, now, view > 0));
  var named = series.map(function (s) { return s.name; });
  if (data.roads.length) {
    var roads = data.roads.map(function (r) { return [[r[0], r[1]], [r[2], r[3]]]; });
    series.unshift(lineWork("Roads", roads, theme.isDark ? "#465564" : "#c3ccd5", 1.4));
    named.push("Roads");
  }
  if (data.background && data.background.lines.length) {
    series.unshift(lineWork("Lines", data.background.lines, theme.isDark ? "#2f4f63" : "#bcd7e8", 1));
  }
  return {
    legend: { show: false, data: named },
    tooltip: tooltip({
      trigger: "item",
      formatter: function (p) {
        if (p.seriesType === "lines") { return heading(p.seriesName); }
        if (p.seriesType === "custom") {
          return heading(p.data.title) + row(p.seriesName, digits(p.data.tonnes, 0) + " t/y", p.color);
        }
        var i = p.data.index, t = now.tonnes[i], isGenerator = data.places[i][1] === "generator";
        var text = heading(p.data.title) +
          row(isGenerator ? "Generates" : "Receives", digits(t[0], 0) + " t/y", p.color);
        return isGenerator && t[1] > 0
          ? text + row("of which leaks", digits(t[1], 0) + " t/y", colour("leakage")) : text;
      }
    }),
    geo: {
      map: MAP_NAME, roam: true, silent: true, aspectScale: fit.squeeze,
      boundingCoords: [[b[0], b[3]], [b[2], b[1]]],
      layoutCenter: ["50%", "50%"], layoutSize: fit.size, scaleLimit: { min: 0.7, max: 80 },
      itemStyle: {
        areaColor: hasAreas ? (theme.isDark ? "#1d2a34" : "#f1f4ee") : "transparent",
        borderColor: hasAreas ? (theme.isDark ? "#4a5b68" : "#b9c2b4") : "transparent",
        borderWidth: 1
      },
      label: { show: false }
    },
    series: series
  };
};
