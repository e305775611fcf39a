"""Intervals from replications, warm-up by MSER-5, number of replications needed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

MSER_BATCH = 5  # observations per batch of MSER-5


@dataclass(frozen=True)
class Interval:
    """A mean over replications and its confidence interval."""

    mean: float
    half_width: float
    n: int

    @property
    def low(self) -> float:
        """Lower end."""
        return self.mean - self.half_width

    @property
    def high(self) -> float:
        """Upper end."""
        return self.mean + self.half_width

    @property
    def relative(self) -> float:
        """Half width as a share of the mean.  [-]"""
        return self.half_width / abs(self.mean) if self.mean else math.inf


def interval(values: Sequence[float], confidence: float = 0.95) -> Interval:
    """Confidence interval of the mean of independent replications (Student's t).

    mean +- t_{n-1, (1+c)/2} s / sqrt(n)

    Values that are NaN (a replication without a single case) are left out. With fewer
    than two values, or one that is infinite, the half width is NaN: no interval.

    >>> i = interval([1.0, 2.0, 3.0])
    >>> i.mean, round(i.half_width, 4)  # t = 4.3027, s = 1
    (2.0, 2.4841)
    """
    data = np.asarray(values, dtype=float)
    data = data[~np.isnan(data)]
    n = len(data)
    if n == 0:
        return Interval(math.nan, math.nan, 0)
    mean = float(data.mean())
    if n == 1 or math.isinf(mean):
        return Interval(mean, math.nan, n)
    from scipy.special import stdtrit  # only where there is more than one

    t = float(stdtrit(n - 1, (1 + confidence) / 2))
    return Interval(mean, t * float(data.std(ddof=1)) / math.sqrt(n), n)


def standard_error(values: Sequence[float]) -> float:
    """Standard error of the mean of independent replications, s / sqrt(n)."""
    data = np.asarray(values, dtype=float)
    return float(data.std(ddof=1) / math.sqrt(len(data)))


def replications_needed(
    values: Sequence[float], relative_half_width: float, confidence: float = 0.95
) -> int:
    """Replications that would bring the relative half width down to a wish.

    The half width falls with the square root of the number (Law, 2015, Simulation
    Modeling and Analysis, 5th ed., section 9.4); at least the number given.

    >>> replications_needed([9.0, 10.0, 11.0], 0.10)
    19
    """
    now = interval(values, confidence)
    if not now.half_width > relative_half_width * abs(now.mean):
        return now.n
    ratio = now.half_width / (relative_half_width * abs(now.mean))
    return math.ceil(now.n * ratio**2)


def mser5(series: Sequence[float]) -> int:
    """Observations to cut off as warm-up by the rule MSER-5.

    Batch means of 5; the cut d (in batches, at most half) that minimises
    sum_{j > d} (Y_j - mean_d)^2 / (k - d)^2; White, Cobb, Spratt (2000), A comparison
    of five steady-state truncation heuristics for simulation, WSC, pp. 755-760.

    >>> mser5([10] * 20 + [1, 2, 3, 2, 2] * 36)
    20
    """
    data = np.asarray(series, dtype=float)
    k = len(data) // MSER_BATCH
    if k < 2:
        return 0
    batch = data[: k * MSER_BATCH].reshape(k, MSER_BATCH).mean(axis=1)
    n = np.arange(k, 0, -1)
    tail_sum = batch[::-1].cumsum()[::-1]
    centred = batch - batch.mean()
    centred_sum = centred[::-1].cumsum()[::-1]
    squares = (centred**2)[::-1].cumsum()[::-1] - centred_sum**2 / n
    scale = (
        float(np.abs(tail_sum / n).max()) ** 2 * 1e-12
    )  # rounding of the differences
    squares = np.where(squares < scale * n, 0.0, squares)
    score = (squares / n**2)[: k // 2 + 1]
    return int(score.argmin()) * MSER_BATCH
