"""What every gate has: hours, servers, room in the yard, and the way out."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
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


class Yard(ABC):
    """Bridges, bays and places of a gate; who is served when, its heirs decide.

    Parameters
    ----------
    weigh_in, tip, weigh_out
        Times that these take, one after another.  [h]

    Attributes
    ----------
    tipping
        A heap of what will happen at the gate; each entry starts with its time.
    wait_h, truck_h
        Hours that released trucks have waited, and stayed.  [h]
    open_from, open_until
        The hours around the last time that was asked about.  [h]
    """

    __slots__ = (
        "_bays", "_bridge_in", "_bridge_out", "_inside", "_order", "_tip",
        "_weigh_in", "_weigh_out", "hours", "open_from", "open_until", "places",
        "tipping", "truck_h", "wait_h",
    )  # fmt: skip

    knows_times: bool
    """`admit` tells when a truck will have tipped, not only what comes next."""

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
        self.open_from = -math.inf
        self.open_until = math.inf if hours.is_always else -math.inf
        self.tipping: list[tuple[Any, ...]] = []
        self._inside: list[float] = []  # when trucks that have tipped leave the yard
        self._order = 0
        self.wait_h = self.truck_h = 0.0

    def opens(self, now_h: float) -> float:
        """The first time from now on at which the gate is open.  [h]"""
        if self.open_from <= now_h < self.open_until:
            return now_h
        at = self.hours.next_open(now_h)
        day = math.floor(at / HOURS_PER_DAY)
        spans = (self.hours.opening(d) for d in (day, day - 1))
        now_open = next(s for s in spans if s is not None and s[0] <= at < s[1])
        self.open_from, self.open_until = now_open
        return at if at > now_h else now_h

    def has_place(self, now_h: float) -> bool:
        """Whether one more truck fits in the yard; release first.

        It only looks: the time may lie ahead of that of the run.
        """
        if self.places is None:
            return True
        leaving = sum(left > now_h for left in self._inside)
        return self.before_tipping() + leaving < self.places

    @abstractmethod
    def before_tipping(self) -> int:
        """Trucks that have come and not yet tipped.  [trucks]"""

    @abstractmethod
    def admit(
        self, now_h: float, load: Any, tip_scale: float = 1.0, rank: int = 0
    ) -> float:
        """Let a truck in; when it will have tipped, or what happens next.  [h]

        A truck that comes while the gate is closed waits until it opens.

        Parameters
        ----------
        load
            Handed back by `release`.
        tip_scale
            Multiplies the drawn tipping time.  [-]
        rank
            Trucks of a lower rank go first, where ranks count.
        """

    @abstractmethod
    def release(self, now_h: float) -> Visit | None:
        """Let what is due by now happen; the truck that tips in it, weighed out."""

    def settle(self, now_h: float) -> Iterator[Visit]:
        """All trucks that have tipped by now, in that order."""
        while self.tipping and self.tipping[0][0] <= now_h:
            visit = self.release(now_h)
            if visit is not None:
                yield visit

    def _enter(self, now_h: float) -> float:
        """Forget who has left; when the gate is open for a truck that comes now."""
        inside = self._inside
        while inside and inside[0] <= now_h:
            heappop(inside)
        return self.opens(now_h)

    def _leave(self, tipped_h: float, came_h: float, wait_h: float, load: Any) -> Visit:
        """Weigh out a truck that has tipped, and count what it waited."""
        left = tipped_h
        bridge = self._bridge_out
        if bridge:
            free = bridge[0]
            begin = tipped_h if tipped_h > free else free
            left = begin + next(self._weigh_out)
            heapreplace(bridge, left)
            wait_h += begin - tipped_h
        if self.places is not None:
            heappush(self._inside, left)
        self.wait_h += wait_h
        self.truck_h += left - came_h
        return tipped_h, left, wait_h, load
