"""Good sets of open places: rounding what a relaxation opens, then better and better.

A move opens a place, closes one, or does both.  Moves are tried in the order of what
they promise; each is judged by prices for room (`room_prices.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from wasteplan.optimize.places import ROUNDING, Flags, Siting
from wasteplan.optimize.room_prices import Judge
from wasteplan.optimize.transport import shipped
from wasteplan.superstructure.model import Floats

QUICK_STEPS, SURE_STEPS, FIRST_STEPS = 25, 60, 120
TRIALS_MAX = 1500
"""Sets judged in one descent."""
SHAKEN = 0.25
"""Standard deviation of what is added to how far a relaxation opens a place."""
BETTER = 1e-7


@dataclass
class Openings:
    """The best set of open places found so far."""

    siting: Siting
    is_enough: Callable[[], bool] = lambda: False
    spare_kt: float = 0.0
    """Room beyond all waste that a set must have.  [kt/y]"""
    judge: Judge = field(init=False)
    best: float = np.inf
    is_open: Flags | None = None
    price: Floats = field(init=False)
    barred: set[bytes] = field(default_factory=set)
    """Sets whose true cost is known."""
    ends: dict[bytes, tuple[float, Floats]] = field(default_factory=dict)
    """Set at the end of each descent -> about its cost, and prices for room."""

    def __post_init__(self) -> None:
        """Nothing is known yet."""
        self.judge = Judge(self.siting)
        self.price = np.zeros(len(self.siting.room))

    @property
    def need_kt(self) -> float:
        """Room that a set must have.  [kt/y]"""
        return (1 - ROUNDING) * self.siting.total_kt + self.spare_kt

    def known(self, is_open: Flags, cost: float) -> None:
        """Take over a set whose true cost has been computed.  [M money]"""
        self.best, self.is_open = cost, is_open

    def seek(self, opened: Floats, rounds: int, chance: np.random.Generator) -> None:
        """Round and descend, again and again.

        Parameters
        ----------
        opened
            (places,): how far a relaxation opens them.  [0..1]
        """
        for r in range(rounds):
            score = opened.copy()
            if r or self.is_open is not None:
                score += chance.normal(0.0, SHAKEN, len(score))
                if self.is_open is not None and r % 2:
                    score = 0.5 * score + 0.5 * self.is_open
            more = int(chance.integers(-1, 2)) if r else 0
            start = self.rounded(score, round(float(opened.sum())) + more)
            if start is not None:
                self.descend(start)
            if self.is_enough():
                return

    def best_ends(self, n: int) -> list[tuple[Flags, Floats]]:
        """Sets whose true cost is not known yet, the best first, with prices."""
        ends = [(v, k, u) for k, (v, u) in self.ends.items() if k not in self.barred]
        ends.sort(key=lambda end: end[:2])
        return [(np.frombuffer(k, dtype=bool).copy(), u) for _, k, u in ends[:n]]

    def asked(self) -> Floats:
        """(sources,): the most that a source pays at the end of any descent.  [M]"""
        most = np.full(len(self.siting.load), -np.inf)
        for key, (_, price) in self.ends.items():
            places = np.flatnonzero(np.frombuffer(key, dtype=bool))
            asked = self.judge.per_kt[places] + price[places][:, None]
            most = np.maximum(most, asked.min(axis=0))
        return np.asarray(most * self.siting.load)

    def rounded(self, score: Floats, n: int) -> Flags | None:
        """The places with the highest score: n of them, or enough for all waste."""
        s = self.siting
        is_open, plants = s.stands.copy(), set[int]()
        for i in np.argsort(-score, kind="stable"):
            has_room = s.room[is_open].sum() >= self.need_kt
            if has_room and is_open.sum() >= n:
                return is_open
            if is_open[i] or int(s.plant[i]) in plants:
                continue
            plants.add(int(s.plant[i]))
            is_open[i] = True
        return is_open if s.room[is_open].sum() >= self.need_kt else None

    def descend(self, is_open: Flags) -> None:
        """Apply moves while one helps; keep the end if it is the best so far."""
        value, price = self.judged(is_open, self.price, FIRST_STEPS, np.inf)
        n = 0
        tried, goes_on = {is_open.tobytes()}, True
        while goes_on and n < TRIALS_MAX and not self.is_enough():
            goes_on = False
            for other in self.moves(is_open, price):
                key = other.tobytes()
                if key in tried:
                    continue
                tried.add(key)
                n += 1
                guess = self.judge.guess(other, price, QUICK_STEPS, value)
                if guess.value < value:
                    better = self.judged(other, guess.price, SURE_STEPS, value)
                    if better[0] < value - BETTER * abs(value):
                        is_open, (value, price), goes_on = other, better, True
                        break
                if n >= TRIALS_MAX:
                    break
        self.ends[is_open.tobytes()] = value, price
        if value < self.best and is_open.tobytes() not in self.barred:
            self.best, self.is_open, self.price = value, is_open, price

    def judged(
        self, is_open: Flags, price: Floats, steps: int, too_dear: float
    ) -> tuple[float, Floats]:
        """About what a set costs, and prices; exactly where prices do not settle."""
        guess = self.judge.guess(is_open, price, steps, too_dear)
        if guess.value < too_dear and not guess.is_settled:
            return shipped(self.siting, is_open, guess.price).cost, guess.price
        return guess.value, guess.price

    def moves(self, is_open: Flags, price: Floats) -> Iterator[Flags]:
        """Sets one move away that can take everything, the most promising first."""
        s = self.siting
        shut, leave = np.flatnonzero(~is_open), np.flatnonzero(is_open & ~s.stands)
        opening, closing = self.promise(is_open, price)
        pairs = closing[leave][:, None] + opening[shut][None, :]
        promise = np.concatenate([closing[leave], opening[shut], pairs.ravel()])
        n, k = len(leave), len(shut)
        have = float(s.room[is_open].sum())
        for move in np.argsort(promise, kind="stable"):
            other = is_open.copy()
            if move < n:
                out, into = int(leave[move]), -1
            elif move < n + k:
                out, into = -1, int(shut[move - n])
            else:
                one, two = divmod(int(move) - n - k, k)
                out, into = int(leave[one]), int(shut[two])
            room = have
            if out >= 0:
                other[out], room = False, room - s.room[out]
            if into >= 0:
                other[into], room = True, room + s.room[into]
                rivals = other & ~s.stands & (s.plant == s.plant[into])
                if rivals.sum() > 1:
                    continue
            if room >= self.need_kt:
                yield other

    def promise(self, is_open: Flags, price: Floats) -> tuple[Floats, Floats]:
        """(places,), (places,): about what opening, or closing, a place would add.

        Opening draws what is nearer than where it goes now; closing sends everything to
        where it goes second-best.  [M money]
        """
        s, per_kt = self.siting, self.judge.per_kt
        places, shut = np.flatnonzero(is_open), np.flatnonzero(~is_open)
        asked = per_kt[places] + price[places][:, None]
        first, to = asked.min(axis=0), asked.argmin(axis=0)
        second = np.partition(asked, 1, axis=0)[1] if len(places) > 1 else first
        dear = 2.0 * float(per_kt[np.isfinite(per_kt)].max())
        first, second = np.where(np.isfinite(first), (first, second), dear)
        closing = np.full(len(s.room), np.inf)
        lost = np.bincount(to, (second - first) * s.load, len(places))
        closing[places] = lost - s.fixed[places] + (price * s.room)[places]
        saved = np.maximum(first - per_kt[shut], 0.0)
        order = np.argsort(-saved, axis=1)
        load = s.load[order]
        before = np.cumsum(load, axis=1) - load
        taken = np.clip(s.room[shut][:, None] - before, 0.0, load)
        opening = np.full(len(s.room), np.inf)
        gain = (np.take_along_axis(saved, order, axis=1) * taken).sum(axis=1)
        opening[shut] = s.fixed[shut] - gain
        return opening, closing
