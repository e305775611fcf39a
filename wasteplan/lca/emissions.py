"""What a tonne of waste emits where it is treated, and what its energy saves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np

from wasteplan.lca import factors
from wasteplan.lca.factors import chosen
from wasteplan.lca.fates import fate_emissions
from wasteplan.lca.inventory import (
    G_PER_KG,
    Emission,
    EnergyAndGas,
    Floats,
    burnt_methane,
    by_ancestry,
    co2e_kg_per_t,
    coal_saved,
    diesel_co2,
    fossil_co2,
    over_fractions,
    with_status,
)
from wasteplan.lca.outlets import outlet_credit
from wasteplan.treatment.gas import parameter_status
from wasteplan.treatment.records import Technology
from wasteplan.units import KG_PER_T, weakest
from wasteplan.waste.material import FractionTable, Material

__all__ = [
    "Emission",
    "co2e_kg_per_t",
    "fate_emissions",
    "haul_emissions",
    "outlet_credit",
    "process_emissions",
]

CellStatus = Callable[[str], str]
"""How the number in a column of the technology's row is known."""
CAPTURE_CELLS = (
    "gas_capture",
    "gas_capture_from_y",
    "gas_capture_until_y",
    "landfill_phases",
)
METHANE_CELLS = {
    "disposal": ("methane_correction", *CAPTURE_CELLS, "oxidation"),
    "effluent": ("methane_correction", "gas_capture", "cod_removal"),
}
GAS_CELLS = {
    "biological": ("biogas_m3_per_t_organic",),
    "disposal": ("methane_correction", *CAPTURE_CELLS, "gas_to_engine"),
    "effluent": ("methane_correction", "gas_capture", "gas_to_engine"),
}
"""Cells behind the gas from which electricity is made, by kind."""
LEACHATE_CELLS = ("waste_height_m", "leachate_collected")
"""Cells behind the electricity that treats leachate; only landfills state them."""
ROTS_IN_WEEKS = frozenset({"food", "garden", "sludge", "wood_straw"})
"""Decay classes that biological treatment degrades, besides paper."""


def process_emissions(
    technology: Technology,
    material: Material,
    table: FractionTable,
    performance: EnergyAndGas,
    *,
    gwp: str,
    grid_kg_co2e_per_kwh: float,
    grid_status: str = "assumption",
    cell_status: CellStatus | None = None,
) -> tuple[Emission, ...]:
    """Emissions of treating one tonne, direct and avoided.  [kg/t as received]

    By kind: combustion emits the fossil carbon, CH4, N2O and what its reagents cost;
    co-processing the fossil carbon (its CH4 and N2O are taken as those of the coal it
    displaces); effluent treatment the CH4 of the plant and of what it discharges;
    biological treatment CH4 and N2O of what rots (textiles and nappies are
    sorted out); disposal
    the committed methane, all biogenic; sorting, recycling and storage nothing of
    their own.  Every kind adds diesel, electricity used (or a credit for electricity
    exported) and, as a negative emission, the coal it displaces: the kiln is inside the
    boundary and emits less.  Biogenic CO2 is 0.  Committed methane
    is booked here; yearly decay is another account and is never added to it.

    Parameters
    ----------
    technology, material, table, performance
        What treats what, and the energy and gas of it.
    gwp
        AR4, AR5 or AR6; checked here, used in `co2e_kg_per_t`.
    grid_kg_co2e_per_kwh
        Factor of the grid in the year.  [kg CO2e/kWh]
    grid_status, cell_status
        How the grid's factor and the technology's cells are known; without the second,
        as the technology's row.  An emission has the weakest status of its factors and
        of the cells that it follows from.

    Raises
    ------
    ValueError
        If there is no such GWP set.
    """
    factors.gwp_factors(gwp)
    status_of = cell_status or (lambda column: weakest(technology.status))
    direct = _DIRECT[technology.kind](technology, material, table, performance)
    if technology.kind in METHANE_CELLS:
        cells = METHANE_CELLS[technology.kind]
        direct = [_marked(e, technology, cells, status_of) for e in direct]
    energy = (
        _marked(emission, technology, cells, status_of)
        for emission, cells in _energy(
            technology, performance, grid_kg_co2e_per_kwh, grid_status
        )
    )
    return tuple(e for e in (*direct, *energy) if e.kg_per_t != 0)


def _marked(
    emission: Emission,
    technology: Technology,
    cells: Iterable[str],
    status_of: CellStatus,
) -> Emission:
    """The same emission, known no better than the cells that state a number."""
    stated = [c for c in cells if getattr(technology, c) is not None]
    return with_status(emission, weakest(*map(status_of, stated)) if stated else None)


