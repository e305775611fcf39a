"""A scenario folder as text, before anything is understood or checked.

Conversion and copying work on this form, so that even a folder with mistakes passes
through unchanged.
"""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wasteplan.errors import Problem, ScenarioError
from wasteplan.scenario.registry import TABLE
from wasteplan.scenario.settings_file import FILE_BYTES_MAX as TOML_BYTES_MAX
from wasteplan.scenario.settings_file import SETTINGS_FILE, SOURCES_FILE
from wasteplan.tables import FILE_BYTES_MAX, ROWS_MAX

COLUMNS_MAX = 1_000  # of a table; the widest known has some 30
CELLS_MAX = 20_000_000  # of a table, short rows counted at full width
CARRIED_BYTES_MAX = 2_000_000  # a larger side file is named, not carried


@dataclass(frozen=True)
class RawTable:
    """A table as written: column names and rows of text, all rows of equal width."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class RawScenario:
    """Everything in a scenario folder, as text."""

    settings: Mapping[str, Any]
    sources: Mapping[str, Any] = field(default_factory=dict)
    tables: Mapping[str, RawTable] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    """Other text files (plans, roads, notes) by path inside the folder."""
    left_behind: tuple[str, ...] = ()
    """Files that are not text or are too large to carry."""


def raw_table(rows: Iterable[Iterable[str]]) -> RawTable:
    """A table in canonical shape: line ends unified, empty rows and edges dropped.

    >>> raw_table([["id", "name", ""], ["a", "A", ""], ["", "", ""]])
    RawTable(columns=('id', 'name'), rows=(('a', 'A'),))
    """
    trimmed = [_without_empty_end(_unified(cell) for cell in row) for row in rows]
    if not trimmed:
        return RawTable(())
    columns, body = trimmed[0], [row for row in trimmed[1:] if row]
    width = len(columns)
    padded = tuple(row + ("",) * (width - len(row)) for row in body)
    return RawTable(columns, padded)


def csv_text(table: RawTable) -> str:
    """A table as CSV: commas, line feeds, quotes only where needed."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    if table.columns or table.rows:
        writer.writerow(table.columns)
        writer.writerows(table.rows)
    return out.getvalue()


def read_raw(folder: str | Path) -> RawScenario:
    """Read a scenario folder as text.

    Raises
    ------
    ScenarioError
        If the folder or its `scenario.toml` is missing, or a file cannot be read as
        TOML or CSV text.
    """
    folder = Path(folder)
    problems: list[Problem] = []
    if not (folder / SETTINGS_FILE).is_file():
        missing = Problem(SETTINGS_FILE, None, "", "missing; not a scenario folder")
        raise ScenarioError(str(folder), [missing])
    tables = {
        name: _read_csv(folder / f"{name}.csv", problems)
        for name in TABLE
        if (folder / f"{name}.csv").is_file()
    }
    files, left_behind = _other_files(folder)
    raw = RawScenario(
        settings=_read_toml(folder / SETTINGS_FILE, problems),
        sources=_read_toml(folder / SOURCES_FILE, problems),
        tables=tables,
        files=files,
        left_behind=left_behind,
    )
    if problems:
        raise ScenarioError(str(folder), problems)
    return raw


def not_carried(folder: Path) -> list[Path]:
    """What `read_raw` passes over: hidden entries, links, what is no text, too large.

    Of a hidden folder the folder itself is named, not what lies in it.
    """
    found: list[Path] = []
    for path in sorted(folder.rglob("*")):
        if any(parent in found for parent in path.parents):
            continue
        if (
            path.name.startswith(".")
            or path.is_symlink()
            or (path.is_file() and _text_of(path) is None and not _is_own(path, folder))
        ):
            found.append(path)
    return found


def _is_own(path: Path, folder: Path) -> bool:
    own = {SETTINGS_FILE, SOURCES_FILE, *(f"{name}.csv" for name in TABLE)}
    return path.relative_to(folder).as_posix() in own


def _read_csv(path: Path, problems: list[Problem]) -> RawTable:
    if _is_too_large(path, FILE_BYTES_MAX, problems):
        return RawTable(())
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return raw_table(_bounded(csv.reader(file, strict=True)))
    except UnicodeDecodeError:
        problems.append(Problem(path.name, None, "", "not UTF-8 text"))
    except csv.Error as error:
        problems.append(Problem(path.name, None, "", f"not a CSV table: {error}"))
    return RawTable(())


def _bounded(rows: Iterable[list[str]]) -> Iterator[list[str]]:
    """Rows as long as they are within the limits; beyond them a csv.Error.

    Short rows are filled up to the width of the header, so the header's width counts.
    """
    width = 0
    for number, row in enumerate(rows, start=1):
        width = max(width, len(row)) if number == 1 else width
        if len(row) > COLUMNS_MAX:
            raise csv.Error(f"row {number} has more than {COLUMNS_MAX:,} columns")
        if number > ROWS_MAX:
            raise csv.Error(f"it has more than {ROWS_MAX:,} rows")
        if number * width > CELLS_MAX:
            raise csv.Error(f"it has more than {CELLS_MAX:,} cells")
        yield row


def _read_toml(path: Path, problems: list[Problem]) -> dict[str, Any]:
    if not path.is_file() or _is_too_large(path, TOML_BYTES_MAX, problems):
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        problems.append(Problem(path.name, None, "", "not UTF-8 text"))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        problems.append(Problem(path.name, None, "", f"not TOML: {error}"))
    return {}


def _is_too_large(path: Path, limit: int, problems: list[Problem]) -> bool:
    if path.stat().st_size <= limit:
        return False
    message = f"is larger than {limit // 1_000_000} MB"
    problems.append(Problem(path.name, None, "", message))
    return True


def _other_files(folder: Path) -> tuple[dict[str, str], tuple[str, ...]]:
    own = {SETTINGS_FILE, SOURCES_FILE, *(f"{name}.csv" for name in TABLE)}
    texts: dict[str, str] = {}
    left_behind: list[str] = []
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        hidden = any(part.startswith(".") for part in inside.parts)
        if hidden or path.is_symlink() or not path.is_file() or str(inside) in own:
            continue
        text = _text_of(path)
        if text is None:
            left_behind.append(inside.as_posix())
        else:
            texts[inside.as_posix()] = text
    return texts, tuple(left_behind)


def _text_of(path: Path) -> str | None:
    if path.stat().st_size > CARRIED_BYTES_MAX:
        return None
    try:
        return _unified(path.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError:
        return None


def _unified(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _without_empty_end(cells: Iterable[str]) -> tuple[str, ...]:
    row = list(cells)
    while row and row[-1] == "":
        row.pop()
    return tuple(row)
