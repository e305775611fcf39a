"""Trucks of a depot: they work in shifts, and loads wait until one is free."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from heapq import heappop, heappush, heapreplace
from typing import Any

import numpy as np

from wasteplan.sim.assumptions import assumptions
from wasteplan.sim.calendar import Hours
from wasteplan.sim.case import FleetCase, Haul
from wasteplan.sim.departure import SLACK_H, next_stretch, rest_begins
from wasteplan.sim.load import Load
from wasteplan.sim.number_rows import NumberRows
from wasteplan.units import HOURS_PER_DAY

Key = tuple[int, int]
"""Where from and where to: all such trips take about the same time."""


TRIP_COLUMNS = 6
UNKNOWN = (-1.0, 0.0, 0.0)  # driving time, and when such a trip may start

Action = Callable[[float, Any], None]
CallAt = Callable[[float, Action, Any], None]


class Fleet:
    """Gives loads to trucks, oldest first.

    A trip starts only if it ends within the shift and the truck does not wait too long
    for the gate to open; otherwise it waits for the next time at which both are so.

    Attributes
    ----------
    free
        Trucks at home when it was last counted.  [trucks]
    waiting_t
        Loads that have asked for a truck and wait.  [t]
    noted
        Trips that have been driven, columns of `trips`.
    """

    __slots__ = (
        "_busy_h", "_call_at", "_heads", "_order", "_parked", "_returns", "_stretch",
        "_waiting", "_wakes_h", "case", "free", "gate_hours", "noted", "send",
        "waiting_t",
    )  # fmt: skip

    def __init__(
        self,
        case: FleetCase,
        gate_hours: Callable[[int], Hours],
        send: Callable[[float, Load], None],
        call_at: CallAt,
    ) -> None:
        self.case, self.gate_hours, self.send = case, gate_hours, send
        self._call_at = call_at
        self._returns: list[float] = []
        self._wakes_h = math.inf
        self.free = case.trucks
        self._waiting: dict[Key, deque[tuple[int, Load]]] = {}
        self._stretch: dict[Key, tuple[float, float, float]] = {}
        self._order = 0
        self._heads: list[tuple[int, Key]] = []  # oldest load of each key
        self._parked: list[tuple[float, int, Key]] = []  # heads that start later
        self._busy_h = self.waiting_t = 0.0
        self.noted = NumberRows(TRIP_COLUMNS)

    def request(self, now_h: float, load: Load) -> None:
        """A load asks for a truck."""
        key = (load.origin, load.to)
        time_h, first, last = self._stretch.get(key, UNKNOWN)
        if time_h != load.time_h or now_h > last:
            first = self._first(now_h, load, key)
        if first <= now_h:
            load.ready_h = now_h
            if not self._waiting and self.count(now_h):
                self._send(now_h, load)
                return
        else:
            load.ready_h = first
        self._order += 1
        if key in self._waiting:
            self._waiting[key].append((self._order, load))
        else:
            self._waiting[key] = deque([(self._order, load)])
            heappush(self._heads, (self._order, key))
        self.waiting_t += load.tonnes
        self.serve(now_h)

    def _first(self, now_h: float, load: Load, key: Key) -> float:
        """From when on the trip of a load may start; in the past if it may now.  [h]"""
        time_h, first, last = self._stretch.get(key, UNKNOWN)
        if time_h != load.time_h or now_h > last:
            gate = self.gate_hours(load.to)
            first, last = next_stretch(
                now_h, self.case.hours, gate, load, self.case.pause
            )
            self._stretch[key] = (load.time_h, first, last)
        return first

    def home(self, when_h: float) -> None:
        """A truck will be home at a time.

        Nobody takes note of it unless a load waits.
        """
        self._busy_h += when_h
        heappush(self._returns, when_h)
        if self._waiting:
            self._watch()

    def _watch(self) -> None:
        """Wake up when the next truck comes home, or a load may start at last."""
        when = self._parked[0][0] if self._parked else math.inf
        if self._returns and self._returns[0] < when:
            when = self._returns[0]
        if when < self._wakes_h:
            self._wakes_h = when
            self._call_at(when, self._wake, None)

    def _wake(self, now_h: float, _: None) -> None:
        self._wakes_h = math.inf
        self.serve(now_h)

    def busy(self, now_h: float) -> float:
        """Hours of all trucks between leaving and coming home, up to now.  [h]"""
        late = sum(when - now_h for when in self._returns if when > now_h)
        out = self.case.trucks - self.count(now_h) - len(self._returns)
        return self._busy_h + out * now_h - late

    def count(self, now_h: float) -> int:
        """Trucks that are at home.  [trucks]"""
        returns = self._returns
        while returns and returns[0] <= now_h:
            heappop(returns)
            self.free += 1
        return self.free

    def serve(self, now_h: float) -> None:
        """Send free trucks as long as a waiting load may start."""
        if not self._waiting:
            return
        parked = self._parked
        while parked and parked[0][0] <= now_h:
            _, order, key = heappop(parked)
            heappush(self._heads, (order, key))
        if self.count(now_h):
            self._send_all(now_h)
        if self._waiting:
            self._watch()

    def _send_all(self, now_h: float) -> None:
        heads = self._heads
        while self.free and heads:
            order, key = heads[0]
            queue = self._waiting[key]
            load = queue[0][1]
            first = self._first(now_h, load, key)
            if first > now_h:
                heappop(heads)
                heappush(self._parked, (first, order, key))
                continue
            queue.popleft()
            if queue:
                heapreplace(heads, (queue[0][0], key))
            else:
                heappop(heads)
                del self._waiting[key]
            self.waiting_t -= load.tonnes
            self._send(now_h, load)

    def _send(self, now_h: float, load: Load) -> None:
        self.free -= 1
        self._busy_h -= now_h
        load.out_h = now_h
        load.wait_h = 0.0
        self.send(now_h, load)

    def rested(self, left_h: float, arrival_h: float, load: Load) -> float:
        """When a load arrives if the crew rests on the way; else notes when it will."""
        pause = self.case.pause
        if pause is None:
            return arrival_h
        load.rest_h = rest_begins(left_h, self.case.hours, pause)
        if load.rest_h < arrival_h:
            load.rest_h = math.inf
            return arrival_h + pause.length_h
        return arrival_h

    def back(self, left_h: float, load: Load) -> None:
        """The truck of a load leaves its last gate and drives home; it is noted."""
        home_h = left_h + load.way_back_h
        pause = self.case.pause
        if pause is not None and load.rest_h < home_h:
            home_h += pause.length_h
        wait_h = load.wait_h
        stay_h = left_h - load.arrive_h - wait_h
        self.noted.append(
            (
                load.ready_h, load.out_h, home_h, load.haul.load_h, wait_h,
                stay_h if stay_h > 0 else 0.0,
            )
        )  # fmt: skip
        self.home(home_h)

    def trips(self) -> np.ndarray:
        """Trips so far, shape (n, 6): could start, left, home, loading, waiting at the
        gate, weighed and tipping.  [h]
        """
        return self.noted.table()

    def loads(self) -> list[Load]:
        """Loads that wait."""
        return [load for queue in self._waiting.values() for _, load in queue]


def latest_start(shift: Hours, gate: Hours, haul: Haul) -> float:
    """Hours after the start of the shift until which a trip may start.  [h]

    It ends within the shift and finds the gate open; a trip longer than the shift
    starts early in it.
    """
    until = haul.load_h + haul.time_h
    latest = shift.hours_per_d - (until + haul.unload_h + haul.time_h)
    latest = max(latest, assumptions()["late_start_share"] * shift.hours_per_d)
    if gate.hours_per_d < HOURS_PER_DAY:
        closes = gate.opens_h + gate.hours_per_d - shift.opens_h
        latest = max(min(latest, closes - until), 0.0)
    return latest + SLACK_H
