"""Constraint families about what stands where and when."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

import pyomo.environ as pyo

from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.decisions import active, is_open, opened, slack, working

KT_PER_T = 1e-3


def stays_active(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """What works to the end does not stop: active[t] >= active[t before].  [-]"""
    pairs = []
    for o in range(len(data.s.options)):
        if not data.s.options[o].facility and data.is_cumulative(o):
            times = data.first_openings(o)
            pairs += [(o, a, b) for a, b in pairwise(times)]
    m.stays_active = pyo.Constraint(
        pairs, rule=lambda m, o, a, b: m.works[o, b] >= m.works[o, a]
    )


def stays_closed(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """A closed facility does not open again: closed[t] >= closed[t before].  [-]"""
    pairs = [
        (o, a, b)
        for o, option in enumerate(data.s.options)
        if option.facility and option.may_close
        for a, b in _steps([t for t in data.periods if option.works[0, t]])
    ]
    m.stays_closed = pyo.Constraint(
        pairs, rule=lambda m, o, a, b: m.closed[o, b] >= m.closed[o, a]
    )


def _steps(times: list[int]) -> list[tuple[int, int]]:
    return list(pairwise(times))


def one_size(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """At most one new size of a technology at a site; a landfill one cell a period.

    sum(active) <= 1 over new sizes, sum(opened) <= 1 over cells.  Further lines of a
    size (`growth.py`) are not counted.  [-]
    """

    def limit(m: pyo.ConcreteModel, p: int, t: int) -> object:
        new = data.new_sizes_of(p)
        take = opened if data.is_landfill(p) else active
        terms = [take(m, data, o, t) for o in new]
        if all(isinstance(x, float) for x in terms):
            return pyo.Constraint.Skip
        return sum(terms) <= 1

    m.one_size = pyo.Constraint(range(len(data.s.plants)), m.PERIODS, rule=limit)


def open_if_active(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """A plant is open if, and only if, one of its sizes works.  [-]

    open <= sum(active), and open >= each build at work (a landfill may have several
    cells of one size, so their sum may be above 1).
    """

    def only_if(m: pyo.ConcreteModel, p: int, t: int) -> object:
        return m.open[p, t] <= sum(active(m, data, o, t) for o in data.options_of[p])

    def if_any(m: pyo.ConcreteModel, p: int, t: int, o: int, i: int) -> object:
        term = working(m, data, o, t)[i]
        if isinstance(term, float):
            return pyo.Constraint.Skip
        return m.open[p, t] >= term

    m.open_only_if_active = pyo.Constraint(m.UNDECIDED, rule=only_if)
    each = [
        (p, t, o, i)
        for p, t in m.UNDECIDED
        for o in data.options_of[p]
        for i in range(len(working(m, data, o, t)))
    ]
    m.open_if_active = pyo.Constraint(each, rule=if_any)


def site_room(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """No more technologies at work on a site than it has room for.  [-]

    sum(open over plants of the site) <= facilities_max.
    """
    at: dict[str, list[int]] = defaultdict(list)
    for p, plant in enumerate(data.s.plants):
        if data.is_treatment(p):
            at[plant.place].append(p)
    crowded = [s for s, ps in at.items() if len(ps) > _room(data, s)]

    def limit(m: pyo.ConcreteModel, site: str, t: int) -> object:
        terms = [is_open(m, data, p, t) for p in at[site]]
        if all(isinstance(x, float) for x in terms):
            return pyo.Constraint.Skip
        return sum(terms) <= _room(data, site) + slack(m, data, "site_room", site, t, 1)

    m.site_room = pyo.Constraint(crowded, m.PERIODS, rule=limit)


def _room(data: PlanningData, site: str) -> int:
    return data.s.scenario.site[site].facilities_max


def permit(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """All facilities of a site together: sum(throughput) <= permit.  [kt/y]"""
    permits = {
        site.id: site.permit_t_per_y * KT_PER_T
        for site in data.s.scenario.sites
        if site.permit_t_per_y is not None
    }

    def limit(m: pyo.ConcreteModel, site: str, t: int) -> object:
        feeds = [
            f
            for p, plant in enumerate(data.s.plants)
            if data.is_treatment(p) and plant.place == site
            for f in data.feeds_of[p]
        ]
        if not feeds:
            return pyo.Constraint.Skip
        taken = sum(m.throughput[f, t] for f in feeds)
        return taken <= permits[site] + slack(m, data, "permit", site, t, permits[site])

    m.permit = pyo.Constraint(list(permits), m.PERIODS, rule=limit)
