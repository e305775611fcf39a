"""Hauls of the flows of a plan: distance, vehicle, cost and CO2 of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wasteplan.evaluation.fates import ends
from wasteplan.evaluation.flows import Flows
from wasteplan.evaluation.following import Course
from wasteplan.evaluation.lots import UNROUTED, Floats, Ints
from wasteplan.evaluation.routing import raise_all
from wasteplan.plan.records import Plan
from wasteplan.scenario.derived import haul
from wasteplan.scenario.model import Scenario


@dataclass(frozen=True)
class Trips:
    """Hauls per tonne, one entry a flow of a period; NaN and -1 where nobody drives."""

    is_hauled: NDArray[np.bool_]
    """False for leakage, which drives itself."""
    distance_km: Floats
    cost_per_t: Floats
    truck_km_per_t: Floats
    co2_kg_per_t: Floats
    vehicle: Ints
    """Index into `Scenario.vehicles`."""


def trips(scenario: Scenario, plan: Plan, course: Course) -> tuple[Trips, ...]:
    """The trips of all flows of a course, per period.

    Distances are asked once for each thing carried, over all periods.

    Raises
    ------
    PlanError
        Flows without a road or a leg; they are named.
    """
    nobody = {UNROUTED, *ends(scenario)}
    drives = np.array([name not in nobody for name in course.index.places], bool)
    found = tuple(_empty(flows, drives) for flows in course.flows)
    numbers = {v.id: i for i, v in enumerate(scenario.vehicles)}
    kinds: dict[tuple[str, str], list[int]] = defaultdict(list)
    for i, lot in enumerate(course.index.lots):
        kinds[lot.name, lot.state].append(i)
    for (carries, state), lots in kinds.items():
        members = [
            np.flatnonzero(trip.is_hauled & np.isin(flows.lot, lots))
            for flows, trip in zip(course.flows, found, strict=True)
        ]
        if any(len(m) for m in members):
            _find(scenario, course, carries, state, members, found, numbers)
    raise_all(plan, _impossible(course, found))
    return found


def _empty(flows: Flows, drives: NDArray[np.bool_]) -> Trips:
    n = len(flows)
    return Trips(
        drives[flows.destination],
        np.full(n, np.nan),
        np.zeros(n),
        np.full(n, np.nan),
        np.zeros(n),
        np.full(n, -1, np.int64),
    )


def _find(
    scenario: Scenario,
    course: Course,
    carries: str,
    state: str,
    members: list[Ints],
    found: tuple[Trips, ...],
    numbers: dict[str, int],
) -> None:
    """Fill in the trips of all flows that carry one thing in one state."""
    pairs = list(zip(course.flows, members, strict=True))
    origins = np.unique(np.concatenate([f.origin[m] for f, m in pairs]))
    ends = np.unique(np.concatenate([f.destination[m] for f, m in pairs]))
    places = course.index.places
    matrix = haul(
        scenario,
        [places[o] for o in origins],
        [places[d] for d in ends],
        carries,
        state,
    )
    vehicle = np.array([numbers.get(v, -1) for v in matrix.vehicles], np.int64)
    for (flows, m), trip in zip(pairs, found, strict=True):
        i = np.searchsorted(origins, flows.origin[m])
        j = np.searchsorted(ends, flows.destination[m])
        trip.distance_km[m] = matrix.distance_km[i, j]
        trip.cost_per_t[m] = np.where(
            matrix.possible[i, j], matrix.cost_per_t[i, j], np.inf
        )
        trip.truck_km_per_t[m] = matrix.truck_km_per_t[i, j]
        trip.co2_kg_per_t[m] = matrix.co2_kg_per_t[i, j]
        trip.vehicle[m] = vehicle[i]


def _impossible(course: Course, found: tuple[Trips, ...]) -> Iterator[str]:
    index = course.index
    for flows, trip in zip(course.flows, found, strict=True):
        for k in np.flatnonzero(np.isinf(trip.cost_per_t)):
            lot = index.lots[flows.lot[k]]
            yield (
                f"{index.places[flows.origin[k]]} -> "
                f"{index.places[flows.destination[k]]}: no road or no leg for "
                f"{lot.name}, {lot.state}"
            )
