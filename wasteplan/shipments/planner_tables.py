"""Planning figures as rows of the scenario's tables `generation` and `profiles`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from wasteplan.shipments.accrual import FULL_YEAR_D, MONTHS, WEEKDAYS
from wasteplan.shipments.bridge import GenerationFits, Pair

GENERATION_COLUMNS = (
    "generator", "stream", "year", "waste_t_per_y", "growth_per_y", "basis", "profile",
    "low_t_per_y", "high_t_per_y", "source", "status", "note",
)  # fmt: skip
PROFILE_COLUMNS = ("profile", "kind", "index", "factor", "source", "status", "note")
SOURCE = "reported_shipments"


def generation_rows(
    fits: GenerationFits,
    *,
    profiles: Mapping[Pair, str] | None = None,
    source: str = SOURCE,
) -> pd.DataFrame:
    """Rows for `generation`: one a covered calendar year, else the best year.

    Growth is given where it differs from zero beyond chance; the basis is `collected`,
    since what leaks is in no report.

    Parameters
    ----------
    profiles
        Names of known profiles for pairs without a fitted one.
    source
        Key in `sources.toml`.
    """
    trend = fits.trends.set_index(["generator", "stream"])
    rows = []
    for (generator, stream), table in fits.years.groupby(["generator", "stream"]):
        pair = (str(generator), str(stream))
        chosen = table[table["days"] >= FULL_YEAR_D]
        if chosen.empty:
            chosen = table.sort_values("days").tail(1)
        growth = _growth(trend.loc[[pair]].iloc[0])
        name = fits.profile_of.get(pair) or (profiles or {}).get(pair, "")
        for row in chosen.to_dict("records"):
            last = row["year"] == chosen["year"].max()
            rows.append(
                {
                    "generator": pair[0],
                    "stream": pair[1],
                    "year": row["year"],
                    "waste_t_per_y": row["mean_t_per_y"],
                    "growth_per_y": growth if last else 0.0,
                    "basis": "collected",
                    "profile": name,
                    "low_t_per_y": row["low_t_per_y"],
                    "high_t_per_y": row["high_t_per_y"],
                    "source": source,
                    "status": "derived",
                    "note": _note(row, fits.level),
                }
            )
    return pd.DataFrame(rows, columns=list(GENERATION_COLUMNS))


def _growth(trend: pd.Series[Any]) -> float:
    """Growth beyond chance, otherwise 0.  [1/y]"""
    low, high = float(trend["low_per_y"]), float(trend["high_per_y"])
    return float(trend["growth_per_y"]) if low > 0 or high < 0 else 0.0


def _note(row: dict[Any, Any], level: float) -> str:
    said = f"{row['n_pickups']} pickups in {row['days']} days, {level:.0%} interval"
    return f"{said}; {row['remark']}" if row["remark"] else said


def profile_rows(fits: GenerationFits, *, source: str = SOURCE) -> pd.DataFrame:
    """Rows for `profiles`: the fitted months and weekdays."""
    rows = []
    for name, season in sorted(fits.profiles.items()):
        kinds = (("month", season.month, MONTHS), ("weekday", season.weekday, WEEKDAYS))
        for kind, factors, n in kinds:
            if factors == (1.0,) * n:
                continue
            rows += [
                (name, kind, i, factor, source, "derived", "fitted to pickups")
                for i, factor in enumerate(factors, start=1)
            ]
    return pd.DataFrame(rows, columns=list(PROFILE_COLUMNS))
