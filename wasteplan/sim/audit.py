"""Checks that every replication must pass; a broken one is no result."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from wasteplan.errors import AuditError
from wasteplan.sim.books import Books
from wasteplan.sim.case import Case, OutletCase, PlantCase
from wasteplan.sim.log import OUTCOMES, REFUSALS, TIPPED, UNTREATED, Trips
from wasteplan.sim.origins import AWAY

TOLERANCE = 1e-9  # relative
TIME_H = 1e-6  # hours closer than this are the same moment
LITTLE = 1e-6  # relative; sums of hours over 10^6 trucks


@dataclass(frozen=True)
class Audit:
    """All that is checked: the case, the books at the end, the whole log."""

    case: Case
    books: Books
    trips: Trips


def mass_is_conserved(audit: Audit) -> None:
    """What is generated is somewhere; what a place takes it has, treats or sends."""
    b = audit.books
    _same(
        "waste generated",
        b.generated,
        b.lost + b.recycled + b.handed_over + b.with_generators,
    )
    sent = b.handed_over + sum(p.hauled for p in b.places)
    arrived = sum(p.received for p in b.places) + b.untreated + b.moving
    _same("waste and products on trucks", sent, arrived)
    for case, p in zip(audit.case.places, b.places, strict=True):
        if isinstance(case, OutletCase):
            continue
        if not isinstance(case, PlantCase):
            _same(f"waste at {p.place}", p.received, p.binned + p.hauled)
            continue
        scale = p.received
        _same(f"waste at {p.place}", p.received, p.treated + p.stock)
        if case.is_disposal:
            continue
        _same(f"waste treated by {p.place}", p.treated, p.converted, scale)
        added = case.reagent_t_per_t * (p.converted - p.kept)
        out = p.made + p.released + p.kept
        _same(f"outputs of {p.place}", p.converted + added, out, scale)
        gone = p.binned + p.hauled + p.unrouted
        _same(f"products of {p.place}", p.made, gone, scale)


def stocks_stay_within_bounds(audit: Audit) -> None:
    """No stock is negative or above its capacity."""
    for p in audit.books.places:
        room = p.capacity * (1 + TOLERANCE) + TOLERANCE
        if p.stock < -TOLERANCE or p.stock_max > room:
            raise AuditError(
                f"stock of {p.place}: {p.stock:g} t now, {p.stock_max:g} t at most, "
                f"capacity {p.capacity:g} t"
            )


def lines_are_not_overloaded(audit: Audit) -> None:
    """No plant treats more, by mass or heat, than its lines at work can take."""
    for case, p in zip(audit.case.places, audit.books.places, strict=True):
        if not isinstance(case, PlantCase) or not case.ratings:
            continue
        slack = TOLERANCE * max(p.received, 1.0)
        if p.treated > p.mass_limit * (1 + TOLERANCE) + slack:
            raise AuditError(
                f"{p.place} treated {p.treated:g} t, its lines take {p.mass_limit:g} t"
            )
        if p.heat_taken > p.heat_limit * (1 + LITTLE):
            raise AuditError(
                f"{p.place} took {p.heat_taken:g} GJ of {p.heat_limit:g} GJ possible"
            )


def little_holds(audit: Audit) -> None:
    """Trucks in the yard, counted over time, are arrivals times their stay."""
    for number, p in enumerate(audit.books.places):
        if not isinstance(audit.case.places[number], PlantCase):
            continue
        t = audit.trips
        mine = (t["destination"] == number) & (t["outcome"] == TIPPED)
        counted = _area_of_count(t["arrive_h"][mine], t["left_h"][mine])
        _same(f"truck-hours at {p.place}", p.truck_h, counted, tolerance=LITTLE)


def time_runs_forward(audit: Audit) -> None:
    """A truck leaves, arrives, tips and leaves again, in that order."""
    t = audit.trips
    steps = ("start_h", "arrive_h", "tipped_h", "left_h")
    for first, then in pairwise(steps):
        if np.any(t[then] < t[first] - TIME_H):
            row = int(np.argmax(t[then] < t[first] - TIME_H))
            raise AuditError(f"trip {row}: {then} lies before {first}")
    if np.any(t["wait_h"] < -TIME_H):
        raise AuditError("a truck waited a negative time")


def log_and_counters_agree(audit: Audit) -> None:
    """Tonnes received and turned away are the same in the log and in the counters."""
    t, n = audit.trips, len(OUTCOMES)
    cells = t["destination"].astype(int) * n + t["outcome"].astype(int)
    last = max(int(t["destination"].max(initial=0)), len(audit.books.places))
    sums = np.bincount(cells, t["tonnes"], (last + 1) * n).reshape(-1, n)
    for number, p in enumerate(audit.books.places):
        received = float(sums[number, TIPPED])
        _same(f"tonnes received by {p.place}", p.received, received)
        for cause in REFUSALS:
            refused = float(sums[number, cause])
            _same(f"tonnes refused by {p.place}", p.refused.get(cause, 0.0), refused)
    _same(
        "tonnes without a place", audit.books.untreated, float(sums[:, UNTREATED].sum())
    )


def origins_add_up(audit: Audit) -> None:
    """Tonnes by stream and region are those of all waste."""
    b, found = audit.books, audit.books.origins.values()
    _same("waste generated, by origin", b.generated, sum(o.generated for o in found))
    _same("waste lost, by origin", b.lost, sum(o.lost for o in found))
    buried, under_way = b.untreated, b.moving
    for case, p in zip(audit.case.places, b.places, strict=True):
        buried += p.unrouted
        if isinstance(case, OutletCase):
            buried += p.received if case.counts_as in AWAY else 0.0
        elif not isinstance(case, PlantCase):
            under_way += p.binned
        elif case.is_disposal:
            buried += p.received
        else:
            under_way += p.stock
    _same("waste not diverted, by origin", buried, sum(o.away for o in found))
    passed = b.handed_over + sum(p.made for p in b.places)
    moving = sum(o.under_way for o in found)
    _same("waste under way, by origin", under_way, moving, passed)


def energy_follows_from_tonnes(audit: Audit) -> None:
    """Heat taken = tonnes x LHV; electricity = tonnes x LHV x efficiency - own use."""
    for case, p in zip(audit.case.places, audit.books.places, strict=True):
        if not isinstance(case, PlantCase) or case.is_disposal:
            continue
        if not math.isnan(p.heat_of_parts):
            scale = max(_heat_scale(case, audit), abs(p.heat_of_parts))
            _same(f"heat taken by {p.place}", p.heat_taken, p.heat_of_parts, scale)
        made, parts = p.electricity, p.electricity_of_parts
        if not math.isnan(parts):
            _same(f"electricity of {p.place}", made, parts, abs(p.received))


CHECKS: tuple[Callable[[Audit], None], ...] = (
    mass_is_conserved,
    stocks_stay_within_bounds,
    lines_are_not_overloaded,
    little_holds,
    time_runs_forward,
    log_and_counters_agree,
    origins_add_up,
    energy_follows_from_tonnes,
)


def check(audit: Audit) -> None:
    """Run every check.

    Raises
    ------
    AuditError
        At the first one that fails.
    """
    for one in CHECKS:
        one(audit)


def _heat_scale(case: PlantCase, audit: Audit) -> float:
    """Heat of everything received, as a yardstick for rounding.  [GJ]"""
    book = next(p for p in audit.books.places if p.place == case.id)
    most = max((abs(c.lhv_gj_per_t) for c in audit.case.commodities
                if not math.isnan(c.lhv_gj_per_t)), default=0.0)  # fmt: skip
    return book.received * most


def _same(
    what: str,
    one: float,
    other: float,
    scale: float = 0.0,
    tolerance: float = TOLERANCE,
) -> None:
    size = max(abs(one), abs(other), scale, 1.0)
    if not abs(one - other) <= tolerance * size:
        raise AuditError(f"{what}: {one:.12g} against {other:.12g}")


def _area_of_count(came: np.ndarray, left: np.ndarray) -> float:
    """Integral over time of how many are inside, by counting.  [h]"""
    times = np.concatenate([came, left])
    steps = np.concatenate([np.ones(len(came)), -np.ones(len(left))])
    order = np.lexsort((-steps, times))
    inside = np.cumsum(steps[order])[:-1]
    return float((inside * np.diff(times[order])).sum())
