"""Diversion targets as a simulated plan keeps them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wasteplan.evaluation.reaching import reached
from wasteplan.evaluation.result import Evaluation
from wasteplan.plan.records import Plan
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import Target
from wasteplan.sim.result import SimulationResult
from wasteplan.study.loop_experience import DIVERSION, Found, expected, explained
from wasteplan.study.loop_planning import TargetPeriod
from wasteplan.study.simulated_targets import Told, simulated_diversion, told

GAIN_MIN = 1 / 3
"""Less is taken for chance: nobody asks for more than three times what is missing."""


@dataclass(frozen=True)
class TargetInPractice:
    """A diversion target in a period, planned and simulated."""

    target: Target
    period: str
    planned: float
    simulated: float
    """Mean of its own waste, or planned less its part of what was lost.  [-]"""
    half_width: float = math.nan
    """Of the 95 % interval; NaN for one run.  [-]"""
    tolerance: float = 0.0
    """By how much the mean may miss the limit and still count as met.  [-]"""

    @property
    def key(self) -> TargetPeriod:
        """Target and period."""
        return (self.target.id, self.period)

    @property
    def room(self) -> float:
        """The mean less the nearest limit; negative if it is missed.  [-]"""
        least = -math.inf if self.target.min is None else self.target.min
        most = math.inf if self.target.max is None else self.target.max
        return min(self.simulated - least, most - self.simulated)

    @property
    def shortfall(self) -> float:
        """By how much the simulated value is beyond the limit.  [-]"""
        return max(-self.room, 0.0)

    @property
    def is_met(self) -> bool:
        """Whether the mean keeps the limit, within tolerance and interval."""
        return self.is_met_but_for(0.0)

    def is_met_but_for(self, way: float) -> bool:
        """Whether it is met if the limit gives way by so much.  [-]"""
        room = self.room + way
        is_unsure = math.isnan(self.half_width)
        is_missed = not is_unsure and told(room, self.half_width) == "missed"
        return room >= -self.tolerance and not is_missed

    @property
    def told(self) -> Told:
        """What the interval says: met, open (it holds the limit), or missed."""
        return told(self.room, self.half_width)


def targets_in_practice(
    scenario: Scenario,
    plan: Plan,
    evaluation: Evaluation,
    found: Found,
    simulation: SimulationResult,
    tolerance: float,
) -> tuple[TargetInPractice, ...]:
    """Every diversion target that speaks of a simulated period.

    Of a region or stream it is that of its own waste; where the simulation does not
    tell it apart, what was lost at a gate is counted for those whose waste was sent
    there and the rest shared alike.
    """
    known = explained(found)
    said = []
    for target in scenario.targets:
        for period in found.margin:
            if target.metric != DIVERSION or target.period not in ("", period):
                continue
            planned = reached(scenario, plan, evaluation, target, period)
            if planned is None:
                continue
            scope = (period, target.region, target.stream)
            own = simulated_diversion(simulation, *scope)
            mean, half = own or (expected(evaluation, known, *scope), math.nan)
            said.append(
                TargetInPractice(target, period, planned, mean, half, tolerance)
            )
    return tuple(said)


def floors(targets: Sequence[TargetInPractice]) -> Mapping[TargetPeriod, float]:
    """Of targets met with at most the tolerance to spare, what they reach on paper. [-]

    A simulated target follows its plan with noise.  Planned again to the last hair,
    half of those just met would be just missed next time.
    """
    return {
        t.key: t.planned
        for t in targets
        if t.target.min is not None and t.is_met and t.room <= t.tolerance
    }


def asked_on_top(
    target: TargetInPractice, before: TargetInPractice, on_top: float
) -> float:
    """What to ask of a missed target besides its shortfall, as plans gain in part.  [-]

    Missed by s and asked for a on top, it gained g (s + a).  To gain the s' that it
    misses now, s'/g is asked for, that is s' (1/g - 1) on top.

    Parameters
    ----------
    on_top
        What was asked for on top before.  [-]
    """
    asked = before.shortfall + on_top
    if target.is_met or asked <= 0:
        return 0.0
    gain = (target.simulated - before.simulated) / asked
    return target.shortfall * (1 / min(max(gain, GAIN_MIN), 1.0) - 1)


def told_apart(
    evaluation: Evaluation, found: Found, targets: Sequence[TargetInPractice]
) -> Mapping[TargetPeriod, float]:
    """What the waste of each target lost beyond what plants and margin explain.  [-]

    With it, what the planner expects of this very plan is what was simulated.
    """
    known = explained(found)
    return {
        t.key: expected(evaluation, known, t.period, t.target.region, t.target.stream)
        - t.simulated
        for t in targets
        if t.target.min is not None
    }
