"""What hauling a tonne costs, takes and emits, and which truck serves a leg."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wasteplan.network.graph import NetworkError
from wasteplan.network.haulage import Leg, Vehicle
from wasteplan.units import KG_PER_T

Floats = NDArray[np.float64]

ANY = "*"


@dataclass(frozen=True)
class HaulCost:
    """A haul per tonne; arrays have the shape of the distances.

    With a flat rate per tonne-kilometre and no payload the load is unknown: `load_t`,
    `loads_per_t` and `truck_km_per_t` are NaN.
    """

    cost_per_t: Floats
    """[money/t]"""
    load_t: float
    """[t]"""
    loads_per_t: float
    """[1/t]"""
    truck_km_per_t: Floats
    """Out and back.  [km/t]"""
    hours_per_load: Floats
    """Loading, driving out and back, unloading.  [h]"""
    co2_kg_per_t: Floats
    """[kg CO2/t]"""


def load_t(vehicle: Vehicle, density_kg_per_m3: float | None) -> float:
    """What a truck carries: payload or volume x density, whichever is less.  [t]

    An unknown density or volume leaves the payload; NaN if neither is known.

    Light waste fills the truck before it is heavy: 20 m3 x 150 kg/m3 = 3 t.

    >>> truck = Vehicle(id="truck", payload_t=10, volume_m3=20)
    >>> load_t(truck, 150.0), load_t(truck, 800.0), load_t(truck, None)
    (3.0, 10.0, 10.0)
    """
    limits = []
    if vehicle.payload_t is not None:
        limits.append(vehicle.payload_t)
    if vehicle.volume_m3 is not None and density_kg_per_m3:
        limits.append(vehicle.volume_m3 * density_kg_per_m3 / KG_PER_T)
    return min(limits, default=float("nan"))


def haul_cost(
    vehicle: Vehicle,
    distance_km: ArrayLike,
    time_h: ArrayLike,
    density_kg_per_m3: float | None,
) -> HaulCost:
    """Cost, loads, hours and CO2 of a haul, per tonne.

    hours = load + unload + 2 x time
    cost  = (2 x km x cost_per_km + hours x cost_per_h) / load, or km x cost_per_t_km

    Parameters
    ----------
    distance_km, time_h
        One way, any shape; inf where there is no way, NaN time where the road gives
        none (then the vehicle's own speed holds).
    density_kg_per_m3
        Of what is carried, in the truck; None if unknown.  [kg/m3]

    Raises
    ------
    NetworkError
        The vehicle has neither a flat rate nor a payload, or emits per kilometre with
        an unknown load.

    30 km, 1 h, 8 t: 60 km x 0.5 + 2.5 h x 4 = 40, so 5 a tonne:

    >>> truck = Vehicle(
    ...     id="truck", payload_t=8, cost_per_km=0.5, cost_per_h=4,
    ...     load_time_h=0.3, unload_time_h=0.2, co2_kg_per_km=0.8,
    ... )
    >>> haul = haul_cost(truck, 30.0, 1.0, None)
    >>> float(haul.cost_per_t), float(haul.truck_km_per_t), float(haul.co2_kg_per_t)
    (5.0, 7.5, 6.0)
    """
    km = np.asarray(distance_km, float)
    drive_h = np.asarray(time_h, float)
    if vehicle.speed_km_per_h is not None:
        drive_h = np.where(np.isnan(drive_h), km / vehicle.speed_km_per_h, drive_h)
    load = load_t(vehicle, density_kg_per_m3)
    is_load_known = not np.isnan(load)
    hours = vehicle.load_time_h + vehicle.unload_time_h + 2 * drive_h
    if vehicle.cost_per_t_km is not None:
        cost_per_t = km * vehicle.cost_per_t_km
    elif is_load_known:
        per_km, per_h = vehicle.cost_per_km or 0.0, vehicle.cost_per_h or 0.0
        # a rate of zero costs nothing even where time is unknown
        cost_per_t = (2 * km * per_km + (hours * per_h if per_h else 0.0)) / load
    else:
        raise NetworkError(
            f"vehicle {vehicle.id} has neither cost_per_t_km nor payload_t"
        )
    if vehicle.co2_kg_per_km and not is_load_known:
        raise NetworkError(
            f"vehicle {vehicle.id} has co2_kg_per_km but no payload_t: its load, "
            "and so its emission per tonne, is unknown"
        )
    truck_km_per_t = 2 * km / load
    co2 = truck_km_per_t * vehicle.co2_kg_per_km if is_load_known else np.zeros_like(km)
    return HaulCost(cost_per_t, load, 1 / load, truck_km_per_t, hours, co2)


def choose_leg(
    legs: Sequence[Leg],
    *,
    origin_kinds: Sequence[str],
    carries: Sequence[str],
    state: str,
) -> Leg | None:
    """The leg that serves a haul: the row that says most about it.

    A row fits if each of `origin`, `carries` and `state` is `*` or one of the names
    given.  The row with the most names wins; between rows with as many, the one whose
    names stand earlier in `origin_kinds` and `carries`.

    Raises
    ------
    NetworkError
        Two rows fit equally well.
    """
    fitting = [
        leg
        for leg in legs
        if leg.origin in (ANY, *origin_kinds)
        and leg.carries in (ANY, *carries)
        and leg.state in (ANY, state)
    ]
    if not fitting:
        return None

    def fit(leg: Leg) -> tuple[int, int]:
        named = sum(name != ANY for name in (leg.origin, leg.carries, leg.state))
        late = 0 if leg.origin == ANY else list(origin_kinds).index(leg.origin)
        late += 0 if leg.carries == ANY else list(carries).index(leg.carries)
        return named, -late

    best = max(map(fit, fitting))
    winners = [leg for leg in fitting if fit(leg) == best]
    if len(winners) > 1:
        raise NetworkError(
            f"legs {', '.join(leg.id for leg in winners)} fit equally well for "
            f"{'/'.join(origin_kinds)} carrying {'/'.join(carries)} ({state}): "
            "make one of them more specific"
        )
    return winners[0]
