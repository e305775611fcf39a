"""When a trip may start: the shift must hold it and the gate must be open for it."""

from __future__ import annotations

import math

from wasteplan.sim.assumptions import assumptions
from wasteplan.sim.calendar import DAYS_PER_WEEK, Hours, Pause
from wasteplan.sim.load import Load
from wasteplan.units import HOURS_PER_DAY

SLACK_H = 1e-6

Stretch = tuple[float, float]
"""First and last moment at which a trip may start.  [h]"""

NEVER: Stretch = (math.inf, math.inf)


def next_stretch(
    now_h: float, shift: Hours, gate: Hours, load: Load, pause: Pause | None = None
) -> Stretch:
    """The stretch of time, now or next, in which the trip of a load may start.

    The trip ends within the shift, or starts early in it if it is longer; and the truck
    then waits at the gate no longer than trucks are willing to. `NEVER` if no shift of
    the week meets the gate.

    Parameters
    ----------
    now_h
        Time of the simulation.  [h]
    shift, gate
        Working hours of the trucks and of the place the load goes to.
    pause
        In which nobody sets out; a trip that it interrupts takes that much longer.
    """
    to_gate = load.haul.load_h + load.time_h
    starts = _starts(shift, load, pause)
    latest = starts[-1][1]
    today = math.floor(now_h / HOURS_PER_DAY)
    for day in range(today - 1, today + DAYS_PER_WEEK + 1):
        span = shift.opening(day)
        if span is None or span[0] + latest < now_h:
            continue
        for begin, end in starts:
            in_shift = (span[0] + begin, span[0] + end)
            for first, last in _stretches(in_shift, gate, to_gate):
                if last >= now_h:
                    return first, last
    return NEVER


def _starts(shift: Hours, load: Load, pause: Pause | None) -> list[Stretch]:
    """Hours after the start of the shift at which a trip may start.  [h]"""
    trip = load.haul.load_h + load.time_h + load.haul.unload_h + load.way_back_h
    early = assumptions()["late_start_share"] * shift.hours_per_d
    latest = shift.hours_per_d - trip
    if pause is None:
        return [(0.0, max(latest, early) + SLACK_H)]
    rest, back = pause.after_h, pause.after_h + pause.length_h
    before = max(latest - pause.length_h, early)
    found = [(0.0, min(before, rest - SLACK_H) + SLACK_H)]
    if latest >= back:
        found.append((back, latest + SLACK_H))
    return found


def rest_begins(now_h: float, shift: Hours, pause: Pause) -> float:
    """When the break of the present shift begins, if it is still to come.  [h]

    >>> rest_begins(8.0, Hours(6, 10), Pause(4.0, 1.0))
    10.0
    >>> rest_begins(12.0, Hours(6, 10), Pause(4.0, 1.0))
    inf
    """
    today = math.floor(now_h / HOURS_PER_DAY)
    for day in (today, today - 1):  # a shift may run past midnight
        span = shift.opening(day)
        if span is not None and span[0] <= now_h < span[1]:
            begins = span[0] + pause.after_h
            return begins if begins > now_h else math.inf
    return math.inf


def _stretches(in_shift: Stretch, gate: Hours, to_gate_h: float) -> list[Stretch]:
    """The parts of a stretch from which trucks find the gate open, or soon open."""
    if gate.is_always:
        return [in_shift]
    patience = assumptions()["gate_patience_h"]
    first_day = math.floor((in_shift[0] + to_gate_h) / HOURS_PER_DAY) - 1
    last_day = math.floor((in_shift[1] + to_gate_h + patience) / HOURS_PER_DAY)
    found = []
    for day in range(first_day, last_day + 1):
        span = gate.opening(day)
        if span is None:
            continue
        first = max(in_shift[0], span[0] - patience - to_gate_h + SLACK_H)
        last = min(in_shift[1], span[1] - to_gate_h - SLACK_H)
        if first <= last:
            found.append((first, last))
    return found
