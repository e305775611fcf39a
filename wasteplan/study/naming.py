"""What places and periods are called when a study speaks to people."""

from __future__ import annotations

from collections.abc import Collection

from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import Target

METRIC_NAMES = {
    "landfill_diversion_rate": "diversion target",
    "recycling_rate": "recycling target",
    "co2e_direct_t_per_y": "cap on direct emissions",
    "co2e_t_per_y": "cap on net emissions",
    "capex": "construction budget",
    "cost_total": "limit on cost over all years",
    "co2e_total_t": "limit on net emissions over all years",
    "co2e_direct_total_t": "limit on direct emissions over all years",
    "landfilled_total_t": "limit on landfilled tonnes over all years",
    "jobs_total": "floor on person-years over all years",
    "exposure_total": "limit on exposure over all years",
    "exposure_largest_total": "limit on the exposure of the region that has most",
    "unsuited_total_t": "limit on tonnes at unsuited sites over all years",
    "hosted_largest_total_t": "limit on tonnes of the region that treats most",
    "diversion_rate_lowest": "floor on the diversion of every region",
    "collected_rate_lowest": "floor on the share collected in every region",
    "hosted_share_largest": "limit on the share of the region that treats most",
    "exposure_share_largest": "limit on the share of the region most exposed",
    "jobs": "floor on jobs",
    "site_score": "least score of sites",
}
LESS_OF = {
    "co2e_total_t": "net emissions over all years",
    "co2e_direct_total_t": "direct emissions over all years",
    "landfilled_total_t": "landfilled tonnes over all years",
    "exposure_total": "exposure over all years",
    "exposure_largest_total": "exposure in the region that has most",
    "unsuited_total_t": "tonnes at unsuited sites over all years",
    "hosted_largest_total_t": "tonnes in the region that treats most",
    "weighted": "weighted cost",
}
"""What is made least when it is not the cost."""
MORE_OF = {
    "jobs_total": "person-years of work over all years",
    "diversion_rate_lowest": "diversion in the region that is served worst",
    "collected_rate_lowest": "share collected in the region that is served worst",
}
"""What is made most."""
AIMS = {**LESS_OF, **MORE_OF}

TERM_NAMES = {
    "capital": "capital",
    "land": "land",
    "fixed_om": "fixed operation",
    "variable_om": "variable operation",
    "centre": "centres",
    "haul": "haul",
    "electricity": "electricity",
    "fuel": "fuel",
    "heat": "heat sold",
    "after_care": "after-care",
    "carbon": "carbon price",
    "sales": "sales and outlets",
}


def place_name(scenario: Scenario, id: str) -> str:
    """The name of a site, centre, generator, outlet or plant (`site.technology`)."""
    known = (
        scenario.site.get(id)
        or scenario.centre.get(id)
        or scenario.generator.get(id)
        or scenario.outlet.get(id)
    )
    if known is not None:
        return known.name or id
    site, dot, technology = id.partition(".")
    if not dot:
        return id
    return f"{technology_name(scenario, technology)} at {place_name(scenario, site)}"


def region_name(region: str) -> str:
    """What a region is called; regions are ids only, so their words are capitalised.

    >>> region_name("svay_rieng")
    'Svay Rieng'
    """
    return region.replace("_", " ").title()


def stream_name(scenario: Scenario, id: str) -> str:
    """The name of a stream."""
    known = scenario.stream.get(id)
    return known.name if known is not None and known.name else id


def scope_name(scenario: Scenario, target: Target) -> str:
    """What waste a target is about: its region and stream, or all of it."""
    parts = [region_name(target.region)] if target.region else []
    parts += [stream_name(scenario, target.stream)] if target.stream else []
    return ", ".join(parts) or "all waste"


def periods_name(scenario: Scenario, periods: Collection[str]) -> str:
    """The years of several periods, neighbours joined."""
    spans: list[tuple[int, int]] = []
    for period in scenario.periods:
        if period.id not in periods:
            continue
        if spans and spans[-1][1] + 1 == period.first_year:
            spans[-1] = (spans[-1][0], period.last_year)
        else:
            spans.append((period.first_year, period.last_year))
    return ", ".join(years_name(first, last) for first, last in spans)


def technology_name(scenario: Scenario, id: str) -> str:
    """The name of a technology."""
    known = scenario.technology.get(id)
    return known.name if known is not None and known.name else id


def period_name(scenario: Scenario, id: str) -> str:
    """The years of a period."""
    for period in scenario.periods:
        if period.id == id:
            return years_name(period.first_year, period.last_year)
    return id


def years_name(first: int, last: int) -> str:
    """A span of years.

    >>> years_name(2025, 2030), years_name(2025, 2025)
    ('2025-2030', '2025')
    """
    return f"{first}-{last}" if last > first else str(first)
