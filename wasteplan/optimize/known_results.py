"""What solved problems say of another one with the same columns and rows.

Three facts, checked on the arrays themselves:

- what cannot be undercut in a problem cannot in one that is tighter in every row and no
  cheaper in any column;
- the least cost over one set of plans is concave in the costs, being the least of
  linear functions: between two problems whose costs are ends of a line, it is nowhere
  below the straight line between their bounds (Rockafellar, 1970, Convex Analysis,
  theorem 5.5);
- decisions that fit one problem may fit another: a linear program tells.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from wasteplan.optimize.handover import Problem
from wasteplan.superstructure.model import Floats

KEPT_MAX = 60
ROUNDING = 1e-9
"""Of a bound: given up, so that rounding never makes it too high."""


@dataclass(frozen=True)
class Known:
    """A problem and what its search has shown."""

    problem: Problem
    bound: float
    """Nothing costs less; inf if nothing fits.  [M money]"""
    decisions: Floats | None
    """Whole numbers of the best solution, None without one."""


@dataclass
class Results:
    """Solved problems of one pattern."""

    all: list[Known] = field(default_factory=list)

    def add(self, p: Problem, bound: float, solution: Floats | None) -> None:
        """Keep what a search has shown; the oldest goes when there are too many."""
        decisions = None if solution is None else np.round(solution[p.is_integer])
        self.all.append(Known(p, bound, decisions))
        del self.all[:-KEPT_MAX]

    def bound(self, now: Problem) -> float:
        """The best bound that follows for a problem; -inf if none does.  [M money]"""
        looser = [k for k in self.all if is_tighter(now, k.problem)]
        found = [
            k.bound + now.offset - k.problem.offset
            for k in looser
            if (now.cost >= k.problem.cost).all()
        ]
        for a, b in combinations(looser, 2):
            share = between(a.problem, b.problem, now)
            if share is not None:
                found.append((1 - share) * a.bound + share * b.bound)
        best = max(found, default=-np.inf)
        return best - ROUNDING * abs(best) if np.isfinite(best) else best

    def starts(self) -> Iterator[Floats]:
        """Different decisions, the latest first."""
        seen: set[bytes] = set()
        for known in reversed(self.all):
            if known.decisions is None or known.decisions.tobytes() in seen:
                continue
            seen.add(known.decisions.tobytes())
            yield known.decisions


def is_tighter(now: Problem, before: Problem) -> bool:
    """Whether whatever fits `now` fits `before`; shown by comparing number by number.

    A larger coefficient of a column that cannot be negative tightens `<=` and loosens
    `>=`.  False where this comparison does not tell.
    """
    if now.matrix.indices is not before.matrix.indices:
        return False
    low, high = now.row_lower >= before.row_lower, now.row_upper <= before.row_upper
    inside = (now.lower >= before.lower) & (now.upper <= before.upper)
    if not (low.all() and high.all() and inside.all()):
        return False
    entries = np.flatnonzero(now.matrix.data != before.matrix.data)
    if not len(entries):
        return True
    change = now.matrix.data[entries] - before.matrix.data[entries]
    row = np.searchsorted(now.matrix.indptr, entries, side="right") - 1
    if (now.lower[now.matrix.indices[entries]] < 0).any():
        return False
    falls = (change > 0) & np.isfinite(before.row_lower[row])
    rises = (change < 0) & np.isfinite(before.row_upper[row])
    return not (falls | rises).any()


def between(a: Problem, b: Problem, now: Problem) -> float | None:
    """Where costs lie on the line from those of `a` (0) to those of `b` (1), if so."""
    way = np.append(b.cost - a.cost, b.offset - a.offset)
    step = np.append(now.cost - a.cost, now.offset - a.offset)
    length = float(way @ way)
    if length == 0:
        return None
    share = float(step @ way) / length
    off = float(np.abs(step - share * way).max())
    if not 0 <= share <= 1 or off > 1e-12 * float(np.abs(way).max()):
        return None
    return share
