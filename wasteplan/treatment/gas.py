"""Numbers of landfill gas and biogas, each with source and status in the data file."""

from __future__ import annotations

import csv
import io
from functools import cache

from wasteplan.waste.packaged import packaged_text

FILE = "landfill_fod.csv"


def parameter(name: str, waste: str = "", climate: str = "") -> float:
    """The central value of a row.  [unit of the row]

    Parameters
    ----------
    name
        `k`, `docf`, `mcf`, `f`, `ox`, `lhv_ch4`, ...
    waste, climate
        What the row is for; empty if it holds for all.

    Raises
    ------
    KeyError
        If there is no such row.

    >>> parameter("docf", "all_2006")
    0.5
    """
    return float(_rows()[name, waste, climate]["central"])


def parameter_status(name: str, waste: str = "", climate: str = "") -> str:
    """How the number is known.

    >>> parameter_status("mcf", "unmanaged_shallow")
    'secondary'
    """
    return _rows()[name, waste, climate]["status"]


def methane_lhv_mj_per_m3() -> float:
    """Lower heating value of methane by volume at 0 °C.  [MJ/m3]"""
    return parameter("lhv_ch4")


def methane_lhv_mj_per_kg() -> float:
    """Lower heating value of methane by mass.  [MJ/kg]"""
    return parameter("lhv_ch4") / parameter("density_ch4")


def biogas_methane_share() -> float:
    """Methane in the gas of a digester.  [m3/m3]"""
    return parameter("ch4_in_biogas")


@cache
def _rows() -> dict[tuple[str, str, str], dict[str, str]]:
    reader = csv.DictReader(io.StringIO(packaged_text("wasteplan.treatment", FILE)))
    return {(r["parameter"], r["waste"], r["climate"]): dict(r) for r in reader}
