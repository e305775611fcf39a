"""From scenario, plan and period to a case that can be run."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from wasteplan.network.places import Outlet
from wasteplan.plan.records import Plan
from wasteplan.scenario.derived import period_of
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.planned_measures import regimes_in
from wasteplan.sim.airspace import airspace_left_m3
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
from wasteplan.sim.sludge import effluent_plants
from wasteplan.sim.sourcing import Sourcing
from wasteplan.sim.ways import Ways
from wasteplan.treatment.records import Size
from wasteplan.units import DAYS_PER_YEAR


def assemble(
    scenario: Scenario,
    plan: Plan,
    period: str,
    *,
    days: int,
    warm_up_d: int,
    airspace_m3: Mapping[tuple[str, str], float] | None = None,
) -> Case:
    """Everything one replication of a period needs, as plain values.

    Parameters
    ----------
    period, days, warm_up_d
        Period, its last year stands for it; measured days from 1 January on; days run
        before them.
    airspace_m3
        Left on that day by (period, plant); worked out from the plan if None.

    Raises
    ------
    PlanError
        Material goes where nothing works or no truck drives; shares do not add up.
    """
    row = period_of(scenario, period)
    routing = Routing(scenario, plan, period)
    sizes, centres, outlets = _at_work(scenario, plan, period, routing)
    numbers = {n: i for i, n in enumerate([*sizes, *centres, *outlets])}
    weekday = first_day(row.last_year, warm_up_d).weekday()
    ways = Ways(scenario, weekday)
    book = Catalogue(scenario)
    sourcing = Sourcing(scenario, row, book, routing, ways, numbers)
    sourcing.add_all(regimes_in(scenario, plan, period))
    close(book, sorted({name.rpartition(".")[2] for name in sizes}))
    left = airspace_left_m3(scenario, plan) if airspace_m3 is None else airspace_m3
    placing = Placing(scenario, book, routing, ways, numbers, weekday, left, period)
    places = _places(placing, sizes, centres, outlets, days)
    groups = sourcing.groups()
    check_acceptance(plan, places, groups, book.commodities)
    fitted, notes = fit(places, groups, book.commodities, ways.fleets)
    km, time_h = ways.between(list(numbers))
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


def _at_work(
    scenario: Scenario, plan: Plan, period: str, routing: Routing
) -> tuple[dict[str, tuple[Size, ...]], tuple[str, ...], list[str]]:
    """Sizes by plant of solid waste, centres, and the outlets that the plan uses."""
    standing = sizes_at_work(scenario, plan, period)
    liquid = effluent_plants(scenario, standing)
    centres = centres_at_work(scenario, plan, period)
    used = [o for o in outlets_at_work(scenario, period) if o in routing.destinations]
    check_destinations(plan, period, routing, [*standing, *centres, *used])
    sizes = {plant: own for plant, own in standing.items() if plant not in liquid}
    return sizes, centres, used


def _places(
    placing: Placing,
    sizes: Mapping[str, Sequence[Size]],
    centres: Sequence[str],
    outlets: Sequence[str],
    days: int,
) -> list[Place]:
    """Plants, centres and outlets, in this order."""
    scenario = placing.scenario
    places: list[Place] = [placing.plant(n, s) for n, s in sizes.items()]
    places += [placing.centre(scenario.centre[c]) for c in centres]
    places += [_outlet(scenario.outlet[o], days) for o in outlets]
    return places


def _outlet(row: Outlet, days: int) -> OutletCase:
    """An outlet with its limit for the measured days."""
    yearly = math.inf if row.limit_t_per_y is None else row.limit_t_per_y
    return OutletCase(row.id, row.counts_as, yearly * days / DAYS_PER_YEAR)
