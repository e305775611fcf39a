"""Rates and seasons from pickups, on paper and against made-up truth."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wasteplan.shipments.accrual import (
    FLAT,
    Season,
    accrual,
    fit_season,
    joined,
    months_of,
    weekdays_of,
)

JANUARY_2029 = int(np.datetime64("2029-01-01", "D").astype(int))  # a Monday
MONTH = (0.8, 0.9, 1.0, 1.1, 1.2, 1.0, 1.0, 1.0, 1.0, 1.2, 0.9, 0.9)
WEEKDAY = (1.2, 1.2, 1.2, 1.2, 1.2, 0.7, 0.3)


def picked_up(season: Season, days: int, every: int, cv: float = 0.0, seed: int = 1):
    """10 t on the mean day; a pickup takes everything up to the day before."""
    day = JANUARY_2029 + np.arange(days)
    waste = 10 * season.of(day)
    if cv:
        waste = waste * np.random.default_rng(seed).gamma(cv**-2, cv**2, days)
    total = np.concatenate([[0.0], np.cumsum(waste)])
    at = np.arange(0, days, every)
    seen = accrual(JANUARY_2029 + at, np.diff(total[at], prepend=0.0))
    assert seen is not None
    return seen


def test_the_first_pickup_only_starts_the_clock() -> None:
    """On days 0, 3 and 10: 12 t in 3 d and 18 t in 7 d are 3 t/d; 500 t are no rate."""
    seen = accrual(np.array([0, 3, 10]), np.array([500.0, 12.0, 18.0]))

    assert seen is not None
    assert seen.rate() == pytest.approx(3.0)
    assert seen.end_day.tolist() == [2, 9]


def test_one_day_of_pickups_shows_no_rate() -> None:
    assert accrual(np.array([5, 5]), np.array([1.0, 2.0])) is None


def test_a_season_corrects_a_rate_from_part_of_a_year() -> None:
    """Two months at 0.8 and 0.9 of the year's mean still give 10 t/d."""
    seen = picked_up(Season(MONTH), 59, 2)

    assert seen.rate(Season(MONTH)) == pytest.approx(10, rel=1e-12)
    assert seen.rate() < 8.6


def test_the_factors_of_a_calendar_year_have_a_mean_of_one() -> None:
    days = JANUARY_2029 + np.arange(365)
    assert Season(MONTH, WEEKDAY).of(days).mean() == pytest.approx(1, abs=1e-12)


def test_months_and_weekdays_are_those_of_the_calendar() -> None:
    """1 January 2029 is a Monday, 28 days later is a Monday in January still."""
    assert weekdays_of(JANUARY_2029 + np.array([0, 6, 28])).tolist() == [0, 6, 0]
    assert months_of(JANUARY_2029 + np.array([0, 31, 364])).tolist() == [0, 1, 11]


def test_factors_without_noise_come_back() -> None:
    """Daily pickups over a year: months by their days, weekdays as they are."""
    fit = fit_season(picked_up(Season(MONTH, WEEKDAY), 366, 1))

    assert fit.season.month == pytest.approx(MONTH, rel=1e-5)
    assert fit.season.weekday == pytest.approx(WEEKDAY, rel=1e-5)
    assert fit.explained == pytest.approx(1, abs=1e-8)
    assert fit.n_factors == 17


def test_months_come_back_from_weekly_pickups_of_several_generators() -> None:
    """20 generators with a spread of 0.3 a day: months within 5 %, no weekdays."""
    parts = [picked_up(Season(MONTH), 366, 7, 0.3, seed) for seed in range(20)]
    fit = fit_season(joined(parts, [p.rate() for p in parts]))

    assert fit.season.month == pytest.approx(MONTH, abs=0.05)
    assert fit.p_month < 1e-6
    assert fit.season.weekday == FLAT.weekday
    assert np.isnan(fit.p_weekday)


def test_days_that_always_leave_together_share_a_factor() -> None:
    """Nothing leaves on Sundays: Saturday and Sunday share (0.7 + 0.3) / 2."""
    day = JANUARY_2029 + np.arange(366)
    total = np.concatenate([[0.0], np.cumsum(Season((1.0,) * 12, WEEKDAY).of(day))])
    open_on = np.arange(366)[weekdays_of(day) != 6]
    seen = accrual(JANUARY_2029 + open_on, np.diff(total[open_on], prepend=0.0))
    assert seen is not None
    fit = fit_season(seen)

    assert fit.season.weekday[5] == fit.season.weekday[6]
    assert fit.season.weekday == pytest.approx((1.2,) * 5 + (0.5,) * 2, rel=1e-3)
    assert fit.n_factors == 5


def test_noise_alone_shows_no_season() -> None:
    """At 1 % at most a few of 40 flat years pass for seasonal."""
    wrong = [
        fit_season(picked_up(FLAT, 366, 2, 0.3, s)).n_factors > 0 for s in range(40)
    ]
    assert sum(wrong) <= 3


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 15), st.integers(30, 400))
def test_a_constant_rate_is_found_whatever_the_timetable(every: int, days: int) -> None:
    assert picked_up(FLAT, days, every).rate() == pytest.approx(10, rel=1e-12)
