"""The lines of a plant: what they take by mass and heat, and when they stand still."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import simpy
from simpy.events import ProcessGenerator

from wasteplan.sim.chance import Spread


@dataclass(frozen=True)
class Rating:
    """What one line takes.

    Parameters
    ----------
    mass_t_per_h
        Most tonnes an hour.  [t/h]
    heat_gj_per_h
        Most heat an hour; None: no limit.  [GJ/h]
    """

    mass_t_per_h: float
    heat_gj_per_h: float | None = None

    def speed(self, lhv_gj_per_t: float) -> float:
        """Tonnes an hour of a mix; an unknown heating value leaves the mass limit.

        Dry waste fills the furnace before the crane is busy:

        >>> Rating(12.0, 100.0).speed(17.0), Rating(12.0, 100.0).speed(8.0)
        (5.882352941176471, 12.0)
        """
        heat = self.heat_gj_per_h
        if heat is None or not lhv_gj_per_t * self.mass_t_per_h > heat:
            return self.mass_t_per_h
        return heat / lhv_gj_per_t


class Lines:
    """Equal lines in parallel; each works unless something stops it.

    A line that is both under overhaul and broken starts when both are over.
    """

    __slots__ = ("_stops", "_time", "n", "rating", "up", "up_h")

    def __init__(self, n: int, rating: Rating) -> None:
        self.n, self.rating = n, rating
        self._stops = [0] * n
        self.up = n
        self.up_h = 0.0
        self._time = 0.0

    def settle(self, now_h: float) -> None:
        """Count line-hours at work up to now."""
        self.up_h += self.up * (now_h - self._time)
        self._time = now_h

    def speed(self, lhv_gj_per_t: float) -> float:
        """Tonnes an hour that the lines at work take.  [t/h]"""
        return self.up * self.rating.speed(lhv_gj_per_t)

    def stop(self, now_h: float, line: int) -> None:
        """One more reason for a line to stand still."""
        self.settle(now_h)
        self._stops[line] += 1
        self.up -= self._stops[line] == 1

    def start(self, now_h: float, line: int) -> None:
        """One reason less."""
        self.settle(now_h)
        self._stops[line] -= 1
        self.up += self._stops[line] == 0


Switch = Callable[[float, int, bool], None]
"""Called with time, line, and whether it stops; settles what was burnt since."""


def outages(
    env: simpy.Environment,
    line: int,
    switch: Switch,
    to_failure: Spread,
    to_repair: Spread,
    rng: np.random.Generator,
) -> ProcessGenerator:
    """Take a line out of service at random and bring it back, for ever."""
    while True:
        yield env.timeout(float(to_failure.draw(rng, 1)[0]))
        switch(env.now, line, True)
        yield env.timeout(float(to_repair.draw(rng, 1)[0]))
        switch(env.now, line, False)


def overhaul(
    env: simpy.Environment,
    line: int,
    switch: Switch,
    first_h: float,
    length_h: float,
    every_h: float,
) -> ProcessGenerator:
    """Take a line out of service for its yearly overhaul."""
    yield env.timeout(first_h)
    while True:
        switch(env.now, line, True)
        yield env.timeout(length_h)
        switch(env.now, line, False)
        yield env.timeout(every_h - length_h)


def up_and_down(
    to_failure: Spread, to_repair: Spread, rng: np.random.Generator, cycles: int
) -> tuple[np.ndarray, np.ndarray]:
    """Lengths of working and standing still in turn; shapes (cycles,).  [h]"""
    return to_failure.draw(rng, cycles), to_repair.draw(rng, cycles)
