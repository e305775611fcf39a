"""A front: efficient plans, each with what no plan beats."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from wasteplan.plan.records import Plan
from wasteplan.scenario.totals import TOTALS

SAME = 1e-6  # of the range: two values closer than this are one

Limits = Mapping[str, float]


@dataclass(frozen=True)
class Point:
    """An efficient plan, as far as its gap proves it."""

    plan: Plan
    values: Mapping[str, float]
    """Each total of the front.  [money, t CO2e or t over all years]"""
    limits: Limits
    """What the other totals were held to; empty at the best plan by the first."""
    bound: float
    """No plan as good in the other totals has less (jobs: more) of the first."""
    gap: float
    """At most so much of the first total could be saved within the limits; NaN for a
    point that misses requirements, which is no plan to save on."""
    misses: tuple[str, ...] = ()
    """Requirements that its real blends miss: it is no plan for the case then."""


@dataclass(frozen=True)
class End:
    """The best of one total alone: what was found, and what no plan beats."""

    value: float
    bound: float


@dataclass(frozen=True)
class Step:
    """What a point costs more than the one before it, in the first total."""

    least: float
    """Surely; 0 where the gaps leave open whether it costs more at all."""
    most: float


@dataclass(frozen=True)
class Front:
    """Efficient plans, the best by the first total first."""

    totals: tuple[str, ...]
    points: tuple[Point, ...]
    without_plan: tuple[Limits, ...] = ()
    """Limits that no plan keeps together."""
    was_stopped: bool = False
    undecided: tuple[Limits, ...] = ()
    """Limits at which time ran out before there was a plan."""
    ends: Mapping[str, End] = field(default_factory=dict)

    @property
    def plans(self) -> tuple[Point, ...]:
        """The points that meet all requirements."""
        return tuple(p for p in self.points if not p.misses)

    @property
    def spacing(self) -> float:
        """The least step of the first total between neighbours; NaN for one point."""
        first = [p.values[self.totals[0]] for p in self.plans]
        steps = [abs(b - a) for a, b in pairwise(first)]
        return min(steps) if steps else float("nan")

    @property
    def is_resolved(self) -> bool:
        """Whether every gap is smaller than the spacing of the points."""
        return all(p.gap < self.spacing for p in self.plans) or len(self.plans) < 2

    @property
    def steps(self) -> tuple[Step, ...]:
        """From each point to the next, for two totals: at least and at most so much.

        least = bound of the next - value of this one: whatever is as good as the next
        in the other total costs that much more than a plan that is known. Where one of
        the two misses requirements nothing is said (NaN).
        """
        if len(self.totals) != 2:
            return ()
        first = self.totals[0]
        sign = TOTALS[first].sign
        return tuple(
            Step(
                max(0.0, sign * (b.bound - a.values[first])),
                sign * (b.values[first] - a.bound),
            )
            if not (a.misses or b.misses)
            else Step(math.nan, math.nan)
            for a, b in pairwise(self.points)
        )


def signed(values: Mapping[str, float]) -> dict[str, float]:
    """Totals so that less is better: those of which more is better turned round."""
    return {name: TOTALS[name].sign * value for name, value in values.items()}


def bounded(
    found: Sequence[Point],
    shown: Sequence[tuple[Limits, float]],
    totals: tuple[str, ...],
) -> list[Point]:
    """The points with the best bound that any search has shown for them.

    A search within limits that hold all other totals of a point says what no plan as
    good as the point has less of.

    Parameters
    ----------
    shown
        (limits, bound on the first total) of every search; one without limits is among
        them.
    """
    spans = _spans(found, totals)
    sign = TOTALS[totals[0]].sign
    better = []
    for point in found:
        own = signed(point.values)
        bound = max(
            sign * bound
            for limits, bound in shown
            if all(
                own[name] <= limit + SAME * spans[name]
                for name, limit in signed(limits).items()
            )
        )
        bound = min(bound, own[totals[0]])
        gap = math.nan if point.misses else own[totals[0]] - bound
        better.append(replace(point, bound=sign * bound, gap=gap))
    return better


def efficient(found: Sequence[Point], totals: tuple[str, ...]) -> tuple[Point, ...]:
    """Points that no other beats, each once, the best by the first total first."""
    spans = _spans(found, totals)

    def steps(one: Point, other: Point) -> list[float]:
        """By how much one is worse in each total, as a share of the range."""
        return [
            TOTALS[name].sign * (one.values[name] - other.values[name]) / spans[name]
            for name in totals
        ]

    def beats(one: Point, other: Point) -> bool:
        if one.misses and not other.misses:
            return False
        worse = steps(one, other)
        return all(s <= SAME for s in worse) and any(s < -SAME for s in worse)

    kept: list[Point] = []
    for point in sorted(
        found, key=lambda p: tuple(signed(p.values)[t] for t in totals)
    ):
        is_beaten = any(beats(other, point) for other in found)
        is_known = any(
            all(abs(s) <= SAME for s in steps(other, point)) for other in kept
        )
        if not is_beaten and not is_known:
            kept.append(point)
    return tuple(kept)


def _spans(found: Sequence[Point], totals: tuple[str, ...]) -> dict[str, float]:
    """Range of each total over all points; never nothing."""
    spans = {}
    for name in totals:
        values = [p.values[name] for p in found]
        width = max(values) - min(values) if values else 0.0
        spans[name] = max(width, TOTALS[name].per_model_unit * 1e-3)
    return spans
