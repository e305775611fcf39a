"""Containers at a generator: filled day by day, emptied on a timetable, overflowing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Pickups:
    """What became of the waste put into containers.

    Attributes
    ----------
    collected_t
        Taken away at the end of each day; shape (days,).  [t]
    overflow_t
        Found no room on each day; shape (days,).  [t]
    left_t
        Content after the last day.  [t]
    """

    collected_t: np.ndarray
    overflow_t: np.ndarray
    left_t: float


def empty_on_timetable(
    put_in_t: np.ndarray, capacity_t: float, every_d: int, first_d: int
) -> Pickups:
    """Fill containers daily and empty them on every n-th day, at the end of that day.

    Parameters
    ----------
    put_in_t
        Waste put in on each day; shape (days,).  [t]
    capacity_t
        What all containers hold together.  [t]
    every_d
        Days from one emptying to the next.  [d]
    first_d
        Day of the first emptying, 0 <= first_d < every_d.

    >>> days = np.array([3.0, 3.0, 3.0, 1.0])
    >>> p = empty_on_timetable(days, 5.0, every_d=3, first_d=2)
    >>> p.collected_t.tolist(), p.overflow_t.tolist(), p.left_t
    ([0.0, 0.0, 5.0, 0.0], [0.0, 1.0, 3.0, 0.0], 1.0)
    """
    days = len(put_in_t)
    lead = (every_d - 1 - first_d) % every_d  # days of the cycle before day 0
    cycles = -(-(lead + days) // every_d)
    padded = np.zeros(cycles * every_d)
    padded[lead : lead + days] = put_in_t
    content = np.minimum(padded.reshape(cycles, every_d).cumsum(axis=1), capacity_t)
    taken = np.diff(content, axis=1, prepend=0.0)
    overflow = (padded.reshape(cycles, every_d) - taken).ravel()
    collected = np.zeros((cycles, every_d))
    collected[:, -1] = content[:, -1]
    flat = collected.ravel()
    is_unfinished = lead + days < cycles * every_d
    left = float(content[-1, -1]) if is_unfinished else 0.0
    window = slice(lead, lead + days)
    return Pickups(flat[window], np.maximum(overflow[window], 0.0), left)
