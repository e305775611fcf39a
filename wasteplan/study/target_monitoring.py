"""Diversion targets against what is reported."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from wasteplan.evaluation.result import Evaluation
from wasteplan.scenario.derived import tonnage
from wasteplan.scenario.hauls import solid_pairs
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import Period
from wasteplan.study.reported_loads import diverted

TARGET_COLUMNS = {
    "year": "calendar year",
    "target": "id",
    "region": "region, or empty for all",
    "required": "least diversion of the period [-]",
    "planned": "diversion of the plan at the period's end [-]",
    "reported_low": "of all generated; what is not reported counts as lost [-]",
    "reported_high": "of what is reported [-]",
    "trigger": "`missed`, `not shown` or ''",
}


def period_in(scenario: Scenario, year: int) -> Period:
    """The period that a year lies in."""
    return next(p for p in scenario.periods if p.first_year <= year <= p.last_year)


def target_rows(
    scenario: Scenario,
    evaluation: Evaluation,
    loads: pd.DataFrame,
    part: Mapping[int, float],
) -> pd.DataFrame:
    """Diversion of what is reported and of what is generated, against its targets.

    Parameters
    ----------
    loads
        What arrived: columns year, region, origin, stream, facility, waste_t, fate,
        is_first (as it left its generator).
    part
        Year -> part of it that is reported.  [-]
    """
    rows = []
    liquid = [s.id for s in scenario.streams if s.is_effluent]
    loads = loads[~(loads["is_first"] & loads["stream"].isin(liquid))]
    for year, share in part.items():
        period = period_in(scenario, year)
        for target in scenario.targets:
            if target.metric != "landfill_diversion_rate" or target.min is None:
                continue
            if target.period not in ("", period.id) or target.stream:
                continue
            rates = diverted(
                loads[loads["year"] == year],
                target.region,
                share * _generated_t(scenario, year, target.region),
            )
            planned = _planned_diversion(evaluation, period.id, target.region)
            said = (year, target.id, target.region, target.min, planned, *rates)
            rows.append((*said, _target_trigger(*rates, target.min)))
    return pd.DataFrame(rows, columns=list(TARGET_COLUMNS))


def _generated_t(scenario: Scenario, year: int, region: str) -> float:
    return sum(
        tonnage(scenario, g, s, year)
        for g, s in solid_pairs(scenario)
        if region in ("", scenario.generator[g].region)
    )


def _target_trigger(low: float, high: float, required: float) -> str:
    """Missed if even the high end is below; not shown if only the low end is.

    >>> [_target_trigger(*ends, 0.5) for ends in ((0.1, 0.4), (0.4, 0.6), (0.5, 0.6))]
    ['missed', 'not shown', '']
    """
    if high < required:
        return "missed"
    return "" if low >= required else "not shown"


def _planned_diversion(evaluation: Evaluation, period: str, region: str) -> float:
    waste = evaluation.waste[evaluation.waste["period"] == period]
    if region:
        waste = waste[waste["region"] == region]
    lost = waste[["leaked_t", "landfilled_t", "residues_landfilled_t"]].to_numpy().sum()
    generated = float(waste["generated_t"].sum())
    return 1 - float(lost) / generated if generated > 0 else float("nan")
