"""The extensive form: the flows of every sample side by side under one set of builds.

min over x, y_1 .. y_S of risk(c_1(x, y_1), .., c_S(x, y_S)), where x are the decisions
taken first, alike in all samples, and (x, y_s) meets the rows of sample s (Birge and
Louveaux, 2011, Introduction to Stochastic Programming, 2nd ed., section 2.4).

Every sample is compiled once by the planning model; the columns of its first decisions
become those of sample 1, the others are set beside them, and the rows are stacked as
sparse blocks.  The columns and rows of sample 1 come first, as they are, so that all
that reads or bettters a planning problem reads this one too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from scipy import sparse

from wasteplan.optimize.first_stage import (
    columns_of,
    same_decisions,
    shared_columns,
)
from wasteplan.optimize.handover import Problem
from wasteplan.optimize.missing import largest_misses
from wasteplan.optimize.risk import Risk, measured, value_at_risk
from wasteplan.superstructure.model import Floats, Ints

NONE: Ints = np.zeros(0, dtype=np.int64)


@dataclass(eq=False)
class Extensive:
    """All samples as one problem, with the way back to each."""

    whole: Problem
    samples: tuple[Problem, ...]
    columns: tuple[Ints, ...]
    """Of each sample: the column in the whole of each of its own."""
    chances: Floats
    names: tuple[str, ...]
    """Of the decisions taken first."""
    risk: Risk
    best: Floats | None
    misses: Ints
    """Columns that say whether a sample misses anything, where chance is limited."""

    @property
    def limits_chance(self) -> bool:
        """Whether the chance of missing something is limited."""
        return self.risk.kind == "chance"

    @property
    def decided(self) -> Ints:
        """Columns of the decisions taken first."""
        return columns_of(self.whole, self.names)

    def costs(self, solution: Floats) -> Floats:
        """(samples,): cost of each sample, misses priced.  [M money]"""
        return np.array(
            [
                p.cost @ solution[c] + p.offset
                for p, c in zip(self.samples, self.columns, strict=True)
            ]
        )

    def missing(self, solution: Floats) -> np.ndarray:
        """(samples,): which samples may miss something in a solution."""
        if not len(self.misses):
            return np.ones(len(self.samples), dtype=bool)
        return np.asarray(solution[self.misses] > 0.5)

    def joined(self, parts: Sequence[Floats], missed: np.ndarray) -> Floats:
        """One solution of the whole from one of each sample, decisions alike."""
        out = np.zeros(len(self.whole.cost))
        for part, columns in zip(parts, self.columns, strict=True):
            out[columns] = part
        costs, n = self.costs(out), max(int(c.max()) for c in self.columns) + 1
        if self.risk.kind == "cvar":
            eta = value_at_risk(costs, self.chances, self.risk.alpha)
            out[n] = eta
            out[n + 1 :] = np.maximum(costs - eta, 0.0)
        elif self.risk.kind == "regret":
            out[n] = measured(self.risk, costs, self.chances, self.best)
        elif len(self.misses):
            out[self.misses] = missed
        return out


@dataclass
class _Stack:
    """Blocks of columns and rows while they are collected."""

    cost: list[Floats] = field(default_factory=list)
    lower: list[Floats] = field(default_factory=list)
    upper: list[Floats] = field(default_factory=list)
    whole: list[np.ndarray] = field(default_factory=list)
    row: list[Ints] = field(default_factory=list)
    column: list[Ints] = field(default_factory=list)
    value: list[Floats] = field(default_factory=list)
    row_lower: list[Floats] = field(default_factory=list)
    row_upper: list[Floats] = field(default_factory=list)
    n_columns: int = 0
    n_rows: int = 0

    def add_columns(
        self, cost: Floats, lower: Floats, upper: Floats, whole: np.ndarray
    ) -> Ints:
        """Number new columns."""
        index = np.arange(self.n_columns, self.n_columns + len(cost))
        self.cost.append(cost)
        self.lower.append(lower)
        self.upper.append(upper)
        self.whole.append(whole)
        self.n_columns += len(cost)
        return index

    def add_rows(
        self, matrix: sparse.csr_matrix, columns: Ints, lower: Floats, upper: Floats
    ) -> None:
        """Rows over some columns of the whole."""
        coo = matrix.tocoo()
        self.row.append(coo.row.astype(np.int64) + self.n_rows)
        self.column.append(columns[coo.col])
        self.value.append(coo.data)
        self.row_lower.append(lower)
        self.row_upper.append(upper)
        self.n_rows += matrix.shape[0]


def extensive(
    problems: Sequence[Problem],
    chances: Floats,
    risk: Risk,
    best: Floats | None = None,
) -> Extensive:
    """Stack the problems of samples under shared first decisions.

    Parameters
    ----------
    problems
        One a sample, compiled with recourse.
    chances
        (samples,): of each sample, summing to 1.  [-]
    risk
        What is made least.
    best
        (samples,): cost of the best plan for each sample alone; for regret.  [M money]

    Raises
    ------
    WasteplanError
        Samples that offer different decisions.
    """
    names = same_decisions(problems)
    stack = _Stack()
    columns: list[Ints] = []
    shared = shared_columns(problems[0])
    seen: set[bytes] = set()
    for p in problems:
        columns.append(_columns_of(stack, p, columns, shared))
        kept = _rows_not_said_before(p, columns[-1], set(shared.values()), seen)
        stack.add_rows(
            p.matrix[kept], columns[-1], p.row_lower[kept], p.row_upper[kept]
        )
    _bound_shared(stack, problems, columns, shared)
    misses = _add_risk(stack, problems, columns, chances, risk, best)
    return Extensive(
        _as_problem(stack, problems, columns, chances, risk),
        tuple(problems),
        tuple(columns),
        chances,
        names,
        risk,
        best,
        misses,
    )


def _columns_of(
    stack: _Stack, p: Problem, before: list[Ints], shared: dict[str, int]
) -> Ints:
    """Columns of a sample in the whole; its first decisions are those of sample 1."""
    n = len(p.cost)
    if not before:
        return stack.add_columns(np.zeros(n), p.lower, p.upper, p.is_integer)
    mine = shared_columns(p)
    columns = np.full(n, -1, dtype=np.int64)
    for name, column in shared.items():
        columns[mine[name]] = column
    own = np.flatnonzero(columns < 0)
    columns[own] = stack.add_columns(
        np.zeros(len(own)), p.lower[own], p.upper[own], p.is_integer[own]
    )
    return columns


def _rows_not_said_before(
    p: Problem, columns: Ints, shared: set[int], seen: set[bytes]
) -> Ints:
    """Rows of a sample, less those about first decisions that another has said."""
    is_shared = np.isin(columns, list(shared))
    m = p.matrix
    others = np.add.reduceat(
        np.append(~is_shared[m.indices], 0).astype(np.int64), m.indptr[:-1]
    )
    empty = np.diff(m.indptr) == 0
    kept, is_first = np.ones(m.shape[0], dtype=bool), not seen
    for i in np.flatnonzero((others == 0) & ~empty):
        part = slice(m.indptr[i], m.indptr[i + 1])
        order = np.argsort(columns[m.indices[part]])
        says = (
            columns[m.indices[part]][order].tobytes()
            + m.data[part][order].tobytes()
            + np.array([p.row_lower[i], p.row_upper[i]]).tobytes()
        )
        kept[i] = is_first or says not in seen
        seen.add(says)
    return np.flatnonzero(kept)


def _bound_shared(
    stack: _Stack,
    problems: Sequence[Problem],
    columns: Sequence[Ints],
    shared: dict[str, int],
) -> None:
    """First decisions keep the bounds of every sample."""
    lower, upper = stack.lower[0].copy(), stack.upper[0].copy()
    for p, c in zip(problems[1:], columns[1:], strict=True):
        mine = np.array(list(shared_columns(p).values()), dtype=np.int64)
        lower[c[mine]] = np.maximum(lower[c[mine]], p.lower[mine])
        upper[c[mine]] = np.minimum(upper[c[mine]], p.upper[mine])
    stack.lower[0], stack.upper[0] = lower, upper


def _add_risk(
    stack: _Stack,
    problems: Sequence[Problem],
    columns: Sequence[Ints],
    chances: Floats,
    risk: Risk,
    best: Floats | None,
) -> Ints:
    """Columns and rows of a risk measure; gives the columns of misses, if any."""
    n = len(problems)
    if risk.kind == "cvar":
        weight = risk.weight / (1 - risk.alpha) * chances
        eta = stack.add_columns(
            np.array([risk.weight]), *_free(1), np.zeros(1, dtype=bool)
        )
        above = stack.add_columns(
            weight, np.zeros(n), np.full(n, np.inf), np.zeros(n, dtype=bool)
        )
        for k in range(n):
            _at_least_cost(stack, problems[k], columns[k], [eta[0], above[k]], 0.0)
    elif risk.kind == "regret":
        assert best is not None
        worst = stack.add_columns(np.ones(1), *_free(1), np.zeros(1, dtype=bool))
        for k in range(n):
            _at_least_cost(stack, problems[k], columns[k], [worst[0]], -best[k])
    elif risk.kind == "chance":
        return _limit_chance(stack, problems, columns, chances, risk.miss_max)
    return NONE


def _free(n: int) -> tuple[Floats, Floats]:
    return np.full(n, -np.inf), np.full(n, np.inf)


def _at_least_cost(
    stack: _Stack, p: Problem, columns: Ints, terms: Sequence[int], constant: float
) -> None:
    """sum(terms) >= cost of a sample + constant.  [M money]"""
    row = np.concatenate([-p.cost, np.ones(len(terms))])
    where = np.concatenate([columns, np.array(terms, dtype=np.int64)])
    least = np.array([p.offset + constant])
    stack.add_rows(sparse.csr_matrix(row), where, least, np.array([np.inf]))


def _limit_chance(
    stack: _Stack,
    problems: Sequence[Problem],
    columns: Sequence[Ints],
    chances: Floats,
    most: float,
) -> Ints:
    """A miss of a sample only with its binary; sum of chances of those <= most.  [-]"""
    n = len(problems)
    misses = stack.add_columns(
        np.zeros(n), np.zeros(n), np.ones(n), np.ones(n, dtype=bool)
    )
    for k, p in enumerate(problems):
        where, largest = largest_misses(p)
        rows = np.arange(len(where))
        entries = (
            np.concatenate([np.ones(len(where)), -largest]),
            (np.tile(rows, 2), np.concatenate([rows, np.full(len(rows), len(rows))])),
        )
        matrix = sparse.csr_matrix(entries, shape=(len(rows), len(rows) + 1))
        at = np.concatenate([columns[k][where], misses[k : k + 1]])
        stack.add_rows(matrix, at, np.full(len(rows), -np.inf), np.zeros(len(rows)))
    stack.add_rows(
        sparse.csr_matrix(chances), misses, np.array([-np.inf]), np.array([most + 1e-9])
    )
    return misses


def _as_problem(
    stack: _Stack,
    problems: Sequence[Problem],
    columns: Sequence[Ints],
    chances: Floats,
    risk: Risk,
) -> Problem:
    """The stacked columns and rows, as the problem of sample 1 made wider."""
    cost, gross = np.concatenate(stack.cost), np.zeros(stack.n_columns)
    weight = {"cvar": 1 - risk.weight, "regret": 0.0}.get(risk.kind, 1.0)
    offset = 0.0
    for p, c, chance in zip(problems, columns, chances, strict=True):
        cost[c] += weight * chance * p.cost
        gross[c] += chance * p.gross
        offset += weight * chance * p.offset
    entries = (np.concatenate(stack.row), np.concatenate(stack.column))
    return replace(
        problems[0],
        cost=cost,
        gross=gross,
        offset=offset,
        lower=np.concatenate(stack.lower),
        upper=np.concatenate(stack.upper),
        is_integer=np.concatenate(stack.whole),
        matrix=sparse.csr_matrix(
            (np.concatenate(stack.value), entries),
            shape=(stack.n_rows, stack.n_columns),
        ),
        row_lower=np.concatenate(stack.row_lower),
        row_upper=np.concatenate(stack.row_upper),
    )
