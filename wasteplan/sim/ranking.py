"""Which of several systems is best, with a stated probability of being right."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

Draw = Callable[[Sequence[tuple[int, int]]], Sequence[float]]
"""Values of (system, replication) pairs; equal replications share their chance."""


@dataclass(frozen=True)
class Ranking:
    """Systems from best to worst.

    Attributes
    ----------
    order
        Numbers of the systems.
    confidence
        Probability that every system stands before all that are worse by the
        indifference or more, if all places are decided.
    decided
        For each place but the last: whether it was decided before the replications ran
        out; if not, it follows the means.
    replications
        Of each system, by its number.
    means
        Of each system over its replications, by its number.
    """

    order: tuple[int, ...]
    confidence: float
    decided: tuple[bool, ...]
    replications: tuple[int, ...]
    means: tuple[float, ...]


def rank(
    draw: Draw,
    systems: int,
    *,
    indifference: float,
    confidence: float = 0.95,
    first: int = 10,
    replications_max: int = 200,
    ahead: int = 1,
) -> Ranking:
    """Rank systems by their means, the largest first, with as few runs as it takes.

    The fully sequential procedure KN of Kim & Nelson (2001), A fully sequential
    procedure for indifference-zone selection in simulation, ACM Transactions on
    Modeling and Computer Simulation 11(3), 251-273, with c = 1: system i drops out
    after r replications if for some l

        mean_i < mean_l - max(0, delta / (2 r) (h^2 S_il^2 / delta^2 - r)),
        h^2 = 2 eta (n0 - 1),  eta = ((2 beta)^(-2 / (n0 - 1)) - 1) / 2,

    with S_il^2 the variance of the differences in the first n0 replications: shared
    chance makes it small. It is applied to find the best, then the best of the rest,
    and so on. A comparison of two systems that differ by delta or more goes wrong with
    a probability of at most beta; beta = (1 - confidence) over the number of pairs, so
    no pair goes wrong with the confidence asked for (Bonferroni).

    Values are taken to be independent between replications and about normal.

    Parameters
    ----------
    draw, systems
        Gives values, asked for each pair once; how many systems there are.
    indifference
        Smallest difference of means that matters (delta), in their unit.
    first
        Replications before the first comparison (n0), at least 2.
    replications_max
        Of one system; what is not decided then follows the means.
    ahead
        Replications of a system that are asked for together; comparisons still take
        them one by one.
    """
    if systems < 2 or first < 2 or not indifference > 0 or not 0 < confidence < 1:
        raise ValueError("ranking needs two systems, two replications, a difference")
    error = (1 - confidence) / (systems * (systems - 1) / 2)
    race = _Race(draw, systems, indifference, error, first, replications_max, ahead)
    left = list(range(systems))
    order, decided = [], []
    while len(left) > 1:
        best, is_sure = race.best_of(left)
        order.append(best)
        decided.append(is_sure)
        left.remove(best)
    return Ranking(
        (*order, *left),
        confidence,
        tuple(decided),
        tuple(len(v) for v in race.values),
        tuple(float(np.mean(v)) for v in race.values),
    )


class _Race:
    """Replications of all systems so far, and who drops out."""

    def __init__(
        self,
        draw: Draw,
        systems: int,
        indifference: float,
        error: float,
        first: int,
        most: int,
        ahead: int,
    ) -> None:
        self.draw, self.delta, self.first = draw, indifference, first
        self.ahead = ahead
        self.most = max(most, first)
        self.values: list[list[float]] = [[] for _ in range(systems)]
        self._run(range(systems), first)
        self.h2 = 2 * eta(error, first) * (first - 1)
        start = np.array(self.values)
        gaps = start[:, None, :] - start[None, :, :]
        self.variance = gaps.var(axis=2, ddof=1)

    def _run(self, systems: Sequence[int], until: int) -> None:
        wanted = [(s, r) for s in systems for r in range(len(self.values[s]), until)]
        if wanted:
            for (s, _), value in zip(wanted, self.draw(wanted), strict=True):
                self.values[s].append(float(value))

    def best_of(self, systems: Sequence[int]) -> tuple[int, bool]:
        """The best of some, and whether it was decided."""
        left = list(systems)
        r = self.first
        while True:
            if any(len(self.values[s]) < r for s in left):
                self._run(left, min(r - 1 + self.ahead, self.most))
            means = {s: math.fsum(self.values[s][:r]) / r for s in left}
            left = [
                i
                for i in left
                if all(means[i] >= means[j] - self._room(i, j, r) for j in left)
            ]
            if len(left) == 1:
                return left[0], True
            if r >= self.most or all(
                self._room(i, j, r) == 0 for i in left for j in left if i != j
            ):
                best = max(left, key=lambda s: means[s])
                return best, all(means[s] == means[best] for s in left)
            r += 1

    def _room(self, i: int, j: int, r: int) -> float:
        """How far a mean may lie below another and stay in."""
        bound = self.h2 * self.variance[i, j] / self.delta**2 - r
        return max(0.0, self.delta / (2 * r) * bound)


def eta(error: float, first: int) -> float:
    """The constant of Kim and Nelson for one pair of systems.  [-]

    Error 0.05, 10 first replications: (0.1^(-2/9) - 1) / 2.

    >>> round(eta(0.05, 10), 4)
    0.3341
    """
    return ((2 * error) ** (-2 / (first - 1)) - 1) / 2
