"""The packaged fractions and their properties, with source and status of each."""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import TypeVar

from wasteplan.errors import Problem, ScenarioError
from wasteplan.tables import parse_table
from wasteplan.units import Record
from wasteplan.waste.material import FractionTable, fraction_table
from wasteplan.waste.records import Fraction, FractionProperty

R = TypeVar("R", bound=Record)


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
def packaged_table() -> FractionTable:
    """All packaged fractions, ready for mixing."""
    return fraction_table(fractions(), fraction_properties())
