"""Limits on the mean of what a plant takes, in every season."""

from __future__ import annotations

import numpy as np
import pyomo.environ as pyo

from wasteplan.errors import WasteplanError
from wasteplan.optimize.data import PlanningData
from wasteplan.plan.records import RAW
from wasteplan.scenario.derived import fractions
from wasteplan.scenario.records import Season
from wasteplan.scenario.seasons import in_season, season_ids, season_of
from wasteplan.waste.material import blend_property


def blend_limits(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """The mean of a property over all a plant takes stays within its limits.

    In every season s, where f_s is the part of a feed's tonnes that comes in it and q_s
    its quality then: sum((q_s - max) f_s x) <= 0 and sum((min - q_s) f_s x) <= 0.
    Shares of flows are those of the year.  [MJ/kg or kg/kg, times kt/y]
    """
    scenario = data.s.scenario
    rows = [
        (p, b.property, side)
        for p, plant in enumerate(data.s.plants)
        for b in scenario.blend_limits
        if b.technology == plant.technology and data.feeds_of[p]
        for side in ("min", "max")
        if getattr(b, side) is not None
    ]
    bound: dict[tuple[str, str, str], float] = {
        (b.technology, b.property, side): getattr(b, side)
        for b in scenario.blend_limits
        for side in ("min", "max")
    }

    def limit(
        m: pyo.ConcreteModel, p: int, name: str, side: str, season: str, t: int
    ) -> object:
        value = bound[data.s.plants[p].technology, name, side]
        sign = 1.0 if side == "max" else -1.0
        terms = []
        for f in data.feeds_of[p]:
            row = _season_of_feed(data, f, season)
            over = sign * (_quality(data, f, name, row) - value)
            terms.append(row.waste_share * over * m.throughput[f, t])
        return sum(terms) <= 0

    seasons = season_ids(scenario)
    index = [(*row, s, t) for row in rows for s in seasons for t in data.periods]
    m.blend_limits = pyo.Constraint(index, rule=limit)


def _season_of_feed(data: PlanningData, feed: int, season: str) -> Season:
    """Raw waste comes with the seasons of its stream, products with those of all."""
    commodity = data.s.commodities[data.s.feeds.commodity[feed]]
    stream = ""
    if commodity.product == RAW:  # which keeps its origin
        stream = data.s.origins[commodity.origins[0]].stream
    return season_of(data.s.scenario, season, stream)


def _quality(data: PlanningData, feed: int, name: str, season: Season) -> float:
    """A blend property of what a feed brings.  [MJ/kg or kg/kg as received]

    Raises
    ------
    WasteplanError
        If it is unknown: a limited property must be known for all that may come.
    """
    commodity = data.s.commodities[data.s.feeds.commodity[feed]]
    material = commodity.material
    if commodity.product == RAW:
        material = in_season(material, season)
    value = float(blend_property(material, fractions(data.s.scenario), name))
    if np.isnan(value):
        plant = data.s.plants[data.s.feeds.plant[feed]].id
        raise WasteplanError(
            f"{plant} limits {name}, which is unknown for {commodity.name}: give "
            "the property of its fractions, or do not accept it there"
        )
    return value
