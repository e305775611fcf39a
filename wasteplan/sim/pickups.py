"""The pickups of a run: one row a stop, source by source, so that memory stays flat."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from wasteplan.plan.records import Plan
from wasteplan.scenario.model import Scenario
from wasteplan.sim.assembly import assemble
from wasteplan.sim.case import Case
from wasteplan.sim.collection import daily_waste, picked_up

PICKUP_COLUMNS = {
    "period": "period id",
    "day": "of the simulated year, 1 January is 1; collected at its end",
    "generator": "generator id",
    "stream": "stream id",
    "destination": "where the plan sends it first",
    "round": "generator or round whose truck comes",
    "vehicle": "vehicle id",
    "tonnes": "taken along [t]",
    "km": "to the destination, one way [km]",
    "overflow_t": "of it, stood beside full containers [t]",
}


@dataclass(frozen=True)
class SourcePickups:
    """All pickups of one generator's stream for one destination.

    `day`, `tonnes` and `overflow_t` have one value a pickup; the rest is the same for
    all of them.
    """

    period: str
    generator: str
    stream: str
    destination: str
    round: str
    vehicle: str
    km: float
    day: np.ndarray
    tonnes: np.ndarray
    overflow_t: np.ndarray


def pickups_of(case: Case, seed: int, replication: int = 0) -> Iterator[SourcePickups]:
    """The pickups of the measured days, as a replication of this seed makes them.

    They are drawn once more, source by source, exactly as the run draws them.
    """
    window = slice(case.warm_up_d, case.days_in_all)
    for source in case.sources:
        if not source.members:
            continue
        waste = daily_waste(source, case.profiles, seed, replication)
        found = picked_up(source, waste)
        taken = found.collected_t[window]
        at = np.flatnonzero(taken > 0)
        beside = _since_last(found.overflow_t, found.collected_t)[window][at]
        generator, _, stream = source.id.rpartition(".")
        for member in source.members:
            group = case.groups[member.group]
            yield SourcePickups(
                period=case.period,
                generator=generator,
                stream=stream,
                destination=case.places[group.haul.destination].id,
                round=group.origin,
                vehicle=case.vehicles[group.haul.vehicle],
                km=member.km,
                day=at + 1,
                tonnes=member.share * taken[at],
                overflow_t=member.share * beside,
            )


def _since_last(overflow_t: np.ndarray, collected_t: np.ndarray) -> np.ndarray:
    """What stood beside the containers at each pickup; shape (days,).  [t]

    >>> _since_last(np.array([0, 1.0, 2.0, 5.0]), np.array([0, 0, 9.0, 0])).tolist()
    [0.0, 0.0, 3.0, 0.0]
    """
    days = np.flatnonzero(collected_t > 0)
    total = np.cumsum(overflow_t)
    found = np.zeros(len(overflow_t))
    found[days] = np.diff(total[days], prepend=0.0)
    return found


def pickups(
    scenario: Scenario,
    plan: Plan,
    *,
    period: str | None = None,
    seed: int | None = None,
    days: int | None = None,
) -> Iterator[SourcePickups]:
    """The pickups of replication 0 of a plan, period by period.

    Parameters
    ----------
    period
        Only this period; all by default.
    seed, days
        As in the scenario's `[simulation]` settings by default.

    Raises
    ------
    PlanError
        If the plan does not fit the scenario.
    """
    settings = scenario.settings.simulation
    for name in [period] if period else [p.id for p in scenario.periods]:
        case = assemble(
            scenario,
            plan,
            name,
            days=settings.days if days is None else days,
            warm_up_d=settings.warm_up_d,
        )
        yield from pickups_of(case, settings.seed if seed is None else seed)
