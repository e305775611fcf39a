// The searchable list of every number.
var PAGE_ROWS = 60;

function element(tag, properties, children) {
  var node = Object.assign(document.createElement(tag), properties || {});
  (children || []).forEach(function (child) { node.append(child); });
  return node;
}

function chooser(label, words) {
  var select = element("select", {}, [element("option", { value: "", textContent: "all" })]);
  words.forEach(function (w) {
    select.append(element("option", { value: w, textContent: w }));
  });
  return { select: select, label: element("label", {}, [label, select]) };
}

function sourceCell(text) {
  var clamped = element("span", { className: "clamped", textContent: text, title: text });
  return element("td", { className: "source" }, [clamped]);
}

function distinct(codes, words) {
  var seen = {};
  return codes.filter(function (c) { return !seen[c] && (seen[c] = true); })
    .map(function (c) { return words[c]; });
}

function inventoryTable(data, box) {
  var words = data.words, rows = data.rows, n = rows.value.length;
  var filled = {};
  rows.filled.forEach(function (i) { filled[i] = true; });
  var texts = rows.row.map(function (code, i) {
    return [words[rows.table[i]], words[code], words[rows.column[i]], words[rows.source[i]],
      data.sources[words[rows.source[i]]] || ""].join(" ").toLowerCase();
  });
  var search = element("input", { type: "search", placeholder: "site, column, source …" });
  var tables = chooser("Table", distinct(rows.table, words));
  var statuses = chooser("Status", distinct(rows.status, words));
  statuses.select.append(element("option", { value: "weak", textContent: "memory or assumption" }));
  var count = element("p", { className: "count" });
  count.setAttribute("aria-live", "polite");
  var body = element("tbody");
  var more = element("button", { type: "button", textContent: "Show more" });
  var limit = PAGE_ROWS;

  function matches(i) {
    var status = words[rows.status[i]], wanted = statuses.select.value;
    if (tables.select.value && words[rows.table[i]] !== tables.select.value) { return false; }
    if (wanted === "weak" && data.weak.indexOf(status) < 0) { return false; }
    if (wanted && wanted !== "weak" && status !== wanted) { return false; }
    var asked = search.value.trim().toLowerCase();
    return !asked || asked.split(/\s+/).every(function (w) { return texts[i].indexOf(w) >= 0; });
  }

  function line(i) {
    var status = words[rows.status[i]], isWeak = data.weak.indexOf(status) >= 0;
    var source = words[rows.source[i]];
    var range = rows.range[i];
    var badge = element("span", { className: "badge" + (isWeak ? " weak" : ""), textContent: status });
    var cells = [
      element("th", { scope: "row", textContent: words[rows.row[i]] }),
      element("td", { textContent: words[rows.column[i]] }),
      element("td", { className: "number", textContent: plainNumber(rows.value[i]) }),
      element("td", { textContent: words[rows.unit[i]] }),
      element("td", { className: "number", textContent: range ? plainNumber(range[0]) + " to " + plainNumber(range[1]) : "" }),
      element("td", {}, [badge]),
      sourceCell((filled[i] ? "Catalogue: " : "") + (data.sources[source] || source))
    ];
    return element("tr", {}, cells);
  }

  function draw() {
    var found = 0, last = null;
    body.textContent = "";
    for (var i = 0; i < n; i += 1) {
      if (!matches(i)) { continue; }
      found += 1;
      if (found > limit) { continue; }
      if (rows.table[i] !== last) {
        last = rows.table[i];
        body.append(element("tr", { className: "group" }, [
          element("th", { colSpan: 7, scope: "colgroup", textContent: words[last] })
        ]));
      }
      body.append(line(i));
    }
    count.textContent = digits(found, 0) + " of " + digits(n, 0) + " numbers" +
      (data.total > n ? "; " + digits(data.total - n, 0) + " more of the large tables are in results.xlsx" : "");
    more.hidden = found <= limit;
  }

  function restart() { limit = PAGE_ROWS; draw(); }
  [search, tables.select, statuses.select].forEach(function (c) { c.addEventListener("input", restart); });
  more.addEventListener("click", function () { limit += PAGE_ROWS; draw(); });
  var heads = ["Row", "Column", "Value", "Unit", "Range", "Status", "Source"];
  var head = element("tr", {}, heads.map(function (t, i) {
    return element("th", { scope: "col", textContent: t, className: i === 2 || i === 4 ? "number" : "" });
  }));
  var form = element("form", {}, [element("label", {}, ["Search", search]), tables.label, statuses.label]);
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  box.append(element("h3", { textContent: "Every number, its source and status" }), form, count,
    element("div", { className: "table-box" }, [
      element("table", {}, [element("thead", {}, [head]), body])
    ]), more);
  draw();
}

function plainNumber(value) {
  if (!isNumber(value)) { return "–"; }
  return value.toLocaleString("en-US", { maximumSignificantDigits: 6, useGrouping: Math.abs(value) >= 1e4 })
    .replace(/^-/, "−");
}
