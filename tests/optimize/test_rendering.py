"""The arrays and the plain Pyomo model say the same, matrix entry by matrix entry."""

import numpy as np
import pyomo.environ as pyo
import pytest
from hypothesis import example, given
from hypothesis import settings as how
from hypothesis import strategies as st
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler
from random_networks import random_network
from scipy import sparse

from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.handover import problem
from wasteplan.optimize.recourse import Recourse
from wasteplan.optimize.rendering import as_pyomo
from wasteplan.superstructure.assembly import superstructure

NEAR = 1e-9  # numbers that differ by less are the same, relative above 1


def canonical(rows):
    """Rows that neither order nor scaling by -1 changes; those without entries gone."""
    out = []
    for entries, lower, upper in rows:
        entries = sorted((n, float(v)) for n, v in entries if abs(v) > 1e-12)
        if not entries:
            continue
        sign = 1.0 if entries[0][1] > 0 else -1.0
        low, high = (lower, upper) if sign > 0 else (-upper, -lower)
        for bound, kind in ((low, ">="), (high, "<=")):
            if np.isfinite(bound):
                scaled = tuple((n, sign * v) for n, v in entries)
                out.append((kind, float(bound), scaled))
    return out


def snapped(*tables):
    """The tables sorted, with equal numbers for those that differ by rounding only.

    Rounding each number alone would not do: two sums that differ in the last digit may
    lie on either side of a half.
    """
    numbers = {b for t in tables for _, b, _ in t}
    numbers |= {v for t in tables for _, _, row in t for _, v in row}
    same, last = {}, None
    for number in sorted(numbers):
        if last is None or number - last > NEAR * max(abs(number), 1.0):
            first = number
        same[number], last = first, number
    return [
        sorted((k, same[b], tuple((n, same[v]) for n, v in row)) for k, b, row in t)
        for t in tables
    ]


def of_arrays(p):
    data, n_t = p.data, p.data.s.n_periods
    names = {
        p.column_of[id(v)]: v.name for v in p.model.component_data_objects(pyo.Var)
    }
    for t in range(n_t):
        for a in range(p.block.n_first):
            names[p.n_before + t * p.block.n_first + a] = f"share[{a},{t}]"
        start = p.n_before + n_t * p.block.n_first + t * p.block.n_later
        for a in range(p.block.n_later):
            names[start + a] = f"sent[{a},{t}]"
        start = p.n_before + n_t * (p.block.n_first + p.block.n_later)
        for i in range(p.block.n_unserved):
            names[start + t * p.block.n_unserved + i] = f"left[{i},{t}]"
    assert data is not None
    m = p.matrix.tocsr()
    rows = []
    for i in range(m.shape[0]):
        part = slice(m.indptr[i], m.indptr[i + 1])
        entries = [
            (names[j], v) for j, v in zip(m.indices[part], m.data[part], strict=True)
        ]
        rows.append((entries, p.row_lower[i], p.row_upper[i]))
    cost = {names[j]: round(c, 9) for j, c in enumerate(p.cost) if abs(c) > 1e-12}
    return canonical(rows), cost


def of_pyomo(model):
    info = LinearStandardFormCompiler().write(model, mixed_form=True)
    m = sparse.csr_matrix(info.A)
    rows = []
    for i, entry in enumerate(info.rows):
        part = slice(m.indptr[i], m.indptr[i + 1])
        entries = [
            (info.columns[j].name, v)
            for j, v in zip(m.indices[part], m.data[part], strict=True)
        ]
        rhs = float(info.rhs[i])
        lower = -np.inf if entry.bound_type == 1 else rhs
        upper = np.inf if entry.bound_type == -1 else rhs
        rows.append((entries, lower, upper))
    c = sparse.coo_matrix(info.c)
    cost = {
        info.columns[j].name: round(float(v), 9)
        for j, v in zip(c.col, c.data, strict=True)
        if abs(v) > 1e-12
    }
    return canonical(rows), cost


def assert_same_matrix(data):
    """Arrays and plain Pyomo say the same, up to rounding; gives cost by column."""
    rows, cost = of_arrays(problem(data))
    other_rows, other_cost = of_pyomo(as_pyomo(data))

    one, other = snapped(rows, other_rows)
    assert one == other
    assert cost == pytest.approx(other_cost)
    return cost


@how(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
@example(1625)  # a bound of 88.8480682835: sums in two orders round either way
def test_both_give_the_same_matrix(seed):
    assert_same_matrix(PlanningData(superstructure(random_network(seed))))


@how(max_examples=6, deadline=None)
@given(st.integers(0, 10_000))
def test_both_give_the_same_matrix_with_recourse(seed):
    options = superstructure(random_network(seed))
    cost = assert_same_matrix(
        PlanningData(options, recourse=Recourse(300.0, 400.0, 5.0))
    )

    assert any(name.startswith("unplaced") for name in cost)
