"""Reading `scenario.toml` and `sources.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from wasteplan.errors import Problem
from wasteplan.scenario.model import SourceEntry
from wasteplan.scenario.settings import Settings
from wasteplan.tables import NUMBER, columns_of, decoded
from wasteplan.units import Record
from wasteplan.wording import did_you_mean, explanation

SETTINGS_FILE = "scenario.toml"
SOURCES_FILE = "sources.toml"
FILE_BYTES_MAX = 10_000_000


def read_toml(path: Path, file: str, problems: list[Problem]) -> dict[str, Any]:
    """The content of a TOML file; empty, with a problem, if it cannot be read."""
    if path.stat().st_size > FILE_BYTES_MAX:
        limit = FILE_BYTES_MAX // 1_000_000
        problems.append(Problem(file, None, "", f"is larger than {limit} MB"))
        return {}
    text = decoded(path.read_bytes(), file, problems)
    if text is None:
        return {}
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        at = re.search(r"\(at line (\d+), column \d+\)", str(error))
        row = int(at.group(1)) if at else None
        message = f"is not TOML: {re.sub(r' *[(]at .*[)]', '', str(error))}"
        problems.append(Problem(file, row, "", message))
        return {}


def merged(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Settings of a variant: its own keys over the base's, section by section."""
    both = dict(base)
    for section, values in own.items():
        below = both.get(section)
        if isinstance(values, dict) and isinstance(below, dict):
            both[section] = {**below, **values}
        else:
            both[section] = values
    return both


def settings_from(
    content: Mapping[str, Any], problems: list[Problem]
) -> Settings | None:
    """Checked settings, or None and a problem for each mistake.

    A wrong key that has a default is reported and left out, so that the tables can be
    checked in the same go.
    """
    sections = {
        name: {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}
        if isinstance(values, dict)
        else values
        for name, values in content.items()
    }
    try:
        return Settings.model_validate(sections, strict=True)
    except ValidationError as error:
        details = error.errors(include_url=False)
    for detail in details:
        problems.append(_setting_problem(dict(detail)))
        section, *key = detail["loc"]
        holder: Any = sections.get(str(section)) if key else sections
        if isinstance(holder, dict):
            holder.pop(str(key[0] if key else section), None)
    try:
        return Settings.model_validate(sections, strict=True)
    except ValidationError:
        return None


def _setting_problem(detail: dict[str, Any]) -> Problem:
    """One pydantic error in the settings, with section and key."""
    section, *key = (str(part) for part in detail["loc"])
    record = _section(section)
    if not key:
        known = list(Settings.model_fields)
        texts = {
            "missing": f"the section [{section}] is missing",
            "extra_forbidden": f"unknown section{did_you_mean(section, known)}",
        }
        message = texts.get(detail["type"], f"[{section}] must be a section")
        return Problem(SETTINGS_FILE, None, f"[{section}]", message)
    name = key[0]
    columns = columns_of(record) if record else {}
    if detail["type"] == "extra_forbidden":
        message = f"unknown key '{name}'{did_you_mean(name, columns)}"
    elif detail["type"] == "missing":
        message = f"the key '{name}' is missing"
    else:
        message = explanation(detail, columns[name].unit if name in columns else None)
        message += _hint(name, detail.get("input"))
    return Problem(SETTINGS_FILE, None, f"[{section}] {name}", message)


def _hint(name: str, value: object) -> str:
    """The most likely fix of a value that is refused."""
    if isinstance(value, str) and NUMBER.fullmatch(value.strip()):
        return f"; remove the quotes: {name} = {value.strip()}"
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number and name.endswith("rate") and 1 <= float(str(value)) <= 100:
        return f"; {value} % is {float(str(value)) / 100:g}"
    return ""


def _section(name: str) -> type[Record] | None:
    field = Settings.model_fields.get(name)
    found = field.annotation if field else None
    return found if isinstance(found, type) and issubclass(found, Record) else None


def sources_from(
    content: Mapping[str, Any], file: str, problems: list[Problem]
) -> dict[str, SourceEntry]:
    """Entries of `sources.toml`: `[key]` with `text` and, if there is one, `url`."""
    found = {}
    for key, value in content.items():
        try:
            if not isinstance(value, dict):
                message = "must be a section with `text` and `url`"
                problems.append(Problem(file, None, f"[{key}]", message))
                continue
            found[key] = SourceEntry.model_validate({"id": key, **value}, strict=True)
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                name = str(detail["loc"][0])
                message = explanation(dict(detail), None)
                problems.append(Problem(file, None, f"[{key}] {name}", message))
    return found
