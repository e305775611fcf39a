"""At which price or growth the plan changes.

Plans are searched at the levels asked for.  What each of their builds costs at any
other level is a linear program, so it is known exactly where one set of plants becomes
cheaper than another; there a new search looks for a third that is cheaper than both
(the way of Eisner and Severance, 1976, Mathematical techniques for efficient record
segmentation in large shared databases, Journal of the ACM 23).  How much cheaper a plan
could be that is not known, the gap says.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from wasteplan.errors import NoAnswer, StoppedWithoutPlan, WasteplanError
from wasteplan.optimize.alternatives import openings_of, plants_of
from wasteplan.optimize.incumbent import decisions_of
from wasteplan.optimize.planner import Planner
from wasteplan.optimize.running import fixed_builds
from wasteplan.plan.records import Plan
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.totals import COST
from wasteplan.study.front_steps import tight_loose_halves
from wasteplan.study.switch_drivers import Driver, checked, moved

FACTORS = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0)
NARROW = 0.02
"""A switch is found when it lies between factors this close."""
NARROW_SHARE = 0.01
"""The same for levels, as a share of the range asked for."""
ROUNDS_MAX = 2
"""How often searches at switches may bring plans that move them."""
ROUNDING = 1e-6
"""Of the cost: cheaper by less is as good."""

Plants = tuple[str, ...]


@dataclass(frozen=True)
class Switch:
    """Between two levels other plants become the cheapest that are known."""

    driver: str
    below: float
    above: float
    drops: Plants
    """Plants built below and not above."""
    adds: Plants
    saves: float
    """What keeping the old builds would cost more at `at`; inf if they do not meet all
    requirements there.  [money]"""
    at: float
    """The last level asked for or next switch up to which the new plants are best."""
    gap: float
    """At most so much cheaper could a plan be that is not known.  [money]"""


@dataclass(frozen=True)
class Level:
    """A level that was searched: the best plants that are known there."""

    level: float
    plants: Plants
    cost: float
    bound: float
    """No plan costs less there.  [money]"""


@dataclass(frozen=True)
class Switches:
    """Where the plants that are built change as a driver moves."""

    driver: Driver
    levels: tuple[Level, ...]
    switches: tuple[Switch, ...] = ()
    without_plan: tuple[float, ...] = ()
    """Levels at which no plan meets all requirements."""
    undecided: tuple[float, ...] = ()
    """Levels at which time ran out before there was a plan."""
    was_stopped: bool = False

    @property
    def widest_gap(self) -> float:
        """The largest gap at a searched level.  [money]"""
        return max((x.cost - x.bound for x in self.levels), default=0.0)


@dataclass
class _Stopped(Exception):
    """Ctrl-C: what is known so far is the answer."""


@dataclass
class _Pool:
    """Plans known so far, and what their builds cost at each level."""

    scenario: Scenario
    driver: Driver
    again: Planner
    on_level: Callable[[float], None] | None
    plans: list[Plan] = field(default_factory=list)
    bounds: dict[float, float] = field(default_factory=dict)
    without: set[float] = field(default_factory=set)
    undecided: set[float] = field(default_factory=set)
    costs: dict[tuple[float, int], float] = field(default_factory=dict)

    def search(self, level: float) -> None:
        """Look for the best plan at a level, from those known."""
        if self.on_level is not None:
            self.on_level(level)
        self.again.change(moved(self.scenario, self.driver, level))
        best = self.best(level)
        start = None if best is None else self.plans[best[1]]
        try:
            plan = self.again.solve(incumbent=start, explains=False)
        except NoAnswer:
            self.without.add(level)
            return
        except StoppedWithoutPlan as error:
            if error.by_hand:
                raise _Stopped from error
            self.undecided.add(level)
            return
        assert plan.proof is not None
        self.bounds[level] = plan.proof.bound
        if all(_decided(plan) != _decided(other) for other in self.plans):
            self.plans.append(plan)
        if plan.proof.status == "interrupted":
            raise _Stopped

    def cost(self, level: float, k: int) -> float:
        """What the builds of a plan cost at a level; inf if they do not do.  [money]"""
        if (level, k) not in self.costs:
            self.again.change(moved(self.scenario, self.driver, level))
            p = self.again.live.problem
            kept = fixed_builds(p, decisions_of(p, self.plans[k]))
            found = kept.objective * p.data.aim_unit
            self.costs[level, k] = found if kept.solution is not None else float("inf")
        return self.costs[level, k]

    def best(self, level: float) -> tuple[float, int] | None:
        """Cost and number of the cheapest known plan; the first of equals."""
        found = [(self.cost(level, k), k) for k in range(len(self.plans))]
        if not found or min(found)[0] == float("inf"):
            return None
        least = min(found)[0]
        return next(f for f in found if f[0] <= least + ROUNDING * abs(least))

    def plants(self, k: int) -> Plants:
        """What a plan builds."""
        return tuple(sorted(plants_of(self.plans[k])))

    def cheapest_with(self, level: float, plants: Plants) -> float:
        """The least a known plan with these plants costs at a level.  [money]"""
        same = [k for k in range(len(self.plans)) if self.plants(k) == plants]
        return min(self.cost(level, k) for k in same)


def switch_points(
    scenario: Scenario,
    driver: Driver | str,
    *,
    levels: Sequence[float] = FACTORS,
    again: Planner | None = None,
    gap: float | None = None,
    time_limit_s: float | None = None,
    on_level: Callable[[float], None] | None = None,
) -> Switches:
    """Where the plants that are built change as a driver moves.

    Parameters
    ----------
    driver
        What is moved; a name means factors on it.
    levels
        Factors, or levels, at which plans are searched.
    again
        A planner of this scenario that has planned it before; its gap and time limit
        rule then.
    gap, time_limit_s
        Of each search (see `solve`).
    on_level
        Told of each level before it is searched.

    Returns
    -------
    Switches
        By rising level; plants that change and change back between two levels that are
        asked for are not seen. Ctrl-C keeps what is known.

    Raises
    ------
    WasteplanError
        What cannot be moved; a scenario whose objective is no cost.
    NoAnswer
        No level has a plan.
    """
    asked = Driver(driver) if isinstance(driver, str) else driver
    checked(scenario, asked)
    if scenario.settings.solve.objective != COST:
        raise WasteplanError(
            f"switch points are about cost: set [solve] objective to {COST}"
        )
    pool = _Pool(
        scenario,
        asked,
        again or Planner(scenario, gap=gap, time_limit_s=time_limit_s),
        on_level,
    )
    ordered = sorted(set(levels))
    found = _spans(pool, ordered)
    if pool.plans:
        return _told(pool, ordered, found or (), was_stopped=found is None)
    if found is None:
        raise KeyboardInterrupt
    raise NoAnswer(f"{asked.name}: no plan meets all requirements at any level")


def _spans(pool: _Pool, ordered: Sequence[float]) -> list[tuple[float, float]] | None:
    """Spans in which plants change; None after Ctrl-C."""
    width = ordered[-1] - ordered[0]
    narrow = NARROW_SHARE * width if pool.driver.is_level else NARROW
    try:
        for k in tight_loose_halves(len(ordered)):
            pool.search(ordered[k])
        return _settled(pool, ordered, narrow)
    except (_Stopped, KeyboardInterrupt):
        return None


def _settled(
    pool: _Pool, ordered: Sequence[float], narrow: float
) -> list[tuple[float, float]]:
    """Spans of switches, searched until no search brings plants that move them."""
    found: list[tuple[float, float]] = []
    for _ in range(ROUNDS_MAX):
        found = [
            span for a, b in pairwise(ordered) for span in _between(pool, a, b, narrow)
        ]
        before = len(pool.plans)
        for _, above in found:
            if above not in pool.bounds:
                pool.search(above)
        if len(pool.plans) == before:
            break
    return found


def _between(
    pool: _Pool, low: float, high: float, narrow: float
) -> list[tuple[float, float]]:
    """Spans between two levels in which the best known plants change."""
    before, after = _sure(pool, low), _sure(pool, high)
    if before is None and after is None:
        return []
    if before is not None and after is not None:
        if pool.plants(before[1]) == pool.plants(after[1]):
            return []
        if high - low <= narrow:
            return [(low, high)]
    elif high - low <= narrow:
        return []
    middle = 0.5 * (low + high)
    return [
        *_between(pool, low, middle, narrow),
        *_between(pool, middle, high, narrow),
    ]


def _sure(pool: _Pool, level: float) -> tuple[float, int] | None:
    """The best known plan; None is only said after a search."""
    found = pool.best(level)
    if found is None and level not in pool.without | pool.undecided:
        pool.search(level)
        found = pool.best(level)
    return found


def _told(
    pool: _Pool,
    ordered: Sequence[float],
    spans: Sequence[tuple[float, float]],
    was_stopped: bool,
) -> Switches:
    levels = []
    for level in sorted(pool.bounds):
        best = pool.best(level)
        assert best is not None
        bound = min(pool.bounds[level], best[0])
        levels.append(Level(level, pool.plants(best[1]), best[0], bound))
    ends = [below for below, _ in spans[1:]] + [ordered[-1]] * bool(spans)
    return Switches(
        pool.driver,
        tuple(levels),
        tuple(_switch(pool, span, end) for span, end in zip(spans, ends, strict=True)),
        tuple(sorted(pool.without)),
        tuple(sorted(pool.undecided)),
        was_stopped,
    )


def _switch(pool: _Pool, span: tuple[float, float], end: float) -> Switch:
    """What changes in a span, and what it is worth up to the next."""
    below, above = span
    old, new = pool.best(below), pool.best(above)
    assert old is not None
    assert new is not None
    built, then = set(pool.plants(old[1])), set(pool.plants(new[1]))
    last = pool.best(end)
    at = end if last is not None else above
    reached = last or new
    kept = pool.cheapest_with(at, pool.plants(old[1]))
    return Switch(
        pool.driver.name,
        below,
        above,
        tuple(sorted(built - then)),
        tuple(sorted(then - built)),
        kept - reached[0],
        at,
        new[0] - min(pool.bounds.get(above, new[0]), new[0]),
    )


def _decided(plan: Plan) -> object:
    """What a plan opens, closes and sets to work."""
    return (openings_of(plan), frozenset(plan.closures), frozenset(plan.measures))
