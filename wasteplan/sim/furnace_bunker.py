"""The bunker of lines that have a minimum load: they turn down, then stop."""

from __future__ import annotations

import math

from wasteplan.sim.bunker import Bunker, Mix
from wasteplan.sim.case import TurnDown

EMPTY = 1e-9  # t


class FurnaceBunker(Bunker):
    """A bunker whose outflow is never between nothing and the minimum load.

    Below a level the lines turn down to the minimum; an empty bunker stops them until
    enough has come for a restart. What the mix lacks of the minimum heat is made up by
    support burners.

    Attributes
    ----------
    least
        Rate at minimum load.  [t/h]
    support_gj_per_h, support_gj
        Heat that the mix lacks while the lines run; total since the start.
    low_h, low_t, standing_h
        Hours at minimum load and what was burnt in them; hours stopped for want of
        waste.  [h], [t]
    stops
        How often the lines stopped for want of waste.
    """

    __slots__ = (
        "_is_standing", "_rule", "least", "low_h", "low_t", "standing_h", "stops",
        "support_gj", "support_gj_per_h",
    )  # fmt: skip

    def __init__(self, capacity: float, rule: TurnDown) -> None:
        super().__init__(capacity)
        self._rule = rule
        self._is_standing = True
        self.least = math.inf
        self.support_gj = self.support_gj_per_h = 0.0
        self.low_h = self.low_t = self.standing_h = 0.0
        self.stops = 0

    def settle(self, now: float) -> None:
        """Bring stock and mix up to date: full load, minimum load, standstill."""
        if now <= self.time or not self.outflow:
            super().settle(now)
            return
        if self._is_standing:
            self._stand(now)
            return
        below, full = self._rule.below_t, self.outflow
        begin, burning_h = self.time, 0.0
        if self.level > below:
            until = min(now, self.time + (self.level - below) / full)
            super().settle(until)
            burning_h = until - begin
        if self.time < now:
            self.outflow = least = min(self.least, full)
            low_h = min(now - self.time, self.level / least)
            burning_h += low_h
            self.low_h += low_h
            self.low_t += low_h * least
            empty_at = self.time + low_h
            super().settle(min(empty_at, now))
            self.outflow = full
            if self.level <= EMPTY and empty_at <= now:
                self._stop(now)
        self.support_gj += self.support_gj_per_h * burning_h

    def _stop(self, now: float) -> None:
        self._is_standing = True
        self.stops += 1
        self._stand(now)

    def _stand(self, now: float) -> None:
        """Nothing is taken out."""
        before, full = self.time, self.outflow
        self.outflow = 0.0
        super().settle(now)
        self.outflow = full
        self.standing_h += now - before

    def restart(self) -> None:
        """Start with what there is: no more fits in."""
        self._is_standing = False

    def tip(self, now: float, tonnes: float, mix: Mix, gj: float) -> None:
        """Put in a load; with enough in the bunker the lines start again."""
        super().tip(now, tonnes, mix, gj)
        if self._is_standing and self.level >= self._rule.restart_t - EMPTY:
            self._is_standing = False
