"""A sheet of lines by year whose cells other cells can name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from xlsxwriter.utility import xl_rowcol_to_cell

from wasteplan.report.formulas import Formula, Operand, Range, formula, number
from wasteplan.report.numbers import is_known

Style = Literal[
    "plain", "title", "head", "money", "share", "factor", "year", "input", "total",
    "input_share", "input_year", "note", "good", "count", "cover",
]  # fmt: skip
LABEL, UNIT, SUM = 0, 1, 2
TEXT_MAX = 32_767
"""Characters of a cell."""


@dataclass(frozen=True)
class Line:
    """A row with one amount for each year, and where it stands."""

    label: str
    row: int
    prefix: str
    cells: tuple[Formula, ...]
    column: int
    """Of the first year."""

    def __getitem__(self, year: int) -> Formula:
        """The cell of the n-th year, counted from 0."""
        return self.cells[year]

    def __len__(self) -> int:
        return len(self.cells)

    @property
    def range(self) -> Range:
        """All years."""
        return self.part(0, len(self.cells))

    def part(self, first: int, end: int) -> Range:
        """Years from `first` to before `end`, counted from 0."""
        corners = (
            xl_rowcol_to_cell(self.row, self.column + i, col_abs=True)
            for i in (first, end - 1)
        )
        return Range(f"{self.prefix}{':'.join(corners)}", self.cells[first:end])

    @property
    def values(self) -> list[float]:
        """The amounts of all years."""
        return [number(c) for c in self.cells]


@dataclass
class Sheet:
    """A sheet while it is laid out; `written` holds what goes where."""

    name: str
    """At most 31 characters, without the marks that a sheet name may not have."""
    written: dict[tuple[int, int], tuple[Operand | str, Style]] = field(
        default_factory=dict
    )
    row: int = 0
    """The next free row."""
    column: int = 3
    """Of the first year."""
    third: str = "sum"
    """Heading of the column before the years."""

    def at(self, row: int, column: int) -> str:
        """How formulas name a cell that may move with its column."""
        return f"{self.prefix}{xl_rowcol_to_cell(row, column)}"

    @property
    def prefix(self) -> str:
        """How cells of other sheets name this one."""
        return "'" + self.name.replace("'", "''") + "'!"

    def put(
        self, row: int, column: int, content: Operand | str, style: Style = "plain"
    ) -> Formula:
        """Write into a cell and get it back as something that formulas can name."""
        self.written[row, column] = (content, style)
        value = content.value if isinstance(content, Formula) else content
        at = xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True)
        return Formula(f"{self.prefix}{at}", value)

    def title(self, words: str, note: str = "") -> None:
        """A heading in a row of its own."""
        self.put(self.row, LABEL, words, "title")
        self.row += 1
        if note:
            self.put(self.row, LABEL, note, "note")
            self.row += 1

    def years(self, years: Sequence[Operand], words: str = "") -> Line:
        """The heading of the lines that follow."""
        self.put(self.row, LABEL, words, "head")
        self.put(self.row, UNIT, "unit", "head")
        self.put(self.row, SUM, self.third, "head")
        return self._years_line(words, years, "year")

    def line(
        self,
        label: str,
        unit: str,
        amounts: Sequence[Operand],
        style: Style = "money",
        *,
        is_summed: bool = True,
    ) -> Line:
        """A line with one amount for each year and, in front, their sum."""
        self.put(self.row, LABEL, label, "total" if style == "total" else "plain")
        self.put(self.row, UNIT, unit, "note")
        row = self.row
        made = self._years_line(label, amounts, style)
        if is_summed:
            span = made.range
            summed = Formula(f"SUM({span.text})", sum(span.numbers))
            self.put(row, SUM, summed, "total" if style == "total" else "money")
        return made

    def value(
        self, label: str, unit: str, content: Operand | str, style: Style = "money"
    ) -> Formula:
        """A line with a single figure."""
        self.put(self.row, LABEL, label)
        self.put(self.row, UNIT, unit, "note")
        self.row += 1
        return self.put(self.row - 1, SUM, content, style)

    def gap(self) -> None:
        """An empty row."""
        self.row += 1

    def _years_line(self, label: str, amounts: Sequence[Operand], style: Style) -> Line:
        cells = []
        for i, amount in enumerate(amounts):
            column = self.column + i
            self.put(self.row, column, amount, style)
            value = formula(amount).value
            cells.append(Formula(self.at(self.row, column), value))
        self.row += 1
        return Line(label, self.row - 1, self.prefix, tuple(cells), self.column)


def formats(book: Any) -> dict[Style, Any]:
    """The looks of the cells: blue on cream is an input, black is calculated."""
    blue = {"font_color": "#1f3fbf", "bg_color": "#fff8e1"}
    line = {"top": 1, "bold": True}
    looks: dict[Style, dict[str, Any]] = {
        "plain": {},
        "title": {"bold": True, "font_size": 13, "font_color": "#0b5a75"},
        "head": {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"},
        "money": {"num_format": "#,##0;[Red]-#,##0;-"},
        "share": {"num_format": "0.00%", "align": "right"},
        "factor": {"num_format": "#,##0.0##", "align": "right"},
        # -567 times a tiny service says nothing that "below 0" does not
        "cover": {"num_format": '[<0]"below 0";#,##0.00', "align": "right"},
        "year": {"bold": True, "bottom": 1, "num_format": "0", "align": "right"},
        "input": {**blue, "num_format": "#,##0.####;[Red]-#,##0.####"},
        "total": {**line, "num_format": "#,##0;[Red]-#,##0;-"},
        "input_share": {**blue, "num_format": "0.00%"},
        "input_year": {**blue, "num_format": "0"},
        "note": {"font_color": "#5b6b7b", "italic": True},
        "count": {"num_format": "0", "align": "left", "bold": True},
        "good": {"bold": True, "num_format": "#,##0.0000"},
    }
    return {style: book.add_format(look) for style, look in looks.items()}


def write_sheet(page: Any, sheet: Sheet, looks: dict[Style, Any]) -> None:
    """Put a finished sheet into a workbook; text from data is never a formula."""
    for (row, column), (content, style) in sorted(sheet.written.items()):
        look = looks[style]
        if isinstance(content, Formula):
            own = content.text.replace(sheet.prefix, "")
            page.write_formula(row, column, f"={own}", look, _shown(content.value))
        elif isinstance(content, str):
            page.write_string(row, column, content[:TEXT_MAX], look)
        elif is_known(content):
            page.write_number(row, column, float(content), look)


def _shown(value: float | str) -> float | str:
    return value if isinstance(value, str) or is_known(value) else ""


def sheet_name(words: str, taken: Sequence[str]) -> str:
    """A name that a workbook accepts and that no other sheet has.

    >>> sheet_name("Kiln [1]: A/B", ["kiln 1 a b"])
    'Kiln 1 A B 2'
    """
    plain = " ".join("".join(c if c.isalnum() else " " for c in words).split())
    known = {t.lower() for t in taken}
    name, count = plain[:31].strip() or "sheet", 1
    while name.lower() in known:
        count += 1
        name = f"{plain[:27].strip()} {count}"
    return name
