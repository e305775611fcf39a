"""Where every element of a waste goes in a process, in kilograms per tonne.

Elements follow the matter that holds them: water goes where the process sends water,
ash where it sends ash, everything else with the combustible matter of its own fraction.
What a product later counts as (bottom ash, compost) has properties of its own; here is
what really went into it.  Gas cleaning is not split: chlorine and sulphur of a burner
are those of the raw gas.  Oxygen of the air is no part of the balance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from wasteplan.treatment.conversion import Conversion
from wasteplan.treatment.decay import IPCC_2006, committed_methane_kg_per_t
from wasteplan.treatment.gas import parameter
from wasteplan.treatment.landgem import LANDGEM
from wasteplan.treatment.performance import leachate_of, performance
from wasteplan.treatment.records import LandfillPhase, Technology
from wasteplan.treatment.split import water_by_output
from wasteplan.units import CH4_PER_C, KG_PER_T
from wasteplan.waste.material import FractionTable, Material

Floats = npt.NDArray[np.float64]

ELEMENTS = (
    "carbon_fossil",
    "carbon_biogenic",
    "hydrogen",
    "oxygen",
    "nitrogen",
    "sulphur",
    "chlorine",
    "ash",
    "water",
    "rest",
)
"""`rest` is dry matter that the element data of a fraction do not explain; below zero
where they add to more than one, since carbon and the others come from different
tables."""
KEPT = "kept"
"""What stays in a landfill or a store."""
LANDFILL_GAS = "landfill_gas"
LEACHATE = "leachate"
_OF_DRY = {
    "hydrogen": "hydrogen_dry",
    "oxygen": "oxygen_dry",
    "nitrogen": "nitrogen_dry",
    "sulphur": "sulphur_dry",
    "chlorine": "chlorine_dry",
    "ash": "ash_dry",
}
_ASH, _WATER = ELEMENTS.index("ash"), ELEMENTS.index("water")


@dataclass(frozen=True)
class ElementBalance:
    """Elements of one tonne as received and where they go; NaN is not known."""

    technology: str
    into: Floats
    """Shape (elements,).  [kg/t]"""
    outputs: tuple[str, ...]
    out: Floats
    """Shape (outputs, elements).  [kg/t]"""

    @property
    def error(self) -> Floats:
        """In less out, shape (elements,).  [kg/t]"""
        return self.into - self.out.sum(axis=0)

    def table(self) -> pd.DataFrame:
        """Rows `in`, every output, `in less out`; columns are the elements.  [kg/t]"""
        rows = np.vstack([self.into, self.out, self.error])
        index = ["in", *self.outputs, "in less out"]
        return pd.DataFrame(rows, index=index, columns=list(ELEMENTS))


def elements_of(material: Material, table: FractionTable) -> Floats:
    """Elements by fraction, shape (fractions, elements); zero where it is absent.

    [kg/t of material as received; NaN unknown]
    """
    values = table.values
    carbon, fossil = values["carbon_dry"], values["fossil_carbon_share"]
    dry = np.full((len(table.ids), len(ELEMENTS)), np.nan)
    dry[:, 0] = np.where(carbon == 0.0, 0.0, carbon * fossil)
    dry[:, 1] = np.where(carbon == 0.0, 0.0, carbon * (1.0 - fossil))
    for name, column in _OF_DRY.items():
        dry[:, ELEMENTS.index(name)] = values[column]  # type: ignore[index]
    dry[:, -1] = 1.0 - dry[:, :_WATER].sum(axis=1)
    kg = KG_PER_T * material.mass[:, None]
    found = kg * (1.0 - material.water)[:, None] * dry
    found[:, _WATER] = kg[:, 0] * material.water
    return np.where(material.mass[:, None] > 0, found, 0.0)


def element_balance(
    conversion: Conversion, material: Material, table: FractionTable
) -> ElementBalance:
    """Elements through a process with yields.

    Parameters
    ----------
    conversion
        Prepared yields; every fraction of the material must have some.
    material, table
        What goes in.

    Returns
    -------
    ElementBalance
        With one row per product of the technology.
    """
    there = np.flatnonzero(material.mass > 0)
    held = elements_of(material, table)[there]
    combustible, ash, water = _shares(conversion, material, there)
    out = np.zeros((len(conversion.outputs), len(ELEMENTS)))
    for e in range(len(ELEMENTS)):
        share = {_ASH: ash, _WATER: water}.get(e, combustible)
        out[:, e] = np.where(share > 0, share * held[:, e][:, None], 0.0).sum(axis=0)
    return ElementBalance(
        conversion.technology, held.sum(axis=0), conversion.outputs, out
    )


def _shares(
    conversion: Conversion, material: Material, there: npt.NDArray[np.intp]
) -> tuple[Floats, Floats, Floats]:
    """Shares of combustible matter, ash and water, each (fractions there, outputs)."""
    w = material.water[there]
    parts = conversion.component
    combustible = parts["combustible"][there].copy()
    ash, water = parts["ash"][there].copy(), parts["water"][there].copy()
    plain = ~conversion.is_component[there]
    if plain.any():
        rows = there[plain]
        mass, wet = water_by_output(
            conversion.as_received, conversion.dry, rows, w[plain]
        )
        combustible[plain], ash[plain] = _of_solids(conversion, rows, mass - wet)
        total = wet.sum(axis=1, keepdims=True)
        water[plain] = np.divide(
            wet, total, out=np.zeros_like(wet), where=total > 0
        ) + np.where(total > 0, 0.0, _first(wet.shape))
    return combustible, ash, water


def _of_solids(
    conversion: Conversion, rows: npt.NDArray[np.intp], dry: Floats
) -> tuple[Floats, Floats]:
    """Where combustible matter and ash go if yields tell dry matter only.

    A gas holds no ash: its dry matter is combustible, and ash stays with the solids in
    the proportion of their dry matter.
    """
    own = conversion.as_received
    is_gas = own.is_release & ~np.isnan(own.moisture) & ~own.is_water
    whole = dry.sum(axis=1, keepdims=True)
    share = np.divide(dry, whole, out=np.zeros_like(dry), where=whole > 0)
    share = np.where(whole > 0, share, _first(dry.shape))
    solid = np.where(is_gas, 0.0, share)
    solids = solid.sum(axis=1, keepdims=True)
    ash_dry = np.nan_to_num(conversion.ash_dry[rows])[:, None]
    holds_ash = np.divide(solid, solids, out=share.copy(), where=solids > 0)
    room = 1.0 - ash_dry
    gas = np.where(is_gas, share, 0.0)
    taken = np.minimum(gas.sum(axis=1, keepdims=True), room)
    gas_part = np.divide(gas, room, out=np.zeros_like(gas), where=room > 0)
    left = np.divide(room - taken, room, out=np.ones_like(room), where=room > 0)
    combustible = np.where(solids > 0, gas_part + left * holds_ash, share)
    total = combustible.sum(axis=1, keepdims=True)
    return combustible / np.where(total > 0, total, 1.0), holds_ash


def _first(shape: tuple[int, ...]) -> Floats:
    """Nothing to be split goes to the first output."""
    found = np.zeros(shape)
    found[:, 0] = 1.0
    return found


def landfill_balance(
    technology: Technology,
    material: Material,
    table: FractionTable,
    climate: str,
    guidelines: str = IPCC_2006,
    phases: Sequence[LandfillPhase] = (),
    rain_mm_per_y: float | None = None,
) -> ElementBalance:
    """Elements of a deposit after 100 years: carbon in gas, the rest kept or leached.

    Gas holds the carbon of the methane generated and of the carbon dioxide that comes
    with it: C = CH4 (12/16) / F.  Leachate, where it is counted, takes the nitrogen of
    its ammonium; its water is rain, and its carbon is not known.  Carbon that air
    degrades in a badly managed site is part of what is kept.  LandGEM's gas does not
    follow the carbon of the waste: where carbon goes is then unknown (NaN).

    Parameters
    ----------
    technology
        Of kind `disposal`.
    material, table, climate, guidelines, phases, rain_mm_per_y
        As for `performance`.
    """
    correction = technology.methane_correction
    methane = committed_methane_kg_per_t(
        material,
        table,
        climate,
        1.0 if correction is None else correction,
        guidelines=guidelines,
    )
    gas = np.zeros(len(ELEMENTS))
    gas[1] = methane / CH4_PER_C / parameter("f", "landfill gas CH4")
    if guidelines in LANDGEM:
        gas[:2] = np.nan
    into = elements_of(material, table).sum(axis=0)
    out = np.vstack([gas, into - gas])
    water = leachate_of(technology, material, table, phases, rain_mm_per_y)
    if not water.m3:
        return ElementBalance(technology.id, into, (LANDFILL_GAS, KEPT), out)
    leached = np.zeros(len(ELEMENTS))
    leached[ELEMENTS.index("nitrogen")] = water.nitrogen_leached_kg
    out = np.vstack([gas, leached, into - gas - leached])
    return ElementBalance(technology.id, into, (LANDFILL_GAS, LEACHATE, KEPT), out)


def biogas_carbon_kg_per_t(
    technology: Technology, material: Material, table: FractionTable, climate: str
) -> float:
    """Carbon in the biogas that a digester sells, from its volume.  [kg C/t]

    Both methane and carbon dioxide hold 12 kg of carbon in 22.414 m3 at 0 degrees.
    It comes from another number than the element balance and has to stay below it.

    >>> round(100 * 12 / 22.414, 2)
    53.54
    """
    done = performance(technology, material, table, climate)
    return done.biogas_m3_per_t * 12.0 / 22.414
