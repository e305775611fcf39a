"""Rules on `ranges.csv`: what may be drawn fits its cell."""

from __future__ import annotations

from collections.abc import Iterator

from wasteplan.scenario.findings import Finding, Rule, about, reads, row_name
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.range_cells import allowed, discrete_values
from wasteplan.scenario.records import Range
from wasteplan.scenario.registry import TABLE
from wasteplan.tables import columns_of
from wasteplan.units import Record

TINY = 1e-300  # a least value next to 0: 0 itself is not allowed


@reads("ranges")
def ranges_surround_their_cell(scenario: Scenario) -> Iterator[Finding]:
    """Every cell that `ranges.csv` names is a number with low <= cell <= high.

    A range of a whole column (`*`) must only be in order.
    """
    cells: dict[str, dict[str, Record]] = {}
    for row in scenario.ranges:
        if row.low > row.high:
            message = f"{row.low:g} is above high {row.high:g}"
            yield about("ranges", row, "low", message)
            continue
        spec = TABLE[row.table]
        column = columns_of(spec.record)[row.column]
        if not column.is_number:
            message = f"'{row.column}' of {row.table} holds no numbers"
            yield about("ranges", row, "column", message)
            continue
        if row.table not in cells:
            rows = getattr(scenario, row.table, ())
            cells[row.table] = {row_name(row.table, r): r for r in rows}
        named = cells[row.table].get(row.row)
        value = getattr(named, row.column) if named is not None else None
        if value is not None and not row.low <= value <= row.high:
            message = f"{row.low:g} to {row.high:g} does not hold the cell's {value:g}"
            yield about("ranges", row, "low", message)


@reads("ranges")
def ranges_can_be_drawn(scenario: Scenario) -> Iterator[Finding]:
    """Every value that may be drawn is one that the column takes."""
    for row in scenario.ranges:
        column = columns_of(TABLE[row.table].record)[row.column]
        if not column.is_number:
            continue
        if row.distribution == "log_normal" and row.low <= 0:
            message = f"{row.low:g} is not above 0, as a log-normal number is"
            yield about("ranges", row, "low", message)
        try:
            values = discrete_values(row.values)
        except ValueError as error:
            yield about("ranges", row, "values", str(error))
            continue
        if values and row.distribution != "discrete":
            message = "are given, but distribution is not discrete"
            yield about("ranges", row, "values", message)
        yield from _beyond(row, values)


def _beyond(row: Range, values: dict[float, float]) -> Iterator[Finding]:
    """Ends and values outside what the column may hold."""
    least, most = allowed(TABLE[row.table].record, row.column)
    named = [("low", row.low), ("high", row.high)]
    named += [("values", value) for value in values]
    for column, value in named:
        if not least <= value <= most:
            above = "above 0" if 0 < least < TINY else f"{least:g}"
            span = f"{above} to {most:g}"
            message = f"{value:g} is outside {span}, what {row.column} may be"
            yield about("ranges", row, column, message)
        elif column == "values" and not row.low <= value <= row.high:
            message = f"{value:g} is outside low to high, {row.low:g} to {row.high:g}"
            yield about("ranges", row, column, message)


RANGE_RULES: tuple[Rule, ...] = (ranges_surround_their_cell, ranges_can_be_drawn)
