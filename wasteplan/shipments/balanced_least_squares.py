"""Weighted least squares with balances and bounds, for thousands of sparse unknowns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from scipy.optimize import lsq_linear
from scipy.sparse import bmat, csc_matrix, diags_array, eye_array, vstack
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import splu

Balances: TypeAlias = Any
"""A sparse matrix: one row a balance, one column a flow; stubs lag behind scipy."""

SMALL = 1e-9  # added on the diagonal so that undetermined flows do not stop the solver
UNDETERMINED_ABOVE = 1e-3 / SMALL  # variance that only the small number explains
REFINEMENTS = 4
ROUNDS_MAX = 60
AT_ONCE = 64  # columns of an inverse solved together
SLACK = 1e-9
SNAP = 1e-6  # this close to a bound, the fall-back's interior points mean the bound
STIFF = 1e3
"""Weight of the balances against the heaviest measurement in the fall-back."""


@dataclass(frozen=True)
class BalancedProblem:
    """Minimise sum w x^2 / 2 - p x with A x = 0 and lower <= x <= upper.

    Attributes
    ----------
    weight
        Sum of 1 / s^2 over the measurements of a flow, 0 without one.  [1/t2]
    pull
        Sum of v / s^2.  [1/t]
    balances
        Sparse, one row a balance.
    lower, upper
        Bounds of every flow.  [t]
    """

    weight: np.ndarray
    pull: np.ndarray
    balances: Balances
    lower: np.ndarray
    upper: np.ndarray


@dataclass(frozen=True)
class BalancedSolution:
    """Flows, their variances (NaN: nothing determines the flow), bounds that hold."""

    x: np.ndarray
    variance: np.ndarray
    bound: np.ndarray


def solve_balanced(problem: BalancedProblem) -> BalancedSolution | None:
    """Flows of least weighted squares, or None if the balances cannot hold.

    An active-set method on the optimality conditions (Hintermueller, Ito and Kunisch
    2002, SIAM J. Optim. 13(3) 865-888): flows out of bounds are set on them, set flows
    whose multiplier has the wrong sign are freed, until nothing changes.  If that does
    not settle, `scipy.optimize.lsq_linear` finds the flows at their bounds.
    Variances take flows at their bounds as exactly known.

    Parameters
    ----------
    problem
        In tonnes; it is scaled by a typical error inside.
    """
    measured = problem.weight > 0
    if not measured.any():
        return None
    scale = float(np.median(problem.weight[measured]) ** -0.5)
    scaled = BalancedProblem(
        problem.weight * scale**2,
        problem.pull * scale,
        problem.balances,
        problem.lower / scale,
        problem.upper / scale,
    )
    side, x = _settled(scaled)
    if x is None:
        side, x = _penalised(scaled)
    if not _holds(scaled, x):
        return None
    variance = _variance(scaled, side == 0)
    names = np.array(["", "upper", "lower"], dtype=object)
    return BalancedSolution(x * scale, variance * scale**2, names[side])


def _settled(problem: BalancedProblem) -> tuple[np.ndarray, np.ndarray | None]:
    """Bounds that hold (-1 lower, 1 upper, 0 free) and flows; None if unsettled."""
    side = np.zeros(len(problem.weight), dtype=int)
    for _ in range(ROUNDS_MAX):
        x, pushed = _on_sides(problem, side)
        new = np.zeros_like(side)
        new[(side == 0) & (x < problem.lower - SLACK)] = -1
        new[(side == 0) & (x > problem.upper + SLACK)] = 1
        new[(side == -1) & (pushed >= 0)] = -1
        new[(side == 1) & (pushed <= 0)] = 1
        if np.array_equal(new, side):
            return side, np.clip(x, problem.lower, problem.upper)
        side = new
    return side, None


def _on_sides(
    problem: BalancedProblem, side: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Flows with some set on bounds, and the push of the objective on the set ones."""
    free = side == 0
    x = np.where(side < 0, problem.lower, np.where(side > 0, problem.upper, 0.0))
    matrix, factor = _conditions(problem, free)
    rest = problem.balances @ x
    wanted = np.concatenate([problem.pull[free], -rest])
    found = factor.solve(wanted)
    for _ in range(REFINEMENTS):
        found = found + factor.solve(wanted - matrix @ found)
    n_free = int(free.sum())
    x[free] = found[:n_free]
    pushed = problem.weight * x - problem.pull + problem.balances.T @ found[n_free:]
    return x, pushed


