"""The books of a replication: counters of every place at a moment."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TypedDict

from wasteplan.sim.bunker import Bunker
from wasteplan.sim.centre import Centre
from wasteplan.sim.dwell_store import DwellStore
from wasteplan.sim.furnace_bunker import FurnaceBunker
from wasteplan.sim.origins import OriginBook, origin_books
from wasteplan.sim.plant import Plant
from wasteplan.sim.world import World


class Furnace(TypedDict, total=False):
    """Fields of a book that only lines with a minimum load fill."""

    low_h: float
    standing_h: float
    stops: int
    support_gj: float


@dataclass(frozen=True)
class PlaceBook:
    """Totals since the start, and stocks at the moment.

    Masses in t, heat in GJ, times in h; fields that do not apply stay 0.
    """

    place: str
    received: float = 0.0
    refused: dict[int, float] = field(default_factory=dict)
    stock: float = 0.0
    stock_max: float = 0.0
    capacity: float = math.inf
    treated: float = 0.0
    converted: float = 0.0
    made: float = 0.0
    released: float = 0.0
    kept: float = 0.0
    unrouted: float = 0.0
    binned: float = 0.0
    hauled: float = 0.0
    heat_taken: float = 0.0
    heat_of_parts: float = 0.0
    heat_limit: float = 0.0
    mass_limit: float = 0.0
    line_up_h: float = 0.0
    stock_area: float = 0.0
    empty_h: float = 0.0
    truck_h: float = 0.0
    electricity: float = 0.0
    electricity_of_parts: float = 0.0
    overhaul_h: float = 0.0
    ramp_h: float = 0.0
    low_h: float = 0.0
    standing_h: float = 0.0
    stops: int = 0
    support_gj: float = 0.0
    expired: int = 0
    expired_t: float = 0.0
    burnt_by_hour: tuple[float, ...] = ()

    @property
    def refused_in_all(self) -> float:
        """Turned away for any cause.  [t]"""
        return sum(self.refused.values())


@dataclass(frozen=True)
class Books:
    """All counters of a replication at a moment.

    `moving` is what trucks carry, or have been asked to carry, at that moment.  [t]
    """

    now_h: float
    places: tuple[PlaceBook, ...]
    generated: float
    lost: float
    recycled: float
    overflow: float
    handed_over: float
    with_generators: float
    moving: float
    waiting_for_trucks: float
    untreated: float
    untreated_raw: float
    fleet_busy_h: float
    fleet_trucks: int
    origins: dict[str, OriginBook] = field(default_factory=dict)


def write_books(world: World, now_h: float) -> Books:
    """Read all counters; every place must be settled."""
    days = round(now_h / 24.0)
    seen = world.collected
    part = slice(0, days)
    fleets = world.fleets
    waiting = sum(f.waiting_t for f in fleets)
    moving = world.on_the_road_t() + waiting
    moving += sum(p.tipping_t for p in world.plants.values())
    return Books(
        now_h=now_h,
        places=tuple(_place(world, i) for i in range(len(world.places))),
        generated=float(seen.generated_t[part].sum()),
        lost=float(seen.lost_t[part].sum()),
        recycled=float(seen.recycled_t[part].sum()),
        overflow=float(seen.overflow_t[part].sum()),
        handed_over=world.handed_over_t,
        with_generators=seen.waiting_t + world.not_yet_t,
        moving=moving,
        waiting_for_trucks=waiting,
        untreated=world.untreated_t,
        untreated_raw=world.untreated_raw_t,
        fleet_busy_h=sum(f.busy(now_h) for f in fleets),
        fleet_trucks=sum(f.case.trucks for f in fleets),
        origins=origin_books(world, days),
    )


def _place(world: World, number: int) -> PlaceBook:
    place = world.places[number]
    if isinstance(place, Plant):
        return _plant(world, place)
    if isinstance(place, Centre):
        return PlaceBook(
            place=place.case.id,
            received=place.received_t,
            refused=dict(place.refused_t),
            stock=place.stock_t,
            stock_max=place.stock_max_t,
            capacity=place.case.storage_t,
            binned=sum(b.mass for b in place.bins) + place.unbaled_t,
            hauled=place.hauled_t,
            stock_area=place.area,
        )
    return PlaceBook(
        place=place.case.id, received=place.received_t, refused=dict(place.refused_t)
    )


def _plant(world: World, plant: Plant) -> PlaceBook:
    bunker, lines = plant.bunker, plant.lines
    lhv = [c.lhv_gj_per_t for c in world.case.commodities]
    taken = bunker.taken()
    per_t = plant.case.electricity_mwh_per_t
    is_disposal = plant.case.is_disposal
    used = bunker.tipped if is_disposal else taken  # what is deposited stays
    burnt = 0.0 if is_disposal else sum(t * lhv[k] for k, t in taken.items())
    lost = _lost_at_low_load(plant, taken)
    made = sum(t * per_t[k] for k, t in used.items()) - lost
    return PlaceBook(
        place=plant.case.id,
        received=plant.received_t,
        refused=dict(plant.refused_t),
        stock=bunker.level,
        stock_max=bunker.level_max,
        capacity=bunker.capacity,
        treated=bunker.left,
        converted=sum(plant.converted().values()),
        made=plant.made_t,
        released=plant.released_t,
        kept=plant.kept_t,
        unrouted=plant.unrouted_t,
        binned=sum(b.mass for b in plant.bins),
        hauled=plant.hauled_t,
        heat_taken=bunker.tipped_gj - bunker.heat_gj,
        heat_of_parts=burnt,
        heat_limit=lines.heat_limit_gj,
        mass_limit=lines.mass_limit_t,
        line_up_h=lines.up_h,
        stock_area=bunker.area,
        empty_h=bunker.empty_h,
        truck_h=plant.gate.truck_h,
        electricity=made if is_disposal else plant.electricity_mwh - lost,
        electricity_of_parts=made,
        overhaul_h=lines.overhaul_h,
        ramp_h=lines.ramp_h,
        **_furnace(bunker),
        **_expired(plant),
        burnt_by_hour=tuple(bunker.by_hour),
    )


def _lost_at_low_load(plant: Plant, taken: dict[int, float]) -> float:
    """Electricity that minimum load has cost; the mix is that of all taken.  [MWh]"""
    bunker, less = plant.bunker, plant.case.low_load_mwh_per_t
    total = sum(taken.values())
    if not less or not isinstance(bunker, FurnaceBunker) or total <= 0:
        return 0.0
    return bunker.low_t * sum(t * less[k] for k, t in taken.items()) / total


class Expired(TypedDict, total=False):
    """Fields of a book that only a store fills."""

    expired: int
    expired_t: float


def _expired(plant: Plant) -> Expired:
    """What stayed in a store as long as it may; waits for full trucks included."""
    bunker, dwell = plant.bunker, plant.case.dwell
    if not isinstance(bunker, DwellStore) or dwell is None:
        return {}
    waited = plant.bins if dwell.time is None else []
    return {
        "expired": bunker.expired + sum(b.overdue for b in waited),
        "expired_t": bunker.expired_t + sum(b.overdue_t for b in waited),
    }


def _furnace(bunker: Bunker) -> Furnace:
    """What lines with a minimum load did about it."""
    if not isinstance(bunker, FurnaceBunker):
        return {}
    return {
        "low_h": bunker.low_h,
        "standing_h": bunker.standing_h,
        "stops": bunker.stops,
        "support_gj": bunker.support_gj,
    }
