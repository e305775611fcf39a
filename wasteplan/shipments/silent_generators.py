"""Waste of those who report nothing, per worker, output or resident of the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import t as student

SILENT_COLUMNS = {
    "generator": "who reports nothing",
    "generator_class": "class it is compared with",
    "stream": "stream id",
    "driver": "workers, output or residents, in the unit of the ratio",
    "waste_t_per_y": "estimate [t/y]; NaN if nothing supports one",
    "low_t_per_y": "lower end of the range [t/y]",
    "high_t_per_y": "upper end [t/y]",
    "basis": "`reporters`, `given ratio` or `none`",
    "n_reporters": "generators of the class that report the stream",
}
REPORTERS_MIN = 3
"""Fewer do not show how much generators of a class differ."""


@dataclass(frozen=True)
class Ratio:
    """Waste per unit of the driver: centre and range.  [t/(driver y)]"""

    central: float
    low: float
    high: float


@dataclass(frozen=True)
class RatioFit:
    """Waste per unit of the driver among the reporters of a class and stream.

    Attributes
    ----------
    ratio
        Sum of waste / sum of driver.  [t/(driver y)]
    spread
        Standard deviation of the logarithm of the single ratios.  [-]
    n
        Reporters with waste and driver above 0.
    """

    ratio: float
    spread: float
    n: int

    def factor(self, level: float) -> float:
        """What divides and multiplies the estimate of one generator at the ends.  [-]

        exp(t s sqrt(1 + 1/n)): a generator scatters about the class, of which n show
        the middle (prediction interval of a lognormal ratio).

        >>> round(RatioFit(2.0, 0.0, 5).factor(0.95), 6)
        1.0
        """
        quantile = float(student.ppf((1 + level) / 2, self.n - 1))
        return float(np.exp(quantile * self.spread * np.sqrt(1 + 1 / self.n)))


def ratio_fit(waste_t_per_y: np.ndarray, driver: np.ndarray) -> RatioFit:
    """Ratio of the reporters and how much they differ.

    >>> fit = ratio_fit(np.array([10.0, 30.0]), np.array([100.0, 100.0]))
    >>> fit.ratio, round(fit.spread, 4)  # ln 3 / sqrt(2)
    (0.2, 0.7768)
    """
    good = (waste_t_per_y > 0) & (driver > 0)
    waste, size = waste_t_per_y[good], driver[good]
    n = int(good.sum())
    if n == 0:
        return RatioFit(float("nan"), float("nan"), 0)
    logs = np.log(waste / size)
    spread = float(logs.std(ddof=1)) if n > 1 else float("nan")
    return RatioFit(float(waste.sum() / size.sum()), spread, n)


def estimate_silent(
    reporting: pd.DataFrame,
    silent: pd.DataFrame,
    *,
    given: Mapping[tuple[str, str], Ratio] | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Waste of silent generators with a range each.

    The centre is the ratio of the reporters' sums times the driver; the range is the
    prediction interval of one more generator of the class.  Those who do not report
    may differ from those who do: the range does not know that.

    Parameters
    ----------
    reporting
        Columns generator, generator_class, stream, waste_t_per_y, driver.
    silent
        Columns generator, generator_class, stream, driver.
    given
        Ratios for classes and streams with fewer than three reporters.
    level
        Confidence of the range.  [-]

    Returns
    -------
    DataFrame
        Columns of `SILENT_COLUMNS`, one row a row of `silent`.
    """
    fits = _fits(reporting)
    rows: list[dict[str, Any]] = []
    for row in silent.to_dict("records"):
        key = (str(row["generator_class"]), str(row["stream"]))
        fit = fits.get(key, RatioFit(float("nan"), float("nan"), 0))
        ratio, basis = _ratio(fit, (given or {}).get(key), level)
        driver = float(row["driver"])
        rows.append(
            {
                "generator": row["generator"],
                "generator_class": key[0],
                "stream": key[1],
                "driver": driver,
                "waste_t_per_y": ratio.central * driver,
                "low_t_per_y": ratio.low * driver,
                "high_t_per_y": ratio.high * driver,
                "basis": basis if np.isfinite(driver) else "none",
                "n_reporters": fit.n,
            }
        )
    return pd.DataFrame(rows, columns=list(SILENT_COLUMNS))


def _fits(reporting: pd.DataFrame) -> dict[tuple[str, str], RatioFit]:
    keys = ["generator_class", "stream"]
    return {
        (str(kind), str(stream)): ratio_fit(
            rows["waste_t_per_y"].to_numpy(dtype=float),
            rows["driver"].to_numpy(dtype=float),
        )
        for (kind, stream), rows in reporting.groupby(keys)
    }


def _ratio(fit: RatioFit, given: Ratio | None, level: float) -> tuple[Ratio, str]:
    if fit.n >= REPORTERS_MIN:
        factor = fit.factor(level)
        return Ratio(fit.ratio, fit.ratio / factor, fit.ratio * factor), "reporters"
    if given is not None:
        return given, "given ratio"
    return Ratio(float("nan"), float("nan"), float("nan")), "none"


def silent_total(
    reporting: pd.DataFrame, silent: pd.DataFrame, *, level: float = 0.95
) -> pd.DataFrame:
    """Sum over the silent generators of each class and stream, with a range.

    Errors of single generators average out, that of the common ratio does not:
    var = s^2 R^2 (sum d_i^2 + (sum d_i)^2 / n), s^2 the variance of the logarithm of
    the single ratios (first order), R the common ratio, d_i the drivers.

    Returns
    -------
    DataFrame
        Columns generator_class, stream, n_silent, n_reporters, waste_t_per_y,
        low_t_per_y, high_t_per_y; NaN with fewer than three reporters.  [t/y]
    """
    fits = _fits(reporting)
    rows = []
    for (kind, stream), group in silent.groupby(["generator_class", "stream"]):
        fit = fits.get((str(kind), str(stream)), RatioFit(np.nan, np.nan, 0))
        driver = group["driver"].to_numpy(dtype=float)
        centre = half = float("nan")
        if fit.n >= REPORTERS_MIN:
            centre = fit.ratio * float(driver.sum())
            variance = float((driver**2).sum()) + float(driver.sum()) ** 2 / fit.n
            quantile = float(student.ppf((1 + level) / 2, fit.n - 1))
            half = quantile * fit.spread * fit.ratio * variance**0.5
        low = max(centre - half, 0.0) if np.isfinite(centre) else centre
        rows.append((kind, stream, len(group), fit.n, centre, low, centre + half))
    columns = [
        "generator_class", "stream", "n_silent", "n_reporters", "waste_t_per_y",
        "low_t_per_y", "high_t_per_y",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)
