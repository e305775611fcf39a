"""What waste emits that never reaches a facility."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from wasteplan.lca.factors import chosen, heap_row
from wasteplan.lca.inventory import (
    G_PER_KG,
    Emission,
    burnt_methane,
    fossil_co2,
    over_fractions,
)
from wasteplan.treatment.decay import IPCC_2006, committed_methane_kg_per_t
from wasteplan.treatment.gas import parameter, parameter_status
from wasteplan.waste.material import FractionTable, Material

_FateEmissions = Callable[[Material, FractionTable, str, str], Sequence[Emission]]


def fate_emissions(
    fate_kind: str,
    material: Material,
    table: FractionTable,
    *,
    climate: str = "tropical_moist_wet",
    guidelines: str = IPCC_2006,
) -> tuple[Emission, ...]:
    """Emissions of one tonne that leaks.  [kg/t as received]

    open_burning
        58 % of the fossil carbon as CO2, CH4 of smouldering, N2O of the dry mass
        (IPCC 2006 Guidelines Vol.5 Ch.5).
    dumping, uncollected
        Committed methane of a shallow unmanaged heap, without capture or oxidation.
    kiln
        All the fossil carbon, CH4 and N2O of batch burning.  No coal is credited:
        brick kilns burn wood and husk.
    informal
        Nothing: the buyer recycles.

    Parameters
    ----------
    fate_kind, material, table
        Where what goes.
    climate
        Climate of the heap.
    guidelines
        `ipcc2006` or `ipcc2019`: how much of the carbon in the heap decomposes.

    Raises
    ------
    KeyError
        If there is no such kind of fate.
    """
    found = _FATES[fate_kind](material, table, climate, guidelines)
    return tuple(e for e in found if e.kg_per_t)


def _open_burning(
    material: Material, table: FractionTable, climate: str, guidelines: str
) -> Sequence[Emission]:
    n2o = chosen("open_burning_n2o")
    burns = np.where(table.values["carbon_dry"] == 0, 0.0, 1.0)
    dry = np.where(burns == 0, 0.0, 1.0 - material.water)
    n2o_kg = over_fractions(material, dry) * n2o.value / G_PER_KG
    return (
        fossil_co2("leakage", material, table, chosen("open_burning_oxidation")),
        *burnt_methane("leakage", material, table, chosen("open_burning_ch4")),
        Emission("leakage", "n2o", n2o_kg, False, n2o.status),
    )


def _kiln(
    material: Material, table: FractionTable, climate: str, guidelines: str
) -> Sequence[Emission]:
    n2o = chosen("kiln_n2o")
    burns = np.where(table.values["carbon_dry"] == 0, 0.0, 1.0)
    n2o_kg = over_fractions(material, burns) * n2o.value / G_PER_KG
    return (
        fossil_co2("leakage", material, table, chosen("combustion_oxidation")),
        *burnt_methane("leakage", material, table, chosen("kiln_ch4")),
        Emission("leakage", "n2o", n2o_kg, False, n2o.status),
    )


def _heap(fate_kind: str) -> _FateEmissions:
    def emissions(
        material: Material, table: FractionTable, climate: str, guidelines: str
    ) -> Sequence[Emission]:
        row = heap_row(fate_kind)
        correction = parameter("mcf", row)
        kg = committed_methane_kg_per_t(
            material, table, climate, correction, guidelines=guidelines
        )
        status = parameter_status("mcf", row)
        return (Emission("leakage", "ch4_biogenic", kg, False, status),)

    return emissions


def _informal(
    material: Material, table: FractionTable, climate: str, guidelines: str
) -> Sequence[Emission]:
    return ()


_FATES: dict[str, _FateEmissions] = {
    "open_burning": _open_burning,
    "dumping": _heap("dumping"),
    "uncollected": _heap("uncollected"),
    "kiln": _kiln,
    "informal": _informal,
}
