"""Impact methods: what a kilogram of each substance does in a category.

Packaged methods name rows of the factor table.  A user adds a method by dropping
`methods/NAME.csv` into the scenario folder: columns substance, factor, unit, source,
status, note.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated

import numpy as np
import numpy.typing as npt
from pydantic import Field

from wasteplan.errors import Problem, ScenarioError
from wasteplan.lca.factors import factor_rows
from wasteplan.lca.pollutants import INVENTORIED
from wasteplan.tables import parse_table, read_cells
from wasteplan.units import ID_PATTERN, SourcedRecord, Unit, weakest
from wasteplan.waste.packaged import packaged_text
from wasteplan.wording import did_you_mean

Floats = npt.NDArray[np.float64]
FOLDER = "methods"
CLIMATE = "climate"
OWN = "own"
"""Category of a method from the scenario folder."""


@dataclass(frozen=True)
class ImpactFactor:
    """Impact of one kilogram of a substance."""

    substance: str
    value: float
    status: str
    source: str
    row: str = ""
    """Row of emission_factors.csv; empty for a user's own and for carbon dioxide."""


@dataclass(frozen=True)
class ImpactMethod:
    """One category of impact with its factors; what it does not name counts nothing."""

    id: str
    name: str
    category: str
    unit: str
    factors: Mapping[str, ImpactFactor]
    note: str = ""

    @property
    def status(self) -> str:
        """The weakest status of its factors."""
        return weakest(*(f.status for f in self.factors.values()))


class MethodRow(SourcedRecord):
    """A row of a user's method: what a kilogram of a substance counts."""

    substance: str
    factor: Annotated[float, Unit("unit of the row per kg")]
    unit: Annotated[str, Field(min_length=1)]


@cache
def packaged_methods() -> dict[str, ImpactMethod]:
    """Methods of the package by id.

    >>> packaged_methods()["gwp100_ar5"].factors["ch4_biogenic"].value
    28.0
    """
    found: dict[str, dict[str, ImpactFactor]] = {}
    heads: dict[str, dict[str, str]] = {}
    text = packaged_text("wasteplan.lca", "impact_methods.csv")
    for row in csv.DictReader(io.StringIO(text)):
        heads[row["method"]] = row
        factors = found.setdefault(row["method"], {})
        factors[row["substance"]] = _packaged_factor(row)
    return {
        id: ImpactMethod(
            id, head["name"], head["category"], head["unit"], found[id], head["note"]
        )
        for id, head in heads.items()
    }


def _packaged_factor(row: Mapping[str, str]) -> ImpactFactor:
    if not row["row"]:  # carbon dioxide, and sums of it: 1 by definition
        return ImpactFactor(row["substance"], 1.0, row["status"], row["source"])
    factor = factor_rows()[row["row"]]
    return ImpactFactor(
        row["substance"], factor.value, factor.status, factor.source, factor.id
    )


def user_methods(
    folder: Path | None, sources: Iterable[str] = ()
) -> dict[str, ImpactMethod]:
    """Methods in the `methods` folder of a scenario, by file name.

    Parameters
    ----------
    folder
        Scenario folder; None for a case that has none.
    sources
        Keys of the scenario's `sources.toml`.

    Raises
    ------
    ScenarioError
        With all mistakes: an unknown substance or source, a unit that differs between
        rows, a name that is taken, a file that is no table.
    """
    if folder is None or not (folder / FOLDER).is_dir():
        return {}
    problems: list[Problem] = []
    found: dict[str, ImpactMethod] = {}
    known = frozenset(sources)
    for path in sorted((folder / FOLDER).glob("*.csv")):
        method = _user_method(path, known, problems)
        if method is not None:
            found[method.id] = method
    if problems:
        raise ScenarioError(str(folder), problems)
    return found


def _user_method(
    path: Path, sources: frozenset[str], problems: list[Problem]
) -> ImpactMethod | None:
    file = f"{FOLDER}/{path.name}"
    if path.is_symlink():
        problems.append(Problem(file, None, "", "is a link; put the file itself there"))
        return None
    name = path.stem
    before = len(problems)
    if name in packaged_methods():
        problems.append(Problem(file, None, "", "has the name of a packaged method"))
    if not re.fullmatch(ID_PATTERN, name):
        text = "its name is no id: lower-case letters, digits and underscores"
        problems.append(Problem(file, None, "", text))
    cells = read_cells(path, file, problems)
    rows = (
        parse_table(cells, MethodRow, ("substance",), file=file, problems=problems)
        if cells
        else []
    )
    factors: dict[str, ImpactFactor] = {}
    units: dict[str, int] = {}
    for row in rows:
        r = row.record
        if r is None:
            continue
        units.setdefault(r.unit, row.number)
        if r.substance not in INVENTORIED:
            text = f"no substance '{r.substance}'" + (
                did_you_mean(r.substance, INVENTORIED)
                or f"; there are {', '.join(INVENTORIED)}"
            )
            problems.append(Problem(file, row.number, "substance", text))
        if r.source and r.source not in sources:
            text = f"no source '{r.source}'{did_you_mean(r.source, sources)}"
            problems.append(Problem(file, row.number, "source", text))
        factors[r.substance] = ImpactFactor(
            r.substance, r.factor, weakest(r.status), r.source
        )
    if len(units) > 1:
        text = f"one method has one unit, here are {', '.join(units)}"
        problems.append(Problem(file, max(units.values()), "unit", text))
    if len(problems) > before or not factors:
        if not factors and len(problems) == before:
            problems.append(Problem(file, None, "", "holds no factor"))
        return None
    return ImpactMethod(name, name, OWN, next(iter(units)), factors)


def impact_matrix(methods: Sequence[ImpactMethod]) -> Floats:
    """Factors of several methods, shape (substances, methods).

    Rows follow `pollutants.INVENTORIED`; 0 where a method does not name a substance.
    """
    matrix = np.zeros((len(INVENTORIED), len(methods)))
    for column, method in enumerate(methods):
        for substance, factor in method.factors.items():
            matrix[INVENTORIED.index(substance), column] = factor.value
    return matrix
