"""How far the cells that the packaged catalogue fills may be from their value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from wasteplan.treatment.choices import (
    CatalogueTechnology,
    CatalogueVehicle,
    Choice,
)
from wasteplan.treatment.parameters import (
    Parameter,
    parameters,
    vehicle_parameters,
)
from wasteplan.treatment.vehicle_cells import (
    MINUTES,
    MONEY,
    PLAIN,
)


@dataclass(frozen=True)
class CellRange:
    """Low and high of a cell as multiples of its value.

    Attributes
    ----------
    low, high
        Relative to the central value of the row it stands on.  [-]
    row
        That row; cells that stand on the same one move together.
    """

    low: float
    high: float
    row: str


def technology_ranges(entry: CatalogueTechnology) -> dict[str, CellRange]:
    """Column of `technologies` -> range, where the chosen row has one."""
    found = _chosen(entry.cells)
    found.update(_named("variable_om_per_t", entry, ("per_t", "variable_per_t")))
    return found


def size_ranges(entry: CatalogueTechnology) -> dict[str, CellRange]:
    """The same for `sizes`: fixed operating cost (capital cost has its own columns)."""
    return _named("fixed_om_per_y", entry, ("per_t", "fixed_per_t"))


def operation_ranges(entry: CatalogueTechnology) -> dict[str, CellRange]:
    """The same for `operations`."""
    return _chosen(entry.operation)


def vehicle_ranges(vehicle: CatalogueVehicle) -> dict[str, CellRange]:
    """The same for `vehicles`; a crew is a count and has none."""
    found = {}
    for column, name in {**PLAIN, **MINUTES, **MONEY}.items():
        key = (vehicle.row, name.format(road=vehicle.road))
        span = _relative(vehicle_parameters()[key])
        if span is not None:
            found[column] = span
    return found


def _chosen(cells: Mapping[str, Choice]) -> dict[str, CellRange]:
    spans = {column: _relative(choice.row) for column, choice in cells.items()}
    return {column: span for column, span in spans.items() if span is not None}


def _named(
    column: str, entry: CatalogueTechnology, bases: tuple[str, ...]
) -> dict[str, CellRange]:
    """The range of an operating cost, whose fixed share is taken as it is."""
    for basis in bases:
        if basis in entry.opex:
            span = _relative(parameters()[entry.opex[basis]])
            return {} if span is None else {column: span}
    return {}


def _relative(row: Parameter) -> CellRange | None:
    """Low and high over the central value; None without a range around it."""
    if not row.central or (row.low is None and row.high is None):
        return None
    ends = sorted(
        (row.central if end is None else end) / row.central
        for end in (row.low, row.high)
    )
    return CellRange(min(ends[0], 1.0), max(ends[1], 1.0), row.id)
