"""What one sample makes of plans: headlines, years, requirements missed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from wasteplan.errors import WasteplanError
from wasteplan.evaluation.evaluating import evaluate
from wasteplan.evaluation.horizon import total
from wasteplan.evaluation.result import Evaluation, Violation
from wasteplan.indicators.headlines import counted_emissions
from wasteplan.plan.records import Plan
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.sampled import with_values
from wasteplan.scenario.sampling import Samples
from wasteplan.scenario.uncertain import UncertainNumber
from wasteplan.study.assess import assess
from wasteplan.units import KG_PER_T

TOTALS = {
    "co2e_total_t": ("Greenhouse gases of all years", "t CO2e"),
    "landfilled_total_t": ("Landfilled or lost in all years", "t"),
}
"""What adds up over all years, beside the cost: name and unit."""

AT = "@"
"""Between an indicator and its period in the name of a headline."""


@dataclass(frozen=True)
class Asked:
    """What is worked out of every sample, beside the evaluation of the plans.

    Attributes
    ----------
    replications
        Simulation runs of each period, with the same chance in every sample; 0: none.
    days
        Simulated days; None: as the settings have it.
    assessment
        Whether all impact categories are found.
    appraisal
        Whether the investment is appraised, under the first of the loan terms.
    """

    replications: int = 0
    days: int | None = None
    assessment: bool = False
    appraisal: bool = False


@dataclass(frozen=True)
class Question:
    """Everything that a process needs to work out a sample."""

    scenario: Scenario
    numbers: tuple[UncertainNumber, ...]
    factors: tuple[str, ...]
    plans: Mapping[str, Plan]
    asked: Asked = field(default_factory=Asked)


def outcome(question: Question, quantiles: Sequence[float]) -> dict[str, Any]:
    """Plan -> what it comes to in a sample, by the quantiles of the factors.

    `headlines` by name (`cost_per_t`, `landfill_diversion_rate@p2`), `years` (lists
    over the years of the horizon), `missed` requirements; or `failed`, why the sample
    has no answer: its numbers contradict each other.
    """
    row = np.asarray(quantiles, dtype=float)[None, :]
    samples = Samples(question.numbers, question.factors, row)
    values = samples.values[0].tolist()
    moved = with_values(question.scenario, question.numbers, values)
    return outcomes_of(moved, question.plans, question.asked)


def outcomes_of(
    scenario: Scenario, plans: Mapping[str, Plan], asked: Asked
) -> dict[str, Any]:
    """Plan -> what it comes to in a scenario, as `outcome` has it."""
    return {name: _of_plan(scenario, plan, asked) for name, plan in plans.items()}


def _of_plan(scenario: Scenario, plan: Plan, asked: Asked) -> dict[str, Any]:
    try:
        return _worked_out(scenario, plan, asked)
    except WasteplanError as error:
        return {"failed": str(error).replace("\n", "; ")}


def _worked_out(scenario: Scenario, plan: Plan, asked: Asked) -> dict[str, Any]:
    found = evaluate(scenario, plan, compare=False)
    headlines = {headline_name(k.id, k.period): k.value for k in found.kpis}
    headlines.update({m: total(scenario, m, found) for m in TOTALS})
    if asked.assessment:
        table = assess(scenario, plan, found).impacts
        for method, value in zip(table["method"], table["net"], strict=True):
            headlines[f"impact/{method}"] = float(value)
    if asked.appraisal:
        headlines.update(_appraised(scenario, plan, found))
    if asked.replications:
        headlines.update(_simulated(scenario, plan, asked))
    return {
        "headlines": headlines,
        "years": _by_year(scenario, found),
        "missed": sorted({missed_name(v) for v in found.violations}),
    }


def labels_of(scenario: Scenario, plan: Plan) -> dict[str, tuple[str, str]]:
    """Indicator -> what it is called, and its unit."""
    found = evaluate(scenario, plan, compare=False)
    return {**{k.id: (k.label, k.unit) for k in found.kpis}, **TOTALS}


def headline_name(id: str, period: str = "") -> str:
    """Name of an indicator of a period, or of the whole horizon.

    >>> headline_name("cost_per_t"), headline_name("recycling_rate", "p1")
    ('cost_per_t', 'recycling_rate@p1')
    """
    return f"{id}{AT}{period}" if period else id


def missed_name(violation: Violation) -> str:
    """Name of a requirement that is missed: what, where and when."""
    parts = (violation.requirement, violation.place, violation.period)
    return " ".join(part for part in parts if part)


def _by_year(scenario: Scenario, found: Evaluation) -> dict[str, list[float]]:
    """Cost [money] and greenhouse gases [t CO2e] of each year of the horizon."""
    years = list(scenario.years)
    credits = scenario.settings.assessment.credits
    cost = found.costs.groupby("year")["amount"].sum().reindex(years).fillna(0.0)
    gases = counted_emissions(found.emissions, credits)
    kg = gases.groupby("year")["kg_co2e"].sum(min_count=1).reindex(years)
    return {"cost": cost.tolist(), "co2e_t": (kg / KG_PER_T).tolist()}


def _appraised(scenario: Scenario, plan: Plan, found: Evaluation) -> dict[str, float]:
    """Figures of everything that is built, under the first of the loan terms."""
    from wasteplan.finance.appraisal_result import POOL
    from wasteplan.study.appraising import appraise

    cases = scenario.settings.finance.terms[:1]
    result = appraise(scenario, plan, found, cases=cases, risk=False)
    if result is None:
        return {}
    table = result.indicators
    mine = table[(table["case"] == result.cases[0]) & (table["place"] == POOL)]
    pairs = zip(mine["id"], mine["value"], strict=True)
    return {f"appraisal/{id}": float(value) for id, value in pairs}


def _simulated(scenario: Scenario, plan: Plan, asked: Asked) -> dict[str, float]:
    """Means over the replications; every sample has the same chance."""
    from wasteplan.sim.simulating import simulate

    table = simulate(
        scenario, plan, replications=asked.replications, days=asked.days
    ).kpis
    names = [
        headline_name(f"simulated/{id}", period)
        for id, period in zip(table["id"], table["period"], strict=True)
    ]
    return dict(zip(names, map(float, table["mean"]), strict=True))
