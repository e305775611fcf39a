"""Places of a scenario, the roads between them, and what a haul on them costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wasteplan.network.distance import Place, Roads, roads
from wasteplan.network.haul_cost import choose_leg, haul_cost
from wasteplan.network.haulage import Leg, Vehicle
from wasteplan.network.road_files import (
    nodes_edges_from_geojson,
    nodes_edges_from_graphml,
)
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.remembering import remembered

Floats = NDArray[np.float64]


@remembered
def roads_of(scenario: Scenario) -> Roads:
    """Distance and time between places, by the provider of the settings."""
    chosen = scenario.settings.roads
    file = (scenario.folder or Path()) / chosen.file if chosen.file else None
    nodes, edges = scenario.nodes, scenario.edges
    if chosen.provider == "graph" and file is not None:
        is_graphml = file.suffix.lower() == ".graphml"
        read = nodes_edges_from_graphml if is_graphml else nodes_edges_from_geojson
        nodes, edges = read(file)
    return roads(
        chosen.provider,
        nodes=nodes,
        edges=edges,
        distances=scenario.distances,
        circuity=chosen.circuity,
        speed_km_per_h=chosen.speed_km_per_h,
        snap_max_km=chosen.snap_max_km,
        osm_file=file,
    )


def place(scenario: Scenario, id: str) -> Place:
    """Where a generator, site, centre, outlet, depot or plant is.

    A plant (`site.technology`) is its site: the returned id is the site's.  KeyError if
    there is no such place.
    """
    places = _places(scenario)
    return places[id] if id in places else places[id.partition(".")[0]]


@remembered
def _places(scenario: Scenario) -> dict[str, Place]:
    rows: tuple[Any, ...] = (
        *scenario.generators,
        *scenario.sites,
        *scenario.centres,
        *scenario.outlets,
        *scenario.depots,
    )
    return {r.id: Place(r.id, r.lon, r.lat) for r in rows}


@dataclass(frozen=True, eq=False)
class Hauls:
    """Hauls of one material between origins (rows) and destinations (columns).

    All arrays have shape (origins, destinations).  Where there is no road, no leg, or
    the leg's `distance_max_km` is exceeded, `cost_per_t` is inf and `possible` False.
    """

    origins: tuple[str, ...]
    destinations: tuple[str, ...]
    possible: NDArray[np.bool_]
    distance_km: Floats
    """One way; inf without a road or a leg."""
    time_h: Floats
    """One way, at the vehicle's own speed where the road gives none."""
    cost_per_t: Floats
    """[money/t]"""
    load_t: Floats
    truck_km_per_t: Floats
    """Both ways."""
    hours_per_load: Floats
    co2_kg_per_t: Floats
    vehicles: tuple[str, ...]
    """Vehicle id per origin; empty without a leg."""


def haul(
    scenario: Scenario,
    origins: Sequence[str],
    destinations: Sequence[str],
    carries: str,
    state: str | None = None,
) -> Hauls:
    """Cost, load, truck-km, hours and CO2 of hauling one material, all pairs at once.

    Parameters
    ----------
    origins, destinations
        Ids of generators, centres, plants (`site.technology`), sites or outlets.
    carries
        A stream or product id.  It chooses the leg and, with the state, the density.
    state
        `loose`, `compacted` or `baled`.  Without it: loose from a generator, the
        centre's `state_out` from a centre, the product's own state from a plant.
    """
    shape = (len(origins), len(destinations))
    out = {name: np.full(shape, np.nan) for name in (*_ROAD_ARRAYS, *_HAUL_ARRAYS)}
    out["cost_per_t"].fill(np.inf)
    out["distance_km"].fill(np.inf)
    possible = np.zeros(shape, dtype=bool)
    vehicles = [""] * len(origins)
    groups: dict[tuple[str, str], list[int]] = {}
    for i, origin in enumerate(origins):
        leaves = state or state_leaving(scenario, origin, carries)
        groups.setdefault((origin_kind(scenario, origin), leaves), []).append(i)
    for (kind, leaves), members in groups.items():
        leg = _leg(scenario, kind, carries, leaves)
        if leg is None:
            continue
        vehicle = _vehicles(scenario)[leg.vehicle]
        limit = np.inf if leg.distance_max_km is None else leg.distance_max_km
        km, time = distances(
            scenario,
            tuple(origins[i] for i in members),
            tuple(destinations),
            vehicle.speed_km_per_h,
        )
        density = density_kg_per_m3(scenario, carries, leaves, vehicle)
        cost = haul_cost(vehicle, km, time, density)
        fits = np.isfinite(km) & (km <= limit)
        inside = (km == 0) & is_effluent(scenario, carries)
        possible[members] = fits
        out["distance_km"][members], out["time_h"][members] = km, time
        for name in _HAUL_ARRAYS:
            empty = np.inf if name == "cost_per_t" else np.nan
            values = np.where(inside, INSIDE_THE_FENCE[name], getattr(cost, name))
            out[name][members] = np.where(fits, values, empty)
        for i in members:
            vehicles[i] = vehicle.id
    return Hauls(
        tuple(origins),
        tuple(destinations),
        possible,
        vehicles=tuple(vehicles),
        **out,
    )


