"""What a plan means to people, from its flows: jobs, exposure, who bears most."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import pandas as pd

from wasteplan.evaluation.books import technology_of
from wasteplan.evaluation.result import Evaluation
from wasteplan.indicators.diversion import diversion_rates
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import UNCOLLECTED_KINDS
from wasteplan.scenario.site_effects import hosts, people_affected, site_scores

IN_PERIOD, LAST_YEAR = "t_in_period", "t_per_y"


def jobs_total(scenario: Scenario, tables: Evaluation) -> float:
    """Person-years at plants and centres; NaN where a technology's are unknown.

    sum of tonnes taken x jobs per (kt/y) / 1000.  [FTE y]
    """
    taken = tables.flows.groupby("destination")[IN_PERIOD].sum()
    total = 0.0
    for place, tonnes in taken.items():
        if place in scenario.centre:
            total += scenario.centre[str(place)].jobs_per_kt_per_y * tonnes * 1e-3
            continue
        technology = scenario.technology.get(technology_of(str(place)))
        if technology is not None and tonnes > 0:
            known = technology.jobs_per_kt_per_y
            total += (math.nan if known is None else known) * tonnes * 1e-3
    return float(total)


def exposure_total(scenario: Scenario, tables: Evaluation) -> float:
    """Tonnes treated times people beside the site; NaN if unknown.  [person t]"""
    exposed = _exposed(scenario, _treated(scenario, tables, IN_PERIOD))
    return float(exposed.sum(skipna=False))


def unsuited_total_t(scenario: Scenario, tables: Evaluation) -> float:
    """Tonnes treated times (1 - score of the site); NaN without scores.  [t]"""
    scores = site_scores(scenario)
    treated = _treated(scenario, tables, IN_PERIOD)
    if not scores:
        return math.nan
    lacking = {site: 1.0 - score for site, score in scores.items()}
    return float((treated * pd.Series(lacking, dtype=float)).dropna().sum())


def hosted_largest_total_t(scenario: Scenario, tables: Evaluation) -> float:
    """Tonnes treated in the region of sites that treats most.  [t]"""
    by_region = _by_region(scenario, _treated(scenario, tables, IN_PERIOD))
    return max(by_region.values(), default=0.0)


def exposure_largest_total(scenario: Scenario, tables: Evaluation) -> float:
    """Exposure in the region of sites that has most; NaN if unknown.  [person t]"""
    exposed = _exposed(scenario, _treated(scenario, tables, IN_PERIOD))
    if exposed.isna().any():
        return math.nan
    return max(_by_region(scenario, exposed).values(), default=0.0)


def diversion_rate_lowest(scenario: Scenario, tables: Evaluation) -> float:
    """The lowest diversion of any region with waste, in any period.  [-]"""
    rates = []
    for _, part in tables.waste.groupby(["period", "region"]):
        if part["generated_t"].sum() > 0:
            rates.append(
                float(diversion_rates(part)["landfill_diversion_rate"].iloc[0])
            )
    return min(rates, default=math.nan)


def collected_rate_lowest(scenario: Scenario, tables: Evaluation) -> float:
    """The lowest share collected of any region with waste, in any period.  [-]

    1 - (burnt, dumped or left where it arises) / generated, in the last year.
    """
    nobodys = {f.id for f in scenario.fates if f.kind in UNCOLLECTED_KINDS}
    flows = tables.flows
    left = flows[flows["destination"].isin(nobodys)]
    region = left["origin"].map(lambda g: scenario.generator[str(g)].region)
    tonnes = left[LAST_YEAR].groupby([left["period"], region]).sum().to_dict()
    made = tables.waste.groupby(["period", "region"])["generated_t"].sum()
    rates = [
        1.0 - float(tonnes.get(key, 0.0)) / float(amount)
        for key, amount in made.items()
        if amount > 0
    ]
    return min(rates, default=math.nan)


BURDENS: Mapping[str, Callable[[Scenario, Evaluation], float]] = {
    "jobs_total": jobs_total,
    "exposure_total": exposure_total,
    "exposure_largest_total": exposure_largest_total,
    "unsuited_total_t": unsuited_total_t,
    "hosted_largest_total_t": hosted_largest_total_t,
    "diversion_rate_lowest": diversion_rate_lowest,
    "collected_rate_lowest": collected_rate_lowest,
}


def burden_reached(
    scenario: Scenario, tables: Evaluation, metric: str, period: str
) -> float | None:
    """Jobs, or the largest share of a region, in the last year of a period.

    None where nothing is treated.
    """
    if metric == "jobs":
        rows = tables.facilities[tables.facilities["period"] == period]
        return float(rows["jobs"].sum())
    amount = _treated(scenario, tables, LAST_YEAR, period)
    if metric == "exposure_share_largest":
        amount = _exposed(scenario, amount)
    whole = float(amount.sum(skipna=False))
    if not whole:
        return None
    return max(_by_region(scenario, amount).values()) / whole


def _treated(
    scenario: Scenario, tables: Evaluation, column: str, period: str = ""
) -> pd.Series[float]:
    """Tonnes that plants on each site take; effluent plants do not count.  [t]"""
    flows = tables.flows
    part = flows[flows["period"] == period] if period else flows
    places = part["destination"].map(str)
    counts = places.map(lambda p: hosts(scenario, technology_of(p)))
    own = part[counts.astype(bool)]
    sites = own["destination"].map(lambda p: str(p).partition(".")[0])
    return own[column].groupby(sites).sum()


def _exposed(scenario: Scenario, treated: pd.Series[float]) -> pd.Series[float]:
    """Tonnes of each site times the people beside it; NaN unknown.  [person t]"""
    people = people_affected(scenario)
    return treated * pd.Series(
        {site: people[str(site)] for site in treated.index}, dtype=float
    )


def _by_region(scenario: Scenario, amount: pd.Series[float]) -> dict[str, float]:
    """Sums of sites by their region."""
    sums: dict[str, float] = {}
    for site, value in amount.items():
        region = scenario.site[str(site)].region
        sums[region] = sums.get(region, 0.0) + float(value)
    return sums
