"""Outputs that must go to one place: a plant cannot send their origins apart."""

from __future__ import annotations

import pyomo.environ as pyo

from wasteplan.optimize.data import PlanningData


def single_destination(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """One destination per (plant, product, period) asked for in `data.single`.  [-]

    sum over destinations of sends <= 1; the haul block links flows to `sends`.
    """
    index = []
    for one in sorted(data.single, key=lambda s: (s.plant, s.product, s.period)):
        index += [
            (one.plant, one.product, d, one.period)
            for d in destinations(data, one.plant, one.product)
        ]
    m.SENDS = pyo.Set(initialize=index, dimen=4)
    m.sends = pyo.Var(m.SENDS, domain=pyo.Binary)
    keys = sorted({(p, product, t) for p, product, _, t in index})

    def one_only(m: pyo.ConcreteModel, p: int, product: str, t: int) -> object:
        return (
            sum(m.sends[p, product, d, t] for d in destinations(data, p, product)) <= 1
        )

    m.single_destination = pyo.Constraint(keys, rule=one_only)


def destinations(data: PlanningData, plant: int, product: str) -> list[int]:
    """Plants and outlets to which a product of a plant can be hauled."""
    found = {
        int(data.s.feeds.plant[f])
        for tail, c, f in zip(
            data.s.later.tail, data.s.later.commodity, data.s.later.feed, strict=True
        )
        if tail == plant and data.s.commodities[c].product == product
    }
    return sorted(found)
