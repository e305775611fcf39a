"""When loads arrive: renewal times from a spread of gaps, or times that are given."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from wasteplan.sim.chance import Spread


def renewal_times(
    gap: Spread, rng: np.random.Generator, until: float, start: float = 0.0
) -> np.ndarray:
    """Times of a renewal process in (start, until].  [unit of the gap]

    An exponential gap makes a Poisson process, a deterministic one a timetable.

    >>> renewal_times(Spread("deterministic", 2.0), np.random.default_rng(1), 7.0)
    array([2., 4., 6.])
    """
    span = until - start
    times = np.empty(0)
    last = start
    while last <= until:
        expected = max(span - (last - start), gap.mean) / gap.mean
        n = int(expected + 4 * expected**0.5) + 16
        more = last + np.cumsum(gap.draw(rng, n))
        times = np.concatenate([times, more])
        last = float(times[-1])
    return times[times <= until]


def first_arrivals(gap: Spread, rng: np.random.Generator, n: int) -> np.ndarray:
    """The first `n` times of a renewal process that starts at 0.  [unit of the gap]"""
    return np.cumsum(gap.draw(rng, n))


def given_times(times: Iterable[float]) -> np.ndarray:
    """Times as given, put in order.  [h]

    >>> given_times([3, 1, 2])
    array([1., 2., 3.])
    """
    return np.sort(np.fromiter(times, dtype=float))
