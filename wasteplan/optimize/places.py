"""The siting problem inside a planning problem: which places to open for what.

Where a case is nothing but waste to be collected, places that take it up to a capacity
and what it costs to open them, its matrix has a structure that can be used: without
the rows that collect everything it falls apart into one small knapsack a place.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.handover import Problem
from wasteplan.optimize.totals import COST
from wasteplan.superstructure.model import Floats, Ints

FAMILIES = frozenset(
    {
        "stays_active",
        "one_size",
        "open_only_if_active",
        "open_if_active",
        "mass_capacity",
        "material_bounds",
    }
)
"""Constraints that say no more than: what is open takes up to its capacity."""
STANDS = -1
ROUNDING = 1e-9
"""Share of all there is that sums of it may be off by; the solver allows more."""
WHOLE_MAX = 4_000
"""Sources up to which each may be asked to go to one place."""

Flags = np.ndarray
"""An array of booleans."""


@dataclass(frozen=True, eq=False)
class Siting:
    """Places to open or not, and sources that are shared out among the open ones.

    A place is a size of a plant; sizes of one plant exclude each other.
    """

    cost: Floats
    """(places, sources): to take all of a source there; inf if it cannot be.  [M]"""
    load: Floats
    """(sources,)  [kt/y]"""
    room: Floats
    """(places,): capacity, at most all there is.  [kt/y]"""
    fixed: Floats
    """(places,): of opening.  [M]"""
    plant: Ints
    """(places,)"""
    decision: Ints
    """(places,): column of the binary; `STANDS` if it is open anyway."""
    share: Ints
    """(places, sources): column of the share; -1 if there is none."""
    is_single: bool
    """Whether a source goes to one place only."""

    @property
    def stands(self) -> Flags:
        """(places,): open anyway."""
        return self.decision == STANDS

    @property
    def total_kt(self) -> float:
        """All there is.  [kt/y]"""
        return float(self.load.sum())

    def need_beside(self, is_open: Flags) -> float:
        """Room needed beside that of open places, a little less for rounding.  [kt/y]

        Where capacity is exactly what is needed, its sum may come out just below.
        """
        return (1 - ROUNDING) * self.total_kt - float(self.room[is_open].sum())


def may_be_siting(data: PlanningData) -> bool:
    """Whether a case can be nothing but siting, before its matrix is made."""
    s = data.s
    n_sources = int(data.is_there[:, 0].sum())
    return not (
        s.n_periods != 1
        or len(s.later)
        or s.regimes
        or data.outputs
        or data.is_elastic
        or data.held is not None
        or data.builds_of is not None
        or data.haul_totals
        or data.aim.keys() != {COST}
        or not len(s.first)
        or (s.scenario.settings.solve.single_sourcing and n_sources > WHOLE_MAX)
    )


def siting_of(p: Problem) -> Siting | None:
    """The siting problem that a problem is; None if it is anything more."""
    data, s = p.data, p.data.s
    if not may_be_siting(data) or {family for family, _ in p.row_of} - FAMILIES:
        return None
    places = _places(p)
    if places is None:
        return None
    plant, room, fixed, decision = places
    there = np.flatnonzero(data.is_there[:, 0])
    cost, share = _hauls(p, there)
    load = s.sources.collected_kt[there, 0]
    found = Siting(
        cost=cost[plant],
        load=load,
        room=np.minimum(room, load.sum()),
        fixed=fixed,
        plant=plant,
        decision=decision,
        share=share[plant],
        is_single=s.scenario.settings.solve.single_sourcing,
    )
    has_way = np.isfinite(found.cost).any(axis=0).all()
    return found if has_way and (found.fixed >= 0).all() else None


def _places(p: Problem) -> tuple[Ints, Floats, Floats, Ints] | None:
    """Plant, capacity, cost of opening and binary of each place."""
    data, s = p.data, p.data.s
    column_of = {
        o: p.column_of[id(variable)]
        for decisions in (p.model.works, p.model.build)
        for (o, _), variable in decisions.items()
    }
    plant, room, fixed, decision = [], [], [], []
    for i in range(len(s.plants)):
        stands = data.outlet_limit_kt(i)[0] if not data.options_of[i] else 0.0
        for o in data.options_of[i]:
            option = s.options[o]
            most = data.capacity_share(i, 0) * option.capacity_kt
            if option.facility and option.works[0, 0]:
                stands += most
            if o in column_of:
                plant.append(i)
                room.append(most)
                fixed.append(float(p.cost[column_of[o]]))
                decision.append(column_of[o])
        if stands > 0:
            plant.append(i)
            room.append(stands)
            fixed.append(0.0)
            decision.append(STANDS)
    binaries = int(p.is_integer[: p.n_before].sum())
    if binaries != sum(d != STANDS for d in decision) or binaries == 0:
        return None
    return np.array(plant), np.array(room), np.array(fixed), np.array(decision)


def _hauls(p: Problem, there: Ints) -> tuple[Floats, Ints]:
    """(plants, sources there): cost of taking all of a source, column of the share."""
    s = p.data.s
    first, n = s.first, len(s.sources.stream)
    feed_column = np.array(
        [p.column_of[id(p.model.throughput[f, 0])] for f in range(len(s.feeds.plant))]
    )
    columns = p.n_before + np.arange(len(first))
    kt = s.sources.collected_kt[first.tail, 0]
    value = p.cost[columns] + kt * p.cost[feed_column[first.feed]]
    cost = np.full((len(s.plants), n), np.inf)
    share = np.full((len(s.plants), n), -1, dtype=np.int64)
    cost[s.feeds.plant[first.feed], first.tail] = value
    share[s.feeds.plant[first.feed], first.tail] = columns
    return cost[:, there], share[:, there]


def whole_solution(
    p: Problem, siting: Siting, is_open: Flags, shares: Floats
) -> Floats:
    """Values of all columns for open places and what each takes.

    Parameters
    ----------
    is_open
        (places,)
    shares
        (places, sources): shares of each source.  [-]
    """
    s = p.data.s
    x = np.zeros(len(p.cost))
    decided = is_open & ~siting.stands
    x[siting.decision[decided]] = 1.0
    used = shares > 0
    np.add.at(x, siting.share[used], shares[used])
    first = p.first_shares(x)[0]
    kt = first * s.sources.collected_kt[s.first.tail, 0]
    taken = np.bincount(s.first.feed, kt, len(s.feeds.plant))
    for (f, _), variable in p.model.throughput.items():
        x[p.column_of[id(variable)]] = taken[f]
    open_plants = set(siting.plant[is_open].tolist())
    for (plant, _), variable in p.model.open.items():
        x[p.column_of[id(variable)]] = float(plant in open_plants)
    return x
