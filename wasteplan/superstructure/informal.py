"""What informal trades sell and earn under every regime, as constants of it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from wasteplan.scenario.informal import trade_terms, wages_per_y
from wasteplan.scenario.setting_out import Pick
from wasteplan.superstructure.gates import Gates
from wasteplan.superstructure.model import Floats, Span

MILLION = 1e-6

Picked = tuple[int, tuple[str, ...], int, Pick]
"""(regime, its measures, pair, what is taken of it)."""


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
    start = 0
    for t, span in enumerate(periods):
        discounted = tonnes[:, start : start + len(span.years)] @ span.discount
        start += len(span.years)
        for r, chosen, i, pick in _picks(gates):
            per_t = trade_terms(gates.scenario, pick.row, chosen).resource_cost
            out[r, t] += per_t * pick.share * discounted[i] * MILLION
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
    for r, chosen, i, pick in _picks(gates):
        per_t = trade_terms(gates.scenario, pick.row, chosen).income
        found[pick.row.id][r] += per_t * pick.share * tonnes[i, last] * MILLION
    for r, (kind, chosen) in enumerate(gates.regimes):
        for trade, paid in wages_per_y(gates.scenario, kind, chosen).items():
            found[trade][r] += paid * MILLION
    return found


def _picks(gates: Gates) -> Iterator[Picked]:
    if not gates.scenario.informal:
        return
    for i in range(len(gates.pairs)):
        for r, chosen, out in gates.set_out(i):
            for pick in out.picks:
                yield r, chosen, i, pick
