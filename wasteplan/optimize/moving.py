"""Plants moved to other sites: changes of a plan that openings alone do not find.

To open a plant at a better site before closing the old one costs more than either, so
changing one decision at a time stops short of it.  A move does both at once: two plants
of one technology change their decisions, size by size and period by period.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from wasteplan.optimize.first_plan import BETTER, Change, Fixable, bettered
from wasteplan.optimize.handover import Problem

Columns = dict[tuple[str, int], int]
"""(size, period) -> column of what is decided about a plant."""


def bettered_with_moves(trials: Fixable, cost: float) -> float:
    """Change decisions and move plants until neither helps.

    Returns
    -------
    float
        The lowest cost found; its decisions stay fixed.  [M money]
    """
    while not trials.is_spent:
        before = cost
        cost = moved(trials, bettered(trials, cost))
        if cost > before - BETTER:
            break
    return cost


def moved(trials: Fixable, cost: float) -> float:
    """Apply moves that lower the cost, each pair of plants once."""
    for one, other in _pairs(trials.problem):
        if trials.is_spent:
            break
        before = {c: trials.fixed[c] for c in (*one.values(), *other.values())}
        change = _exchanged(one, other, before)
        if change == before:
            continue
        trials.fix(change)
        now = trials.cost()
        if now < cost - BETTER:
            cost = now
        else:
            trials.fix(before)
    return cost


def _exchanged(one: Columns, other: Columns, known: Change) -> Change:
    return {one[k]: known[other[k]] for k in one} | {
        other[k]: known[one[k]] for k in one
    }


def _pairs(p: Problem) -> Iterator[tuple[Columns, Columns]]:
    """Plants of one technology with the same sizes in the same periods."""
    plants: dict[int, Columns] = defaultdict(dict)
    s = p.data.s
    for name in ("works", "build"):
        for (o, t), variable in sorted(getattr(p.model, name).items()):
            option = s.options[o]
            size = f"{name} {option.size} {option.module_of} {option.copy}"
            plants[option.plant][size, t] = p.column_of[id(variable)]
    alike: dict[object, list[Columns]] = defaultdict(list)
    for plant, columns in plants.items():
        alike[s.plants[plant].technology, tuple(columns)].append(columns)
    for group in alike.values():
        for i, one in enumerate(group):
            for other in group[i + 1 :]:
                yield one, other
