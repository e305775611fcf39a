"""A plan made before as values of the decisions, to start a search from."""

from __future__ import annotations

import numpy as np

from wasteplan.optimize.handover import Problem
from wasteplan.plan.records import Plan
from wasteplan.superstructure.model import CENTRE, Floats


def decisions_of(p: Problem, plan: Plan) -> Floats:
    """Columns with the whole decisions of a plan set; everything else is 0.

    What the plan builds that the problem does not offer is left out.
    """
    s = p.data.s
    period = {span.id: t for t, span in enumerate(s.spans)}
    opened: dict[int, list[int]] = {}
    option_of = {}
    for o, option in enumerate(s.options):
        plant = s.plants[option.plant]
        size = CENTRE if plant.technology == CENTRE else option.size
        if not option.facility:
            option_of[plant.place, plant.technology, size] = o
    for build in plan.builds:
        found = option_of.get((build.site, build.technology, build.size))
        if found is not None and build.period in period:
            opened.setdefault(found, []).append(period[build.period])
    closed = {c.facility: period.get(c.period, s.n_periods) for c in plan.closures}
    guess = np.zeros(len(p.cost))
    for (o, t), variable in p.model.works.items():
        is_at_work = any(t0 <= t for t0 in opened.get(o, ()))
        guess[p.column_of[id(variable)]] = float(is_at_work)
    for (o, t), variable in p.model.build.items():
        guess[p.column_of[id(variable)]] = float(t in opened.get(o, ()))
    for (o, t), variable in p.model.closed.items():
        since = closed.get(s.options[o].facility, s.n_periods)
        guess[p.column_of[id(variable)]] = float(t >= since)
    return guess
