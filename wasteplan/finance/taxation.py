"""Tax on profit: what is written off, and losses that are carried forward."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def written_off(
    spent: Floats, years: NDArray[np.int64], opening: int, life_y: int
) -> Floats:
    """Straight line from the opening, or from the year after later spending.  [money]

    Parameters
    ----------
    spent
        Money spent by year, on the last axis.  [money]
    years, opening, life_y
        Calendar years, first year of work, years over which it is written off.

    100 spent a year before the opening, over 4 years:

    >>> years = np.arange(2024, 2030)
    >>> written_off(np.array([100.0, 0, 0, 0, 0, 0]), years, 2025, 4).tolist()
    [0.0, 25.0, 25.0, 25.0, 25.0, 0.0]
    """
    start = np.maximum(years + 1, opening)[:, None]
    runs = (years >= start) & (years < start + life_y)  # year of spending by year
    return np.asarray(spent @ runs / life_y)


def taxable_profit(profit: Floats, carry_forward_y: int = 0) -> Floats:
    """Profit that is taxed: never below 0, less losses of some years before.  [money]

    Losses are used as soon as there is profit, oldest first; one that is older than
    `carry_forward_y` years lapses.  With C the losses so far and D those used or
    lapsed: lapsed or used before year y is E = max(D_(y-1), C_(y-1-n)), used in it
    min(profit, C_(y-1) - E).

    Parameters
    ----------
    profit
        By year, on the last axis; negative is a loss.  [money]
    carry_forward_y
        Years in which a loss may be set against profit; 0: none.

    A loss of 100, then profits of 30 and 90; without end 70 of the 90 are free, within
    one year none of them:

    >>> taxable_profit(np.array([-100.0, 30.0, 90.0]), 5).tolist()
    [0.0, 0.0, 20.0]
    >>> taxable_profit(np.array([-100.0, 30.0, 90.0]), 1).tolist()
    [0.0, 0.0, 90.0]
    """
    gains = np.maximum(profit, 0.0)
    if carry_forward_y == 0 or not (profit < 0).any():
        return gains
    lost = np.cumsum(np.maximum(-profit, 0.0), axis=-1)
    taxed, gone = gains.copy(), np.zeros(profit.shape[:-1])
    for y in range(1, profit.shape[-1]):
        lapsed = y - 1 - carry_forward_y
        if lapsed >= 0:
            gone = np.maximum(gone, lost[..., lapsed])
        used = np.minimum(gains[..., y], lost[..., y - 1] - gone)
        taxed[..., y] -= used
        gone = gone + used
    return taxed
