"""A small recycler as a business: margin, break-even scale, money tied up."""

from __future__ import annotations

import math
from dataclasses import dataclass

from wasteplan.finance.annuity import annuity_present_value, capital_recovery_factor
from wasteplan.finance.payoff import Figure
from wasteplan.units import DAYS_PER_YEAR


@dataclass(frozen=True)
class SmallRecycler:
    """Who buys waste, sorts or turns it into something, and sells that.

    Money is real; shares are 0 to 1.  Support is what policy may add: a grant towards
    equipment, a guarantee of unpaid bills, payment by result, producer-responsibility
    or plastic credits per tonne sold.
    """

    feedstock_price_per_t: float
    yield_share: float
    """Sold per tonne bought.  [-]"""
    product_price_per_t: float
    """Of good quality.  [money/t]"""
    variable_cost_per_t: float
    """Per tonne bought: labour by the piece, power, water.  [money/t]"""
    fixed_cost_per_y: float
    capex: float
    lifetime_y: float
    rate: float
    """Interest that the owner pays, real.  [1/y]"""
    quality_loss: float = 0.0
    """Share of price lost to dirt and mixed fibres.  [-]"""
    stock_d: float = 0.0
    """Days of feedstock bought ahead.  [d]"""
    credit_d: float = 0.0
    """Days until buyers pay.  [d]"""
    default_share: float = 0.0
    """Share of sales never paid.  [-]"""
    grant: float = 0.0
    guarantee_share: float = 0.0
    """Of unpaid sales made good.  [-]"""
    result_payment_per_t: float = 0.0
    """Per tonne bought and recycled.  [money/t]"""
    credit_per_t: float = 0.0
    """Producer-responsibility or plastic credits per tonne sold.  [money/t]"""

    def __post_init__(self) -> None:
        shares = ("yield_share", "quality_loss", "default_share", "guarantee_share")
        for name in shares:
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} is {getattr(self, name)}, not within 0 to 1")
        if self.grant > self.capex:
            raise ValueError("the grant is larger than the equipment costs")


@dataclass(frozen=True)
class RecyclerYear:
    """A year of full work.  [money/y, if not said]"""

    tonnes: float
    sales: float
    margin_per_t: float
    """What a tonne bought leaves for fixed cost and capital.  [money/t]"""
    profit: float
    """After fixed cost, equipment as an annuity and interest on money tied up."""
    working_capital: float
    """[money]"""
    break_even_t_per_y: Figure
    npv: float
    """Over the life of the equipment.  [money]"""


def recycler_year(recycler: SmallRecycler, tonnes: float) -> RecyclerYear:
    """What a year of a given throughput earns.

    Margin of a tonne bought, with price p, yield y, quality loss q, unpaid share
    u = default (1 - guarantee), feedstock f, variable cost v, support s and credit c:

    m = y (p (1 - q) (1 - u) + c) + s - f - v - r w

    where w is the money a tonne a year ties up: stock at the feedstock price and bills
    not yet paid.  Break-even is at (fixed cost + (capex - grant) CRF) / m tonnes.

    Parameters
    ----------
    recycler
        The business.
    tonnes
        Bought in a year.  [t/y]

    500 t/y of cutting waste bought at 100, 80 % sold at 300 less 10 % for quality:
    0.8 x 270 = 216, less 100 and 40: 76 a tonne, 38,000 a year; less 20,000 fixed and
    50,000 of equipment over 10 years without interest: 13,000 are left.  25,000 / 76
    are 329 t/y to break even.

    >>> shop = SmallRecycler(100, 0.8, 300, 40, 20_000, 50_000, 10, rate=0.0,
    ...                      quality_loss=0.1)
    >>> year = recycler_year(shop, 500)
    >>> round(year.margin_per_t), round(year.profit)
    (76, 13000)
    >>> round(year.break_even_t_per_y.value)
    329

    If one bill in five is never paid, a tonne leaves 216 x 0.8 - 140 = 32.8:

    >>> from dataclasses import replace
    >>> round(recycler_year(replace(shop, default_share=0.2), 500).profit)
    -8600
    """
    price = recycler.product_price_per_t * (1.0 - recycler.quality_loss)
    billed = recycler.yield_share * price
    unpaid = recycler.default_share * (1.0 - recycler.guarantee_share)
    received = billed * (1.0 - unpaid) + recycler.yield_share * recycler.credit_per_t
    tied_up = (
        recycler.stock_d * recycler.feedstock_price_per_t + recycler.credit_d * billed
    ) / DAYS_PER_YEAR
    spent = recycler.feedstock_price_per_t + recycler.variable_cost_per_t
    margin = received + recycler.result_payment_per_t - spent
    after_interest = margin - recycler.rate * tied_up
    equipment = recycler.capex - recycler.grant
    annuity = equipment * capital_recovery_factor(recycler.rate, recycler.lifetime_y)
    fixed = recycler.fixed_cost_per_y + annuity
    profit = after_interest * tonnes - fixed
    return RecyclerYear(
        tonnes=tonnes,
        sales=received * tonnes,
        margin_per_t=after_interest,
        profit=profit,
        working_capital=tied_up * tonnes,
        break_even_t_per_y=_break_even(fixed, after_interest),
        npv=profit * annuity_present_value(recycler.rate, recycler.lifetime_y),
    )


def _break_even(fixed: float, margin: float) -> Figure:
    if margin <= 0:
        return Figure(math.nan, "every tonne loses money: no scale helps")
    return Figure(fixed / margin)
