"""What a technology uses, gives and emits per tonne of a material."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from wasteplan.treatment.decay import (
    COMMITTED_YEARS,
    IPCC_2006,
    committed_methane_kg_per_t,
    methane_between,
)
from wasteplan.treatment.effluent import effluent_methane_kg_per_t
from wasteplan.treatment.gas import (
    biogas_methane_share,
    methane_lhv_mj_per_kg,
    methane_lhv_mj_per_m3,
)
from wasteplan.treatment.landfill import (
    NO_LEACHATE,
    Leachate,
    capture_window_y,
    gas_steps,
    leachate,
)
from wasteplan.treatment.records import LandfillPhase, Technology
from wasteplan.units import KG_PER_T, MJ_PER_KWH
from wasteplan.waste.material import (
    FractionTable,
    Material,
    lhv_mj_per_kg,
    nitrogen,
)

MJ_PER_KG_TO_MJ_PER_T = 1000.0
DIGESTIBLE = frozenset({"food", "garden", "sludge"})
"""Decay classes whose wet mass counts as organics in a digester."""


@dataclass(frozen=True)
class Performance:
    """Per tonne as received; NaN is unknown.

    Linear in the material: that of a blend is the mass-weighted mean of its parts.
    """

    electricity_kwh_per_t: float
    """Net export (+) or use (-).  [kWh/t]"""
    diesel_l_per_t: float
    """[l/t]"""
    heat_mj_per_t: float
    """LHV x 1000; the thermal input of a burner or kiln.  [MJ/t]"""
    coal_displaced_gj_per_t: float
    """Coal that the technology no longer burns.  [GJ/t]"""
    airspace_m3_per_t: float
    """Landfill volume with cover; 0 where nothing is deposited.  [m3/t]"""
    methane_committed_kg_per_t: float
    """Emitted by a landfill in 100 years, after capture and oxidation, or by the
    treatment and discharge of effluent.  [kg/t]"""
    made_kwh_per_t: float = 0.0
    """Electricity made at full load, before own use.  [kWh/t]"""
    heat_to_sell_mj_per_t: float = 0.0
    """Heat that could be sold, if somebody wants it.  [MJ/t]"""
    methane_captured_kg_per_t: float = 0.0
    """Captured there, burnt in flare or engine.  [kg/t]"""
    biogas_m3_per_t: float = 0.0
    """From a digester.  [m3/t]"""
    leachate_m3_per_t: float = 0.0
    """Of a landfill that states rain and height, in 100 years.  [m3/t]"""
    cod_kg_per_t: float = 0.0
    """COD of its leachate that reaches water and ground.  [kg/t]"""
    nitrogen_kg_per_t: float = 0.0
    """Nitrogen of its leachate that reaches water and ground.  [kg/t]"""


def performance(
    technology: Technology,
    material: Material,
    table: FractionTable,
    climate: str,
    guidelines: str = IPCC_2006,
    phases: Sequence[LandfillPhase] = (),
    rain_mm_per_y: float | None = None,
) -> Performance:
    """What one tonne of a material does in a technology.

    An empty cell counts as none; an unknown property that is needed gives NaN.

    Parameters
    ----------
    technology
        Efficiencies and uses: of the heat of the waste in combustion, of the heat of
        the gas in digesters and landfills.
    material, table
        What goes in.
    climate, guidelines
        IPCC climate zone, and `ipcc2006` or `ipcc2019`, for decay.
    phases
        Life of a deposit by age (`landfill.phases_of`); none: the technology's columns.
    rain_mm_per_y
        Rain on a landfill, for its leachate.  [mm/y]

    Raises
    ------
    KeyError
        If the climate is unknown.
    """
    heat = MJ_PER_KG_TO_MJ_PER_T * lhv_mj_per_kg(material, table)
    organic_m3_per_t = technology.biogas_m3_per_t_organic or 0.0
    biogas = organic_share(material, table) * organic_m3_per_t
    deposited = (technology, material, table, climate, guidelines, phases)
    emitted, captured = _methane(*deposited)
    water = leachate_of(technology, material, table, phases, rain_mm_per_y)
    burnt = _burnt_mj_per_t(technology, heat, biogas, captured)
    efficiency = technology.efficiency_electric_net or 0.0
    made = burnt * efficiency / MJ_PER_KWH if efficiency else 0.0
    for_heat = technology.efficiency_heat_net or 0.0
    used = (technology.electricity_kwh_per_t or 0.0) + water.treatment_kwh
    displaced = technology.coal_displaced_gj_per_gj or 0.0
    return Performance(
        electricity_kwh_per_t=made - used,
        made_kwh_per_t=made,
        diesel_l_per_t=technology.diesel_l_per_t or 0.0,
        heat_mj_per_t=heat,
        heat_to_sell_mj_per_t=burnt * for_heat if for_heat else 0.0,
        coal_displaced_gj_per_t=displaced * heat / 1000.0 if displaced else 0.0,
        airspace_m3_per_t=airspace_m3_per_t(technology),
        methane_committed_kg_per_t=emitted,
        methane_captured_kg_per_t=captured,
        biogas_m3_per_t=biogas,
        leachate_m3_per_t=water.m3,
        cod_kg_per_t=water.cod_kg,
        nitrogen_kg_per_t=water.nitrogen_kg,
    )


def _burnt_mj_per_t(
    technology: Technology, heat: float, biogas_m3: float, captured_kg: float
) -> float:
    """Heat behind the electricity: of the waste in a burner, of gas elsewhere."""
    if technology.kind == "combustion":
        return heat
    to_engine = captured_kg * (technology.gas_to_engine or 0.0)
    of_biogas = biogas_m3 * biogas_methane_share() * methane_lhv_mj_per_m3()
    return of_biogas + to_engine * methane_lhv_mj_per_kg()


def leachate_of(
    technology: Technology,
    material: Material,
    table: FractionTable,
    phases: Sequence[LandfillPhase],
    rain_mm_per_y: float | None,
) -> Leachate:
    """Leachate of a tonne of a material in a landfill; none elsewhere.

    It carries off no more nitrogen than there is, where that is known.
    """
    if technology.kind != "disposal":
        return NO_LEACHATE
    volume = airspace_m3_per_t(technology)
    found = leachate(technology, phases, rain_mm_per_y, volume)
    there = KG_PER_T * nitrogen(material, table)
    leached = found.nitrogen_leached_kg
    if not leached > there:  # unknown (NaN) limits nothing
        return found
    left = found.nitrogen_kg * there / leached
    return replace(found, nitrogen_kg=left, nitrogen_leached_kg=there)


def airspace_m3_per_t(technology: Technology) -> float:
    """Landfill volume used by one tonne.  [m3/t]

    (1 + cover) / compaction; 0 where the technology is no landfill or states no
    compaction, so that its volume is not counted.
    """
    if technology.kind != "disposal" or technology.compaction_t_per_m3 is None:
        return 0.0
    return (1.0 + (technology.cover_share or 0.0)) / technology.compaction_t_per_m3


def organic_share(material: Material, table: FractionTable) -> float:
    """Wet mass of what a digester can digest: food, garden waste, sludge.  [-]"""
    is_organic = np.array([c in DIGESTIBLE for c in table.decay_class], dtype=bool)
    return float(material.mass[is_organic].sum())


def _methane(
    technology: Technology,
    material: Material,
    table: FractionTable,
    climate: str,
    guidelines: str,
    phases: Sequence[LandfillPhase],
) -> tuple[float, float]:
    """Methane emitted and captured: of a landfill in 100 years.  [kg/t]"""
    if technology.kind == "effluent":
        return effluent_methane_kg_per_t(technology, material, table)
    if technology.kind != "disposal":
        return 0.0, 0.0
    correction = technology.methane_correction
    site = 1.0 if correction is None else correction
    if phases:
        return _by_phases(technology, material, table, climate, guidelines, phases)
    generated = committed_methane_kg_per_t(
        material, table, climate, site, guidelines=guidelines
    )
    start, end = capture_window_y(technology)
    is_always = (start, end) == (0.0, COMMITTED_YEARS)
    reached = (
        generated
        if is_always
        else committed_methane_kg_per_t(
            material, table, climate, site, end, guidelines, start
        )
    )
    captured = reached * (technology.gas_capture or 0.0)
    return (generated - captured) * (1.0 - (technology.oxidation or 0.0)), captured


def _by_phases(
    technology: Technology,
    material: Material,
    table: FractionTable,
    climate: str,
    guidelines: str,
    phases: Sequence[LandfillPhase],
) -> tuple[float, float]:
    """Methane emitted and captured where both change with the age of a deposit.

    sum over steps of G_i (1 - c_i) (1 - o_i) and of G_i c_i, G the gas formed between
    two ages.  [kg/t]
    """
    found = gas_steps(technology, phases)
    correction = technology.methane_correction
    formed = methane_between(
        material,
        table,
        climate,
        1.0 if correction is None else correction,
        np.array([s.from_y for s in found]),
        np.array([s.until_y for s in found]),
        guidelines,
    )
    capture = np.array([s.capture for s in found])
    leaves = (1.0 - capture) * (1.0 - np.array([s.oxidation for s in found]))
    return float(formed @ leaves), float(formed @ capture)
