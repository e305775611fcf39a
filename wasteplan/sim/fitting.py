"""Whether places take what a plan sends them, and can hold one load of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from wasteplan.errors import PlanError
from wasteplan.plan.records import Plan
from wasteplan.sim.case import (
    CentreCase,
    Commodity,
    FleetCase,
    Group,
    Haul,
    OutletCase,
    Place,
    PlantCase,
)
from wasteplan.sim.departure import NEVER, next_stretch
from wasteplan.sim.load import Load

SHOWN_MAX = 10  # mistakes listed in one message
LOADS_HELD = 2.0  # truckloads that a centre can hold for every way out


def hauls_in(
    places: Sequence[Place], groups: Sequence[Group], commodities: Sequence[Commodity]
) -> Iterator[tuple[str, str, Haul]]:
    """Every haul of the plan: origin, name of what is carried, the way."""
    for g in groups:
        yield g.origin, commodities[g.commodity].name, g.haul
    for p in places:
        if not isinstance(p, OutletCase):
            for b in p.bins:
                yield p.id, b.name, b.haul


def check_acceptance(
    plan: Plan,
    places: Sequence[Place],
    groups: Sequence[Group],
    commodities: Sequence[Commodity],
) -> None:
    """Every haul ends where its load is taken, and centres have a way out for it.

    Raises
    ------
    PlanError
        With the routes that do not fit.
    """
    wrong = []
    for origin, name, haul in hauls_in(places, groups, commodities):
        place = places[haul.destination]
        if isinstance(place, OutletCase):
            continue  # sells or buries what it is sent; limits are the evaluation's
        if name not in place.accepts:
            wrong.append(f"{origin} -> {place.id}: {place.id} does not take {name}")
        elif isinstance(place, CentreCase) and name not in {b.name for b in place.bins}:
            wrong.append(f"{place.id}: no route onward for {name}")
    if wrong:
        shown = "; ".join(sorted(set(wrong))[:SHOWN_MAX])
        raise PlanError(f"plan '{plan.name}': {shown}")


def fit(
    places: Sequence[Place],
    groups: Sequence[Group],
    commodities: Sequence[Commodity],
    fleets: Sequence[FleetCase],
) -> tuple[tuple[Place, ...], tuple[str, ...]]:
    """Places that can be run, and notes on where the run departs from the scenario."""
    fitted, enlarged = with_room_for_a_load(places, groups, commodities)
    never = hauls_that_never_run(fitted, groups, commodities, fleets)
    return fitted, enlarged + never


def with_room_for_a_load(
    places: Sequence[Place], groups: Sequence[Group], commodities: Sequence[Commodity]
) -> tuple[tuple[Place, ...], tuple[str, ...]]:
    """The same places with room for the loads sent to them, and what was enlarged.

    A bunker holds the largest load that comes; a centre holds twice one truckload for
    every way out, else no truck would ever be full. Stated limits below that are
    enlarged, and a note says so.
    """
    largest: dict[int, float] = defaultdict(float)
    for _, _, haul in hauls_in(places, groups, commodities):
        largest[haul.destination] = max(largest[haul.destination], haul.load_t)
    fitted: list[Place] = []
    notes = []
    for i, p in enumerate(places):
        if isinstance(p, PlantCase) and p.bunker_t < largest[i]:
            notes.append(
                f"{p.id}: a bunker of {p.bunker_t:.4g} t holds no load of "
                f"{largest[i]:.4g} t; simulated with {largest[i]:.4g} t"
            )
            fitted.append(replace(p, bunker_t=largest[i]))
            continue
        if isinstance(p, CentreCase):
            least = LOADS_HELD * sum(b.haul.load_t for b in p.bins)
            if p.storage_t < least:
                notes.append(
                    f"{p.id}: a storage of {p.storage_t:.4g} t fills no bulk trucks; "
                    f"simulated with {least:.4g} t"
                )
                fitted.append(replace(p, storage_t=least))
                continue
        fitted.append(p)
    return tuple(fitted), tuple(notes)


def hauls_that_never_run(
    places: Sequence[Place],
    groups: Sequence[Group],
    commodities: Sequence[Commodity],
    fleets: Sequence[FleetCase],
) -> tuple[str, ...]:
    """A note on every haul whose fleet works when the gate is shut."""
    notes = set()
    for origin, _, haul in hauls_in(places, groups, commodities):
        place = places[haul.destination]
        if haul.fleet < 0 or not isinstance(place, PlantCase):
            continue
        shift, pause = fleets[haul.fleet].hours, fleets[haul.fleet].pause
        load = Load(0, haul.load_t, (), 0.0, 0, haul, haul.km, haul.time_h)
        if next_stretch(0.0, shift, place.hours, load, pause) == NEVER:
            fleet = fleets[haul.fleet].id
            notes.add(
                f"{origin} -> {place.id}: no shift of {fleet} meets the opening "
                "hours; what is sent there waits for ever"
            )
    return tuple(sorted(notes))