def _conditions(problem: BalancedProblem, free: np.ndarray) -> tuple[Any, Any]:
    """The optimality conditions of the free flows as matrix and as factors."""
    weights = diags_array(problem.weight[free])
    part = problem.balances[:, free]
    m = part.shape[0]
    exact = bmat([[weights, part.T], [part, None]]) if m else weights
    n = int(free.sum())
    small = SMALL * np.concatenate([np.ones(n), -np.ones(m)])
    matrix: Any = csc_matrix(exact)
    return matrix, splu(
        csc_matrix(matrix + diags_array(small)),
        permc_spec="MMD_AT_PLUS_A",
        diag_pivot_thresh=0.01,
        options={"SymmetricMode": True},
    )


def _variance(problem: BalancedProblem, free: np.ndarray) -> np.ndarray:
    """Variance of every flow, scaled: the diagonal of the inverse's first block.

    Parts of the network that no balance joins are solved in one go: one flow of each.
    """
    _, factor = _conditions(problem, free)
    part = parts(problem.balances)[free]
    turn = pd.Series(part).groupby(part).cumcount().to_numpy()
    found = np.zeros(len(part))
    for start in range(0, int(turn.max(initial=-1)) + 1, AT_ONCE):
        rows = np.flatnonzero((turn >= start) & (turn < start + AT_ONCE))
        columns = turn[rows] - start
        unit = np.zeros((factor.shape[0], int(columns.max()) + 1))
        unit[rows, columns] = 1.0
        found[rows] = factor.solve(unit)[rows, columns]
    variance = np.zeros(len(free))
    variance[free] = np.where(found < UNDETERMINED_ABOVE, np.maximum(found, 0), np.nan)
    return variance


def parts(balances: Balances) -> np.ndarray:
    """The number of the part of the network that each flow is in; shape (flows,)."""
    n, m = balances.shape[1], balances.shape[0]
    joined: Any = bmat(
        [[None, abs(balances).T], [abs(balances), None]] if m else [[eye_array(n)]]
    )
    return np.asarray(connected_components(joined, directed=False)[1][:n])


def _penalised(problem: BalancedProblem) -> tuple[np.ndarray, np.ndarray]:
    """The same flows with balances as very heavy measurements."""
    root = np.sqrt(problem.weight)
    target = np.divide(
        problem.pull, root, out=np.zeros_like(root), where=problem.weight > 0
    )
    n, m = len(root), problem.balances.shape[0]
    stiff = STIFF * max(float(root.max()), 1.0)
    matrix: Any = vstack(
        [diags_array(root), stiff * problem.balances, SMALL * eye_array(n)]
    )
    wide = np.where(problem.upper > problem.lower, problem.upper, problem.lower + SLACK)
    found = lsq_linear(
        csc_matrix(matrix),
        np.concatenate([target, np.zeros(m + n)]),
        bounds=(problem.lower, wide),
        tol=1e-12,
        lsmr_tol=1e-12,
    )
    near = SNAP * max(1.0, float(np.abs(found.x).max(initial=0.0)))
    side = np.zeros(n, dtype=int)
    side[found.x <= problem.lower + near] = -1
    side[found.x >= problem.upper - near] = 1
    x, _ = _on_sides(problem, side)
    return side, x


def _holds(problem: BalancedProblem, x: np.ndarray) -> bool:
    """Whether balances and bounds hold to rounding."""
    size = max(1.0, float(np.abs(x).max(initial=0.0)))
    missing = problem.balances @ x
    inside = (x >= problem.lower - 1e-6 * size) & (x <= problem.upper + 1e-6 * size)
    return bool(inside.all() and np.abs(missing).max(initial=0.0) <= 1e-6 * size)
