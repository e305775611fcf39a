"""The lines of a plant: what they take by mass and heat, and when they stand still."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import simpy
from simpy.events import ProcessGenerator

from wasteplan.sim.chance import Spread
from wasteplan.sim.crews import Crews


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

    def part(self, load: float) -> Rating:
        """A share of it, of a line that is not yet at full load."""
        heat = self.heat_gj_per_h
        return Rating(self.mass_t_per_h * load, None if heat is None else heat * load)

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


FAILURE, OVERHAUL = 0, 1
"""Why a line stands still."""


class Lines:
    """Lines in parallel that burn one mix; each works unless something stops it.

    A line that is both under overhaul and broken starts when both are over. Every line
    gets the same mix and takes what its own limits by mass and heat allow.

    Attributes
    ----------
    up_h, overhaul_h, ramp_h
        Line-hours at work; under overhaul, broken or not; at work below full load. A
        line is broken in the hours that are left.  [h]
    mass_limit_t, heat_limit_gj
        What the lines at work could have taken so far.  [t], [GJ]
    """

    __slots__ = (
        "_at_work", "_load", "_overhauls", "_ramping", "_stops", "_time",
        "has_heat_limit", "heat_limit_gj", "heat_up", "mass_limit_t", "mass_up",
        "overhaul_h", "ramp_h", "ratings", "up", "up_h",
    )  # fmt: skip

    def __init__(self, ratings: Sequence[Rating]) -> None:
        self.ratings = tuple(ratings)
        self.has_heat_limit = any(r.heat_gj_per_h is not None for r in ratings)
        self._stops = [0] * len(self.ratings)
        self._overhauls = [False] * len(self.ratings)
        self._load = [1.0] * len(self.ratings)
        self._time = self.up_h = self.mass_limit_t = self.heat_limit_gj = 0.0
        self.overhaul_h = self.ramp_h = 0.0
        self._rate()

    def _rate(self) -> None:
        at_work = [
            r if load == 1.0 else r.part(load)
            for r, stops, load in zip(
                self.ratings, self._stops, self._load, strict=True
            )
            if not stops
        ]
        self._at_work = at_work
        self._ramping = sum(
            load < 1.0 and not stops
            for load, stops in zip(self._load, self._stops, strict=True)
        )
        self.up = len(at_work)
        self.mass_up = sum(r.mass_t_per_h for r in at_work)
        heats = [r.heat_gj_per_h for r in at_work]
        self.heat_up = sum(math.inf if h is None else h for h in heats)

    def settle(self, now_h: float) -> None:
        """Count hours and limits up to now."""
        dt = now_h - self._time
        if dt <= 0:
            return
        self.up_h += self.up * dt
        self.mass_limit_t += self.mass_up * dt
        self.heat_limit_gj += self.heat_up * dt
        self.overhaul_h += sum(self._overhauls) * dt
        self.ramp_h += self._ramping * dt
        self._time = now_h

    def speed(self, lhv_gj_per_t: float) -> float:
        """Tonnes an hour that the lines at work take, each by its own limits.  [t/h]

        Two lines for 10 t/h with different furnaces, waste of 10 GJ/t: 8 + 10 t/h.

        >>> Lines([Rating(10.0, 80.0), Rating(10.0, 120.0)]).speed(10.0)
        18.0
        """
        if not self.has_heat_limit:
            return self.mass_up
        return sum(r.speed(lhv_gj_per_t) for r in self._at_work)

    def least(self, lhv_gj_per_t: float, load_min: float) -> float:
        """Tonnes an hour that keep the lines at work at their minimum load.  [t/h]

        A share of the heat rating, of the mass limit without one or with an unknown
        heating value; never more than the lines take.

        >>> Lines([Rating(12.0, 100.0)]).least(10.0, load_min=0.7)
        7.0
        >>> Lines([Rating(12.0)]).least(math.nan, load_min=0.5)
        6.0
        """
        total = 0.0
        for r in self._at_work:
            least = load_min * r.mass_t_per_h
            if r.heat_gj_per_h is not None and lhv_gj_per_t > 0:
                least = load_min * r.heat_gj_per_h / lhv_gj_per_t
            total += min(least, r.speed(lhv_gj_per_t))
        return total

    def stop(self, now_h: float, line: int, why: int = FAILURE) -> None:
        """One more reason for a line to stand still."""
        self.settle(now_h)
        self._stops[line] += 1
        if why == OVERHAUL:
            self._overhauls[line] = True
        self._rate()

    def start(self, now_h: float, line: int, why: int = FAILURE) -> None:
        """One reason less."""
        self.settle(now_h)
        self._stops[line] -= 1
        if why == OVERHAUL:
            self._overhauls[line] = False
        self._rate()

    def is_up(self, line: int) -> bool:
        """Whether nothing keeps a line from work."""
        return not self._stops[line]

    def limit(self, now_h: float, line: int, load: float) -> None:
        """Let a line take only a share of its rating, until told otherwise.  [-]"""
        self.settle(now_h)
        self._load[line] = load
        self._rate()


Switch = Callable[[float, int, bool], None]
"""Called with time, line, and whether it stops; settles what was burnt since."""


def outages(
    env: simpy.Environment,
    line: int,
    switch: Switch,
    to_failure: Spread,
    to_repair: Spread,
    rng: np.random.Generator,
    crews: Crews | None = None,
) -> ProcessGenerator:
    """Take a line out of service at random and bring it back, for ever.

    With `crews` a broken line waits for one of them; without, somebody is always there.
    """
    while True:
        yield env.timeout(float(to_failure.draw(rng, 1)[0]))
        switch(env.now, line, True)
        repair_h = float(to_repair.draw(rng, 1)[0])
        if crews is None:
            yield env.timeout(repair_h)
        else:
            broke_h, crew = env.now, crews.request()
            yield crew
            crews.begin(env.now - broke_h)
            yield env.timeout(repair_h)
            crews.release(crew)
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
