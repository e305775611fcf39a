"""What a check finds, before it is known in which file and row the record stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wasteplan.errors import Problem
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.registry import TABLE
from wasteplan.tables import Key, key_of, named
from wasteplan.units import Record

Origins = Mapping[tuple[str, Key], tuple[str, int]]
"""(table, key of a row) -> (file, row number)."""


@dataclass(frozen=True)
class Finding:
    """A mistake, or something that may surprise, in one record or table."""

    table: str
    key: Key | None
    column: str
    message: str
    is_warning: bool = False
    names: str = ""
    """The table that the cell names a row of, if the row is not there."""
    name: str = ""
    """What the cell names."""

    def problem(self, origins: Origins) -> Problem:
        """The finding at its file and row; in memory the key stands for the row."""
        if self.key is None:
            return Problem(_file(self.table), None, self.column, self.message)
        at = origins.get((self.table, self.key))
        if at is not None:
            return Problem(at[0], at[1], self.column, self.message)
        column = f"{named(self.key)}, {self.column}".rstrip(", ")
        return Problem(_file(self.table), None, column, self.message)


def _file(table: str) -> str:
    return f"{table}.csv" if table in TABLE else table


def about(
    table: str, record: Record, column: str, message: str, is_warning: bool = False
) -> Finding:
    """A finding on one record of a table."""
    return Finding(table, row_key(table, record), column, message, is_warning)


def on_table(
    table: str, message: str, column: str = "", is_warning: bool = False
) -> Finding:
    """A finding on a whole table or file."""
    return Finding(table, None, column, message, is_warning)


def row_key(table: str, record: Record) -> Key:
    """The key of a record in its table."""
    return key_of(record, TABLE[table].key)


def row_name(table: str, record: Any) -> str:
    """How `provenance.csv` and `ranges.csv` name a row: key parts joined by `/`."""
    return named(row_key(table, record))


@dataclass(frozen=True)
class Rule:
    """A rule across tables; its name is its function's."""

    check: Callable[[Scenario], Iterator[Finding]]
    tables: frozenset[str]
    """Tables it reads; with a mistake in one of them the rule is not asked."""

    @property
    def name(self) -> str:
        """The rule in words joined by underscores."""
        return self.check.__name__

    def __call__(self, scenario: Scenario) -> Iterator[Finding]:
        """What the rule finds in a scenario."""
        return self.check(scenario)


def reads(*tables: str) -> Callable[[Callable[[Scenario], Iterator[Finding]]], Rule]:
    """Mark a function as a rule that reads the given tables."""
    return lambda check: Rule(check, frozenset(tables))
