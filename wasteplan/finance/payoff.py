"""Whether money comes back: return, modified return, payback; or why there is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from wasteplan.finance.annuity import present_value
from wasteplan.finance.returns import internal_rate_of_return

NONE = float("nan")
STEPS_MAX = 100
NEAR = 1e-12  # of a root, and of a value beside those at the ends
NEVER_BACK = "the money never all comes back: no rate of 0 % or more fits"
"""PV = sum_t S_t (v^t - v^(t+1)) + S_n v^n with running totals S: < 0 if all are."""
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Figure:
    """A figure, or NaN and why there is none."""

    value: float
    why: str = ""


def rate_of_return(cash: Mapping[int, float]) -> Figure:
    """The internal rate of return, or why there is none.  [1/y]

    >>> rate_of_return({0: -100.0, 1: 110.0}).value.__round__(6)
    0.1
    >>> rate_of_return({0: -100.0, 1: -1.0}).why
    'the money never comes back: cash is never positive'
    >>> rate_of_return({0: -100.0, 1: 230.0, 2: -132.0}).why
    'cash changes sign 2 times: several rates fit, or none'
    """
    amounts = [cash[y] for y in sorted(cash) if cash[y]]
    if not amounts:
        return Figure(NONE, "there is no cash")
    if all(a > 0 for a in amounts):
        return Figure(NONE, "nothing is put in: cash is never negative")
    if all(a < 0 for a in amounts):
        return Figure(NONE, "the money never comes back: cash is never positive")
    changes = sum((a > 0) != (b > 0) for a, b in pairwise(amounts))
    if amounts[0] > 0:
        return Figure(NONE, "money comes first and is paid later: a rate of borrowing")
    if changes > 1:
        if _has_one_positive_rate(amounts):
            return Figure(_positive_rate(cash))
        if max(accumulate(amounts)) < 0:
            return Figure(NONE, NEVER_BACK)
        return Figure(
            NONE, f"cash changes sign {changes} times: several rates fit, or none"
        )
    try:
        return Figure(internal_rate_of_return(cash))
    except ValueError as error:
        return Figure(NONE, f"no rate between -99 % and any gain: {error}")


def _has_one_positive_rate(amounts: list[float]) -> bool:
    """Whether running totals change sign once and end above 0.

    Then there is one rate above 0, however often the cash itself changes sign (Norstrom
    1972, A sufficient condition for a unique nonnegative internal rate of return).
    """
    totals = [t for t in accumulate(amounts) if t]
    changes = sum((a > 0) != (b > 0) for a, b in pairwise(totals))
    return changes == 1 and totals[-1] > 0


def _positive_rate(cash: Mapping[int, float]) -> float:
    first = min(y for y, a in cash.items() if a)

    def value(rate: float) -> float:
        return present_value(cash, rate=rate, base_year=first)

    return float(brentq(value, 0.0, 1e6, xtol=1e-12, rtol=1e-12))


def modified_rate_of_return(
    cash: Mapping[int, float], *, finance_rate: float, reinvest_rate: float
) -> Figure:
    """Return if money earned meanwhile is reinvested at a stated rate.  [1/y]

    MIRR = (FV(receipts, reinvest) / PV(payments, finance))^(1/n) - 1
    (Lin 1976, The modified internal rate of return and investment criterion)

    Parameters
    ----------
    cash
        Net cash by year, received positive.  [money]
    finance_rate, reinvest_rate
        [1/y]

    100 put in, 60 and 60 back: (60 x 1.1 + 60) / 100 = 1.26, to the power of 1/2:

    >>> found = modified_rate_of_return(
    ...     {0: -100.0, 1: 60.0, 2: 60.0}, finance_rate=0.1, reinvest_rate=0.1)
    >>> round(found.value, 5)
    0.1225
    """
    years = sorted(y for y, a in cash.items() if a)
    if len(years) < 2:
        return Figure(NONE, "there are fewer than two years with cash")
    first, last = years[0], years[-1]
    grown = sum(
        a * (1.0 + reinvest_rate) ** (last - y) for y, a in cash.items() if a > 0
    )
    paid = -sum(
        a * (1.0 + finance_rate) ** -(y - first) for y, a in cash.items() if a < 0
    )
    if grown <= 0:
        return Figure(NONE, "the money never comes back: cash is never positive")
    if paid <= 0:
        return Figure(NONE, "nothing is put in: cash is never negative")
    return Figure(float((grown / paid) ** (1.0 / (last - first)) - 1.0))


def payback_y(cash: Mapping[int, float]) -> Figure:
    """Years from the first payment until all of it is back for good.  [y]

    Within a year cash is taken as even; undiscounted.

    >>> payback_y({2024: -100.0, 2025: 40.0, 2026: 40.0, 2027: 40.0}).value
    2.5
    >>> payback_y({2024: -100.0, 2025: 40.0}).why
    'the money never comes back in these years'
    """
    years = sorted(y for y, a in cash.items() if a)
    if not years or all(a >= 0 for a in cash.values()):
        return Figure(NONE, "nothing is put in: cash is never negative")
    total, found = 0.0, NONE
    for year in range(years[0], years[-1] + 1):
        before, total = total, total + cash.get(year, 0.0)
        if total < -1e-9 * abs(before):
            found = NONE
        elif found != found and before < 0:
            found = year - 1 - years[0] + -before / (total - before)
    if found != found:
        return Figure(NONE, "the money never comes back in these years")
    return Figure(found)


def where_zero(
    value: Callable[[float], float], low: float, high: float, *, widen: int = 0
) -> Figure:
    """Where a rising or falling function is 0 between two numbers, or why nowhere.

    Parameters
    ----------
    value
        Of one number.
    low, high
        Where to look; the range is doubled upwards up to `widen` times.

    >>> where_zero(lambda x: 2 * x - 3, 0.0, 1.0, widen=4).value
    1.5
    """
    at_low, at_high = value(low), value(high)
    while at_low * at_high > 0 and widen:
        high, widen = low + 2.0 * (high - low), widen - 1
        at_high = value(high)
    if at_low * at_high > 0 or at_low != at_low or at_high != at_high:
        return Figure(NONE, f"none between {low:,.6g} and {high:,.6g}")
    if at_low == 0.0:
        return Figure(low)
    return Figure(float(brentq(value, low, high, xtol=1e-10, rtol=1e-13)))


def where_zeros(
    value: Callable[[Floats], Floats], low: Floats, high: Floats, *, widen: int = 0
) -> Floats:
    """Where functions are 0, all of them at once; NaN where there is none.

    False position with the Illinois rule (Dowell and Jarratt 1971), which halves the
    value of an end that stays: as sure as bisection and nearly as fast as Newton.

    Parameters
    ----------
    value
        Of one number for each function; shape (n,) -> (n,).
    low, high
        Where to look; a range without a change of sign is doubled upwards up to `widen`
        times.

    >>> def twice(x): return x * x - np.array([4.0, 9.0])
    >>> where_zeros(twice, np.zeros(2), np.full(2, 2.5), widen=1).round(9).tolist()
    [2.0, 3.0]
    """
    low, high = np.array(low, float), np.array(high, float)
    at_low, at_high = value(low), value(high)
    for _ in range(widen):
        apart = at_low * at_high > 0
        if not apart.any():
            break
        high = np.where(apart, low + 2.0 * (high - low), high)
        at_high = np.where(apart, value(high), at_high)
    is_held = at_low * at_high <= 0
    scale = np.maximum(np.abs(at_low), np.abs(at_high))
    found = np.where(at_low == 0, low, high)
    for _ in range(STEPS_MAX):
        before, span = found, at_high - at_low
        step = np.where(span != 0, at_high * (high - low) / _nonzero(span), 0.0)
        found = np.where(at_low == 0, low, high - step)
        here = np.where(at_low == 0, 0.0, value(found))
        is_near = np.abs(found - before) <= NEAR * np.maximum(1.0, np.abs(found))
        if (is_near | (np.abs(here) <= NEAR * scale))[is_held].all():
            break
        crossed = here * at_high < 0
        low = np.where(crossed, high, low)
        at_low = np.where(crossed, at_high, 0.5 * at_low)
        high, at_high = found, here
    return np.where(is_held, found, NONE)


def _nonzero(values: Floats) -> Floats:
    return np.where(values != 0, values, 1.0)
