"""Effluent: oxygen demand, what treatment removes, and the methane of both."""

from __future__ import annotations

import numpy as np

from wasteplan.treatment.gas import parameter
from wasteplan.treatment.records import Technology
from wasteplan.waste.material import FractionTable, Material


def cod_kg_per_t(material: Material, table: FractionTable) -> float:
    """Chemical oxygen demand of an effluent; NaN if unknown.  [kg/t, kg/m3]"""
    return _demand(material, table.values["cod_kg_per_t"])


def bod_kg_per_t(material: Material, table: FractionTable) -> float:
    """Biochemical oxygen demand in five days; NaN if unknown.  [kg/t, kg/m3]"""
    return _demand(material, table.values["bod_kg_per_t"])


def methane_kg_per_kg_cod(
    methane_correction: float, cod_removal: float, gas_capture: float = 0.0
) -> tuple[float, float]:
    """Methane emitted and captured per COD that arrives.  [kg CH4/kg COD]

    CH4 = B0 [MCF (1 - R) + MCF_d (1 - removal)]: the plant's own methane, less what it
    recovers, and that of the COD it discharges to a river (IPCC 2006 Guidelines Vol.5
    Ch.6, equation 6.4 and table 6.8; organics that leave as sludge are not taken off,
    which errs on the high side).

    Parameters
    ----------
    methane_correction
        MCF of the treatment: 0 well-managed aerobic, 0.8 anaerobic reactor.  [-]
    cod_removal
        Share of the COD that is not discharged.  [-]
    gas_capture
        Share of the methane that is recovered.  [-]

    >>> emitted, captured = methane_kg_per_kg_cod(0.8, cod_removal=0.75)
    >>> round(emitted, 5), captured  # 0.25 x (0.8 + 0.1 x 0.25)
    (0.20625, 0.0)
    """
    made = parameter("b0_cod") * methane_correction
    captured = made * gas_capture
    left = parameter("b0_cod") * parameter("mcf_discharge") * (1.0 - cod_removal)
    return made - captured + left, captured


def effluent_methane_kg_per_t(
    technology: Technology, material: Material, table: FractionTable
) -> tuple[float, float]:
    """Methane emitted and captured; NaN if COD or the plant's factors are unknown.

    [kg/t, kg/m3]
    """
    correction, removal = technology.methane_correction, technology.cod_removal
    cod = cod_kg_per_t(material, table)
    if correction is None or removal is None:
        return float("nan"), float("nan")
    emitted, captured = methane_kg_per_kg_cod(
        correction, removal, technology.gas_capture or 0.0
    )
    return cod * emitted, cod * captured


def _demand(material: Material, per_fraction: np.ndarray) -> float:
    there = material.mass > 0
    return float(np.dot(material.mass[there], per_fraction[there]))
