"""What places and periods are called when a study speaks to people."""

from __future__ import annotations

from wasteplan.scenario.model import Scenario


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
