"""What a plant can be expected to take before it has been simulated: closed forms."""

from __future__ import annotations

import math

from wasteplan.scenario.model import Scenario
from wasteplan.sim.assumptions import assumptions
from wasteplan.sim.on_off_bunker import on_off_bunker
from wasteplan.treatment.records import Operation, Technology
from wasteplan.units import DAYS_PER_YEAR, HOURS_PER_DAY

DAYS_PER_WEEK = 7


def first_guess(scenario: Scenario) -> dict[str, tuple[float, float]]:
    """(share of capacity, share lost) of every technology with outages, fully loaded.

    Both are shares of what a plant is planned with, so they hold for any size.  [-]
    """
    operations = {o.technology: o for o in scenario.operations}
    found = {}
    for technology in scenario.technologies:
        row = operations.get(technology.id)
        if technology.kind == "disposal" or row is None:
            continue
        has_outages = bool((row.mtbf_h and row.mttr_h) or row.planned_outage_weeks)
        if has_outages:
            found[technology.id] = fully_loaded(technology, row)
    return found


def fully_loaded(technology: Technology, row: Operation) -> tuple[float, float]:
    """What a fully loaded plant works off, and what it turns away.  [-], [-]

    The lines are at work A = (1 - planned weeks / 52) MTBF / (MTBF + MTTR) of the time.
    Fed at the rate that they can work off in the mean, at most that of the plan, each
    line has its part of the bunker: random outages fill it as `on_off_bunker` says; in
    an overhaul of L days of one of n lines (r - c (n - 1)/n) L less the bunker is
    turned away, n times a year.  Loads, seasons and weekends are left out.

    Returns
    -------
    tuple
        A over the availability planned with, at most 1; turned away over what comes.

    One line, 90 % at work, planned with 100 %, bunker of two days, repairs of one day.
    Fed 0.9 of its speed, theta is 0 and 0.1 / (2 + 0.9) x 0.9 = 3.1 % turned away:

    >>> burner = Technology(id="b", kind="combustion", availability=1.0)
    >>> row = Operation(technology="b", mtbf_h=216, mttr_h=24, bunker_d=2)
    >>> [round(x, 4) for x in fully_loaded(burner, row)]
    [0.9, 0.031]
    """
    lines = row.lines or 1
    bunker_d = row.bunker_d
    if bunker_d is None:
        bunker_d = assumptions()["bunker_unknown_d"]
    overhaul_d = (row.planned_outage_weeks or 0.0) * DAYS_PER_WEEK
    up, turned_away = 1.0, 0.0
    planned = technology.availability or 1.0
    if row.mtbf_h and row.mttr_h:
        up = row.mtbf_h / (row.mtbf_h + row.mttr_h)
    available = up * (1 - overhaul_d / DAYS_PER_YEAR)
    inflow = min(planned, available)  # of the nameplate; one line is like the whole
    if row.mtbf_h and row.mttr_h and inflow < 1.0:
        days = 1.0 / HOURS_PER_DAY
        one = on_off_bunker(inflow, 1.0, row.mtbf_h * days, row.mttr_h * days, bunker_d)
        turned_away = one.diverted
    spill_d = (inflow - up * (lines - 1) / lines) * overhaul_d - bunker_d
    turned_away += max(0.0, spill_d) * lines / (DAYS_PER_YEAR * inflow)
    share = min(1.0, available / planned)
    return share, min(1.0, turned_away) if math.isfinite(turned_away) else 0.0
