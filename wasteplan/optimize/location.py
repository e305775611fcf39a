"""Where the search for a siting problem stands: bound, best plan, when to stop."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from wasteplan.optimize.places import Flags, Siting
from wasteplan.optimize.running import REPORT_EVERY_S, SMALL, Progress, Watch
from wasteplan.optimize.transport import Shipped, shipped
from wasteplan.optimize.whole_sources import shared_anew, whole
from wasteplan.superstructure.model import Floats

SPLIT_GAP = 3e-4
"""Gap to which a bound is sought where sources must not be split: plans will not come
nearer than that to the bound."""
NEARLY = 2e-3
"""Share of the cost by which a plan may be dearer and still be worth a longer look."""


@dataclass
class Location:
    """Where the search for a siting problem stands."""

    watch: Watch
    siting: Siting
    offset: float
    """Cost that no place changes.  [M money]"""
    bound: float = -np.inf
    is_open: Flags | None = None
    found: Shipped | None = None
    told: float = field(default=-np.inf)
    outer: Location | None = None
    """The same without splits, for which this one finds a bound."""

    @property
    def cost(self) -> float:
        """Of the best plan; inf without one.  [M money]"""
        return np.inf if self.found is None else self.found.cost

    @property
    def is_proved(self) -> bool:
        """Whether the gap is as small as asked for."""
        if self.found is None:
            return False
        return self.cost - self.bound <= self.allowed

    @property
    def allowed(self) -> float:
        """The gap that is asked for.  [M money]"""
        gap = self.watch.stop.gap_of_gross
        least = gap if self.outer is None else max(gap, SPLIT_GAP)
        return max(least * self.gross, SMALL)

    @property
    def gross(self) -> float:
        """About the positive cost items of the best plan.  [M money]"""
        return max(self.cost + max(self.offset, 0.0), SMALL)

    def is_over(self) -> bool:
        """Whether to stop now; tells how far the search is on the way."""
        watch = self.watch
        if watch.progress and watch.elapsed_s - self.told >= REPORT_EVERY_S:
            self.told = watch.elapsed_s
            self.tell(self.bound)
        return watch.interrupted or watch.elapsed_s >= watch.stop.time_limit_s

    def tell(self, bound: float) -> None:
        """Report where it stands."""
        if self.watch.progress is None:
            return
        if self.outer is not None:
            self.outer.raise_bound(bound)
            self.outer.tell(self.outer.bound)
            return
        low = bound + self.offset if np.isfinite(bound) else None
        best = self.cost + self.offset if self.found is not None else None
        gap = None if low is None or best is None else max(0.0, best - low) / self.gross
        step = self.watch.step
        self.watch.progress(Progress(self.watch.elapsed_s, step, best, low, gap))

    def raise_bound(self, value: float) -> None:
        """Take over what has been proved.  [M money]"""
        self.bound = max(self.bound, min(value, self.cost))

    def take(self, is_open: Flags, price: Floats) -> float:
        """Ship exactly to a set of places; keep it if it is the best.

        Returns
        -------
        float
            What the set costs at least: split, if sources may be.  [M money]
        """
        found = shipped(self.siting, is_open, price)
        least = found.cost
        if self.siting.is_single and found.cost < self.cost:
            found = whole(self.siting, is_open, found, self.is_over)
        if found.cost < self.cost:
            self.is_open, self.found = is_open.copy(), found
        return least

    def take_whole(self, is_open: Flags, price: Floats) -> None:
        """As `take` where sources are not split, with a longer look at what is near."""
        split = shipped(self.siting, is_open, price)
        if split.cost >= self.cost:
            return
        found = whole(self.siting, is_open, split, self.is_over)
        if found.cost < self.cost * (1 + NEARLY) and not self.is_over():
            found = shared_anew(self.siting, is_open, found, self.is_over)
        if found.cost < self.cost:
            self.is_open, self.found = is_open.copy(), found
