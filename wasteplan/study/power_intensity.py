"""Fossil carbon dioxide of power from waste, beside that of the grid."""

from __future__ import annotations

import pandas as pd

from wasteplan.errors import WasteplanError
from wasteplan.lca.factors import chosen
from wasteplan.scenario.derived import (
    accepted_by,
    described_streams,
    factor,
    fractions,
    grid_item,
    material,
)
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.treating import treating
from wasteplan.units import CO2_PER_C, KG_PER_T
from wasteplan.waste.material import fossil_carbon, total_carbon

POWER_COLUMNS = {
    "technology": "technology id",
    "stream": "stream id",
    "lhv_mj_per_kg": "as received [MJ/kg]",
    "net_kwh_per_t": "net electricity [kWh/t]",
    "fossil_co2_kg_per_t": "of burning it [kg/t]",
    "fossil_co2_kg_per_kwh": "per net kilowatt-hour [kg/kWh]",
    "grid_kg_co2e_per_kwh": "what the power is credited with, first year [kg/kWh]",
    "fossil_share": "of the carbon [-]",
}


def power_intensity(scenario: Scenario) -> pd.DataFrame:
    """Every stream in every burner that makes power (see `POWER_COLUMNS`).

    kg/kWh = C_fossil OF 44/12 1000 / (LHV 1000 eta / 3.6): a burner of polyester-rich
    textile may emit more per kilowatt-hour than the grid that it replaces.  Largest
    first; streams whose carbon or heat is unknown are left out.
    """
    table = fractions(scenario)
    grid = _grid(scenario)
    rows = []
    for technology in scenario.technologies:
        if technology.kind != "combustion" or not technology.efficiency_electric_net:
            continue
        for name in sorted(accepted_by(scenario, technology.id)):
            if name not in described_streams(scenario):
                continue
            what = material(scenario, name)
            done = treating(scenario, technology, what)
            fossil = fossil_carbon(what, table) * KG_PER_T
            kg = fossil * chosen("combustion_oxidation").value * CO2_PER_C
            kwh = done.electricity_kwh_per_t
            if not (kwh > 0 and kg >= 0):
                continue
            total = total_carbon(what, table)
            rows.append(
                (
                    technology.id,
                    name,
                    done.heat_mj_per_t / KG_PER_T,
                    kwh,
                    kg,
                    kg / kwh,
                    grid,
                    fossil / KG_PER_T / total if total > 0 else 0.0,
                )
            )
    found = pd.DataFrame(rows, columns=list(POWER_COLUMNS))
    by = "fossil_co2_kg_per_kwh"
    return found.sort_values(by, ascending=False, kind="stable", ignore_index=True)


def _grid(scenario: Scenario) -> float:
    item = grid_item(scenario, is_credit=True)
    try:
        return factor(scenario, item, scenario.years[0])
    except WasteplanError:  # a case without electricity needs no grid factor
        return float("nan")
