"""What stands in the sheets `scenario`, `sources` and `files` of a workbook.

Settings are rows (section, key, value); the items of a list are rows whose key ends in
`[]`. A text is written plain unless it would read as a number, a yes/no or a list, in
which case it is quoted as in TOML.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from wasteplan.errors import Problem, ScenarioError
from wasteplan.scenario.column_notes import column_notes
from wasteplan.scenario.rawfolder import SETTINGS_FILE, SOURCES_FILE
from wasteplan.scenario.registry import TABLE
from wasteplan.scenario.settings import Settings
from wasteplan.scenario.tomltext import (
    cell_of,
    plain_or_literal,
    section_name,
    section_path,
)
from wasteplan.scenario.writing import cell_text

SETTINGS_SHEET = "scenario"
SETTINGS_COLUMNS = ("section", "key", "value", "unit")
SOURCES_SHEET = "sources"
FILES_SHEET = "files"
FILES_COLUMNS = ("path", "part", "text")
PART_CHARACTERS = 30_000  # a cell of the .xlsx format holds 32 767
NOT_IN_PATHS = re.compile(r"[\\\x00-\x1f]|^[A-Za-z]:")  # other ways to leave a folder
EXACT_INTEGER_MAX = 10**15  # integers below survive as a spreadsheet number

Row = tuple[Any, ...]


def number_cell(text: str) -> float | int | None:
    """The number to store for a text, or None if the text must stay text.

    >>> number_cell("0.25"), number_cell("20"), number_cell("20.0"), number_cell("007")
    (0.25, 20.0, None, None)
    """
    try:
        number = float(text)
    except ValueError:
        return None
    if not math.isfinite(number):
        return None
    # The format keeps 16 digits, so a number that needs 17 stays text.
    stored = float(f"{number:.16G}")
    return stored if cell_text(stored) == text else None


def text_of_cell(value: Any) -> str:
    """A spreadsheet value as the text of a CSV cell."""
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return value.isoformat()
    return cell_text(value)


def settings_rows(settings: Mapping[str, Any]) -> list[Row]:
    """Settings as rows of the sheet `scenario`."""
    rows: list[Row] = [SETTINGS_COLUMNS]
    rows += _section_rows(settings, ())
    return rows


def _section_rows(section: Mapping[str, Any], path: tuple[str, ...]) -> list[Row]:
    rows: list[Row] = []
    name = section_name(path)
    own = {k: v for k, v in section.items() if not isinstance(v, Mapping)}
    for key, value in own.items():
        unit = _setting_unit(path, key)
        if isinstance(value, list) and value:
            rows += [(name, f"{key}[]", _setting_cell(v), unit) for v in value]
        else:
            rows.append((name, key, _setting_cell(value), unit))
    if path and not section:
        rows.append((name, "", "", ""))
    for key, value in section.items():
        if isinstance(value, Mapping):
            rows += _section_rows(value, (*path, key))
    return rows


def _setting_cell(value: Any) -> Any:
    """A yes/no or number as such where that is exact, else text."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int) and abs(value) < EXACT_INTEGER_MAX:
        return value
    if isinstance(value, float) and not value.is_integer():
        return value if number_cell(repr(value)) is not None else cell_of(value)
    return cell_of(value)


def _setting_unit(path: tuple[str, ...], key: str) -> str:
    if len(path) != 1 or path[0] not in Settings.model_fields:
        return ""
    section = Settings.model_fields[path[0]].annotation
    columns = column_notes(section) if isinstance(section, type) else ()
    return next((c.unit for c in columns if c.name == key), "")


def settings_of(rows: list[Row], problems: list[Problem]) -> dict[str, Any]:
    """Settings from rows of the sheet `scenario`; mistakes are added to `problems`."""
    settings: dict[str, Any] = {}
    for r, row in enumerate(rows[1:], start=2):
        section, key, value = ((*row, None, None, None))[:3]
        if section is None and key is None:
            continue
        try:
            path = section_path(text_of_cell(section))
        except (ValueError, AttributeError, RecursionError):
            problems.append(Problem(SETTINGS_SHEET, r, "section", f"bad: {section!r}"))
            continue
        message = _put_row(settings, path, key, value)
        if message:
            problems.append(Problem(SETTINGS_SHEET, r, text_of_cell(key), message))
    return settings


