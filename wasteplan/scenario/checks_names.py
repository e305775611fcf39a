"""Rules on names: references resolve, ids are unambiguous."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from wasteplan.scenario.findings import Finding, about
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.registry import TABLES
from wasteplan.tables import did_you_mean
from wasteplan.units import Record, Reference, field_mark, words


@cache
def references_of(record: type[Record]) -> tuple[tuple[str, Reference], ...]:
    """(column, what it names) of every column that names a row of another table."""
    marks = ((n, field_mark(f, Reference)) for n, f in record.model_fields.items())
    return tuple((name, mark) for name, mark in marks if mark is not None)


def ids(scenario: Scenario, table: str) -> set[str]:
    """The names that a reference to a table may use."""
    if table == "profiles":
        return {p.profile for p in scenario.profiles}
    if table == "sources":
        return {s.id for s in scenario.sources}
    return {row.id for row in getattr(scenario, table)}


def every_reference_resolves(scenario: Scenario) -> Iterator[Finding]:
    """A cell that names a row of another table names one that exists."""
    known: dict[str, set[str]] = {}
    for spec in TABLES:
        for row in getattr(scenario, spec.name, ()):
            for column, mark in references_of(spec.record):
                if mark.table == "sources":
                    continue
                if mark.table not in known:
                    known[mark.table] = ids(scenario, mark.table)
                value = getattr(row, column)
                for name in words(value) if mark.many else (value,):
                    if name and name not in known[mark.table]:
                        hint = did_you_mean(name, known[mark.table])
                        message = f"no row '{name}' in {mark.table}{hint}"
                        yield about(spec.name, row, column, message)


NAME_RULES = (every_reference_resolves,)
