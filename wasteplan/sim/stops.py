"""What stops the lines of a plant: failures, the yearly overhaul; and their return."""

from __future__ import annotations

import simpy

from wasteplan.sim.case import PlantCase
from wasteplan.sim.chance import chance
from wasteplan.sim.crews import Crews
from wasteplan.sim.line import Switch, outages, overhaul
from wasteplan.units import DAYS_PER_YEAR, HOURS_PER_DAY

YEAR_H = DAYS_PER_YEAR * HOURS_PER_DAY
RAMP_STEPS = 4
"""A straight rise to full load is run as so many steps with the same tonnage."""


def start_lines(
    env: simpy.Environment,
    case: PlantCase,
    failed: Switch,
    overhauled: Switch,
    warm_up_h: float,
    seed: int,
    replication: int,
) -> Crews | None:
    """Let the lines of a plant fail and be overhauled, for ever.

    Parameters
    ----------
    failed, overhauled
        Told when a line stops or starts for that reason.
    warm_up_h
        Hours of the run before 1 January.

    Returns
    -------
    Crews or None
        Those who mend, if they are few.
    """
    crews = None if case.repair_crews is None else Crews(env, case.repair_crews)
    for line in range(len(case.ratings)):
        name = f"{case.id}/{line}"
        if case.failure is not None and case.repair is not None:
            rng = chance(seed, replication, name, "outage")
            spreads = (case.failure, case.repair)
            env.process(outages(env, line, failed, *spreads, rng, crews))
        if case.overhaul_h > 0:
            if case.overhaul_from_d is None:
                when = chance(seed, replication, name, "plan")
                first = float(when.random()) * (YEAR_H - case.overhaul_h)
            else:
                first = planned_start_h(
                    case.overhaul_from_d, case.overhaul_h, line, warm_up_h
                )
            env.process(overhaul(env, line, overhauled, first, case.overhaul_h, YEAR_H))
    return crews


def planned_start_h(
    from_d: int, overhaul_h: float, line: int, warm_up_h: float
) -> float:
    """The first overhaul of a line by the calendar, in hours of the run.  [h]

    The first line begins on the day of the year, each other when the one before it is
    back. The second line, with two weeks each from 1 February (day 32) on, after 28
    days of warm-up: 28 + 31 + 14 days.

    >>> planned_start_h(32, 14 * 24.0, line=1, warm_up_h=28 * 24.0) / 24
    73.0
    """
    in_year = (from_d - 1) * HOURS_PER_DAY + line * overhaul_h
    return (warm_up_h + in_year) % YEAR_H


def ramp_steps(ramp_h: float) -> tuple[tuple[float, float], ...]:
    """(hours after the restart, share of the rating) of a rise to full load.

    >>> ramp_steps(8.0)
    ((0.0, 0.125), (2.0, 0.375), (4.0, 0.625), (6.0, 0.875), (8.0, 1.0))
    """
    steps = [
        (ramp_h * i / RAMP_STEPS, (i + 0.5) / RAMP_STEPS) for i in range(RAMP_STEPS)
    ]
    return (*steps, (ramp_h, 1.0))
