"""The one chosen row per technology and parameter, read from `catalogue.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from wasteplan.treatment.parameters import PACKAGE, Parameter, parameters
from wasteplan.treatment.records import Yield
from wasteplan.units import weakest
from wasteplan.waste.packaged import packaged_records, packaged_text

FILE = "catalogue.toml"


@dataclass(frozen=True)
class Choice:
    """A parameter chosen for a column, and why."""

    row: Parameter
    why: str


@dataclass(frozen=True)
class CatalogueTechnology:
    """A technology of the catalogue with everything that was chosen for it."""

    key: str
    name: str
    kind: str
    accepts_hazardous: bool = False
    is_planned_landfill: bool = False
    is_batch: bool = False
    yields_of: str = ""
    yield_form: str = ""
    """`component` or `all`: which of the two forms of rows was chosen."""
    cells: Mapping[str, Choice] = field(default_factory=dict)
    operation: Mapping[str, Choice] = field(default_factory=dict)
    capex: Mapping[str, str] = field(default_factory=dict)
    opex: Mapping[str, str] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True)
class CatalogueVehicle:
    """A vehicle of the catalogue and the road its running figures are for."""

    key: str
    name: str
    row: str
    """Name in the table of vehicle parameters."""
    road: str
    compacts: bool


@cache
def catalogue_technologies() -> dict[str, CatalogueTechnology]:
    """Technologies by catalogue key.

    Raises
    ------
    KeyError
        If a choice names a row that is not in the tables.
    """
    stated = _document()["technologies"]
    return {key: _technology(key, stated) for key in stated}


@cache
def catalogue_vehicles() -> dict[str, CatalogueVehicle]:
    """Vehicles by catalogue key, and each for either road."""
    found = {}
    for key, entry in _document()["vehicles"].items():
        roads = {key: entry["road"], f"{key}_urban": "urban", f"{key}_rural": "rural"}
        for name, road in roads.items():
            found[name] = CatalogueVehicle(
                key=name,
                name=entry["name"],
                row=key,
                road=road,
                compacts=entry["compacts"],
            )
    return found


@cache
def packaged_yields() -> tuple[Yield, ...]:
    """All rows of yields, chosen and not."""
    key = ("technology", "fraction", "component", "output")
    return packaged_records(PACKAGE, "yields.csv", Yield, key)


def chosen_yields(technology: CatalogueTechnology) -> tuple[Yield, ...]:
    """The rows in the chosen form."""
    is_component = technology.yield_form == "component"
    return tuple(
        y
        for y in packaged_yields()
        if y.technology == technology.yields_of
        and (y.component != "all") == is_component
    )


def not_technologies() -> dict[str, str]:
    """Keys of the tables that are no technology, and what they are."""
    return dict(_document()["not_a_technology"])


def status_of(*rows: Parameter) -> str:
    """The weakest status of several rows."""
    return weakest(*(r.status for r in rows))


def _technology(
    key: str, stated: Mapping[str, Mapping[str, Any]]
) -> CatalogueTechnology:
    entry = _inherited(key, stated)
    return CatalogueTechnology(
        key=key,
        name=entry["name"],
        kind=entry["kind"],
        accepts_hazardous=entry.get("accepts_hazardous", False),
        is_planned_landfill=entry.get("is_planned_landfill", False),
        is_batch=entry.get("is_batch", False),
        yields_of=entry.get("yields", ""),
        yield_form=entry.get("form", ""),
        cells=_choices(entry.get("cells", {})),
        operation=_choices(entry.get("operation", {})),
        capex=entry.get("capex", {}),
        opex=entry.get("opex", {}),
        note=entry.get("note", ""),
    )


def _inherited(key: str, stated: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """What an entry says, on top of the technology it is like."""
    own = dict(stated[key])
    if "like" not in own:
        return own
    entry = _inherited(own["like"], stated)
    entry.pop("note", None)
    for name, value in own.items():
        merges = name in ("cells", "operation")
        entry[name] = {**entry.get(name, {}), **value} if merges else value
    return entry


def _choices(entries: Mapping[str, Mapping[str, str]]) -> dict[str, Choice]:
    rows = parameters()
    return {c: Choice(rows[e["row"]], e["why"]) for c, e in entries.items()}


@cache
def _document() -> dict[str, Any]:
    return tomllib.loads(packaged_text(PACKAGE, FILE))
