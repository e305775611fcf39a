"""What waste is made of, as arrays over fractions, and what follows by mixing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np
import numpy.typing as npt

from wasteplan.errors import Problem, ScenarioError
from wasteplan.waste.carbon import degradable_carbon_dry
from wasteplan.waste.heating_value import WATER_EVAPORATION_MJ_PER_KG
from wasteplan.waste.records import Fraction, FractionProperty, PropertyName
from wasteplan.wording import did_you_mean

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class FractionTable:
    """Fractions and their properties; NaN is unknown.

    A fraction without a value of its own has its nearest ancestor's.
    """

    ids: tuple[str, ...]
    index: dict[str, int]
    parent: tuple[str, ...]
    values: dict[PropertyName, Floats]
    decay_class: tuple[str, ...] = ()
    is_recyclable: tuple[bool, ...] = ()

    def ancestry(self, fraction: str) -> tuple[str, ...]:
        """The fraction, its parent, and so on up.

        Raises
        ------
        KeyError
            If there is no such fraction.
        """
        found = [fraction]
        while parent := self.parent[self.index[found[-1]]]:
            found.append(parent)
        return tuple(found)


@dataclass(frozen=True)
class Material:
    """A mix of fractions.

    Attributes
    ----------
    mass
        Shape (fractions,): t of each fraction per t of material; sums to 1.
    water
        Shape (fractions,): t of water per t of each fraction; NaN unknown, 0 where
        the fraction is absent.
    """

    mass: Floats
    water: Floats


def fraction_table(
    fractions: Iterable[Fraction], properties: Iterable[FractionProperty]
) -> FractionTable:
    """Prepare fractions for mixing.

    Parameters
    ----------
    fractions
        Material classes with their parents.
    properties
        Values of dry mass (moisture: of wet mass).

    Raises
    ------
    ScenarioError
        If a parent or fraction is unknown, or parents run in a circle.
    """
    rows = {f.id: f for f in fractions}
    order = _parents_first(rows)
    ids = tuple(rows)
    index = {name: i for i, name in enumerate(ids)}
    values: dict[PropertyName, Floats] = {
        name: np.full(len(ids), np.nan) for name in get_args(PropertyName)
    }
    for p in properties:
        if p.fraction not in index:
            raise _unknown("fraction_properties.csv", "fraction", p.fraction, index)
        values[p.property][index[p.fraction]] = p.value
    decay: dict[str, str] = {}
    for name in order:
        row = rows[name]
        inherits = row.parent and "decay_class" not in row.model_fields_set
        decay[name] = decay[row.parent] if inherits else row.decay_class
        if row.parent:
            i, above = index[name], index[row.parent]
            for column in values.values():
                if np.isnan(column[i]):
                    column[i] = column[above]
    return FractionTable(
        ids=ids,
        index=index,
        parent=tuple(f.parent for f in rows.values()),
        values=values,
        decay_class=tuple(decay[name] for name in ids),
        is_recyclable=tuple(f.is_recyclable for f in rows.values()),
    )


def _parents_first(rows: dict[str, Fraction]) -> list[str]:
    """Ids in an order in which every parent comes before its children."""
    done: dict[str, None] = {}
    for name in rows:
        chain: dict[str, None] = {}
        at = name
        while at and at not in done:
            if at in chain:
                loop = " -> ".join([*list(chain)[list(chain).index(at) :], at])
                message = f"parents run in a circle: {loop}"
                raise ScenarioError(
                    "fractions", [Problem("fractions.csv", None, "parent", message)]
                )
            if at not in rows:
                raise _unknown("fractions.csv", "parent", at, rows)
            chain[at] = None
            at = rows[at].parent
        done.update(dict.fromkeys(reversed(chain)))
    return list(done)


def _unknown(file: str, column: str, name: str, known: Iterable[str]) -> ScenarioError:
    message = f"no fraction '{name}'{did_you_mean(name, known)}"
    return ScenarioError("fractions", [Problem(file, None, column, message)])


def _sum(material: Material, per_fraction: Floats) -> float:
    """Mass-weighted mean over the fractions that are there; NaN if one is unknown."""
    there = material.mass > 0
    return float(np.dot(material.mass[there], per_fraction[there]))


def _of_dry(material: Material, per_dry: Floats) -> float:
    """Mean of a property of dry mass, per wet mass; zero of an unknown mass is zero."""
    dry = 1.0 - material.water
    wet = np.where(per_dry == 0.0, 0.0, dry * per_dry)
    return _sum(material, wet)


def moisture(material: Material) -> float:
    """Water of the mix.  [kg/kg as received; NaN unknown]"""
    return _sum(material, material.water)


def lhv_mj_per_kg(material: Material, table: FractionTable) -> float:
    """Lower heating value of the mix.  [MJ/kg as received; NaN unknown]

    LHV = sum m_i (LHV_dry,i (1 - w_i) - h_evap w_i)
    """
    dry = _of_dry(material, table.values["lhv_dry_mj_per_kg"])
    return dry - WATER_EVAPORATION_MJ_PER_KG * moisture(material)


def ash(material: Material, table: FractionTable) -> float:
    """Ash of the mix.  [kg/kg as received; NaN unknown]"""
    return _of_dry(material, table.values["ash_dry"])


def total_carbon(material: Material, table: FractionTable) -> float:
    """Carbon of the mix, fossil and biogenic.  [kg/kg as received; NaN unknown]"""
    return _of_dry(material, table.values["carbon_dry"])


def fossil_carbon(material: Material, table: FractionTable) -> float:
    """Fossil carbon of the mix.  [kg/kg as received; NaN unknown]"""
    carbon, share = table.values["carbon_dry"], table.values["fossil_carbon_share"]
    return _of_dry(material, np.where(carbon == 0.0, 0.0, carbon * share))


def biogenic_carbon(material: Material, table: FractionTable) -> float:
    """Biogenic carbon of the mix.  [kg/kg as received; NaN unknown]"""
    carbon, share = table.values["carbon_dry"], table.values["fossil_carbon_share"]
    return _of_dry(material, np.where(carbon == 0.0, 0.0, carbon * (1.0 - share)))


def degradable_carbon(material: Material, table: FractionTable) -> float:
    """Biogenic carbon that a landfill can degrade.  [kg/kg as received; NaN unknown]

    Part of the same carbon balance: never more than `biogenic_carbon`.
    """
    return _of_dry(material, degradable_carbon_dry(table.values))


def chlorine(material: Material, table: FractionTable) -> float:
    """Chlorine of the mix.  [kg/kg as received; NaN unknown]"""
    return _of_dry(material, table.values["chlorine_dry"])


def sulphur(material: Material, table: FractionTable) -> float:
    """Sulphur of the mix.  [kg/kg as received; NaN unknown]"""
    return _of_dry(material, table.values["sulphur_dry"])


def nitrogen(material: Material, table: FractionTable) -> float:
    """Nitrogen of one kilogram as received; NaN if unknown.  [kg/kg]"""
    return _of_dry(material, table.values["nitrogen_dry"])


def at_moisture(material: Material, factor: float) -> Material:
    """A tonne of the same mix with its moisture times a factor.

    Mass shares of the fractions stay, as when moisture is calibrated.  [-]

    >>> one = Material(np.array([1.0]), np.array([0.4]))
    >>> round(moisture(at_moisture(one, 1.25)), 12)
    0.5
    """
    return Material(material.mass, material.water * factor)


def blend_property(material: Material, table: FractionTable, name: str) -> float:
    """A property that blend limits can name.  [MJ/kg or kg/kg as received]

    Raises
    ------
    KeyError
        If `name` is none of `BlendProperty`.
    """
    if name == "moisture":
        return moisture(material)
    return {
        "lhv_mj_per_kg": lhv_mj_per_kg,
        "ash": ash,
        "chlorine": chlorine,
        "sulphur": sulphur,
        "fossil_carbon": fossil_carbon,
    }[name](material, table)


def blend(materials: Sequence[Material], tonnes: Sequence[float]) -> Material:
    """The mix of several materials by mass.

    Parameters
    ----------
    materials
        What is mixed.
    tonnes
        How much of each, not all zero.  [t]

    Raises
    ------
    ValueError
        If nothing is mixed or a tonnage is negative.
    """
    weights = np.asarray(tonnes, dtype=float)
    if len(materials) != len(weights) or np.any(weights < 0) or not weights.sum() > 0:
        raise ValueError("a blend needs one tonnage >= 0 per material, not all zero")
    weights = weights / weights.sum()
    mass = np.zeros_like(materials[0].mass)
    water = np.zeros_like(mass)
    for material, weight in zip(materials, weights, strict=True):
        part = weight * material.mass
        mass += part
        water += np.where(part > 0, part * material.water, 0.0)
    return Material(
        mass, np.divide(water, mass, out=np.zeros_like(water), where=mass > 0)
    )
