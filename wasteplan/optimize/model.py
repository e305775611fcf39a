"""The planning model: a table of contents."""

from __future__ import annotations

import pyomo.environ as pyo

from wasteplan.optimize.blending import blend_limits
from wasteplan.optimize.burdens import jobs_floor, suitable_sites
from wasteplan.optimize.capacity import (
    heat_capacity,
    mass_capacity,
    material_bounds,
    minimum_load,
)
from wasteplan.optimize.choices import forbidden, forced
from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.decisions import Term, declare
from wasteplan.optimize.equity import (
    burden_spread,
    worst_collected,
    worst_served,
)
from wasteplan.optimize.growth import modules_beside_first, modules_in_order
from wasteplan.optimize.heat import heat_sold
from wasteplan.optimize.horizon import horizon_limits
from wasteplan.optimize.informal import informal_income
from wasteplan.optimize.landfill import airspace, site_airspace
from wasteplan.optimize.measures import measures_go_on, one_regime
from wasteplan.optimize.missed import missed_cost
from wasteplan.optimize.own import own_constraints
from wasteplan.optimize.single_destination import single_destination
from wasteplan.optimize.siting import (
    one_size,
    open_if_active,
    permit,
    site_room,
    stays_active,
    stays_closed,
)
from wasteplan.optimize.takers import open_takers
from wasteplan.optimize.targets import (
    capex_budget,
    emissions_cap,
    landfill_diversion,
    recycling,
)
from wasteplan.optimize.totals import COST_TERMS, total
from wasteplan.scenario.totals import COST

CONSTRAINTS = (
    stays_active,
    stays_closed,
    one_size,
    modules_beside_first,
    modules_in_order,
    open_if_active,
    site_room,
    permit,
    mass_capacity,
    heat_capacity,
    minimum_load,
    open_takers,
    material_bounds,
    blend_limits,
    airspace,
    site_airspace,
    landfill_diversion,
    recycling,
    heat_sold,
    emissions_cap,
    capex_budget,
    jobs_floor,
    suitable_sites,
    burden_spread,
    worst_served,
    worst_collected,
    horizon_limits,
    forced,
    forbidden,
    one_regime,
    measures_go_on,
    informal_income,
    single_destination,
    own_constraints,
)


def planning_model(data: PlanningData) -> pyo.ConcreteModel:
    """The planner-facing part of the model; haul flows join it in the hand-over."""
    m = pyo.ConcreteModel("wasteplan")
    declare(m, data)
    for add in CONSTRAINTS:
        add(m, data)
    m.objective = pyo.Objective(
        expr=sum(weight * _aimed(m, data, name) for name, weight in data.aim.items())
        + missed_cost(m, data)
    )
    return m


def _aimed(m: pyo.ConcreteModel, data: PlanningData, name: str) -> Term:
    """A total without what the haul block and the constant add to the objective."""
    if name != COST:
        return total(m, data, name)
    return sum(term(m, data) for term in COST_TERMS)
