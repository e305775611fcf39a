"""The answer of a study in ten lines, in the planner's words."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wasteplan.evaluation.effluent import effluent_costs
from wasteplan.evaluation.reaching import capex_of
from wasteplan.evaluation.result import Evaluation
from wasteplan.indicators.levelised import share_on_assumption
from wasteplan.plan.records import Plan, Proof
from wasteplan.scenario.model import Scenario
from wasteplan.study.broken import without_room
from wasteplan.study.building import builds_said
from wasteplan.study.limits import binding
from wasteplan.study.naming import (
    AIMS,
    MORE_OF,
    TERM_NAMES,
    scope_name,
    technology_name,
    years_name,
)
from wasteplan.study.simulated_targets import simulated_targets
from wasteplan.study.targets_told import targets_told
from wasteplan.study.wording import (
    is_known,
    money,
    percent,
    signed,
    some_of,
    three_digits,
)
from wasteplan.units import KG_PER_T, WEAK_STATUSES

if TYPE_CHECKING:
    import pandas as pd

    from wasteplan.sim.result import SimulationResult
    from wasteplan.study.loop_result import LoopResult

DIVERSION = "landfill_diversion_rate"
KT = 1000.0  # t
LIMITS_SHOWN = 3
UNMIXING_SHOWN = 5e-4  # share
GAP_NOISE = 1e-9  # share of gross cost; smaller gaps are rounding
LABEL_WIDTH = 12
LINE_WIDTH = 88

PROOF_WORDS = {
    "optimal": "proved optimal",
    "gap": "solved to the gap asked for",
    "time_limit": "stopped at the time limit",
    "interrupted": "interrupted",
    "restricted": "best found under a restriction",
}


@dataclass(frozen=True)
class Result:
    """Everything that the answer speaks of."""

    scenario: Scenario
    plan: Plan
    evaluation: Evaluation
    baseline: Evaluation | None = None
    simulation: SimulationResult | None = None
    loop: LoopResult | None = None

    @property
    def currency(self) -> str:
        """The currency's three letters."""
        return self.scenario.settings.scenario.currency

    def kpi(self, id: str, period: str = "") -> float | None:
        """A headline of the plan; None if the evaluation has none."""
        return headline(self.evaluation, id, period)


@dataclass(frozen=True)
class Answer:
    """Ten topics with one sentence each."""

    lines: Mapping[str, str]

    def __str__(self) -> str:
        return "\n".join(labelled(*line) for line in self.lines.items())


def labelled(topic: str, text: str) -> str:
    """A sentence of an answer behind its topic, wrapped."""
    return textwrap.fill(
        text,
        width=LINE_WIDTH,
        initial_indent=f"{topic:<{LABEL_WIDTH}}",
        subsequent_indent=" " * LABEL_WIDTH,
        break_on_hyphens=False,
        break_long_words=False,
    )


def answer(result: Result, report: str = "") -> Answer:
    """The ten lines.

    Parameters
    ----------
    result
        The study's scenario, plan, evaluation; status quo and simulation if there are.
    report
        Where the report is, as a person would type it.
    """
    topics: dict[str, Callable[[Result], str]] = {
        "Build": _build,
        "Cost": _cost,
        "Diversion": _diversion,
        "Loop": _loop,
        "Emissions": _emissions,
        "Binding": _binding,
        "Proof": _proof,
        "Status quo": _status_quo,
        "Rests on": _rests_on,
        "Notes": _notes,
    }
    lines = {topic: say(result) for topic, say in topics.items()}
    if result.loop is None:
        del lines["Loop"]
    lines["Report"] = report or "not written"
    return Answer(lines)


def headline(evaluation: Evaluation, id: str, period: str = "") -> float | None:
    """One indicator of an evaluation; None if it has none."""
    try:
        return evaluation.kpi(id, period)
    except KeyError:
        return None


def _build(r: Result) -> str:
    return builds_said(r.scenario, r.plan, r.evaluation)


def _cost(r: Result) -> str:
    per_t = r.kpi("cost_per_t")
    years = r.scenario.years
    heading = r.scenario.settings.scenario
    rate = r.scenario.settings.economics.discount_rate
    total = money(r.evaluation.cost_present_value, r.currency)
    said = f"{three_digits(per_t)} {r.currency}/t" if is_known(per_t) else ""
    return (
        f"{said or 'per tonne unknown'} ({total} present value over "
        f"{years_name(years[0], years[-1])}, {percent(rate)} a year, "
        f"money of {heading.price_year}){_of_effluent(r)}{_investment(r)}"
    )


