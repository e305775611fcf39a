"""Climbing along an average of subgradients.

As in the volume algorithm (Barahona and Anbil 2000, doi:10.1007/s101070050002): the
average of what the prices left uncollected is the direction, and the average of what
they opened says what the relaxation opens.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from wasteplan.superstructure.model import Floats

AVERAGE_MAX = 1.0
GAIN = 1e-5
"""Share of the value that counts as a gain."""
COLLECTED = 1e-4
"""Sum of squares of what is not collected, or twice: no more to gain."""


@dataclass(frozen=True)
class Pace:
    """How steps get shorter."""

    length: float = 1.0
    """Of the first step: 1 would reach the target if the value were linear."""
    average_min: float = 0.2
    """Least weight of the newest subgradient in the average."""
    patience: int = 8
    """Steps without a gain before they get shorter."""
    shorter: float = 0.7
    length_min: float = 2e-4


@dataclass
class Ascent:
    """Prices on their way up."""

    price: Floats
    """(sources,)  [M money]"""
    pace: Pace = field(default_factory=Pace)
    value: float = -np.inf
    """The highest so far.  [M money]"""
    best: Floats = field(init=False)
    """(sources,): prices with that value."""
    missing: Floats = field(init=False)
    """(sources,): average of what is not collected; below 0 if twice."""
    opened: Floats = field(init=False)
    """(places,): average of what is opened."""
    length: float = field(init=False)
    now: float = -np.inf
    since: int = 0

    def __post_init__(self) -> None:
        """Nothing is known yet."""
        self.best, self.length = self.price, self.pace.length
        self.missing = self.opened = np.zeros(0)

    def take(self, value: float, missing: Floats, opened: Floats) -> None:
        """What the prices have shown.

        Parameters
        ----------
        value
            [M money]
        missing
            (sources,): share not collected, below 0 where more than all is.
        opened
            (places,)
        """
        if not len(self.missing):
            self.missing, self.opened = missing, opened
        else:
            change = missing - self.missing
            weight = -float(self.missing @ change) / max(float(change @ change), 1e-12)
            weight = min(max(weight, self.pace.average_min), AVERAGE_MAX)
            self.missing = self.missing + weight * change
            self.opened = self.opened + weight * (opened - self.opened)
        gains = value > self.value + GAIN * abs(value)
        self.since = 0 if gains else self.since + 1
        self.now = value
        if value > self.value:
            self.value, self.best = value, self.price
        if self.since >= self.pace.patience:
            self.length, self.since = self.pace.shorter * self.length, 0
            self.price = self.best

    @property
    def is_over(self) -> bool:
        """Whether there is nothing more to gain."""
        off = float(self.missing @ self.missing)
        return off < COLLECTED or self.length < self.pace.length_min

    def step(self, target: float) -> None:
        """Go towards a value.  [M money]"""
        size = float(self.missing @ self.missing)
        ahead = self.length * max(target - self.now, 0.0) / size
        self.price = self.price + ahead * self.missing
