// Reading the data, drawing the charts, reacting to the reader.
var report = JSON.parse(document.getElementById("report-data").textContent);
var drawn = [];
var PRINT_PX = 690, PRINT_BROAD_PX = 1000, PRINT_BROAD_HIGH_PX = 530; // A4 upright and across
// Everything but the tooltip: one that is open must not lose its element.
var REPLACED = ["series", "xAxis", "yAxis", "grid", "legend", "title", "geo", "parallel", "parallelAxis"];
var CANVAS_ABOVE = 1500; // marks; beyond, drawing as vectors becomes slow

function marks(chart) {
  return chart.kind === "map" ? chart.data.places.length + 2 * chart.data.roads.length : 0;
}

function draw(item, keepView) {
  var box = item.box;
  var make = CHARTS[item.chart.kind];
  if (!item.view) {
    item.view = echarts.init(box, null, {
      renderer: marks(item.chart) > CANVAS_ABOVE ? "canvas" : "svg"
    });
  }
  var option = make(item.chart.data, item.view.getWidth(), item.period, item.view.getHeight(), item.shown);
  option.animation = false;
  option.textStyle = { fontFamily: FONT };
  if (keepView && option.geo) {
    var geo = item.view.getOption().geo;
    if (geo && geo[0].center) { option.geo.center = geo[0].center; option.geo.zoom = geo[0].zoom; }
  }
  item.view.setOption(option, { replaceMerge: REPLACED });
  if (item.keys) { showKeys(item, option); }
}

// The legend of the map as buttons above it, so that it never covers the land.
function showKeys(item, option) {
  item.keys.textContent = "";
  option.series.forEach(function (s) {
    var hue = (s.itemStyle && s.itemStyle.color) || s.lineStyle.color;
    var mark = element("span", { className: "key-mark" + (s.type === "scatter" ? "" : " key-line") });
    mark.style.background = hue;
    if (s.symbol === "circle") { mark.style.borderRadius = "50%"; }
    var button = element("button", { type: "button", className: "key" }, [mark, s.name]);
    button.setAttribute("aria-pressed", String(!item.hidden[s.name]));
    button.addEventListener("click", function () {
      item.hidden[s.name] = !item.hidden[s.name];
      button.setAttribute("aria-pressed", String(!item.hidden[s.name]));
      item.view.dispatchAction({ type: "legendToggleSelect", name: s.name });
    });
    item.keys.append(button);
    if (item.hidden[s.name]) { item.view.dispatchAction({ type: "legendUnSelect", name: s.name }); }
  });
}

function chooseEverywhere(period) {
  drawn.forEach(function (item) {
    var has = item.periods.some(function (p) { return p[0] === period; });
    if (!has || item.period === period) { return; }
    item.period = period;
    item.years.querySelectorAll("input").forEach(function (input) {
      input.checked = input.value === period;
    });
    draw(item, true);
  });
}

// A row of buttons of which one is pressed; options are [value, label].
function choice(item, name, options, chosen, onChoice) {
  var group = element("div", { className: "choices" });
  options.forEach(function (o) {
    var input = element("input", {
      type: "radio", name: name + "-" + item.chart.id, value: o[0], checked: o[0] === chosen
    });
    input.addEventListener("change", function () { onChoice(o[0]); });
    group.append(element("label", { className: "choice" }, [
      input, element("span", { textContent: o[1] })
    ]));
  });
  group.setAttribute("role", "radiogroup");
  group.setAttribute("aria-label", name);
  item.controls.append(group);
  return group;
}

function viewChoice(item) {
  var options = item.chart.data.views.map(function (v, i) { return [String(i), v[0]]; });
  choice(item, "Part of the map", options, "0", function (value) {
    item.shown = Number(value);
    draw(item);
  });
}

function startChart(chart) {
  var periods = chart.data.periods && chart.data.by_period ? chart.data.periods : [];
  var item = {
    chart: chart,
    box: document.getElementById(chart.id + "-canvas"),
    controls: document.getElementById(chart.id + "-controls"),
    periods: periods,
    period: chart.data.chosen || (periods.length ? periods[periods.length - 1][0] : null)
  };
  if (periods.length > 1) {
    item.years = choice(item, chart.data.choice || "Years", periods, item.period, chooseEverywhere);
  }
  if (chart.data.views && chart.data.views.length > 1) { viewChoice(item); }
  if (chart.kind === "map") {
    item.keys = element("div", { className: "keys" });
    item.hidden = {};
    item.controls.append(item.keys);
  }
  drawn.push(item);
  draw(item);
}

function redrawAll() {
  drawn.forEach(function (item) { item.view.resize(); draw(item, true); });
}

function watchSize() {
  var waiting = null, width = window.innerWidth;
  window.addEventListener("resize", function () {
    if (window.innerWidth === width) { return; } // a phone's address bar came or went
    width = window.innerWidth;
    clearTimeout(waiting);
    waiting = setTimeout(redrawAll, 120);
  });
}

function watchPrint() {
  var wasDark = false;
  window.addEventListener("beforeprint", function () {
    wasDark = theme.isDark;
    theme.isPaper = true;
    setTheme(false);
    drawn.forEach(function (item) {
      var broad = item.chart.kind === "sankey";
      var height = broad ? Math.min(item.chart.height, PRINT_BROAD_HIGH_PX) : item.chart.height;
      item.box.style.height = height + "px";
      item.view.resize({ width: broad ? PRINT_BROAD_PX : PRINT_PX, height: height });
      draw(item, true);
    });
  });
  window.addEventListener("afterprint", function () {
    theme.isPaper = false;
    setTheme(wasDark);
    drawn.forEach(function (item) {
      item.box.style.height = item.chart.height + "px";
      item.view.resize({ width: "auto", height: "auto" });
    });
    redrawAll();
  });
}

function watchPlace() {
  if (!("IntersectionObserver" in window)) { return; }
  var links = {};
  document.querySelectorAll(".contents a").forEach(function (a) {
    links[a.getAttribute("href").slice(1)] = a;
  });
  var observer = new IntersectionObserver(function (entries) {
    entries.forEach(function (entry) {
      if (!entry.isIntersecting || !links[entry.target.id]) { return; }
      Object.keys(links).forEach(function (id) {
        links[id].classList.toggle("here", id === entry.target.id);
      });
    });
  }, { rootMargin: "-15% 0px -75% 0px" });
  document.querySelectorAll("main > section").forEach(function (s) { observer.observe(s); });
}

// A page for a board: everything else stays off the paper.
function printAlone(button) {
  button.hidden = false;
  button.addEventListener("click", function () {
    var section = document.getElementById(button.dataset.section);
    section.classList.add("alone");
    document.documentElement.setAttribute("data-alone", section.id);
    window.print();
    document.documentElement.removeAttribute("data-alone");
    section.classList.remove("alone");
  });
}

function start() {
  var button = document.getElementById("theme");
  setTheme(prefersDark());
  button.hidden = false;
  button.addEventListener("click", function () { setTheme(!theme.isDark); redrawAll(); });
  report.charts.forEach(startChart);
  var box = document.getElementById("inventory");
  if (box && report.inventory.rows) { inventoryTable(report.inventory, box); }
  document.querySelectorAll(".print-alone").forEach(printAlone);
  watchSize();
  watchPrint();
  watchPlace();
}

start();