def _of_effluent(r: Result) -> str:
    """The part of the present value that no tonne of solid waste bears."""
    liquid = float(
        effluent_costs(r.scenario, r.evaluation.costs)["present_value"].sum()
    )
    if not liquid:
        return ""
    return (
        f"; {money(liquid, r.currency)} of it for effluent, not in the cost per tonne"
    )


def _investment(r: Result) -> str:
    """What new facilities cost to build, in all and by the year they open."""
    spent = {
        p.first_year: capex_of(r.scenario, r.plan, p.id) for p in r.scenario.periods
    }
    spent = {year: amount for year, amount in spent.items() if amount > 0}
    if not spent:
        return ""
    total = money(sum(spent.values()), r.currency)
    if len(spent) == 1:
        return f"; investment {total} in {next(iter(spent))}, undiscounted"
    parts = ", ".join(f"{money(x, '').strip()} in {y}" for y, x in spent.items())
    return f"; investment {total}, undiscounted: {parts}"


def _diversion(r: Result) -> str:
    """Planned and simulated, period by period, then recycling beside it."""
    periods = r.scenario.periods
    planned = [r.kpi(DIVERSION, p.id) for p in periods]
    years = ", ".join(str(p.last_year) for p in periods)
    parts = [f"{_percents(planned)} in {years}", *_simulated(r), *_missed(r)]
    recycling = r.kpi("recycling_rate", periods[-1].id)
    if is_known(recycling):
        parts.append(f"recycling {percent(recycling)} at the end")
    return "; ".join(parts)


def _simulated(r: Result) -> list[str]:
    """What the simulation finds with the widest of its 95 % intervals, if it ran."""
    if r.simulation is None:
        return []
    rows = r.simulation.kpis
    rows = rows[rows["id"] == DIVERSION].set_index("period")
    means = [float(rows["mean"].get(p.id, math.nan)) for p in r.scenario.periods]
    half_width = float(rows["half_width"].max())
    if not any(is_known(m) for m in means):
        return []
    wide = f"+- {100 * half_width:.1f} points" if is_known(half_width) else "one run"
    return [f"simulated {_percents(means)} ({wide})"]


def _missed(r: Result) -> list[str]:
    """Targets that the simulation misses or puts at risk."""
    found = simulated_targets(r.scenario, r.plan, r.evaluation, r.simulation)
    n = getattr(r.simulation, "replications", 0)
    said = targets_told(r.scenario, found, n)
    at_risk = [f for f in found if f.verdict == "at risk"]
    if at_risk:
        losses = [abs(100 * f.loss) for f in at_risk]
        low, high = f"{min(losses):.1f}", f"{max(losses):.1f}"
        loss = high if low == high else f"{low} to {high}"
        scopes = dict.fromkeys(scope_name(r.scenario, f.target) for f in at_risk)
        said.append(
            f"not simulated by region: {', '.join(scopes)} have less room than the "
            f"{loss} points that the simulation takes off all waste"
        )
    return said


def _percents(shares: Sequence[float | None]) -> str:
    """Several shares in percent.

    >>> _percents([0.5, 0.255])
    '50.0, 25.5 %'
    """
    return ", ".join(percent(s).removesuffix(" %") for s in shares) + " %"


def _loop(r: Result) -> str:
    """Rounds of planning and simulating, and what they gained."""
    if r.loop is None:
        return ""
    from wasteplan.study.loop_text import loop_said

    return loop_said(r.scenario, r.loop)


def _emissions(r: Result) -> str:
    table = r.evaluation.emissions
    if table["kg_co2e"].isna().any() or table.empty:
        return "unknown: properties of some waste are not given"
    is_credit = table["is_credit"].astype(bool)
    direct = float(table.loc[~is_credit, "kg_co2e"].sum()) / KG_PER_T
    credit = float(table.loc[is_credit, "kg_co2e"].sum()) / KG_PER_T
    per_t = r.kpi("co2e_kg_per_t")
    said = f"{three_digits(per_t)} kg CO2e/t; " if per_t is not None else ""
    return (
        f"{said}{three_digits(direct / KT)} kt CO2e emitted over the horizon, "
        f"{three_digits(abs(credit) / KT)} kt avoided elsewhere"
    )


def _binding(r: Result) -> str:
    limits = binding(r.scenario, r.plan, r.evaluation)
    if not limits:
        return "no target and no capacity binds; sizes leave room"
    return some_of(limits, LIMITS_SHOWN)


