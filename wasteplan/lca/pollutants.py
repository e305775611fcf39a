"""Air pollutants of treatment and of open fires, beside the greenhouse gases.

Only what has a factor with a source in the package is counted; `COVERED` says what that
is, so that a gap is visible and never a silent zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from wasteplan.lca.factors import SUBSTANCES, Factor, pollutant_factors
from wasteplan.lca.inventory import G_PER_KG, Emission, Floats, over_fractions
from wasteplan.treatment.records import Technology
from wasteplan.units import KG_PER_T
from wasteplan.waste.material import FractionTable, Material

POLLUTANTS = (
    "nox",
    "so2",
    "nh3",
    "hcl",
    "h2s",
    "pm10",
    "pm2_5",
    "nmvoc",
    "co",
    "n_water",
    "p_water",
    "po4_water",
    "cod",
)
"""Substances that impact methods may name besides the greenhouse gases."""

INVENTORIED = (*SUBSTANCES, *POLLUTANTS)
"""Everything that an inventory row may be about."""

NH3_PER_N = 17.0 / 14.0  # molar masses of NH3 and N

LEACHATE_STATUS = "assumption"
"""Rain, height and concentrations of another country's landfills: no better."""


class Leached(Protocol):
    """What this room reads of a landfill's leachate."""

    @property
    def cod_kg_per_t(self) -> float:
        """COD that reaches water and ground."""

    @property
    def nitrogen_kg_per_t(self) -> float:
        """Nitrogen that reaches water and ground."""


COVERED = {
    "combustion": "stack of a plant with gas cleaning",
    "open_burning": "garbage fires",
    "composting": "ammonia",
    "leachate": "COD and nitrogen of landfills that state a height, phases and rain",
}
"""Where pollutants are known."""

NOT_COVERED = (
    "trucks and machines",
    "landfill gas, and leachate of other landfills and heaps",
    "kilns, boilers and furnaces without gas cleaning",
    "power of the grid",
    "avoided production",
)
"""Where they are not: these count for climate only."""

LIMITS = (
    f"Air pollutants are not known for {', '.join(NOT_COVERED[:-1])} and "
    f"{NOT_COVERED[-1]}: these count for climate only. Human toxicity has no factors "
    "with a source: left out."
)
"""What no impact but climate counts, for people."""


def process_pollutants(
    technology: Technology,
    material: Material,
    table: FractionTable,
    leached: Leached | None = None,
) -> tuple[Emission, ...]:
    """Pollutants of air and water of treating one tonne.  [kg/t as received]

    Combustion: stack factors per tonne burnt.  Composting: ammonia from a share of the
    nitrogen of what is treated, 17/14 kg per kg; NaN if its nitrogen is unknown.
    Landfills: COD and nitrogen of the leachate that is lost or left after treatment.
    Other kinds: none are known.

    Parameters
    ----------
    technology, material, table
        What treats what.
    leached
        What the leachate of a landfill carries off.
    """
    if technology.kind == "disposal" and leached is not None:
        return tuple(
            Emission("landfill", substance, kg, False, LEACHATE_STATUS)
            for substance, kg in (
                ("cod", leached.cod_kg_per_t),
                ("n_water", leached.nitrogen_kg_per_t),
            )
            if kg
        )
    if technology.kind == "combustion" and not technology.is_batch:
        return tuple(
            Emission("process", name, f.value / G_PER_KG, False, f.status)
            for name, f in pollutant_factors("combustion").items()
        )
    if technology.kind == "biological" and not technology.biogas_m3_per_t_organic:
        factor = pollutant_factors("composting")["nh3"]
        nitrogen = over_fractions(material, _per_wet(material, table, "nitrogen_dry"))
        kg = nitrogen * KG_PER_T * factor.value * NH3_PER_N
        found = Emission("process", "nh3", kg, False, factor.status)
        return (found,) if kg else ()
    return ()


def fate_pollutants(
    fate_kind: str, material: Material, table: FractionTable
) -> tuple[Emission, ...]:
    """Air pollutants of one tonne that leaks: open fires only.  [kg/t as received]

    Factors are per dry tonne of what burns; glass and metal do not.
    """
    if fate_kind != "open_burning":
        return ()
    burns = np.where(table.values["carbon_dry"] == 0, 0.0, 1.0)
    dry = np.where(burns == 0, 0.0, 1.0 - material.water)
    dry_t = over_fractions(material, dry)
    factors: Sequence[tuple[str, Factor]] = list(
        pollutant_factors("open_burning").items()
    )
    return tuple(
        Emission("leakage", name, dry_t * f.value / G_PER_KG, False, f.status)
        for name, f in factors
    )


def _per_wet(material: Material, table: FractionTable, name: str) -> Floats:
    values: Floats = table.values[name]  # type: ignore[index]
    return np.where(values == 0.0, 0.0, values * (1.0 - material.water))
