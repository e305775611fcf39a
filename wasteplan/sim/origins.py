"""Where the waste of every stream and region is: the books by origin."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from wasteplan.sim.centre import OutletGate
from wasteplan.sim.plant import Plant
from wasteplan.sim.world import World

AWAY = ("landfill", "leakage")
"""What outlets count as that are no diversion."""

Scope = tuple[str, str]
"""Region and stream; an empty one means all."""


@dataclass(frozen=True)
class OriginBook:
    """What became of the waste of one origin since the start.

    Attributes
    ----------
    generated
        By its generators.  [t]
    lost
        Leaked before collection.  [t]
    away
        Buried with its residues, leaked across the boundary, without a place.  [t]
    under_way
        Handed over or made by a plant, and not yet treated or at an end; what waits
        at a plant for a full load of an output is left out.  [t]
    """

    generated: float
    lost: float
    away: float
    under_way: float


def origin_books(world: World, days: int) -> dict[str, OriginBook]:
    """The books by `stream` or `stream@region`; every place must be settled.

    Residues belong to the origin of what they were made of: a blend is burnt as it
    lies in the bunker, and each commodity in it knows where it came from.
    """
    away, under_way = _by_commodity(world)
    ended: dict[str, float] = defaultdict(float)
    moving: dict[str, float] = defaultdict(float)
    for k, commodity in enumerate(world.case.commodities):
        ended[commodity.origin] += away[k]
        moving[commodity.origin] += under_way[k]
    generated = {
        origin: (float(rows[0, :days].sum()), float(rows[1, :days].sum()))
        for origin, rows in world.collected.by_origin.items()
    }
    names = sorted({*ended, *generated})
    return {
        name: OriginBook(
            *generated.get(name, (0.0, 0.0)),
            ended.get(name, 0.0),
            moving.get(name, 0.0),
        )
        for name in names
    }


def _by_commodity(world: World) -> tuple[list[float], list[float]]:
    """Ended away from treatment, and under way, by commodity number.  [t]"""
    away = [0.0] * len(world.case.commodities)
    under_way = list(world.handed_of_t)

    def end(parts: Mapping[int, float], *, diverted: bool) -> None:
        for k, tonnes in parts.items():
            under_way[k] -= tonnes
            if not diverted:
                away[k] += tonnes

    end(world.untreated_of_t, diverted=False)
    for place in world.places:
        if isinstance(place, OutletGate):
            end(place.received_of_t, diverted=place.case.counts_as not in AWAY)
        elif isinstance(place, Plant):
            for k, tonnes in place.made_of().items():
                under_way[k] += tonnes
            for waiting in place.bins:
                end(waiting.contents(), diverted=True)
            end(place.stranded, diverted=False)
            buries = place.case.is_disposal
            bunker = place.bunker
            end(bunker.tipped if buries else bunker.taken(), diverted=not buries)
    return away, under_way


@dataclass(frozen=True)
class Diverted:
    """Waste of a scope in the measured days, and what of it is not diverted.  [t]"""

    generated: float
    away: float

    @property
    def rate(self) -> float:
        """Landfill diversion; NaN where there is no waste.  [-]"""
        return 1 - self.away / self.generated if self.generated > 0 else math.nan


def diverted_by_scope(
    before: Mapping[str, OriginBook], after: Mapping[str, OriginBook]
) -> dict[Scope, Diverted]:
    """Between two moments, by stream, and by region where origins tell it.

    What has piled up of a scope is not diverted either, as for all waste.
    """
    sums: dict[Scope, list[float]] = {}
    for origin, now in after.items():
        then = before.get(origin, OriginBook(0.0, 0.0, 0.0, 0.0))
        stream, _, region = origin.partition("@")
        for scope in dict.fromkeys(((region, ""), ("", stream), (region, stream))):
            if scope == ("", ""):
                continue
            total = sums.setdefault(scope, [0.0, 0.0, 0.0])
            total[0] += now.generated - then.generated
            total[1] += now.lost - then.lost + now.away - then.away
            total[2] += now.under_way - then.under_way
    return {
        scope: Diverted(generated, away + max(piled_up, 0.0))
        for scope, (generated, away, piled_up) in sorted(sums.items())
    }
