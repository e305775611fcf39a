"""How certain the numbers behind costs and emissions are."""

from __future__ import annotations

from wasteplan.scenario.certainty import cell_status
from wasteplan.scenario.model import Scenario
from wasteplan.units import SourcedRecord, weakest


class Statuses:
    """Statuses of cells, prices and factors, as `check` reads them."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario

    def cell(self, table: str, record: SourcedRecord, column: str) -> str:
        """The status of one number; without any it counts as assumption."""
        return cell_status(self._scenario, table, record, column)

    def cells(self, table: str, record: SourcedRecord, *columns: str) -> str:
        """The weakest status of several numbers of a row."""
        return weakest(*(self.cell(table, record, c) for c in columns))

    def prices(self, item: str) -> str:
        """The weakest status of the rows of a price; assumption if it has none."""
        rows = [p for p in self._scenario.prices if p.item == item]
        return weakest(*(self.cell("prices", p, "value") for p in rows))

    def factors(self, item: str) -> str:
        """The weakest status of the rows of a factor; assumption if it has none."""
        rows = [f for f in self._scenario.factors if f.item == item]
        return weakest(*(self.cell("factors", f, "value") for f in rows))
