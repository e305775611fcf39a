"""Limits on what adds up over all years."""

from __future__ import annotations

import pyomo.environ as pyo

from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.decisions import slack
from wasteplan.optimize.totals import total
from wasteplan.scenario.records import HORIZON_METRICS, Target
from wasteplan.scenario.totals import TOTALS

ALL_YEARS = -1


def horizon_limits(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """What adds up over all years stays within its limit.

    total <= max, or total >= min where more is better.  [M money (present value), kt
    CO2e, kt, FTE y, million person t or percentage points]
    """
    rows = horizon_targets(data)

    def limit(m: pyo.ConcreteModel, k: int) -> object:
        target = rows[k]
        counted = TOTALS[target.metric]
        bound = target.min if counted.more_is_better else target.max
        assert bound is not None
        bound /= counted.per_model_unit
        room = slack(m, data, "horizon_limit", target.id, ALL_YEARS, abs(bound))
        added = total(m, data, target.metric) + m.nothing
        if counted.more_is_better:
            return added + room >= bound
        return added <= bound + room

    m.horizon_limits = pyo.Constraint(range(len(rows)), rule=limit)


def horizon_targets(data: PlanningData) -> list[Target]:
    """Targets over all years that say how much, in the order of their rows."""
    return [
        target
        for target in data.s.scenario.targets
        if target.metric in HORIZON_METRICS
        and (target.min if TOTALS[target.metric].more_is_better else target.max)
        is not None
    ]
