"""Other tonnages or prices in a superstructure that stays as it is.

Which plants, commodities and hauls there are does not depend on a price, on the level
of a target or on how much of its waste a generator has.  What does is worked out again
by the functions that made it.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from wasteplan.scenario.model import Scenario
from wasteplan.superstructure.assembly import Assembled
from wasteplan.superstructure.feed_costs import feed_costs
from wasteplan.superstructure.gates import Gates
from wasteplan.superstructure.model import (
    NO_REGIME,
    Floats,
    Sources,
    Span,
    Superstructure,
)
from wasteplan.superstructure.origins import tonnes_by_year, tonnes_of_sources
from wasteplan.superstructure.regimes import regime_options
from wasteplan.superstructure.uncollected import uncollected

MAY_MOVE = {
    "targets": ("min", "max"),
    "prices": ("value",),
    "outlets": ("price_per_t",),
    "generation": ("waste_t_per_y",),
}
"""Table -> columns that can change in place."""
SAME_GROWTH = 1e-12
REMAIN = (
    *("roads_of", "_places", "distances", "_leg", "_vehicles", "_effluents"),
    *("fractions", "material", "materials_of", "described_streams", "accepted_by"),
    *("_periods", "_facilities", "measures", "measures_of", "regimes", "set_out"),
    *("streams_of", "leakage_under", "leakage_shares", "workers_of", "trade_terms"),
)
"""Remembered answers that no such change moves."""


@dataclass(frozen=True)
class Moved:
    """A superstructure with other numbers, and which tables moved."""

    parts: Assembled
    tables: frozenset[str]
    targets: frozenset[str]
    """Metrics of the targets that moved."""


def moved(before: Assembled, scenario: Scenario) -> Moved | None:
    """The superstructure of a scenario that differs in a few numbers alone.

    Returns
    -------
    Moved or None
        None if more differs than `MAY_MOVE`, or if waste appears, ends, or grows at
        another rate: then it must be assembled anew.
    """
    tables = differing(before.s.scenario, scenario)
    if tables is None:
        return None
    if "prices" in tables and before.s.heat_markets:
        return None
    old = before.s.scenario
    for name in REMAIN:
        known = old.__dict__.get(f"_remembered_{name}")
        if known is not None:
            scenario.__dict__.setdefault(f"_remembered_{name}", known)
    gates: Gates = copy(before.gates)
    gates.scenario = scenario
    tonnes, s = before.tonnes, replace(before.s, scenario=scenario)
    if "generation" in tables:
        pairs, tonnes = tonnes_by_year(scenario)
        if pairs != gates.pairs or not grows_as_before(before.tonnes, tonnes):
            return None
        s = replace(s, sources=with_tonnes(s.sources, gates, tonnes, s.spans))
    if tables & {"prices", "outlets"}:
        cost, gross = feed_costs(scenario, before.drivers, s.spans)
        s = replace(s, feeds=replace(s.feeds, cost=cost, gross=gross))
    if "generation" in tables or ("prices" in tables and _counts_carbon(scenario)):
        s = _elsewhere(s, gates, tonnes)
    metrics = frozenset(
        new.metric
        for one, new in zip(old.targets, scenario.targets, strict=True)
        if one != new
    )
    return Moved(Assembled(s, gates, tonnes, before.drivers), tables, metrics)


def differing(one: Scenario, other: Scenario) -> frozenset[str] | None:
    """Tables that differ in what may move; None if anything else does."""
    tables = set()
    for field in fields(one):
        a, b = getattr(one, field.name), getattr(other, field.name)
        if a is b or a == b:
            continue
        if field.name not in MAY_MOVE or not _alike(a, b, MAY_MOVE[field.name]):
            return None
        tables.add(field.name)
    return frozenset(tables)


def _alike(a: Sequence[Any], b: Sequence[Any], columns: tuple[str, ...]) -> bool:
    """Whether rows differ in some columns only, and not in whether they are stated."""
    if len(a) != len(b):
        return False
    for x, y in zip(a, b, strict=True):
        if x is y or x == y:
            continue
        if type(x) is not type(y):
            return False
        one, other = x.__dict__, y.__dict__
        if any((one[k] is None) != (other[k] is None) for k in columns):
            return False
        if any(one[k] != v for k, v in other.items() if k not in columns):
            return False
    return True


def _counts_carbon(scenario: Scenario) -> bool:
    return scenario.settings.economics.count_carbon


def grows_as_before(before: Floats, now: Floats) -> bool:
    """Whether each pair has grown by one factor in all years: (pairs, years) both."""
    there = before > 0
    if before.shape != now.shape or (there != (now > 0)).any():
        return False
    ratio = np.divide(now, before, out=np.zeros_like(now), where=there)
    factor = ratio.max(axis=1, initial=0.0)[:, None]
    return not (there & (np.abs(ratio - factor) > SAME_GROWTH * factor)).any()


def with_tonnes(
    sources: Sources, gates: Gates, tonnes: Floats, periods: tuple[Span, ...]
) -> Sources:
    """The same sources with the tonnes stated now."""
    there = tonnes_of_sources(gates, periods, tonnes)
    collected, generated, lost, recycled, left = there
    return replace(
        sources,
        collected_kt=collected,
        generated_kt=generated,
        leaked_lost_kt=lost,
        leaked_recycled_kt=recycled,
        uncollected_kt=left,
    )


def _elsewhere(s: Superstructure, gates: Gates, tonnes: Floats) -> Superstructure:
    """What becomes of waste that nobody collects, and regimes, worked out again."""
    found = uncollected(gates, tonnes, s.spans)
    always = found.under(NO_REGIME)
    return replace(
        s,
        leaked_co2e_kt=always.leaked_kt,
        leaked_co2e_total_kt=float(always.leaked_total_kt.sum()),
        regimes=regime_options(gates, tonnes, s.spans, found),
        incomes_m=always.incomes_m,
        constant_m=float((always.carbon_m + always.sales_m).sum()),
    )
