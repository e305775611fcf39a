"""Reported quantities in tonnes: mass by its unit, volume only with a density."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from wasteplan.units import KG_PER_T

KG_PER_LB = 0.45359237  # international pound, exact by definition (1959)
LB_PER_SHORT_TON = 2000.0
M3_PER_US_GALLON = 0.003785411784  # 231 cubic inches of 2.54 cm, exact
M3_PER_CUBIC_YARD = 0.764554857984  # (0.9144 m)^3, exact
M3_PER_L = 0.001

T_PER_UNIT: dict[str, float] = {
    "t": 1.0,
    "kg": 1 / KG_PER_T,
    "g": 1e-6,
    "lb": KG_PER_LB / KG_PER_T,
    "short_ton": LB_PER_SHORT_TON * KG_PER_LB / KG_PER_T,
}
"""Tonnes in one unit of mass."""

M3_PER_UNIT: dict[str, float] = {
    "m3": 1.0,
    "l": M3_PER_L,
    "us_gal": M3_PER_US_GALLON,
    "yd3": M3_PER_CUBIC_YARD,
}
"""Cubic metres in one unit of volume."""

UNITS: tuple[str, ...] = (*T_PER_UNIT, *M3_PER_UNIT)


def tonnes(quantity: float, unit: str, density_kg_per_m3: float | None = None) -> float:
    """A quantity in tonnes; NaN for a volume whose density is unknown.  [t]

    Parameters
    ----------
    quantity
        Number of units.  [unit]
    unit
        One of `UNITS`.
    density_kg_per_m3
        Bulk density of the waste, used for volumes only.  [kg/m3]

    Raises
    ------
    KeyError
        The unit is none of `UNITS`.

    >>> round(tonnes(1000, "lb"), 6)
    0.453592
    >>> tonnes(5, "m3", 200)
    1.0
    >>> tonnes(5, "m3")
    nan
    """
    if unit in T_PER_UNIT:
        return quantity * T_PER_UNIT[unit]
    if density_kg_per_m3 is None:
        density_kg_per_m3 = float("nan")
    return quantity * M3_PER_UNIT[unit] * density_kg_per_m3 / KG_PER_T


def tonnes_of_columns(
    quantity: Any, unit: pd.Categorical, density_kg_per_m3: Any
) -> np.ndarray:
    """`tonnes` for whole columns; NaN where quantity, unit or density is unknown.  [t]

    Parameters
    ----------
    quantity, density_kg_per_m3
        Numbers, NaN unknown; shape (n,).  [unit], [kg/m3]
    unit
        Units as categories, all of `UNITS`; shape (n,).
    """
    per_mass = by_category(unit, T_PER_UNIT)
    per_volume = by_category(unit, M3_PER_UNIT)
    by_volume = per_volume * np.asarray(density_kg_per_m3, dtype=float) / KG_PER_T
    factor = np.where(np.isnan(per_mass), by_volume, per_mass)
    return np.asarray(quantity, dtype=float) * factor


def is_volume(unit: pd.Categorical) -> np.ndarray:
    """Which rows are given in a unit of volume."""
    return ~np.isnan(by_category(unit, M3_PER_UNIT))


def by_category(names: pd.Categorical, values: Mapping[str, float]) -> np.ndarray:
    """The value of each row's name; NaN where the name is missing or has none."""
    of_name = [values.get(str(n), np.nan) for n in names.categories]
    return np.array([*of_name, np.nan])[names.codes]  # code -1 is the last: NaN
