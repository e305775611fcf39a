"""Pairs of places that the roads send far around: usually a road is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from wasteplan.network.distance import Roads
from wasteplan.network.great_circle import great_circle_km
from wasteplan.network.snapping import Place, coordinates

RATIO_MIN = 4.0  # by road over great circle; winding mountain roads reach about 3
SHORTEST_KM = 0.1  # nearer places are one place


@dataclass(frozen=True)
class Detour:
    """Two places that are near each other and far by road."""

    a: str
    b: str
    straight_km: float
    road_km: float

    def __str__(self) -> str:
        return (
            f"{self.a} - {self.b}: {self.straight_km:.1f} km apart, "
            f"{self.road_km:.1f} km by road"
        )


def detours(
    roads: Roads, places: Sequence[Place], *, ratio_min: float = RATIO_MIN
) -> tuple[Detour, ...]:
    """Pairs whose way is many times the great circle, the worst first.

    A graph of towns with a spur to every zone sends neighbouring zones through the
    town; an edge between them mends it.  Pairs without any way are left out.

    Parameters
    ----------
    places
        With positions; all pairs of them are compared.
    ratio_min
        Least length by road over great circle.  [-]
    """
    lon, lat = coordinates(places)
    straight_km = great_circle_km(lon[:, None], lat[:, None], lon, lat)
    road_km, _ = roads.matrix(places, places)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(straight_km > SHORTEST_KM, road_km / straight_km, 0.0)
    ratio = np.triu(np.where(np.isfinite(ratio), ratio, 0.0), k=1)
    pairs = np.argwhere(ratio >= ratio_min)
    worst = sorted(pairs.tolist(), key=lambda p: -float(ratio[p[0], p[1]]))
    return tuple(
        Detour(
            places[i].id,
            places[j].id,
            float(straight_km[i, j]),
            float(road_km[i, j]),
        )
        for i, j in worst
    )
