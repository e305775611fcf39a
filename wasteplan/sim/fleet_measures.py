"""Whether there are enough trucks: waits for them, their hours, how many it needs."""

from __future__ import annotations

import math

import numpy as np

from wasteplan.sim.assumptions import assumptions
from wasteplan.sim.fleet import Fleet
from wasteplan.units import DAYS_PER_YEAR, HOURS_PER_DAY

FLEET_MEASURES: dict[str, str] = {
    "trips_per_y": "trips that came home [1/y]",
    "asked": "loads that asked for a truck: came home or wait still [loads]",
    "service_level": "share of loads that leave in the shift in which they may [-]",
    "missed_pickups_per_y": "loads that leave in a later shift, or wait still [1/y]",
    "trucks_needed": "on the days of the service level no load waits [trucks]",
    "wait_mean_h": "of loads for a truck, from when the trip may start [h]",
    "wait_95_h": "95th percentile [h]",
    "wait_max_h": "longest [h]",
    "use_of_shift": "share of the trucks' shift hours away from home [-]",
    "driving_share": "share of all truck-hours driving, breaks included [-]",
    "loading_share": "share of all truck-hours loading [-]",
    "queueing_share": "share of all truck-hours waiting at gates [-]",
    "at_gate_share": "share of all truck-hours weighed and tipping [-]",
    "idle_share": "share of all truck-hours on shift at home [-]",
    "off_shift_share": "share of all truck-hours after work [-]",
}
"""Measures of a fleet by name."""


def fleet_measures(fleet: Fleet, begin_h: float, end_h: float) -> dict[str, float]:
    """The measures of `FLEET_MEASURES` for trips that came home between two moments.

    Parameters
    ----------
    fleet
        At the end of a run.
    begin_h, end_h
        The measured hours.  [h]
    """
    rows = fleet.trips()
    rows = rows[(rows[:, 2] > begin_h) & (rows[:, 2] <= end_h)]
    ready, out, home, load_h, wait_h, gate_h = rows.T
    hours, case = end_h - begin_h, fleet.case
    scale = DAYS_PER_YEAR * HOURS_PER_DAY / hours
    waited = np.maximum(out - ready, 0.0)
    late = int((out > _shift_end(fleet, ready)).sum())
    late += sum(end_h > _end(fleet, load.ready_h) for load in fleet.loads())
    asked = len(rows) + len(fleet.loads())
    trucks = case.trucks * hours
    days = range(math.floor(begin_h / HOURS_PER_DAY), round(end_h / HOURS_PER_DAY))
    working = [d for d in days if case.hours.opening(d) is not None]
    on_shift = case.trucks * len(working) * case.hours.hours_per_d
    away = float((home - out).sum())
    found = dict.fromkeys(FLEET_MEASURES, math.nan)
    found |= {
        "trips_per_y": len(rows) * scale,
        "asked": float(asked),
        "service_level": 1.0 - late / asked if asked else math.nan,
        "missed_pickups_per_y": late * scale,
        "trucks_needed": trucks_needed(ready, home - out, working),
    }
    if len(rows):
        found |= {
            "wait_mean_h": float(waited.mean()),
            "wait_95_h": float(np.percentile(waited, 95)),
            "wait_max_h": float(waited.max()),
        }
    if not trucks or not on_shift:
        return found
    busy = {
        "loading_share": float(load_h.sum()),
        "queueing_share": float(wait_h.sum()),
        "at_gate_share": float(gate_h.sum()),
    }
    driving = away - sum(busy.values())
    found |= {name: value / trucks for name, value in busy.items()}
    return found | {
        "use_of_shift": away / on_shift,
        "driving_share": driving / trucks,
        "idle_share": max(on_shift - away, 0.0) / trucks,
        "off_shift_share": 1.0 - max(on_shift, away) / trucks,
    }


def trucks_needed(ready_h: np.ndarray, away_h: np.ndarray, days: list[int]) -> float:
    """Trucks with which, on so many days, no load waits for a truck.  [trucks]

    If every load left as soon as its trip may start and took as long as it did, so
    many trucks would be out at once: the most of each day; of these the quantile of
    the service level over the working days.

    Parameters
    ----------
    ready_h, away_h
        When the trip of each load may start, and how long it keeps a truck; shapes
        (n,).  [h]
    days
        Working days.

    Two trips overlap on day 0, three on day 1; on all days three are enough:

    >>> ready = np.array([6.0, 7.0, 30.0, 30.0, 31.0])
    >>> trucks_needed(ready, np.full(5, 1.5), [0, 1])
    3.0
    """
    if not days:
        return math.nan
    n = len(ready_h)
    times = np.concatenate([ready_h, ready_h + away_h])
    steps = np.concatenate([np.ones(n), -np.ones(n)])
    order = np.lexsort((steps, times))  # who comes home is free for who leaves then
    out = np.cumsum(steps[order])
    day = np.floor(times[order] / HOURS_PER_DAY).astype(int)
    most = np.zeros(max(int(day.max(initial=0)), max(days)) + 1)
    np.maximum.at(most, day, out)
    level = assumptions()["service_level"]
    return float(np.quantile(most[days], level, method="higher"))


def _shift_end(fleet: Fleet, ready_h: np.ndarray) -> np.ndarray:
    """End of the shift in which a trip may start; shape (n,).  [h]"""
    hours = fleet.case.hours
    day = np.floor((ready_h - hours.opens_h) / HOURS_PER_DAY + 1e-9)
    end: np.ndarray = day * HOURS_PER_DAY + hours.opens_h + hours.hours_per_d
    return end


def _end(fleet: Fleet, ready_h: float) -> float:
    return float(_shift_end(fleet, np.array([ready_h]))[0])
