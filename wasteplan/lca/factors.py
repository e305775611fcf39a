"""Emission factors of the package: every row, and the one chosen for each role."""

from __future__ import annotations

import csv
import io
import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

from wasteplan.waste.packaged import packaged_sources, packaged_text

SUBSTANCES = ("co2_fossil", "ch4_fossil", "ch4_biogenic", "n2o", "co2e")
"""What an inventory counts; `co2e` is a factor whose gases its source has summed."""

GWP_SETS = ("AR4", "AR5", "AR6")

CREDIT_CONVENTIONS = frozenset({"avoided_burden", "avoided_burden_us"})
"""Factors of production avoided; never with gate-only or forest-carbon factors."""


@dataclass(frozen=True)
class Factor:
    """One row of emission_factors.csv."""

    id: str
    value: float
    unit: str
    convention: str
    status: str
    source: str
    note: str = ""
    low: float | None = None
    high: float | None = None


@cache
def factor_rows() -> dict[str, Factor]:
    """Every row of the packaged table with a central value, by id."""
    reader = csv.DictReader(io.StringIO(_read("emission_factors.csv")))
    return {row["id"]: _factor(row) for row in reader if row["value"]}


@cache
def chosen(role: str) -> Factor:
    """The factor that stands for a role.

    Raises
    ------
    KeyError
        If chosen.toml has no such role.

    >>> chosen("diesel_co2").value
    2.697
    """
    return factor_rows()[_choices()["role"][role]["row"]]


@cache
def heap_row(fate_kind: str) -> str:
    """The row of methane correction factors of an unmanaged heap."""
    return str(_choices()["heap"][fate_kind]["row"])


@cache
def coal_displaced_row() -> str:
    """The row of technology parameters that tells the coal per heat of fuel."""
    return str(_choices()["kiln"]["coal_displaced"]["row"])


@cache
def combustion_n2o(is_batch: bool = False) -> dict[str, Factor]:
    """Nitrous oxide of controlled combustion by fraction; `default` for the rest.

    Municipal waste in a furnace fed in batches has a default of its own.
    [g/t as received]
    """
    choices: dict[str, Any] = _choices()["combustion_n2o"]
    found = {fraction: factor_rows()[c["row"]] for fraction, c in choices.items()}
    return {**found, "default": chosen("combustion_batch_n2o")} if is_batch else found


@cache
def pollutant_factors(where: str) -> dict[str, Factor]:
    """Air pollutants by substance, of `combustion`, `open_burning` or `composting`.

    >>> pollutant_factors("combustion")["nox"].unit
    'g/t'
    """
    choices: dict[str, Any] = _choices()["pollutant"][where]
    return {name: factor_rows()[c["row"]] for name, c in choices.items()}


@cache
def recyclate_credits() -> dict[str, Factor | None]:
    """Avoided production by fraction; None says that no credit is given on purpose.

    [t CO2e/t]
    """
    return {f: _credit(c["row"]) for f, c in _choices()["recyclate"].items()}


@cache
def product_credits() -> dict[str, Factor | None]:
    """Avoided production of products that are credited as a whole.  [t CO2e/t]"""
    return {p: _credit(c["row"]) for p, c in _choices()["product"].items()}


@cache
def gwp_factors(gwp: str) -> dict[str, Factor]:
    """Global warming potentials of a report, by substance, 100 years.  [kg CO2e/kg]

    Parameters
    ----------
    gwp
        AR4, AR5 or AR6.

    Raises
    ------
    ValueError
        If there is no such set.

    >>> gwp_factors("AR6")["ch4_biogenic"].value, gwp_factors("AR6")["ch4_fossil"].value
    (27.0, 29.8)
    """
    if gwp not in GWP_SETS:
        raise ValueError(f"no GWP set {gwp!r}: there are {', '.join(GWP_SETS)}")
    rows: dict[str, str] = _choices()["gwp"][gwp]
    named = {s: factor_rows()[rows[s]] for s in SUBSTANCES if s in rows}
    one = Factor("one", 1.0, "kg CO2e/kg", "impact", "derived", "")
    return {"co2_fossil": one, **named, "co2e": one}


def choice_reasons() -> dict[str, tuple[str, str]]:
    """Every choice as `section.name` -> (row, reason), for people to read."""
    found: dict[str, tuple[str, str]] = {}
    for section, entries in _choices().items():
        for name, entry in entries.items():
            if "reason" in entry:
                found[f"{section}.{name}"] = (entry.get("row", ""), entry["reason"])
                continue
            for part, inner in entry.items():
                found[f"{section}.{name}.{part}"] = (inner["row"], inner["reason"])
    return found


def source_texts() -> dict[str, str]:
    """The text behind each source key."""
    return packaged_sources("wasteplan.lca")


def _credit(row: str) -> Factor | None:
    if not row:
        return None
    factor = factor_rows()[row]
    if factor.convention not in CREDIT_CONVENTIONS:
        raise ValueError(
            f"{row} follows the convention {factor.convention!r}; credits here follow "
            f"{' or '.join(sorted(CREDIT_CONVENTIONS))} and are not mixed"
        )
    return factor


def _factor(row: dict[str, str]) -> Factor:
    return Factor(
        id=row["id"],
        value=float(row["value"]),
        unit=row["unit"],
        convention=row["convention"],
        status=row["status"],
        source=row["source"],
        note=row["note"],
        low=float(row["low"]) if row["low"] else None,
        high=float(row["high"]) if row["high"] else None,
    )


@cache
def _choices() -> dict[str, Any]:
    return tomllib.loads(_read("chosen.toml"))


def _read(name: str) -> str:
    return packaged_text("wasteplan.lca", name)
