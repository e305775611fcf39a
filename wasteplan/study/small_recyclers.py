"""Small recyclers of a scenario as businesses: alone, and with each kind of support."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pandas as pd

from wasteplan.finance.annuity import capital_recovery_factor
from wasteplan.finance.appraisal_result import RECYCLER_COLUMNS
from wasteplan.finance.payoff import NONE
from wasteplan.finance.small_recycler import SmallRecycler, recycler_year
from wasteplan.scenario.money_records import Recycler
from wasteplan.units import DAYS_PER_YEAR

SUPPORT = {
    "grant": "grant",
    "guarantee_share": "guarantee",
    "result_payment_per_t": "results-based payment",
    "credit_per_t": "producer or plastic credits",
}
"""Columns of support and what they are called."""
Row = tuple[object, ...]


def recycler_table(rows: Sequence[Recycler]) -> pd.DataFrame:
    """Every recycler without support, as stated, and with one instrument alone."""
    found = [row for recycler in rows for row in _of(recycler)]
    return pd.DataFrame(found, columns=list(RECYCLER_COLUMNS))


def _of(row: Recycler) -> Iterator[Row]:
    stated = _business(row)
    given = {name: getattr(row, name) for name in SUPPORT if getattr(row, name)}
    alone = replace(stated, **dict.fromkeys(SUPPORT, 0.0))
    yield _line(row, "none", alone)
    if not given:
        return
    yield _line(row, "as stated", stated)
    if len(given) > 1:
        for name, value in given.items():
            yield _line(row, SUPPORT[name], replace(alone, **{name: value}))
    else:
        (name,) = given
        yield _line(row, SUPPORT[name], stated)


def _business(row: Recycler) -> SmallRecycler:
    names = set(SmallRecycler.__dataclass_fields__) & set(type(row).model_fields)
    same = {name: getattr(row, name) for name in names}
    return SmallRecycler(rate=row.interest_per_y, **same)


def _line(row: Recycler, support: str, business: SmallRecycler) -> Row:
    tonnes = row.waste_t_per_y
    year = recycler_year(business, tonnes)
    tied = 1.0 + business.rate * business.stock_d / DAYS_PER_YEAR
    price = business.feedstock_price_per_t + year.profit / tonnes / tied
    most, why = _default_share_max(business, tonnes, year.profit)
    return (
        *(row.id, support, year.margin_per_t, year.profit, year.working_capital),
        *(year.break_even_t_per_y.value, year.npv, price, most),
        *(_support_per_y(business, tonnes), year.break_even_t_per_y.why or why),
    )


def _billed_per_t(business: SmallRecycler) -> float:
    price = business.product_price_per_t * (1.0 - business.quality_loss)
    return business.yield_share * price


def _default_share_max(
    business: SmallRecycler, tonnes: float, profit: float
) -> tuple[float, str]:
    """Share of sales never paid at which nothing is left; profit falls evenly."""
    at_risk = _billed_per_t(business) * (1.0 - business.guarantee_share) * tonnes
    if at_risk <= 0:
        return NONE, "all unpaid sales are made good"
    most = business.default_share + profit / at_risk
    if most < 0:
        return NONE, "a loss even if all buyers pay"
    return (most, "") if most <= 1 else (NONE, "a profit even if nobody pays")


def _support_per_y(business: SmallRecycler, tonnes: float) -> float:
    """What all support costs in a year; a grant as an annuity.  [money/y]"""
    unpaid = business.default_share * _billed_per_t(business)
    factor = capital_recovery_factor(business.rate, business.lifetime_y)
    per_t = business.guarantee_share * unpaid + business.result_payment_per_t
    per_t += business.credit_per_t * business.yield_share
    return business.grant * factor + per_t * tonnes
