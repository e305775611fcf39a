"""The cheapest way to take everything to the open places: a linear program.

It starts with the hauls that prices for room make likely and adds those whose reduced
cost is below zero until there is none, so its value is exact.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
from scipy import sparse

from wasteplan.optimize.handover import Arrays, solver
from wasteplan.optimize.places import Flags, Siting
from wasteplan.superstructure.model import Floats, Ints

LIKELY = 6
"""Hauls of each source to begin with."""
ROUNDS_MAX = 50
SCALED_TO = 1e3
"""The largest cost in the solver's numbers, whose tolerances are absolute."""
ROUNDING = 1e-6


@dataclass(frozen=True)
class Shipped:
    """How open places share out everything."""

    cost: float
    """Hauls and opening; inf if there is no way.  [M money]"""
    shares: Floats
    """(places, sources)  [-]"""
    price: Floats | None = None
    """(places,): for room, if it is known.  [M money/(kt/y)]"""


def shipped(siting: Siting, is_open: Flags, price: Floats) -> Shipped:
    """Everything taken to the open places at the least cost.

    Parameters
    ----------
    is_open
        (places,)
    price
        (places,): for room, as a guess which hauls to begin with.  [M money/(kt/y)]
    """
    places = np.flatnonzero(is_open)
    cost, load, room = siting.cost[places], siting.load, siting.room[places]
    shares = np.zeros_like(siting.cost)
    asked = cost + price[places][:, None] * load
    kept = min(LIKELY, len(places))
    likely = np.argpartition(asked, kept - 1, axis=0)[:kept]
    is_in = np.zeros(cost.shape, dtype=bool)
    np.put_along_axis(is_in, likely, True, axis=0)
    is_in &= np.isfinite(cost)
    scale = SCALED_TO / max(np.abs(cost[is_in]).max(initial=0.0), 1e-12)
    for _ in range(ROUNDS_MAX):
        i, j = np.nonzero(is_in)
        h = solver(_program(scale * cost[i, j], i, j, load, room))
        h.setOptionValue("threads", 1)
        h.run()
        if h.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            break
        dual = np.array(h.getSolution().row_dual) / scale
        reduced = cost - dual[len(room) :] - dual[: len(room), None] * load
        missing = (reduced < -ROUNDING / scale) & ~is_in
        if not missing.any():
            x = np.array(h.getSolution().col_value)
            if x[len(i) :].max(initial=0.0) > 1e-7:
                break
            shares[places[i], j] = np.clip(x[: len(i)], 0.0, 1.0)
            fixed = float(siting.fixed[places].sum())
            paid = np.zeros(len(siting.room))
            paid[places] = np.maximum(0.0, -dual[: len(room)])
            return Shipped(fixed + float(cost[i, j] @ x[: len(i)]), shares, paid)
        is_in |= missing
    return Shipped(np.inf, shares)


def _program(cost: Floats, i: Ints, j: Ints, load: Floats, room: Floats) -> Arrays:
    """Shares of sources j at places i; what finds no room is dear."""
    m, n, size = len(room), len(load), len(i)
    rows = np.concatenate([i, m + j, m + np.arange(n)])
    columns = np.concatenate([np.arange(size), np.arange(size), size + np.arange(n)])
    values = np.concatenate([load[j], np.ones(size), np.ones(n)])
    matrix = sparse.csr_matrix((values, (rows, columns)), shape=(m + n, size + n))
    return Arrays(
        cost=np.concatenate([cost, np.full(n, 100 * SCALED_TO)]),
        offset=0.0,
        lower=np.zeros(size + n),
        upper=np.full(size + n, np.inf),
        is_integer=np.zeros(size + n, dtype=bool),
        matrix=matrix,
        row_lower=np.concatenate([np.full(m, -np.inf), np.ones(n)]),
        row_upper=np.concatenate([room, np.ones(n)]),
    )
