"""What an investor looks at: rate of return and cover of debt service."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from scipy.optimize import brentq

from wasteplan.finance.annuity import present_value

_RATE_MIN = -0.99
_RATE_MAX = 1e6


def internal_rate_of_return(cash: Mapping[int, float]) -> float:
    """The discount rate at which the present value is zero.  [1/y]

    Parameters
    ----------
    cash
        Net cash by year, money received positive.  [money]

    Raises
    ------
    ValueError
        If the cash does not change sign exactly once: there is then no rate, or
        perhaps several, and none is reported.

    >>> round(internal_rate_of_return({0: -100.0, 1: 60.0, 2: 60.0}), 4)
    0.1307
    """
    years = sorted(y for y, amount in cash.items() if amount)
    signs = [cash[y] > 0 for y in years]
    changes = sum(a != b for a, b in pairwise(signs))
    if changes != 1:
        raise ValueError(f"cash changes sign {changes} times: no single rate of return")
    first = years[0]

    def value(rate: float) -> float:
        return present_value(cash, rate=rate, base_year=first)

    return float(brentq(value, _RATE_MIN, _RATE_MAX, xtol=1e-12, rtol=1e-12))


def debt_service_cover(
    available: Mapping[int, float], service: Mapping[int, float]
) -> dict[int, float]:
    """Cash available over debt service, in every year with debt service.  [-]

    >>> debt_service_cover({1: 15.0, 2: 12.0}, {1: 10.0, 2: 10.0})
    {1: 1.5, 2: 1.2}
    """
    return {
        year: available.get(year, 0.0) / owed
        for year, owed in sorted(service.items())
        if owed > 0
    }


def loan_life_cover(
    available: Mapping[int, float],
    service: Mapping[int, float],
    *,
    rate: float,
    base_year: int,
) -> float:
    """Present value of cash in the years of the loan over that of its service.  [-]

    Raises
    ------
    ValueError
        If there is no debt service.

    >>> loan_life_cover({1: 20.0, 2: 10.0}, {1: 10.0, 2: 10.0}, rate=0.0, base_year=0)
    1.5
    """
    owed = {year: amount for year, amount in service.items() if amount > 0}
    if not owed:
        raise ValueError("a loan-life cover needs debt service above 0")
    last = max(owed)
    during = {y: a for y, a in available.items() if min(owed) <= y <= last}
    return present_value(during, rate=rate, base_year=base_year) / present_value(
        owed, rate=rate, base_year=base_year
    )
