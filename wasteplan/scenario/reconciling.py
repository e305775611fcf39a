"""Tonnages of a study beside independent figures."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass

from wasteplan.scenario.derived import fractions, material, tonnage
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import Estimate


@dataclass(frozen=True)
class Reconciliation:
    """Tonnes of generators with known workers beside an independent estimate."""

    generator_class: str
    workers: float
    waste_t_per_y: float
    estimate_t_per_y: float
    """Workers x waste per worker and year."""

    @property
    def ratio(self) -> float:
        """Table over estimate; NaN without an estimate.  [-]"""
        if not self.estimate_t_per_y:
            return math.nan
        return self.waste_t_per_y / self.estimate_t_per_y


@dataclass(frozen=True)
class Comparison:
    """Tonnes of the study beside an estimate of `estimates.csv`."""

    estimate: Estimate
    waste_t_per_y: float

    @property
    def verdict(self) -> str:
        """Where the study lies: within, below or above the range of the estimate."""
        low = self.estimate.low_t_per_y
        high = self.estimate.high_t_per_y
        if low is not None and self.waste_t_per_y < low:
            return "below its range"
        if high is not None and self.waste_t_per_y > high:
            return "above its range"
        return "within its range" if None not in (low, high) else "its range is unknown"

    def __str__(self) -> str:
        e = self.estimate
        ends = [
            f"{x:,.0f}" if x is not None else "?"
            for x in (e.low_t_per_y, e.central_t_per_y, e.high_t_per_y)
        ]
        return (
            f"{e.name}, {e.year}: {self.waste_t_per_y:,.0f} t/y here, published "
            f"{ends[1]} ({ends[0]}-{ends[2]}), {self.verdict}"
        )


def reconciled(scenario: Scenario) -> tuple[Reconciliation, ...]:
    """Tonnes against workers x factor, for every class where both are known."""
    factor = {c.id: c.waste_t_per_worker_y for c in scenario.generator_classes}
    waste: dict[str, float] = defaultdict(float)
    for generator, stream in {(g.generator, g.stream) for g in scenario.generation}:
        waste[generator] += tonnage(scenario, generator, stream, scenario.years[0])
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for g in scenario.generators:
        per_worker = factor.get(g.generator_class)
        if g.workers is not None and per_worker is not None:
            here = (g.workers, waste[g.id], g.workers * per_worker)
            for i, amount in enumerate(here):
                sums[g.generator_class][i] += amount
    return tuple(Reconciliation(name, *found) for name, found in sorted(sums.items()))


def compared(scenario: Scenario) -> tuple[Comparison, ...]:
    """The study's tonnage beside every row of `estimates.csv`, in that row's year."""
    found = []
    for e in scenario.estimates:
        pairs = sorted({(g.generator, g.stream) for g in scenario.generation})
        waste = sum(
            tonnage(scenario, generator, stream, e.year)
            * share_of(scenario, stream, e.fraction)
            for generator, stream in pairs
            if e.region in ("", scenario.generator[generator].region)
            and e.stream in ("", stream)
        )
        found.append(Comparison(e, waste))
    return tuple(found)


def share_of(scenario: Scenario, stream: str, fraction: str) -> float:
    """Mass share of a fraction and its kinds in a stream; 1 for no fraction.  [-]"""
    if not fraction:
        return 1.0
    table = fractions(scenario)
    mass = material(scenario, stream).mass
    parent = {f.id: f.parent for f in scenario.fractions}

    def is_kind_of(name: str) -> bool:
        while name and name != fraction:
            name = parent.get(name, "")
        return name == fraction

    return float(sum(mass[i] for i, name in enumerate(table.ids) if is_kind_of(name)))
