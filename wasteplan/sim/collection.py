"""A replication's waste, day by day, and the loads that collection makes of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from wasteplan.sim.case import Case, Group, Source
from wasteplan.sim.chance import Spread, chance
from wasteplan.sim.container import Pickups, empty_on_timetable

ROUNDING = 1e-9  # a truck this close to full is full


@dataclass(frozen=True)
class Loads:
    """Loads of all groups; arrays of equal length, in order of group, then day.

    Attributes
    ----------
    group
        Number of the group.
    day
        Day of the simulation on which the load can be hauled.
    tonnes, km, time_h
        Load and one-way haul.  [t], [km], [h]
    """

    group: np.ndarray
    day: np.ndarray
    tonnes: np.ndarray
    km: np.ndarray
    time_h: np.ndarray


@dataclass(frozen=True)
class Collected:
    """Waste of every day, shape (days,), and what became of it before the truck.

    Attributes
    ----------
    generated_t, lost_t, recycled_t
        Generated; leaked to fates that count as leakage; as recycling.  [t]
    overflow_t
        Found no room in a container and stood beside it until the next pickup.  [t]
    waiting_t
        With generators after the last day.  [t]
    by_origin
        Generated and leaked as above by material; shape (2, days).  [t]
    """

    generated_t: np.ndarray
    lost_t: np.ndarray
    recycled_t: np.ndarray
    overflow_t: np.ndarray
    waiting_t: float
    loads: Loads
    by_origin: dict[str, np.ndarray] = field(default_factory=dict)


def collect(case: Case, seed: int, replication: int) -> Collected:
    """Draw the waste of all sources and fill trucks with it.

    The draws of a source depend on its id alone, so they are the same under any plan.
    """
    days = case.days_in_all
    generated, lost, recycled, overflow = (np.zeros(days) for _ in range(4))
    n = len(case.groups)
    tonnes, t_km, t_h = (np.zeros((n, days)) for _ in range(3))
    by_origin: dict[str, np.ndarray] = {}
    left = 0.0
    for source in case.sources:
        waste = daily_waste(source, case.profiles, seed, replication)
        leaked = source.lost * waste
        own = by_origin.setdefault(source.material, np.zeros((2, days)))
        own[0] += waste
        own[1] += leaked
        generated += waste
        lost += leaked
        recycled += source.recycled * waste
        if not source.members:
            continue
        found = picked_up(source, waste)
        overflow += found.overflow_t
        left += found.left_t
        for member in source.members:
            part = member.share * found.collected_t
            g = member.group
            tonnes[g] += part
            t_km[g] += part * member.km
            t_h[g] += part * member.time_h
    for g, group in enumerate(case.groups):
        if group.rest_joins is not None:
            _move_rest(g, group.rest_joins, group.haul.load_t, (tonnes, t_km, t_h))
    made = [
        loads_of(g, group, tonnes[g], t_km[g], t_h[g])
        for g, group in enumerate(case.groups)
    ]
    loads = _joined([m[0] for m in made])
    left += sum(m[1] for m in made)
    return Collected(generated, lost, recycled, overflow, left, loads, by_origin)


def picked_up(source: Source, waste_t: np.ndarray) -> Pickups:
    """What is collected from a source on each day, and what stood beside containers.

    What overflows is taken along at the next pickup.
    """
    kept = (1.0 - source.lost - source.recycled) * waste_t
    if math.isinf(source.container_t) and source.every_d <= 1:
        return Pickups(kept, np.zeros(len(kept)), 0.0)
    every, first = source.every_d, source.first_d
    full = empty_on_timetable(kept, source.container_t, every, first)
    seen = empty_on_timetable(kept, math.inf, every, first)
    return Pickups(seen.collected_t, full.overflow_t, seen.left_t)


def _move_rest(
    g: int, to: int, load_t: float, columns: tuple[np.ndarray, np.ndarray, np.ndarray]
) -> None:
    """Leave full truckloads with a group; a round takes the rest of every day."""
    tonnes = columns[0][g]
    rest = tonnes - np.floor(tonnes / load_t + ROUNDING) * load_t
    rest[rest < ROUNDING] = 0.0
    share = np.divide(rest, tonnes, out=np.zeros_like(rest), where=tonnes > 0)
    for column in columns:
        part = share * column[g]
        column[to] += part
        column[g] -= part


def daily_waste(
    source: Source, profiles: np.ndarray, seed: int, replication: int
) -> np.ndarray:
    """Waste of every day: mean x season and weekday x noise; shape (days,).  [t/d]"""
    waste = source.mean_t_per_d * profiles[source.profile]
    if source.variation > 0:
        noise = Spread("gamma", 1.0, source.variation**-2)
        rng = chance(seed, replication, source.id, "generation")
        waste = waste * noise.draw(rng, len(waste))
    return waste


def loads_of(
    number: int,
    group: Group,
    tonnes: np.ndarray,
    t_km: np.ndarray,
    t_h: np.ndarray,
) -> tuple[Loads, float]:
    """Truckloads of a group, and what is left over in the end.  [t]

    What is collected on a day is hauled from the next day on. Serviced containers must
    be emptied, so the last truck of a day goes part full (that of a large generator
    goes on to others in a round); otherwise a truck goes when it is full. The distance
    of a load is the mean over the waste in it.
    """
    make = _serviced if group.is_serviced else _when_full
    day, size, km, hours = make(tonnes, t_km, t_h, group.haul.load_t)
    loads = Loads(np.full(len(day), number), day + 1, size, km, hours)
    left = float(tonnes.sum() - size.sum())
    return loads, max(left, 0.0)


Parts = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def _serviced(
    tonnes: np.ndarray, t_km: np.ndarray, t_h: np.ndarray, load_t: float
) -> Parts:
    trucks = np.ceil(tonnes / load_t - ROUNDING).astype(int)
    trucks[(tonnes > 0) & (trucks == 0)] = 1
    day = np.repeat(np.arange(len(tonnes)), trucks)
    size = np.full(len(day), load_t)
    last = np.cumsum(trucks)[trucks > 0] - 1
    size[last] = (tonnes - (trucks - 1) * load_t)[trucks > 0]
    with np.errstate(invalid="ignore"):
        return day, size, (t_km / tonnes)[day], (t_h / tonnes)[day]


def _when_full(
    tonnes: np.ndarray, t_km: np.ndarray, t_h: np.ndarray, load_t: float
) -> Parts:
    total = np.cumsum(tonnes)
    full = np.floor(total / load_t + ROUNDING).astype(int)
    day = np.repeat(np.arange(len(tonnes)), np.diff(full, prepend=0))
    size = np.full(len(day), load_t)
    marks = load_t * np.arange(len(day) + 1)
    at = np.concatenate([[0.0], total])
    along = [np.interp(marks, at, np.append(0.0, np.cumsum(m))) for m in (t_km, t_h)]
    km, hours = (np.diff(a) / load_t for a in along)
    return day, size, km, hours


def _joined(parts: Sequence[Loads]) -> Loads:
    def column(name: str) -> np.ndarray:
        columns = [getattr(p, name) for p in parts]
        return np.concatenate(columns) if columns else np.zeros(0)

    return Loads(
        column("group").astype(int),
        column("day").astype(int),
        column("tonnes"),
        column("km"),
        column("time_h"),
    )
