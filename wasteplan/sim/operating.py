"""Rows of `operations` as what a plant runs by: ratings, gate, outages, dwell."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from wasteplan.sim.assumptions import assumptions
from wasteplan.sim.case import Bin, Dwell, TurnDown
from wasteplan.sim.chance import Spread
from wasteplan.sim.line import Rating
from wasteplan.sim.yard import GateShape
from wasteplan.treatment.records import Operation, Size, Technology
from wasteplan.units import HOURS_PER_DAY, HOURS_PER_YEAR

MINUTES_PER_H = 60.0


def ratings(
    technology: Technology, sizes: Sequence[Size], operation: Operation, derating: float
) -> tuple[Rating, ...]:
    """Limits of every line; each size has as many as the operations say."""
    lines = operation.lines or 1
    made = []
    for size in sizes:
        mass = size.capacity_t_per_y / HOURS_PER_YEAR * derating / lines
        design = size.lhv_design_mj_per_kg
        if design is None:
            made += [Rating(mass)] * lines
        else:
            made += [Rating(mass * technology.mass_overload_max, mass * design)] * lines
    return tuple(made)


def gate_shape(operation: Operation) -> GateShape:
    """Bridges and bays; one bridge for both ways unless there are two."""
    weighs_in, weighs_out = operation.weigh_in_min, operation.weigh_out_min
    bridges = operation.weighbridges or 1
    ways_out = None
    if weighs_out:
        ways_out = bridges // 2 if weighs_in else bridges
        if weighs_in and operation.weigh_out_bridges is not None:
            ways_out = operation.weigh_out_bridges
    return GateShape(
        bridges_in=(bridges - (ways_out or 0)) if weighs_in else None,
        bays=operation.bays,
        bridges_out=ways_out,
        places=operation.yard_trucks,
        reweigh_share=operation.reweigh_share or 0.0,
        has_ranks=bool(operation.fleets_first),
    )


def hours_of(minutes: float | None) -> float | None:
    """Minutes as hours.  [h]"""
    return None if minutes is None else minutes / MINUTES_PER_H


def time_to_failure(row: Operation) -> Spread | None:
    """How long a line works until it breaks; None: it never does."""
    if not row.mtbf_h or not row.mttr_h:
        return None
    kind = row.failure_distribution or "exponential"
    return Spread(kind, row.mtbf_h, row.failure_parameter or 1.0)


def time_to_repair(row: Operation) -> Spread | None:
    """How long it takes to mend."""
    if not row.mtbf_h or not row.mttr_h:
        return None
    kind = row.repair_distribution or "exponential"
    return Spread(kind, row.mttr_h, row.repair_parameter or 1.0)


def dwell(technology: Technology, row: Operation) -> Dwell | None:
    """How long a store keeps waste; None for what treats it."""
    if technology.kind != "storage":
        return None
    if row.dwell_mean_d is None and row.dwell_max_d is None:
        return None
    time = None
    if row.dwell_mean_d is not None:
        shape = row.dwell_shape or 1.0
        time = Spread("weibull", row.dwell_mean_d * HOURS_PER_DAY, shape)
    return Dwell(time, after_h(row.dwell_max_d))


def held(case: Bin, kept: Dwell | None) -> Bin:
    """What leaves a store goes the next night; or waits for a truckload, in limits."""
    if kept is None:
        return case
    after = kept.limit_h if kept.time is None else 0.0
    return replace(case, leaves_after_h=after)


def after_h(days: float | None) -> float:
    """Days as hours; never without them.  [h]"""
    return math.inf if days is None else days * HOURS_PER_DAY


def turn_down(
    technology: Technology, nameplate_t_per_h: float, bunker_t: float
) -> TurnDown | None:
    """How a plant with a furnace or a culture keeps to its minimum load.

    Machines without either stop and start at will. The level below which it turns down
    is at most half of the bunker.
    """
    if technology.kind not in ("combustion", "biological") or not technology.load_min:
        return None
    days = assumptions()["turn_down_d"]
    level = min(days * nameplate_t_per_h * HOURS_PER_DAY, bunker_t / 2)
    return TurnDown(technology.load_min, level, level)
