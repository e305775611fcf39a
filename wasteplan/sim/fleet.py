"""Trucks of a depot: they work in shifts, and loads wait until one is free."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from heapq import heapify, heappop, heappush, heapreplace
from typing import Any

import simpy
from simpy.events import ProcessGenerator

from wasteplan.sim.assumptions import assumptions
from wasteplan.sim.calendar import Hours
from wasteplan.sim.case import FleetCase, Haul
from wasteplan.sim.load import Load
from wasteplan.units import HOURS_PER_DAY

SLACK_H = 1e-6

Key = tuple[int, int]
"""Where from and where to: all such trips take about the same time."""


Action = Callable[[float, Any], None]
CallAt = Callable[[float, Action, Any], None]


class Fleet:
    """Gives loads to trucks, oldest first.

    A trip starts only if it ends within the shift and finds the gate open; one that is
    longer than the shift starts early in it.

    Attributes
    ----------
    free
        Trucks at home when it was last counted.  [trucks]
    waiting_t
        Loads that have asked for a truck and wait.  [t]
    """

    __slots__ = (
        "_busy_h", "_call_at", "_heads", "_latest", "_next_shift", "_order", "_returns",
        "_shift", "_waiting", "_wakes_h", "case", "free", "gate_hours", "send",
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
        self._latest: dict[Key, float] = {}
        self._order = 0
        self._shift = (-math.inf, -math.inf)  # the last one looked up
        self._heads: list[tuple[int, Key]] = []  # oldest load of each key
        self._next_shift: list[tuple[int, Key]] = []  # heads too late for this one
        self._busy_h = self.waiting_t = 0.0

    def request(self, now_h: float, load: Load) -> None:
        """A load asks for a truck."""
        key = (load.origin, load.to)
        latest = self._latest.get(key)
        if latest is None:
            latest = latest_start(self.case.hours, self.gate_hours(load.to), load.haul)
            self._latest[key] = latest
        if not self._waiting and self.count(now_h):
            start, end = self._shift
            if not start - SLACK_H <= now_h < end:
                start, _ = self._shift_at(now_h)
            if now_h - start <= latest:
                self._send(now_h, load)
                return
        self._order += 1
        if key in self._waiting:
            self._waiting[key].append((self._order, load))
        else:
            self._waiting[key] = deque([(self._order, load)])
            heappush(self._heads, (self._order, key))
        self.waiting_t += load.tonnes
        self.serve(now_h)

    def home(self, when_h: float) -> None:
        """A truck will be home at a time.

        Nobody takes note of it unless a load waits.
        """
        self._busy_h += when_h
        heappush(self._returns, when_h)
        if self._waiting:
            self._watch()

    def _watch(self) -> None:
        """Wake up when the next truck comes home."""
        if self._returns and self._returns[0] < self._wakes_h:
            self._wakes_h = self._returns[0]
            self._call_at(self._wakes_h, self._wake, None)

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
        """Send free trucks as long as a waiting load fits into the shift."""
        if not self._waiting:
            return
        start, _ = self._shift_at(now_h)
        if self.count(now_h) and start > -math.inf:
            self._send_all(now_h, now_h - start)
        if self._waiting:
            self._watch()

    def _send_all(self, now_h: float, since_h: float) -> None:
        heads, latest = self._heads, self._latest
        while self.free and heads:
            _, key = heads[0]
            if since_h > latest[key]:  # too late in this shift, so ever after in it
                self._next_shift.append(heappop(heads))
                continue
            queue = self._waiting[key]
            _, load = queue.popleft()
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
        self.send(now_h, load)

    def shifts(self, env: simpy.Environment) -> ProcessGenerator:
        """Begin every shift by giving out what waits."""
        day = 0
        while True:
            start = self._shift_of(day)
            if start > env.now:
                yield env.timeout(start - env.now)
            self.serve(env.now)
            day = math.floor(env.now / HOURS_PER_DAY) + 1

    def loads(self) -> list[Load]:
        """Loads that wait."""
        return [load for queue in self._waiting.values() for _, load in queue]

    def _shift_of(self, day: int) -> float:
        """Start of the first shift on or after a day.  [h]"""
        hours = self.case.hours
        return hours.next_open_day(day) * HOURS_PER_DAY + hours.opens_h

    def _shift_at(self, now_h: float) -> tuple[float, float]:
        """Start and end of the shift that is on; of (-inf, -inf) outside shifts.  [h]

        In a new shift everything that waits may fit again.
        """
        start, end = self._shift
        if start - SLACK_H <= now_h < end:
            return self._shift
        day = math.floor((now_h + SLACK_H) / HOURS_PER_DAY)
        for d in (day, day - 1):
            span = self.case.hours.opening(d)
            if span is not None and span[0] - SLACK_H <= now_h < span[1]:
                self._shift = span
                self._heads += self._next_shift
                heapify(self._heads)
                self._next_shift = []
                return span
        return -math.inf, -math.inf


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
