"""Money over time: discount factors, annuities and what is left of them."""

from __future__ import annotations

import math
from collections.abc import Mapping


def capital_recovery_factor(rate: float, years: float) -> float:
    """Yearly payment that repays one unit with interest over a lifetime.  [1/y]

    CRF = r (1 + r)^n / ((1 + r)^n - 1), and 1/n at r = 0 (Blank and Tarquin 2012,
    Engineering Economy, chapter 2).

    Parameters
    ----------
    rate
        Discount rate, real.  [1/y]
    years
        Lifetime.  [y]

    Raises
    ------
    ValueError
        If the lifetime is not positive or the rate is -100 % or less.

    >>> round(capital_recovery_factor(0.08, 20), 6)
    0.101852
    >>> capital_recovery_factor(0.0, 25)
    0.04
    """
    if years <= 0:
        raise ValueError(f"a lifetime of {years} y is not above 0")
    if rate <= -1:
        raise ValueError(f"a discount rate of {rate} is not above -1")
    repaid = -math.expm1(-years * math.log1p(rate))  # keeps its digits near r = 0
    return rate / repaid if repaid else 1.0 / years


def discount_factor(rate: float, year: int, base_year: int) -> float:
    """Present value in the base year of one unit at the end of a year.  [-]

    d = (1 + r)^-(year - base_year)

    Parameters
    ----------
    rate
        Discount rate, real.  [1/y]
    year, base_year
        Calendar years.  [year]

    >>> round(discount_factor(0.1, 2032, 2030), 6)
    0.826446
    """
    if rate <= -1:
        raise ValueError(f"a discount rate of {rate} is not above -1")
    return float((1.0 + rate) ** -(year - base_year))


def present_value(
    amounts: Mapping[int, float], *, rate: float, base_year: int
) -> float:
    """Present value of yearly amounts, each at the end of its year.  [money]

    Parameters
    ----------
    amounts
        Amount by calendar year.  [money]
    rate
        Discount rate, real.  [1/y]
    base_year
        Year whose money the result is in.  [year]

    >>> round(present_value({2031: 110.0, 2032: 121.0}, rate=0.1, base_year=2030), 6)
    200.0
    """
    return sum(
        amount * discount_factor(rate, year, base_year)
        for year, amount in amounts.items()
    )


def annuity_present_value(rate: float, years: float) -> float:
    """Present value of one unit a year for some years, the first in one year.  [y]

    The inverse of the capital recovery factor; 0 for no years.

    >>> round(annuity_present_value(0.08, 20), 4)
    9.8181
    """
    return 0.0 if years <= 0 else 1.0 / capital_recovery_factor(rate, years)


def salvage_value(capex: float, rate: float, lifetime_y: float, age_y: float) -> float:
    """What a plant is still worth: the present value of the annuities not yet due.

    [money at age `age_y`]

    Charging capex x CRF in each year of use and nothing after is the same as paying
    capex at the opening and getting this back at the end.

    Parameters
    ----------
    capex
        Paid at the opening.  [money]
    rate
        Discount rate, real.  [1/y]
    lifetime_y, age_y
        Years the plant lasts, and years it has worked.  [y]

    >>> round(salvage_value(100.0, 0.0, 20, 5), 6)
    75.0
    """
    charge = capex * capital_recovery_factor(rate, lifetime_y)
    return charge * annuity_present_value(rate, lifetime_y - age_y)
