"""A sample as a variant of the scenario: the same case with other numbers in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from wasteplan.scenario.checks_money import BOUNDS
from wasteplan.scenario.derived import distances, leakage_shares, roads_of
from wasteplan.scenario.findings import row_name
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.remembering import carry, remembered
from wasteplan.scenario.sampling import Samples
from wasteplan.scenario.uncertain import UncertainNumber
from wasteplan.units import SourcedRecord

Changes = dict[int, dict[str, float]]
"""Position of a row in its table -> column -> new value."""

CLOSED: Mapping[str, tuple[str, ...]] = {
    "composition": ("stream", "within"),
    "yields": ("technology", "fraction", "component"),
}
"""Tables whose shares sum to 1 within rows that have the same of these columns."""

ROADS = frozenset({"nodes", "edges", "distances"})
PLACE = frozenset({"lon", "lat"})
OF_ROADS = (roads_of, distances)
"""What follows from tables and columns of roads and places alone."""


def sample_of(scenario: Scenario, samples: Samples, i: int) -> Scenario:
    """The scenario with the numbers of one sample, as any command takes it.

    Shares that must sum to 1 (compositions, yields) still do: those without a range
    share what the drawn ones leave, in their proportions; if there are none, or nothing
    is left, all are divided by their sum.  Shares of leakage that would add to more
    than 1 are divided by their sum.

    Parameters
    ----------
    scenario
        The case of which the numbers were found.
    samples, i
        Which sample.

    Raises
    ------
    IndexError
        If there is no such sample.
    """
    return with_values(scenario, samples.numbers, samples.values[i].tolist())


def with_values(
    scenario: Scenario, numbers: Sequence[UncertainNumber], values: Sequence[float]
) -> Scenario:
    """The scenario with other values in some cells, closed as `sample_of` says.

    Raises
    ------
    KeyError
        If a number names a row that is not there.
    """
    changes: dict[str, Changes] = defaultdict(lambda: defaultdict(dict))
    for number, value in zip(numbers, values, strict=True):
        at = _row_places(scenario, number.table)[number.row]
        changes[number.table][at][number.column] = (
            int(value) if number.is_whole else value
        )
    tables: dict[str, Any] = {
        table: _changed(scenario, table, cells) for table, cells in changes.items()
    }
    moved = replace(scenario, **tables)
    if not any(number.table in ROADS or number.column in PLACE for number in numbers):
        carry(scenario, moved, OF_ROADS)
    return _leaking_at_most_all(moved) if "leakage" in tables else moved


@remembered
def _row_places(scenario: Scenario, table: str) -> dict[str, int]:
    rows = getattr(scenario, table)
    return {row_name(table, row): at for at, row in enumerate(rows)}


def _changed(
    scenario: Scenario, table: str, cells: Changes
) -> tuple[SourcedRecord, ...]:
    rows: list[SourcedRecord] = list(getattr(scenario, table))
    if table in CLOSED:
        _close(scenario, table, cells)
    for at, update in cells.items():
        rows[at] = rows[at].model_copy(update={**update, **_outgrown(rows[at], update)})
    return tuple(rows)


def _outgrown(row: SourcedRecord, update: Mapping[str, float]) -> dict[str, Any]:
    """Columns of low and high that a value has left behind: they are emptied."""
    found: dict[str, Any] = {}
    for value, low, high in BOUNDS:
        if value in update and hasattr(row, low) and hasattr(row, high):
            below, above = getattr(row, low), getattr(row, high)
            if below is not None and below > update[value]:
                found[low] = None
            if above is not None and above < update[value]:
                found[high] = None
    return found


def _close(scenario: Scenario, table: str, cells: Changes) -> None:
    """Make the shares of every group with a drawn one sum to 1."""
    rows = getattr(scenario, table)
    drawn = {at: cell["share"] for at, cell in cells.items() if "share" in cell}
    groups = _closed_groups(scenario, table)
    members = _group_members(scenario, table)
    for group in dict.fromkeys(groups[at] for at in drawn):
        ours = {at: drawn[at] for at in members[group] if at in drawn}
        others = {at: rows[at].share for at in members[group] if at not in drawn}
        taken, rest = sum(ours.values()), sum(others.values())
        if rest > 0 and taken <= 1:
            closed = {at: share * (1 - taken) / rest for at, share in others.items()}
        else:
            total = (taken + rest) or 1.0
            closed = {at: share / total for at, share in {**ours, **others}.items()}
        for at, share in closed.items():
            cells[at]["share"] = share


@remembered
def _closed_groups(scenario: Scenario, table: str) -> tuple[tuple[str, ...], ...]:
    """The group of each row."""
    keys = CLOSED[table]
    rows = getattr(scenario, table)
    return tuple(tuple(str(getattr(row, key)) for key in keys) for row in rows)


@remembered
def _group_members(
    scenario: Scenario, table: str
) -> dict[tuple[str, ...], tuple[int, ...]]:
    found: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for at, group in enumerate(_closed_groups(scenario, table)):
        found[group].append(at)
    return {group: tuple(places) for group, places in found.items()}


def _leaking_at_most_all(scenario: Scenario) -> Scenario:
    """Responses that would take more than there is, scaled to take all."""
    most: dict[tuple[str, str], float] = {}
    for pair in dict.fromkeys((s.generator_class, s.stream) for s in scenario.leakage):
        most[pair] = max(
            sum(leakage_shares(scenario, *pair, period.id).values())
            for period in scenario.periods
        )
    if all(total <= 1 for total in most.values()):
        return scenario
    rows = []
    for row in scenario.leakage:
        total = most[row.generator_class, row.stream]
        if total > 1:
            update = {"share": row.share / total, "low": None, "high": None}
            row = row.model_copy(update=update)
        rows.append(row)
    return replace(scenario, leakage=tuple(rows))
