"""Heat of a solution sold as far as it can be."""

from __future__ import annotations

from dataclasses import replace

from wasteplan.optimize.handover import Problem
from wasteplan.optimize.heat import keys, ratio
from wasteplan.optimize.running import Outcome


def all_sold(p: Problem, outcome: Outcome) -> Outcome:
    """The outcome with all heat sold that can be.

    A solution that a solver stopped at may sell less than there is; plants do not.  It
    only gets better by it, so the bound still holds.
    """
    if not p.data.s.heat_markets or outcome.solution is None:
        return outcome
    x, gain = outcome.solution.copy(), 0.0
    taken = p.throughput_kt(x)
    feeds = p.data.s.feeds
    for k, t, y in keys(p.data):
        market = p.data.s.heat_markets[k]
        there = sum(
            feeds.heat_to_sell[f] * ratio(p.data, f, t, y) * taken[f, t]
            for plant in market.plants
            for f in p.data.feeds_of[plant]
            if feeds.heat_to_sell[f] > 0
        )
        column = p.column_of[id(p.model.heat_sold[k, t, y])]
        more = min(market.demand_tj_per_y, there) - x[column]
        gain += p.cost[column] * more
        x[column] += more
    return replace(outcome, solution=x, objective=outcome.objective + gain)
