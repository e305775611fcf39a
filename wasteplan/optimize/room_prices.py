"""What it costs, about, to take everything to the open places: prices for their room.

With price u_i for a tonne of room at place i each source goes where c_ij + u_i d_j is
least, and

    sum_j min_i (c_ij + u_i d_j) - sum_i u_i s_i

is below the true cost of hauling, closely so after a few dozen steps.  There are only
as many prices as open places, so a set of them is judged in a millisecond.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from wasteplan.optimize.places import Flags, Siting
from wasteplan.superstructure.model import Floats

SETTLED = 0.03
"""Share of all waste that may be above capacity for prices to be trusted."""
FIRST_STEP = 0.01
"""Of the cost: how far above the best value so far the steps aim."""


@dataclass(frozen=True)
class Guess:
    """About what a set of open places costs."""

    value: float
    """At most the true cost.  [M money]"""
    price: Floats
    """(places,): for room.  [M money/(kt/y)]"""
    is_settled: bool
    """Whether it is close to the true cost."""


@dataclass
class Judge:
    """Judges sets of open places."""

    siting: Siting
    per_kt: Floats = field(init=False)
    by_source: Floats = field(init=False)
    """(sources, places): the same, so that the choices of a source lie together."""

    def __post_init__(self) -> None:
        """Cost by tonne, once."""
        self.per_kt = self.siting.cost / self.siting.load
        self.by_source = np.ascontiguousarray(self.per_kt.T)

    def guess(
        self, is_open: Flags, price: Floats, steps: int, too_dear: float = np.inf
    ) -> Guess:
        """About what open places cost, starting from prices of a similar set.

        Parameters
        ----------
        too_dear
            Stop as soon as the cost is surely above this.  [M money]
        """
        places = np.flatnonzero(is_open)
        load, room = self.siting.load, self.siting.room[places]
        fixed = float(self.siting.fixed[places].sum())
        cost, u = self.by_source.take(places, axis=1), price[places].copy()
        first, best, at = np.arange(len(load)) * len(u), -np.inf, u
        way, taken, length, since = np.zeros(len(u)), np.zeros(len(u)), 1.0, 0
        for step in range(steps):
            asked = cost + u
            to = asked.argmin(axis=1)
            value = fixed + float(load @ asked.take(first + to) - room @ u)
            if value > best:
                best, at, since = value, u, 0
            else:
                since += 1
            if since >= 3:
                length, since = 0.6 * length, 0
            if best > too_dear or not np.isfinite(value):
                break
            now: Floats = np.bincount(to, load, len(u)).astype(np.float64)
            taken = now if step == 0 else 0.8 * taken + 0.2 * now
            over = now - room
            over[(u <= 0) & (over < 0)] = 0.0
            way = 0.7 * over + 0.3 * way
            size = float(way @ way)
            if size < 1e-12:
                taken = now
                break
            aim = best + FIRST_STEP * abs(best) - value
            u = np.maximum(0.0, u + length * aim / size * way)
        over_all = float(np.maximum(taken - room, 0.0).sum())
        whole = price.copy()
        whole[places] = at
        return Guess(best, whole, over_all <= SETTLED * load.sum())
