"""What a plan can be judged by over all years: cost, emissions, tonnes, people.

Each total is an expression over the planner-facing variables; what hauls add to it
is one variable that a row of the haul block defines.  Any total can be the objective
or be limited by a target (`HORIZON_METRICS`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pyomo.environ as pyo

from wasteplan.optimize.burdens import exposure, jobs, unsuited
from wasteplan.optimize.costs import capital, fixed_om, throughput_cost
from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.decisions import Term, at_work
from wasteplan.optimize.equity import (
    collected_lowest,
    diversion_lowest,
    exposure_largest,
    hosted_largest,
)
from wasteplan.optimize.heat import heat_credit, heat_revenue
from wasteplan.optimize.measures import measures_cost
from wasteplan.optimize.targets import LOST, counted_feeds
from wasteplan.scenario.totals import COST
from wasteplan.superstructure.model import NO_REGIME

CO2E = "co2e_total_t"
CO2E_DIRECT = "co2e_direct_total_t"
LANDFILLED = "landfilled_total_t"
BURDENS: Mapping[str, Callable[[pyo.ConcreteModel, PlanningData], Term]] = {
    "jobs_total": jobs,
    "exposure_total": exposure,
    "unsuited_total_t": unsuited,
    "hosted_largest_total_t": hosted_largest,
    "exposure_largest_total": exposure_largest,
    "diversion_rate_lowest": diversion_lowest,
    "collected_rate_lowest": collected_lowest,
}

COST_TERMS = (capital, fixed_om, throughput_cost, heat_revenue, measures_cost)


def total(m: pyo.ConcreteModel, data: PlanningData, name: str) -> Term:
    """A total as the model counts it: M money, kt CO2e, kt, ... over all years."""
    if name == COST:
        own = sum(term(m, data) for term in COST_TERMS)
        return own + m.haul_total[COST] + data.s.constant_m
    if name == LANDFILLED:
        return landfilled(m, data)
    if name in (CO2E, CO2E_DIRECT):
        return emitted(m, data, credits=name == CO2E)
    return BURDENS[name](m, data)


def emitted(m: pyo.ConcreteModel, data: PlanningData, *, credits: bool) -> Term:
    """Emissions of treatment, hauls and leakage over all years.  [kt CO2e]

    sum over feeds and periods of (kt CO2e per kt/y of the last year) x kt/y.
    """
    per_kt = data.emissions_total(credits=credits)
    some = np.argwhere(per_kt != 0)
    treated = sum(float(per_kt[f, t]) * m.throughput[int(f), int(t)] for f, t in some)
    leaked = data.s.leaked_co2e_total_kt + sum(
        float(regime.leaked_co2e_total_kt[t]) * at_work(m, data, r, t)
        for r, regime in enumerate(data.s.regimes)
        for t in data.periods
        if regime.leaked_co2e_total_kt[t] != 0
    )
    avoided = heat_credit(m, data) if credits else 0.0
    return treated + avoided + m.haul_total[CO2E] + leaked


def landfilled(m: pyo.ConcreteModel, data: PlanningData) -> Term:
    """Waste and residues landfilled, and waste leaked, over all years.  [kt]"""
    years = data.s.feeds.years
    lost = sum(
        float(years[f, t]) * m.throughput[f, t]
        for f in counted_feeds(data, LOST)
        for t in data.periods
    )
    return lost + leaked_kt(m, data)


def leaked_kt(m: pyo.ConcreteModel, data: PlanningData) -> Term:
    """Waste lost to leakage over all years, by the regimes at work.  [kt]"""
    s = data.s
    years = np.array([[float(r.sum()) for r in o.ratio] for o in s.origins])
    kt = s.sources.leaked_lost_kt * years[s.sources.origin]
    total: Term = float(kt[s.sources.regime == NO_REGIME].sum())
    for r in range(len(s.regimes)):
        for t in data.periods:
            amount = float(kt[s.sources.regime == r, t].sum())
            if amount > 0:
                total = total + amount * at_work(m, data, r, t)
    return total
