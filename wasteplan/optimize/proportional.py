"""Flows in which every output is one blend, for builds and intakes that are known.

What a plant takes being known, so is what it puts out, commodity by commodity; then
sending each output in the same proportions is linear again.
"""

from __future__ import annotations

from dataclasses import replace

import highspy
import numpy as np
from scipy import sparse

from wasteplan.optimize.data import SingleDestination
from wasteplan.optimize.handover import Problem, solver
from wasteplan.optimize.running import Outcome
from wasteplan.superstructure.model import Floats, Ints

NOTHING = 1e-12  # kt/y


def one_blend(
    p: Problem, outcome: Outcome, mixed: frozenset[SingleDestination]
) -> Outcome:
    """Flows for the builds of a solution, the outputs named sent as one blend each.

    tonnes[c, d] = share[d] x output[c] for every commodity c of an output, where the
    intake of its plant stays as it is in the solution.

    Returns
    -------
    Outcome
        Status `infeasible` if no such flows meet the requirements.
    """
    assert outcome.solution is not None
    lower, upper = p.lower.copy(), p.upper.copy()
    whole = p.is_integer
    lower[whole] = upper[whole] = np.round(outcome.solution[whole])
    for one in mixed:
        for f in p.data.feeds_of[one.plant]:
            j = p.column_of[id(p.model.throughput[f, one.period])]
            lower[j] = upper[j] = outcome.solution[j]
    wide = _with_shares(p, lower, upper, _same_share(p, outcome.solution, mixed))
    h = solver(wide, as_lp=True)
    h.run()
    if h.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return Outcome("infeasible", None, np.inf, np.inf, 0.0)
    found = np.array(h.getSolution().col_value)[: len(p.cost)]
    value = float(h.getInfo().objective_function_value)
    return Outcome("optimal", found, value, value, p.gross_cost(found))


def _same_share(
    p: Problem, solution: Floats, mixed: frozenset[SingleDestination]
) -> sparse.coo_matrix:
    """Rows tonnes - output x share = 0; shares stand after the problem's columns."""
    made, columns = _made(p, solution), len(p.cost)
    rows: list[tuple[int, int, float]] = []
    n_rows = n_new = 0
    for one in sorted(mixed, key=lambda m: (m.plant, m.product, m.period)):
        shares: dict[int, int] = {}
        for a in _arcs(p, one.plant, one.product):
            where = int(p.data.s.feeds.plant[p.data.s.later.feed[a]])
            if where not in shares:
                shares[where] = columns + n_new
                n_new += 1
            c = int(p.data.s.later.commodity[a])
            out = made.get((one.plant, c, one.period), 0.0)
            rows += [
                (n_rows, p.later_column(a, one.period), 1.0),
                (n_rows, shares[where], -out),
            ]
            n_rows += 1
    values = np.array([v for _, _, v in rows], dtype=np.float64)
    where_at = (
        np.array([i for i, _, _ in rows], dtype=np.int64),
        np.array([j for _, j, _ in rows], dtype=np.int64),
    )
    return sparse.coo_matrix((values, where_at), shape=(n_rows, columns + n_new))


def _with_shares(
    p: Problem, lower: Floats, upper: Floats, more: sparse.coo_matrix
) -> Problem:
    """The problem with new bounds, share columns in [0, 1], and their rows."""
    n_new, none = more.shape[1] - len(p.cost), np.zeros(more.shape[0])
    wide = sparse.csr_matrix(
        (p.matrix.data, p.matrix.indices, p.matrix.indptr),
        shape=(p.matrix.shape[0], more.shape[1]),
    )
    return replace(
        p,
        cost=np.append(p.cost, np.zeros(n_new)),
        lower=np.append(lower, np.zeros(n_new)),
        upper=np.append(upper, np.ones(n_new)),
        is_integer=np.append(p.is_integer, np.zeros(n_new, dtype=bool)),
        matrix=sparse.vstack([wide, more], format="csr"),
        row_lower=np.append(p.row_lower, none),
        row_upper=np.append(p.row_upper, none),
    )


def _made(p: Problem, solution: Floats) -> dict[tuple[int, int, int], float]:
    """(plant, commodity, period) -> what leaves the plant in a solution.  [kt/y]"""
    feeds, made = p.data.s.feeds, dict[tuple[int, int, int], float]()
    taken = p.throughput_kt(solution)
    for f, c, share in zip(
        feeds.out_feed, feeds.out_commodity, feeds.out_share, strict=True
    ):
        for t in p.data.periods:
            key = (int(feeds.plant[f]), int(c), t)
            made[key] = made.get(key, 0.0) + float(share * taken[f, t])
    return {k: v if v > NOTHING else 0.0 for k, v in made.items()}


def _arcs(p: Problem, plant: int, product: str) -> Ints:
    """Later hauls of a product from a plant."""
    later = p.data.s.later
    same = np.array(
        [p.data.s.commodities[c].product == product for c in later.commodity],
        dtype=bool,
    )
    return np.flatnonzero((later.tail == plant) & same)
