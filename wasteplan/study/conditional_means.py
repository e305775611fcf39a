"""Expected values given one factor, from samples alone, by regression on polynomials.

Given-data estimates: no run is added to the samples at hand.  With the factor's
quantile u uniform, E[y | u] is a polynomial in u by least squares; its degree is the
one that predicts a left-out sample best (leave-one-out, in closed form), 0 included:
then the factor explains nothing.  What bends more than a polynomial of degree 5 is
missed: shares are lower bounds.  Where u takes only k values, there are at most k
terms, and with all of them the polynomial is the mean at each value.

Legendre polynomials, orthogonal under the uniform weight: Sudret (2008), Global
sensitivity analysis using polynomial chaos expansions, Reliability Engineering and
System Safety 93, 964-979, doi:10.1016/j.ress.2007.04.002.
"""

from __future__ import annotations

import numpy as np
from numpy.polynomial.legendre import legvander

from wasteplan.distributions import Floats

DEGREE_MAX = 5
POINTS_PER_TERM = 5  # samples needed for each coefficient
ROUNDING = 1e-12  # share of a value, or of 1, that sums of floats leave behind


def conditional_mean(quantiles: Floats, y: Floats) -> tuple[Floats, int]:
    """E[y | u] at each sample, and the degree of the polynomial.

    Parameters
    ----------
    quantiles
        u of one factor, 0 to 1.  Shape (n,).
    y
        Shape (n,), finite.

    >>> u = (np.arange(100) + 0.5) / 100
    >>> mean, degree = conditional_mean(u, 3 + 2 * u)
    >>> bool(np.allclose(mean, 3 + 2 * u)), degree
    (True, 1)

    Of three values with means 1, 5 and 0 of y:

    >>> u = np.repeat([0.2, 0.5, 0.8], 10)
    >>> mean, _ = conditional_mean(u, np.repeat([1.0, 5.0, 0.0], 10))
    >>> mean[[0, 10, 20]].round(9).tolist()
    [1.0, 5.0, 0.0]
    """
    most = min(DEGREE_MAX + 1, len(np.unique(quantiles)))
    terms = max(1, min(most, len(y) // POINTS_PER_TERM))
    q, _ = np.linalg.qr(legvander(2.0 * quantiles - 1.0, terms - 1))
    parts = q * (q.T @ y)  # what each degree adds, orthogonal to those below
    fits = np.cumsum(parts, axis=1)
    leverage = np.minimum(np.cumsum(q**2, axis=1), 1.0 - 1e-9)
    left_out = ((y[:, None] - fits) / (1.0 - leverage)) ** 2
    scale = float(np.var(y)) or 1.0  # so that the unit of y decides nothing
    degree = int(np.argmin((left_out.mean(axis=0) / scale).round(12)))
    return fits[:, degree], degree


def first_order_share(quantiles: Floats, y: Floats) -> float:
    """Share of the variance of y that one factor explains alone: Var(E[y|u])/Var(y).

    The first-order Sobol index, by the adjusted coefficient of determination of
    `conditional_mean`, which takes off what a polynomial explains of pure noise.  [-]

    >>> u = (np.arange(100) + 0.5) / 100
    >>> first_order_share(u, 3 + 2 * u)
    1.0
    """
    if is_still(y):
        return 0.0
    total = float(np.var(y))
    mean, degree = conditional_mean(quantiles, y)
    unexplained = float(np.var(y - mean)) / total
    freedom = (len(y) - 1) / max(len(y) - 1 - degree, 1)
    return round(max(0.0, 1.0 - unexplained * freedom), 12)


def is_still(y: Floats) -> bool:
    """Whether values differ by no more than rounding, so that nothing moves them.

    >>> is_still(np.array([0.25, 0.25 + 1e-16])), is_still(np.array([0.25, 0.26]))
    (True, False)
    """
    return float(np.var(y)) <= ROUNDING**2 * max(1.0, float(np.mean(y)) ** 2)
