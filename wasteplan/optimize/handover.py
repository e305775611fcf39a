"""The planner-facing model and the haul block as one matrix for the solver."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import highspy
import numpy as np
import pyomo.environ as pyo
from numpy.typing import NDArray
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler
from scipy import sparse

from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.haul_block import HaulBlock, haul_block
from wasteplan.optimize.model import planning_model
from wasteplan.scenario.totals import COST
from wasteplan.superstructure.model import Floats, Ints

ROWWISE = int(highspy.MatrixFormat.kRowwise)
LEAST = int(highspy.ObjSense.kMinimize)


@dataclass(frozen=True, eq=False)
class Arrays:
    """A mixed-integer program and nothing more."""

    cost: Floats
    offset: float
    lower: Floats
    upper: Floats
    is_integer: np.ndarray
    matrix: sparse.csr_matrix
    row_lower: Floats
    row_upper: Floats

    def gross_cost(self, solution: Floats) -> float:
        """The sum of the positive cost items of a solution."""
        return float(np.maximum(self.cost, 0.0) @ solution) + max(self.offset, 0.0)


@dataclass(eq=False)
class Problem:
    """A mixed-integer program in arrays, with the way back to names.

    Costs are in M money; `gross` holds the positive cost items alone.
    """

    data: PlanningData
    model: pyo.ConcreteModel
    cost: Floats
    gross: Floats
    offset: float
    lower: Floats
    upper: Floats
    is_integer: np.ndarray
    matrix: sparse.csr_matrix
    row_lower: Floats
    row_upper: Floats
    column_of: dict[int, int]
    """id of a Pyomo variable -> column."""
    constraints: list[Any]
    """The planner-facing constraint of each of the first rows."""
    block: HaulBlock
    n_before: int
    offset_beside: float = 0.0
    """The part of `offset` that is no cost of waste that nobody collects."""

    @cached_property
    def feed_columns(self) -> tuple[Ints, Ints]:
        """Columns of throughput (feeds, periods) and of `open` of its plant, or -1."""
        throughput, opens = _columns(self.model, self.data, self.column_of)
        return throughput, opens[self.data.s.feeds.plant]

    @cached_property
    def regime_columns(self) -> Ints:
        """(regimes, periods): the column of each regime, -1 where it cannot be."""
        return _regime_columns(self.model, self.data, self.column_of)

    @property
    def n_above(self) -> int:
        """The number of rows above those of the haul block."""
        return len(self.constraints)

    @property
    def link_rows(self) -> slice:
        """Rows that say share <= open."""
        links = self.block.links
        return slice(self.n_above + links.start, self.n_above + links.stop)

    @property
    def feed_rows(self) -> Ints:
        """(feeds, periods): rows that say what a plant takes is hauled to it."""
        return (self.n_above + self.block.fill).T

    @cached_property
    def row_of(self) -> dict[tuple[str, Any], int]:
        """(family, index) of a planner-facing constraint -> its (last) row."""
        return {
            (c.parent_component().local_name, c.index()): i
            for i, c in enumerate(self.constraints)
        }

    def value(self, solution: Floats, variable: pyo.Var) -> float:
        """The value of a planner-facing variable in a solution."""
        return float(solution[self.column_of[id(variable)]])

    def first_shares(self, solution: Floats) -> Floats:
        """(periods, first hauls): shares.  [-]"""
        n_t = self.data.s.n_periods
        size = self.block.n_first * n_t
        part = solution[self.n_before : self.n_before + size]
        return part.reshape(n_t, self.block.n_first)

    def later_kt(self, solution: Floats) -> Floats:
        """(periods, later hauls): tonnes of the last year.  [kt/y]"""
        n_t = self.data.s.n_periods
        start = self.n_before + self.block.n_first * n_t
        part = solution[start : start + self.block.n_later * n_t]
        return part.reshape(n_t, self.block.n_later)

    def later_column(self, arc: int, t: int) -> int:
        """The column of a later haul in a period."""
        start = self.n_before + self.block.n_first * self.data.s.n_periods
        return int(start + t * self.block.n_later + arc)

    def throughput_kt(self, solution: Floats) -> Floats:
        """(feeds, periods): what plants take in the last year.  [kt/y]"""
        n = len(self.data.s.feeds.plant)
        out = np.zeros((n, self.data.s.n_periods))
        for (f, t), variable in self.model.throughput.items():
            out[f, t] = self.value(solution, variable)
        return out

    def gross_cost(self, solution: Floats) -> float:
        """The sum of the positive cost items of a solution.  [M money]

        The constant part is fixed cost of what stands and cannot close.
        """
        return float(self.gross @ solution) + max(self.offset, 0.0)


def problem(data: PlanningData) -> Problem:
    """Compile the planner's model, add the haul block, and stack both."""
    model = planning_model(data)
    variables = list(
        model.component_data_objects(pyo.Var, active=True, descend_into=True)
    )
    column_of = {id(v): i for i, v in enumerate(variables)}
    n = len(variables)
    info = LinearStandardFormCompiler().write(model, mixed_form=True)
    top = _top_rows(info, column_of)
    block = hauls_of(model, data, column_of)
    cost_weight = data.aim.get(COST, 0.0)
    _single_destination_rows(data, block, model, column_of, n)
    cost = np.zeros(n)
    for j, v in zip(*_entries(info.c, info.columns, column_of), strict=True):
        cost[j] = v
    lower = np.array([_or(v.lb, -np.inf) for v in variables])
    upper = np.array([_or(v.ub, np.inf) for v in variables])
    matrix, row_lower, row_upper = stacked(top, block, n + len(block.cost))
    whole = np.zeros(n + len(block.cost), dtype=bool)
    whole[:n] = [v.is_integer() or v.is_binary() for v in variables]
    n_shares = block.n_first * data.s.n_periods
    whole[n : n + n_shares] = data.s.scenario.settings.solve.single_sourcing
    beside = float(np.ravel(info.c_offset)[0])
    return Problem(
        data=data,
        model=model,
        cost=np.concatenate([cost, cost_weight * block.cost]),
        gross=np.concatenate(
            [_gross(model, data, cost, column_of), cost_weight * block.gross]
        ),
        offset=beside + cost_weight * data.s.constant_m,
        offset_beside=beside,
        lower=np.concatenate([lower, block.lower]),
        upper=np.concatenate([upper, block.upper]),
        is_integer=whole,
        matrix=matrix,
        row_lower=row_lower,
        row_upper=row_upper,
        column_of=column_of,
        constraints=[row.constraint for row in info.rows],
        block=block,
        n_before=n,
    )


