"""A gate where some trucks go first or are weighed again: an agenda of its own.

`Gate` computes departure times when a truck comes, which needs first come, first
served. Here the next truck is chosen when a bridge or bay becomes free.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from heapq import heappop, heappush, heapreplace
from itertools import repeat
from typing import Any

import numpy as np

from wasteplan.sim.calendar import ALWAYS, Hours
from wasteplan.sim.chance import Spread, draws
from wasteplan.sim.gate import Gate
from wasteplan.sim.yard import GateShape, Visit, Yard


class Truck:
    """A truck on its way through the gate."""

    __slots__ = ("came_h", "load", "rank", "served_h", "tip_scale")

    def __init__(self, came_h: float, load: Any, tip_scale: float, rank: int) -> None:
        self.came_h, self.load = came_h, load
        self.tip_scale, self.rank = tip_scale, rank
        self.served_h = 0.0


class Station:
    """Equal servers before which trucks stand in order of rank, then of arrival.

    Attributes
    ----------
    free
        A heap of when each server is free; empty: as many servers as trucks.  [h]
    is_watched
        Somebody will look who is next when a server is free.
    """

    __slots__ = ("_order", "free", "is_watched", "line")

    def __init__(self, free: list[float]) -> None:
        self.free = free
        self.line: list[tuple[int, int, Truck]] = []
        self.is_watched = False
        self._order = 0

    def join(self, truck: Truck) -> None:
        """Stand in line."""
        self._order += 1
        heappush(self.line, (truck.rank, self._order, truck))


Step = Callable[[float, Any], "Visit | None"]


class PriorityGate(Yard):
    """Weigh in, tip, weigh out; trucks of a lower rank go first, without preemption.

    Trucks that leave pass the bridge before those that come. It is used like `Gate`,
    with one difference: `admit` gives the time of the next event, since nobody knows
    yet when the truck will have tipped.

    Parameters
    ----------
    again
        Uniform random numbers; only used if trucks are weighed again.
    """

    knows_times = False
    __slots__ = ("_again", "_pit", "_reweigh_share", "_scale", "_trucks")

    def __init__(
        self,
        shape: GateShape,
        weigh_in: Iterator[float],
        tip: Iterator[float],
        weigh_out: Iterator[float],
        hours: Hours = ALWAYS,
        again: Iterator[float] | None = None,
    ) -> None:
        super().__init__(shape, weigh_in, tip, weigh_out, hours)
        self._scale = Station(self._bridge_in)
        self._pit = Station(self._bays)
        self._reweigh_share = shape.reweigh_share
        self._again = repeat(1.0) if again is None else again
        self._trucks = 0

    def before_tipping(self) -> int:
        """Trucks that have come and not yet tipped.  [trucks]"""
        return self._trucks

    def admit(
        self, now_h: float, load: Any, tip_scale: float = 1.0, rank: int = 0
    ) -> float:
        """Let a truck in; the time of the next event at the gate.  [h]"""
        at = self._enter(now_h)
        self._trucks += 1
        self._at(at, self._come, Truck(now_h, load, tip_scale, rank))
        return float(self.tipping[0][0])

    def release(self, now_h: float) -> Visit | None:
        """Let the next event by now happen; a truck that tips in it is weighed out."""
        if not self.tipping or self.tipping[0][0] > now_h:
            return None
        at, _, step, truck = heappop(self.tipping)
        visit: Visit | None = step(at, truck)
        return visit

    def _at(self, when_h: float, step: Step, what: Any) -> None:
        self._order += 1
        heappush(self.tipping, (when_h, self._order, step, what))

    def _come(self, now_h: float, truck: Truck) -> None:
        if not self._scale.free:
            self._weighed(now_h, truck)
            return
        self._scale.join(truck)
        if not self._scale.is_watched:
            self._weigh(now_h, None)

    def _weigh(self, now_h: float, _: None) -> None:
        """Serve at the bridge whoever is next, as far as it is free."""
        station = self._scale
        while station.line and station.free[0] <= now_h:
            truck = heappop(station.line)[2]
            weighing = next(self._weigh_in)
            truck.served_h += weighing
            heapreplace(station.free, now_h + weighing)
            self._at(now_h + weighing, self._weighed, truck)
        station.is_watched = bool(station.line)
        if station.line:
            self._at(station.free[0], self._weigh, None)

    def _weighed(self, now_h: float, truck: Truck) -> None:
        if self._reweigh_share and next(self._again) < self._reweigh_share:
            self._come(now_h, truck)
            return
        self._pit.join(truck)
        if not self._pit.is_watched:
            self._call(now_h, None)

    def _call(self, now_h: float, _: None) -> None:
        """Call trucks to bays, as far as these are free."""
        station, free = self._pit, self._pit.free
        while station.line and (not free or free[0] <= now_h):
            truck = heappop(station.line)[2]
            tipping = next(self._tip) * truck.tip_scale
            truck.served_h += tipping
            if free:
                heapreplace(free, now_h + tipping)
            self._at(now_h + tipping, self._tipped, truck)
        station.is_watched = bool(station.line)
        if station.line:
            self._at(free[0], self._call, None)

    def _tipped(self, now_h: float, truck: Truck) -> Visit:
        self._trucks -= 1
        wait = now_h - truck.came_h - truck.served_h
        done, left, wait, load = self._leave(now_h, truck.came_h, wait, truck.load)
        return done, left, max(wait, 0.0), load


def gate_of(
    shape: GateShape,
    weigh_in: Iterator[float],
    tip: Iterator[float],
    weigh_out: Iterator[float],
    hours: Hours = ALWAYS,
    again: np.random.Generator | None = None,
) -> Yard:
    """The gate of a shape: computed departure times where first come goes first.

    Parameters
    ----------
    again
        Says which trucks are weighed again; not needed if none is.
    """
    if shape.is_first_come:
        return Gate(shape, weigh_in, tip, weigh_out, hours)
    if again is None:
        return PriorityGate(shape, weigh_in, tip, weigh_out, hours)
    chances = draws(Spread("uniform", 0.5), again)
    return PriorityGate(shape, weigh_in, tip, weigh_out, hours, chances)
