"""The airspace of landfills as a stock over the periods."""

from __future__ import annotations

import pyomo.environ as pyo

from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.decisions import active, opened, slack


def airspace(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """Volume used in a period comes from the cells that work in it.  [1000 m3]

    used[t] <= sum over cells at work of filled[cell, t]; over its life a cell takes no
    more than it holds: sum over t of filled <= volume x built.  What is left in a
    closed facility is lost to the others.
    """
    landfills = [
        p
        for p in range(len(data.s.plants))
        if data.is_landfill(p)
        and data.feeds_of[p]
        and any(data.s.options[o].airspace_1000m3 > 0 for o in data.options_of[p])
    ]
    cells = [
        (o, t0)
        for p in landfills
        for o in data.options_of[p]
        for t0 in ([0] if data.s.options[o].facility else data.first_openings(o))
    ]
    at_work = [
        (o, t0, t)
        for o, t0 in cells
        for t in data.periods
        if data.s.options[o].works[t0, t]
    ]
    m.FILLED = pyo.Set(initialize=at_work, dimen=3)
    m.filled = pyo.Var(m.FILLED, domain=pyo.NonNegativeReals)

    def used_is_filled(m: pyo.ConcreteModel, p: int, t: int) -> object:
        feeds = data.s.feeds
        used = sum(
            feeds.airspace[f] * feeds.years[f, t] * m.throughput[f, t]
            for f in data.feeds_of[p]
        )
        mine = set(data.options_of[p])
        filled = sum(m.filled[k] for k in at_work if k[0] in mine and k[2] == t)
        size = sum(data.s.options[o].airspace_1000m3 for o in mine)
        name = data.s.plants[p].id
        return used <= filled + slack(m, data, "airspace", name, t, size)

    def holds(m: pyo.ConcreteModel, o: int, t0: int) -> object:
        option = data.s.options[o]
        filled = [m.filled[k] for k in at_work if k[:2] == (o, t0)]
        if not filled:
            return pyo.Constraint.Skip
        built = 1.0 if option.facility else opened(m, data, o, t0)
        share = data.s.experience.airspace(data.s.plants[option.plant].id)
        return sum(filled) <= share * option.airspace_1000m3 * built

    def while_open(m: pyo.ConcreteModel, o: int, t0: int, t: int) -> object:
        option = data.s.options[o]
        if not option.may_close:
            return pyo.Constraint.Skip
        volume = option.airspace_1000m3
        return m.filled[o, t0, t] <= volume * active(m, data, o, t)

    m.airspace = pyo.Constraint(landfills, m.PERIODS, rule=used_is_filled)
    m.airspace_holds = pyo.Constraint(cells, rule=holds)
    m.airspace_while_open = pyo.Constraint(m.FILLED, rule=while_open)


def site_airspace(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """All cells ever opened on a site: sum(volume x opened) <= airspace.  [1000 m3]"""
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
