"""Where a load goes that a full or closed place has turned away."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from wasteplan.sim.load import Load
from wasteplan.sim.plant import Plant

HasRoom = Callable[[Plant, Load, float, float], bool]


class Cascade:
    """The next plant that takes it, then a disposal site that does, then nothing.

    Within each kind the nearest by road goes first.
    """

    __slots__ = ("_km", "_order", "_plants", "_time_h")

    def __init__(
        self, plants: dict[int, Plant], km: np.ndarray, time_h: np.ndarray
    ) -> None:
        self._plants, self._km, self._time_h = plants, km, time_h
        self._order: dict[int, list[int]] = {}

    def next_place(self, now_h: float, load: Load, refused_by: int) -> int | None:
        """The number of the next place to try, None if there is none."""
        for place in self._from(refused_by):
            plant = self._plants[place]
            if place in load.refused_by or load.name not in plant.accepts:
                continue
            arrival = now_h + float(self._time_h[refused_by, place])
            if plant.would_take(now_h, arrival, load):
                return place
        return None

    def _from(self, place: int) -> list[int]:
        """Plants that can be reached, in order of preference."""
        if place not in self._order:
            km = self._km[place]
            self._order[place] = sorted(
                (p for p in self._plants if p != place and np.isfinite(km[p])),
                key=lambda p: (self._plants[p].case.is_disposal, float(km[p]), p),
            )
        return self._order[place]