def hauls_of(
    model: pyo.ConcreteModel, data: PlanningData, column_of: dict[int, int]
) -> HaulBlock:
    """The haul block that joins the planner's columns."""
    throughput, opens = _columns(model, data, column_of)
    co2 = getattr(model, "haul_co2", {})
    haul_co2 = np.array([column_of[id(v)] for v in co2.values()], dtype=np.int64)
    totals = getattr(model, "haul_total", {})
    return haul_block(
        data,
        throughput,
        opens,
        len(column_of),
        haul_co2 if len(haul_co2) else None,
        {name: column_of[id(totals[name])] for name in data.haul_totals},
        _regime_columns(model, data, column_of),
        _unplaced_columns(model, data, column_of),
    )


def _or(value: float | None, default: float) -> float:
    return default if value is None else float(value)


def _entries(
    c: sparse.csr_matrix, columns: list[pyo.Var], column_of: dict[int, int]
) -> tuple[list[int], Floats]:
    """Columns and values of the compiled objective, in our numbering."""
    coo = sparse.coo_matrix(c)
    return [column_of[id(columns[j])] for j in coo.col], coo.data


Entries = tuple[NDArray[np.int32], NDArray[np.int32], Floats]
"""Row, column and value of each entry of a matrix."""


def _top_rows(
    info: object, column_of: dict[int, int]
) -> tuple[Entries, Floats, Floats]:
    """Rows of the Pyomo part: its columns re-numbered, unused variables put back.

    The compiler drops variables that stand in no row and splits range rows in two; two
    one-sided rows say the same as one range, so they are kept.
    """
    coo = sparse.coo_matrix(info.A)  # type: ignore[attr-defined]
    new = np.array([column_of[id(v)] for v in info.columns], dtype=np.int32)  # type: ignore[attr-defined]
    rhs: Floats = np.array(list(info.rhs), dtype=np.float64)  # type: ignore[attr-defined]
    kind = np.array([entry.bound_type for entry in info.rows])  # type: ignore[attr-defined]
    lower = np.where(kind == 1, -np.inf, rhs)
    upper = np.where(kind == -1, np.inf, rhs)
    return (coo.row, new[coo.col], coo.data), lower, upper


def stacked(
    top: tuple[Entries, Floats, Floats], block: HaulBlock, n_columns: int
) -> tuple[sparse.csr_matrix, Floats, Floats]:
    """Planner-facing rows, then those of the hauls, whose own lists are given back."""
    (row, column, value), lower, upper = top
    rows, n = block.rows, len(lower)
    found = sparse.csr_matrix(
        (
            np.concatenate([value, *rows.value]),
            (
                np.concatenate([row, *(part + n for part in rows.row)], dtype=np.int32),
                np.concatenate([column, *rows.column], dtype=np.int32),
            ),
        ),
        shape=(n + rows.n, n_columns),
    )
    limits = [
        np.concatenate([a, *b]) for a, b in ((lower, rows.lower), (upper, rows.upper))
    ]
    rows.forget()
    return found, limits[0], limits[1]


