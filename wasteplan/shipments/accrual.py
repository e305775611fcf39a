"""Waste as it accrues between pickups: rate, season, weekday and spread from shipments.

A pickup takes what has accrued since the one before.  What leaves on a day is taken to
have accrued from the day of the pickup before up to the day before this one, so the
first pickup only starts the clock, and neither a long interval between pickups nor the
waste still waiting at the end distorts the rate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.optimize import nnls
from scipy.stats import f as f_distribution

MONTHS, WEEKDAYS = 12, 7
MONDAY_BEFORE_1970 = 3  # 1 January 1970 was a Thursday
FULL_YEAR_D = 330  # days from which a year counts as covered
MONTH_D_MIN = 20
SINGULAR_MIN = 0.05
"""Smallest over largest singular value for which factors are told apart."""
DAILY_GAP_D = 1
"""Rarer pickups follow a timetable; loads that wait a day then shift all weekdays."""
SIGNIFICANT_BELOW = 0.01
ROUNDS = 12
ROUNDING = 1e-12  # squares below this share of all are no squares


@dataclass(frozen=True)
class Season:
    """Relative waste by month and weekday; each has a mean of 1.

    The factor of a day is month x weekday, scaled to a mean of 1 in each calendar year.
    """

    month: tuple[float, ...] = (1.0,) * MONTHS
    weekday: tuple[float, ...] = (1.0,) * WEEKDAYS

    def of(self, days: np.ndarray) -> np.ndarray:
        """Factor of each day, given as days since 1 January 1970; shape (days,).  [-]

        >>> Season().of(np.array([0, 1, 2]))
        array([1., 1., 1.])
        """
        found = np.ones(len(days))
        years = years_of(days)
        for year in np.unique(years):
            start = np.datetime64(f"{year}-01-01", "D").astype(int)
            end = np.datetime64(f"{year + 1}-01-01", "D").astype(int)
            whole = self._raw(np.arange(start, end))
            mean = float(whole.mean())
            inside = years == year
            found[inside] = whole[days[inside] - start] / (mean if mean > 0 else 1.0)
        return found

    def _raw(self, days: np.ndarray) -> np.ndarray:
        month, weekday = np.array(self.month), np.array(self.weekday)
        return month[months_of(days)] * weekday[weekdays_of(days)]


FLAT = Season()


def years_of(days: np.ndarray) -> np.ndarray:
    """Calendar year of days since 1970."""
    return days.astype("datetime64[D]").astype("datetime64[Y]").astype(int) + 1970


def months_of(days: np.ndarray) -> np.ndarray:
    """Month of days since 1970, January is 0."""
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(int) % MONTHS


def weekdays_of(days: np.ndarray) -> np.ndarray:
    """Weekday of days since 1970, Monday is 0.

    >>> weekdays_of(np.array([0, 4]))  # a Thursday and a Monday
    array([3, 0])
    """
    return (days + MONDAY_BEFORE_1970) % WEEKDAYS


@dataclass(frozen=True)
class Accrual:
    """What each pickup took, and the days over which it accrued.

    Attributes
    ----------
    days
        All days of all intervals, one after the other.  [d since 1970]
    starts
        Position in `days` at which each interval starts; shape (pickups,).
    tonnes
        Taken at the end of each interval; shape (pickups,).  [t]
    """

    days: np.ndarray
    starts: np.ndarray
    tonnes: np.ndarray

    def exposure(self, factors: np.ndarray) -> np.ndarray:
        """Sum of daily factors over each interval; shape (pickups,).  [d]"""
        return np.add.reduceat(factors, self.starts)

    @property
    def gap_d(self) -> np.ndarray:
        """Length of each interval.  [d]"""
        return np.diff(np.append(self.starts, len(self.days)))

    @property
    def end_day(self) -> np.ndarray:
        """Last day of each interval.  [d since 1970]"""
        return self.days[self.starts + self.gap_d - 1]

    def rate(self, season: Season = FLAT) -> float:
        """Tonnes per mean day: sum of tonnes over sum of exposures.  [t/d]"""
        return float(self.tonnes.sum() / self.exposure(season.of(self.days)).sum())

    def chosen(self, mask: np.ndarray) -> Accrual:
        """Some of the pickups with their intervals."""
        keep = np.repeat(mask, self.gap_d)
        gaps = self.gap_d[mask]
        starts = np.cumsum(gaps) - gaps
        return Accrual(self.days[keep], starts, self.tonnes[mask])


def accrual(day: np.ndarray, tonnes: np.ndarray) -> Accrual | None:
    """Intervals between pickups; None with fewer than two days of pickups.

    Parameters
    ----------
    day, tonnes
        Day of each load [d since 1970] and its mass [t], in any order; loads of a day
        are one pickup.

    >>> seen = accrual(np.array([10, 12, 12, 15]), np.array([9.0, 1.0, 3.0, 6.0]))
    >>> seen.gap_d.tolist(), seen.tonnes.tolist(), seen.rate()
    ([2, 3], [4.0, 6.0], 2.0)
    """
    at, where = np.unique(day, return_inverse=True)
    if len(at) < 2:
        return None
    taken = np.bincount(where, weights=tonnes)
    return Accrual(np.arange(at[0], at[-1]), at[:-1] - at[0], taken[1:])


def joined(parts: Sequence[Accrual], scales: Sequence[float]) -> Accrual:
    """Several generators as one, each measured in its own mean day (scale in t/d)."""
    offsets = np.cumsum([0, *(len(p.days) for p in parts)])[:-1]
    return Accrual(
        np.concatenate([p.days for p in parts]),
        np.concatenate([p.starts + o for p, o in zip(parts, offsets, strict=True)]),
        np.concatenate([p.tonnes / s for p, s in zip(parts, scales, strict=True)]),
    )


@dataclass(frozen=True)
class SeasonFit:
    """Month and weekday factors, and how well they stand.

    Attributes
    ----------
    season
        Only what is told apart and significant; flat otherwise.  Weekdays that always
        leave together (a weekend's on Monday) share one factor.
    p_month, p_weekday
        F-tests of the factors; NaN if pickups cannot tell them apart.
    explained
        Share of the variance about a constant rate that the season takes away.  [-]
    """

    season: Season
    p_month: float
    p_weekday: float
    explained: float
    n_pickups: int
    n_factors: int = 0
    """Free factors of the season in use."""


def fit_season(seen: Accrual, *, weekdays: bool = True) -> SeasonFit:
    """Month and weekday factors by weighted least squares on the pickups.

    Variance is taken as proportional to the length of the interval.  The product
    month x weekday is fitted in turns (each turn is linear, factors >= 0).  Factors are
    kept if the pickups tell them apart and an F-test against the fit without them is
    significant at 1 %.  With one year of data, season and trend are one.

    Parameters
    ----------
    seen
        Pickups of one generator and stream, or of several (see `joined`).
    weekdays
        Whether weekdays may be fitted at all.
    """
    groups: dict[str, Group] = {}
    if _covers_all_months(seen):
        groups["month"] = Group(months_of(seen.days), np.arange(MONTHS))
        if not _told_apart(seen, groups["month"]):
            del groups["month"]
    group = _weekday_group(seen) if weekdays else None
    if group is not None:
        groups["weekday"] = group
    p_values = {"month": float("nan"), "weekday": float("nan")}
    while groups:
        whole = _squares(seen, _alternate(seen, groups))
        for name in groups:
            others = {k: g for k, g in groups.items() if k != name}
            without = _squares(seen, _alternate(seen, others))
            p_values[name] = _f_test(seen, without, whole, groups, name)
        weakest = max(groups, key=lambda g: p_values[g])
        if p_values[weakest] < SIGNIFICANT_BELOW:
            break
        del groups[weakest]
    factors = _alternate(seen, groups)
    constant = _squares(seen, {})
    left = _squares(seen, factors) / constant if constant > 0 else 1.0
    flat = {"month": FLAT.month, "weekday": FLAT.weekday}
    values = {k: tuple(f[groups[k].of].tolist()) for k, (_, f) in factors.items()}
    return SeasonFit(
        Season(**(flat | values)),
        p_values["month"],
        p_values["weekday"],
        1 - left,
        len(seen.tonnes),
        sum(g.free for g in groups.values()),
    )


class Group(NamedTuple):
    """Months or weekdays: the one of each day, and the factor that each one uses."""

    days: np.ndarray
    of: np.ndarray

    @property
    def n(self) -> int:
        """Number of different factors."""
        return int(self.of.max()) + 1

    @property
    def free(self) -> int:
        """Factors that can be chosen; their mean is 1."""
        return self.n - 1

    @property
    def codes(self) -> np.ndarray:
        """The factor of each day."""
        return self.of[self.days]


Factors = dict[str, tuple[np.ndarray, np.ndarray]]
"""Group -> (code of each day, factor of each code)."""


def _covers_all_months(seen: Accrual) -> bool:
    unique = np.unique(seen.days)
    counts = np.bincount(months_of(unique), minlength=MONTHS)
    return len(unique) >= FULL_YEAR_D and bool((counts >= MONTH_D_MIN).all())


def _design(seen: Accrual, codes: np.ndarray, others: np.ndarray, n: int) -> np.ndarray:
    """Exposure of every pickup to every code; shape (pickups, codes).  [d]"""
    spread = np.zeros((len(codes), n))
    spread[np.arange(len(codes)), codes] = others
    return np.asarray(np.add.reduceat(spread, seen.starts, axis=0))


def _told_apart(seen: Accrual, group: Group) -> bool:
    if len(seen.tonnes) < 3 * group.n:
        return False
    values = np.linalg.svd(_scaled_design(seen, group), compute_uv=False)
    return bool(values[-1] > SINGULAR_MIN * values[0])


def _scaled_design(seen: Accrual, group: Group) -> np.ndarray:
    """Exposure to each factor, in columns of like size."""
    design = _design(seen, group.codes, np.ones(len(seen.days)), group.n)
    scaled = design / np.sqrt(seen.gap_d)[:, None]
    norms = np.linalg.norm(scaled, axis=0)
    return np.asarray(scaled / np.where(norms > 0, norms, 1.0))


def _weekday_group(seen: Accrual) -> Group | None:
    """Weekdays, if pickups are daily; those hardest to tell apart are put together."""
    if np.median(seen.gap_d) > DAILY_GAP_D:
        return None
    index = weekdays_of(seen.days)
    of = np.arange(WEEKDAYS)
    while of.max() > 0:
        group = Group(index, of)
        if _told_apart(seen, group):
            return group
        design = _scaled_design(seen, group)
        alike = design.T @ design - 2 * np.eye(group.n)
        first, second = sorted(np.unravel_index(int(alike.argmax()), alike.shape))
        merged = np.where(of == second, first, of)
        of = np.unique(merged, return_inverse=True)[1]
    return None


def _alternate(seen: Accrual, groups: dict[str, Group]) -> Factors:
    """Fit the groups in turns, each with a mean of 1 over its months or weekdays."""
    factors: Factors = {k: (g.codes, np.ones(g.n)) for k, g in groups.items()}
    root = np.sqrt(seen.gap_d)
    for _ in range(ROUNDS if len(groups) > 1 else 1):
        for name, group in groups.items():
            others = np.ones(len(seen.days))
            for k, (c, f) in factors.items():
                others = others * (f[c] if k != name else 1.0)
            design = _design(seen, group.codes, others, group.n)
            found, _ = nnls(design / root[:, None], seen.tonnes / root)
            mean = float(found[group.of].mean())
            fitted = found / mean if mean > 0 else np.ones(group.n)
            factors[name] = (group.codes, fitted)
    return factors


def _squares(seen: Accrual, factors: Factors) -> float:
    """Weighted squares about the best rate with these factors."""
    daily = np.ones(len(seen.days))
    for codes, values in factors.values():
        daily = daily * values[codes]
    exposure = seen.exposure(daily)
    weight = 1 / seen.gap_d
    at = float((weight * exposure * seen.tonnes).sum())
    rate = at / max(float((weight * exposure**2).sum()), 1e-300)
    return float((weight * (seen.tonnes - rate * exposure) ** 2).sum())


def _f_test(
    seen: Accrual,
    without: float,
    whole: float,
    groups: dict[str, Group],
    name: str,
) -> float:
    free = groups[name].free
    n_left = len(seen.tonnes) - 1 - sum(g.free for g in groups.values())
    if n_left < 1:
        return float("nan")
    noise = ROUNDING * float((seen.tonnes**2 / seen.gap_d).sum())
    whole = max(whole, noise, 1e-300)
    ratio = max(without - whole, 0.0) / free / (whole / n_left)
    return float(f_distribution.sf(ratio, free, n_left))
