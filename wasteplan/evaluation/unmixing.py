"""How far a plan that sends parts of one output apart is from what plants can do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from wasteplan.evaluation.books import Books
from wasteplan.evaluation.facilities import PlantState
from wasteplan.evaluation.flows import summed
from wasteplan.evaluation.following import Course
from wasteplan.evaluation.result import Unmixing

WHERE_MAX = 20


@dataclass(frozen=True)
class Accounts:
    """Course, plant states, cost table and emission table of one pass."""

    course: Course
    states: tuple[PlantState, ...]
    costs: pd.DataFrame
    emissions: pd.DataFrame


def unmixing(books: Books, relaxed: Accounts, real: Accounts) -> Unmixing:
    """Relaxed less real, as a share of the gross of its kind, in the worst period.

    Tonnes and heat: half the sum of differences over all destinations and plants (what
    arrives at the wrong one), over all that arrives.  Cost and emissions: the
    difference of their sums, over the sum of their sizes.

    Parameters
    ----------
    relaxed, real
        Routes followed as written, and as blends.
    """
    periods = [p.id for p in books.scenario.periods]
    where = sorted({f"{place} {product}" for _, place, product in relaxed.course.mixed})
    return Unmixing(
        tonnes=_misplaced(_tonnes(relaxed.course), _tonnes(real.course), len(periods)),
        heat=_misplaced(_heat(relaxed.states), _heat(real.states), len(periods)),
        cost=_sums(relaxed.costs, real.costs, "present_value", periods),
        emissions=_sums(relaxed.emissions, real.emissions, "kg_co2e", periods),
        where=tuple(where[:WHERE_MAX]),
    )


Amounts = dict[tuple[int, str], float]
"""(period, place) -> amount."""


def _tonnes(course: Course) -> Amounts:
    found: Amounts = {}
    for t, flows in enumerate(course.flows):
        groups, sums, _ = summed(flows.tonnes, flows.destination)
        for (where,), tonnes in zip(groups, sums, strict=True):
            found[t, course.index.places[where]] = float(tonnes.sum())
    return found


def _heat(states: tuple[PlantState, ...]) -> Amounts:
    return {
        (s.period, s.plant): s.heat_tj for s in states if not np.isnan(s.heat_max_tj)
    }


def _misplaced(relaxed: Amounts, real: Amounts, n_periods: int) -> float:
    found = [0.0]
    for t in range(n_periods):
        keys = {k for k in (*relaxed, *real) if k[0] == t}
        apart = sum(abs(relaxed.get(k, 0.0) - real.get(k, 0.0)) for k in sorted(keys))
        gross = sum(abs(relaxed.get(k, 0.0)) for k in sorted(keys))
        if gross > 0:
            found.append(apart / 2 / gross)
    return max(found)


def _sums(
    relaxed: pd.DataFrame, real: pd.DataFrame, column: str, periods: list[str]
) -> float:
    def of(table: pd.DataFrame, period: str, size: Callable[[float], float]) -> float:
        return sum(map(size, table.loc[table["period"] == period, column]))

    found = [0.0]
    for period in periods:
        gross = of(relaxed, period, abs)
        if gross > 0:
            change = of(relaxed, period, float) - of(real, period, float)
            found.append(change / gross)
    return max(found, key=abs)
