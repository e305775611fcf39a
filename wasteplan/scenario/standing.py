"""What a study stands on: whose tonnages, checked against what, and how sure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

from wasteplan.network.distance import GraphRoads
from wasteplan.network.snapping import NetworkStanding
from wasteplan.network.snapping import standing as network_standing
from wasteplan.scenario.burning import Burning, burning
from wasteplan.scenario.certainty import cell_status
from wasteplan.scenario.checks import warnings_of
from wasteplan.scenario.checks_sources import measured_columns
from wasteplan.scenario.derived import place, roads_of, tonnage
from wasteplan.scenario.findings import row_name
from wasteplan.scenario.hauls import is_effluent
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.reconciling import (
    Comparison,
    Reconciliation,
    compared,
    reconciled,
)
from wasteplan.scenario.registry import TABLES
from wasteplan.units import STATUS_ORDER, WEAK_STATUSES, SourcedRecord, weakest

UNSTATED = "no source"
SOLID_UNIT = "t/y"
EFFLUENT_UNIT = "m3/y"
FRACTION_TABLES = ("fraction_properties", "yields")


@dataclass(frozen=True)
class TonnageSource:
    """Waste of the horizon's first year that one source and status vouch for.

    Solid waste and effluent (m3 of 1 t) have rows of their own.
    """

    source: str
    status: str
    waste_t_per_y: float
    share: float
    """Of all solid waste, or of all effluent.  [-]"""
    unit: str = SOLID_UNIT


@dataclass(frozen=True)
class StreamTonnage:
    """Waste of one stream, or of all, in the first and last year of the horizon.

    Effluent is in m3 of 1 t and no part of all.
    """

    stream: str
    first_t_per_y: float
    last_t_per_y: float
    unit: str = SOLID_UNIT

    def __str__(self) -> str:
        return (
            f"{self.stream}: {self.first_t_per_y:,.0f} {self.unit} in the first year, "
            f"{self.last_t_per_y:,.0f} {self.unit} in the last"
        )


@dataclass(frozen=True)
class Standing:
    """What `check` tells of a valid scenario.  Print it, or read its parts."""

    scenario: str
    year: int
    tonnage: tuple[TonnageSource, ...]
    """Largest first."""
    streams: tuple[StreamTonnage, ...]
    """By stream, and last `all` (`all solid waste` where there is effluent)."""
    reconciliation: tuple[Reconciliation, ...]
    comparisons: tuple[Comparison, ...]
    burning: tuple[Burning, ...]
    cells: dict[str, int]
    """Status -> numeric cells that have it, in the order of certainty."""
    cells_from_catalogue: int
    """Empty cells that the packaged catalogue filled."""
    provider: str
    network: NetworkStanding | None
    """Snap distances and connected pieces; None without a road graph."""
    warnings: tuple[str, ...]

    @property
    def tonnage_on_assumption(self) -> float:
        """Share of the waste whose tonnage is recalled or assumed.  [-]"""
        solid = [t for t in self.tonnage if t.unit == SOLID_UNIT] or self.tonnage
        return sum(t.share for t in solid if t.status in WEAK_STATUSES)

    @property
    def cells_on_assumption(self) -> float:
        """Share of the numeric cells that are recalled or assumed.  [-]"""
        weak = sum(n for status, n in self.cells.items() if status in WEAK_STATUSES)
        return weak / max(1, sum(self.cells.values()))

    def summary(self) -> str:
        """A dozen lines with units, warnings last."""
        lines = [f"{self.scenario} stands on"]
        lines += [
            f"  {t.waste_t_per_y:>12,.0f} {t.unit} ({t.share:.0%}) "
            f"{t.status}: {t.source}"
            for t in self.tonnage
        ]
        lines += [f"  {s}" for s in self.streams]
        lines.append(
            f"  of the waste of {self.year}, {self.tonnage_on_assumption:.0%} rests on "
            f"memory or assumption; of {sum(self.cells.values()):,} numbers, "
            f"{self.cells_on_assumption:.0%}"
        )
        lines.append(
            f"  numbers filled from the catalogue: {self.cells_from_catalogue:,}"
        )
        lines += [
            f"  {r.generator_class}: {r.waste_t_per_y:,.0f} t/y of {r.workers:,.0f} "
            f"workers, {r.ratio:.2f} times workers x factor"
            for r in self.reconciliation
        ]
        lines += [f"  {c}" for c in self.comparisons]
        lines += [f"  {b}" for b in self.burning]
        if self.network is None:
            rough = " (no road is known)" if self.provider == "great_circle" else ""
            lines.append(f"  roads: {self.provider}{rough}")
        else:
            lines += [f"  {line}" for line in self.network.summary().splitlines()]
        return "\n".join([*lines, *(f"  warning: {w}" for w in self.warnings)])

    def __str__(self) -> str:
        return self.summary()


def standing(scenario: Scenario) -> Standing:
    """What a valid scenario stands on.

    Tonnages are those of the first year of the horizon.  A generator and stream with
    rows of several statuses counts with the weakest.
    """
    return Standing(
        scenario=scenario.name,
        year=scenario.years[0],
        tonnage=tonnage_by_source(scenario),
        streams=tonnage_by_stream(scenario),
        reconciliation=reconciled(scenario),
        comparisons=compared(scenario),
        burning=burning(scenario),
        cells=cells_by_status(scenario),
        cells_from_catalogue=cells_from_catalogue(scenario),
        provider=scenario.settings.roads.provider,
        network=network_of(scenario),
        warnings=tuple(map(str, warnings_of(scenario))),
    )


def as_json_values(found: Standing) -> dict[str, Any]:
    """The standing as plain values, for output that a program reads."""
    values = asdict(replace(found, network=None, comparisons=()))
    values["comparisons"] = [
        {
            **c.estimate.model_dump(mode="json"),
            "waste_t_per_y": c.waste_t_per_y,
            "verdict": c.verdict,
        }
        for c in found.comparisons
    ]
    values["network"] = found.network.summary() if found.network else None
    return values


def tonnage_by_stream(scenario: Scenario) -> tuple[StreamTonnage, ...]:
    """Waste of the first and last year by stream, and of all solid waste."""
    ends = (scenario.years[0], scenario.years[-1])
    sums = {s.id: [0.0, 0.0] for s in scenario.streams}
    for generator, stream in sorted(
        {(g.generator, g.stream) for g in scenario.generation}
    ):
        for i, year in enumerate(ends):
            sums[stream][i] += tonnage(scenario, generator, stream, year)
    solid = [ends for s, ends in sums.items() if not is_effluent(scenario, s)]
    first, last = (sum(ends[i] for ends in solid) for i in range(2))
    found = [
        StreamTonnage(s, ends[0], ends[1], _unit(scenario, s))
        for s, ends in sums.items()
    ]
    name = "all" if len(solid) == len(sums) else "all solid waste"
    return (*found, StreamTonnage(name, first, last))


def tonnage_by_source(scenario: Scenario) -> tuple[TonnageSource, ...]:
    """Waste of the first year by source and status, largest first."""
    rows: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for row in scenario.generation:
        status = cell_status(scenario, "generation", row, "waste_t_per_y")
        known = (row.source or UNSTATED, status)
        rows[row.generator, row.stream].append(known)
    sums: dict[tuple[str, str, str], float] = defaultdict(float)
    totals: dict[str, float] = defaultdict(float)
    for (generator, stream), known_by in rows.items():
        source = ", ".join(dict.fromkeys(source for source, _ in known_by))
        status = weakest(*(status for _, status in known_by))
        t = tonnage(scenario, generator, stream, scenario.years[0])
        sums[source, status, _unit(scenario, stream)] += t
        totals[_unit(scenario, stream)] += t
    found = [
        TonnageSource(
            source, status, t, t / totals[unit] if totals[unit] else 0.0, unit
        )
        for (source, status, unit), t in sums.items()
    ]
    return tuple(sorted(found, key=lambda s: (-s.waste_t_per_y, s.source, s.status)))


def _unit(scenario: Scenario, stream: str) -> str:
    return EFFLUENT_UNIT if is_effluent(scenario, stream) else SOLID_UNIT


def cells_by_status(scenario: Scenario) -> dict[str, int]:
    """Number of numeric cells by status; one without a status counts as assumed."""
    counts = dict.fromkeys(STATUS_ORDER, 0)
    for table, row, column in numeric_cells(scenario):
        counts[cell_status(scenario, table, row, column)] += 1
    return counts


def cells_from_catalogue(scenario: Scenario) -> int:
    """Number of numeric cells that the packaged catalogue filled."""
    return sum(
        (table, row_name(table, row), column) in scenario.filled_cells
        for table, row, column in numeric_cells(scenario)
    )


def numeric_cells(scenario: Scenario) -> Iterator[tuple[str, SourcedRecord, str]]:
    """(table, row, column) of every filled number that the study needs.

    Fractions and yields of no stream or product are left out: the catalogue hands on
    all of its own.
    """
    used = fractions_in_use(scenario)
    for spec in TABLES:
        numbers = sorted(measured_columns(spec.name))
        for row in getattr(scenario, spec.name, ()):
            if spec.name in FRACTION_TABLES and row.fraction not in used:
                continue
            for column in numbers:
                is_stated = column in row.model_fields_set
                if is_stated and getattr(row, column) is not None:
                    yield spec.name, row, column


def fractions_in_use(scenario: Scenario) -> set[str]:
    """Fractions of streams and products, their ancestors, and `any`."""
    parent = {f.id: f.parent for f in scenario.fractions}
    waiting = [c.fraction for c in scenario.composition]
    waiting += [p.fraction for p in scenario.products]
    used = {"any"}
    while waiting:
        name = waiting.pop()
        if name and name not in used:
            used.add(name)
            waiting.append(parent.get(name, ""))
    return used


def network_of(scenario: Scenario) -> NetworkStanding | None:
    """Pieces of the road graph and how far places are from it; None without a graph."""
    roads = roads_of(scenario)
    if not isinstance(roads, GraphRoads):
        return None
    tables = (
        scenario.generators,
        scenario.sites,
        scenario.centres,
        scenario.outlets,
        scenario.depots,
    )
    places = [place(scenario, row.id) for rows in tables for row in rows]
    return network_standing(roads.graph, places)
