"""What informal trades sell and earn under every regime, as constants of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wasteplan.scenario.informal import trade_terms, wages_per_y
from wasteplan.superstructure.gates import Gates, in_periods
from wasteplan.superstructure.model import Floats, Ints, Span

MILLION = 1e-6


@dataclass(frozen=True)
class Picks:
    """All that trades take, one row for each regime, pair and row of a trade."""

    regime: Ints
    pair: Ints
    trade: tuple[str, ...]
    resource_cost: Floats
    """Cost less sales, per stated tonne of the pair.  [money/t]"""
    income: Floats
    """Per stated tonne of the pair.  [money/t]"""


def sales_of_trades_m(
    gates: Gates, tonnes: Floats, periods: tuple[Span, ...]
) -> Floats:
    """Costs less sales of what trades take.  [M money, present value]

    sum over years of discount x tonnes x (cost - price beyond the boundary).

    Returns
    -------
    array, shape (regimes + 1, periods)
        The last row is for classes without measures.
    """
    out = np.zeros((len(gates.regimes) + 1, len(periods)))
    picks = gates.kept("picks", lambda: _picks(gates))
    if len(picks.pair):
        discounted = in_periods(tonnes, [span.discount for span in periods])
        paid = picks.resource_cost[:, None] * discounted[picks.pair] * MILLION
        np.add.at(out, picks.regime, paid)
    return out


def incomes_m(
    gates: Gates, tonnes: Floats, periods: tuple[Span, ...]
) -> dict[str, Floats]:
    """Income of every trade in the last year of each period.  [M money/y]

    Returns
    -------
    dict of arrays, shape (regimes + 1, periods)
        Wages of sorting jobs included.
    """
    shape = (len(gates.regimes) + 1, len(periods))
    found = {row.id: np.zeros(shape) for row in gates.scenario.informal}
    last = np.cumsum([len(span.years) for span in periods]) - 1
    picks = gates.kept("picks", lambda: _picks(gates))
    if len(picks.pair):
        stated = tonnes[:, last][picks.pair]
        earned = picks.income[:, None] * stated * MILLION
        for i, (r, trade) in enumerate(zip(picks.regime, picks.trade, strict=True)):
            found[trade][r] += earned[i]
    for r, trade, paid_m in gates.kept("wages", lambda: _wages_m(gates)):
        found[trade][r] += paid_m
    return found


def _wages_m(gates: Gates) -> list[tuple[int, str, float]]:
    """(regime, trade, wages of sorting jobs).  [M money/y]"""
    return [
        (r, trade, paid * MILLION)
        for r, (kind, chosen) in enumerate(gates.regimes)
        for trade, paid in wages_per_y(gates.scenario, kind, chosen).items()
    ]


def _picks(gates: Gates) -> Picks:
    """What every trade takes of every pair under every regime."""
    found: list[tuple[int, int, str, float, float]] = []
    for i in range(len(gates.pairs) if gates.scenario.informal else 0):
        for r, chosen, out in gates.set_out(i):
            for pick in out.picks:
                terms = trade_terms(gates.scenario, pick.row, chosen)
                per_t = (terms.resource_cost * pick.share, terms.income * pick.share)
                found.append((r, i, pick.row.id, *per_t))
    regime, pair, trade, cost, income = zip(*found, strict=True) if found else [()] * 5
    return Picks(
        np.array(regime, dtype=np.int64),
        np.array(pair, dtype=np.int64),
        tuple(trade),
        np.array(cost, dtype=float),
        np.array(income, dtype=float),
    )
