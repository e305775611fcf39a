"""A scenario folder as one .xlsx workbook and back, without loss.

One sheet per table, and the sheets `scenario` (settings), `sources` and `files`. A cell
becomes a spreadsheet number only if reading that number gives the same text back;
everything else stays text, so nothing is turned into a formula, a date or a rounded
number.
"""

from __future__ import annotations

import datetime
import re
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from contextlib import closing
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from wasteplan.errors import Problem, ScenarioError, WasteplanError
from wasteplan.scenario.column_notes import ColumnNote, column_notes
from wasteplan.scenario.rawfolder import (
    COLUMNS_MAX,
    SETTINGS_FILE,
    RawScenario,
    RawTable,
    raw_table,
    read_raw,
)
from wasteplan.scenario.registry import TABLE
from wasteplan.scenario.sheets import (
    FILES_SHEET,
    SETTINGS_SHEET,
    SOURCES_SHEET,
    Row,
    files_of,
    files_rows,
    number_cell,
    settings_of,
    settings_rows,
    sources_of,
    sources_rows,
    text_of_cell,
)
from wasteplan.scenario.writing import write_raw
from wasteplan.whole import file_written_whole

CELL_CHARACTERS_MAX = 32_767  # of the .xlsx format
WORKBOOK_BYTES_MAX = 500_000_000  # unpacked, all parts together
PART_BYTES_MAX = 20_000_000  # of a part that is read whole: styles, names, links
STREAMED = re.compile(r"/worksheets/sheet|/sharedStrings|/media/|/comments")
SHEET_ROWS_MAX = 1_048_576  # of the .xlsx format
CELLS_MAX = 5_000_000  # of a workbook: some 500 MB of memory
NOT_A_WORKBOOK = (
    zipfile.BadZipFile,
    zlib.error,
    SyntaxError,  # what the XML parser raises
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    EOFError,
    OSError,
    RuntimeError,  # a password or a compression that is not known
)
CREATED = datetime.datetime(2000, 1, 1)  # fixed, so that equal folders give equal files

NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]|x005F_")
FORMULA_ERRORS = {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"}


def folder_to_workbook(folder: str | Path, workbook: str | Path) -> RawScenario:
    """Convert a scenario folder to a workbook; returns what was carried.

    Raises
    ------
    ScenarioError
        If the folder cannot be read as text, or a text does not fit a cell.
    """
    raw = read_raw(folder)
    write_workbook(raw, workbook)
    return raw


def workbook_to_folder(
    workbook: str | Path, folder: str | Path, overwrite: bool = False
) -> RawScenario:
    """Convert a workbook to a scenario folder in canonical form.

    Raises
    ------
    ScenarioError
        If a sheet is unknown, or a cell holds an error or an uncalculated formula.
    WasteplanError
        If the workbook cannot be opened or the folder may not be replaced.
    """
    raw = read_workbook(workbook)
    write_raw(raw, folder, overwrite)
    return raw


def write_workbook(raw: RawScenario, path: str | Path) -> None:
    """Write a scenario in text form as a workbook, whole or not at all."""
    import xlsxwriter

    _every_text_fits_a_cell(raw, Path(path).name)
    with file_written_whole(path) as temporary:
        book = xlsxwriter.Workbook(temporary, {"in_memory": True})
        _write_sheets(book, raw)
        try:
            book.close()
        except xlsxwriter.exceptions.FileCreateError as error:
            raise WasteplanError(f"{path} cannot be written: {error}") from error


def _write_sheets(book: Any, raw: RawScenario) -> None:
    book.set_properties({"created": CREATED, "title": _title(raw)})
    bold = book.add_format({"bold": True, "bottom": 1})
    _write_sheet(book, bold, SETTINGS_SHEET, settings_rows(raw.settings), ())
    for name, table in raw.tables.items():
        columns = column_notes(TABLE[name].record)
        _write_sheet(book, bold, name, (table.columns, *table.rows), columns)
    _write_sheet(book, bold, SOURCES_SHEET, sources_rows(raw.sources), ())
    if raw.files:
        _write_sheet(book, bold, FILES_SHEET, files_rows(raw.files), ())


def read_workbook(path: str | Path) -> RawScenario:
    """Read a workbook as a scenario in text form."""
    sheets, problems = _read_sheets(Path(path))
    known = {SETTINGS_SHEET, SOURCES_SHEET, FILES_SHEET, *TABLE}
    for name in sheets.keys() - known:
        near = get_close_matches(name, known, n=1)
        hint = f" (did you mean {near[0]!r}?)" if near else ""
        problems.append(Problem(name, None, "", f"no table of this name{hint}"))
    if SETTINGS_SHEET not in sheets:
        problems.append(Problem(SETTINGS_SHEET, None, "", "sheet missing"))
    settings = settings_of(sheets.get(SETTINGS_SHEET, []), problems)
    raw = RawScenario(
        settings=settings,
        sources=sources_of(sheets.get(SOURCES_SHEET, [])),
        tables={n: _table_of(sheets[n]) for n in TABLE if n in sheets},
        files=files_of(sheets.get(FILES_SHEET, []), problems),
    )
    if problems:
        raise ScenarioError(str(path), problems)
    return raw


def _write_sheet(
    book: Any,
    bold: Any,
    name: str,
    rows: Iterable[Row],
    columns: tuple[ColumnNote, ...],
) -> None:
    sheet = book.add_worksheet(name)
    known = {c.name: c for c in columns}
    kinds: list[str] = []
    for r, row in enumerate(rows):
        if r == 0:
            kinds = [known[c].kind if c in known else "text" for c in row]
            sheet.freeze_panes(1, 0)
        for c, value in enumerate(row):
            kind = kinds[c] if r and c < len(kinds) else "text"
            _write_cell(sheet, r, c, value, kind, bold if r == 0 else None)
    header = next(iter(rows), ())
    for c, column in enumerate(header):
        if column in known:
            sheet.write_comment(0, c, known[column].text(), {"x_scale": 2})
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    sheet.autofit(400)


def _write_cell(sheet: Any, r: int, c: int, value: Any, kind: str, form: Any) -> None:
    """Write text, or a number or yes/no where reading gives the same text back."""
    if isinstance(value, bool):
        sheet.write_boolean(r, c, value)
    elif isinstance(value, int | float):
        sheet.write_number(r, c, value)
    elif kind == "yes_no" and value in ("true", "false"):
        sheet.write_boolean(r, c, value == "true")
    elif kind in ("number", "integer") and (number := number_cell(value)) is not None:
        sheet.write_number(r, c, number)
    elif value != "":
        sheet.write_string(r, c, value, form)


def _read_sheets(path: Path) -> tuple[dict[str, list[Row]], list[Problem]]:
    """All sheets as rows of values; formulas give their stored value."""
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    problems: list[Problem] = []
    sheets: dict[str, list[Row]] = {}
    try:
        _unpacks_to_a_bounded_size(path)
        with (
            closing(openpyxl.load_workbook(path, read_only=True, data_only=True)) as v,
            closing(openpyxl.load_workbook(path, read_only=True)) as f,
        ):
            cells = 0
            for sheet in v.worksheets:
                rows = _bounded_rows(sheet, f[sheet.title], problems)
                sheets[sheet.title] = rows
                cells += sum(map(len, rows))
                if cells > CELLS_MAX:
                    raise WasteplanError(f"{path} has more than {CELLS_MAX:,} cells")
    except NOT_A_WORKBOOK as error:
        raise WasteplanError(f"{path} cannot be read as .xlsx: {error}") from error
    except InvalidFileException as error:
        raise WasteplanError(f"{path} cannot be read as .xlsx: {error}") from error
    return sheets, problems


def _unpacks_to_a_bounded_size(path: Path) -> None:
    """A small archive may hold gigabytes; what it says of itself is checked first."""
    with zipfile.ZipFile(path) as archive:
        sizes = {i.filename: i.file_size for i in archive.infolist()}
    if sum(sizes.values()) > WORKBOOK_BYTES_MAX:
        limit = WORKBOOK_BYTES_MAX // 1_000_000
        raise WasteplanError(f"{path} is larger than {limit} MB when unpacked")
    for name, size in sizes.items():
        if (
            size > PART_BYTES_MAX
            and name.endswith(".xml")
            and not STREAMED.search(name)
        ):
            limit = PART_BYTES_MAX // 1_000_000
            raise WasteplanError(f"{path}: its part {name} is larger than {limit} MB")


def _bounded_rows(values: Any, formulas: Any, problems: list[Problem]) -> list[Row]:
    """The rows of a sheet, read one by one so that limits hold before memory is used.

    A sheet beyond a limit is reported and given as empty.
    """
    values.reset_dimensions()
    formulas.reset_dimensions()
    rows: list[Row] = []
    cells = looked_at = 0
    both = zip(
        values.iter_rows(values_only=True),
        formulas.iter_rows(values_only=True),
        strict=True,
    )
    for r, (padded, wanted) in enumerate(both, start=1):
        row, asked = _without_empty_end(padded), _without_empty_end(wanted)
        row += (None,) * (len(asked) - len(row))
        cells += len(row)
        looked_at += len(padded)
        message = _beyond_a_limit(r, len(row), max(cells, looked_at // 10))
        if message:
            problems.append(Problem(values.title, r, "", message))
            return []
        problems += _cell_problems(values.title, r, row, asked)
        rows.append(row)
    return rows


def _beyond_a_limit(rows: int, columns: int, cells: int) -> str:
    if rows > SHEET_ROWS_MAX:
        return f"has more than {SHEET_ROWS_MAX:,} rows"
    if columns > COLUMNS_MAX:
        return f"has more than {COLUMNS_MAX:,} columns"
    return f"has more than {CELLS_MAX:,} cells" if cells > CELLS_MAX else ""


def _without_empty_end(row: Row) -> Row:
    end = len(row)
    while end and row[end - 1] is None:
        end -= 1
    return row[:end]


def _cell_problems(sheet: str, r: int, row: Row, wanted: Row) -> list[Problem]:
    found = []
    for c, value in enumerate(row):
        where = f"column {c + 1}"
        formula = wanted[c] if c < len(wanted) else None
        if value in FORMULA_ERRORS and formula != value:
            found.append(Problem(sheet, r, where, f"the formula gives {value}"))
        elif value is None and formula is not None:
            message = "a formula without a stored value; open and save the workbook"
            found.append(Problem(sheet, r, where, message))
    return found


def _table_of(rows: list[Row]) -> RawTable:
    return raw_table([[text_of_cell(v) for v in row] for row in rows])


def _every_text_fits_a_cell(raw: RawScenario, book: str) -> None:
    problems: list[Problem] = []
    for name, table in raw.tables.items():
        for r, row in enumerate((table.columns, *table.rows), start=1):
            problems += [
                Problem(f"{name}.csv", r, _column_at(table, c), message)
                for c, text in enumerate(row)
                if (message := _why_not_a_cell(text))
            ]
    for name, text in raw.files.items():
        if NOT_IN_XML.search(text):
            problems.append(Problem(name, None, "", "holds a control character"))
    for row in settings_rows(raw.settings) + sources_rows(raw.sources):
        for value in row:
            if isinstance(value, str) and (message := _why_not_a_cell(value)):
                problems.append(Problem(SETTINGS_FILE, None, str(row[0]), message))
    if problems:
        raise ScenarioError(book, problems)


def _why_not_a_cell(text: str) -> str:
    if len(text) > CELL_CHARACTERS_MAX:
        return f"{len(text)} characters; a cell holds {CELL_CHARACTERS_MAX}"
    return "holds a control character" if NOT_IN_XML.search(text) else ""


def _column_at(table: RawTable, c: int) -> str:
    return table.columns[c] if c < len(table.columns) else f"column {c + 1}"


def _title(raw: RawScenario) -> str:
    heading = raw.settings.get("scenario", {})
    title = heading.get("title", "") if isinstance(heading, Mapping) else ""
    return str(title)[:200] if not NOT_IN_XML.search(str(title)) else ""
