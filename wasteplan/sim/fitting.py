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
    Group,
    Haul,
    OutletCase,
    Place,
    PlantCase,
)

SHOWN_MAX = 10  # mistakes listed in one message


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


def with_room_for_a_load(
    places: Sequence[Place], groups: Sequence[Group], commodities: Sequence[Commodity]
) -> tuple[Place, ...]:
    """The same places, with bunkers no smaller than the largest load sent to them."""
    largest: dict[int, float] = defaultdict(float)
    for _, _, haul in hauls_in(places, groups, commodities):
        largest[haul.destination] = max(largest[haul.destination], haul.load_t)
    return tuple(
        replace(p, bunker_t=max(p.bunker_t, largest[i]))
        if isinstance(p, PlantCase)
        else p
        for i, p in enumerate(places)
    )
