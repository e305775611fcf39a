"""The cost terms of the objective, in millions of present value."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyomo.environ as pyo

from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.decisions import active, opened


def capital(m: pyo.ConcreteModel, data: PlanningData) -> Any:
    """Annuities of capital and land within the horizon, by opening.  [M money]"""
    return sum(
        option.capital_m[t] * opened(m, data, o, t)
        for o, option in enumerate(data.s.options)
        for t in data.periods
        if option.capital_m[t] != 0 and option.may_open[t]
    )


def fixed_om(m: pyo.ConcreteModel, data: PlanningData) -> Any:
    """Fixed operation and maintenance while at work.  [M money]"""
    return sum(
        option.fixed_om_m[t] * active(m, data, o, t)
        for o, option in enumerate(data.s.options)
        for t in data.periods
        if option.fixed_om_m[t] != 0
    )


def throughput_cost(m: pyo.ConcreteModel, data: PlanningData) -> Any:
    """Variable cost of what plants, centres and outlets take, less sales.  [M money]"""
    f, t = np.nonzero(data.s.feeds.cost)
    cost = data.s.feeds.cost
    return sum(
        cost[i, j] * m.throughput[int(i), int(j)] for i, j in zip(f, t, strict=True)
    )