def haul_emissions(
    co2_kg_per_t: float, status: str | None = None
) -> tuple[Emission, ...]:
    """Fossil CO2 of hauling one tonne, there and back.  [kg/t]

    >>> haul_emissions(12.5)[0].kg_per_t
    12.5
    """
    found = Emission("haul", "co2_fossil", co2_kg_per_t, False, weakest(status))
    return (found,) if co2_kg_per_t else ()


def _combustion(
    technology: Technology,
    material: Material,
    table: FractionTable,
    performance: EnergyAndGas,
) -> Sequence[Emission]:
    n2o = by_ancestry(table, factors.combustion_n2o(technology.is_batch), "default")
    ch4 = chosen("combustion_batch_ch4" if technology.is_batch else "combustion_ch4")
    g_per_t = np.array([f.value for f in n2o])
    present = [f.status for f, m in zip(n2o, material.mass, strict=True) if m > 0]
    n2o_kg = over_fractions(material, g_per_t) / G_PER_KG
    auxiliary = chosen("combustion_auxiliary")
    return (
        fossil_co2("process", material, table, chosen("combustion_oxidation")),
        *burnt_methane("process", material, table, ch4),
        Emission("process", "n2o", n2o_kg, False, weakest(*present)),
        Emission("process", "co2e", auxiliary.value, False, auxiliary.status),
    )


def _co_processing(
    technology: Technology,
    material: Material,
    table: FractionTable,
    performance: EnergyAndGas,
) -> Sequence[Emission]:
    return (fossil_co2("process", material, table, chosen("combustion_oxidation")),)


def _biological(
    technology: Technology,
    material: Material,
    table: FractionTable,
    performance: EnergyAndGas,
) -> Sequence[Emission]:
    process = "digestion" if technology.biogas_m3_per_t_organic else "composting"
    organic_kg_per_t = over_fractions(material, _rots(table)) * KG_PER_T
    found = []
    for gas, substance in (("ch4", "ch4_biogenic"), ("n2o", "n2o")):
        factor = chosen(f"{process}_{gas}")
        kg = organic_kg_per_t * factor.value / G_PER_KG
        found.append(Emission("process", substance, kg, False, factor.status))
    return found


def _rots(table: FractionTable) -> Floats:
    """1 for fractions that rot in weeks, 0 for what the plant sorts out."""
    return np.array(
        [
            decay in ROTS_IN_WEEKS or "paper" in table.ancestry(fraction)
            for fraction, decay in zip(table.ids, table.decay_class, strict=True)
        ],
        dtype=float,
    )


def _disposal(
    technology: Technology,
    material: Material,
    table: FractionTable,
    performance: EnergyAndGas,
) -> Sequence[Emission]:
    kg = performance.methane_committed_kg_per_t
    known = [
        parameter_status("docf", "all_2006"),
        parameter_status("f", "landfill gas CH4"),
    ]
    if technology.methane_correction is None:  # then that of a managed site is taken
        known.append(parameter_status("mcf", "managed_anaerobic"))
    return (Emission("landfill", "ch4_biogenic", kg, False, weakest(*known)),)


def _effluent(
    technology: Technology,
    material: Material,
    table: FractionTable,
    performance: EnergyAndGas,
) -> Sequence[Emission]:
    kg = performance.methane_committed_kg_per_t
    known = weakest(*(parameter_status(n) for n in ("b0_cod", "mcf_discharge")))
    return (Emission("effluent", "ch4_biogenic", kg, False, known),)


def _none(
    technology: Technology,
    material: Material,
    table: FractionTable,
    performance: EnergyAndGas,
) -> Sequence[Emission]:
    return ()


_Direct = Callable[
    [Technology, Material, FractionTable, EnergyAndGas], Sequence[Emission]
]
_DIRECT: dict[str, _Direct] = {
    "combustion": _combustion,
    "co_processing": _co_processing,
    "biological": _biological,
    "disposal": _disposal,
    "effluent": _effluent,
    "sorting": _none,
    "recycling": _none,
    "storage": _none,
}


def _energy(
    technology: Technology,
    performance: EnergyAndGas,
    grid_kg_co2e_per_kwh: float,
    grid_status: str,
) -> Iterator[tuple[Emission, tuple[str, ...]]]:
    """Emissions of diesel, electricity and coal, and the cells behind each."""
    yield diesel_co2(performance.diesel_l_per_t), ("diesel_l_per_t",)
    kwh = performance.electricity_kwh_per_t
    is_export = kwh > 0
    cells: tuple[str, ...] = ("electricity_kwh_per_t", "efficiency_electric_net")
    if technology.efficiency_electric_net:
        cells += GAS_CELLS.get(technology.kind, ())
    cells += LEACHATE_CELLS
    electricity = Emission(
        "avoided" if is_export else "electricity",
        "co2e",
        -kwh * grid_kg_co2e_per_kwh,
        is_export,
        weakest(grid_status),
    )
    yield electricity, cells
    coal = coal_saved(performance.coal_displaced_gj_per_t)
    yield coal, ("coal_displaced_gj_per_gj",)
