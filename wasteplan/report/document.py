"""The parts a report is made of: tiles, charts, tables, sections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from wasteplan.report.numbers import (
    UNKNOWN,
    decimals_for,
    is_known,
    number_text,
)

Form = Literal["text", "number", "share", "year", "degrees", "written"]

ROWS_MAX = 400
"""Rows of one table in the page; the workbook has them all."""


@dataclass(frozen=True)
class Column:
    """A column of a table; `share` columns are written in percent."""

    title: str
    unit: str = ""
    form: Form = "text"

    @property
    def heading(self) -> str:
        """Title with its unit."""
        unit = "%" if self.form == "share" else self.unit
        return f"{self.title} [{unit}]" if unit else self.title


@dataclass(frozen=True)
class Table:
    """A table of plain values; None and NaN mean not known."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    total_at: int | None = None
    """Number of the row that is a sum."""
    is_folded: bool = False
    """Opens when its caption is pressed."""

    @property
    def omitted(self) -> int:
        """Rows that the page leaves to the workbook."""
        return max(0, len(self.rows) - ROWS_MAX)

    def cells(self) -> list[list[str]]:
        """The rows as text, with the same decimals within a column."""
        shown = self.rows[:ROWS_MAX]
        decimals = [
            decimals_for(row[i] for row in shown) for i in range(len(self.columns))
        ]
        return [
            [
                _cell_text(value, column.form, places)
                for value, column, places in zip(
                    row, self.columns, decimals, strict=True
                )
            ]
            for row in shown
        ]


@dataclass(frozen=True)
class Chart:
    """A picture drawn in the browser, with its words and its table."""

    id: str
    kind: str
    title: str
    summary: str
    """What the picture shows, in words: its alternative text."""
    data: Mapping[str, Any]
    table: Table | None = None
    height: int = 360
    note: str = ""
    is_wide: bool = False
    """Scrolls sideways on a phone instead of shrinking."""


@dataclass(frozen=True)
class Section:
    """A chapter of the report."""

    id: str
    title: str
    lead: str = ""
    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()
    points: tuple[str, ...] = ()
    """Sentences shown as a list."""
    short: str = ""
    """Title in the navigation."""
    tiles: tuple[Tile, ...] = ()
    is_page: bool = False
    """Prints on a page of its own, and can be printed alone."""


@dataclass(frozen=True)
class Tile:
    """One headline number."""

    label: str
    value: str
    unit: str = ""
    notes: tuple[str, ...] = ()
    tone: Literal["plain", "good", "bad"] = "plain"


@dataclass(frozen=True)
class Document:
    """All that the page shows, before any HTML."""

    title: str
    subtitle: str
    description: str
    facts: tuple[tuple[str, str], ...]
    answer: tuple[tuple[str, str], ...]
    """(topic, sentence); a topic may be empty."""
    tiles: tuple[Tile, ...]
    sections: tuple[Section, ...]
    warnings: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
    """What the tiles must not be read without."""
    inventory: Mapping[str, Any] = field(default_factory=dict)
    """Data of the assumptions table."""
    files: str = (
        "All figures are also in results.xlsx, the places and flows in plan.geojson."
    )
    """Where the same figures are."""

    @property
    def charts(self) -> list[Chart]:
        """Every chart in reading order."""
        return [chart for section in self.sections for chart in section.charts]


def listed(items: Sequence[str], limit: int = 6) -> str:
    """Names as running text; the tail is counted.

    >>> listed(["a", "b", "c"]), listed(["a", "b", "c"], limit=2)
    ('a, b and c', 'a, b and 1 more')
    """
    shown = list(items[:limit])
    if not shown:
        return ""
    if len(items) > limit:
        return f"{', '.join(shown)} and {len(items) - limit} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if shown[1:] else shown)


def _cell_text(value: Any, form: Form, decimals: int) -> str:
    if form in ("text", "written"):
        return "" if value is None else str(value)
    if form == "year":
        return f"{int(value)}" if is_known(value) else UNKNOWN
    if form == "share":
        return number_text(100 * value, 1) if is_known(value) else UNKNOWN
    return number_text(value, 3 if form == "degrees" else decimals)
