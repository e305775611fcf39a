"""How each number of a scenario is known."""

from __future__ import annotations

from collections import defaultdict

from wasteplan.scenario.findings import row_name
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.remembering import remembered
from wasteplan.treatment.landfill import phases_of
from wasteplan.treatment.records import Technology
from wasteplan.units import SourcedRecord, weakest

PHASES = "landfill_phases"


def cell_status(scenario: Scenario, table: str, row: SourcedRecord, column: str) -> str:
    """How one cell is known: from the catalogue, by its own line, or by its row.

    Parameters
    ----------
    scenario
        The case.
    table, row, column
        The cell.  A line of `provenance.csv` for the row goes before one for the whole
        column (row `*`), and both before the row's own status.

    Returns
    -------
    str
        A status; a number without one counts as assumption.  The phases of a landfill
        are known as the weakest of their steps.
    """
    if isinstance(row, Technology) and column == PHASES and row.landfill_phases:
        steps = phases_of(row, scenario.landfill_phases)
        return weakest(*(cell_status(scenario, PHASES, s, "value") for s in steps))
    name = row_name(table, row)
    filled = scenario.filled_cells.get((table, name, column))
    if filled is not None:
        return weakest(filled)
    lines = _lines(scenario)
    if (table, column) in lines:
        of_column = lines[table, column]
        if name in of_column or "*" in of_column:
            return weakest(of_column.get(name, of_column.get("*")))
    return weakest(row.status)


@remembered
def _lines(scenario: Scenario) -> dict[tuple[str, str], dict[str, str | None]]:
    """(table, column) -> row name -> status, from `provenance.csv`."""
    found: dict[tuple[str, str], dict[str, str | None]] = defaultdict(dict)
    for line in scenario.provenance:
        found[line.table, line.column][line.row] = line.status
    return dict(found)
