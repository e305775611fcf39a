"""What members of groups of sources pay for a haul, and the problem of the groups.

A group stands for its members with their tonnes and, period by period, the mean of
their costs by tonnes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.handover import Problem
from wasteplan.optimize.haul_block import unit_cost
from wasteplan.optimize.holding import posed
from wasteplan.superstructure.alike import Group, grouped
from wasteplan.superstructure.clustering import joined
from wasteplan.superstructure.model import Floats, Ints


def groups_by_cost(data: PlanningData, n: int) -> list[Group]:
    """At most so many groups, by what a tonne costs in all periods together.

    Fewer groups are unions of more: each step splits one.
    """
    s = data.s
    commodity = np.zeros(len(s.sources.stream), dtype=np.int64)
    commodity[s.first.tail] = s.first.commodity
    per_t = data.discounted_years[commodity] * 1e-3
    weight = (s.sources.collected_kt * per_t).sum(axis=1)
    return grouped(s, n, lambda arcs: s.first.cost_per_t[arcs], weight)


def labels(data: PlanningData, groups: list[Group]) -> Ints:
    """(sources,): the group of each."""
    label = np.zeros(len(data.s.sources.stream), dtype=np.int64)
    for number, group in enumerate(groups):
        label[group.members] = number
    return label


def without_links(p: Problem) -> Problem:
    """The same without rows that say share <= open, which whole decisions imply."""
    upper = p.row_upper.copy()
    upper[p.link_rows] = np.inf
    return replace(p, row_upper=upper)


@dataclass(eq=False)
class Members:
    """Groups of the sources of a case, with what their members pay."""

    data: PlanningData
    """Of all sources."""
    groups: list[Group]
    kt: list[Floats] = field(init=False)
    """Per group (members, periods), last year.  [kt/y]"""
    per_t: Floats = field(init=False)
    per_kg: Floats = field(init=False)

    def __post_init__(self) -> None:
        """What a unit of haul cost and of emissions is worth, by commodity."""
        s = self.data.s
        self.kt = [s.sources.collected_kt[g.members] for g in self.groups]
        every = np.arange(len(s.commodities))
        one, none = np.ones(len(every)), np.zeros(len(every))
        self.per_t = unit_cost(self.data, every, one, none)
        self.per_kg = unit_cost(self.data, every, none, one)

    def unit(self, g: int, t: int) -> Floats:
        """(members, feeds): present value of a kt of the last year.  [M/(kt/y)]"""
        first, arcs = self.data.s.first, self.groups[g].arcs
        c = int(first.commodity[arcs[0, 0]])
        out = self.per_t[c, t] * first.cost_per_t[arcs]
        if self.per_kg[c, t]:
            out = out + self.per_kg[c, t] * first.co2_kg_per_t[arcs]
        return np.asarray(out)

    def feeds(self, g: int) -> Ints:
        """(feeds,): where a group can go."""
        group = self.groups[g]
        return np.asarray(self.data.s.first.feed[group.arcs[0]])

    def problem(self) -> Problem:
        """The problem of the groups at the mean of their costs."""
        small = joined(self.data.s, labels(self.data, self.groups))
        p = posed(replace(self.data, s=small, counted={}))
        cost, gross = p.cost.copy(), p.gross.copy()
        for t, g, columns in self.columns(p):
            cost[columns] = self.kt[g][:, t] @ self.unit(g, t)
            gross[columns] = np.maximum(cost[columns], 0.0)
        return replace(p, cost=cost, gross=gross)

    def columns(self, p: Problem) -> Iterator[tuple[int, int, Ints]]:
        """(period, group, its columns) in a problem of the groups, where it has waste.

        Columns stand by group, then by feed as in `feeds`.
        """
        count = np.bincount(p.data.s.first.tail, minlength=len(self.groups))
        start = np.concatenate([[0], np.cumsum(count)])
        for g in range(len(self.groups)):
            here = p.n_before + np.arange(start[g], start[g + 1])
            for t in range(self.data.s.n_periods):
                if self.kt[g][:, t].sum() > 0:
                    yield t, g, here + t * p.block.n_first
