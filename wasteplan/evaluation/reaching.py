"""What a plan reaches on the metric of a target."""

from __future__ import annotations

import pandas as pd

from wasteplan.evaluation.burdens import burden_reached
from wasteplan.evaluation.horizon import total
from wasteplan.evaluation.result import Evaluation
from wasteplan.indicators.diversion import rates_of_all
from wasteplan.plan.records import Plan
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import (
    BURDEN_METRICS,
    EMISSION_METRICS,
    HORIZON_METRICS,
    INFORMAL_METRICS,
    Target,
)
from wasteplan.scenario.site_effects import site_scores
from wasteplan.scenario.totals import TOTALS
from wasteplan.units import KG_PER_T

SHARE = "-"
UNITS = {
    "landfill_diversion_rate": SHARE,
    "recycling_rate": SHARE,
    "co2e_direct_t_per_y": "t CO2e/y",
    "co2e_t_per_y": "t CO2e/y",
    "capex": "money",
    "informal_income_per_worker_y": "money/(worker y)",
    "informal_income_share": SHARE,
    **{name: counted.unit for name, counted in TOTALS.items()},
    "jobs": "FTE",
    "site_score": SHARE,
    "hosted_share_largest": SHARE,
    "exposure_share_largest": SHARE,
}


def reached(
    scenario: Scenario, plan: Plan, evaluation: Evaluation, target: Target, period: str
) -> float | None:
    """The value of a target's metric in a period; None where there is no waste.

    Rates and emissions are those of the period's last year, in the target's region and
    stream; emissions have no scope; capex is that of the builds of the period.  Totals
    over all years are those of every period.
    """
    if target.metric in HORIZON_METRICS:
        return total(scenario, target.metric, evaluation)
    if target.metric == "site_score":
        return lowest_score(scenario, plan, period)
    if target.metric in BURDEN_METRICS:
        return burden_reached(scenario, evaluation, target.metric, period)
    if target.metric in INFORMAL_METRICS:
        return informal_income(evaluation.informal, target, period)
    return reached_in(
        scenario, plan, evaluation.waste, evaluation.emissions, target, period
    )


def reached_in(
    scenario: Scenario,
    plan: Plan,
    waste: pd.DataFrame,
    emissions: pd.DataFrame,
    target: Target,
    period: str,
) -> float | None:
    """As `reached`, from the tables of an evaluation that is being made."""
    if target.metric == "capex":
        return capex_of(scenario, plan, period)
    if target.metric in EMISSION_METRICS:
        return _co2e_t(emissions, period, credits=target.metric == "co2e_t_per_y")
    part = waste[waste["period"] == period]
    if target.region:
        part = part[part["region"] == target.region]
    if target.stream:
        part = part[part["stream"] == target.stream]
    if part["generated_t"].sum() <= 0:
        return None
    return rates_of_all(part)[target.metric]


def informal_income(
    informal: pd.DataFrame, target: Target, period: str
) -> float | None:
    """Income per worker of the trade that has least, or of all as a share of before.

    None where no trade is known, or none whose workers are.
    """
    part = informal[informal["period"] == period]
    if target.metric == "informal_income_per_worker_y":
        least = part["income_per_worker"].dropna().min()
        return None if pd.isna(least) else float(least)
    before = float(part["income_without"].sum())
    return float(part["income"].sum()) / before if before > 0 else None


def lowest_score(scenario: Scenario, plan: Plan, period: str) -> float | None:
    """The least score of sites where something opens in a period; None if nothing."""
    scores = site_scores(scenario)
    built = {b.site for b in plan.builds if b.period == period} & scores.keys()
    return min((scores[site] for site in built), default=None)


def capex_of(scenario: Scenario, plan: Plan, period: str) -> float:
    """Investment of the builds of a period.  [money, undiscounted]"""
    total = 0.0
    for build in plan.builds:
        if build.period != period:
            continue
        centre = scenario.centre.get(build.site)
        size = scenario.size.get((build.technology, build.size))
        if build.technology == "centre" and centre is not None:
            total += centre.capex
        elif size is not None:
            total += size.capex or 0.0
    return total


def _co2e_t(emissions: pd.DataFrame, period: str, *, credits: bool) -> float:
    part = emissions[emissions["period"] == period]
    part = part[part["year"] == part["year"].max()]
    if not credits:  # what buyers burn is beyond the boundary
        part = part[~part["is_credit"].astype(bool) & (part["technology"] != "outlet")]
    return float(part["kg_co2e"].sum(min_count=1)) / KG_PER_T
