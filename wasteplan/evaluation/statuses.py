"""How certain the numbers behind a cost are."""

from __future__ import annotations

from wasteplan.scenario.model import Scenario
from wasteplan.units import SourcedRecord, weakest


class Statuses:
    """The status of a cell: its own line, what filled it, or its row's."""

    def __init__(self, scenario: Scenario) -> None:
        self._lines = {
            (p.table, p.row, p.column): p.status for p in scenario.provenance
        }
        self._filled = scenario.filled_cells
        self._scenario = scenario

    def cell(self, table: str, row: str, record: SourcedRecord, column: str) -> str:
        """The status of one number; without any it counts as assumption."""
        for place in ((table, row, column), (table, "", column), (table, row, "")):
            if self._lines.get(place):
                return weakest(self._lines[place])
        filled = self._filled.get((table, row, column))
        return weakest(filled if filled else record.status)

    def cells(self, table: str, row: str, record: SourcedRecord, *columns: str) -> str:
        """The weakest status of several numbers of a row."""
        return weakest(*(self.cell(table, row, record, c) for c in columns))

    def prices(self, item: str) -> str:
        """The weakest status of the rows of a price; assumption if it has none."""
        rows = [p for p in self._scenario.prices if p.item == item]
        return weakest(
            *(self.cell("prices", f"{p.item}/{p.year}", p, "value") for p in rows)
        )

    def factors(self, item: str) -> str:
        """The weakest status of the rows of a factor; assumption if it has none."""
        rows = [f for f in self._scenario.factors if f.item == item]
        return weakest(
            *(self.cell("factors", f"{f.item}/{f.year}", f, "value") for f in rows)
        )
