"""Constraint families about plants that grow by further lines."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

import pyomo.environ as pyo

from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.decisions import active


def modules_beside_first(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """A further line works only while its first does: active <= sum(first's).  [-]

    Firsts are all sizes at the plant of the name in `module_of`, new or standing.  The
    number of equal lines is limited by there being one option for each.
    """
    options = data.s.options
    lines = [
        (o, t)
        for o, option in enumerate(options)
        if option.module_of
        for t in data.periods
        if not isinstance(active(m, data, o, t), float)
    ]

    def limit(m: pyo.ConcreteModel, o: int, t: int) -> object:
        line = options[o]
        first = [k for k in data.options_of[line.plant] if _is_first(data, k, o)]
        works = sum(active(m, data, k, t) for k in first)
        return active(m, data, o, t) <= works + m.nothing

    def once(m: pyo.ConcreteModel, o: int, t: int) -> object:
        if data.is_cumulative(o):
            return pyo.Constraint.Skip
        return active(m, data, o, t) <= 1

    m.modules_beside_first = pyo.Constraint(lines, rule=limit)
    m.module_once = pyo.Constraint(lines, rule=once)


def modules_in_order(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """Of equal lines the next opens no sooner: active[k + 1, t] <= active[k, t].  [-]

    Which of equal lines comes first makes no difference; without an order the search
    would try them all.  Only for lines that last to the end: short-lived ones overlap.
    """
    equal: dict[tuple[int, str], list[int]] = defaultdict(list)
    for o, option in enumerate(data.s.options):
        if option.module_of and data.is_cumulative(o):
            equal[option.plant, option.size].append(o)
    rows = [
        (before, after, t)
        for own in equal.values()
        for before, after in pairwise(own)
        for t in data.periods
        if t >= min(data.first_openings(after), default=data.s.n_periods)
    ]
    m.modules_in_order = pyo.Constraint(
        rows,
        rule=lambda m, before, after, t: (
            active(m, data, after, t) <= active(m, data, before, t)
        ),
    )


def _is_first(data: PlanningData, option: int, line: int) -> bool:
    known = data.s.options
    return not known[option].module_of and known[option].size == known[line].module_of
