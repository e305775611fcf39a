"""What differs between two scenarios: rows, cells and settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from wasteplan.scenario.column_notes import column_notes
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.registry import TABLES, TableSpec
from wasteplan.scenario.writing import cell_text
from wasteplan.units import Record, SourcedRecord

Key = tuple[str, ...]


@dataclass(frozen=True)
class Difference:
    """One thing that is not the same in both scenarios."""

    table: str
    """Table name, or `scenario.toml`."""
    row: str
    """Key of the row, its parts joined by ` / `; the section for a setting."""
    column: str
    """Empty when a whole row was added or removed."""
    change: Literal["added", "removed", "changed"]
    before: str = ""
    after: str = ""
    unit: str = ""

    def __str__(self) -> str:
        place = f"{self.table} [{self.row}]"
        if not self.column:
            return f"{place} {self.change}"
        unit = f" {self.unit}" if self.unit and self.unit != "-" else ""
        before, after = (v or "(empty)" for v in (self.before, self.after))
        return f"{place} {self.column}: {before} -> {after}{unit}"


def difference(before: Scenario, after: Scenario) -> tuple[Difference, ...]:
    """Settings changed, and rows added, removed and changed cell by cell.

    Both scenarios are compared as loaded, that is with inherited rows and catalogue
    values filled in, so a default written out is no difference.

    Returns
    -------
    tuple of Difference
        Settings first, then tables in the order of the registry, rows in key order.
    """
    found = _settings_differences(before, after)
    for spec in TABLES:
        old = _by_key(spec, getattr(before, spec.name, ()))
        new = _by_key(spec, getattr(after, spec.name, ()))
        found += _table_differences(spec, old, new)
    return tuple(found)


def _settings_differences(before: Scenario, after: Scenario) -> list[Difference]:
    found: list[Difference] = []
    for name in type(before.settings).model_fields:
        old, new = getattr(before.settings, name), getattr(after.settings, name)
        found += _cell_differences("scenario.toml", name, old, new)
    return found


def _table_differences(
    spec: TableSpec, old: Mapping[Key, Record], new: Mapping[Key, Record]
) -> list[Difference]:
    found: list[Difference] = []
    for key in sorted({*old, *new}):
        row = " / ".join(part for part in key if part)
        if key not in new:
            found.append(Difference(spec.name, row, "", "removed"))
        elif key not in old:
            found.append(Difference(spec.name, row, "", "added"))
        else:
            found += _cell_differences(spec.name, row, old[key], new[key])
    return found


def _cell_differences(table: str, row: str, old: Any, new: Any) -> list[Difference]:
    if not isinstance(old, Record) or old == new:
        return []
    return [
        Difference(table, row, note.name, "changed", before, after, note.unit)
        for note in column_notes(type(old))
        for before, after in _changes(getattr(old, note.name), getattr(new, note.name))
    ]


def _changes(old: Any, new: Any) -> list[tuple[str, str]]:
    """Texts before and after; of a list only the items that went and came."""
    if old == new:
        return []
    if not isinstance(old, tuple) or not isinstance(new, tuple):
        return [(cell_text(old), cell_text(new))]
    went = [(cell_text(x), "") for x in old if x not in new]
    came = [("", cell_text(x)) for x in new if x not in old]
    return went + came or [(cell_text(old), cell_text(new))]


def _by_key(spec: TableSpec, rows: tuple[SourcedRecord, ...]) -> dict[Key, Record]:
    return {tuple(cell_text(getattr(r, c)) for c in spec.key): r for r in rows}
