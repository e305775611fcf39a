"""From scenario, plan and period to a case that can be run."""

from __future__ import annotations

from wasteplan.plan.records import Plan
from wasteplan.scenario.derived import period_of
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.planned_measures import regimes_in
from wasteplan.sim.calendar import first_day
from wasteplan.sim.case import Case, OutletCase, Place
from wasteplan.sim.commodities import Catalogue, close
from wasteplan.sim.fitting import check_acceptance, fit
from wasteplan.sim.placing import Placing
from wasteplan.sim.routing import (
    Routing,
    centres_at_work,
    check_destinations,
    outlets_at_work,
    sizes_at_work,
)
from wasteplan.sim.sourcing import Sourcing
from wasteplan.sim.ways import Ways


def assemble(
    scenario: Scenario, plan: Plan, period: str, *, days: int, warm_up_d: int
) -> Case:
    """Everything one replication of a period needs, as plain values.

    Parameters
    ----------
    period
        Period id; its last year stands for it.
    days, warm_up_d
        Measured days from 1 January on, and days run before them.

    Raises
    ------
    PlanError
        If the plan sends material where nothing works or no truck goes, or its shares
        do not add up.
    """
    row = period_of(scenario, period)
    routing = Routing(scenario, plan, period)
    sizes = sizes_at_work(scenario, plan, period)
    centres = centres_at_work(scenario, plan, period)
    outlets = [
        o for o in outlets_at_work(scenario, period) if o in routing.destinations
    ]
    names = [*sizes, *centres, *outlets]
    check_destinations(plan, period, routing, names)
    numbers = {name: i for i, name in enumerate(names)}
    weekday = first_day(row.last_year, warm_up_d).weekday()
    ways = Ways(scenario, weekday)
    book = Catalogue(scenario)
    sourcing = Sourcing(scenario, row, book, routing, ways, numbers)
    sourcing.add_all(regimes_in(scenario, plan, period))
    close(book, sorted({name.rpartition(".")[2] for name in sizes}))
    placing = Placing(scenario, book, routing, ways, numbers, weekday)
    places: list[Place] = [placing.plant(n, s) for n, s in sizes.items()]
    places += [placing.centre(scenario.centre[c]) for c in centres]
    places += [OutletCase(o, scenario.outlet[o].counts_as) for o in outlets]
    groups = sourcing.groups()
    check_acceptance(plan, places, groups, book.commodities)
    fitted, notes = fit(places, groups, book.commodities, ways.fleets)
    km, time_h = ways.between(names)
    return Case(
        scenario=scenario.name,
        plan=plan.name,
        period=period,
        year=row.last_year,
        warm_up_d=warm_up_d,
        days=days,
        commodities=tuple(book.commodities),
        places=fitted,
        fleets=tuple(ways.fleets),
        vehicles=tuple(ways.vehicles),
        sources=tuple(sourcing.sources),
        groups=groups,
        profiles=sourcing.profiles(warm_up_d, days),
        km=km,
        time_h=time_h,
        notes=notes,
    )
