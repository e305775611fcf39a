"""A siting problem made small for the solver, with a bound that still holds for it all.

Each source keeps the hauls that prices make likely.  All others together are one column
that costs as much as the cheapest of them, needs no room and no open place: whatever a
plan sends there costs at least that, so the small program is a relaxation, and its
bound is true.  Leaving hauls out because of their reduced cost would not be: a haul can
be used in part.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from wasteplan.optimize.handover import Arrays
from wasteplan.optimize.haul_block import Rows
from wasteplan.optimize.places import Flags, Siting
from wasteplan.superstructure.model import Floats, Ints

SCALED_TO = 1e3
"""The largest cost of opening in the solver's numbers: its tolerances are absolute."""


@dataclass(frozen=True, eq=False)
class Narrowed:
    """The small program, with the way back."""

    siting: Siting
    program: Arrays
    scale: float
    """The solver's cost per million of money."""
    place: Ints
    """(hauls,)"""
    source: Ints
    """(hauls,)"""
    live: Ints
    """Places that have a column."""

    @property
    def elsewhere(self) -> slice:
        """Columns of what goes by hauls that were left out."""
        return slice(len(self.place), len(self.place) + len(self.siting.load))

    @property
    def opens(self) -> slice:
        """Columns of the places."""
        start = len(self.place) + len(self.siting.load)
        return slice(start, start + len(self.live))

    def opened(self, solution: Floats) -> Flags:
        """(places,): open in a solution."""
        found = np.zeros(len(self.siting.room), dtype=bool)
        found[self.live] = solution[self.opens] > 0.5
        return found

    def start(self, is_open: Flags, shares: Floats) -> Floats:
        """A known plan as values of the columns."""
        x = np.zeros(len(self.program.cost))
        x[: len(self.place)] = shares[self.place, self.source]
        sent = np.bincount(self.source, x[: len(self.place)], len(self.siting.load))
        x[self.elsewhere] = np.maximum(0.0, 1.0 - sent)
        x[self.opens] = is_open[self.live]
        return x


def narrowed(
    siting: Siting,
    is_in: Flags,
    closed: Flags,
    opened: Flags,
    *,
    is_whole: bool = False,
) -> Narrowed:
    """The small program.

    Parameters
    ----------
    is_in
        (places, sources): hauls with a column of their own.
    closed, opened
        (places,): decided.
    is_whole
        Whether hauls are taken whole or not at all.
    """
    live = np.flatnonzero(~closed)
    can = np.isfinite(siting.cost) & ~closed[:, None]
    place, source = np.nonzero(is_in & can)
    out = np.where(can & ~is_in, siting.cost, np.inf).min(axis=0)
    has_out = np.isfinite(out)
    n, m, size = len(siting.load), len(live), len(place)
    at = np.full(len(siting.room), -1, dtype=np.int64)
    at[live] = np.arange(m)
    haul, other, opens = np.split(np.arange(size + n + m), [size, size + n])
    rows = Rows()
    row = rows.new(np.ones(n), np.ones(n))
    rows.put(row[source], haul, np.ones(size))
    rows.put(row, other, np.ones(n))
    row = rows.new(np.full(m, -np.inf), np.zeros(m))
    rows.put(row[at[place]], haul, siting.load[source])
    rows.put(row, opens, -siting.room[live])
    row = rows.new(np.full(size, -np.inf), np.zeros(size))
    rows.put(row, haul, np.ones(size))
    rows.put(row, opens[at[place]], -np.ones(size))
    row = rows.new(np.array([siting.total_kt]), np.array([np.inf]))
    rows.put(np.repeat(row, m), opens, siting.room[live])
    _one_size(siting, rows, live, opens)
    scale = SCALED_TO / max(float(siting.fixed.max()), 1e-12)
    whole = np.zeros(size + n + m, dtype=bool)
    whole[opens] = ~siting.stands[live]
    whole[haul] = is_whole
    lower, upper = np.zeros(len(whole)), np.ones(len(whole))
    lower[opens] = opened[live]
    upper[other] = has_out
    cost = [siting.cost[place, source], np.where(has_out, out, 0.0), siting.fixed[live]]
    program = Arrays(
        cost=scale * np.concatenate(cost),
        offset=0.0,
        lower=lower,
        upper=upper,
        is_integer=whole,
        matrix=_matrix(rows, len(whole)),
        row_lower=np.concatenate(rows.lower),
        row_upper=np.concatenate(rows.upper),
    )
    return Narrowed(siting, program, scale, place, source, live)


def _one_size(siting: Siting, rows: Rows, live: Ints, opens: Ints) -> None:
    """Sizes of one plant exclude each other."""
    plants = np.where(siting.stands[live], -1, siting.plant[live])
    for plant in np.unique(plants[plants >= 0]):
        sizes = opens[plants == plant]
        if len(sizes) > 1:
            row = rows.new(np.array([-np.inf]), np.ones(1))
            rows.put(np.repeat(row, len(sizes)), sizes, np.ones(len(sizes)))


def _matrix(rows: Rows, n_columns: int) -> sparse.csr_matrix:
    entries = (np.concatenate(rows.row), np.concatenate(rows.column))
    return sparse.csr_matrix(
        (np.concatenate(rows.value), entries), shape=(rows.n, n_columns)
    )
