"""Reading one CSV table into records.

Every mistake is collected as a `Problem` that names file, row and column; nothing is
guessed from a near match.  Rows are counted as a spreadsheet does: the header is row 1.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from wasteplan.errors import Problem
from wasteplan.units import NotYetUsed, Record, Unit, field_mark
from wasteplan.wording import did_you_mean, explanation, not_a_number

FILE_BYTES_MAX = 256_000_000
ROWS_MAX = 2_000_000
CELL_LENGTH_MAX = 10_000
REMOVE_COLUMN = "_remove"
"""In a variant: 1 removes the row of the base that has the same key."""

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
BOOLEANS = {"0": False, "1": True, "false": False, "true": True}

R = TypeVar("R", bound=Record)
Key = tuple[Any, ...]


@dataclass(frozen=True)
class TableRow(Generic[R]):
    """One row as read; `record` is None for a row that removes one of the base."""

    number: int
    key: Key
    record: R | None


@dataclass(frozen=True)
class UnsoundRow:
    """What can be read of a row that is left out because of a mistake in it."""

    number: int
    cells: Mapping[str, str]  # by column; filled, and without a mistake of their own


@dataclass(frozen=True)
class Column:
    """What the reader needs to know of one field of a record."""

    name: str
    is_number: bool
    is_boolean: bool
    is_required: bool
    unit: str
    waits_for: str


@lru_cache(maxsize=256)
def columns_of(record: type[Record]) -> dict[str, Column]:
    """The columns of a table by name, from the fields of its record."""
    found = {}
    for name, field in record.model_fields.items():
        parts = annotation_parts(field.annotation)
        units = [p for p in (*field.metadata, *parts) if isinstance(p, Unit)]
        waits = field_mark(field, NotYetUsed)
        found[name] = Column(
            name=name,
            is_number=int in parts or float in parts,
            is_boolean=bool in parts,
            is_required=field.is_required(),
            unit=units[0].symbol if units else "",
            waits_for=waits.waits_for if waits else "",
        )
    return found


def annotation_parts(annotation: Any) -> tuple[Any, ...]:
    """Everything a type annotation is made of: `Year | None` gives int, Unit, None."""
    inner = getattr(annotation, "__args__", ())
    marks = getattr(annotation, "__metadata__", ())
    below = [part for arg in inner for part in annotation_parts(arg)]
    return (annotation, *marks, *below)


def read_cells(path: Path, file: str, problems: list[Problem]) -> list[list[str]]:
    """The cells of a CSV file, header first; empty if the file cannot be read.

    Parameters
    ----------
    path
        The file on disk.
    file
        Its name in messages.
    problems
        What is wrong is added here.
    """
    if path.stat().st_size > FILE_BYTES_MAX:
        limit = FILE_BYTES_MAX // 1_000_000
        problems.append(Problem(file, None, "", f"is larger than {limit} MB"))
        return []
    text = decoded(path.read_bytes(), file, problems)
    if text is None:
        return []
    if not text.strip():
        problems.append(Problem(file, None, "", "is empty; it needs a header row"))
        return []
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), strict=True):
            rows.append(row)
            if len(rows) > ROWS_MAX:
                message = f"has more than {ROWS_MAX:,} rows"
                problems.append(Problem(file, len(rows), "", message))
                return []
    except csv.Error as error:
        message = f"cannot be read as comma-separated values: {error}"
        problems.append(Problem(file, len(rows) + 1, "", message))
        return []
    return rows


def decoded(content: bytes, file: str, problems: list[Problem]) -> str | None:
    """The text of a UTF-8 file, or None and a problem that names the fix."""
    if content.startswith(b"\xef\xbb\xbf"):
        message = (
            "starts with a byte-order mark; save it as UTF-8 without BOM from a text "
            "editor or LibreOffice, or edit the study as a workbook (wasteplan convert)"
        )
        problems.append(Problem(file, None, "", message))
        return None
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        problems.append(Problem(file, None, "", "is UTF-16; save it as UTF-8"))
        return None
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        value = content[error.start]
        message = f"byte 0x{value:02x} is not UTF-8; save the file as UTF-8"
        problems.append(Problem(file, row, "", message))
        return None
    if "\x00" in text:
        row = text.count("\n", 0, text.index("\x00")) + 1
        problems.append(Problem(file, row, "", "holds a NUL byte; it is not text"))
        return None
    return text


def read_table(
    path: Path,
    record: type[R],
    key: Sequence[str],
    *,
    file: str,
    problems: list[Problem],
    may_remove: bool = False,
    unsound: list[UnsoundRow] | None = None,
) -> list[TableRow[R]]:
    """Read and check one CSV file; rows with mistakes are left out and reported.

    Parameters
    ----------
    path, file
        The file on disk and its name in messages.
    record
        The record that each row becomes.
    key
        Columns that together name a row.
    problems
        What is wrong is added here.
    may_remove
        Whether the column `_remove` is allowed (in a variant).
    unsound
        Takes what can be read of the rows left out.
    """
    return parse_table(
        read_cells(path, file, problems),
        record,
        key,
        file=file,
        problems=problems,
        may_remove=may_remove,
        unsound=unsound,
    )


def parse_table(
    cells: Sequence[Sequence[str]],
    record: type[R],
    key: Sequence[str],
    *,
    file: str,
    problems: list[Problem],
    may_remove: bool = False,
    unsound: list[UnsoundRow] | None = None,
) -> list[TableRow[R]]:
    """Turn cells, header first, into checked rows (see `read_table`).

    A mistake in the header leaves out every row, but the cells of the other columns are
    still checked.
    """
    if not cells:
        return []
    header = [name.strip() for name in cells[0]]
    is_good = header_is_good(header, record, file, problems, may_remove)
    usable = usable_columns(header, record, may_remove)
    left_out = [] if unsound is None else unsound
    rows: list[TableRow[R]] = []
    seen: dict[Key, int] = {}
    for number, row in enumerate(cells[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(header):
            message = f"has {len(row)} cells; the header has {len(header)}"
            if usable:
                problems.append(Problem(file, number, "", message))
            left_out.append(UnsoundRow(number, {}))
            continue
        both = zip(header, row, strict=True)
        filled = {n: s for n, c in both if n in usable and (s := c.strip())}
        found: list[Problem] = []
        made = row_from(dict(filled), record, key, file, number, found)
        problems += (p for p in found if is_good or p.field in usable)
        if made is None or not is_good:
            wrong = {p.field for p in found}
            sound = {n: s for n, s in filled.items() if n not in wrong}
            left_out.append(UnsoundRow(number, sound))
            continue
        if made.key in seen:
            message = f"{named(made.key)} is already in row {seen[made.key]}"
            problems.append(Problem(file, number, ", ".join(key), message))
            continue
        seen[made.key] = number
        rows.append(made)
    return rows


def usable_columns(
    header: Sequence[str], record: type[Record], may_remove: bool
) -> frozenset[str]:
    """The columns of a header that are known and stand there once."""
    known = {*columns_of(record), *([REMOVE_COLUMN] if may_remove else [])}
    return frozenset(n for n in header if n in known and header.count(n) == 1)


def header_is_good(
    header: Sequence[str],
    record: type[Record],
    file: str,
    problems: list[Problem],
    may_remove: bool,
) -> bool:
    """Check the header: no unknown, doubled or missing column."""
    columns = columns_of(record)
    known = [*columns, *([REMOVE_COLUMN] if may_remove else [])]
    before = len(problems)
    if len(header) == 1 and header[0] not in known and re.search(r"[;\t]", header[0]):
        mark = "tabs" if "\t" in header[0] else "semicolons"
        message = f"columns are separated by {mark}; separate them by commas"
        problems.append(Problem(file, 1, "", message))
        return False
    for position, name in enumerate(header, start=1):
        if not name:
            message = f"column {position} has no name"
            problems.append(Problem(file, 1, "", message))
        elif name not in known:
            message = f"unknown column '{name}'{did_you_mean(name, known)}"
            problems.append(Problem(file, 1, name, message))
        elif name in header[: position - 1]:
            problems.append(Problem(file, 1, name, "the column appears twice"))
    for name, column in columns.items():
        if column.is_required and name not in header:
            problems.append(Problem(file, 1, name, "the column is missing"))
    return len(problems) == before


def row_from(
    filled: dict[str, str],
    record: type[R],
    key: Sequence[str],
    file: str,
    number: int,
    problems: list[Problem],
) -> TableRow[R] | None:
    """One row from its filled cells, or None and the problems found in it."""
    remove = filled.pop(REMOVE_COLUMN, "0").lower()
    if remove not in BOOLEANS:
        message = f"'{remove}' is neither 0, 1, true nor false"
        problems.append(Problem(file, number, REMOVE_COLUMN, message))
        return None
    if BOOLEANS[remove]:
        return removal(filled, record, key, file, number, problems)
    values, wrong = checked_cells(filled, record)
    try:
        made = record.model_validate(values)
    except ValidationError as error:
        unread = {name for name, _ in wrong}
        wrong += [e for e in explained(error, record) if e[0] not in unread]
    else:
        if not wrong:
            return TableRow(number, key_of(made, key), made)
    problems.extend(Problem(file, number, name, text) for name, text in wrong)
    return None


def removal(
    filled: dict[str, str],
    record: type[R],
    key: Sequence[str],
    file: str,
    number: int,
    problems: list[Problem],
) -> TableRow[R] | None:
    """A row that removes one of the base: only its key is read."""
    values: list[Any] = []
    for name in key:
        field = record.model_fields[name]
        try:
            if name in filled:
                values.append(_adapter(record, name).validate_python(filled[name]))
            else:
                values.append(None if field.is_required() else field.get_default())
        except ValidationError as error:
            text = explanation(dict(error.errors()[0]), columns_of(record)[name].unit)
            problems.append(Problem(file, number, name, text))
            return None
    return TableRow(number, tuple(values), None)


@lru_cache(maxsize=512)
def _adapter(record: type[Record], name: str) -> TypeAdapter[Any]:
    """A validator of one field, for keys that stand without their row."""
    field: Any = record.model_fields[name].annotation
    return TypeAdapter(field)


def key_of(record: Record, key: Sequence[str]) -> Key:
    """The values of the key columns of a record."""
    return tuple(getattr(record, name) for name in key)


def named(key: Key) -> str:
    """A key as text: its parts joined by `/`; an unknown part is empty.

    >>> named(("factory", "textile", 10.0, None))
    'factory/textile/10/'
    """
    return "/".join(_part(part) for part in key)


def _part(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def checked_cells(
    filled: dict[str, str], record: type[Record]
) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """Cells ready for the record, and what is wrong with their form."""
    columns = columns_of(record)
    values: dict[str, Any] = {}
    wrong: list[tuple[str, str]] = []
    for name, cell in filled.items():
        column = columns[name]
        if column.waits_for:
            message = f"is not used yet (waits for {column.waits_for}); leave it empty"
            wrong.append((name, message))
        elif len(cell) > CELL_LENGTH_MAX:
            message = f"has {len(cell):,} characters; at most {CELL_LENGTH_MAX:,}"
            wrong.append((name, message))
        elif column.is_boolean:
            if cell.lower() in BOOLEANS:
                values[name] = BOOLEANS[cell.lower()]
            else:
                wrong.append((name, f"'{cell}' is neither 0, 1, true nor false"))
        elif column.is_number and not NUMBER.fullmatch(cell):
            wrong.append((name, not_a_number(cell)))
        else:
            values[name] = cell
    return values, wrong


def explained(error: ValidationError, record: type[Record]) -> list[tuple[str, str]]:
    """(column, message) of every mistake pydantic found in one row."""
    columns = columns_of(record)
    found = []
    for detail in error.errors(include_url=False):
        name = str(detail["loc"][0]) if detail["loc"] else ""
        unit = columns[name].unit if name in columns else None
        found.append((name, explanation(dict(detail), unit)))
    return found
