"""Limits on what adds up over all years."""

from __future__ import annotations

import pyomo.environ as pyo

from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.decisions import slack
from wasteplan.optimize.totals import UNITS, total
from wasteplan.scenario.records import HORIZON_METRICS

ALL_YEARS = -1


def horizon_limits(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """Cost, emissions or landfilled tonnes over all years <= a limit.

    total(all years) <= max, in M money (present value), kt CO2e or kt.
    """
    rows = [
        (target.id, target.metric, float(target.max))
        for target in data.s.scenario.targets
        if target.metric in HORIZON_METRICS and target.max is not None
    ]

    def limit(m: pyo.ConcreteModel, k: int) -> object:
        name, metric, most = rows[k]
        most /= UNITS[metric].per_model_unit
        room = slack(m, data, "horizon_limit", name, ALL_YEARS, abs(most))
        return total(m, data, metric) + m.nothing <= most + room

    m.horizon_limits = pyo.Constraint(range(len(rows)), rule=limit)
