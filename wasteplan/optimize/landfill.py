"""The airspace of landfills as a stock over the periods."""

from __future__ import annotations

import pyomo.environ as pyo

from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.decisions import opened, slack


def airspace(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """Volume used so far <= volume at the start + cells opened so far.  [1000 m3]"""
    landfills = [
        p
        for p in range(len(data.s.plants))
        if data.is_landfill(p)
        and data.feeds_of[p]
        and any(data.s.options[o].airspace_1000m3 > 0 for o in data.options_of[p])
    ]

    def limit(m: pyo.ConcreteModel, p: int, t: int) -> object:
        feeds = data.s.feeds
        used = sum(
            feeds.airspace[f] * feeds.years[f, u] * m.throughput[f, u]
            for f in data.feeds_of[p]
            for u in range(t + 1)
        )
        size = sum(data.s.options[o].airspace_1000m3 for o in data.options_of[p])
        return used <= _volume(m, data, p, t) + slack(
            m, data, "airspace", data.s.plants[p].id, t, size
        )

    m.airspace = pyo.Constraint(landfills, m.PERIODS, rule=limit)


def _volume(m: pyo.ConcreteModel, data: PlanningData, p: int, t: int) -> object:
    total: object = 0.0
    for o in data.options_of[p]:
        option = data.s.options[o]
        if option.facility:
            total = total + option.airspace_1000m3  # type: ignore[operator]
        else:
            cells = sum(opened(m, data, o, u) for u in range(t + 1))
            total = total + option.airspace_1000m3 * cells  # type: ignore[operator]
    return total


def site_airspace(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """All cells ever opened on a site fit its airspace.  [1000 m3]"""
    limits = {
        s.id: s.airspace_m3 * 1e-3
        for s in data.s.scenario.sites
        if s.airspace_m3 is not None
    }

    def limit(m: pyo.ConcreteModel, site: str) -> object:
        terms = [
            data.s.options[o].airspace_1000m3 * opened(m, data, o, t)
            for p, plant in enumerate(data.s.plants)
            if plant.place == site
            for o in data.options_of[p]
            for t in data.periods
            if not data.s.options[o].facility and data.s.options[o].may_open[t]
        ]
        if not terms:
            return pyo.Constraint.Skip
        return sum(terms) <= limits[site]

    m.site_airspace = pyo.Constraint(list(limits), rule=limit)
