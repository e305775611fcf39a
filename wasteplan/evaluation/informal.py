"""Informal trades under a plan: what they take, sell and earn, and what they lose."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from wasteplan.evaluation.books import Books
from wasteplan.evaluation.costs import Account, Entry
from wasteplan.evaluation.lots import Floats
from wasteplan.evaluation.result import INFORMAL_COLUMNS
from wasteplan.scenario.informal import (
    TradeTerms,
    integrations,
    trade_terms,
    wages_per_y,
    workers_of,
)
from wasteplan.scenario.measure_records import InformalTrade
from wasteplan.scenario.measures import NO_MEASURES, Regime, protection_per_y
from wasteplan.scenario.setting_out import set_out

INFORMAL, PUBLIC, OPERATOR, GENERATOR = "informal", "public", "operator", "generator"
TERM = "informal_trade"

Payment = tuple[int, str, str, str, Floats]
"""(period, who pays, who receives, reason, amount of each year)."""


@dataclass(frozen=True)
class Taken:
    """What a row of a trade takes from a class in a period."""

    period: int
    row: InformalTrade
    terms: TradeTerms
    tonnes: Floats
    """Each year.  [t/y]"""


def taken(books: Books, *, without_measures: bool = False) -> Iterator[Taken]:
    """Everything that trades take, stream by stream."""
    if not books.scenario.informal:
        return
    for t, period in enumerate(books.scenario.periods):
        every = zip(books.sources.stated, books.sources.stated_t[t], strict=True)
        for stated, tonnes in every:
            kind, regime = stated.generator_class, NO_MEASURES
            if not without_measures:
                regime = books.sources.regimes.get((kind, period.id), NO_MEASURES)
            out = set_out(books.scenario, kind, stated.stream, stated.basis, regime)
            for pick in out.picks:
                terms = trade_terms(books.scenario, pick.row, regime)
                yield Taken(t, pick.row, terms, pick.share * tonnes)


def trade_costs(books: Books) -> Iterator[Entry]:
    """Sales of trades across the boundary, and what taking costs them.  [money/y]"""
    for one in taken(books):
        for amount, column in (
            (-one.terms.sold, "price_per_t"),
            (one.terms.cost, "cost_per_t"),
        ):
            status = books.statuses.cell("informal", one.row, column)
            account = Account(one.period, TERM, one.row.id, TERM, INFORMAL, status)
            yield account, amount * one.tonnes


def trade_payments(books: Books) -> Iterator[Payment]:
    """Purchases from generators, premiums of the public, wages of sorting jobs."""
    for one in taken(books):
        t, terms = one.period, one.terms
        yield t, INFORMAL, GENERATOR, "purchase", terms.paid * one.tonnes
        yield t, PUBLIC, INFORMAL, "buy_back_premium", terms.premium * one.tonnes
    for t, kind, regime in _regimes(books):
        n_years = len(books.years[t])
        for paid in wages_per_y(books.scenario, kind, regime).values():
            yield t, OPERATOR, INFORMAL, "sorting_wage", np.full(n_years, paid)


def _regimes(books: Books) -> Iterator[tuple[int, str, Regime]]:
    number = {p.id: t for t, p in enumerate(books.scenario.periods)}
    for (kind, period), regime in sorted(books.sources.regimes.items()):
        yield number[period], kind, regime


@dataclass
class _Sums:
    """One trade in the last year of a period."""

    taken_t: float = 0.0
    taken_without_t: float = 0.0
    income: float = 0.0
    income_without: float = 0.0
    covered: float = 0.0
    protection: float = 0.0
    ways: set[str] = field(default_factory=set)


def informal_table(books: Books) -> pd.DataFrame:
    """Every trade in the last year of every period (see `INFORMAL_COLUMNS`)."""
    sums: dict[tuple[int, str], _Sums] = defaultdict(_Sums)
    for one in taken(books):
        own = sums[one.period, one.row.id]
        own.taken_t += float(one.tonnes[-1])
        own.income += float(one.tonnes[-1]) * one.terms.income
    for one in taken(books, without_measures=True):
        own = sums[one.period, one.row.id]
        own.taken_without_t += float(one.tonnes[-1])
        own.income_without += float(one.tonnes[-1]) * one.terms.income
    for t, kind, regime in _regimes(books):
        for trade, paid in wages_per_y(books.scenario, kind, regime).items():
            sums[t, trade].income += paid
        for row in integrations(books.scenario, kind, regime):
            own = sums[t, row.informal]
            own.covered += row.workers
            own.protection += protection_per_y(row)
            own.ways.add(row.id)
    workers = workers_of(books.scenario)
    rows = [
        _row(books.scenario.periods[t].id, trade, own, workers[trade])
        for (t, trade), own in sorted(sums.items())
    ]
    return pd.DataFrame(rows, columns=list(INFORMAL_COLUMNS))


def _row(
    period: str, trade: str, own: _Sums, workers: float | None
) -> tuple[str | float, ...]:
    per_worker = [
        amount / workers if workers else float("nan")
        for amount in (own.income_without, own.income)
    ]
    return (
        period,
        trade,
        own.taken_without_t,
        own.taken_t,
        own.taken_without_t - own.taken_t,
        own.income_without,
        own.income,
        own.income_without - own.income,
        float("nan") if workers is None else workers,
        *per_worker,
        " ".join(sorted(own.ways)),
        own.covered,
        own.protection,
    )
