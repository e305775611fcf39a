"""Low and high that rows state themselves, or the catalogue for cells it filled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from wasteplan.scenario.checks_money import BOUNDS
from wasteplan.scenario.checks_treatment import technologies_in_use
from wasteplan.scenario.findings import row_name
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.registry import TABLES
from wasteplan.scenario.standing import FRACTION_TABLES, fractions_in_use
from wasteplan.scenario.stated import Cell
from wasteplan.tables import columns_of
from wasteplan.treatment.cell_ranges import (
    CellRange,
    operation_ranges,
    size_ranges,
    technology_ranges,
    vehicle_ranges,
)
from wasteplan.treatment.choices import catalogue_technologies, catalogue_vehicles
from wasteplan.units import SourcedRecord

STRUCTURAL = frozenset({"lifetime_y", "lead_time_y"})
"""With these, plants that a plan was made with may not be there when it needs them."""

OF_TECHNOLOGY = ("yields", "sizes", "operations", "blend_limits")
TOGETHER: Mapping[str, tuple[str, ...]] = {
    "prices": ("item",),
    "factors": ("item",),
    "leakage": ("generator_class", "stream", "fate"),
    "sizes": ("technology",),
}
"""Rows with the same of these columns are one thing at several times or sizes."""

WASTE_TOGETHER: Mapping[str, tuple[str, ...]] = {
    "generator": ("generator", "stream"),
    "stream": ("stream",),
    "all": (),
}


@dataclass(frozen=True)
class Ends:
    """Low and high of a cell, and with which others it moves."""

    low: float
    high: float
    group: str


def natural_ranges(scenario: Scenario) -> dict[Cell, Ends]:
    """Every range but those of `ranges.csv`, of cells that the study uses."""
    found = dict(_of_rows(scenario))
    found.update(_of_catalogue(scenario))
    return found


def _use(scenario: Scenario) -> _Use:
    return _Use(
        frozenset(t.id for t in technologies_in_use(scenario)),
        frozenset(fractions_in_use(scenario)),
        frozenset(f"moisture_{s.moisture_basis}" for s in scenario.streams),
        scenario.settings.leakage.response == "central",
    )


@dataclass(frozen=True)
class _Use:
    technologies: frozenset[str]
    fractions: frozenset[str]
    moistures: frozenset[str]
    leakage: bool

    def has(self, table: str, row: SourcedRecord) -> bool:
        """Whether a row of a table matters to the study."""
        if table in FRACTION_TABLES and getattr(row, "fraction", "") not in (
            self.fractions
        ):
            return False
        if table == "technologies":
            return getattr(row, "id", "") in self.technologies
        if table in OF_TECHNOLOGY:
            return getattr(row, "technology", "") in self.technologies
        if table == "fraction_properties":
            name = str(getattr(row, "property", ""))
            return not name.startswith("moisture_") or name in self.moistures
        return table != "leakage" or self.leakage


def group_of(scenario: Scenario, table: str, row: SourcedRecord, column: str) -> str:
    """The natural group of a cell; empty if it is a thing of its own.

    Such as `factors/grid_kg_co2e_per_kwh/value` for the factors of all years.
    """
    keys = TOGETHER.get(table)
    if table == "generation":
        keys = WASTE_TOGETHER[scenario.settings.uncertainty.waste_moves_together]
    if keys is None:
        return ""
    return "/".join((table, *(str(getattr(row, key)) for key in keys), column))


def _of_rows(scenario: Scenario) -> Iterator[tuple[Cell, Ends]]:
    use = _use(scenario)
    for spec in TABLES:
        columns = columns_of(spec.record)
        for value, low, high in BOUNDS:
            if not {value, low, high} <= set(columns):
                continue
            for row in getattr(scenario, spec.name, ()):
                middle = getattr(row, value)
                ends = [getattr(row, low), getattr(row, high)]
                if (
                    middle is None
                    or ends == [None, None]
                    or not use.has(spec.name, row)
                ):
                    continue
                below, above = (middle if end is None else end for end in ends)
                cell = (spec.name, row_name(spec.name, row), value)
                yield (
                    cell,
                    Ends(below, above, group_of(scenario, spec.name, row, value)),
                )


def _of_catalogue(scenario: Scenario) -> Iterator[tuple[Cell, Ends]]:
    """Cells of technologies, sizes, operations and vehicles that the catalogue filled.

    Cells that stand on the same row of the catalogue move together.
    """
    use = _use(scenario)
    for table, row, spans in _catalogue_rows(scenario):
        name = row_name(table, row)
        for column, span in spans.items():
            cell = (table, name, column)
            value = getattr(row, column)
            if cell not in scenario.filled_cells or column in STRUCTURAL:
                continue
            if not use.has(table, row) or not isinstance(value, float) or not value:
                continue
            ends = sorted((value * span.low, value * span.high))
            yield cell, Ends(ends[0], ends[1], f"catalogue/{span.row}")


def _catalogue_rows(
    scenario: Scenario,
) -> Iterator[tuple[str, SourcedRecord, dict[str, CellRange]]]:
    known = catalogue_technologies()
    entry = {
        t.id: known[t.catalogue] for t in scenario.technologies if t.catalogue in known
    }
    for technology in scenario.technologies:
        if technology.id in entry:
            yield "technologies", technology, technology_ranges(entry[technology.id])
    for size in scenario.sizes:
        if size.technology in entry:
            yield "sizes", size, size_ranges(entry[size.technology])
    for operation in scenario.operations:
        if operation.technology in entry:
            spans = operation_ranges(entry[operation.technology])
            yield "operations", operation, spans
    for vehicle in scenario.vehicles:
        if vehicle.id in catalogue_vehicles():
            yield "vehicles", vehicle, vehicle_ranges(catalogue_vehicles()[vehicle.id])
