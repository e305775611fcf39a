"""Choosing among options by several indicators: dominance, weights, and how sure.

All functions take values as an array (options, criteria) and `better`, +1 where more is
better and -1 where less is.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from wasteplan.chances import stream

Floats = NDArray[np.float64]
SAME = 1e-9  # of the span of a criterion, or of its values: no better and no worse


def utilities(values: Floats, better: Sequence[int]) -> Floats:
    """Values from 0 (worst of the options) to 1 (best), criterion by criterion.

    A criterion in which all options are alike, but for rounding, is 0 for all.  [-]

    >>> utilities(np.array([[10.0, 0.5], [20.0, 0.9]]), (-1, 1)).tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    signed = values * np.asarray(better)
    low = signed.min(axis=0)
    span = signed.max(axis=0) - low
    differs = span > SAME * np.abs(values).max(axis=0)
    return np.where(differs, (signed - low) / np.where(differs, span, 1.0), 0.0)


def dominating(values: Floats, better: Sequence[int]) -> list[int | None]:
    """For each option one that is no worse in all criteria and better in some, or None.

    >>> dominating(np.array([[1.0, 1.0], [2.0, 1.0], [0.0, 5.0]]), (-1, -1))
    [None, 0, None]
    """
    u = utilities(values, better)
    found: list[int | None] = []
    for one in u:
        no_worse = (u >= one - SAME).all(axis=1) & (u > one + SAME).any(axis=1)
        found.append(int(np.argmax(no_worse)) if no_worse.any() else None)
    return found


def shares_of_weight(weights: Sequence[float]) -> Floats:
    """Weights that sum to 1.

    Raises
    ------
    ValueError
        If one is negative or all are 0.
    """
    found = np.asarray(weights, dtype=float)
    if (found < 0).any() or not found.sum() > 0 or not np.isfinite(found).all():
        raise ValueError("weights must be 0 or more, and one of them more")
    return found / found.sum()


def least_change(u: Floats, weights: Floats, leader: int, other: int) -> float:
    """How much weight must move between criteria for an option to draw level.

    With d = u[other] - u[leader], weight is taken from the criteria with the lowest d
    and given to the one with the highest until sum(w d) = 0: the least half sum of
    |changes|, since each unit moved gains d_high - d_low.  [-, of all weight]

    Returns
    -------
    float
        Infinite if no weights make it level.

    >>> u = np.array([[1.0, 0.0], [0.0, 1.0]])
    >>> least_change(u, np.array([0.7, 0.3]), 0, 1)
    0.2
    """
    d = u[other] - u[leader]
    lack = -float(weights @ d)
    if lack <= 0:
        return 0.0
    high, moved = float(d.max()), 0.0
    for i in np.argsort(d, kind="stable"):
        gain = high - float(d[i])
        if gain <= 0:
            break
        step = min(float(weights[i]), lack / gain)
        moved, lack = moved + step, lack - step * gain
        if lack <= SAME:
            return round(moved, 12)
    return np.inf


def acceptability(
    u: Floats, n: int, seed: int, weights: Floats | None = None, spread: float = 0.0
) -> Floats:
    """Share of possible weights under which each option takes each rank.

    Stochastic multicriteria acceptability analysis (Lahdelma and Salminen 2001,
    doi:10.1287/opre.49.3.444.11220): weights are drawn evenly from all that sum to 1;
    or around given weights, each times a factor that is uniform in log from
    1 / (1 + spread) to 1 + spread.

    Parameters
    ----------
    u
        (options, criteria): utilities.
    n, seed
        Draws of weights.

    Returns
    -------
    array
        (options, ranks), rows and columns sum to 1.  Options that score alike share
        their ranks alike.
    """
    chance = stream(seed, "weights")
    if weights is None:
        drawn = chance.dirichlet(np.ones(u.shape[1]), size=n)
    else:
        room = np.log1p(spread)
        drawn = weights * np.exp(chance.uniform(-room, room, (n, u.shape[1])))
        drawn /= drawn.sum(axis=1, keepdims=True)
    scores = drawn @ u.T
    found = np.zeros((len(u), len(u)))
    for i in range(len(u)):
        lead = scores - scores[:, [i]]
        above, level = (lead > SAME).sum(axis=1), (np.abs(lead) <= SAME).sum(axis=1)
        for rank in range(len(u)):
            takes = (above <= rank) & (rank < above + level)
            found[i, rank] = float(np.mean(takes / level))
    return found
