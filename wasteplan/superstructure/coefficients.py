"""What a plant does with one tonne of a commodity, as a handful of numbers."""

from __future__ import annotations

from dataclasses import astuple, dataclass

import numpy as np

from wasteplan.lca.emissions import (
    Emission,
    co2e_kg_per_t,
    outlet_credit,
    process_emissions,
)
from wasteplan.network.places import Centre, Outlet
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.treating import treating
from wasteplan.treatment.performance import Performance
from wasteplan.treatment.records import Technology
from wasteplan.waste.material import FractionTable, Material, blend_property

SIGNATURE_DECIMALS = 10  # coefficients closer than this are the same


@dataclass(frozen=True)
class Coefficients:
    """Per tonne as received.  Emissions are linear in the grid factor: a + b g."""

    heat_mj: float = 0.0
    electricity_kwh: float = 0.0
    diesel_l: float = 0.0
    coal_gj: float = 0.0
    airspace_m3: float = 0.0
    direct_kg: float = 0.0
    direct_kg_per_grid: float = 0.0
    credit_kg: float = 0.0
    credit_kg_per_grid: float = 0.0
    heat_to_sell_mj: float = 0.0
    blend: tuple[float, ...] = ()

    def signature(self) -> tuple[object, ...]:
        """The rounded numbers; what has equal ones, the plant cannot tell apart."""
        *numbers, blend = astuple(self)
        return tuple(_rounded(n) for n in (*numbers, *blend))


def _rounded(number: float) -> object:
    """A rounded number; unknown (NaN) compares equal to unknown."""
    return None if number != number else round(number, SIGNATURE_DECIMALS)


def limits_of(scenario: Scenario, technology: str) -> tuple[str, ...]:
    """The blend properties that a technology limits, in a fixed order."""
    return tuple(
        sorted(b.property for b in scenario.blend_limits if b.technology == technology)
    )


def of_technology(
    scenario: Scenario, technology: Technology, material: Material, table: FractionTable
) -> Coefficients:
    """Coefficients of a treatment technology."""
    done = treating(scenario, technology, material)
    at = {g: _emissions(scenario, technology, material, table, done, g) for g in (0, 1)}
    heat = done.heat_mj_per_t
    return Coefficients(
        heat_mj=heat,
        electricity_kwh=done.electricity_kwh_per_t,
        diesel_l=done.diesel_l_per_t,
        coal_gj=done.coal_displaced_gj_per_t,
        airspace_m3=done.airspace_m3_per_t,
        heat_to_sell_mj=done.heat_to_sell_mj_per_t,
        direct_kg=at[0][0],
        direct_kg_per_grid=at[1][0] - at[0][0],
        credit_kg=at[0][1],
        credit_kg_per_grid=at[1][1] - at[0][1],
        blend=tuple(
            blend_property(material, table, name)
            for name in limits_of(scenario, technology.id)
        ),
    )


def _emissions(
    scenario: Scenario,
    technology: Technology,
    material: Material,
    table: FractionTable,
    done: Performance,
    grid_kg_co2e_per_kwh: float,
) -> tuple[float, float]:
    """(direct, avoided) emissions at a grid factor.  [kg CO2e/t]"""
    gwp = scenario.settings.assessment.gwp
    items = process_emissions(
        technology,
        material,
        table,
        done,
        gwp=gwp,
        grid_kg_co2e_per_kwh=grid_kg_co2e_per_kwh,
    )
    return _direct_and_credit(items, gwp)


def _direct_and_credit(items: tuple[Emission, ...], gwp: str) -> tuple[float, float]:
    direct = co2e_kg_per_t(items, gwp, credits=False)
    return direct, co2e_kg_per_t(items, gwp, credits=True) - direct


def of_centre(scenario: Scenario, centre: Centre, table: FractionTable) -> Coefficients:
    """Coefficients of a collection centre: its own electricity and diesel only."""
    station = Technology(
        id="centre",
        kind="storage",
        electricity_kwh_per_t=centre.electricity_kwh_per_t,
        diesel_l_per_t=centre.diesel_l_per_t,
    )
    any_material = _nothing(table)
    done = treating(scenario, station, any_material)
    at = {
        g: _emissions(scenario, station, any_material, table, done, g) for g in (0, 1)
    }
    return Coefficients(
        electricity_kwh=-centre.electricity_kwh_per_t,
        diesel_l=centre.diesel_l_per_t,
        direct_kg=at[0][0],
        direct_kg_per_grid=at[1][0] - at[0][0],
    )


def of_outlet(
    scenario: Scenario,
    outlet: Outlet,
    product: str,
    material: Material,
    table: FractionTable,
) -> Coefficients:
    """Coefficients of a way out: only what the sold product replaces."""
    gwp = scenario.settings.assessment.gwp
    direct, credit = _direct_and_credit(
        outlet_credit(
            product,
            material,
            table,
            outlet_kind=outlet.kind,
            substitution_ratio=outlet.substitution_ratio,
        ),
        gwp,
    )
    return Coefficients(direct_kg=direct, credit_kg=credit)


def _nothing(table: FractionTable) -> Material:
    """A material without mass, for what does not depend on material."""
    zeros = np.zeros(len(table.ids))
    return Material(mass=zeros, water=zeros)
