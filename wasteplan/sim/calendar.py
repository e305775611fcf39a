"""Hours of the simulation against the calendar: weekdays, months, opening hours."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from wasteplan.units import HOURS_PER_DAY

DAYS_PER_WEEK = 7
SLACK_H = 1e-9  # a boundary reached within this is reached


@dataclass(frozen=True)
class Hours:
    """Working hours that repeat every week, from Monday on.

    Parameters
    ----------
    opens_h
        Hour of the day at which work begins.  [h]
    hours_per_d
        How long it lasts; 24 or more on all seven days means always.  [h/d]
    days_per_week
        Days worked, counted from Monday.  [d/week]
    first_weekday
        Weekday of the hour 0 of the simulation, Monday is 0.
    """

    opens_h: float = 0.0
    hours_per_d: float = HOURS_PER_DAY
    days_per_week: int = DAYS_PER_WEEK
    first_weekday: int = 0

    @property
    def is_always(self) -> bool:
        """Work never stops."""
        return self.hours_per_d >= HOURS_PER_DAY and self.days_per_week >= 7

    def opening(self, day: int) -> tuple[float, float] | None:
        """Opening and closing time of a day of the simulation, None if closed.  [h]"""
        if (day + self.first_weekday) % DAYS_PER_WEEK >= self.days_per_week:
            return None
        start = day * HOURS_PER_DAY + self.opens_h
        return start, start + self.hours_per_d

    def is_open(self, now_h: float) -> bool:
        """Whether work goes on at a time of the simulation.

        >>> Hours(8, 10, 6).is_open(9.0), Hours(8, 10, 6).is_open(6 * 24 + 9.0)
        (True, False)
        """
        if self.is_always:
            return True
        day = math.floor(now_h / HOURS_PER_DAY)
        for d in (day, day - 1):  # a shift may run past midnight
            span = self.opening(d)
            if span is not None and span[0] <= now_h < span[1]:
                return True
        return False

    def next_open(self, now_h: float) -> float:
        """The first time from now on at which work goes on.  [h]

        >>> Hours(8, 10, 6).next_open(5 * 24 + 19.0)  # Saturday evening
        176.0
        """
        if self.is_open(now_h):
            return now_h
        day = math.floor(now_h / HOURS_PER_DAY)
        for d in range(day, day + DAYS_PER_WEEK + 1):
            span = self.opening(d)
            if span is not None and span[0] >= now_h:
                return span[0]
        raise ValueError("hours that never open")

    def next_open_day(self, day: int) -> int:
        """The first working day from `day` on."""
        late = (day + self.first_weekday) % DAYS_PER_WEEK
        return day if late < self.days_per_week else day + DAYS_PER_WEEK - late

    def next_open_days(self, days: np.ndarray) -> np.ndarray:
        """The first working day from each day on; shape (n,)."""
        late = (days + self.first_weekday) % DAYS_PER_WEEK
        closed = late >= self.days_per_week
        return np.where(closed, days + DAYS_PER_WEEK - late, days)


ALWAYS = Hours()


@dataclass(frozen=True)
class Pause:
    """The break of a shift: everybody rests at the same hour.

    Parameters
    ----------
    after_h
        From the start of the shift to the break.  [h]
    length_h
        How long it lasts.  [h]
    """

    after_h: float
    length_h: float


def weekdays(first: date, days: int) -> np.ndarray:
    """Weekday of each day, Monday is 0; shape (days,)."""
    return (np.arange(days) + first.weekday()) % DAYS_PER_WEEK


def months(first: date, days: int) -> np.ndarray:
    """Month of each day, January is 0; shape (days,)."""
    dates = np.datetime64(first) + np.arange(days)
    return dates.astype("datetime64[M]").astype(int) % 12


def first_day(year: int, warm_up_d: int) -> date:
    """The calendar day of hour 0: the warm-up ends on 1 January of the year.

    >>> first_day(2030, 28)
    datetime.date(2029, 12, 4)
    """
    return date(year, 1, 1) - timedelta(days=warm_up_d)


def daily_factors(
    month_factors: dict[int, float],
    weekday_factors: dict[int, float],
    first: date,
    days: int,
    holiday_factors: Mapping[int, float] | None = None,
) -> np.ndarray:
    """Waste of each day relative to the mean day of its year; shape (days,).  [-]

    Season times weekday times holiday (by month x 100 + day), scaled so that the mean
    over each calendar year is 1: the yearly tonnage is met whatever the factors are.

    >>> daily_factors({}, {}, date(2030, 1, 1), 3)
    array([1., 1., 1.])
    >>> closed = daily_factors({}, {}, date(2030, 1, 1), 3, {102: 0.0})
    >>> (closed * 364 / 365).round(9).tolist()  # the other 364 days make up for it
    [1.0, 0.0, 1.0]
    """
    by_month = np.array([month_factors.get(m, 1.0) for m in range(1, 13)])
    by_weekday = np.array([weekday_factors.get(w, 1.0) for w in range(1, 8)])
    last = first + timedelta(days=days - 1)
    parts = []
    for year in range(first.year, last.year + 1):
        start, n = date(year, 1, 1), (date(year + 1, 1, 1) - date(year, 1, 1)).days
        factors = by_month[months(start, n)] * by_weekday[weekdays(start, n)]
        for index, factor in (holiday_factors or {}).items():
            day = date(year, index // 100, index % 100)
            factors[(day - start).days] *= factor
        mean = float(factors.mean())
        parts.append(factors / mean if mean > 0 else np.zeros(n))
    offset = (first - date(first.year, 1, 1)).days
    return np.concatenate(parts)[offset : offset + days]
