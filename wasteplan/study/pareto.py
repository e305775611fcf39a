"""Trade-offs: exact fronts by the augmented epsilon-constraint method.

One total is made least (jobs: most) while the others are limited; limits walk the range
between the best and the worst that an efficient plan can have.  Mavrotas (2009),
Effective implementation of the epsilon-constraint method in multi-objective
mathematical programming, Applied Mathematics and Computation 213, 455-465.

From tight to loose: a plan for tighter limits is feasible for looser ones, so every
search starts from one, and a bound of looser limits holds for tighter ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, product

from wasteplan.errors import NoAnswer, StoppedWithoutPlan, WasteplanError
from wasteplan.evaluation.evaluating import evaluate
from wasteplan.evaluation.horizon import total
from wasteplan.optimize.planner import planner
from wasteplan.plan.records import Plan
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import HORIZON_METRICS
from wasteplan.scenario.totals import TOTALS, limit_on

COST = "cost_total"
AUGMENTED = 1e-4  # of the first total: what the others weigh, so that none is wasted
SAME = 1e-6  # of the range: two values closer than this are one
ROOM = 1e-7  # of the range: a limit at the best value must hold its own plan


@dataclass(frozen=True)
class Point:
    """An efficient plan, as far as its gap proves it."""

    plan: Plan
    values: Mapping[str, float]
    """Each total of the front.  [money, t CO2e or t over all years]"""
    limits: Mapping[str, float]
    """What the other totals were held to; empty at the cheapest plan."""
    gap: float
    """At most so much of the first total could be saved within the limits."""


@dataclass(frozen=True)
class Front:
    """Efficient plans, the best by the first total first."""

    totals: tuple[str, ...]
    points: tuple[Point, ...]
    without_plan: tuple[Mapping[str, float], ...] = ()
    """Limits that no plan keeps together."""
    was_stopped: bool = False

    @property
    def spacing(self) -> float:
        """The least step of the first total between neighbours; NaN for one point."""
        first = [p.values[self.totals[0]] for p in self.points]
        steps = [abs(b - a) for a, b in pairwise(first)]
        return min(steps) if steps else float("nan")

    @property
    def is_resolved(self) -> bool:
        """Whether every gap is smaller than the spacing of the points."""
        return all(p.gap < self.spacing for p in self.points) or len(self.points) < 2


OnPoint = Callable[[int, int, Point | None], None]
"""Number of limits tried, number to try, the point found (None: no plan)."""
Totals = tuple[str, ...]
Solver = Callable[[Scenario, Plan | None], Plan]


def pareto(
    scenario: Scenario,
    totals: tuple[str, ...] = (COST, "co2e_total_t"),
    *,
    points: int = 7,
    gap: float | None = None,
    time_limit_s: float | None = None,
    on_point: OnPoint | None = None,
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
    gap, time_limit_s
        Of each search (see `solve`).
    on_point
        Called after each search.

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
    search = _searching(scenario, gap, time_limit_s)
    ends = _ends(scenario, totals, search)
    steps = steps_of(scenario, totals, points, ends)
    found, missing, was_stopped = _walk(scenario, steps, search, on_point)
    return Front(totals, efficient(found, totals), tuple(missing), was_stopped)


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
    """
    _check(totals, points)
    return _ends(scenario, totals, _searching(scenario, gap, time_limit_s))


def _searching(
    scenario: Scenario, gap: float | None, time_limit_s: float | None
) -> Solver:
    """Searches of one planner, each of which knows what those before have shown."""
    again = planner(scenario, gap=gap, time_limit_s=time_limit_s)

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
    scenario: Scenario, totals: tuple[str, ...], search: Solver
) -> dict[str, Plan]:
    """The best plan by each total alone, the cheapest among its equals."""
    found: dict[str, Plan] = {}
    for name in totals:
        found[name] = search(aimed(scenario, name), found.get(totals[0]))
    return found


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


def signed(values: Mapping[str, float]) -> dict[str, float]:
    """Totals so that less is better: those of which more is better turned round."""
    return {name: TOTALS[name].sign * value for name, value in values.items()}


def values_of(
    scenario: Scenario, plan: Plan, totals: tuple[str, ...]
) -> dict[str, float]:
    """Each total of a plan, with its real blends."""
    tables = evaluate(scenario, plan, compare=False, headlines=False)
    return {name: total(scenario, name, tables) for name in totals}


