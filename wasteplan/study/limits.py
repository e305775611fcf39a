"""What holds a plan back: targets met exactly, plants full, airspace used up."""

from __future__ import annotations

import pandas as pd

from wasteplan.evaluation.result import Evaluation
from wasteplan.indicators.diversion import diversion_rates
from wasteplan.plan.records import Plan
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import Target
from wasteplan.study.wording import percent

DIVERSION = "landfill_diversion_rate"
SHARE_TOLERANCE = 5e-4  # half a tenth of a percent point, what a headline shows
MONEY_TOLERANCE = 1e-4  # relative


def binding(scenario: Scenario, plan: Plan, evaluation: Evaluation) -> list[str]:
    """The limits that the plan meets exactly or breaks, targets first."""
    said = [
        text
        for target in scenario.targets
        for period in scenario.periods
        if target.period in ("", period.id)
        if (text := _target(scenario, plan, evaluation, target, period.id))
    ]
    return said + _plants(evaluation) + [str(v) for v in evaluation.violations]


def _target(
    scenario: Scenario, plan: Plan, evaluation: Evaluation, target: Target, period: str
) -> str:
    if target.metric == DIVERSION:
        value = _diversion(evaluation.waste, target, period)
        tolerance, written = SHARE_TOLERANCE, percent
    else:
        value = _capex(scenario, plan, period)
        tolerance, written = MONEY_TOLERANCE * max(abs(value), 1.0), _plain
    for limit, words in ((target.min, "at least"), (target.max, "at most")):
        if limit is not None and abs(value - limit) <= tolerance:
            return f"target {target.id} ({words} {written(limit)}) in {period}"
    return ""


def _diversion(waste: pd.DataFrame, target: Target, period: str) -> float:
    part = waste[waste["period"] == period]
    if target.region:
        part = part[part["region"] == target.region]
    if target.stream:
        part = part[part["stream"] == target.stream]
    return float(diversion_rates(part)[DIVERSION].iloc[0])


def _capex(scenario: Scenario, plan: Plan, period: str) -> float:
    total = 0.0
    for build in plan.builds:
        if build.period == period:
            size = scenario.size.get((build.technology, build.size))
            centre = scenario.centre.get(build.site)
            if build.technology == "centre" and centre is not None:
                total += centre.capex
            elif size is not None:
                total += size.capex or 0.0
    return total


def _plain(value: float) -> str:
    return f"{value:,.0f}"


def _plants(evaluation: Evaluation) -> list[str]:
    """One text per plant and kind of limit, with the periods in which it binds."""
    table = evaluation.facilities
    table = table[table["binding"].fillna("").astype(str) != ""]
    said = []
    for (plant, what), rows in table.groupby(["plant", "binding"], sort=True):
        periods = ", ".join(map(str, rows["period"]))
        said.append(f"{plant} is full by {what} in {periods}")
    return said
