"""How many replications are enough: until the half-width is met and stays met."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

REPLICATIONS_MIN = 3  # before the first look
LOOK_AHEAD = 5  # further replications for which the half-width must stay met
PER = 100  # beyond so many replications the look-ahead grows in proportion


@dataclass(frozen=True)
class Precision:
    """A wish: half-widths of 95 % intervals as a share of the mean.

    Parameters
    ----------
    target
        Widest acceptable half-width as a share of the mean.  [-]
    indicators
        Ids of the indicators for which it holds.
    replications_max
        Stop there even if it is not met.
    """

    target: float
    indicators: tuple[str, ...]
    replications_max: int

    def is_met(self, seen: Iterable[Mapping[str, float]]) -> bool:
        """Whether the indicators of the replications so far are precise enough."""
        rows = list(seen)
        return all(
            replications_enough([row[name] for row in rows], self.target) is not None
            for name in self.indicators
        )


def look_ahead(n: int) -> int:
    """Replications to look ahead after `n`.

    >>> look_ahead(10), look_ahead(100), look_ahead(250)
    (5, 5, 12)
    """
    return LOOK_AHEAD if n <= PER else LOOK_AHEAD * n // PER


def replications_enough(
    values: Sequence[float], target: float, confidence: float = 0.95
) -> int | None:
    """After how many replications the half-width is met for good; None: not yet.

    The smallest n for which t s / sqrt(n) <= target |mean| after n replications and
    after each of the next 5 (n/20 beyond 100), so that a lucky moment does not stop the
    runs: Hoad, Robinson & Davies (2010), Automated selection of the number of
    replications for a discrete-event simulation, Journal of the Operational Research
    Society 61, 1632-1644. Replications without a value (NaN) are left out of means.

    Parameters
    ----------
    values
        One indicator, one value a replication; shape (replications,).
    target
        Half-width as a share of the mean.  [-]

    After 5 values t s / sqrt(n) = 2.776 x 0.7071 / 2.236 = 0.878, 8.8 % of 10; it
    takes 5 more to say so:

    >>> replications_enough([9, 10, 11, 10, 10, 10, 10, 10, 10, 10], target=0.10)
    5
    >>> replications_enough([9, 10, 11, 10, 10], target=0.10) is None
    True
    """
    wide = half_widths(values, confidence)
    met = wide <= target
    for n in range(REPLICATIONS_MIN, len(values) - LOOK_AHEAD + 1):
        until = n + look_ahead(n)
        if until > len(values):
            return None
        if met[n - 1 : until].all():
            return n
    return None


def half_widths(values: Sequence[float], confidence: float = 0.95) -> np.ndarray:
    """Half-width over |mean| after 1, 2, ... replications; shape (replications,).  [-]

    Infinite where there are fewer than two values, or the mean is 0 but not all are,
    and from the first infinite value on.
    """
    from scipy.special import stdtrit  # only where there is more than one

    data = np.asarray(values, dtype=float)
    seen = np.isfinite(data)
    is_finite = ~np.isinf(data).cumsum().astype(bool)
    n = seen.cumsum()
    first = data[seen][0] if seen.any() else 0.0
    shifted = np.where(seen, data, first) - first  # keeps digits of nearly equal values
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = shifted.cumsum() / n
        squares = (shifted**2).cumsum() - n * mean**2
        error = np.sqrt(np.maximum(squares, 0.0) / (n - 1) / n)
        wide = stdtrit(n - 1, (1 + confidence) / 2) * error
        relative = np.where(wide > 0, wide / np.abs(mean + first), 0.0)
    return np.where((n >= 2) & is_finite, relative, math.inf)
