"""Who buys heat where: what a site may sell in a year, and what it is worth."""

from __future__ import annotations

import numpy as np

from wasteplan.scenario.derived import HEAT_FACTOR, HEAT_SOLD, factor, price
from wasteplan.scenario.model import Scenario
from wasteplan.superstructure.model import CENTRE, OUTLET, HeatMarket, Plant, Span

GJ_PER_TJ = 1e3
MILLION = 1e-6
KT_PER_KG = 1e-6


def heat_markets(
    scenario: Scenario, plants: tuple[Plant, ...], periods: tuple[Span, ...]
) -> tuple[HeatMarket, ...]:
    """Sites with buyers at which a technology may give heat, in order of sites."""
    found = []
    for site in scenario.sites:
        own = tuple(
            p
            for p, plant in enumerate(plants)
            if plant.place == site.id and _gives_heat(scenario, plant)
        )
        if not own or not site.heat_demand_gj_per_y:
            continue
        worth, avoided = [], []
        for span in periods:
            paid = np.array([price(scenario, HEAT_SOLD, y) for y in span.years])
            kg = np.array([factor(scenario, HEAT_FACTOR, y) for y in span.years])
            worth.append(span.discount * paid * GJ_PER_TJ * MILLION)
            avoided.append(kg * GJ_PER_TJ * KT_PER_KG)
        demand = site.heat_demand_gj_per_y / GJ_PER_TJ
        found.append(HeatMarket(site.id, own, demand, tuple(worth), tuple(avoided)))
    return tuple(found)


def _gives_heat(scenario: Scenario, plant: Plant) -> bool:
    if plant.technology in (CENTRE, OUTLET):
        return False
    return bool(scenario.technology[plant.technology].efficiency_heat_net)
