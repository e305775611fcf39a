"""Points of a front searched apart from each other, on processes or a cluster.

The ends of the front are found first, here; then each step of the limits is a search
of its own that knows the ends and nothing else.  So the front is the same wherever and
in whatever order the steps are searched.  The sweep of `pareto` uses what the steps
before have shown and needs less work in all; both keep their gap at every point.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wasteplan.errors import NoAnswer, StoppedWithoutPlan
from wasteplan.optimize.solving import solve
from wasteplan.plan.files import plan_from_text, plan_text
from wasteplan.plan.records import Plan
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.totals import COST
from wasteplan.study.ensemble import Way, run_all
from wasteplan.study.front import Front, Limits, Point
from wasteplan.study.front_steps import (
    Steps,
    Unsolved,
    front_from,
    plan_within,
    point_within,
    steps_of,
)
from wasteplan.study.keeping import fingerprint
from wasteplan.study.pareto import ends_of, was_interrupted


@dataclass(frozen=True)
class Searches:
    """What every search of a step needs to know."""

    steps: Steps
    gap: float | None
    time_limit_s: float | None


def pareto_apart(
    scenario: Scenario,
    totals: tuple[str, ...] = (COST, "co2e_total_t"),
    *,
    points: int = 7,
    gap: float | None = None,
    time_limit_s: float | None = None,
    way: Way | None = None,
) -> Front:
    """The front that `pareto` finds, each point searched by itself.

    Parameters
    ----------
    scenario, totals, points, gap, time_limit_s
        As for `pareto`.
    way
        On how many processes or which cluster, kept where, who is told.

    Returns
    -------
    Front
        The same for every way.  Where a plan of the same cost is found by the sweep, it
        may be another one within the gap.

    Raises
    ------
    WasteplanError, NoAnswer
        As `pareto`.
    Stopped
        After Ctrl-C; what is kept is used by the next run.
    """
    how = way or Way()
    ends = ends_of(scenario, totals, points, gap=gap, time_limit_s=time_limit_s)
    steps = steps_of(scenario, totals, points, ends)
    searches = Searches(steps, gap, time_limit_s)
    documents = run_all(
        found_apart,
        list(steps.limits),
        shared=searches,
        workers=how.workers,
        mapper=how.mapper,
        keep=how.keep,
        inputs=fingerprint(
            steps.case, list(totals), list(ends.values()), [gap, time_limit_s]
        ),
        progress=how.progress,
        say=how.say,
    )
    return _front(steps, documents)


def found_apart(searches: Searches, limits: Mapping[str, float]) -> dict[str, Any]:
    """The plan within some limits as text; None if there is none, or none in time.

    Raises
    ------
    KeyboardInterrupt
        The search was stopped by hand.
    """
    steps = searches.steps

    def search(case: Scenario, start: Plan | None) -> Plan:
        return solve(
            case,
            gap=searches.gap,
            time_limit_s=searches.time_limit_s,
            incumbent=start,
            explains=False,
        )

    try:
        plan = plan_within(steps, limits, search, tuple(steps.ends.values()))
    except NoAnswer:
        return {"plan": None, "was_stopped": False}
    except StoppedWithoutPlan as error:
        if error.by_hand:  # not an answer to keep: the next run searches again
            raise KeyboardInterrupt from None
        return {"plan": None, "was_stopped": True}
    if was_interrupted(plan):
        raise KeyboardInterrupt
    return {"plan": plan_text(plan), "was_stopped": False}


def _front(steps: Steps, documents: Sequence[Mapping[str, Any]]) -> Front:
    found: list[Point] = []
    missing: list[Limits] = []
    undecided: list[Limits] = []
    for limits, document in zip(steps.limits, documents, strict=True):
        if document["plan"] is not None:
            plan = plan_from_text(document["plan"])
            found.append(point_within(steps, limits, plan))
        elif document["was_stopped"]:
            undecided.append(limits)
        else:
            missing.append(limits)
    unsolved = Unsolved(tuple(missing), tuple(undecided))
    return front_from(steps.ends, found, unsolved, steps.totals)
