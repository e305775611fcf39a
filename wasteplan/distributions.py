"""Values of uncertain numbers by their quantile: low, central, high and a shape."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, ndtri

Floats = NDArray[np.float64]
Distribution = Literal["triangular", "pert", "log_normal", "uniform", "discrete"]
DISTRIBUTIONS: tuple[Distribution, ...] = get_args(Distribution)

PERT_WEIGHT = 4.0  # of the mode, as in the original PERT mean (a + 4 m + b) / 6
LOG_NORMAL_TAIL = 0.025  # low and high of a log-normal leave this much outside each


def triangular_quantile(share: Floats, low: float, mode: float, high: float) -> Floats:
    """The value below which a share of a triangular distribution lies.

    q(u) = a + sqrt(u (b - a) (m - a)) below the mode, mirrored above it.

    >>> triangular_quantile(np.array([0.0, 0.5, 1.0]), 0.0, 1.0, 2.0).tolist()
    [0.0, 1.0, 2.0]
    """
    span = high - low
    if span == 0:
        return np.full_like(share, mode)
    turn = (mode - low) / span
    rising = low + np.sqrt(share * span * (mode - low))
    falling = high - np.sqrt((1.0 - share) * span * (high - mode))
    return np.asarray(np.where(share < turn, rising, falling))


def pert_quantile(share: Floats, low: float, mode: float, high: float) -> Floats:
    """The value below which a share of a PERT distribution lies.

    A beta distribution over [a, b] with alpha = 1 + 4 (m - a) / (b - a) and beta = 1 +
    4 (b - m) / (b - a), so that its mean is (a + 4 m + b) / 6 (Malcolm, Roseboom, Clark
    and Fazar 1959, Operations Research 7, 646-669).  Less weight on the ends than the
    triangle.

    >>> pert_quantile(np.array([0.0, 0.5, 1.0]), 0.0, 1.0, 2.0).tolist()
    [0.0, 1.0, 2.0]
    """
    span = high - low
    if span == 0:
        return np.full_like(share, mode)
    alpha = 1.0 + PERT_WEIGHT * (mode - low) / span
    beta = 1.0 + PERT_WEIGHT * (high - mode) / span
    return np.asarray(low + span * betaincinv(alpha, beta, share))


def log_normal_quantile(share: Floats, low: float, high: float) -> Floats:
    """The value below which a share of a log-normal distribution lies.

    Its 2.5 and 97.5 % quantiles are low and high, so its median is sqrt(low x high).

    Raises
    ------
    ValueError
        If low is not above 0.

    >>> log_normal_quantile(np.array([0.025, 0.5, 0.975]), 1.0, 4.0).round(9).tolist()
    [1.0, 2.0, 4.0]
    """
    if low <= 0:
        raise ValueError(f"a log-normal number is above 0, its low is {low:g}")
    middle = (np.log(low) + np.log(high)) / 2.0
    spread = (np.log(high) - np.log(low)) / (2.0 * ndtri(1.0 - LOG_NORMAL_TAIL))
    return np.asarray(np.exp(middle + spread * ndtri(share)))


def uniform_quantile(share: Floats, low: float, high: float) -> Floats:
    """The value below which a share of a uniform distribution lies.

    >>> uniform_quantile(np.array([0.0, 0.25]), 2.0, 6.0).tolist()
    [2.0, 3.0]
    """
    return np.asarray(low + share * (high - low))


def discrete_quantile(
    share: Floats, values: Sequence[float], weights: Sequence[float]
) -> Floats:
    """The value of several, by size, that a share of the weights reaches.

    By size in whatever order they are given: a higher share never gives a lower value,
    so numbers that share their quantiles rise and fall together.

    Parameters
    ----------
    share
        Quantiles, 0 to 1.
    values, weights
        At least one value; weights above 0, of any sum.

    >>> discrete_quantile(np.array([0.0, 0.3, 0.9]), [5.0, 7.0], [1.0, 3.0]).tolist()
    [5.0, 7.0, 7.0]
    """
    order = np.argsort(np.asarray(values, dtype=float), kind="stable")
    ends = np.cumsum(np.asarray(weights, dtype=float)[order])
    at = np.searchsorted(ends / ends[-1], share, side="right")
    return np.asarray(values, dtype=float)[order][np.minimum(at, len(values) - 1)]
