// Colours: told apart with every common colour vision, on light and on dark paper.
var HUES = {
  navy: ["#33448f", "#8d9ce6"],
  blue: ["#0072b2", "#4ea7e0"],
  sky: ["#56b4e9", "#9bd4f5"],
  green: ["#009e73", "#35c89c"],
  olive: ["#7d8a1f", "#bcc65a"],
  amber: ["#e69f00", "#f2bd4a"],
  vermillion: ["#d55e00", "#f5894a"],
  wine: ["#882255", "#d4719f"],
  pink: ["#cc79a7", "#e3a5c6"],
  brown: ["#8c6d46", "#bf9f76"],
  slate: ["#5b6b7b", "#93a5b7"],
  grey: ["#a9b4bf", "#5d6a77"]
};
var MEANINGS = {
  generator: "slate", centre: "sky", sorting: "blue", recycling: "green",
  biological: "olive", combustion: "vermillion", co_processing: "pink",
  storage: "grey", disposal: "brown", buyer: "green", kiln: "pink", export: "navy",
  outlet_disposal: "brown", leakage: "wine", informal: "amber", release: "grey",
  product: "grey",
  term_capital: "navy", term_land: "brown", term_fixed_om: "blue",
  term_variable_om: "sky", term_centre: "slate", term_haul: "vermillion",
  term_electricity: "amber", term_fuel: "wine", term_after_care: "olive",
  term_carbon: "grey", term_sales: "green",
  own_cost: "navy", paid: "vermillion", received: "green",
  stage_leakage: "wine", stage_landfill: "brown", stage_process: "vermillion",
  stage_centre: "slate", stage_haul: "amber", stage_electricity: "navy",
  stage_avoided: "green", stage_effluent: "sky",
  read: "green", secondary: "sky", derived: "blue", memory: "amber",
  assumption: "vermillion", setting: "slate", "not stated": "grey",
  landfill_diversion_rate: "blue", recycling_rate: "green",
  recovery_rate: "vermillion", diversion_without_incineration: "navy",
  residue_free_diversion: "sky", status_quo: "slate",
  running: "green", starved: "grey", planned: "sky", forced: "vermillion",
  gate_closed: "slate", yard_full: "amber", bunker_full: "vermillion", centre_full: "sky",
  airspace_full: "navy", outlet_full: "wine", blend_limit: "pink", rejected: "brown",
  cash_gate_fees: "green", cash_sales: "amber", cash_drawn: "sky", cash_salvage: "olive",
  cash_capex: "navy", cash_running: "blue", cash_tax: "grey", cash_service: "vermillion",
  kind_resource: "navy", kind_transfer: "amber", kind_finance: "sky",
  at_low: "sky", at_high: "navy", loss: "vermillion", gain: "green",
  mass: "blue", heat: "vermillion",
  raw_flow: "slate", product_flow: "amber"
};
var ORDER = ["blue", "vermillion", "green", "amber", "navy", "wine", "sky", "brown",
  "pink", "olive", "slate"];

var theme = { isDark: false, isPaper: false };

function colour(meaning, position) {
  var hue = MEANINGS[meaning] || ORDER[(position || 0) % ORDER.length];
  return HUES[hue][theme.isDark ? 1 : 0];
}

function paper(name) {
  var styles = getComputedStyle(document.documentElement);
  return styles.getPropertyValue("--" + name).trim();
}

function setTheme(isDark) {
  theme.isDark = isDark;
  document.documentElement.setAttribute("data-theme", isDark ? "dark" : "light");
  var button = document.getElementById("theme");
  button.textContent = isDark ? "Light" : "Dark";
  button.setAttribute("aria-label", "Switch to " + (isDark ? "light" : "dark") + " colours");
}

function prefersDark() {
  return window.matchMedia && window.matchMedia("(prefers-color-scheme: dark)").matches;
}
