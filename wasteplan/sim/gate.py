"""The gate of a plant: weigh in, tip in a bay, weigh out; departure times computed."""

from __future__ import annotations

from heapq import heappop, heappush, heapreplace
from typing import Any

from wasteplan.sim.yard import Visit, Yard


class Gate(Yard):
    """First-come gate: times follow from recursions, not from events.

    Trucks are called to bays in the order in which they came. `release` must be called
    with times in order, and until it gives None before `admit` at the same time: it
    weighs out the trucks that have tipped since. Ranks have no effect.

    Attributes
    ----------
    tipping
        A heap of the trucks that have come and not yet been released; each entry
        starts with the time at which it will have tipped.
    """

    __slots__ = ()

    knows_times = True

    def before_tipping(self) -> int:
        """Trucks that have come and not yet tipped.  [trucks]"""
        return len(self.tipping)

    def admit(
        self, now_h: float, load: Any, tip_scale: float = 1.0, rank: int = 0
    ) -> float:
        """Let a truck in; the time at which it will have tipped.  [h]"""
        at = now_h
        if self._inside or not self.open_from <= now_h < self.open_until:
            at = self._enter(now_h)
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
        return self._leave(done, came, wait, load)
