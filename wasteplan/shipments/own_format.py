"""The own format: one CSV file or one sheet, a row a shipment, units in the names.

The columns are the fields of `Shipment`.  A tonnage is given in tonnes
(`declared_t`, `received_t`) or as `quantity` with `quantity_unit`; a volume needs
`density_kg_per_m3`.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import xlsxwriter

from wasteplan.errors import Problem
from wasteplan.shipments.checking import Checker, missing_column
from wasteplan.shipments.completing import completed, filled
from wasteplan.shipments.csv_columns import (
    TextColumns,
    columns_from_cells,
    header_is_good,
    read_csv_columns,
)
from wasteplan.shipments.mistakes import ShipmentError
from wasteplan.shipments.quantities import UNITS
from wasteplan.shipments.records import Shipment, table_of
from wasteplan.shipments.states import STATES
from wasteplan.shipments.table import (
    COLUMNS,
    QUANTITY_BASES,
    TIMES,
    ShipmentTable,
    shipment_table,
)

NOT_IN_FILES = ("history", "source_file", "source_row")
OWN_COLUMNS = tuple(n for n in Shipment.model_fields if n not in NOT_IN_FILES)
REQUIRED = ("id", "generator", "facility")
CHOICES = {
    "quantity_unit": UNITS,
    "quantity_basis": QUANTITY_BASES,
    "state": STATES,
}
DENSITY_MAX_KG_PER_M3 = 25_000.0  # above every solid (osmium 22,600)
SCHEME = "scheme"
SCHEME_NAME = "own"
SHEET = "shipments"
SHEET_ROWS_MAX = 1_048_576
NAME_LENGTH_MAX = 1000
DATE_OF_BOOKS = datetime(2000, 1, 1)  # the same table gives the same bytes
TIME_FORMAT = "%Y-%m-%dT%H:%M:%S"

EXAMPLE = {
    "id": "2025-000001",
    "document": "2025-000001",
    "generator": "factory_1",
    "transporters": "carrier_1;carrier_2",
    "facility": "plant_1",
    "waste_code": "04 02 22",
    "code_scheme": "EU_LoW",
    "stream": "textile_offcuts",
    "is_hazardous": "0",
    "quantity": "12",
    "quantity_unit": "m3",
    "density_kg_per_m3": "150",
    "received_t": "1.76",
    "container": "skip",
    "n_containers": "1",
    "vehicle": "2A-1234",
    "received_vehicle": "2A-1234",
    "shipped_at": "2025-03-03T08:20",
    "collected_at": "2025-03-03T08:20",
    "received_at": "2025-03-03T10:05",
    "confirmed_at": "2025-03-04",
    "treated_at": "2025-03-05",
    "route": "R1",
    "state": "treated",
}
"""The row that a template shows; invented names, to be replaced."""


def read_own_csv(path: Path, file: str, problems: list[Problem]) -> ShipmentTable:
    """Shipments of a CSV file in the own format; rows keep their mistakes as unknowns.

    Parameters
    ----------
    path, file
        The file on disk and its name in messages.
    problems
        What is wrong is added here.
    """
    text = read_csv_columns(
        path, file=file, known=OWN_COLUMNS, required=REQUIRED, problems=problems
    )
    return _none() if text is None else table_from_text(text, file, problems)


def read_own_xlsx(path: Path, file: str, problems: list[Problem]) -> ShipmentTable:
    """Shipments of the sheet `shipments` of a workbook in the own format."""
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except Exception as error:  # openpyxl raises many kinds for a broken file
        message = f"cannot be read as a workbook ({type(error).__name__})"
        problems.append(Problem(file, None, "", f"{message}; save it as .xlsx"))
        return _none()
    if SHEET not in book.sheetnames:
        message = f"has no sheet '{SHEET}'; it has {', '.join(book.sheetnames)}"
        problems.append(Problem(file, None, "", message))
        return _none()
    lines = book[SHEET].iter_rows(values_only=True)
    header = [_cell_text(c) for c in next(lines, ())]
    while header and not header[-1]:
        header.pop()
    if not header:
        message = "is empty; it needs a header row"
        problems.append(Problem(file, None, "", message))
        return _none()
    if not header_is_good(
        header, file=file, known=OWN_COLUMNS, required=REQUIRED, problems=problems
    ):
        return _none()
    cells, rows = [], []
    for number, line in enumerate(lines, start=2):
        texts = [_cell_text(c) for c in line[: len(header)]]
        if any(texts):
            cells.append(texts + [""] * (len(header) - len(texts)))
            rows.append(number)
    book.close()
    return table_from_text(columns_from_cells(header, cells, rows), file, problems)


def table_from_text(
    text: TextColumns, file: str, problems: list[Problem]
) -> ShipmentTable:
    """Check every column and work out tonnage, basis and state."""
    n = len(text.rows)
    checker = Checker(file, text.rows)

    def column(name: str) -> pd.Categorical:
        return text.columns[name] if name in text.columns else missing_column(n)

    for name in REQUIRED:
        checker.required(column(name), name, "every shipment needs one")
    made: dict[str, Any] = {"source_file": file, "source_row": text.rows}
    for name in OWN_COLUMNS:
        made[name] = _checked(checker, column(name), name)
    scheme = np.zeros(n, dtype="int8")
    own = pd.Categorical.from_codes(
        scheme, categories=pd.Index([SCHEME_NAME], dtype=object)
    )
    made[SCHEME] = filled(made[SCHEME], own)
    lacks_unit = ~np.isnan(made["quantity"]) & (column("quantity_unit").codes < 0)
    units = ", ".join(UNITS)
    checker.where(lacks_unit, "quantity_unit", f"is empty; say which of {units}")
    problems.extend(checker.problems)
    return completed(made, n)


def write_own_csv(table: ShipmentTable, path: Path) -> None:
    """Write a table in the own format; reading it gives the same table."""
    _own_frame(table).to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


def write_own_xlsx(table: ShipmentTable, path: Path) -> None:
    """Write a table as the sheet `shipments` of a workbook, with notes on columns.

    Raises
    ------
    ShipmentError
        There are more rows than a sheet can hold.
    """
    if len(table) >= SHEET_ROWS_MAX:
        message = f"{len(table):,} shipments do not fit a sheet; write CSV"
        raise ShipmentError(f"{message} (a sheet holds {SHEET_ROWS_MAX:,} rows)")
    options = {"strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"created": DATE_OF_BOOKS})
        frame = _own_frame(table)
        sheet = book.add_worksheet(SHEET)
        sheet.write_row(0, 0, list(frame.columns))
        for at, name in enumerate(frame.columns):
            sheet.write_column(1, at, _sheet_cells(frame[name]))
        _write_notes(book.add_worksheet("columns"))


def write_template(path: Path) -> None:
    """Write an empty form with one invented row: `.csv`, or `.xlsx` with notes.

    Raises
    ------
    ShipmentError
        The name ends neither in `.csv` nor in `.xlsx`.
    """
    table = table_of([Shipment.model_validate(EXAMPLE)])
    if path.suffix.lower() == ".xlsx":
        write_own_xlsx(table, path)
    elif path.suffix.lower() == ".csv":
        write_own_csv(table, path)
    else:
        raise ShipmentError(f"{path.name}: a template is a .csv or an .xlsx file")


def column_notes() -> list[tuple[str, str, str, str]]:
    """(column, unit, filled by, meaning) of every column of the own format."""
    notes = []
    for name in OWN_COLUMNS:
        column = COLUMNS[name]
        need = "always" if name in REQUIRED else "if known"
        meaning = column.meaning
        if name in CHOICES:
            meaning += f": {', '.join(CHOICES[name])}"
        notes.append((name, column.unit, need, meaning))
    return notes


def _checked(checker: Checker, column: pd.Categorical, name: str) -> Any:
    """One column as its kind, within the bounds of the field."""
    kind = COLUMNS[name].kind
    if name == "density_kg_per_m3":
        return checker.numbers(
            column, name, unit="kg/m3", high=DENSITY_MAX_KG_PER_M3, above=True
        )
    if kind == "number":
        unit = COLUMNS[name].unit
        return checker.numbers(
            column, name, unit="" if unit in ("-", "quantity_unit") else unit
        )
    if kind == "time":
        return checker.times(column, name)
    if kind == "flag":
        return checker.flags(column, name)
    if name in CHOICES:
        return checker.choices(column, name, CHOICES[name])
    checker.not_longer(column, name, NAME_LENGTH_MAX)
    return np.asarray(column, dtype=object) if kind == "text" else column


def _own_frame(table: ShipmentTable) -> pd.DataFrame:
    """The columns of the own format as they are written: flags 0 or 1, ISO times."""
    frame = table[list(OWN_COLUMNS)].copy()
    frame["is_hazardous"] = frame["is_hazardous"].astype("Int8")
    for name in TIMES:
        frame[name] = frame[name].dt.strftime(TIME_FORMAT)
    return frame


def _sheet_cells(column: pd.Series[Any]) -> list[Any]:
    """Plain values of a column for a sheet; None where unknown."""
    plain = column.astype("object")
    return plain.where(plain.notna(), None).tolist()


def _write_notes(sheet: Any) -> None:
    """What every column means, on a sheet of its own."""
    sheet.write_row(0, 0, ["column", "unit", "filled", "meaning"])
    for number, note in enumerate(column_notes(), start=1):
        sheet.write_row(number, 0, list(note))


def _cell_text(cell: Any) -> str:
    """A cell of a sheet as the text that a CSV would hold."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _none() -> ShipmentTable:
    return shipment_table({}, n_rows=0)
