"""What an uncertainty study found, in a few lines for people."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from wasteplan.distributions import Floats
from wasteplan.scenario.model import Scenario
from wasteplan.study.conditional_means import is_still
from wasteplan.study.information_value import InformationValue
from wasteplan.study.uncertainty import Uncertainty
from wasteplan.study.uncertainty_tables import (
    headline_table,
    influence_table,
    missed_table,
    told_of,
)
from wasteplan.study.wording import money, percent, three_digits

SHOWN = 3
INDICES_SHOWN = 10
INDEX_SEEN = 0.005  # what is below is 0.00 in two digits
LEFT_OUT = ("value", "share", "waste_t_per_y")
"""Columns that go without saying."""
TABLE_WORDS = {
    "generation": "waste of",
    "prices": "price of",
    "factors": "factor",
    "leakage": "leakage of",
    "sizes": "",
    "technologies": "",
    "fraction_properties": "",
    "composition": "share in",
    "yields": "yield of",
    "catalogue": "",
    "outlets": "",
    "generator_classes": "",
    "vehicles": "",
    "facilities": "",
    "streams": "",
    "fates": "",
    "operations": "",
}


@dataclass(frozen=True, eq=False)
class UncertaintyStudy:
    """An uncertainty study with what was asked beside the samples."""

    found: Uncertainty
    sobol: pd.DataFrame = field(default_factory=pd.DataFrame)
    """See `uncertainty_indices.sobol_of`."""
    morris: pd.DataFrame = field(default_factory=pd.DataFrame)
    """See `uncertainty_indices.morris_of`."""
    information: InformationValue | None = None
    regret: pd.DataFrame = field(default_factory=pd.DataFrame)
    """See `regret.REGRET_COLUMNS`."""


def factor_name(factor: str) -> str:
    """What an uncertain factor is called.

    >>> factor_name("generation/industrial_garment/waste_t_per_y")
    'waste of industrial garment'
    >>> factor_name("sizes/mass_burn_wte/capex"), factor_name("prices/coal/value")
    ('mass burn wte, capex', 'price of coal')
    """
    table, _, rest = factor.partition("/")
    parts = [part for part in rest.split("/") if part]
    if not parts:
        return factor.replace("_", " ")
    if len(parts) > 1 and parts[-1] in LEFT_OUT:
        parts = parts[:-1]
    said = ", ".join(part.replace("_", " ").replace(".", ", ") for part in parts)
    return f"{TABLE_WORDS.get(table, table.replace('_', ' '))} {said}".strip()


def said(study: UncertaintyStudy) -> list[tuple[str, str]]:
    """Topic and sentence: how sure headlines are, what is missed, what moves them."""
    found = study.found
    lines = [("Samples", _samples(found))]
    lines += [("How sure", line) for line in _headlines(found)]
    lines += [("Missed", line) for line in _missed(found)]
    lines += [("Moved by", line) for line in _influence(found)]
    lines += [("Indices", line) for line in _indices(study)]
    if study.information is not None:
        choice, worth = _information(study.information, found.scenario)
        lines += [("Choice", choice), ("Measure", worth)]
    if not study.regret.empty:
        lines += [("Regret", line) for line in _regret(study)]
    return lines


def _samples(found: Uncertainty) -> str:
    n, factors = len(found.samples), len(found.samples.factors)
    text = (
        f"{n:,} samples ({found.samples.method.replace('_', ' ')}, seed "
        f"{found.samples.seed}) of {len(found.samples.numbers)} numbers with a range, "
        f"{factors} of them or groups of them independent"
    )
    if found.failed:
        first = next(iter(found.failed.values()))
        text += f"; {len(found.failed)} without an answer ({first})"
    return text


def _headlines(found: Uncertainty) -> list[str]:
    table = headline_table(found)
    lines = []
    for plan in found.plans:
        for name in told_of(found):
            mine = table[(table["plan"] == plan) & (table["id"] == name)]
            mine = mine[mine["period"] == ""]
            if mine.empty:
                continue
            r = mine.to_dict("records")[0]
            unit = str(r["unit"]).replace("money", _currency(found.scenario))
            keys = ("central", "p05", "p50", "p95")
            central, low, middle, high = (_number(r[k], unit) for k in keys)
            head = f"{plan}: " if len(found.plans) > 1 else ""
            unit = "" if unit == "-" else f" {unit}"
            lines.append(
                f"{head}{r['label'].lower()} {low} to {high}{unit} in 9 of 10 samples, "
                f"half below {middle}; {central} with the numbers as they stand"
            )
    return lines


def _missed(found: Uncertainty) -> list[str]:
    table = missed_table(found)
    if table.empty:
        return ["no requirement is missed in any sample"]
    lines = []
    for plan in found.plans:
        mine = table[table["plan"] == plan].head(SHOWN).to_dict("records")
        often = [
            f"{requirement_name(r['requirement'])} in {percent(r['chance'], 0)}"
            for r in mine
        ]
        if often:
            more = len(table[table["plan"] == plan]) - len(often)
            tail = f" ({more} more)" if more else ""
            lines.append(f"{plan} as it is: {', '.join(often)}{tail}")
    return lines


def requirement_name(name: str) -> str:
    """What a requirement is called: what, where and when.

    >>> requirement_name("landfill_diversion_rate divert p2")
    'landfill diversion rate (divert, p2)'
    """
    what, *rest = name.split(" ")
    where = ", ".join(part.replace("_", " ").replace(".", ": ") for part in rest)
    return what.replace("_", " ") + (f" ({where})" if where else "")


def _influence(found: Uncertainty) -> list[str]:
    table = influence_table(found)
    lines = []
    for name in told_of(found):
        mine = table[(table["headline"] == name) & (table["share"] > table["noise"])]
        label = found.labels.get(name, (name, ""))[0].lower()
        parts = [
            f"{factor_name(r['factor'])} {percent(r['share'], 0)}"
            for r in mine.head(SHOWN).to_dict("records")
        ]
        if not parts:
            lines.append(f"{label}: {_unexplained(found.values(name))}")
            continue
        lines.append(f"{label}: {', '.join(parts)} of the variance")
    return lines


def _unexplained(values: Floats) -> str:
    """Why no number is named that moves a headline."""
    if not np.isfinite(values).all():
        return "not known in all samples"
    if is_still(values):
        return "the same in all samples"
    return "no single number explains more than chance would"


def _indices(study: UncertaintyStudy) -> list[str]:
    """The largest total Sobol indices, and by how much the last doubling moved them."""
    if study.sobol.empty:
        return []
    lines = []
    bases = sorted(study.sobol["base"].unique())
    for name, table in study.sobol.groupby("headline", sort=False):
        totals = table.pivot_table(index="factor", columns="base", values="total")
        mine = table[table["base"] == bases[-1]].head(INDICES_SHOWN)
        label = study.found.labels.get(str(name), (str(name), ""))[0].lower()
        parts = [
            f"{factor_name(r['factor'])} {r['total']:.2f} +- {r['total_width']:.2f}"
            for r in mine.to_dict("records")
            if r["total"] + r["total_width"] >= INDEX_SEEN
        ]
        said_of = ", ".join(parts) or "none to be seen"
        text = f"{label}, total Sobol indices: {said_of}"
        if len(bases) > 1:
            moved = (totals[bases[-1]] - totals[bases[-2]]).abs().max()
            text += f"; {bases[-2]} to {bases[-1]} base samples moved none by more "
            text += f"than {moved:.2f}"
        lines.append(text)
    return lines


def _information(known: InformationValue, scenario: Scenario) -> tuple[str, str]:
    """Which plan is best how often, and the numbers sure to be worth measuring."""
    currency = _currency(scenario)
    shares = ", ".join(
        f"{plan} {percent(share, 0)}"
        for plan, share in zip(known.plans, known.chosen_share, strict=True)
    )
    choice = (
        f"best on average: {known.best}; best in the samples: {shares}; knowing "
        f"everything before choosing is worth {money(known.perfect, currency)}"
    )
    rows = known.factors[known.factors["low"] > 0].head(SHOWN).to_dict("records")
    parts = [
        f"{factor_name(r['factor'])} {money(r['value'], currency)} "
        f"({_span(r['low'], r['high'])})"
        for r in rows
    ]
    worth = ", ".join(parts) or "no number by itself is sure to be worth anything"
    return choice, worth


def _span(low: float, high: float) -> str:
    return f"{three_digits(low / 1e6)} to {three_digits(high / 1e6)} million"


def _regret(study: UncertaintyStudy) -> list[str]:
    table, currency = study.regret, _currency(study.found.scenario)
    both = table[table["regret"].notna()]
    if both.empty:
        return ["regret: in no sample did both searches end with a plan"]
    mean, most = float(both["regret"].mean()), float(both["regret"].max())
    text = (
        f"regret of keeping its builds against planning anew, {len(both)} of "
        f"{len(table)} samples: mean {money(mean, currency)}, most "
        f"{money(most, currency)} present value"
    )
    if missed := int((both["kept_missed"] != "").sum()):
        text += f"; a price for what the kept builds cannot meet in {missed} is in it"
    return [text]


def _currency(scenario: Scenario) -> str:
    return scenario.settings.scenario.currency


def _number(value: float | None, unit: str) -> str:
    if value is None or not math.isfinite(value):
        return "unknown"
    return percent(value) if unit == "-" else three_digits(value)
