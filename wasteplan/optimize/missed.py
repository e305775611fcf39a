"""What requirements that are missed add to the objective, with recourse."""

from __future__ import annotations

import pyomo.environ as pyo

from wasteplan.optimize.data import M_PER_KT, PlanningData
from wasteplan.optimize.decisions import Slack, Term
from wasteplan.optimize.horizon import ALL_YEARS
from wasteplan.optimize.recourse import Recourse
from wasteplan.scenario.totals import COST

IN_MONEY = ("capex_budget", "informal_income")


def missed_cost(m: pyo.ConcreteModel, data: PlanningData) -> Term:
    """Prices of slacks and of waste without a place, all years.  [M money]

    A tonne missed in the last year of a period is missed in each of its years:
    price x sum over years of the discount factor.
    """
    if data.recourse is None:
        return 0.0
    missed = sum(
        price_of(data, data.recourse, about) * variable
        for variable, about in zip(m.slack.values(), m.slack_names, strict=True)
    )
    per_kt = data.recourse.per_t_left * M_PER_KT
    left = sum(
        per_kt * float(data.s.spans[t].discount.sum()) * m.unplaced[k, t]
        for k, t in m.UNPLACED
    )
    return missed + left


def price_of(data: PlanningData, recourse: Recourse, about: Slack) -> float:
    """Price of one model unit of a slack over the years it stands for.  [M money]"""
    per_kt = recourse.per_t * M_PER_KT
    if about.period == ALL_YEARS:
        metric = next(t.metric for t in data.s.scenario.targets if t.id == about.place)
        return recourse.per_money if metric == COST else per_kt
    discount = data.s.spans[about.period].discount
    if about.family == "capex_budget":
        return recourse.per_money * float(discount[0])
    if about.family in IN_MONEY:
        return recourse.per_money * float(discount.sum())
    if about.family == "minimum_load":
        per_kt *= _kt_per_unit_of_load(data, about.place)
    return per_kt * float(discount.sum())


def _kt_per_unit_of_load(data: PlanningData, plant: str) -> float:
    """Tonnes behind a unit of load: 1, or as fills mass and heat.  [kt/TJ]"""
    rated = [
        o.capacity_kt / o.heat_capacity_tj
        for o in data.s.options
        if data.s.plants[o.plant].id == plant and o.heat_capacity_tj
    ]
    return max(rated, default=1.0)
