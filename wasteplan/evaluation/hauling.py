"""Hauls of the flows of a plan: distance, vehicle, cost and CO2 of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from wasteplan.evaluation.following import Flow
from wasteplan.evaluation.lots import UNROUTED
from wasteplan.evaluation.routing import raise_all
from wasteplan.plan.records import Plan
from wasteplan.scenario.derived import haul
from wasteplan.scenario.model import Scenario

HaulKey = tuple[str, str, str, str]
"""(origin, destination, what is carried, state)."""


@dataclass(frozen=True)
class Trip:
    """A haul per tonne."""

    distance_km: float
    cost_per_t: float
    truck_km_per_t: float
    co2_kg_per_t: float
    vehicle: str


class Hauling:
    """Trips of flows, looked up for all flows at once."""

    def __init__(self, scenario: Scenario, plan: Plan) -> None:
        self._scenario = scenario
        self._plan = plan
        self._fates = {f.id for f in scenario.fates}
        self._trips: dict[HaulKey, Trip | None] = {}

    def is_hauled(self, flow: Flow) -> bool:
        """Whether the plan drives it somewhere; leakage drives itself."""
        return flow.destination != UNROUTED and flow.destination not in self._fates

    def trip(self, flow: Flow) -> Trip:
        """The trip of a flow that `prepare` has seen."""
        found = self._trips[_key(flow)]
        assert found is not None
        return found

    def prepare(self, flows: Iterable[Flow]) -> None:
        """Find the trips of many flows, one matrix for each thing carried.

        Raises
        ------
        PlanError
            Flows without a road or a leg; all are named.
        """
        wanted: dict[tuple[str, str], dict[HaulKey, None]] = defaultdict(dict)
        for flow in flows:
            key = _key(flow)
            if self.is_hauled(flow) and key not in self._trips:
                wanted[key[2:]][key] = None
        for (carries, state), keys in wanted.items():
            self._find(carries, state, list(keys))
        raise_all(
            self._plan,
            (
                f"{origin} -> {destination}: no road or no leg for {carries}, {state}"
                for (origin, destination, carries, state), t in self._trips.items()
                if t is None
            ),
        )

    def _find(self, carries: str, state: str, keys: list[HaulKey]) -> None:
        rows = {o: i for i, o in enumerate(dict.fromkeys(k[0] for k in keys))}
        columns = {d: j for j, d in enumerate(dict.fromkeys(k[1] for k in keys))}
        found = haul(self._scenario, list(rows), list(columns), carries, state)
        for key in keys:
            i, j = rows[key[0]], columns[key[1]]
            self._trips[key] = (
                Trip(
                    float(found.distance_km[i, j]),
                    float(found.cost_per_t[i, j]),
                    float(found.truck_km_per_t[i, j]),
                    float(found.co2_kg_per_t[i, j]),
                    found.vehicles[i],
                )
                if found.possible[i, j]
                else None
            )


def _key(flow: Flow) -> HaulKey:
    return (flow.origin, flow.destination, flow.lot.name, flow.lot.state)
