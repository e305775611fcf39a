// Numbers, text and the parts that every chart shares.
var FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif';

function isNumber(value) {
  return typeof value === "number" && isFinite(value);
}

function digits(value, decimals) {
  if (!isNumber(value)) { return "–"; }
  var size = Math.abs(value);
  var places = decimals;
  if (places === undefined) {
    places = size >= 100 || size === 0 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
  }
  var text = value.toLocaleString("en-US", {
    minimumFractionDigits: places, maximumFractionDigits: places
  });
  return text.replace(/^-/, "−");
}

function percent(share) {
  return isNumber(share) ? digits(100 * share, 1) + " %" : "–";
}

function short(value) {
  var size = Math.abs(value);
  if (size >= 1e6) { return digits(value / 1e6, size % 1e6 ? 1 : 0) + " M"; }
  if (size >= 1e4) { return digits(value / 1e3, 0) + " k"; }
  return digits(value, size >= 100 || value === Math.round(value) ? 0 : size >= 10 ? 1 : 2);
}

function quantity(value, unit) {
  return unit === "%" ? percent(value) : digits(value) + " " + unit;
}

function safe(text) {
  return String(text).replace(/[&<>"']/g, function (c) {
    return "&#" + c.charCodeAt(0) + ";";
  });
}

function swatch(hue) {
  return '<span style="display:inline-block;width:10px;height:10px;border-radius:2px;' +
    "margin-right:7px;background:" + hue + '"></span>';
}

function row(label, value, hue) {
  return '<div style="display:flex;justify-content:space-between;gap:22px"><span>' +
    (hue ? swatch(hue) : "") + safe(label) + "</span><b>" + safe(value) + "</b></div>";
}

function heading(text) {
  return '<div style="font-weight:650;margin-bottom:3px">' + safe(text) + "</div>";
}

function tooltip(extra) {
  return Object.assign({
    confine: true,
    backgroundColor: paper("surface"),
    borderColor: paper("line"),
    textStyle: { color: paper("ink"), fontFamily: FONT, fontSize: 13 },
    extraCssText: "max-width:380px;white-space:normal"
  }, extra);
}

function legend(extra, width) {
  return Object.assign({
    type: "plain", top: 0, left: 0, itemWidth: 14, itemHeight: 10, itemGap: 14,
    textStyle: Object.assign({ color: paper("ink"), fontFamily: FONT, fontSize: 13 },
      width ? { width: width - 44, overflow: "truncate" } : {}),
    inactiveColor: paper("line"),
    tooltip: { show: false }
  }, extra);
}

function categories(labels, extra) {
  return Object.assign({
    type: "category", data: labels,
    axisLine: { lineStyle: { color: paper("muted") } },
    axisTick: { show: false },
    axisLabel: { color: paper("ink"), fontFamily: FONT, fontSize: 13, hideOverlap: true }
  }, extra);
}

function values(unit, extra) {
  return Object.assign({
    type: "value",
    name: unit,
    nameTextStyle: { color: paper("muted"), fontFamily: FONT, fontSize: 12.5 },
    splitLine: { lineStyle: { color: paper("line") } },
    axisLabel: {
      color: paper("muted"), fontFamily: FONT, fontSize: 12.5,
      formatter: function (v) { return unit === "%" ? digits(100 * v, 0) : short(v); }
    }
  }, extra);
}

// A name in two lines: what it is, and below where it is.
function twoLines(names, wheres, width) {
  var room = Math.floor(width / 6.6);
  return {
    axisLabel: {
      color: paper("ink"), fontFamily: FONT, fontSize: 12.5,
      formatter: function (value, i) {
        return "{a|" + cut(names[i], room) + "}" + (wheres[i] ? "\n{b|" + cut(wheres[i], room) + "}" : "");
      },
      rich: {
        a: { color: paper("ink"), fontFamily: FONT, fontSize: 12.5, lineHeight: 15, align: "right" },
        b: { color: paper("muted"), fontFamily: FONT, fontSize: 11.5, lineHeight: 14, align: "right" }
      }
    }
  };
}

function longNames(width) {
  return { inverse: true, axisLabel: {
    color: paper("ink"), fontFamily: FONT, fontSize: 12.5, lineHeight: 15,
    formatter: function (name) { return wrapped(name, width < 600 ? 18 : 38); }
  } };
}

// Black or white, whichever is easier to read on a colour.
function inkOn(hue) {
  var parts = [1, 3, 5].map(function (i) { return parseInt(hue.slice(i, i + 2), 16); });
  return 0.299 * parts[0] + 0.587 * parts[1] + 0.114 * parts[2] > 140 ? "#101820" : "#ffffff";
}

// Braces would be read as rich text.
function cut(text, room) {
  var plain = String(text).replace(/[{}|]/g, " ");
  return plain.length > room ? plain.slice(0, room - 1) + "…" : plain;
}

function wrapped(text, width) {
  var lines = [""];
  String(text).split(" ").forEach(function (word) {
    var last = lines[lines.length - 1];
    if (last && (last + " " + word).length > width) { lines.push(word); }
    else { lines[lines.length - 1] = last ? last + " " + word : word; }
  });
  return lines.slice(0, 4).join("\n");
}

// The unit above the axis of numbers; an axis name of ECharts would be cut off there.
function unitAbove(unit, top) {
  return {
    text: unit, left: 4, top: top, padding: 0,
    textStyle: { color: paper("muted"), fontFamily: FONT, fontSize: 12.5, fontWeight: 400 }
  };
}

// How many rows a legend takes, so that it never covers the chart.
function legendRows(names, width) {
  var used = 0, rows = 1;
  names.forEach(function (name) {
    var size = 34 + 6.4 * name.length;
    if (used + size > width && used > 0) { rows += 1; used = 0; }
    used += size;
  });
  return rows;
}
