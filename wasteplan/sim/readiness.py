"""At what hour of the day loads are ready, where a profile tells the hours apart."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def ready_hours(spread: np.ndarray, by_hour: Sequence[float]) -> np.ndarray:
    """Hours of the day at which loads are ready; shape (n,).  [h]

    Within an hour they are spread evenly; over hours as the factors say.

    Parameters
    ----------
    spread
        Numbers between 0 and 1, shape (n,): the share of the day's waste that has come
        before.  [-]
    by_hour
        Factors of the hours of the day, the first from midnight to one.  [-]

    A quarter of the waste comes between six and seven, the rest between seven and
    eight; when half of it is there it is twenty past seven:

    >>> factors = [0.0] * 6 + [6.0, 18.0] + [0.0] * 16
    >>> ready_hours(np.array([0.125, 0.25, 0.5]), factors).round(6).tolist()
    [6.5, 7.0, 7.333333]
    """
    total = np.concatenate([[0.0], np.cumsum(by_hour)])
    used = np.flatnonzero(np.diff(total) > 0)
    hour = np.searchsorted(total[used + 1] / total[-1], spread, side="left")
    first = used[np.minimum(hour, len(used) - 1)]
    within = (spread * total[-1] - total[first]) / np.diff(total)[first]
    found: np.ndarray = first + np.clip(within, 0.0, 1.0)
    return found
