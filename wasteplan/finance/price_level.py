"""Prices over time: one rate of inflation, or a path of it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wasteplan.finance.prices import value_in_year

Floats = NDArray[np.float64]
Path = tuple[tuple[int, float], ...]
"""Values of some years; straight lines between them, the nearest outside."""


def price_level(
    years: NDArray[np.int64],
    inflation: Floats | float,
    price_year: int,
    path: Path = (),
    added: Floats | float = 0.0,
) -> Floats:
    """Money of a year per money of the price year.  [-]

    p_y = (1 + i)^(y - price year); with a path the product of 1 + i_k over the years
    k after the price year up to y, and its inverse before.

    Parameters
    ----------
    years
        Calendar years.
    inflation
        The one rate, where there is no path.  [1/y]
    price_year
        Year in which the level is 1.
    path
        Inflation of some years.  [1/y]
    added
        Added to the path, one for each draw of chance.  [1/y]

    >>> price_level(np.array([2024, 2026]), 0.10, 2024).round(2).tolist()
    [1.0, 1.21]
    >>> path = ((2025, 0.10), (2026, 0.20))
    >>> price_level(np.array([2023, 2024, 2025, 2026]), 0, 2024, path).round(4).tolist()
    [0.9091, 1.0, 1.1, 1.32]
    """
    if not path:
        base = 1.0 + np.asarray(inflation, float)[..., None]
        return np.asarray(base ** (years - price_year))
    first, last = min(int(years.min()), price_year), max(int(years.max()), price_year)
    span = range(first + 1, last + 1)
    known = dict(path)
    rates = np.array([value_in_year(known, y) for y in span])
    more = np.asarray(added, float)[..., None]
    growth = np.cumsum(np.log1p(rates + more), axis=-1)
    grown = np.concatenate([np.zeros((*growth.shape[:-1], 1)), growth], axis=-1)
    at_one = grown[..., price_year - first, None]
    return np.asarray(np.exp(grown[..., years - first] - at_one))
