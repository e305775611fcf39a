"""Write a scenario to a folder in canonical form, whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
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
    not_carried,
)
from wasteplan.scenario.registry import TABLES, TableSpec
from wasteplan.scenario.stated import Cell, row_name, stated_rows
from wasteplan.scenario.tomltext import toml_text
from wasteplan.units import Record, SourcedRecord


def hidden_entries(folder: Path) -> list[Path]:
    """Hidden files and folders at the top of a folder, such as `.git`."""
    return sorted(p for p in folder.iterdir() if p.name.startswith("."))


@contextmanager
def written_whole(
    folder: str | Path,
    replaces: str = "",
    keeps: Callable[[Path], Iterable[Path]] = hidden_entries,
) -> Iterator[Path]:
    """A temporary folder that takes the place of `folder` when the block ends well.

    If the block raises, nothing at `folder` has changed.

    Parameters
    ----------
    folder
        Where the result belongs.
    replaces
        A file name that marks a folder which may be replaced; without such a file in
        it, a folder that holds anything is left alone.
    keeps
        What of the old folder goes over to the new one, where the new one has nothing
        of that name; hidden files and folders if nothing is said.

    Raises
    ------
    WasteplanError
        If `folder` holds something else already, or nothing can be written beside it.
    """
    target = Path(folder).absolute()
    _may_be_written(target, replaces)
    temporary = _folder_beside(target)
    try:
        temporary.chmod(0o777 & ~_umask())  # mkdtemp makes it private to the user
        yield temporary
        _move_into_place(temporary, target, keeps)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def write_raw(raw: RawScenario, folder: str | Path, overwrite: bool = False) -> None:
    """Write a scenario as text to a folder: TOML, CSV and side files, canonical form.

    With `overwrite`, what a scenario as text never carries (hidden files, links, files
    that are no text or too large) stays in the folder.

    Raises
    ------
    WasteplanError
        If the folder holds something already that may not be replaced.
    ScenarioError
        If a side file would land outside the folder.
    """
    replaces = SETTINGS_FILE if overwrite else ""
    with written_whole(folder, replaces, not_carried) as temporary:
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


def _folder_beside(target: Path) -> Path:
    """A new folder on the same file system; an error names the place, not the try."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    except OSError as error:
        why = error.strerror or str(error)
        raise WasteplanError(f"{target.parent} cannot be written: {why}") from error


def _move_into_place(
    temporary: Path, target: Path, keeps: Callable[[Path], Iterable[Path]]
) -> None:
    """Put a folder in the place of another; whatever stops it, one of them is there."""
    if not target.exists():
        os.replace(temporary, target)
        return
    kept = [p.relative_to(target) for p in keeps(target)]
    kept = [name for name in kept if not os.path.lexists(temporary / name)]
    old = _folder_beside(target) / target.name
    try:
        os.replace(target, old)
        _move(kept, old, temporary)
        os.replace(temporary, target)
    except BaseException:
        if old.exists() and not target.exists():
            _move(kept, temporary, old)
            os.replace(old, target)
        raise
    finally:
        if target.exists():
            shutil.rmtree(old.parent, ignore_errors=True)


def _move(names: Iterable[Path], origin: Path, destination: Path) -> None:
    for name in names:
        if os.path.lexists(origin / name):
            (destination / name).parent.mkdir(parents=True, exist_ok=True)
            os.replace(origin / name, destination / name)


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
