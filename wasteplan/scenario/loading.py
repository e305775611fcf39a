"""Reading a scenario folder, alone or as a variant of a sibling folder."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wasteplan.errors import Problem, ScenarioError, WasteplanError
from wasteplan.scenario.assembly import (
    catalogue_findings,
    make_scenario,
    source_problems,
)
from wasteplan.scenario.checks import LeftOut, problems_of
from wasteplan.scenario.checks_names import ids, references_of
from wasteplan.scenario.model import Scenario, SourceEntry
from wasteplan.scenario.registry import TABLE, TABLES, TableSpec
from wasteplan.scenario.settings import Settings
from wasteplan.scenario.settings_file import (
    SETTINGS_FILE,
    SOURCES_FILE,
    merged,
    read_toml,
    settings_from,
    sources_from,
)
from wasteplan.tables import Key, UnsoundRow, named, read_table
from wasteplan.units import Record, words
from wasteplan.wording import did_you_mean

SIBLING = re.compile(r"\.\./([A-Za-z0-9][A-Za-z0-9_-]*)/?")
LINEAGE_MAX = 8  # folders from a variant to the base of all


@dataclass
class Read:
    """What has been read so far, base first, and what is wrong with it."""

    settings: dict[str, Any] = field(default_factory=dict)
    sources: dict[str, SourceEntry] = field(default_factory=dict)
    tables: dict[str, dict[Key, Record]] = field(default_factory=dict)
    origins: dict[tuple[str, Key], tuple[str, int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    damaged: set[str] = field(default_factory=set)
    """Tables with a mistake in some row: what follows from them is not checked."""
    unsound: dict[str, list[tuple[str, UnsoundRow]]] = field(default_factory=dict)
    """What can be read of the rows with mistakes: table -> (file, row)."""
    nameless: set[str] = field(default_factory=set)
    """Tables in which the name of some row cannot be read."""


def load_scenario(folder: str | Path) -> Scenario:
    """Read, complete and check a scenario folder.

    Parameters
    ----------
    folder
        Holds `scenario.toml`, `<table>.csv` files and `sources.toml`.  A variant says
        `extends = "../base"` in `[scenario]`: its settings override the base's section
        by section, a row of its tables replaces the row of the base with the same key
        or is added, and a row with `_remove` = 1 takes one away.

    Raises
    ------
    ScenarioError
        With every problem found: file, row, column, value, limit.
    """
    path = Path(folder)
    read = Read()
    folders = lineage(path, read.problems)
    for position, each in enumerate(folders):
        read_folder(each, path, read, is_variant=position > 0)
    is_readable = bool(folders) and not any(
        p.file.endswith(SETTINGS_FILE) and not p.field for p in read.problems
    )
    settings = settings_from(read.settings, read.problems) if is_readable else None
    require_tables(read, bool(folders))
    if settings is None:
        raise ScenarioError(str(folder), read.problems)
    stated: dict[str, Any] = {n: rows.values() for n, rows in read.tables.items()}
    stated["sources"] = read.sources.values()
    read.problems += source_problems(stated, read.origins)
    without_unknown_entries(read, stated)
    scenario = assembled(path, settings, stated, read.problems)
    if scenario is not None:
        damaged = frozenset(read.damaged)
        left_out = LeftOut(
            {t: {_name(t, row) for _, row in rows} for t, rows in read.unsound.items()},
            read.nameless,
        )
        read.problems += problems_of(
            scenario, origins=read.origins, damaged=damaged, left_out=left_out
        )
        read.problems += unknown_names(read, scenario, left_out)
    if read.problems or scenario is None:
        raise ScenarioError(str(folder), read.problems)
    return scenario


def unknown_names(read: Read, scenario: Scenario, left_out: LeftOut) -> list[Problem]:
    """References that do not resolve, in rows that other mistakes have left out."""
    found = []
    for table, rows in read.unsound.items():
        for column, mark in references_of(TABLE[table].record):
            if mark.table == "sources" or mark.table in left_out.nameless:
                continue
            known = ids(scenario, mark.table) | set(left_out.ids.get(mark.table, ()))
            for file, row in rows:
                value = row.cells.get(column, "")
                for name in words(value) if mark.many else (value,):
                    if name and name not in known:
                        hint = did_you_mean(name, known)
                        message = f"no row '{name}' in {mark.table}{hint}"
                        found.append(Problem(file, row.number, column, message))
    return found


def _name(table: str, row: UnsoundRow) -> str:
    """What other tables call a row; empty if that cannot be read."""
    return row.cells.get("profile" if table == "profiles" else "id", "")


def without_unknown_entries(read: Read, stated: dict[str, Any]) -> None:
    """Report technologies whose catalogue entry cannot be, and leave them out."""
    technologies = tuple(stated.get("technologies", ()))
    found = catalogue_findings(technologies)
    if found:
        read.problems += [f.problem(read.origins) for f in found]
        read.damaged |= {"technologies", "sizes", "yields"}
        wrong = {f.key for f in found}
        stated["technologies"] = [t for t in technologies if (t.id,) not in wrong]


def assembled(
    path: Path, settings: Settings, stated: dict[str, Any], problems: list[Problem]
) -> Scenario | None:
    """The scenario of what could be read, completed but not yet checked."""
    try:
        return make_scenario(settings, check=False, folder=path, **stated)
    except ScenarioError as error:
        problems += error.problems
    except WasteplanError as error:
        problems.append(Problem(SETTINGS_FILE, None, "", str(error)))
    return None


def lineage(path: Path, problems: list[Problem]) -> list[Path]:
    """The folders to read, from the base of all to the folder itself."""
    chain: list[Path] = []
    current = path
    while True:
        file = label(SETTINGS_FILE, current, path)
        if not (current / SETTINGS_FILE).is_file():
            missing = "the folder does not exist" if not current.is_dir() else "missing"
            problems.append(Problem(file, None, "", missing))
            return []
        chain.append(current)
        heading = read_toml(current / SETTINGS_FILE, file, []).get("scenario", {})
        extends = heading.get("extends", "") if isinstance(heading, dict) else ""
        if not extends:
            return chain[::-1]
        message = cannot_extend(current, extends, chain)
        if message:
            problems.append(Problem(file, None, "[scenario] extends", message))
            return []
        current = current.resolve().parent / str(extends)[3:].rstrip("/")


def cannot_extend(current: Path, extends: object, chain: Sequence[Path]) -> str:
    """Why a variant cannot stand on what it extends; empty if it can."""
    if not isinstance(extends, str) or not SIBLING.fullmatch(extends):
        return f"'{extends}' is not a sibling folder, written '../name'"
    parent = current.resolve().parent
    base = (parent / extends[3:].rstrip("/")).resolve()
    if base.parent != parent:
        return f"'{extends}' leads outside {parent.name}"
    if not (base / SETTINGS_FILE).is_file():
        near = [f"../{p.parent.name}" for p in parent.glob(f"*/{SETTINGS_FILE}")]
        return f"no scenario '{extends}'{did_you_mean(extends, near)}"
    if base in [p.resolve() for p in chain]:
        return f"'{extends}' extends this scenario in turn"
    if len(chain) >= LINEAGE_MAX:
        return f"more than {LINEAGE_MAX} scenarios extend one another"
    return ""


def label(name: str, folder: Path, path: Path) -> str:
    """How messages name a file: alone, or with `../base/` when it is the base's."""
    return name if folder == path else f"../{folder.name}/{name}"


