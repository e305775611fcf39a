"""Where the waste comes from: every stream of every generator, and what leaks of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wasteplan.errors import WasteplanError
from wasteplan.evaluation.lots import LOOSE, Floats, Lot, Materials, period_years
from wasteplan.plan.records import RAW
from wasteplan.scenario.derived import leakage_shares, tonnage
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import Generation

LEAK_SUM_TOLERANCE = 1e-9


@dataclass(frozen=True)
class Sources:
    """Streams of generators as columns; one entry a stream of a generator."""

    generator: tuple[str, ...]
    generator_class: tuple[str, ...]
    lot: tuple[Lot, ...]
    tonnes: tuple[Floats, ...]
    """Per period, shape (sources, years).  [t/y]"""
    leaked: tuple[dict[str, Floats], ...]
    """Per period, by fate: share of each source.  [-]"""

    def kept(self, period: int) -> Floats:
        """The share of each source that enters the legal system.  [-]"""
        none = np.zeros(len(self.generator))
        lost = np.sum([none, *self.leaked[period].values()], axis=0)
        return np.maximum(1.0 - lost, 0.0)


def sources(scenario: Scenario, materials: Materials) -> Sources:
    """Every stream of every generator, with its tonnes and leakage.

    Raises
    ------
    WasteplanError
        The fates of a class take more than all of its waste.
    """
    rows: dict[tuple[str, str], list[Generation]] = {}
    for row in scenario.generation:
        rows.setdefault((row.generator, row.stream), []).append(row)
    owners = [scenario.generator[name] for name, _ in rows]
    lots: dict[tuple[str, str], Lot] = {}
    for owner, (_, stream) in zip(owners, rows, strict=True):
        if (stream, owner.region) not in lots:
            raw = materials.of_stream(stream)
            lots[stream, owner.region] = Lot(stream, owner.region, RAW, LOOSE, raw)
    classes = tuple(owner.generator_class for owner in owners)
    pairs = list(zip(classes, (stream for _, stream in rows), strict=True))
    return Sources(
        generator=tuple(name for name, _ in rows),
        generator_class=classes,
        lot=tuple(
            lots[stream, owner.region]
            for owner, (_, stream) in zip(owners, rows, strict=True)
        ),
        tonnes=tuple(
            _tonnes(scenario, list(rows.values()), span)
            for span in period_years(scenario)
        ),
        leaked=tuple(_leaked(scenario, p.id, pairs) for p in scenario.periods),
    )


def _tonnes(
    scenario: Scenario, rows: list[list[Generation]], years: tuple[int, ...]
) -> Floats:
    """Tonnes of each source in each year, shape (sources, years).  [t/y]

    A source with one row only grows from it; the others are asked year by year.
    """
    first = np.array([r[0].waste_t_per_y for r in rows], float)
    growth = np.array([r[0].growth_per_y for r in rows], float)
    start = np.array([r[0].year for r in rows], float)
    age_y = np.maximum(np.array(years, float)[None, :] - start[:, None], 0.0)
    tonnes: Floats = first[:, None] * (1.0 + growth[:, None]) ** age_y
    for i, several in enumerate(rows):
        if len(several) > 1:
            row = several[0]
            tonnes[i] = [tonnage(scenario, row.generator, row.stream, y) for y in years]
    return tonnes


def _leaked(
    scenario: Scenario, period: str, pairs: list[tuple[str, str]]
) -> dict[str, Floats]:
    """By fate, the share of each source; `pairs` are its class and stream."""
    found: dict[str, Floats] = {}
    index = {pair: i for i, pair in enumerate(dict.fromkeys(pairs))}
    which = np.array([index[pair] for pair in pairs], np.int64)
    for pair, i in index.items():
        shares = leakage_shares(scenario, *pair, period)
        if sum(shares.values()) > 1 + LEAK_SUM_TOLERANCE:
            raise WasteplanError(
                f"leakage of {pair[0]}, {pair[1]} in {period}: shares of the fates add "
                f"up to {sum(shares.values()):.4g}, above 1"
            )
        for fate, share in shares.items():
            column = found.setdefault(fate, np.zeros(len(pairs)))
            column[which == i] = share
    return found
