"""The whole model in plain Pyomo: for teaching, other solvers, and a cross-check.

It says in algebra what the haul block says in arrays; a test compares the two matrices.
"""

from __future__ import annotations

from collections import defaultdict

import pyomo.environ as pyo

from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.decisions import Term, at_work
from wasteplan.optimize.haul_block import (
    SHARE_LINKS_MAX,
    T_PER_KG,
    emissions_of_first,
    first_cost,
    haul_totals,
    later_cost,
)
from wasteplan.optimize.model import planning_model
from wasteplan.scenario.totals import COST
from wasteplan.superstructure.model import NO_REGIME, Floats


def as_pyomo(data: PlanningData) -> pyo.ConcreteModel:
    """Planner-facing variables and one variable per haul and period.

    Returns
    -------
    pyomo.environ.ConcreteModel
        `share[a, t]` of first hauls [-] and `sent[a, t]` of later hauls [kt/y] beside
        everything of the planning model; with recourse also `left[i, t]`, the share
        of a source without a place [-].  Elastic models are not rendered.
    """
    m = planning_model(data)
    s = data.s
    m.FIRST = pyo.RangeSet(0, len(s.first) - 1)
    m.LATER = pyo.RangeSet(0, len(s.later) - 1)
    whole = s.scenario.settings.solve.single_sourcing
    m.share = pyo.Var(
        m.FIRST,
        m.PERIODS,
        domain=pyo.Binary if whole else pyo.Reals,
        bounds=lambda _, a, t: (0, int(data.is_there[s.first.tail[a], t])),
    )
    m.sent = pyo.Var(m.LATER, m.PERIODS, domain=pyo.NonNegativeReals)
    _leave_unplaced(m, data)
    _collect_everything(m, data)
    _fill_feeds(m, data)
    _balance_outputs(m, data)
    _share_only_if_open(m, data)
    _send_to_one_place(m, data)
    _sum_emissions(m, data)
    _sum_all_years(m, data)
    weight = data.aim.get(COST, 0.0)
    if weight:
        cost = _of_hauls(m, first_cost(data), later_cost(data)) + s.constant_m
        m.objective.expr = m.objective.expr + weight * cost
    return m


def _of_hauls(m: pyo.ConcreteModel, one: Floats, two: Floats) -> Term:
    """A sum over all hauls and periods, with one number per haul and period."""
    hauls = sum(one[a, t] * m.share[a, t] for a in m.FIRST for t in m.PERIODS)
    return hauls + sum(two[a, t] * m.sent[a, t] for a in m.LATER for t in m.PERIODS)


def _leave_unplaced(m: pyo.ConcreteModel, data: PlanningData) -> None:
    if data.recourse is None:
        return
    s = data.s.sources
    m.left = pyo.Var(range(len(s.stream)), m.PERIODS, bounds=(0, 1))
    of = defaultdict(list)
    for i, scope in enumerate(zip(s.region, s.stream, strict=True)):
        of[scope].append(i)

    def balance(m: pyo.ConcreteModel, k: int, t: int) -> object:
        left = sum(s.collected_kt[i, t] * m.left[i, t] for i in of[data.scopes[k]])
        return m.unplaced[k, t] - left == 0

    m.sum_unplaced = pyo.Constraint(m.UNPLACED, rule=balance)


def _collect_everything(m: pyo.ConcreteModel, data: PlanningData) -> None:
    arcs = defaultdict(list)
    for a, tail in enumerate(data.s.first.tail):
        arcs[int(tail)].append(a)

    def whole(m: pyo.ConcreteModel, i: int, t: int) -> object:
        regime = int(data.s.sources.regime[i])
        if not data.is_there[i, t]:
            return pyo.Constraint.Skip
        if not arcs[i] and regime == NO_REGIME and data.recourse is None:
            return pyo.Constraint.Infeasible
        left = m.left[i, t] if data.recourse is not None else 0.0
        sent = sum(m.share[a, t] for a in arcs[i])
        return sent + left == at_work(m, data, regime, t)

    sources = range(len(data.s.sources.stream))
    m.collect_everything = pyo.Constraint(sources, m.PERIODS, rule=whole)


