"""Constraint families about how much a plant can take."""

from __future__ import annotations

import numpy as np
import pyomo.environ as pyo

from wasteplan.errors import WasteplanError
from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.decisions import active, is_open, slack
from wasteplan.superstructure.model import OUTLET


def mass_capacity(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """Throughput <= available mass capacity at work, overload included.  [kt/y]"""

    def limit(m: pyo.ConcreteModel, p: int, t: int) -> object:
        feeds = data.feeds_of[p]
        if not feeds:
            return pyo.Constraint.Skip
        taken = sum(m.throughput[f, t] for f in feeds)
        if data.s.plants[p].technology == OUTLET:
            most = data.outlet_limit_kt(p)[t]
            if np.isinf(most):
                return pyo.Constraint.Skip
            outlet = data.s.plants[p].id
            return taken <= most + slack(m, data, "outlet_limit", outlet, t, most)
        share = data.capacity_share(p, t)
        return taken <= sum(
            share * data.s.options[o].capacity_kt * active(m, data, o, t)
            for o in data.options_of[p]
        )

    m.mass_capacity = pyo.Constraint(range(len(data.s.plants)), m.PERIODS, rule=limit)


def heat_capacity(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """Thermal input <= sum of thermal rating at work.  [TJ/y]"""

    def limit(m: pyo.ConcreteModel, p: int, t: int) -> object:
        taken = sum(data.s.feeds.heat[f] * m.throughput[f, t] for f in data.feeds_of[p])
        share = data.capacity_share(p, t)
        return taken <= sum(
            share * (data.s.options[o].heat_capacity_tj or 0.0) * active(m, data, o, t)
            for o in data.options_of[p]
        )

    m.heat_capacity = pyo.Constraint(_heated(data), m.PERIODS, rule=limit)


def _heated(data: PlanningData) -> list[int]:
    """Plants with a thermal rating; what they can take must have a known LHV."""
    found = []
    for p, plant in enumerate(data.s.plants):
        options = [data.s.options[o] for o in data.options_of[p]]
        rated = [o.heat_capacity_tj is not None for o in options]
        if not any(rated) or not data.feeds_of[p]:
            continue
        unknown = [f for f in data.feeds_of[p] if np.isnan(data.s.feeds.heat[f])]
        if unknown or not all(rated):
            names = [
                data.s.commodities[data.s.feeds.commodity[f]].name for f in unknown
            ]
            raise WasteplanError(
                f"{plant.id}: lhv_design needs a known heating value of all it takes "
                f"and of all sizes; unknown for {', '.join(names) or 'some sizes'}"
            )
        found.append(p)
    return found


def minimum_load(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """What works is fed at least its least load, heat or mass.  [TJ/y or kt/y]

    sum(heat or mass taken) >= sum(least load x active).
    """
    heated = set(_heated(data))
    loaded = [
        p
        for p in range(len(data.s.plants))
        if data.feeds_of[p]
        and any(data.s.options[o].heat_min_tj > 0 for o in data.options_of[p])
    ]

    def limit(m: pyo.ConcreteModel, p: int, t: int) -> object:
        weight = data.s.feeds.heat if p in heated else np.ones(len(data.s.feeds.heat))
        taken = sum(weight[f] * m.throughput[f, t] for f in data.feeds_of[p])
        least = sum(
            data.s.options[o].heat_min_tj * active(m, data, o, t)
            for o in data.options_of[p]
        )
        size = max(data.s.options[o].heat_min_tj for o in data.options_of[p])
        name = data.s.plants[p].id
        return taken + slack(m, data, "minimum_load", name, t, size) >= least

    m.minimum_load = pyo.Constraint(loaded, m.PERIODS, rule=limit)


def material_bounds(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """Only an open plant takes a commodity: throughput <= min(material, capacity) open.

    Redundant for integers; it makes the relaxation tight.  [kt/y]
    """
    reach = data.reach_kt
    pairs = [
        (f, t)
        for f, p in enumerate(data.s.feeds.plant)
        for t in data.periods
        if not data.is_always_open[p, t]
    ]

    def limit(m: pyo.ConcreteModel, f: int, t: int) -> object:
        p = int(data.s.feeds.plant[f])
        return m.throughput[f, t] <= reach[f, t] * is_open(m, data, p, t)

    m.material_bounds = pyo.Constraint([] if data.is_elastic else pairs, rule=limit)
