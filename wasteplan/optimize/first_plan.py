"""A first plan for the solver: dive to whole decisions, then better them one by one.

All is done by linear programs that start from the last one, so a trial costs little.
The search ends after a fixed number of them or when no change helps; the clock ends it
only where time is short.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

import highspy
import numpy as np

from wasteplan.optimize.handover import Problem, solver
from wasteplan.superstructure.model import Floats

TRIALS_MAX = 400
"""Linear programs, dive included."""
ITERATIONS_MAX = 30
"""Simplex iterations, as a multiple of those of the first linear program."""
ROUND_UP_FROM = 0.7
WHOLE = 1e-6
BETTER = 1e-6
"""Of a million: gains smaller than a unit of money are none."""

Change = dict[int, float]
"""Column -> value."""


@dataclass
class Trials:
    """A linear program whose decisions are fixed and changed a few at a time."""

    problem: Problem
    is_enough: Callable[[], bool]
    h: highspy.Highs = field(init=False)
    fixed: Change = field(default_factory=dict)
    n: int = 0
    iterations: int = 0
    iterations_max: int = 0
    trials_max: int = TRIALS_MAX

    def __post_init__(self) -> None:
        """Solve the relaxation."""
        self.h = solver(self.problem, as_lp=True)
        self.h.setOptionValue("threads", 1)
        self.cost()
        self.iterations_max = ITERATIONS_MAX * max(self.iterations, 1000)

    def cost(self) -> float:
        """Cost with the bounds as they are; inf if nothing fits them.  [M money]"""
        self.h.run()
        self.n += 1
        self.iterations += max(self.h.getInfo().simplex_iteration_count, 0)
        if self.h.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return np.inf
        return float(self.h.getInfo().objective_function_value)

    def fix(self, change: Change) -> None:
        """Fix columns, as of the next `cost`."""
        for column, value in change.items():
            self.h.changeColBounds(column, value, value)
            self.fixed[column] = value

    def free(self, column: int) -> None:
        """Undo one `fix`, as of the next `cost`."""
        bounds = self.problem.lower[column], self.problem.upper[column]
        self.h.changeColBounds(column, *map(float, bounds))
        del self.fixed[column]

    def loosen(self) -> None:
        """Undo every `fix`, and solve again."""
        for column in self.fixed:
            bounds = self.problem.lower[column], self.problem.upper[column]
            self.h.changeColBounds(column, *map(float, bounds))
        self.fixed.clear()
        self.cost()

    def solution(self) -> Floats:
        """Values of all columns."""
        return np.array(self.h.getSolution().col_value)

    @property
    def is_spent(self) -> bool:
        """Whether the search has cost enough."""
        counted = self.n >= self.trials_max or self.iterations >= self.iterations_max
        return counted or self.is_enough()


def first_plan(
    p: Problem,
    is_enough: Callable[[], bool] = lambda: False,
    known: Floats | None = None,
) -> Floats | None:
    """A good solution with whole decisions, to start the solver from.

    Parameters
    ----------
    p
        A mixed-integer program.
    is_enough
        Asked between linear programs: whether to stop early.
    known
        A solution whose decisions are bettered if they fit, in place of a dive.

    Returns
    -------
    Floats or None
        Values of all columns; None if the dive met a dead end.
    """
    if not p.is_integer.any():
        return None
    trials = Trials(p, is_enough)
    cost = np.inf if known is None else repeated(trials, known)
    if not np.isfinite(cost):
        cost = dive(trials)
    if not np.isfinite(cost):
        return None
    bettered(trials, cost)
    trials.cost()
    return trials.solution()


def repeated(trials: Trials, known: Floats) -> float:
    """Take the decisions of a known solution; undone if nothing fits them.

    Returns
    -------
    float
        Cost with these decisions fixed; inf if they do not fit.  [M money]
    """
    whole = np.flatnonzero(trials.problem.is_integer)
    trials.fix({int(c): float(round(known[c])) for c in whole})
    cost = trials.cost()
    if not np.isfinite(cost):
        trials.loosen()
    return cost


def dive(trials: Trials) -> float:
    """Round a relaxed solution, one fractional decision after the other.

    The largest goes up if it is at least `ROUND_UP_FROM`, else the smallest goes down;
    the other way if that leaves nothing feasible.

    Returns
    -------
    float
        Cost with all decisions whole and fixed; inf at a dead end.  [M money]
    """
    whole = np.flatnonzero(trials.problem.is_integer)
    while not trials.is_spent:
        x = trials.solution()[whole]
        split = np.flatnonzero(np.minimum(x, 1 - x) > WHOLE)
        if not len(split):
            trials.fix(
                {int(c): float(v) for c, v in zip(whole, x.round(), strict=True)}
            )
            return trials.cost()
        largest, smallest = split[x[split].argmax()], split[x[split].argmin()]
        goes_up = x[largest] >= ROUND_UP_FROM
        column = int(whole[largest if goes_up else smallest])
        trials.fix({column: float(goes_up)})
        if np.isfinite(trials.cost()):
            continue
        trials.fix({column: float(not goes_up)})
        if not np.isfinite(trials.cost()):
            break
    return np.inf


class Fixable(Protocol):
    """Decisions that can be changed and priced."""

    fixed: Change

    @property
    def problem(self) -> Problem:
        """The program they are decisions of."""

    @property
    def is_spent(self) -> bool:
        """Whether the search has cost enough."""

    def fix(self, change: Change) -> None:
        """Change decisions, as of the next `cost`."""

    def cost(self) -> float:
        """Cost with the decisions as they are; inf if nothing fits them."""


def bettered(trials: Trials | Fixable, cost: float) -> float:
    """Apply changes that lower the cost until a whole round of them does not.

    Returns
    -------
    float
        The lowest cost found; its decisions stay fixed.  [M money]
    """
    p = trials.problem
    changes = [*opening_changes(p), *building_changes(p), *regime_changes(p)]
    since, k = 0, 0
    tried: set[frozenset[int]] = set()  # sets of what is built; none of them is better
    while changes and since < len(changes) and not trials.is_spent:
        change, k, since = changes[k], (k + 1) % len(changes), since + 1
        before = {c: trials.fixed[c] for c in change}
        built = frozenset(c for c, v in (trials.fixed | change).items() if v)
        if before == change or built in tried:
            continue
        tried.add(built)
        trials.fix(change)
        now = trials.cost()
        if now < cost - BETTER:
            cost, since = now, 0
        else:
            trials.fix(before)
    return cost


def opening_changes(p: Problem) -> Iterator[Change]:
    """Open an option in one period or never, in place of the plant's other sizes.

    A further line takes nobody's place.  Likewise for the closing of a standing
    facility.
    """
    works, closed = _columns(p, "works"), _columns(p, "closed")
    for o, columns in works.items():
        plant = p.data.s.options[o].plant
        rivals = [
            c
            for other in p.data.options_of[plant]
            if other != o and not p.data.s.options[o].module_of
            for c in works.get(other, [])
        ]
        for never_before in range(len(columns)):
            yield _from(columns, never_before) | dict.fromkeys(rivals, 0.0)
        yield _from(columns, len(columns))
    for columns in closed.values():
        for never_before in range(len(columns) + 1):
            yield _from(columns, never_before)


def building_changes(p: Problem) -> Iterator[Change]:
    """Build a cell or a short-lived plant more, one fewer, or at another time."""
    for columns in _columns(p, "build").values():
        for c in columns:
            yield {c: 0.0}
            yield {c: 1.0}
            yield from ({c: 0.0, other: 1.0} for other in columns if other != c)


def regime_changes(p: Problem) -> Iterator[Change]:
    """Work under another regime of measures from a period on."""
    regime = {k: p.column_of[id(v)] for k, v in p.model.regime.items()}
    for numbers in p.data.regimes_of.values():
        for r in numbers:
            for start in p.data.periods:
                later = [t for t in p.data.periods if t >= start]
                if all((r, t) in regime for t in later):
                    yield {
                        regime[k, t]: float(k == r)
                        for k in numbers
                        for t in later
                        if (k, t) in regime
                    }


def _from(columns: list[int], first: int) -> Change:
    return {c: float(i >= first) for i, c in enumerate(columns)}


def _columns(p: Problem, name: str) -> dict[int, list[int]]:
    """Option -> columns of a decision, period by period."""
    found: dict[int, list[int]] = {}
    for (o, _), variable in sorted(getattr(p.model, name).items()):
        found.setdefault(o, []).append(p.column_of[id(variable)])
    return found
