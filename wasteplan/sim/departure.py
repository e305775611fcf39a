"""When a trip may start: the shift must hold it and the gate must be open for it."""

from __future__ import annotations

import math

from wasteplan.sim.assumptions import assumptions
from wasteplan.sim.calendar import DAYS_PER_WEEK, Hours
from wasteplan.sim.load import Load
from wasteplan.units import HOURS_PER_DAY

SLACK_H = 1e-6

Stretch = tuple[float, float]
"""First and last moment at which a trip may start.  [h]"""

NEVER: Stretch = (math.inf, math.inf)


def next_stretch(now_h: float, shift: Hours, gate: Hours, load: Load) -> Stretch:
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
    """
    to_gate = load.haul.load_h + load.time_h
    latest = _latest_in_shift(shift, load)
    today = math.floor(now_h / HOURS_PER_DAY)
    for day in range(today - 1, today + DAYS_PER_WEEK + 1):
        span = shift.opening(day)
        if span is None or span[0] + latest < now_h:
            continue
        in_shift = (span[0], span[0] + latest)
        for first, last in _stretches(in_shift, gate, to_gate):
            if last >= now_h:
                return first, last
    return NEVER


def _latest_in_shift(shift: Hours, load: Load) -> float:
    """Hours after the start of the shift until which a trip may start.  [h]"""
    trip = load.haul.load_h + load.time_h + load.haul.unload_h + load.way_back_h
    early = assumptions()["late_start_share"] * shift.hours_per_d
    return max(shift.hours_per_d - trip, early) + SLACK_H


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