def _proof(r: Result) -> str:
    said = proof_text(r.plan.proof, r.currency)
    unmixing = r.evaluation.unmixing
    if unmixing is not None and unmixing.largest >= UNMIXING_SHOWN:
        said += f"; real blends change the sums by {percent(unmixing.largest)}"
    return said


def proof_text(proof: Proof | None, currency: str) -> str:
    """How good a plan is known to be."""
    if proof is None:
        return "none; the plan was made by hand"
    note = f"; {proof.note}" if proof.note else ""
    unit, gross, better = currency, "gross cost", "no plan is cheaper"
    if proof.of in AIMS:
        way = "more" if proof.of in MORE_OF else "less"
        better = f"no plan has {way} {AIMS[proof.of]}"
        gross = "its positive part"
        unit = currency if proof.of == "weighted" else proof.unit
    if proof.gap <= GAP_NOISE * max(proof.gross_cost, 1.0):
        return f"{PROOF_WORDS[proof.status]}; {better}{note}"
    if unit == "-":  # a share: neither per tonne nor part of itself
        by = f"{three_digits(100 * proof.gap)} points"
        return f"{PROOF_WORDS[proof.status]}; {better} by more than {by}{note}"
    return (
        f"{PROOF_WORDS[proof.status]}; {better} by more than "
        f"{money(proof.gap, unit)} ({three_digits(proof.gap_per_t)} {unit}/t, "
        f"{percent(proof.gap_of_gross, 2)} of {gross}){note}"
    )


def _status_quo(r: Result) -> str:
    if r.baseline is None:
        return "not compared; the scenario has no plans/status-quo.json"
    last = r.scenario.periods[-1]
    parts = []
    for id, unit in (("cost_per_t", f"{r.currency}/t"), ("co2e_kg_per_t", "kg CO2e/t")):
        change = _change(r, id)
        if is_known(change):
            parts.append(f"{signed(three_digits(change))} {unit}")
    change = _change(r, DIVERSION, last.id)
    if is_known(change):
        points = signed(three_digits(100 * change))
        parts.append(f"diversion {points} points in {last.last_year}")
    said = "plan less status quo: " + (", ".join(parts) or "unknown")
    full = without_room(r.scenario, r.baseline)
    if full:
        said += f"; it cannot go on: no room at {some_of(full, LIMITS_SHOWN)}"
    return said


def _change(r: Result, id: str, period: str = "") -> float | None:
    now = r.kpi(id, period)
    then = headline(r.baseline, id, period) if r.baseline else None
    return None if now is None or then is None else now - then


def _rests_on(r: Result) -> str:
    cost = share_on_assumption(r.evaluation.costs, "present_value")
    emissions = r.evaluation.emissions
    known = is_known(float(emissions["kg_co2e"].sum(skipna=False)))
    co2e = share_on_assumption(emissions, "kg_co2e") if known else None
    return (
        f"{percent(cost, 0)} of cost and {percent(co2e, 0)} of CO2e on numbers from "
        f"memory or assumption{_largest_weak(r)}"
    )


def _largest_weak(r: Result) -> str:
    """The largest cost and the largest revenue on weak numbers, in present value."""
    table = r.evaluation.costs
    status = table["status"].fillna("").astype(str)
    weak = table[status.isin(WEAK_STATUSES) | (status == "")]
    sums = weak.groupby(["term", "technology"], sort=True)["present_value"].sum()
    said = []
    if not sums.empty and sums.max() > 0:
        said.append(f"largest cost: {_sum_text(r, sums, int(sums.argmax()))}")
    if not sums.empty and sums.min() < 0:
        said.append(f"largest revenue: {_sum_text(r, sums, int(sums.argmin()))}")
    return "; " + ", ".join(said) + " present value" if said else ""


def _sum_text(r: Result, sums: pd.Series, at: int) -> str:
    term, technology = map(str, sums.index[at])
    amount = float(sums.iloc[at])
    what = TERM_NAMES.get(term, term)
    if term == "fuel" and amount < 0:
        what = "coal saved"
    if technology in r.scenario.technology:
        what += f" by {technology_name(r.scenario, technology)}"
    return f"{what} {money(amount, r.currency)}"


def _notes(r: Result) -> str:
    """The first note; a scenario says there what is illustrative."""
    first, *others = r.scenario.settings.scenario.notes or ("none",)
    more = f" ({len(others)} more in the report)" if others else ""
    return f"{first}{more}"
