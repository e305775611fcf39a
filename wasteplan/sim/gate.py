"""The gate of a plant: weigh in, tip in a bay, weigh out; departure times computed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Any, NamedTuple

from wasteplan.sim.calendar import ALWAYS, Hours
from wasteplan.sim.chance import Draws
from wasteplan.sim.queueing import Servers


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
    """

    bridges_in: int | None = None
    bays: int | None = None
    bridges_out: int | None = None
    places: int | None = None


class Visit(NamedTuple):
    """A truck that has tipped and left."""

    tipped_h: float
    left_h: float
    wait_h: float
    load: Any


class Gate:
    """First-come gate: times follow from recursions, not from events.

    Trucks are called to bays in the order in which they came. `settle` must be called
    with times in order, and before `admit` at the same time: it weighs out the trucks
    that have tipped since.
    """

    __slots__ = (
        "_bays", "_bridge_in", "_bridge_out", "_inside", "_order", "_tip", "_tipping",
        "_weigh_in", "_weigh_out", "hours", "places", "truck_h", "wait_h",
    )  # fmt: skip

    def __init__(
        self,
        shape: GateShape,
        weigh_in: Draws,
        tip: Draws,
        weigh_out: Draws,
        hours: Hours = ALWAYS,
    ) -> None:
        self._bridge_in = Servers(shape.bridges_in) if shape.bridges_in else None
        self._bays = Servers(shape.bays) if shape.bays else None
        if shape.bridges_out is None:
            self._bridge_out = None
        else:
            own = Servers(shape.bridges_out) if shape.bridges_out else None
            self._bridge_out = own or self._bridge_in
        self._weigh_in, self._tip, self._weigh_out = weigh_in, tip, weigh_out
        self.hours, self.places = hours, shape.places
        self._tipping: list[tuple[float, int, float, float, Any]] = []
        self._inside: list[float] = []  # when trucks that have tipped leave the yard
        self._order = 0
        self.wait_h = 0.0
        self.truck_h = 0.0

    def has_place(self, now_h: float) -> bool:
        """Whether one more truck fits in the yard; settle first."""
        if self.places is None:
            return True
        while self._inside and self._inside[0] <= now_h:
            heappop(self._inside)
        return len(self._tipping) + len(self._inside) < self.places

    def admit(self, now_h: float, load: Any) -> float:
        """Let a truck in; the time at which it has tipped.  [h]

        A truck that comes while the gate is closed waits until it opens.
        """
        hours = self.hours
        at = now_h if hours.is_always else hours.next_open(now_h)
        if self._bridge_in is not None:
            weighing = self._weigh_in.next()
            at = self._bridge_in.serve(at, weighing) + weighing
        else:
            weighing = 0.0
        tipping = self._tip.next()
        begin = at if self._bays is None else self._bays.serve(at, tipping)
        done = begin + tipping
        wait = begin - now_h - weighing
        self._order += 1
        heappush(self._tipping, (done, self._order, now_h, wait, load))
        return done

    def settle(self, now_h: float) -> Iterator[Visit]:
        """Trucks that have tipped by now, in that order; each is weighed out."""
        tipping = self._tipping
        while tipping and tipping[0][0] <= now_h:
            done, _, came, wait, load = heappop(tipping)
            left = done
            if self._bridge_out is not None:
                weighing = self._weigh_out.next()
                begin = self._bridge_out.serve(done, weighing)
                left = begin + weighing
                wait += begin - done
            if self.places is not None:
                heappush(self._inside, left)
            self.wait_h += wait
            self.truck_h += left - came
            yield Visit(done, left, wait, load)

    @property
    def trucks_tipping(self) -> int:
        """Trucks that have come and not yet tipped."""
        return len(self._tipping)

    def loads_inside(self) -> list[Any]:
        """Loads of the trucks that have not yet tipped."""
        return [entry[4] for entry in self._tipping]
