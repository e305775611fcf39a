"""How much of the waste is reported, and how much is not: as an explicit range."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from wasteplan.shipments.mistakes import ShipmentError

ESTIMATE_COLUMNS = ("low_t", "central_t", "high_t")
COVERAGE_COLUMNS = {
    "zone": "zone or region",
    "stream": "stream id",
    "reported_t": "by shipments [t]; 0 if none",
    "generated_low_t": "estimated generation, lowest [t]",
    "generated_t": "estimated generation [t]; NaN if there is no estimate",
    "generated_high_t": "estimated generation, highest [t]",
    "coverage": "reported / estimated [-]",
    "coverage_low": "against the highest estimate [-]",
    "coverage_high": "against the lowest estimate [-]",
    "unreported_low_t": "estimated - reported, not below 0 [t]",
    "unreported_t": "the same with the central estimate [t]",
    "unreported_high_t": "the same with the highest estimate [t]",
    "remark": "what is wrong with the comparison, or empty",
}
ALL = "all"
"""The row that adds up all zones and streams."""


def coverage(reported: pd.DataFrame, estimated: pd.DataFrame) -> pd.DataFrame:
    """Reported over estimated generation, by zone and stream and in all.

    The ends of the sum are sums of ends: all estimates are taken to be wrong the same
    way at once, which is the widest range.

    Parameters
    ----------
    reported
        Columns zone, stream, reported_t; several rows of a pair are added.  [t]
    estimated
        Columns zone, stream, low_t, central_t, high_t of the same time; an end that
        is not known is the central figure.  [t]

    Returns
    -------
    DataFrame
        Columns of `COVERAGE_COLUMNS`, the sum of all pairs with an estimate last.

    Raises
    ------
    ShipmentError
        A low estimate is above the central one, or a high one below it.

    >>> row = coverage(
    ...     pd.DataFrame({"zone": ["z"], "stream": ["s"], "reported_t": [60.0]}),
    ...     pd.DataFrame({"zone": ["z"], "stream": ["s"], "low_t": [80.0],
    ...                   "central_t": [100.0], "high_t": [150.0]})).iloc[0]
    >>> [float(row[c]) for c in ("coverage", "unreported_low_t", "unreported_high_t")]
    [0.6, 20.0, 90.0]
    """
    keys = ["zone", "stream"]
    said: Any = reported.groupby(keys, observed=True)["reported_t"].sum()
    guess: Any = estimated.groupby(keys, observed=True)[list(ESTIMATE_COLUMNS)]
    known = _checked(guess.sum(min_count=1))
    table = known.join(said, how="outer").sort_index()
    table["reported_t"] = table["reported_t"].fillna(0.0)
    pairs = table.reset_index()
    total = table[table["central_t"].notna()].sum()
    last = {"zone": ALL, "stream": ALL, **total}
    return _with_ratios(pd.concat([pairs, pd.DataFrame([last])], ignore_index=True))


def _checked(estimates: pd.DataFrame) -> pd.DataFrame:
    central = estimates["central_t"]
    filled = estimates.assign(
        low_t=estimates["low_t"].fillna(central),
        high_t=estimates["high_t"].fillna(central),
    )
    crossed = (filled["low_t"] > central) | (filled["high_t"] < central)
    if crossed.any():
        zone, stream = filled.index[int(np.argmax(crossed.to_numpy()))]
        raise ShipmentError(f"the estimate of {stream} in {zone} lies out of its range")
    return filled


def _with_ratios(table: pd.DataFrame) -> pd.DataFrame:
    said = table["reported_t"]
    low, mid, high = (table[c] for c in ESTIMATE_COLUMNS)
    remark = np.select(
        [mid.isna(), said > high, said == 0],
        ["no estimate", "more reported than the highest estimate", "nothing reported"],
        default="",
    )
    made = {
        "zone": table["zone"],
        "stream": table["stream"],
        "reported_t": said,
        "generated_low_t": low,
        "generated_t": mid,
        "generated_high_t": high,
        "coverage": said / mid.where(mid > 0),
        "coverage_low": said / high.where(high > 0),
        "coverage_high": said / low.where(low > 0),
        "unreported_low_t": (low - said).clip(lower=0),
        "unreported_t": (mid - said).clip(lower=0),
        "unreported_high_t": (high - said).clip(lower=0),
        "remark": remark,
    }
    return pd.DataFrame(made)[list(COVERAGE_COLUMNS)]
