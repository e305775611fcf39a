"""Constraint family on what people in informal trades earn."""

from __future__ import annotations

import pyomo.environ as pyo

from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.decisions import Term, at_work, slack
from wasteplan.scenario.informal import workers_of
from wasteplan.scenario.records import INFORMAL_METRICS, Target

MILLION = 1e-6


def informal_income(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """Income of informal trades in the last year of a period >= a floor.  [M money/y]

    `informal_income_per_worker_y`: sum over regimes of income x regime >= floor x
    workers, for every trade whose workers are known.  `informal_income_share`: the
    income of all trades together >= share x what it is without any measure.
    """
    rows = [
        (target, trades, t)
        for target in data.s.scenario.targets
        if target.metric in INFORMAL_METRICS and target.min is not None
        for trades in _groups(data, target)
        for t, span in enumerate(data.s.spans)
        if target.period in ("", span.id)
    ]

    def limit(m: pyo.ConcreteModel, k: int) -> object:
        target, trades, t = rows[k]
        earned = sum(income(m, data, trade, t) for trade in trades)
        least = _least(data, target, trades, t)
        room = slack(m, data, "informal_income", target.id, t, abs(least))
        return earned + m.nothing + room >= least

    m.informal_income = pyo.Constraint(range(len(rows)), rule=limit)


def income(m: pyo.ConcreteModel, data: PlanningData, trade: str, t: int) -> Term:
    """What a trade earns under the regimes at work.  [M money/y]"""
    fixed = float(data.s.incomes_m[trade][t])
    return fixed + sum(
        float(regime.incomes_m[trade][t]) * at_work(m, data, r, t)
        for r, regime in enumerate(data.s.regimes)
        if regime.incomes_m[trade][t] != 0
    )


def _groups(data: PlanningData, target: Target) -> list[tuple[str, ...]]:
    """Trades that a floor holds for: each with known workers, or all together."""
    workers = workers_of(data.s.scenario)
    if target.metric == "informal_income_share":
        return [tuple(workers)]
    return [(trade,) for trade, n in workers.items() if n]


def _least(
    data: PlanningData, target: Target, trades: tuple[str, ...], t: int
) -> float:
    floor = target.min or 0.0
    if target.metric == "informal_income_per_worker_y":
        people = workers_of(data.s.scenario)
        return floor * MILLION * sum(people[trade] or 0.0 for trade in trades)
    without = [
        data.s.incomes_m,
        *(r.incomes_m for r in data.s.regimes if not r.measures),
    ]
    return floor * sum(float(known[trade][t]) for known in without for trade in trades)
