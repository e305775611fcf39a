"""The decisions of the planning model, and how the families speak of them.

Sets are in capitals.  `works`, `build` and `regime` are binary; `open` says whether a
plant works; `throughput` is what it takes.  Haul flows live in the haul block.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyomo.environ as pyo

from wasteplan.optimize.data import PlanningData
from wasteplan.scenario.records import EMISSION_METRICS
from wasteplan.superstructure.model import NO_REGIME, Superstructure

Term = Any
"""A Pyomo expression or a number."""


def declare(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """Add sets and variables."""
    s, periods = data.s, data.periods
    m.PERIODS = pyo.Set(initialize=list(periods))
    cumulative, builds, closings = [], [], []
    for o, option in enumerate(s.options):
        if option.facility:
            if option.may_close:
                closings += [(o, t) for t in periods if option.works[0, t]]
        elif data.is_cumulative(o):
            cumulative += [(o, t) for t in data.first_openings(o)]
        else:
            builds += [(o, t) for t in data.first_openings(o)]
    m.WORKS = pyo.Set(initialize=cumulative, dimen=2)
    m.BUILDS = pyo.Set(initialize=builds, dimen=2)
    m.CLOSINGS = pyo.Set(initialize=closings, dimen=2)
    m.works = pyo.Var(m.WORKS, domain=pyo.Binary)
    m.build = pyo.Var(m.BUILDS, domain=pyo.Binary)
    m.closed = pyo.Var(m.CLOSINGS, domain=pyo.Binary)
    m.REGIMES = pyo.Set(
        initialize=[
            (r, t) for r, x in enumerate(s.regimes) for t in periods if x.may_work[t]
        ],
        dimen=2,
    )
    m.regime = pyo.Var(m.REGIMES, domain=pyo.Binary)
    plants = range(len(s.plants))
    undecided = [
        (p, t) for p in plants for t in periods if not data.is_always_open[p, t]
    ]
    m.UNDECIDED = pyo.Set(initialize=undecided, dimen=2)
    m.open = pyo.Var(m.UNDECIDED, bounds=(0, 1))
    reach = data.reach_kt
    m.FEEDS = pyo.Set(
        initialize=[(f, t) for f in range(len(s.feeds.plant)) for t in periods], dimen=2
    )
    m.throughput = pyo.Var(
        m.FEEDS, bounds=lambda _, f, t: (0.0, None if data.is_elastic else reach[f, t])
    )
    _declare_heat(m, s)
    m.nothing = pyo.Var(bounds=(0, 0))
    """Stands in rows that no decision can change, so that they are still checked."""
    if any(x.metric in EMISSION_METRICS for x in s.scenario.targets):
        m.haul_co2 = pyo.Var(m.PERIODS, domain=pyo.NonNegativeReals)
    if data.haul_totals:
        m.haul_total = pyo.Var(data.haul_totals, domain=pyo.NonNegativeReals)
    if data.recourse is not None:
        m.UNPLACED = pyo.Set(
            initialize=[(k, t) for k in range(len(data.scopes)) for t in periods],
            dimen=2,
        )
        m.unplaced = pyo.Var(m.UNPLACED, domain=pyo.NonNegativeReals)
    m.slack = pyo.VarList(domain=pyo.NonNegativeReals)
    m.slack_names = []


def _declare_heat(m: pyo.ConcreteModel, s: Superstructure) -> None:
    """Heat sold by market, period and year within it; nothing without buyers."""
    if not s.heat_markets:
        return
    every = [
        (k, t, y)
        for k in range(len(s.heat_markets))
        for t, span in enumerate(s.spans)
        for y in range(len(span.years))
    ]
    m.HEAT = pyo.Set(initialize=every, dimen=3)
    m.heat_sold = pyo.Var(
        m.HEAT, bounds=lambda _, k, t, y: (0.0, s.heat_markets[k].demand_tj_per_y)
    )


def active(m: pyo.ConcreteModel, data: PlanningData, o: int, t: int) -> Term:
    """Whether option o works in period t.  [0..1]"""
    option = data.s.options[o]
    if option.facility:
        if not option.works[0, t]:
            return 0.0
        return 1.0 - m.closed[o, t] if option.may_close else 1.0
    if data.is_cumulative(o):
        before = [t0 for t0 in data.first_openings(o) if t0 <= t]
        return m.works[o, before[-1]] if before else 0.0
    found = working(m, data, o, t)
    return sum(found) if found else 0.0


def working(m: pyo.ConcreteModel, data: PlanningData, o: int, t: int) -> list[Term]:
    """Each build of option o that works in period t; one term if it is built once."""
    option = data.s.options[o]
    if option.facility or data.is_cumulative(o):
        return [active(m, data, o, t)]
    starts = [t0 for t0 in data.first_openings(o) if t0 <= t and option.works[t0, t]]
    return [m.build[o, t0] for t0 in starts]


def opened(m: pyo.ConcreteModel, data: PlanningData, o: int, t: int) -> Term:
    """Whether option o starts work in period t.  [0..1]"""
    option = data.s.options[o]
    if option.facility or not option.may_open[t]:
        return 0.0
    if not data.is_cumulative(o):
        return m.build[o, t]
    before = [t0 for t0 in data.first_openings(o) if t0 < t]
    return m.works[o, t] - (m.works[o, before[-1]] if before else 0.0)


def is_open(m: pyo.ConcreteModel, data: PlanningData, p: int, t: int) -> Term:
    """Whether a plant works in period t.  [0..1]"""
    return 1.0 if data.is_always_open[p, t] else m.open[p, t]


def at_work(m: pyo.ConcreteModel, data: PlanningData, r: int, t: int) -> Term:
    """Whether a regime of measures is at work in period t.  [0..1]"""
    if r == NO_REGIME:
        return 1.0
    return m.regime[r, t] if data.s.regimes[r].may_work[t] else 0.0


@dataclass(frozen=True)
class Slack:
    """What a slack variable relaxes, and the size of the requirement it is part of."""

    family: str
    place: str
    period: int
    size: float


def slack(
    m: pyo.ConcreteModel,
    data: PlanningData,
    family: str,
    place: str,
    period: int,
    size: float,
) -> Term:
    """Room for a requirement to give way: 0, or a named variable where it may.

    `size` is what the requirement is measured against, in its own unit; `period` is -1
    for a requirement on all years together.
    """
    if not data.gives_way(family):
        return 0.0
    m.slack_names.append(Slack(family, place, period, max(float(size), 1e-6)))
    return m.slack.add()
