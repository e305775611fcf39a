"""The packaged fractions and their properties, with source and status of each."""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Literal, TypeVar

from wasteplan.errors import Problem, ScenarioError
from wasteplan.tables import parse_table
from wasteplan.units import Record
from wasteplan.waste.material import FractionTable, fraction_table
from wasteplan.waste.records import Fraction, FractionProperty, PropertyName

R = TypeVar("R", bound=Record)
Bound = Literal["low", "central", "high"]


def packaged_records(
    package: str, file: str, record: type[R], key: Sequence[str]
) -> tuple[R, ...]:
    """The rows of a CSV file in the `data` folder of a package.

    Raises
    ------
    ScenarioError
        If the file does not hold what its record asks for.
    """
    text = packaged_text(package, file)
    problems: list[Problem] = []
    cells = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    rows = parse_table(cells, record, key, file=file, problems=problems)
    if problems:
        raise ScenarioError(f"packaged data of {package}", problems)
    return tuple(r.record for r in rows if r.record is not None)


def packaged_text(package: str, file: str) -> str:
    """The text of a file in the `data` folder of a package."""
    return (files(package) / "data" / file).read_text(encoding="utf-8")


def packaged_sources(package: str) -> dict[str, str]:
    """Source key -> text of the `sources.toml` of a package."""
    entries = tomllib.loads(packaged_text(package, "sources.toml"))
    return {key: entry["text"] for key, entry in entries.items()}


@cache
def fractions() -> tuple[Fraction, ...]:
    """Material classes: household, fibres, polymers, industrial, residues."""
    return packaged_records("wasteplan.waste", "fractions.csv", Fraction, ("id",))


@cache
def fraction_properties() -> tuple[FractionProperty, ...]:
    """Properties with low and high, source and status."""
    key = ("fraction", "property")
    file = "fraction_properties.csv"
    return packaged_records("wasteplan.waste", file, FractionProperty, key)


@cache
def packaged_table(bound: Bound = "central") -> FractionTable:
    """All packaged fractions, ready for mixing, at an end of every range if asked."""
    return fraction_table(fractions(), at_bound(fraction_properties(), bound))


def at_bound(
    properties: Sequence[FractionProperty], bound: Bound
) -> tuple[FractionProperty, ...]:
    """Property rows with every value at its low or high; the central where none is.

    The ranges are planning ranges of single numbers, not joint: all low at once is no
    likely waste, but bounds what a study may vary.

    Parameters
    ----------
    properties
        Rows with `value`, `low`, `high`.
    bound
        `low`, `central` or `high`.

    >>> row = FractionProperty(fraction="food", property="ash_dry", value=5, low=3)
    >>> at_bound([row], "low")[0].value, at_bound([row], "high")[0].value
    (3.0, 5.0)
    """
    if bound == "central":
        return tuple(properties)
    found = []
    for row in properties:
        value = getattr(row, bound)
        moved = row if value is None else row.model_copy(update={"value": value})
        found.append(moved)
    return tuple(found)


def property_range(
    properties: Sequence[FractionProperty],
    table: FractionTable,
    fraction: str,
    name: PropertyName,
) -> tuple[float, float, float]:
    """Low, central and high of a property: the fraction's own, else its parents'.

    NaN where nothing is known.  [unit of the property]

    Raises
    ------
    KeyError
        If there is no such fraction.
    """
    rows = {(p.fraction, p.property): p for p in properties}
    for ancestor in table.ancestry(fraction):
        row = rows.get((ancestor, name))
        if row is not None:
            low = row.value if row.low is None else row.low
            high = row.value if row.high is None else row.high
            return low, row.value, high
    return (float("nan"),) * 3
