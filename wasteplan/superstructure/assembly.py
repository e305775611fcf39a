"""A scenario as a superstructure."""

from __future__ import annotations

from dataclasses import dataclass

from wasteplan.scenario.model import Scenario
from wasteplan.superstructure.commodities import commodities, pool
from wasteplan.superstructure.experience import NO_EXPERIENCE, Experience
from wasteplan.superstructure.feed_costs import CostDrivers, cost_drivers
from wasteplan.superstructure.feeds import feeds
from wasteplan.superstructure.gates import Gates
from wasteplan.superstructure.hauls import first_hauls, later_hauls
from wasteplan.superstructure.heat import heat_markets
from wasteplan.superstructure.model import NO_REGIME, Floats, Superstructure
from wasteplan.superstructure.origins import (
    sources_and_origins,
    spans,
    tonnes_by_year,
)
from wasteplan.superstructure.plants import options, plants
from wasteplan.superstructure.regimes import regime_options
from wasteplan.superstructure.uncollected import uncollected


@dataclass(frozen=True)
class Assembled:
    """A superstructure with what it was made from, to change numbers in it later."""

    s: Superstructure
    gates: Gates
    tonnes: Floats
    """(pairs of the gates, years): stated tonnes.  [t/y]"""
    drivers: CostDrivers


def superstructure(
    scenario: Scenario, *, pooled: bool = True, experience: Experience = NO_EXPERIENCE
) -> Superstructure:
    """Every option of a scenario with its coefficients.

    Parameters
    ----------
    scenario
        A validated case.
    pooled
        Merge outputs that every destination treats alike (the default); without, one
        commodity per path, for comparison.
    experience
        What simulations of earlier plans have found.

    Returns
    -------
    Superstructure
        Arrays in kt/y, M money, TJ; present values discounted to the base year.
    """
    return assembled(scenario, pooled=pooled, experience=experience).s


def assembled(
    scenario: Scenario, *, pooled: bool = True, experience: Experience = NO_EXPERIENCE
) -> Assembled:
    """As `superstructure`, with its parts."""
    periods = spans(scenario)
    pairs, tonnes = tonnes_by_year(scenario)
    gates = Gates(scenario, pairs)
    sources, origins = sources_and_origins(scenario, periods, gates, tonnes)
    elsewhere = uncollected(gates, tonnes, periods)
    always = elsewhere.under(NO_REGIME)
    if pooled:
        book = pool(commodities(scenario, origins))
    else:
        book = commodities(scenario, origins, by_path=True)
    found = plants(scenario)
    drivers = cost_drivers(scenario, book, found)
    taken = feeds(scenario, book, found, periods, drivers)
    first = first_hauls(scenario, sources, book, found, taken)
    later = later_hauls(scenario, book, found, taken)
    made = Superstructure(
        scenario=scenario,
        spans=periods,
        origins=origins,
        sources=sources,
        commodities=tuple(book.commodities),
        plants=found,
        options=options(scenario, found, periods),
        feeds=taken,
        first=first,
        later=later,
        leaked_co2e_kt=always.leaked_kt,
        leaked_co2e_total_kt=float(always.leaked_total_kt.sum()),
        heat_markets=heat_markets(scenario, found, periods),
        regimes=regime_options(gates, tonnes, periods, elsewhere),
        incomes_m=always.incomes_m,
        constant_m=float((always.carbon_m + always.sales_m).sum()),
        experience=experience,
    )
    return Assembled(made, gates, tonnes, drivers)
