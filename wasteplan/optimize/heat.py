"""Heat sold: no more in a year than plants of a site make and its buyers want.

Heat is sold by site and calendar year, so that a demand that binds in some years of a
period only is met year by year, as the evaluation does.  A case without buyers of heat
has no variable and no row of this.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyomo.environ as pyo

from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.decisions import Term

Key = tuple[int, int, int]
"""Market, period, year within the period."""


def heat_sold(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """Sold <= made, year by year; the demand is the variable's upper bound.  [TJ/y]

    made[y] = sum over feeds of (heat to sell per kt) x (tonnes of y per tonne of the
    last year) x throughput.
    """
    if not data.s.heat_markets:
        return

    def limit(m: pyo.ConcreteModel, k: int, t: int, y: int) -> object:
        return m.heat_sold[k, t, y] <= made(m, data, (k, t, y))

    m.heat_made = pyo.Constraint(m.HEAT, rule=limit)


def keys(data: PlanningData) -> Iterator[Key]:
    """Every market in every year."""
    for k in range(len(data.s.heat_markets)):
        for t, span in enumerate(data.s.spans):
            for y in range(len(span.years)):
                yield k, t, y


def made(m: pyo.ConcreteModel, data: PlanningData, key: Key) -> Term:
    """Heat to sell that the plants of a site make in a year.  [TJ/y]"""
    k, t, y = key
    feeds = data.s.feeds
    return m.nothing + sum(
        float(feeds.heat_to_sell[f] * ratio(data, f, t, y)) * m.throughput[f, t]
        for p in data.s.heat_markets[k].plants
        for f in data.feeds_of[p]
        if feeds.heat_to_sell[f] > 0
    )


def ratio(data: PlanningData, feed: int, t: int, y: int) -> float:
    """Tonnes of a year per tonne of the period's last year.  [-]"""
    commodity = data.s.commodities[int(data.s.feeds.commodity[feed])]
    return float(commodity.ratio[t][y])


def heat_revenue(m: pyo.ConcreteModel, data: PlanningData) -> Term:
    """What buyers pay for heat, negative.  [M money]"""
    return -sum(
        float(data.s.heat_markets[k].worth_m[t][y]) * m.heat_sold[k, t, y]
        for k, t, y in keys(data)
    )


def heat_credit(m: pyo.ConcreteModel, data: PlanningData, t: int | None = None) -> Term:
    """Emissions avoided by heat sold, negative: in the last year of a period, or all.

    [kt CO2e/y or kt CO2e]
    """
    some = [key for key in keys(data) if t is None or _is_last(data, key, t)]
    return -sum(
        float(data.s.heat_markets[k].avoided_kt[at][y]) * m.heat_sold[k, at, y]
        for k, at, y in some
    )


def _is_last(data: PlanningData, key: Key, t: int) -> bool:
    return key[1] == t and key[2] == len(data.s.spans[t].years) - 1
