"""The gate of a plant: weigh in, tip in a bay, weigh out; departure times computed."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heappop, heappush, heapreplace
from typing import Any

from wasteplan.sim.calendar import ALWAYS, Hours
from wasteplan.units import HOURS_PER_DAY


@dataclass(frozen=True)
class GateShape:
    """How a gate is built.

    Parameters
    ----------
    bridges_in
        Weighbridges for trucks that come; None: loads are not weighed in.
    bays
        Tipping bays; None: as many as there are trucks.
    bridges_out
        Weighbridges for trucks that leave; 0: they use the bridges they came by, in
        one line with those who come; None: trucks leave without weighing.
    places
        Trucks that the yard holds; None: no limit.
    reweigh_share
        Share of weighings in after which a truck stands in line again.  [-]
    has_ranks
        Some trucks go before others.
    """

    bridges_in: int | None = None
    bays: int | None = None
    bridges_out: int | None = None
    places: int | None = None
    reweigh_share: float = 0.0
    has_ranks: bool = False

    @property
    def is_first_come(self) -> bool:
        """Trucks are served once, in the order in which they come."""
        return not (self.reweigh_share or self.has_ranks)


Visit = tuple[float, float, float, Any]
"""A truck that has tipped and left: tipped_h, left_h, wait_h, load."""


class Gate:
    """First-come gate: times follow from recursions, not from events.

    Trucks are called to bays in the order in which they came. `release` must be called
    with times in order, and until it gives None before `admit` at the same time: it
    weighs out the trucks that have tipped since.

    Attributes
    ----------
    tipping
        A heap of the trucks that have come and not yet been released; each entry
        starts with the time at which it will have tipped.
    wait_h, truck_h
        Hours that released trucks have waited, and stayed.  [h]
    """

    __slots__ = (
        "_bays", "_bridge_in", "_bridge_out", "_inside", "_open_from", "_open_until",
        "_order", "_tip", "_weigh_in", "_weigh_out", "hours", "places", "tipping",
        "truck_h", "wait_h", "weighs_out",
    )  # fmt: skip

    knows_times = True  # `admit` tells when a truck will have tipped

    def __init__(
        self,
        shape: GateShape,
        weigh_in: Iterator[float],
        tip: Iterator[float],
        weigh_out: Iterator[float],
        hours: Hours = ALWAYS,
    ) -> None:
        # heaps of when each server is free: `Servers` written out, for speed
        self._bridge_in = [0.0] * (shape.bridges_in or 0)
        self._bays = [0.0] * (shape.bays or 0)
        self._bridge_out = [0.0] * (shape.bridges_out or 0)
        if shape.bridges_out == 0:
            self._bridge_out = self._bridge_in
        self._weigh_in, self._tip, self._weigh_out = weigh_in, tip, weigh_out
        self.hours, self.places = hours, shape.places
        self._open_from = -math.inf
        self._open_until = math.inf if hours.is_always else -math.inf
        self.tipping: list[tuple[Any, ...]] = []
        self._inside: list[float] = []  # when trucks that have tipped leave the yard
        self.weighs_out = bool(self._bridge_out)
        self._order = 0
        self.wait_h = 0.0
        self.truck_h = 0.0

    def has_place(self, now_h: float) -> bool:
        """Whether one more truck fits in the yard; release first.

        It only looks: the time may lie ahead of that of the run.
        """
        if self.places is None:
            return True
        leaving = sum(left > now_h for left in self._inside)
        return len(self.tipping) + leaving < self.places

    def opens(self, now_h: float) -> float:
        """The first time from now on at which the gate is open.  [h]"""
        if self._open_from <= now_h < self._open_until:
            return now_h
        at = self.hours.next_open(now_h)
        day = math.floor(at / HOURS_PER_DAY)
        spans = (self.hours.opening(d) for d in (day, day - 1))
        now_open = next(s for s in spans if s is not None and s[0] <= at < s[1])
        self._open_from, self._open_until = now_open
        return at if at > now_h else now_h

    def admit(
        self, now_h: float, load: Any, tip_scale: float = 1.0, rank: int = 0
    ) -> float:
        """Let a truck in; the time at which it will have tipped.  [h]

        A truck that comes while the gate is closed waits until it opens.

        Parameters
        ----------
        load
            Handed back by `release`.
        tip_scale
            Multiplies the drawn tipping time.  [-]
        rank
            Has no effect here: first come, first served.
        """
        while self._inside and self._inside[0] <= now_h:
            heappop(self._inside)
        at = now_h
        if not self._open_from <= now_h < self._open_until:
            at = self.opens(now_h)
        weighing = 0.0
        bridge = self._bridge_in
        if bridge:
            weighing = next(self._weigh_in)
            free = bridge[0]
            at = (at if at > free else free) + weighing
            heapreplace(bridge, at)
        tipping = next(self._tip) * tip_scale
        begin = at
        bays = self._bays
        if bays:
            free = bays[0]
            begin = at if at > free else free
            heapreplace(bays, begin + tipping)
        done = begin + tipping
        self._order += 1
        wait = begin - now_h - weighing
        heappush(self.tipping, (done, self._order, now_h, wait, load))
        return done

    def release(self, now_h: float) -> Visit | None:
        """The next truck that has tipped by now, weighed out; None if there is none."""
        tipping = self.tipping
        if not tipping or tipping[0][0] > now_h:
            return None
        done, _, came, wait, load = heappop(tipping)
        left = done
        bridge = self._bridge_out
        if bridge:
            free = bridge[0]
            begin = done if done > free else free
            left = begin + next(self._weigh_out)
            heapreplace(bridge, left)
            wait += begin - done
        if self.places is not None:
            heappush(self._inside, left)
        self.wait_h += wait
        self.truck_h += left - came
        return done, left, wait, load

    def settle(self, now_h: float) -> Iterator[Visit]:
        """All trucks that have tipped by now, in that order."""
        while (visit := self.release(now_h)) is not None:
            yield visit
