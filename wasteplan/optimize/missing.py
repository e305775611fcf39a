"""Which columns say that something is missed, and the most that can be.

The most is what a binary that allows a miss has to leave room for (a big-M): it is
derived from the data, as what the row of a requirement could come to at worst.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from wasteplan.errors import WasteplanError
from wasteplan.optimize.handover import Problem
from wasteplan.superstructure.model import Floats, Ints


def miss_columns(p: Problem) -> Ints:
    """Columns of slacks and of waste without a place, of a problem with recourse."""
    slacks = [p.column_of[id(v)] for v in p.model.slack.values()]
    left = [p.column_of[id(v)] for v in p.model.unplaced.values()]
    return np.array(slacks + left, dtype=np.int64)


def largest_misses(p: Problem) -> tuple[Ints, Floats]:
    """Columns of misses and the most each can need to be.

    Returns
    -------
    array, array
        Columns; their largest values, in the unit of each.

    Raises
    ------
    WasteplanError
        A miss that the data do not bound.
    """
    columns, upper = miss_columns(p), _upper_bounds(p)
    by_column = p.matrix.tocsc()
    most = np.zeros(len(columns))
    n_slack = len(p.model.slack)
    for k, column in enumerate(columns):
        if k >= n_slack:
            most[k] = upper[column]
            continue
        part = slice(by_column.indptr[column], by_column.indptr[column + 1])
        rows, values = by_column.indices[part], by_column.data[part]
        needs = [
            _need(p, upper, int(i), int(column), float(v))
            for i, v in zip(rows, values, strict=True)
        ]
        most[k] = max([0.0, *needs])
    if not np.isfinite(most).all():
        about = p.model.slack_names[int(np.argmin(np.isfinite(most)))]
        raise WasteplanError(
            f"the data set no bound on how far {about.family} '{about.place}' can be "
            "missed, so its chance cannot be limited: take another objective"
        )
    return columns, most


def _need(p: Problem, upper: Floats, row: int, column: int, value: float) -> float:
    """What a column must be, at most, for its row to hold whatever the others are."""
    low, high = _activity(p.matrix, row, column, p.lower, upper)
    needs = [0.0]
    if np.isfinite(p.row_upper[row]) and value < 0:
        needs.append((high - p.row_upper[row]) / -value)
    if np.isfinite(p.row_lower[row]) and value > 0:
        needs.append((p.row_lower[row] - low) / value)
    return float(max(needs))


def _activity(
    matrix: sparse.csr_matrix, row: int, without: int, lower: Floats, upper: Floats
) -> tuple[float, float]:
    """The least and the most a row can come to, a column left out."""
    part = slice(matrix.indptr[row], matrix.indptr[row + 1])
    columns, values = matrix.indices[part], matrix.data[part]
    kept = (columns != without) & (values != 0)
    columns, values = columns[kept], values[kept]
    one, other = values * lower[columns], values * upper[columns]
    return float(np.minimum(one, other).sum()), float(np.maximum(one, other).sum())


def _upper_bounds(p: Problem) -> Floats:
    """Upper bounds of columns, those that rows or the data imply included.

    A later haul brings no more than can reach its destination; a sum that an equation
    defines is no more than its terms.
    """
    upper, data = p.upper.copy(), p.data
    start = p.n_before + p.block.n_first * data.s.n_periods
    reach = data.reach_kt[data.s.later.feed].T.ravel()
    upper[start : start + len(reach)] = np.minimum(
        upper[start : start + len(reach)], reach
    )
    by_column = p.matrix.tocsc()
    slacks = {p.column_of[id(v)] for v in p.model.slack.values()}
    for column in np.flatnonzero(np.isinf(upper[: p.n_before])):
        if int(column) in slacks:
            continue
        part = slice(by_column.indptr[column], by_column.indptr[column + 1])
        for row, value in zip(
            by_column.indices[part], by_column.data[part], strict=True
        ):
            if value <= 0 or p.row_lower[row] != p.row_upper[row]:
                continue
            low, _ = _activity(p.matrix, int(row), int(column), p.lower, upper)
            upper[column] = min(upper[column], (p.row_upper[row] - low) / value)
    return upper
