"""Emissions as an inventory per tonne, and the pieces they are made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import numpy.typing as npt

from wasteplan.lca import factors
from wasteplan.lca.factors import Factor, chosen
from wasteplan.units import CO2_PER_C, KG_PER_T, weakest
from wasteplan.waste.material import FractionTable, Material, fossil_carbon

G_PER_KG = 1000.0
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Emission:
    """One substance of one stage; credits are negative and marked.

    Attributes
    ----------
    stage
        process, electricity, landfill, leakage, haul, centre or avoided.
    substance
        One of `factors.SUBSTANCES`.
    kg_per_t
        Mass emitted per tonne as received; NaN if the waste's carbon is unknown.
        Negative without being a credit where less coal burns inside the boundary.
    """

    stage: str
    substance: str
    kg_per_t: float
    is_credit: bool
    status: str


class EnergyAndGas(Protocol):
    """What this room reads of a technology's performance."""

    @property
    def electricity_kwh_per_t(self) -> float:
        """Net export, negative if used."""

    @property
    def diesel_l_per_t(self) -> float:
        """Use on site."""

    @property
    def coal_displaced_gj_per_t(self) -> float:
        """Coal that the waste replaces."""

    @property
    def methane_committed_kg_per_t(self) -> float:
        """Emitted over 100 years, after capture and oxidation."""


def co2e_kg_per_t(emissions: Iterable[Emission], gwp: str, credits: bool) -> float:
    """Global warming of an inventory over 100 years.  [kg CO2e/t]

    Parameters
    ----------
    emissions
        Masses per tonne.
    gwp
        AR4, AR5 or AR6.
    credits
        Whether avoided emissions count.

    >>> methane = Emission("landfill", "ch4_biogenic", 40.0, False, "secondary")
    >>> co2e_kg_per_t([methane], "AR6", credits=True)
    1080.0
    """
    factor = factors.gwp_factors(gwp)
    return sum(
        e.kg_per_t * factor[e.substance].value
        for e in emissions
        if credits or not e.is_credit
    )


def fossil_co2(
    stage: str, material: Material, table: FractionTable, oxidation: Factor
) -> Emission:
    """CO2 of the fossil carbon that burns.  [kg/t as received]

    CO2 = C_fossil x OF x 44/12 (IPCC 2006 Guidelines Vol.5, equation 5.1)
    """
    carbon_kg_per_t = fossil_carbon(material, table) * KG_PER_T
    kg = carbon_kg_per_t * oxidation.value * CO2_PER_C
    return Emission(stage, "co2_fossil", kg, False, oxidation.status)


def burnt_methane(
    stage: str, material: Material, table: FractionTable, factor: Factor
) -> tuple[Emission, ...]:
    """CH4 of incomplete combustion, split as the carbon of each fraction is.

    [kg/t as received; the factor in g/t]

    Fractions without carbon (glass, metal) give none.
    """
    carbon = table.values["carbon_dry"]
    fossil_share = np.where(carbon == 0, 0.0, table.values["fossil_carbon_share"])
    burns = np.where(carbon == 0, 0.0, 1.0)
    kg = factor.value / G_PER_KG
    fossil = kg * over_fractions(material, fossil_share)
    total = kg * over_fractions(material, burns)
    return (
        Emission(stage, "ch4_fossil", fossil, False, factor.status),
        Emission(stage, "ch4_biogenic", total - fossil, False, factor.status),
    )


def over_fractions(material: Material, per_fraction: Floats) -> float:
    """Sum of a quantity per tonne over the fractions that are present.  [per t]"""
    present = material.mass > 0
    return float(material.mass[present] @ per_fraction[present])


def by_ancestry(
    table: FractionTable, values: dict[str, Factor], default: str
) -> tuple[Factor, ...]:
    """The factor of each fraction: its own, its nearest ancestor's, or the default."""
    return tuple(
        next((values[a] for a in table.ancestry(f) if a in values), values[default])
        for f in table.ids
    )


def coal_saved(coal_gj_per_t: float) -> Emission:
    """CO2 that a kiln inside the boundary no longer emits.  [kg/t]

    The kiln's own emissions fall, so this is a negative emission, not a credit.

    >>> coal_saved(10.0).kg_per_t
    -961.0
    """
    factor = chosen("coal_co2")
    kg = -coal_gj_per_t * factor.value
    return Emission("process", "co2_fossil", kg, False, factor.status)


def coal_displaced(coal_gj_per_t: float) -> Emission:
    """CO2 of the coal that a tonne displaces in a buyer's kiln.  [kg/t]

    A fuel so wet that it costs heat burns coal instead: an emission, not a credit.
    """
    factor = chosen("coal_co2")
    kg = -coal_gj_per_t * factor.value
    is_credit = not coal_gj_per_t < 0
    stage = "avoided" if is_credit else "process"
    return Emission(stage, "co2_fossil", kg, is_credit, factor.status)


def diesel_co2(litres_per_t: float) -> Emission:
    """CO2 of diesel used on site.  [kg/t]"""
    factor = chosen("diesel_co2")
    kg = litres_per_t * factor.value
    return Emission("process", "co2_fossil", kg, False, factor.status)


def with_status(emission: Emission, status: str | None) -> Emission:
    """The same emission, marked no better than `status`."""
    if status is None:
        return emission
    return replace(emission, status=weakest(emission.status, status))