_ROAD_ARRAYS = ("distance_km", "time_h")
_HAUL_ARRAYS = (
    "cost_per_t",
    "load_t",
    "truck_km_per_t",
    "hours_per_load",
    "co2_kg_per_t",
)
INSIDE_THE_FENCE = dict.fromkeys(_HAUL_ARRAYS, 0.0) | {"load_t": np.inf}
"""Effluent treated where it arises runs in a drain: no truck, no cost."""


def is_effluent(scenario: Scenario, stream: str) -> bool:
    """Whether a stream is effluent, which has a ledger of its own."""
    return stream in _effluents(scenario)


def solid_pairs(scenario: Scenario) -> list[tuple[str, str]]:
    """(generator, stream) of all solid waste generated, in order of ids."""
    pairs = sorted({(g.generator, g.stream) for g in scenario.generation})
    return [(g, s) for g, s in pairs if not is_effluent(scenario, s)]


@remembered
def _effluents(scenario: Scenario) -> frozenset[str]:
    return frozenset(s.id for s in scenario.streams if s.is_effluent)


@remembered
def distances(
    scenario: Scenario,
    origins: tuple[str, ...],
    destinations: tuple[str, ...],
    speed_km_per_h: float | None = None,
) -> tuple[Floats, Floats]:
    """Distance [km] and time [h] of all pairs; inf where no road connects them.

    `speed_km_per_h` is a vehicle's own, used where the road gives no time.
    """
    return roads_of(scenario).matrix(
        [place(scenario, o) for o in origins],
        [place(scenario, d) for d in destinations],
        speed_km_per_h=speed_km_per_h,
    )


def origin_kind(scenario: Scenario, origin: str) -> str:
    """What a leg calls an origin: generator class, `centre`, or technology id."""
    if origin in scenario.generator:
        return scenario.generator[origin].generator_class
    if origin in scenario.centre:
        return "centre"
    return origin.rpartition(".")[2]


def state_leaving(scenario: Scenario, origin: str, carries: str) -> str:
    """The state in which a material leaves an origin, before the truck compacts it."""
    if origin in scenario.centre:
        return scenario.centre[origin].state_out
    if origin in scenario.generator or carries not in scenario.product:
        return "loose"
    return scenario.product[carries].state


def density_kg_per_m3(
    scenario: Scenario, carries: str, state: str, vehicle: Vehicle
) -> float | None:
    """Density of a stream or product on a vehicle; None unknown.  [kg/m3]

    A stream has a density per state; a vehicle that compacts turns loose into
    compacted.  A product has one density.
    """
    if carries not in scenario.stream:
        return scenario.product[carries].density_kg_per_m3
    stream = scenario.stream[carries]
    if state == "loose" and vehicle.compacts:
        state = "compacted"
    density: float | None = getattr(stream, f"density_{state}_kg_per_m3")
    return density


@remembered
def _leg(scenario: Scenario, kind: str, carries: str, state: str) -> Leg | None:
    return choose_leg(
        scenario.legs, origin_kinds=(kind,), carries=(carries,), state=state
    )


@remembered
def _vehicles(scenario: Scenario) -> dict[str, Vehicle]:
    return {v.id: v for v in scenario.vehicles}
