"""Hauls of a case: distance, time, truck and fleet between places of the scenario."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from wasteplan.errors import PlanError
from wasteplan.scenario.derived import distances, haul
from wasteplan.scenario.model import Scenario
from wasteplan.sim.assumptions import assumptions
from wasteplan.sim.calendar import Hours, Pause
from wasteplan.sim.case import NO_FLEET, FleetCase, Haul


@dataclass
class Ways:
    """Looks up hauls and numbers the vehicles it meets."""

    scenario: Scenario
    first_weekday: int
    vehicles: list[str] = field(default_factory=list)
    fleets: list[FleetCase] = field(default_factory=list)
    _nearest: dict[tuple[str, str], int] = field(default_factory=dict)
    _number: dict[tuple[str, str], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for row in self.scenario.fleets:
            hours = Hours(
                row.shift_start_h,
                row.shift_length_h,
                row.days_per_week,
                self.first_weekday,
            )
            pause = None
            if row.break_h > 0 and row.break_after_h is not None:
                pause = Pause(row.break_after_h, row.break_h)
            at_work = row.trucks if row.crews is None else min(row.trucks, row.crews)
            self.fleets.append(
                FleetCase(row.id, at_work, hours, pause, row.depot, row.trucks)
            )

    def vehicle(self, name: str) -> int:
        """The number of a vehicle."""
        if name not in self.vehicles:
            self.vehicles.append(name)
        return self.vehicles.index(name)

    def fleet(self, vehicle: str, origin: str) -> int:
        """The fleet of a vehicle whose depot is nearest to an origin; -1 without.

        Several fleets of one vehicle at the nearest depot: the first serves.
        """
        rows = [(i, f) for i, f in enumerate(self.scenario.fleets)]
        own = [(i, f) for i, f in rows if f.vehicle == vehicle and f.trucks > 0]
        if not own:
            return NO_FLEET
        key = (vehicle, origin)
        if key not in self._nearest:
            km, _ = distances(self.scenario, (origin,), tuple(f.depot for _, f in own))
            self._nearest[key] = own[int(np.argmin(km[0]))][0]
        return self._nearest[key]

    def hours(self, km: float, time_h: float) -> float:
        """Driving time; if the road gives none, at the speed of the settings.  [h]"""
        if np.isnan(time_h):
            return km / self.scenario.settings.roads.speed_km_per_h
        return time_h

    def hauls(
        self,
        origins: Sequence[str],
        destinations: Sequence[tuple[int, str]],
        carries: str,
    ) -> dict[tuple[str, str], Haul]:
        """Hauls of one material from all origins to all destinations.

        Parameters
        ----------
        destinations
            (number, id) of each place.

        Returns
        -------
        dict
            (origin, destination) -> haul; pairs without a way or truck are absent.
        """
        names = tuple(d for _, d in destinations)
        found = haul(self.scenario, tuple(origins), names, carries)
        records = {v.id: v for v in self.scenario.vehicles}
        made: dict[tuple[str, str], Haul] = {}
        unknown = assumptions()["load_unknown_t"]
        for i, origin in enumerate(origins):
            name = found.vehicles[i]
            if not name:
                continue
            vehicle, fleet = self.vehicle(name), self.fleet(name, origin)
            for j, (number, destination) in enumerate(destinations):
                if not found.possible[i, j]:
                    continue
                km = float(found.distance_km[i, j])
                load = float(found.load_t[i, j])
                made[origin, destination] = Haul(
                    destination=number,
                    load_t=unknown if np.isnan(load) else load,
                    km=km,
                    time_h=self.hours(km, float(found.time_h[i, j])),
                    load_h=records[name].load_time_h,
                    unload_h=records[name].unload_time_h,
                    vehicle=vehicle,
                    fleet=fleet,
                )
        return made

    def haul(self, origin: str, destination: tuple[int, str], carries: str) -> Haul:
        """One haul.

        Raises
        ------
        PlanError
            If no road or no truck serves it.
        """
        made = self.hauls((origin,), (destination,), carries)
        try:
            return made[origin, destination[1]]
        except KeyError:
            raise PlanError(no_way(origin, destination[1], carries)) from None

    def between(self, places: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """Distance [km] and time [h] between all places; shape (places, places)."""
        n = len(places)
        if n == 0:
            return np.zeros((0, 0)), np.zeros((0, 0))
        km, time = distances(self.scenario, tuple(places), tuple(places))
        speed = self.scenario.settings.roads.speed_km_per_h
        return km, np.where(np.isnan(time), km / speed, time)


def no_way(origin: str, destination: str, carries: str) -> str:
    """The message for a route that no truck can drive."""
    return f"no road or no leg carries {carries} from {origin} to {destination}"
