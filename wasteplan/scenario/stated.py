"""What a scenario states itself, without what the packaged catalogue added."""

from __future__ import annotations

from wasteplan.scenario.model import Scenario
from wasteplan.scenario.registry import TableSpec
from wasteplan.treatment.catalogue import products as catalogue_products
from wasteplan.units import SourcedRecord
from wasteplan.waste.packaged import fractions as catalogue_fractions

Cell = tuple[str, str, str]
"""Table, row name, column: how `Scenario.filled_cells` names a cell."""

KEY_CELL = {"yields": "share", "fraction_properties": "value"}
"""Tables whose rows the catalogue adds whole, and the cell it marks as filled."""


def row_name(spec: TableSpec, row: SourcedRecord) -> str:
    """The key of a row, its parts joined by `/`, as `filled_cells` has it."""
    return "/".join(str(getattr(row, column)) for column in spec.key)


def stated_rows(scenario: Scenario, spec: TableSpec) -> tuple[SourcedRecord, ...]:
    """The rows of a table that do not come whole from the catalogue.

    A fraction or product that is word for word the catalogue's counts as its.
    """
    rows: tuple[SourcedRecord, ...] = getattr(scenario, spec.name, ())
    filled = scenario.filled_cells
    if spec.name in KEY_CELL:
        column = KEY_CELL[spec.name]
        return tuple(
            r for r in rows if (spec.name, row_name(spec, r), column) not in filled
        )
    if spec.name == "operations":
        return tuple(r for r in rows if _states_something(spec, r, scenario))
    if spec.name == "products":
        return tuple(r for r in rows if r not in catalogue_products())
    if spec.name == "fractions":
        return tuple(r for r in rows if r not in catalogue_fractions())
    return rows


def _states_something(spec: TableSpec, row: SourcedRecord, scenario: Scenario) -> bool:
    name = row_name(spec, row)
    stated = row.model_fields_set - set(spec.key)
    return any((spec.name, name, c) not in scenario.filled_cells for c in stated)
