"""A plan over samples, bettered one decision at a time before the search for it.

The flows of a sample under other decisions are a linear program that starts from the
last one of that sample, so a change tried in all samples costs little; the same change
tried in the stack of all samples would cost the whole stack.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from wasteplan.errors import NoAnswer
from wasteplan.optimize.extensive_form import Extensive
from wasteplan.optimize.first_plan import TRIALS_MAX, Change, bettered
from wasteplan.optimize.following import Flows, Followed
from wasteplan.optimize.handover import Problem
from wasteplan.optimize.risk import measured
from wasteplan.superstructure.model import Floats

ROUNDING = 1e-9
Flowing = tuple[list[Followed], np.ndarray]
"""Flows in each sample, and which samples may miss something."""


@dataclass
class SampleTrials:
    """Decisions that are fixed in every sample and changed a few at a time."""

    form: Extensive
    flows: Sequence[Flows]
    decisions: Floats
    is_enough: Callable[[], bool]
    fixed: Change = field(init=False)
    n: int = 0

    def __post_init__(self) -> None:
        """Fix all decisions."""
        columns, values = self.form.decided.tolist(), self.decisions.tolist()
        self.fixed = dict(zip(columns, values, strict=True))

    @property
    def problem(self) -> Problem:
        """The stack of all samples, which names the decisions."""
        return self.form.whole

    def fix(self, change: Change) -> None:
        """Change decisions, as of the next `cost`."""
        self.fixed.update(change)

    def cost(self) -> float:
        """What is made least, of the flows that follow; inf if there are none."""
        self.n += 1
        return value_of(self.form, best_flows(self.form, self.flows, self.now))

    @property
    def now(self) -> Floats:
        """The decisions as they are."""
        return np.array([self.fixed[c] for c in self.form.decided.tolist()])

    @property
    def is_spent(self) -> bool:
        """Whether the search has cost enough."""
        return self.n >= TRIALS_MAX or self.is_enough()


def bettered_over_samples(
    form: Extensive,
    flows: Sequence[Flows],
    decisions: Floats,
    is_enough: Callable[[], bool],
) -> Floats:
    """Decisions that no single change betters, or as far as `is_enough` lets it come.

    Parameters
    ----------
    form, flows
        All samples, stacked and apart.
    decisions
        To start from; flows must follow from them in every sample.
    is_enough
        Asked between changes: whether to stop.
    """
    trials = SampleTrials(form, flows, decisions, is_enough)
    bettered(trials, trials.cost())
    return trials.now


def value_of(form: Extensive, known: Flowing | None) -> float:
    """What is made least, of flows in each sample; inf without.  [M money]"""
    if known is None:
        return float("inf")
    totals = np.array([f.total for f in known[0]])
    return measured(form.risk, totals, form.chances, form.best)


def best_flows(
    form: Extensive, flows: Sequence[Flows], decisions: Floats
) -> Flowing | None:
    """Flows of fixed decisions; nothing missed that can be met, where chance counts.

    None if they miss too often, or cannot stand in some sample.
    """
    followed, missed = [], np.zeros(len(flows), dtype=bool)
    for k, f in enumerate(flows):
        found = f.follow(decisions, must_meet=True) if form.limits_chance else None
        missed[k] = found is None
        try:
            found = found or f.follow(decisions)
        except NoAnswer:
            return None
        assert found is not None
        followed.append(found)
    if form.limits_chance and form.chances @ missed > form.risk.miss_max + ROUNDING:
        return None
    return followed, missed