def _put_row(
    settings: dict[str, Any], path: tuple[str, ...], key: Any, value: Any
) -> str:
    """Add one row to the settings; why it cannot be, or empty."""
    target: Any = settings
    for i, part in enumerate(path):
        target = target.setdefault(part, {})
        if not isinstance(target, dict):
            name = section_name(path[: i + 1])
            return f"{name} is a value in a row above, and cannot be a section as well"
    if key is None:
        return ""
    text = text_of_cell(key)
    name = text.removesuffix("[]")
    known = target.get(name)
    if isinstance(known, dict):
        return f"{name} is a section in a row above, and cannot be a value as well"
    if text.endswith("[]"):
        if not isinstance(target.setdefault(name, []), list):
            return f"{name} is one value in a row above, and cannot be a list as well"
        target[name].append(_setting_value(value))
        return ""
    if name in target:
        return f"{name} stands in a row above already"
    target[name] = _setting_value(value)
    return ""


def _setting_value(value: Any) -> Any:
    if isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    return plain_or_literal(text_of_cell(value)) if value is not None else ""


def sources_rows(sources: Mapping[str, Any]) -> list[Row]:
    """Sources as rows, one a key; ScenarioError for a key that is no section."""
    entries = {k: v for k, v in sources.items() if isinstance(v, Mapping)}
    odd = sorted(set(sources) - set(entries))
    if odd:
        message = f"{odd[0]}: a source is a section [key] with `text` and `url`"
        raise ScenarioError(SOURCES_FILE, [Problem(SOURCES_FILE, None, "", message)])
    names = ["text", "url"]
    names += [k for v in entries.values() for k in v if k not in names]
    names = list(dict.fromkeys(names))
    rows: list[Row] = [("id", *names)]
    for key, entry in entries.items():
        cells = (cell_of(entry[n]) if n in entry else "" for n in names)
        rows.append((cell_of(key), *cells))
    return rows


def sources_of(rows: list[Row]) -> dict[str, Any]:
    """Sources from rows of the sheet `sources`."""
    if not rows:
        return {}
    names = [text_of_cell(n) for n in rows[0]]
    return {
        str(_setting_value(row[0])): {
            n: _setting_value(v)
            for n, v in zip(names[1:], row[1:], strict=False)
            if v is not None
        }
        for row in rows[1:]
        if row and row[0] is not None
    }


def files_rows(files: Mapping[str, str]) -> list[Row]:
    """Side files as rows, long texts in several parts."""
    rows: list[Row] = [FILES_COLUMNS]
    for path, text in files.items():
        starts = range(0, max(len(text), 1), PART_CHARACTERS)
        for part, start in enumerate(starts, start=1):
            rows.append((path, part, text[start : start + PART_CHARACTERS]))
    return rows


def files_of(rows: list[Row], problems: list[Problem]) -> dict[str, str]:
    """Side files from rows, put together in the order of `part`.

    Added to `problems` are paths that leave the folder, are hidden or are the name of a
    file with a sheet of its own, parts that are missing or there twice, and a path that
    is a file and a folder at once.
    """
    parts: dict[str, dict[int, str]] = {}
    for r, row in enumerate(rows[1:], start=2):
        if not any(cell is not None for cell in row):
            continue
        path, part, text = ((*row, None, None, None))[:3]
        name = text_of_cell(path)
        message = _why_not_a_side_file(name)
        if message:
            problems.append(Problem(FILES_SHEET, r, "path", message))
        elif isinstance(part, bool) or not isinstance(part, int | float) or part < 1:
            message = f"{text_of_cell(part)!r} is no part; parts count 1, 2, 3"
            problems.append(Problem(FILES_SHEET, r, "part", message))
        elif part in parts.setdefault(name, {}):
            message = f"part {part:g} of {name} is there twice"
            problems.append(Problem(FILES_SHEET, r, "part", message))
        else:
            parts[name][int(part)] = text_of_cell(text)
    for name, texts in parts.items():
        missing = sorted(set(range(1, len(texts) + 1)) - set(texts))
        if missing:
            message = f"part {missing[0]} of {name} is missing"
            problems.append(Problem(FILES_SHEET, None, "part", message))
        above = [str(p) for p in PurePosixPath(name).parents if str(p) in parts]
        if above:
            message = f"{above[0]} is a file and cannot hold {name}"
            problems.append(Problem(FILES_SHEET, None, "path", message))
    return {n: "".join(texts[i] for i in sorted(texts)) for n, texts in parts.items()}


def _why_not_a_side_file(name: str) -> str:
    """Why a path may not be written into a scenario folder, or empty."""
    path = PurePosixPath(name)
    if (
        not name
        or path.is_absolute()
        or ".." in path.parts
        or NOT_IN_PATHS.search(name)
    ):
        return f"not inside: {name!r}"
    if any(part.startswith(".") for part in path.parts):
        return f"{name!r} is hidden; hidden files are not carried"
    if str(path) != name:
        return f"{name!r} is not written plainly; write {str(path)!r}"
    own = {SETTINGS_FILE, SOURCES_FILE, *(f"{table}.csv" for table in TABLE)}
    if path.parts[0].lower() in own:
        return f"{name!r} has a sheet of its own"
    return ""