@dataclass(frozen=True)
class Steps:
    """The searches that make a front, tight limits first.

    Attributes
    ----------
    case
        The scenario, augmented: no point wastes what costs nothing.
    ends
        The best plan by each total alone.
    limits
        Of each search, on every total but the first.
    """

    case: Scenario
    totals: tuple[str, ...]
    ends: Mapping[str, Plan]
    limits: tuple[Mapping[str, float], ...]


def steps_of(
    scenario: Scenario, totals: tuple[str, ...], points: int, ends: Mapping[str, Plan]
) -> Steps:
    """Every step of the limits between the ends of a front."""
    values = {
        name: signed(values_of(scenario, plan, totals)) for name, plan in ends.items()
    }
    best = {name: values[name][name] for name in totals}
    worst = {name: max(v[name] for v in values.values()) for name in totals}
    case = _augmented(scenario, totals, best, worst)
    limits = tuple(
        signed(
            {
                name: best[name]
                + (worst[name] - best[name]) * (k / (points - 1))
                + ROOM * max(worst[name] - best[name], 1.0)
                for name, k in zip(totals[1:], step, strict=True)
            }
        )
        for step in product(range(points), repeat=len(totals) - 1)
    )
    return Steps(case, totals, ends, limits)


def _walk(
    scenario: Scenario, steps: Steps, search: Solver, on_point: OnPoint | None
) -> tuple[list[Point], list[Mapping[str, float]], bool]:
    """Every step, each with what those before have shown."""
    found: list[Point] = []
    missing: list[Mapping[str, float]] = []
    for done, limits in enumerate(steps.limits, start=1):
        try:
            point = _point(scenario, steps, limits, search, found)
        except NoAnswer:
            missing.append(limits)
            point = None
        except (KeyboardInterrupt, StoppedWithoutPlan):
            return found, missing, True
        if point is not None:
            found.append(point)
        if point is not None and was_interrupted(point.plan):
            return found, missing, True
        if _is_told_to_stop(on_point, done, len(steps.limits), point):
            return found, missing, True
    return found, missing, False


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


def _point(
    scenario: Scenario,
    steps: Steps,
    limits: Mapping[str, float],
    search: Solver,
    found: list[Point],
) -> Point:
    """The best plan within the limits."""
    start = start_of(limits, found, steps.ends, steps.totals)
    plan = search(limited(steps.case, limits), start)
    gap = plan.proof.gap if plan.proof is not None else float("nan")
    return Point(plan, values_of(scenario, plan, steps.totals), limits, gap)


def start_of(
    limits: Mapping[str, float],
    found: Sequence[Point],
    ends: Mapping[str, Plan],
    totals: tuple[str, ...],
) -> Plan:
    """The cheapest plan known that keeps the limits, else the best by the last."""
    most = signed(limits)
    kept = [
        p for p in found if all(signed(p.values)[name] <= most[name] for name in most)
    ]
    if kept:
        return min(kept, key=lambda p: signed(p.values)[totals[0]]).plan
    return ends[totals[-1]]


def efficient(found: list[Point], totals: tuple[str, ...]) -> tuple[Point, ...]:
    """Points that no other beats, each once, the best by the first total first."""
    kept: list[Point] = []
    for point in sorted(
        found, key=lambda p: tuple(signed(p.values)[t] for t in totals)
    ):
        is_beaten = any(_beats(other, point, found, totals) for other in found)
        is_known = any(_same(other, point, found, totals) for other in kept)
        if not is_beaten and not is_known:
            kept.append(point)
    return tuple(kept)


def _beats(one: Point, other: Point, found: list[Point], totals: Totals) -> bool:
    """At least as good in every total, and better in one."""
    steps = [_step(one, other, found, name) for name in totals]
    return all(s <= SAME for s in steps) and any(s < -SAME for s in steps)


def _same(one: Point, other: Point, found: list[Point], totals: Totals) -> bool:
    return all(abs(_step(one, other, found, name)) <= SAME for name in totals)


def _step(one: Point, other: Point, found: list[Point], name: str) -> float:
    """By how much one is worse in a total, as a share of its range over all points."""
    values = [p.values[name] for p in found]
    worse = TOTALS[name].sign * (one.values[name] - other.values[name])
    return worse / max(max(values) - min(values), TOTALS[name].per_model_unit * 1e-3)
