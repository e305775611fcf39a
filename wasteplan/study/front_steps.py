"""The searches that make a front: its ends, and limits between them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from wasteplan.evaluation.evaluating import evaluate
from wasteplan.evaluation.horizon import total
from wasteplan.plan.records import Plan
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.totals import COST, TOTALS, WEIGHTED, limit_on, weights
from wasteplan.study.front import End, Front, Limits, Point, bounded, efficient, signed

AUGMENTED = 1e-4  # of the first total: what the others weigh, so that none is wasted
ROOM = 1e-7  # of the range: a limit at the best value must hold its own plan

Solver = Callable[[Scenario, Plan | None], Plan]
"""A search for a case, started from a plan if there is one."""


@dataclass(frozen=True)
class Steps:
    """The searches that make a front, tight limits first."""

    scenario: Scenario
    case: Scenario
    """The scenario, augmented: no point wastes what costs nothing."""
    totals: tuple[str, ...]
    ends: Mapping[str, Point]
    """The best plan by each total alone, with the bound on that total."""
    limits: tuple[Limits, ...]
    """Of each search, on every total but the first."""


def steps_of(
    scenario: Scenario, totals: tuple[str, ...], points: int, ends: Mapping[str, Plan]
) -> Steps:
    """Every step of the limits between the ends of a front."""
    known = {name: end_of(scenario, name, ends[name], totals) for name in ends}
    best, worst = _range(known, totals)
    case = _augmented(scenario, totals, best, worst)
    return Steps(scenario, case, totals, known, _grid(totals, best, worst, points))


def end_of(scenario: Scenario, name: str, plan: Plan, totals: tuple[str, ...]) -> Point:
    """The best plan by one total, with the bound on that total (not on the first)."""
    assert plan.proof is not None
    return point_of(scenario, plan, totals, {}, plan.proof.bound)


def plan_within(
    steps: Steps, limits: Limits, search: Solver, found: Sequence[Point]
) -> Plan:
    """The best plan within limits, started from the best that is known there."""
    start = start_of(limits, found, steps)
    return search(limited(steps.case, limits), start)


def point_within(steps: Steps, limits: Limits, plan: Plan) -> Point:
    """A plan searched within limits as a point, with what the search has shown."""
    assert plan.proof is not None
    bound = plan.proof.bound
    chosen = steps.case.settings.solve
    if chosen.objective == WEIGHTED:  # what the others weigh is no part of the first
        bound -= sum(w * limits[name] for name, w in weights(chosen).items())
    return point_of(steps.scenario, plan, steps.totals, limits, bound)


def start_of(limits: Limits, found: Sequence[Point], steps: Steps) -> Plan:
    """The cheapest plan known that keeps the limits, else the best by the last."""
    most = signed(limits)
    first, last = steps.totals[0], steps.totals[-1]
    kept = [
        p
        for p in (steps.ends[first], *found)
        if all(signed(p.values)[name] <= most[name] for name in most)
    ]
    if kept:
        return min(kept, key=lambda p: signed(p.values)[first]).plan
    return steps.ends[last].plan


def point_of(
    scenario: Scenario,
    plan: Plan,
    totals: tuple[str, ...],
    limits: Limits,
    bound: float,
) -> Point:
    """A plan as a point of a front, with what its real blends make of it.

    Parameters
    ----------
    bound
        No plan within the limits has less (jobs: more) of the first total.
    """
    tables = evaluate(scenario, plan)
    values = {name: total(scenario, name, tables) for name in totals}
    first = totals[0]
    gap = max(0.0, TOTALS[first].sign * (values[first] - bound))
    missed = tuple(map(str, tables.violations))
    return Point(plan, values, limits, bound, math.nan if missed else gap, missed)


@dataclass(frozen=True)
class Unsolved:
    """Limits that gave no point."""

    without_plan: tuple[Limits, ...] = ()
    undecided: tuple[Limits, ...] = ()
    was_stopped: bool = False


def front_from(
    ends: Mapping[str, Point],
    found: Sequence[Point],
    unsolved: Unsolved,
    totals: tuple[str, ...],
) -> Front:
    """The efficient ones of some points, with the best bounds that follow for them.

    Without any the best plan by the first total alone is the front.
    """
    first = ends[totals[0]]
    shown: list[tuple[Limits, float]] = [({}, first.bound)]
    shown += [(p.limits, p.bound) for p in found]
    points = bounded(found or [first], shown, totals)
    return Front(
        totals,
        efficient(points, totals),
        unsolved.without_plan,
        unsolved.was_stopped,
        unsolved.undecided,
        {n: End(_best(n, (p, *found)), p.bound) for n, p in ends.items()},
    )


def _best(name: str, found: Sequence[Point]) -> float:
    """The best of a total: a search within limits may do better than that of its end,
    which stopped at its gap.
    """
    sign = TOTALS[name].sign
    return sign * min(sign * p.values[name] for p in found)


def aimed(scenario: Scenario, objective: str, **weights: float) -> Scenario:
    """The same case with another objective."""
    chosen = scenario.settings.solve.model_copy(
        update={"objective": objective, **weights}
    )
    settings = scenario.settings.model_copy(update={"solve": chosen})
    return replace(scenario, settings=settings)


def limited(scenario: Scenario, limits: Mapping[str, float]) -> Scenario:
    """The same case with limits on totals: lower ones where more is better."""
    more = tuple(
        limit_on(name, f"limit_{name}", limit) for name, limit in limits.items()
    )
    return replace(scenario, targets=(*scenario.targets, *more))


def values_of(
    scenario: Scenario, plan: Plan, totals: tuple[str, ...]
) -> dict[str, float]:
    """Each total of a plan, with its real blends."""
    tables = evaluate(scenario, plan)
    return {name: total(scenario, name, tables) for name in totals}


def _range(
    ends: Mapping[str, Point], totals: tuple[str, ...]
) -> tuple[dict[str, float], dict[str, float]]:
    """The best value of each total, and the worst at the best of another; signed."""
    turned = [signed(end.values) for end in ends.values()]
    best = {name: min(v[name] for v in turned) for name in totals}
    return best, {name: max(v[name] for v in turned) for name in totals}


def _grid(
    totals: tuple[str, ...],
    best: Mapping[str, float],
    worst: Mapping[str, float],
    points: int,
) -> tuple[Limits, ...]:
    """Limits on all totals but the first, the tightest first."""
    found: list[Limits] = []
    for step in product(tight_loose_halves(points), repeat=len(totals) - 1):
        limits = {
            name: best[name]
            + (worst[name] - best[name]) * (k / (points - 1))
            + ROOM * max(worst[name] - best[name], 1.0)
            for name, k in zip(totals[1:], step, strict=True)
        }
        found.append(signed(limits))
    return tuple(found)


def tight_loose_halves(n: int) -> list[int]:
    """Steps 0 to n - 1 so that each lies between two earlier ones.

    >>> tight_loose_halves(7)
    [0, 6, 3, 1, 4, 2, 5]
    """
    order, open_spans = [0, n - 1], [(0, n - 1)]
    for low, high in open_spans:
        middle = (low + high) // 2
        if low < middle:
            order.append(middle)
            open_spans += [(low, middle), (middle, high)]
    return order


def _augmented(
    scenario: Scenario,
    totals: tuple[str, ...],
    best: Mapping[str, float],
    worst: Mapping[str, float],
) -> Scenario:
    """The first total least, the others next: no point wastes what costs nothing.

    min f1 + sum_j w_j f_j with w_j x range_j = 1e-4 x range_1; only for money, which
    the weights are in.
    """
    if totals[0] != COST:
        return aimed(scenario, totals[0])
    weights = {
        TOTALS[name].weight: AUGMENTED
        * (worst[COST] - best[COST])
        / (worst[name] - best[name])
        for name in totals[1:]
        if TOTALS[name].weight and worst[name] > best[name]
    }
    return aimed(scenario, "weighted", **weights) if weights else scenario