def read_folder(folder: Path, path: Path, read: Read, is_variant: bool) -> None:
    """Add one folder to what has been read: settings, sources and tables."""
    file = label(SETTINGS_FILE, folder, path)
    own = read_toml(folder / SETTINGS_FILE, file, read.problems)
    if is_variant:
        keeps_its_identity(own, read.settings, file, read.problems)
    read.settings = merged(read.settings, own)
    if (folder / SOURCES_FILE).is_file():
        file = label(SOURCES_FILE, folder, path)
        content = read_toml(folder / SOURCES_FILE, file, read.problems)
        read.sources.update(sources_from(content, file, read.problems))
    names = [f"{name}.csv" for name in TABLE]
    for found in sorted(folder.iterdir()):
        if found.suffix.lower() != ".csv":
            continue
        file = label(found.name, folder, path)
        if found.name not in names:
            message = f"unknown table{did_you_mean(found.name, names)}"
            read.problems.append(Problem(file, None, "", message))
        elif found.is_symlink() or not found.is_file():
            message = "must be a file in the scenario folder"
            read.problems.append(Problem(file, None, "", message))
        else:
            read_rows(found, TABLE[found.stem], file, read, is_variant)


def keeps_its_identity(
    own: dict[str, Any], base: dict[str, Any], file: str, problems: list[Problem]
) -> None:
    """A variant has a name of its own and the base's currency and price year."""
    heading, below = own.get("scenario"), base.get("scenario")
    if not isinstance(heading, dict) or not isinstance(below, dict):
        return
    if heading.get("name", below.get("name")) == below.get("name"):
        message = "a variant needs a name of its own"
        problems.append(Problem(file, None, "[scenario] name", message))
    for key in ("currency", "price_year"):
        if heading.get(key, below.get(key)) != below.get(key):
            message = (
                f"{heading[key]} differs from the base's {below.get(key)}; "
                "the money in the base's tables would change its meaning"
            )
            problems.append(Problem(file, None, f"[scenario] {key}", message))


def read_rows(
    path: Path, spec: TableSpec, file: str, read: Read, is_variant: bool
) -> None:
    """Read one table and lay its rows over those of the base."""
    before = len(read.problems)
    unsound: list[UnsoundRow] = []
    rows = read_table(
        path,
        spec.record,
        spec.key,
        file=file,
        problems=read.problems,
        may_remove=is_variant,
        unsound=unsound,
    )
    if len(read.problems) > before:
        read.damaged.add(spec.name)
        read.unsound.setdefault(spec.name, []).extend((file, row) for row in unsound)
        is_unread = not rows and not unsound
        if is_unread or not all(_name(spec.name, row) for row in unsound):
            read.nameless.add(spec.name)
    table = read.tables.setdefault(spec.name, {})
    below = set(table)
    for row in rows:
        if row.record is not None:
            table[row.key] = row.record
            read.origins[(spec.name, row.key)] = (file, row.number)
        elif row.key in below:
            del table[row.key]
        else:
            hint = did_you_mean(named(row.key), map(named, below))
            message = f"the base has no row {named(row.key)} to remove{hint}"
            column = ", ".join(spec.key)
            read.problems.append(Problem(file, row.number, column, message))


def require_tables(read: Read, has_folder: bool) -> None:
    """Report every required table that is missing or holds no row."""
    for spec in TABLES:
        if not (spec.is_required and has_folder) or read.tables.get(spec.name):
            continue
        if spec.name in read.damaged:
            continue
        exists = spec.name in read.tables
        message = "has no rows" if exists else f"missing ({spec.text})"
        read.problems.append(Problem(f"{spec.name}.csv", None, "", message))
