"""A plan made before as values of the decisions, to start a search from."""

from __future__ import annotations

import numpy as np

from wasteplan.optimize.handover import Problem
from wasteplan.plan.records import Plan
from wasteplan.superstructure.model import CENTRE, Floats, Superstructure


def decisions_of(p: Problem, plan: Plan) -> Floats:
    """Columns with the whole decisions of a plan set; everything else is 0.

    What the plan builds that the problem does not offer is left out.
    """
    s = p.data.s
    period = {span.id: t for t, span in enumerate(s.spans)}
    opened = _openings(s, plan, period)
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
    measures: dict[int, set[str]] = {t: set() for t in p.data.periods}
    for m in plan.measures:
        if m.period in period:
            measures[period[m.period]].add(m.measure)
    for (r, t), variable in p.model.regime.items():
        offered = {
            measure
            for other in p.data.regimes_of[s.regimes[r].generator_class]
            for measure in s.regimes[other].measures
        }
        is_chosen = set(s.regimes[r].measures) == measures[t] & offered
        guess[p.column_of[id(variable)]] = float(is_chosen)
    return guess


def _openings(
    s: Superstructure, plan: Plan, period: dict[str, int]
) -> dict[int, list[int]]:
    """Option -> periods in which it opens; equal lines are opened in their order."""
    options: dict[tuple[str, str, str], list[int]] = {}
    for o, option in enumerate(s.options):
        plant = s.plants[option.plant]
        size = CENTRE if plant.technology == CENTRE else option.size
        if not option.facility:
            key = (plant.place, plant.technology, size)
            options.setdefault(key, []).append(o)
    starts: dict[tuple[str, str, str], list[int]] = {}
    for build in plan.builds:
        key = (build.site, build.technology, build.size)
        if key in options and build.period in period:
            starts.setdefault(key, []).append(period[build.period])
    opened: dict[int, list[int]] = {}
    for key, times in starts.items():
        for k, t in enumerate(sorted(times)):
            which = options[key][k % len(options[key])]
            opened.setdefault(which, []).append(t)
    return opened