def _columns(
    model: pyo.ConcreteModel, data: PlanningData, column_of: dict[int, int]
) -> tuple[Ints, Ints]:
    """Columns of throughput (feeds, periods) and open (plants, periods; -1 always)."""
    throughput = np.zeros((len(data.s.feeds.plant), data.s.n_periods), dtype=np.int64)
    for (f, t), variable in model.throughput.items():
        throughput[f, t] = column_of[id(variable)]
    opens = np.full((len(data.s.plants), data.s.n_periods), -1, dtype=np.int64)
    for (p, t), variable in model.open.items():
        opens[p, t] = column_of[id(variable)]
    return throughput, opens


def _regime_columns(
    model: pyo.ConcreteModel, data: PlanningData, column_of: dict[int, int]
) -> Ints:
    """(regimes, periods): the column of each regime, -1 where it cannot be."""
    columns = np.full((len(data.s.regimes), data.s.n_periods), -1, dtype=np.int64)
    for (r, t), variable in model.regime.items():
        columns[r, t] = column_of[id(variable)]
    return columns


def _unplaced_columns(
    model: pyo.ConcreteModel, data: PlanningData, column_of: dict[int, int]
) -> Ints | None:
    """(scopes, periods): the column of waste without a place, where any may be."""
    if data.recourse is None:
        return None
    columns = np.zeros((len(data.scopes), data.s.n_periods), dtype=np.int64)
    for (k, t), variable in model.unplaced.items():
        columns[k, t] = column_of[id(variable)]
    return columns


def _gross(
    model: pyo.ConcreteModel,
    data: PlanningData,
    cost: Floats,
    column_of: dict[int, int],
) -> Floats:
    """Positive cost items by column: sales are left out of the gross cost."""
    gross = np.maximum(cost, 0.0)
    if all(weight < 0 for weight in data.aim.values()):
        return np.abs(cost)  # made most: the whole of it is what a gap is a share of
    if data.aim.keys() != {COST}:
        return gross
    for (f, t), variable in model.throughput.items():
        gross[column_of[id(variable)]] = data.s.feeds.gross[f, t]
    for (r, t), variable in model.regime.items():
        gross[column_of[id(variable)]] = data.s.regimes[r].gross_m[t]
    for variable in model.works.values():  # differences of capital may be negative
        gross[column_of[id(variable)]] = cost[column_of[id(variable)]]
    for variable in model.closed.values():
        gross[column_of[id(variable)]] = cost[column_of[id(variable)]]
    return gross


def _single_destination_rows(
    data: PlanningData,
    block: HaulBlock,
    model: pyo.ConcreteModel,
    column_of: dict[int, int],
    n_before: int,
) -> None:
    """A later haul is used only if its destination is the one chosen.  [kt/y]"""
    reach = data.reach_kt
    later = n_before + block.n_first * data.s.n_periods
    for (p, product, destination, t), variable in model.sends.items():
        for a in np.flatnonzero(data.s.later.tail == p):
            if data.s.commodities[data.s.later.commodity[a]].product != product:
                continue
            feed = data.s.later.feed[a]
            if data.s.feeds.plant[feed] != destination:
                continue
            most = reach[feed, t]
            row = block.rows.new(np.array([-np.inf]), np.zeros(1))
            column = later + t * block.n_later + a
            row_twice = np.concatenate([row, row])
            columns = np.array([column, column_of[id(variable)]], dtype=np.int64)
            block.rows.put(row_twice, columns, np.array([1.0, -most]))


def solver(p: Problem | Arrays, *, as_lp: bool = False) -> highspy.Highs:
    """A HiGHS object holding the problem, handed over in one `passModel`."""
    h = highspy.Highs()
    h.setOptionValue("output_flag", False)
    hand_over(h, p, as_lp=as_lp)
    return h


def hand_over(h: highspy.Highs, p: Problem | Arrays, *, as_lp: bool = False) -> None:
    """Pass the problem to a HiGHS object in one piece."""
    a, (n_rows, n) = p.matrix, p.matrix.shape
    columns = (p.cost, p.lower, p.upper, p.is_integer)
    assert {len(x) for x in columns} == {n}  # the solver reads arrays unchecked
    assert len(p.row_lower) == len(p.row_upper) == n_rows
    h.passModel(
        n,
        n_rows,
        a.nnz,
        ROWWISE,
        LEAST,
        p.offset,
        p.cost,
        p.lower,
        p.upper,
        p.row_lower,
        p.row_upper,
        np.asarray(a.indptr, dtype=np.int32),
        np.asarray(a.indices, dtype=np.int32),
        a.data,
        p.is_integer.astype(np.int32) * int(not as_lp),
    )
