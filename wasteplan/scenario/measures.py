"""Measures that a plan may take in a class of generators, and their combinations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product

from wasteplan.errors import WasteplanError
from wasteplan.scenario.derived import leakage_shares, period_of
from wasteplan.scenario.measure_records import Integration, LeakageMeasure, Programme
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import Period
from wasteplan.scenario.remembering import remembered

REGIMES_MAX = 64
"""Combinations of one class that are planned with; each has sources of its own."""

Regime = tuple[str, ...]
"""Measures at work in a class, by id, sorted; empty: none."""
NO_MEASURES: Regime = ()
MEASURE_TABLES = ("programmes", "leakage_measures", "integration")

Row = Programme | LeakageMeasure | Integration
PROTECTION = (
    "insurance_per_worker_y",
    "ppe_per_worker_y",
    "contributions_per_worker_y",
    "registration_per_worker_y",
)
"""Columns of social protection.  [money/(worker y)]"""


@dataclass(frozen=True)
class Measure:
    """A decision about a class of generators: its rows, in one table."""

    id: str
    table: str
    generator_class: str
    group: str
    """Of the measures of a class and group at most one is at work."""
    from_year: int
    may_stop: bool
    rows: tuple[Row, ...]

    @property
    def cost_per_y(self) -> float:
        """What running it costs, whatever it moves.  [money/y]"""
        return sum(row.cost_per_y + protection_per_y(row) for row in self.rows)


def protection_per_y(row: Row) -> float:
    """What the social protection of the workers covered costs.  [money/y]"""
    if not isinstance(row, Integration):
        return 0.0
    per_worker: float = sum(getattr(row, column) for column in PROTECTION)
    return row.workers * per_worker


@remembered
def measures(scenario: Scenario) -> dict[str, Measure]:
    """Every measure by id, in order of id."""
    found: dict[str, list[tuple[str, Row]]] = {}
    for table in MEASURE_TABLES:
        for row in getattr(scenario, table):
            found.setdefault(row.id, []).append((table, row))
    return {
        name: Measure(
            id=name,
            table=rows[0][0],
            generator_class=rows[0][1].generator_class,
            group=rows[0][1].group or _own_group(rows[0][1]),
            from_year=rows[0][1].from_year,
            may_stop=rows[0][1].may_stop,
            rows=tuple(row for _, row in rows),
        )
        for name, rows in sorted(found.items())
    }


def _own_group(row: Row) -> str:
    """Levels of enforcement and ways to integrate a trade exclude one another."""
    if isinstance(row, Integration):
        return f"integration of {row.informal}"
    return row.kind if isinstance(row, LeakageMeasure) else row.id


@remembered
def measures_of(scenario: Scenario, generator_class: str) -> tuple[Measure, ...]:
    """Measures of a class, in order of id."""
    every = measures(scenario).values()
    return tuple(m for m in every if m.generator_class == generator_class)


@remembered
def regimes(scenario: Scenario, generator_class: str) -> tuple[Regime, ...]:
    """Every combination of measures of a class, none first.

    One measure at most of each group: the product over groups of (none, each member).

    Raises
    ------
    WasteplanError
        There are more than `REGIMES_MAX`.
    """
    groups: dict[str, list[str]] = {}
    for measure in measures_of(scenario, generator_class):
        groups.setdefault(measure.group, [""]).append(measure.id)
    n = 1
    for members in groups.values():
        n *= len(members)
    if n > REGIMES_MAX:
        raise WasteplanError(
            f"the {len(measures_of(scenario, generator_class))} measures of class "
            f"{generator_class} can be combined in {n} ways, more than {REGIMES_MAX}: "
            "give measures that exclude one another the same `group`, join rows that "
            "go together under one id, or leave some out"
        )
    combinations = product(*groups.values())
    return tuple(tuple(sorted(m for m in one if m)) for one in combinations)


def may_work(scenario: Scenario, measure: str, period: str | Period) -> bool:
    """Whether a measure can be at work in all years of a period."""
    first = period_of(scenario, period).first_year
    return measures(scenario)[measure].from_year <= first


def rows_at_work(scenario: Scenario, regime: Iterable[str]) -> Iterator[Row]:
    """The rows of the measures of a regime."""
    known = measures(scenario)
    for name in regime:
        yield from known[name].rows


@remembered
def leakage_under(
    scenario: Scenario,
    generator_class: str,
    stream: str,
    period: str,
    regime: Regime = NO_MEASURES,
) -> dict[str, float]:
    """Share of a class's stream that goes to each fate, with measures at work.  [-]

    The response of `leakage_shares` at the changed advantage: price of the fate + legal
    price - price matching - expected penalty - what enforcement adds to it.
    """
    added = tuple(
        (row.fate, row.penalty_added_per_t)
        for row in rows_at_work(scenario, regime)
        if isinstance(row, LeakageMeasure) and row.kind == "enforcement"
    )
    return leakage_shares(
        scenario, generator_class, stream, period, added, paid_per_t(scenario, regime)
    )


def paid_per_t(scenario: Scenario, regime: Regime) -> float:
    """What price matching pays generators for a tonne collected.  [money/t]"""
    return sum(
        row.paid_per_t
        for row in rows_at_work(scenario, regime)
        if isinstance(row, LeakageMeasure)
    )
