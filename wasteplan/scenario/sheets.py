"""What stands in the sheets `scenario`, `sources` and `files` of a workbook.

Settings are rows (section, key, value); the items of a list are rows whose key ends in
`[]`. A text is written plain unless it would read as a number, a yes/no or a list, in
which case it is quoted as in TOML.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from wasteplan.errors import Problem, ScenarioError
from wasteplan.scenario.column_notes import column_notes
from wasteplan.scenario.rawfolder import SOURCES_FILE
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
        except ValueError:
            problems.append(Problem(SETTINGS_SHEET, r, "section", f"bad: {section!r}"))
            continue
        target = settings
        for part in path:
            target = target.setdefault(part, {})
        if key is not None:
            _put(target, text_of_cell(key), _setting_value(value))
    return settings


def _put(section: dict[str, Any], key: str, value: Any) -> None:
    if key.endswith("[]"):
        section.setdefault(key.removesuffix("[]"), []).append(value)
    else:
        section[key] = value


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
    """Side files from rows; a path outside the folder is added to `problems`."""
    files: dict[str, str] = {}
    for r, row in enumerate(rows[1:], start=2):
        path, _, text = ((*row, None, None, None))[:3]
        name = text_of_cell(path)
        if not name or name.startswith("/") or ".." in Path(name).parts:
            problems.append(Problem(FILES_SHEET, r, "path", f"not inside: {name!r}"))
            continue
        files[name] = files.get(name, "") + text_of_cell(text)
    return files
