"""What a study stands on: tonnage and its sources, distances, weak numbers."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import pandas as pd

from wasteplan.network.distance import GraphRoads
from wasteplan.network.snapping import standing
from wasteplan.scenario.checks import warnings_of
from wasteplan.scenario.derived import roads_of, tonnage
from wasteplan.scenario.hauls import place
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import Generation
from wasteplan.scenario.registry import TABLES
from wasteplan.units import WEAK_STATUSES


@dataclass(frozen=True)
class Ground:
    """What `check` tells of a valid scenario."""

    scenario: str
    counts: dict[str, int]
    """Table -> number of rows, catalogue rows included."""
    tonnage: pd.DataFrame
    """Columns stream, first_t_per_y, last_t_per_y, share_on_assumption."""
    by_workers: pd.DataFrame
    """Columns generator_class, workers, table_t_per_y, by_workers_t_per_y, ratio."""
    statuses: dict[str, int]
    """Status -> rows that have it."""
    filled_cells: int
    """Cells that the packaged catalogue filled."""
    roads: str
    warnings: tuple[str, ...]


def ground(scenario: Scenario) -> Ground:
    """What a scenario stands on.

    Tonnages are those of the first and last year of the horizon; the independent
    estimate is workers times the waste factor of the generator's class.
    """
    statuses: dict[str, int] = defaultdict(int)
    counts = {}
    for spec in TABLES:
        rows = getattr(scenario, spec.name, ())
        if rows:
            counts[spec.name] = len(rows)
        for row in rows:
            statuses[row.status or "not given"] += 1
    return Ground(
        scenario=scenario.name,
        counts=counts,
        tonnage=_tonnage(scenario),
        by_workers=_by_workers(scenario),
        statuses=dict(sorted(statuses.items())),
        filled_cells=len(scenario.filled_cells),
        roads=_roads(scenario),
        warnings=tuple(map(str, warnings_of(scenario))),
    )


def _pairs(scenario: Scenario) -> dict[tuple[str, str], list[Generation]]:
    pairs: dict[tuple[str, str], list[Generation]] = defaultdict(list)
    for row in scenario.generation:
        pairs[(row.generator, row.stream)].append(row)
    return pairs


def _tonnage(scenario: Scenario) -> pd.DataFrame:
    first, last = scenario.years[0], scenario.years[-1]
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for (generator, stream), rows in _pairs(scenario).items():
        t = tonnage(scenario, generator, stream, first)
        weak = any(r.status in WEAK_STATUSES or not r.status for r in rows)
        sums[stream][0] += t
        sums[stream][1] += tonnage(scenario, generator, stream, last)
        sums[stream][2] += t if weak else 0.0
    every = [sum(column) for column in zip(*sums.values(), strict=True)]
    table = [*sorted(sums.items()), ("all", every)]
    return pd.DataFrame(
        [(s, a, b, weak / a if a else 0.0) for s, (a, b, weak) in table],
        columns=["stream", "first_t_per_y", "last_t_per_y", "share_on_assumption"],
    )


def _by_workers(scenario: Scenario) -> pd.DataFrame:
    """Tonnage of generators with known workers, beside workers times the factor."""
    factor = {c.id: c.waste_t_per_worker_y for c in scenario.generator_classes}
    year = scenario.years[0]
    table_t: dict[str, float] = defaultdict(float)
    for generator, stream in _pairs(scenario):
        table_t[generator] += tonnage(scenario, generator, stream, year)
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for g in scenario.generators:
        if g.workers is not None and factor.get(g.generator_class) is not None:
            sums[g.generator_class][0] += g.workers
            sums[g.generator_class][1] += table_t[g.id]
    rows = []
    for name, (workers, t) in sorted(sums.items()):
        estimate = workers * (factor[name] or 0.0)
        ratio = t / estimate if estimate else float("nan")
        rows.append((name, workers, t, estimate, ratio))
    columns = ["table_t_per_y", "by_workers_t_per_y", "ratio"]
    return pd.DataFrame(rows, columns=["generator_class", "workers", *columns])


def _roads(scenario: Scenario) -> str:
    provider = scenario.settings.roads.provider
    roads = roads_of(scenario)
    if not isinstance(roads, GraphRoads):
        fallback = " (no roads are known)" if provider == "great_circle" else ""
        return f"roads: {provider}{fallback}"
    rows = (scenario.generators, scenario.sites, scenario.centres, scenario.outlets)
    places = [place(scenario, p.id) for some in rows for p in some]
    located = [p for p in places if p.lon is not None and p.lat is not None]
    return standing(roads.graph, located).summary()
