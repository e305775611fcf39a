"""Trade-offs: exact fronts by the augmented epsilon-constraint method.

One total is made least (jobs: most) while the others are limited; limits walk the range
between the best and the worst that an efficient plan can have.  Mavrotas (2009),
Effective implementation of the epsilon-constraint method in multi-objective
mathematical programming, Applied Mathematics and Computation 213, 455-465.

The tightest limits come first, then the loosest, then halves: a plan for tighter limits
is feasible for looser ones, and a bound of looser limits holds for tighter ones, so
that each search lies between two that are known.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from wasteplan.errors import NoAnswer, StoppedWithoutPlan, WasteplanError
from wasteplan.optimize.planner import planner
from wasteplan.optimize.searching import Listener
from wasteplan.plan.records import Plan
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import HORIZON_METRICS
from wasteplan.scenario.totals import COST
from wasteplan.study.front import Front, Limits, Point
from wasteplan.study.front_steps import (
    Solver,
    Steps,
    Unsolved,
    aimed,
    end_of,
    front_from,
    plan_within,
    point_within,
    steps_of,
)

OnPoint = Callable[[int, int, Point | None], None]
"""Number of limits tried, number to try, the point found (None: no plan)."""
OnEnd = Callable[[str], None]
"""Told which total is about to be made best alone."""


@dataclass
class _Walk:
    """What a walk along a front has found so far."""

    points: list[Point] = field(default_factory=list)
    missing: list[Limits] = field(default_factory=list)
    undecided: list[Limits] = field(default_factory=list)
    was_stopped: bool = False


def pareto(
    scenario: Scenario,
    totals: tuple[str, ...] = (COST, "co2e_total_t"),
    *,
    points: int = 7,
    gap: float | None = None,
    time_limit_s: float | None = None,
    on_point: OnPoint | None = None,
    on_end: OnEnd | None = None,
    progress: Listener | None = None,
) -> Front:
    """The front of two or three totals, the first made least within limits on the rest.

    Parameters
    ----------
    scenario
        A validated case; its own requirements hold at every point.
    totals
        Two or three of `HORIZON_METRICS`, without repetition.
    points
        Steps along each limited total, ends included.
    gap, time_limit_s, progress
        Of each search (see `solve`).
    on_point, on_end
        Called after each search within limits; before each end of the front.

    Returns
    -------
    Front
        Points that no other point beats in every total, the best by the first first.
        Ctrl-C keeps the points found so far.

    Raises
    ------
    WasteplanError
        Totals or points that make no front.
    NoAnswer
        The scenario has no plan at all.
    """
    _check(totals, points)

    search = _searching(scenario, gap, time_limit_s, progress)
    ends, was_stopped = _ends(scenario, totals, search, on_end)
    found = _Walk(was_stopped=was_stopped)
    if was_stopped:
        known = {n: end_of(scenario, n, plan, totals) for n, plan in ends.items()}
    else:
        steps = steps_of(scenario, totals, points, ends)
        known = dict(steps.ends)
        _walk(steps, search, found, on_point)
    unsolved = Unsolved(tuple(found.missing), tuple(found.undecided), found.was_stopped)
    return front_from(known, found.points, unsolved, totals)


def ends_of(
    scenario: Scenario,
    totals: tuple[str, ...],
    points: int,
    *,
    gap: float | None = None,
    time_limit_s: float | None = None,
) -> dict[str, Plan]:
    """The best plan by each total alone, the cheapest among its equals.

    Parameters and exceptions are those of `pareto`.

    Raises
    ------
    KeyboardInterrupt
        Stopped before all ends were found.
    """
    _check(totals, points)
    search = _searching(scenario, gap, time_limit_s, None)
    ends, was_stopped = _ends(scenario, totals, search, None)
    if was_stopped:
        raise KeyboardInterrupt
    return ends


def _searching(
    scenario: Scenario,
    gap: float | None,
    time_limit_s: float | None,
    progress: Listener | None,
) -> Solver:
    """Searches of one planner, each of which knows what those before have shown."""
    again = planner(scenario, gap=gap, time_limit_s=time_limit_s, progress=progress)

    def search(case: Scenario, start: Plan | None) -> Plan:
        again.change(case)
        return again.solve(incumbent=start, explains=False)

    return search


def _check(totals: tuple[str, ...], points: int) -> None:
    known = ", ".join(HORIZON_METRICS)
    unknown = [t for t in totals if t not in HORIZON_METRICS]
    if unknown:
        raise WasteplanError(f"no total '{unknown[0]}'; there is: {known}")
    if len(totals) not in (2, 3) or len(set(totals)) < len(totals):
        raise WasteplanError(f"a front is of two or three different totals of: {known}")
    if points < 2:
        raise WasteplanError(f"{points} points make no front: at least 2")


def _ends(
    scenario: Scenario,
    totals: tuple[str, ...],
    search: Solver,
    on_end: OnEnd | None,
) -> tuple[dict[str, Plan], bool]:
    """The best plan by each total alone, the cheapest among its equals.

    Also whether it was stopped: the first is there then, others may not be.
    """
    found: dict[str, Plan] = {}
    for name in totals:
        try:
            if on_end is not None:
                on_end(name)
            start = found.get(totals[0])
            found[name] = search(aimed(scenario, name), start)
        except KeyboardInterrupt:
            if not found:
                raise
            return found, True
        if was_interrupted(found[name]):
            return found, True
    return found, False


def _walk(steps: Steps, search: Solver, found: _Walk, on_point: OnPoint | None) -> None:
    """Every step of the limits; what is found is kept whatever ends the walk."""
    for done, limits in enumerate(steps.limits, start=1):
        point = None
        try:
            plan = plan_within(steps, limits, search, found.points)
            point = point_within(steps, limits, plan)
        except NoAnswer:
            found.missing.append(limits)
        except KeyboardInterrupt:
            found.was_stopped = True
            return
        except StoppedWithoutPlan as error:
            if error.by_hand:
                found.was_stopped = True
                return
            found.undecided.append(limits)
        if point is not None:
            found.points.append(point)
        is_last = point is not None and was_interrupted(point.plan)
        if is_last or _is_told_to_stop(on_point, done, len(steps.limits), point):
            found.was_stopped = True
            return


def _is_told_to_stop(
    on_point: OnPoint | None, done: int, of: int, point: Point | None
) -> bool:
    """Tell of a point; Ctrl-C may come between two searches."""
    try:
        if on_point is not None:
            on_point(done, of, point)
    except KeyboardInterrupt:
        return True
    return False


def was_interrupted(plan: Plan) -> bool:
    """Whether the search for a plan was stopped by hand."""
    return plan.proof is not None and plan.proof.status == "interrupted"
