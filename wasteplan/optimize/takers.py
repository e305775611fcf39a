"""A plant that must run must be rid of what it turns out."""

from __future__ import annotations

from collections import defaultdict

import pyomo.environ as pyo

from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.decisions import active, is_open
from wasteplan.optimize.single_destination import destinations

SHARE_MIN = 1e-4
"""Smaller outputs could hide in the tolerance of the solver.  [-]"""


def open_takers(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """Options with a minimum load work only where an output of theirs is taken.  [-]

    sum(active of new sizes with a minimum load) <= sum(open over destinations).

    Redundant for integers: a minimum load forces some throughput.  If whatever the
    plant takes yields the product, some of it leaves; it goes to an open plant, and
    the right-hand side is at least 1.  The left-hand side is at most 1, as only one new
    size of a technology works at a site, further lines of it (`growth.py`) aside, which
    work only beside it.  A standing facility has a row of its own.
    Without these rows, part of a burner comes with a sliver of the landfill cell for
    its ash.  Left out of elastic models, where the minimum load may give way.
    """
    rows = [] if data.is_elastic else _rows(data)

    def limit(m: pyo.ConcreteModel, k: int) -> object:
        options, takers, t = rows[k]
        works = sum(active(m, data, o, t) for o in options)
        taken = sum(is_open(m, data, d, t) for d in takers)
        if isinstance(works, float | int):
            return pyo.Constraint.Skip
        return works <= taken

    m.open_takers = pyo.Constraint(range(len(rows)), rule=limit)


def _rows(data: PlanningData) -> list[tuple[list[int], list[int], int]]:
    """Options at work together, plants that take a product of theirs, period."""
    found = []
    for p in range(len(data.s.plants)):
        for options in _loaded(data, p):
            for product in sure_products(data, p):
                takers = destinations(data, p, product)
                found += [
                    (options, takers, t)
                    for t in data.periods
                    if not any(data.is_always_open[d, t] for d in takers)
                ]
    return found


def _loaded(data: PlanningData, plant: int) -> list[list[int]]:
    """Options with a minimum load: the new sizes as one, each facility alone."""
    if data.is_landfill(plant):  # many cells of a landfill work at a time
        return []
    loaded = [o for o in data.options_of[plant] if data.s.options[o].heat_min_tj > 0]
    new = [o for o in loaded if o in data.new_sizes_of(plant)]
    alone = [[o] for o in loaded if data.s.options[o].facility]
    return [new, *alone] if new else alone


def sure_products(data: PlanningData, plant: int) -> list[str]:
    """Products that a plant turns out whatever it takes, in order of name."""
    feeds, yields = data.s.feeds, defaultdict(set)
    for f, c, share in zip(
        feeds.out_feed, feeds.out_commodity, feeds.out_share, strict=True
    ):
        if feeds.plant[f] == plant and share >= SHARE_MIN:
            yields[data.s.commodities[c].product].add(int(f))
    everything = set(data.feeds_of[plant])
    return sorted(product for product, fs in yields.items() if fs == everything)
