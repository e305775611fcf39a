"""Constraint families and costs of measures taken where waste arises.

A regime is a set of measures of a class of generators.  What a class sets out under
each regime is known beforehand; one regime is chosen for every class and period, and
the shares of its sources sum to 1 only then (see the haul block).
"""

from __future__ import annotations

from typing import Any

import pyomo.environ as pyo

from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.decisions import Term, at_work
from wasteplan.scenario.measures import measures


def one_regime(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """Every class works under one regime in a period: sum(regime) = 1.  [-]"""

    def limit(m: pyo.ConcreteModel, kind: str, t: int) -> object:
        return sum(at_work(m, data, r, t) for r in data.regimes_of[kind]) == 1

    m.one_regime = pyo.Constraint(list(data.regimes_of), m.PERIODS, rule=limit)


def measures_go_on(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """A measure that has started goes on, or another of its group takes over.  [-]

    sum(regimes with a measure of the group, t)
        >= sum(regimes with one that may not stop, t - 1).
    """
    known = measures(data.s.scenario)
    groups = dict.fromkeys(
        (own.generator_class, own.group)
        for own in known.values()
        if own.generator_class in data.regimes_of and not own.may_stop
    )

    def limit(m: pyo.ConcreteModel, kind: str, group: str, t: int) -> object:
        if t == 0:
            return pyo.Constraint.Skip
        every = [n for n, own in known.items() if own.group == group]
        stay = [n for n in every if not known[n].may_stop]
        now = _with_any(m, data, kind, every, t)
        before = _with_any(m, data, kind, stay, t - 1)
        if isinstance(before, int | float):
            return pyo.Constraint.Skip
        return now >= before

    m.measures_go_on = pyo.Constraint(list(groups), m.PERIODS, rule=limit)


def _with_any(
    m: pyo.ConcreteModel, data: PlanningData, kind: str, names: list[str], t: int
) -> Term:
    """Whether the class works under a regime with one of some measures.  [0..1]"""
    return sum(
        at_work(m, data, r, t)
        for r in data.regimes_of[kind]
        if set(names) & set(data.s.regimes[r].measures)
    )


def measures_cost(m: pyo.ConcreteModel, data: PlanningData) -> Any:
    """What measures cost, and what leaked waste does at a carbon price.  [M money]"""
    return sum(
        regime.cost_m[t] * at_work(m, data, r, t)
        for r, regime in enumerate(data.s.regimes)
        for t in data.periods
        if regime.cost_m[t] != 0
    )
