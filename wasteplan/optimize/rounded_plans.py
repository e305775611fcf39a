"""Plans near what a relaxation opens, for the branching on places."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from wasteplan.optimize.location import Location
from wasteplan.optimize.opening_search import Openings
from wasteplan.optimize.places import Flags
from wasteplan.superstructure.model import Floats

ROUNDED_EVERY, DESCENDED_EVERY, GUESS_STEPS = 3, 60, 60
"""Nodes after which a plan is looked for, and looked for at length."""


@dataclass
class RoundedPlans:
    """The plans of a location, looked for near what a relaxation opens."""

    at: Location
    openings: Openings
    n_asked: int = 0
    seen: set[bytes] = field(default_factory=set)

    @property
    def cost(self) -> float:
        """Of the best plan.  [M money]"""
        return self.at.cost

    @property
    def allowed(self) -> float:
        """A little less than the gap that is asked for.  [M money]"""
        return 0.999 * self.at.allowed

    def is_over(self) -> bool:
        """Whether to stop now."""
        return self.at.is_proved or self.at.is_over()

    def raise_bound(self, value: float) -> None:
        """Take over what has been proved.  [M money]"""
        self.at.raise_bound(value)

    def ship(self, is_open: Flags) -> float:
        """What a set of places costs at least; keep its plan.  [M money]"""
        return self.at.take(is_open, np.zeros(len(is_open)))

    def round(self, opened: Floats, decided: Flags) -> None:
        """Look for a plan near what a relaxation opens, now and then."""
        at, openings = self.at, self.openings
        self.n_asked += 1
        if self.n_asked % ROUNDED_EVERY:
            return
        found = openings.rounded(opened + decided, round(float(opened.sum())))
        if found is None or found.tobytes() in self.seen:
            return
        self.seen.add(found.tobytes())
        if self.n_asked % DESCENDED_EVERY == 0:
            descended(at, openings, found)
            return
        guess = openings.judge.guess(found, openings.price, GUESS_STEPS, at.cost)
        if guess.value < at.cost:
            at.take(found, guess.price)


def descended(at: Location, openings: Openings, is_open: Flags) -> None:
    """Improve a set of places, and ship the best end exactly."""
    openings.descend(is_open)
    for found, price in openings.best_ends(1):
        at.take(found, price)
        openings.barred.add(found.tobytes())
    if at.is_open is not None:
        openings.known(at.is_open, at.cost)
