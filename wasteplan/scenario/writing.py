"""Write a scenario to a folder in canonical form, whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from wasteplan.errors import Problem, ScenarioError, WasteplanError
from wasteplan.scenario.column_notes import ColumnNote, column_notes
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.rawfolder import (
    SETTINGS_FILE,
    SOURCES_FILE,
    RawScenario,
    RawTable,
    csv_text,
)
from wasteplan.scenario.registry import TABLES, TableSpec
from wasteplan.scenario.stated import Cell, row_name, stated_rows
from wasteplan.scenario.tomltext import toml_text
from wasteplan.units import Record, SourcedRecord


@contextmanager
def written_whole(folder: str | Path, replaces: str = "") -> Iterator[Path]:
    """A temporary folder that takes the place of `folder` when the block ends well.

    If the block raises, nothing at `folder` has changed.

    Parameters
    ----------
    folder
        Where the result belongs.
    replaces
        A file name that marks a folder which may be replaced; without such a file in
        it, a folder that holds anything is left alone.

    Raises
    ------
    WasteplanError
        If `folder` holds something else already.
    """
    target = Path(folder).absolute()
    _may_be_written(target, replaces)
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        temporary.chmod(0o777 & ~_umask())  # mkdtemp makes it private to the user
        yield temporary
        _move_into_place(temporary, target)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def write_raw(raw: RawScenario, folder: str | Path, overwrite: bool = False) -> None:
    """Write a scenario as text to a folder: TOML, CSV and side files, canonical form.

    Raises
    ------
    WasteplanError
        If the folder holds something already that may not be replaced.
    ScenarioError
        If a side file would land outside the folder.
    """
    replaces = SETTINGS_FILE if overwrite else ""
    with written_whole(folder, replaces) as temporary:
        _write_text(temporary / SETTINGS_FILE, toml_text(raw.settings))
        if raw.sources:
            _write_text(temporary / SOURCES_FILE, toml_text(raw.sources))
        for name, table in raw.tables.items():
            _write_text(temporary / f"{name}.csv", csv_text(table))
        for name, text in raw.files.items():
            _write_text(_inside(temporary, name), text)


def write_scenario(
    scenario: Scenario, folder: str | Path, overwrite: bool = False
) -> None:
    """Write a scenario's records to a folder that `load_scenario` reads back.

    Written is what was stated: what the packaged catalogue filled is left empty again,
    so that it keeps its source.  A variant is written whole, without its base.
    """
    write_raw(raw_of(scenario), folder, overwrite)


def raw_of(scenario: Scenario) -> RawScenario:
    """The text form of what a scenario states."""
    tables = {
        spec.name: _table_of(spec, rows, scenario.filled_cells)
        for spec in TABLES
        if (rows := stated_rows(scenario, spec))
    }
    sources = {
        s.id: s.model_dump(exclude={"id"}, exclude_defaults=True)
        for s in scenario.sources
    }
    return RawScenario(_settings_of(scenario), sources, tables)


def cell_text(value: Any) -> str:
    """One value as the text of a CSV cell.

    >>> [cell_text(v) for v in (0.1, 20.0, True, None, "a")]
    ['0.1', '20', 'true', '', 'a']
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        whole = value.is_integer() and abs(value) < 1e15
        return str(int(value)) if whole else repr(value)
    return str(value)


def _table_of(
    spec: TableSpec, rows: Sequence[SourcedRecord], filled: Collection[Cell]
) -> RawTable:
    """The cells that the rows state; a column that no row states is left out."""
    notes = column_notes(spec.record)
    body = [[_stated(spec, row, note, filled) for note in notes] for row in rows]
    keep = [
        i
        for i, note in enumerate(notes)
        if note.is_required or note.name in spec.key or any(row[i] for row in body)
    ]
    return RawTable(
        tuple(notes[i].name for i in keep),
        tuple(tuple(row[i] for i in keep) for row in body),
    )


def _stated(
    spec: TableSpec, row: SourcedRecord, note: ColumnNote, filled: Collection[Cell]
) -> str:
    """The text of a cell; empty if the catalogue filled it or it is left to default."""
    value = getattr(row, note.name)
    is_default = note.name not in row.model_fields_set and value == note.default
    if is_default or (spec.name, row_name(spec, row), note.name) in filled:
        return ""
    return cell_text(value)


def _settings_of(scenario: Scenario) -> dict[str, Any]:
    """Sections with the keys that differ from their default."""
    sections: dict[str, Any] = {}
    for name in type(scenario.settings).model_fields:
        section = getattr(scenario.settings, name)
        if isinstance(section, Record):
            changed = {
                c.name: getattr(section, c.name)
                for c in column_notes(type(section))
                if c.is_required or getattr(section, c.name) != c.default
            }
            changed.pop("extends", None)  # the rows of the base are written, too
            if changed:
                sections[name] = changed
    return sections


def _may_be_written(target: Path, replaces: str) -> None:
    if not target.exists():
        return
    if not target.is_dir():
        raise WasteplanError(f"{target} is a file; name a folder")
    if not any(target.iterdir()):
        return
    if not replaces or not (target / replaces).is_file():
        mark = f" (it has no {replaces})" if replaces else ""
        raise WasteplanError(
            f"{target} holds something already{mark}; name a new or empty folder"
        )


def _move_into_place(temporary: Path, target: Path) -> None:
    if not target.exists():
        os.replace(temporary, target)
        return
    aside = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    old = aside / target.name
    os.replace(target, old)
    try:
        os.replace(temporary, target)
    except OSError:
        os.replace(old, target)
        raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _inside(folder: Path, name: str) -> Path:
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()) or ".." in Path(name).parts:
        problem = Problem("files", None, "path", f"{name!r} is outside the folder")
        raise ScenarioError(str(folder), [problem])
    return path


def _write_text(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8"))


def _umask() -> int:
    """The process's file mode mask, which can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
