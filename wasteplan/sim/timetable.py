"""When trucks without a fleet arrive: in the day, while the gate is open."""

from __future__ import annotations

import numpy as np

from wasteplan.sim.assumptions import assumptions
from wasteplan.sim.calendar import DAYS_PER_WEEK, Hours
from wasteplan.units import HOURS_PER_DAY


class Arrivals:
    """Turns a day and a number in [0, 1) into a time of arrival at a place.

    Loads of a closed day come on the next open day, spread over the same hours.
    """

    __slots__ = ("_begin", "_hours", "_length")

    def __init__(self, hours: Hours) -> None:
        known = assumptions()
        begin, length = known["day_starts_h"], known["day_length_h"]
        end = begin + length
        if hours.hours_per_d < HOURS_PER_DAY:
            closes = hours.opens_h + hours.hours_per_d
            begin, end = max(begin, hours.opens_h), min(end, closes)
            if end <= begin:  # a gate that opens at night only
                begin, end = hours.opens_h, closes
        self._hours, self._begin, self._length = hours, begin, end - begin

    def time(self, day: int, spread: float) -> float:
        """Arrival on the first open day from `day` on.  [h]"""
        open_day = self._hours.next_open_day(day)
        return open_day * HOURS_PER_DAY + self._begin + spread * self._length

    def after(self, earliest_h: float, spread: float) -> float:
        """The first such arrival that is not before `earliest_h`.  [h]"""
        day = int(earliest_h // HOURS_PER_DAY)
        for d in range(day - 1, day + DAYS_PER_WEEK + 1):  # hours may pass midnight
            time = self.time(d, spread)
            if time >= earliest_h:
                return time
        return earliest_h

    def times(self, days: np.ndarray, spread: np.ndarray) -> np.ndarray:
        """Arrivals of many loads; shapes (n,).  [h]"""
        open_day = self._hours.next_open_days(days)
        return open_day * HOURS_PER_DAY + self._begin + spread * self._length

    def waiting(self, days: np.ndarray, hours: np.ndarray) -> np.ndarray:
        """Arrivals of loads that are ready at some hour of their day; shapes (n,).  [h]

        What is ready before the first hour of arrivals, or on a closed day, comes at
        that hour; what is ready after the last, at that hour of the next open day.
        Hours that run past midnight are those of the evening before.
        """
        end = self._begin + self._length
        is_night = hours + HOURS_PER_DAY <= end
        is_night &= self._hours.next_open_days(days - 1) == days - 1
        is_late = hours > end
        days = days + is_late
        open_day = self._hours.next_open_days(days)
        is_there = (open_day == days) & ~is_late
        at = np.where(is_there, np.maximum(hours, self._begin), self._begin)
        waiting = open_day * HOURS_PER_DAY + at
        found: np.ndarray = np.where(is_night, days * HOURS_PER_DAY + hours, waiting)
        return found
