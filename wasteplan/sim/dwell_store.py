"""A store in which every lot stays its own time, and none longer than allowed."""

from __future__ import annotations

import math
from collections.abc import Iterator
from heapq import heappop, heappush
from itertools import repeat

import numpy as np

from wasteplan.errors import AuditError
from wasteplan.sim.bunker import BACKWARDS_H, Bunker, Mix
from wasteplan.sim.chance import Spread, draws


class DwellStore(Bunker):
    """Lots leave one by one when their time is over, or when the limit is reached.

    Attributes
    ----------
    expired_t, expired
        Left because the limit was reached: tonnes and lots.
    dwell_t_h
        Tonnes that left times the hours they stayed.  [t h]
    """

    __slots__ = ("_limit_h", "_lots", "_order", "_times", "dwell_t_h", "expired",
                 "expired_t", "left_by")  # fmt: skip

    def __init__(
        self,
        capacity: float,
        time: Spread | None,
        limit_h: float,
        rng: np.random.Generator,
    ) -> None:
        super().__init__(capacity)
        self._times: Iterator[float] = repeat(0.0) if time is None else draws(time, rng)
        self._limit_h = limit_h
        self._lots: list[tuple[float, int, float, float, Mix, float]] = []
        self._order = 0
        self.expired_t = self.dwell_t_h = 0.0
        self.expired = 0
        self.left_by: dict[int, float] = {}

    def settle(self, now: float) -> None:
        """Take out the lots whose time is over by now.

        Raises
        ------
        AuditError
            If time runs backwards.
        """
        if now < self.time - BACKWARDS_H:
            raise AuditError(f"time ran back from {self.time:g} h to {now:g} h")
        while self._lots and self._lots[0][0] <= now:
            due, _, came, tonnes, mix, gj = heappop(self._lots)
            self._pass_time(due)
            self.level = max(self.level - tonnes, 0.0) if self._lots else 0.0
            self.left += tonnes
            self.dwell_t_h += tonnes * (due - came)
            self._heat -= gj
            for k, share in mix:
                part = share * tonnes
                self.left_by[k] = self.left_by.get(k, 0.0) + part
                self._contents[k] -= part
        self._pass_time(now)

    def _pass_time(self, now: float) -> None:
        dt = now - self.time
        if dt <= 0:
            return
        self.area += self.level * dt
        if self.level <= 0:
            self.empty_h += dt
        self.time = now

    def tip(self, now: float, tonnes: float, mix: Mix, gj: float) -> None:
        """Put in a lot; how long it stays is drawn."""
        super().tip(now, tonnes, mix, gj)
        stays_h = next(self._times)
        if stays_h > self._limit_h:
            stays_h = self._limit_h
            self.expired_t += tonnes
            self.expired += 1
        self._order += 1
        lot = (now + stays_h, self._order, now, tonnes, mix, gj)
        heappush(self._lots, lot)
        self.settle(now)

    @property
    def lhv(self) -> float:
        """Heating value of the mix, NaN when empty or unknown.  [GJ/t]"""
        return self._heat / self.level if self.level > 0 else math.nan

    def taken(self) -> dict[int, float]:
        """Tonnes that have left since the start, by commodity number.  [t]"""
        return {k: self.left_by.get(k, 0.0) for k in self.tipped}
