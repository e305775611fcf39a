"""What tonnages and the price of carbon move in the haul block, written in place.

The first time, the places of these numbers are looked up in the matrix; from then on a
change is a product of arrays.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from wasteplan.optimize.handover import Problem
from wasteplan.optimize.haul_block import (
    T_PER_KG,
    first_unit_cost,
    haul_totals,
    later_cost,
    shares_by_source,
)
from wasteplan.scenario.totals import COST
from wasteplan.superstructure.model import Floats, Ints


@dataclass(eq=False)
class HaulsAgain:
    """The haul block of a live problem, with the places of its entries.

    Parameters
    ----------
    problem
        As it was built; only its pattern is used later.
    """

    problem: Problem

    def __post_init__(self) -> None:
        """Nothing is known of costs yet."""
        self._per_kt: tuple[Floats, Floats] | None = None

    def write(self, p: Problem, *, prices_moved: bool) -> None:
        """Bring costs and coefficients of hauls to the numbers of `p.data`.

        Parameters
        ----------
        prices_moved
            Whether what a kilotonne costs on a haul may be another than before.
        """
        data, a = p.data, p.matrix.data
        if prices_moved or self._per_kt is None:
            self._per_kt = (first_unit_cost(data), later_cost(data))
        kt = shares_by_source(data)
        first, later = kt * self._per_kt[0], self._per_kt[1]
        weight = data.aim.get(COST, 0.0)
        columns = self._columns
        for where, cost in zip(columns, (first, later), strict=True):
            p.cost[where] = weight * cost.T
            p.gross[where] = weight * np.maximum(cost.T, 0.0)
        a[self._fill] = -kt.T
        block = self.problem.block
        if block.gas is not None:
            per_t = data.s.first.co2_kg_per_t[:, None]
            a[self._gas] = -(kt * per_t * T_PER_KG).T
        for name, (one, two) in self._totals.items():
            sums = (first, later) if name == COST else haul_totals(data, name)
            a[one], a[two] = -sums[0].T, -sums[1].T

    @cached_property
    def _columns(self) -> tuple[Ints, Ints]:
        """(periods, hauls): columns of first and of later hauls."""
        p, block = self.problem, self.problem.block
        n_t, start = p.data.s.n_periods, p.n_before
        middle = start + n_t * block.n_first
        end = middle + n_t * block.n_later
        one, two = np.arange(start, middle), np.arange(middle, end)
        return one.reshape(n_t, block.n_first), two.reshape(n_t, block.n_later)

    @cached_property
    def _keys(self) -> Ints:
        """Row and column of every entry as one number, which rises."""
        a = self.problem.matrix
        assert a.has_canonical_format
        rows = np.repeat(np.arange(a.shape[0], dtype=np.int64), np.diff(a.indptr))
        return np.asarray(rows * a.shape[1] + a.indices)

    def _places(self, rows: Ints, columns: Ints) -> Ints:
        """Places in the matrix of entries that are there; rows of the haul block."""
        p = self.problem
        row = rows.astype(np.int64) + len(p.row_lower) - p.block.rows.n
        keys = row * p.matrix.shape[1] + columns
        found = np.searchsorted(self._keys, keys)
        assert np.array_equal(self._keys[found], keys)
        return found

    @cached_property
    def _fill(self) -> Ints:
        """(periods, first hauls): what arrives at a plant."""
        p = self.problem
        rows = p.block.fill[:, p.data.s.first.feed]
        return self._places(rows, self._columns[0])

    @cached_property
    def _gas(self) -> Ints:
        """(periods, first hauls): emissions of the last year."""
        assert self.problem.block.gas is not None
        return self._places(self.problem.block.gas[:, None], self._columns[0])

    @cached_property
    def _totals(self) -> dict[str, tuple[Ints, Ints]]:
        """Sums over all years: first and later hauls, (periods, hauls) each."""
        return {
            name: (
                self._places(np.array(row), self._columns[0]),
                self._places(np.array(row), self._columns[1]),
            )
            for name, row in self.problem.block.totals.items()
        }
