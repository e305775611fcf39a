"""From shipments to planning figures: mean, spread, trend and season of waste."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import norm
from scipy.stats import t as student

from wasteplan.shipments.accrual import (
    FLAT,
    FULL_YEAR_D,
    Accrual,
    Season,
    SeasonFit,
    accrual,
    fit_season,
    joined,
    years_of,
)
from wasteplan.shipments.states import CANCELLED
from wasteplan.shipments.table import ShipmentTable
from wasteplan.units import DAYS_PER_YEAR

Pair = tuple[str, str]
"""A generator and a stream."""

FIT_COLUMNS = {
    "generator": "as reported",
    "stream": "stream id",
    "year": "calendar year",
    "mean_t_per_y": "what accrues in a year at the rate of the mean day [t/y]",
    "low_t_per_y": "lower end of the interval [t/y]; NaN with too few pickups",
    "high_t_per_y": "upper end [t/y]",
    "variation": "coefficient of variation of a day's waste about its season [-]",
    "days": "days between the first and the last pickup of the year [d]",
    "n_pickups": "days with pickups",
    "gap_d": "median time between pickups [d]",
    "season": "`fitted`, `given` or `none`",
    "explained": "share of the variance about a constant rate explained [-]",
    "remark": "what the figure does not stand on, or empty",
}
TREND_COLUMNS = {
    "generator": "as reported",
    "stream": "stream id",
    "growth_per_y": "[1/y]; NaN with fewer than two covered years",
    "low_per_y": "lower end of the interval [1/y]",
    "high_per_y": "upper end [1/y]",
    "n_years": "calendar years covered",
}
SEASON_COLUMNS = {
    "profile": "name in the tables",
    "stream": "stream id",
    "generator": "generator, or `all` of the stream",
    "n_pickups": "pickups it rests on",
    "explained": "share of the variance about a constant rate explained [-]",
    "p_month": "F-test of the months; NaN: pickups cannot tell them apart",
    "p_weekday": "F-test of the weekdays; NaN: pickups cannot tell them apart",
    "is_used": "whether any factor is kept",
}
ALL = "all"
BATCH_D = 7  # whole weeks, so that weekdays do not count as spread
BATCHES_MIN = 5


@dataclass(frozen=True, eq=False)
class GenerationFits:
    """Waste by generator, stream and year, with the seasons behind it.

    Attributes
    ----------
    years, trends, seasons
        Frames with the columns of `FIT_COLUMNS`, `TREND_COLUMNS`, `SEASON_COLUMNS`.
    profiles
        Name of a profile -> its factors; only profiles in use.
    profile_of
        Pair -> name of its fitted profile, empty if none.
    level
        Confidence of the intervals.  [-]
    """

    years: pd.DataFrame
    trends: pd.DataFrame
    seasons: pd.DataFrame
    profiles: Mapping[str, Season]
    profile_of: Mapping[Pair, str]
    level: float


def pickups(table: ShipmentTable) -> dict[Pair, Accrual]:
    """Pickups by generator and stream, from the shipments that moved.

    The day of a shipment is that on which it left; without one, that on which it was
    taken over or arrived.  Rows without generator, stream, day or tonnage are left out.
    A refused load does not count here: it goes on as a new shipment.
    """
    moved = ~table["state"].isin([*CANCELLED, "reserved", "rejected"])
    at = table["shipped_at"].fillna(table["collected_at"]).fillna(table["received_at"])
    tonnes = table["quantity_t"]
    names = table["generator"].notna() & table["stream"].notna()
    use = (moved & at.notna() & tonnes.notna() & names).to_numpy()
    days = at[use].to_numpy().astype("datetime64[D]").astype(int)
    frame = pd.DataFrame(
        {
            "generator": table.loc[use, "generator"].astype(object).to_numpy(),
            "stream": table.loc[use, "stream"].astype(object).to_numpy(),
            "day": days,
            "tonnes": tonnes[use].to_numpy(),
        }
    )
    found: dict[Pair, Accrual] = {}
    for (generator, stream), rows in frame.groupby(["generator", "stream"]):
        seen = accrual(rows["day"].to_numpy(), rows["tonnes"].to_numpy())
        if seen is not None:
            found[str(generator), str(stream)] = seen
    return found


def fit_generation(
    table: ShipmentTable,
    *,
    seasons: Mapping[Pair, Season] | None = None,
    seasons_per: Literal["stream", "pair"] = "stream",
    several: Collection[str] = (),
    level: float = 0.95,
) -> GenerationFits:
    """Mean, spread, trend and season of what every generator ships.

    The mean is tonnes over the (seasonal) days over which they accrued.  Its interval
    comes from the scatter of batches of whole weeks, at least two pickups long, so
    that pickups which balance each other are not counted as noise, nor weekdays.

    Parameters
    ----------
    table
        Shipments that name generator and stream.
    seasons
        Known seasons, used where the shipments are too few to show one.
    seasons_per
        One season for all generators of a stream, or one for each.
    several
        Names under which several generators ship: each has its own timetable, so their
        weekdays are not those of the waste and are not fitted.
    level
        Confidence of the intervals.  [-]
    """
    seen = pickups(table)
    fits = _season_fits(seen, seasons_per, several, seasons or {})
    years, trends = [], []
    profile_of: dict[Pair, str] = {}
    for pair, taken in seen.items():
        key = pair if seasons_per == "pair" else (ALL, pair[1])
        used = _season_of(pair, fits[key], seasons or {})
        profile_of[pair] = profile_name(*key) if used.kind == "fitted" else ""
        own = fits[key].n_factors if seasons_per == "pair" else 0
        rows = _year_rows(pair, taken, used, own, level)
        years += rows
        trends.append(_trend(pair, rows, level))
    profiles = {
        profile_name(*key): fit.season for key, fit in fits.items() if fit.n_factors
    }
    return GenerationFits(
        years=pd.DataFrame(years, columns=list(FIT_COLUMNS)),
        trends=pd.DataFrame(trends, columns=list(TREND_COLUMNS)),
        seasons=_season_table(fits),
        profiles=profiles,
        profile_of=profile_of,
        level=level,
    )


def profile_name(generator: str, stream: str) -> str:
    """The name of a fitted profile, an id of the tables.

    >>> profile_name("all", "msw"), profile_name("mill", "msw")
    ('reported_msw', 'reported_mill_msw')
    """
    parts = ["reported", *([] if generator == ALL else [generator]), stream]
    plain = "".join(c if c.isascii() and c.isalnum() else "_" for c in "_".join(parts))
    return plain.lower()[:64]


class _Used(NamedTuple):
    """The season that stands behind a mean."""

    season: Season
    kind: str
    explained: float


def _season_fits(
    seen: Mapping[Pair, Accrual],
    seasons_per: str,
    several: Collection[str],
    given: Mapping[Pair, Season],
) -> dict[Pair, SeasonFit]:
    """One fit for each pair or stream; weekdays not fitted are those given."""
    pools: dict[Pair, list[Pair]] = {}
    for pair in seen:
        key = pair if seasons_per == "pair" else (ALL, pair[1])
        pools.setdefault(key, []).append(pair)
    fits = {}
    for key, pairs in pools.items():
        filled = [p for p in pairs if seen[p].tonnes.sum() > 0]
        if not filled:
            fits[key] = SeasonFit(FLAT, float("nan"), float("nan"), 0.0, 0)
            continue
        parts = [seen[p] for p in filled]
        fit = fit_season(
            joined(parts, [p.rate() for p in parts]),
            weekdays=not any(p[0] in several for p in filled),
        )
        known = {given[p].weekday for p in filled if p in given}
        if fit.n_factors and fit.season.weekday == FLAT.weekday and len(known) == 1:
            fit = replace(fit, season=Season(fit.season.month, known.pop()))
        fits[key] = fit
    return fits


def _season_of(pair: Pair, fit: SeasonFit, given: Mapping[Pair, Season]) -> _Used:
    if fit.n_factors:
        return _Used(fit.season, "fitted", fit.explained)
    if pair in given:
        return _Used(given[pair], "given", 0.0)
    return _Used(FLAT, "none", 0.0)


def _year_rows(
    pair: Pair, taken: Accrual, used: _Used, n_factors: int, level: float
) -> list[tuple[Any, ...]]:
    """One row of `FIT_COLUMNS` a calendar year."""
    years = years_of(taken.end_day)
    rows = []
    for year in np.unique(years):
        part = taken.chosen(years == year)
        exposure = part.exposure(used.season.of(part.days))
        if exposure.sum() <= 0:
            continue
        rate = float(part.tonnes.sum() / exposure.sum())
        low, high = _interval(part, exposure, rate, n_factors, level)
        days = len(part.days)
        rows.append(
            (
                *pair,
                int(year),
                rate * DAYS_PER_YEAR,
                low * DAYS_PER_YEAR,
                high * DAYS_PER_YEAR,
                _variation(part, used.season, rate),
                days,
                len(part.tonnes),
                float(np.median(part.gap_d)),
                used.kind,
                used.explained,
                _remark(days, used.kind, low),
            )
        )
    return rows


def _remark(days: int, kind: str, low: float) -> str:
    said = []
    if days < FULL_YEAR_D:
        said.append(f"{days} days of the year")
        if kind == "none":
            said.append("its season is unknown and not in the interval")
    if np.isnan(low):
        said.append("too few pickups for an interval")
    return "; ".join(said)


def _interval(
    part: Accrual, exposure: np.ndarray, rate: float, n_factors: int, level: float
) -> tuple[float, float]:
    """Interval of a rate from batches of pickups.  [t/d]

    The error of a ratio of sums (Cochran 1977, Sampling Techniques, ch. 6):
    se = sqrt(B / (B - 1 - p) sum_b e_b^2) / sum of exposures, e_b = tonnes - rate x
    exposure of a batch, B batches, p factors fitted to this pair alone.
    """
    length = max(BATCH_D, 2 * int(np.median(part.gap_d)))
    weeks = int(np.ceil(length / BATCH_D)) * BATCH_D
    elapsed = np.cumsum(part.gap_d) - part.gap_d
    batch = elapsed // weeks
    error = np.bincount(batch, part.tonnes - rate * exposure)
    n = len(np.unique(batch))
    free = n - 1 - n_factors
    if free < BATCHES_MIN - 1:
        return float("nan"), float("nan")
    se = float(np.sqrt(n / free * (error**2).sum()) / exposure.sum())
    half = float(student.ppf((1 + level) / 2, free)) * se
    return max(rate - half, 0.0), rate + half


def _variation(part: Accrual, season: Season, rate: float) -> float:
    """Coefficient of variation of a day: cv^2 = sum e^2 / sum (expected of a day)^2."""
    factors = season.of(part.days)
    error = part.tonnes - rate * part.exposure(factors)
    expected = rate**2 * float((factors**2).sum())
    n = len(part.tonnes)
    if n < 2 or expected <= 0:
        return float("nan")
    return float(np.sqrt((error**2).sum() / expected * n / (n - 1)))


def _trend(
    pair: Pair, rows: list[tuple[Any, ...]], level: float
) -> tuple[str, str, float, float, float, int]:
    """Growth from covered years: weighted straight line through their logarithms."""
    table = pd.DataFrame(rows, columns=list(FIT_COLUMNS))
    whole = table[(table["days"] >= FULL_YEAR_D) & (table["mean_t_per_y"] > 0)]
    half = (whole["high_t_per_y"] - whole["low_t_per_y"]) / 2
    good = half > 0
    x = whole.loc[good, "year"].to_numpy(dtype=float)
    if len(x) < 2:
        return (*pair, float("nan"), float("nan"), float("nan"), len(x))
    mean = whole.loc[good, "mean_t_per_y"].to_numpy()
    z = float(norm.ppf((1 + level) / 2))
    weight = (z * mean / half[good].to_numpy()) ** 2  # of a logarithm: 1 / cv^2
    centre = float(np.average(x, weights=weight))
    about = float((weight * (x - centre) ** 2).sum())
    slope = float((weight * (x - centre) * np.log(mean)).sum()) / about
    ends = [float(np.expm1(slope + s * z / about**0.5)) for s in (-1, 1)]
    return (*pair, float(np.expm1(slope)), ends[0], ends[1], len(x))


def _season_table(fits: Mapping[Pair, SeasonFit]) -> pd.DataFrame:
    rows = [
        (
            profile_name(*key), key[1], key[0], fit.n_pickups, fit.explained,
            fit.p_month, fit.p_weekday, bool(fit.n_factors),
        )
        for key, fit in fits.items()
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(SEASON_COLUMNS))