def _fill_feeds(m: pyo.ConcreteModel, data: PlanningData) -> None:
    first, later = defaultdict(list), defaultdict(list)
    for a, f in enumerate(data.s.first.feed):
        first[int(f)].append(a)
    for a, f in enumerate(data.s.later.feed):
        later[int(f)].append(a)
    kt, tail = data.s.sources.collected_kt, data.s.first.tail

    def balance(m: pyo.ConcreteModel, f: int, t: int) -> object:
        raw = sum(kt[tail[a], t] * m.share[a, t] for a in first[f])
        return m.throughput[f, t] - raw - sum(m.sent[a, t] for a in later[f]) == 0

    m.fill_feeds = pyo.Constraint(m.FEEDS, rule=balance)


def _balance_outputs(m: pyo.ConcreteModel, data: PlanningData) -> None:
    feeds, arcs = data.s.feeds, defaultdict(list)
    for a in range(len(data.s.later)):
        arcs[int(data.s.later.tail[a]), int(data.s.later.commodity[a])].append(a)
    made = defaultdict(list)
    for f, c, share in zip(
        feeds.out_feed, feeds.out_commodity, feeds.out_share, strict=True
    ):
        made[int(feeds.plant[f]), int(c)].append((int(f), float(share)))

    def balance(m: pyo.ConcreteModel, p: int, c: int, t: int) -> object:
        out = sum(share * m.throughput[f, t] for f, share in made[p, c])
        return sum(m.sent[a, t] for a in arcs[p, c]) - out == 0

    index = [(p, c, t) for p, c in data.outputs for t in data.periods]
    m.balance_outputs = pyo.Constraint(index, rule=balance)


def _share_only_if_open(m: pyo.ConcreteModel, data: PlanningData) -> None:
    plant = data.s.feeds.plant[data.s.first.feed]
    alike: dict[tuple[int, int], list[int]] = defaultdict(list)
    for a, tail in enumerate(data.s.first.tail):
        alike[int(data.s.sources.twin[tail]), int(plant[a])].append(a)
    linked = [(*k, t) for k in alike for t in data.periods]
    if len(data.s.first) * data.s.n_periods > SHARE_LINKS_MAX:
        linked = []

    def limit(m: pyo.ConcreteModel, twin: int, p: int, t: int) -> object:
        if data.is_always_open[p, t]:
            return pyo.Constraint.Skip
        return sum(m.share[a, t] for a in alike[twin, p]) - m.open[p, t] <= 0

    m.share_only_if_open = pyo.Constraint(linked, rule=limit)


def _sum_emissions(m: pyo.ConcreteModel, data: PlanningData) -> None:
    if not hasattr(m, "haul_co2"):
        return

    def total(m: pyo.ConcreteModel, t: int) -> object:
        first = emissions_of_first(data, t)
        later = data.s.later.co2_kg_per_t * T_PER_KG
        out = sum(first[a] * m.share[a, t] for a in m.FIRST)
        return m.haul_co2[t] - out - sum(later[a] * m.sent[a, t] for a in m.LATER) == 0

    m.sum_emissions = pyo.Constraint(m.PERIODS, rule=total)


def _sum_all_years(m: pyo.ConcreteModel, data: PlanningData) -> None:
    if data.haul_totals:
        m.sum_all_years = pyo.Constraint(
            data.haul_totals,
            rule=lambda m, name: (
                m.haul_total[name] - _of_hauls(m, *haul_totals(data, name)) == 0
            ),
        )


def _send_to_one_place(m: pyo.ConcreteModel, data: PlanningData) -> None:
    later, reach = data.s.later, data.reach_kt
    rows = []
    for p, product, d, t in m.SENDS:
        for a in range(len(later)):
            same = data.s.commodities[later.commodity[a]].product == product
            if later.tail[a] == p and same and data.s.feeds.plant[later.feed[a]] == d:
                rows.append((a, p, product, d, t))

    def limit(
        m: pyo.ConcreteModel, a: int, p: int, product: str, d: int, t: int
    ) -> object:
        most = reach[later.feed[a], t]
        return m.sent[a, t] - most * m.sends[p, product, d, t] <= 0

    m.send_to_one_place = pyo.Constraint(rows, rule=limit)
