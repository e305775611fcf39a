"""From a split solution to one in which each source goes to one place.

Few sources are split: at most one a place.  They, and those that lose least by going
elsewhere, are assigned anew by a small whole-number program; all others stay.
"""

from __future__ import annotations

from collections.abc import Callable

import highspy
import numpy as np
from scipy import sparse

from wasteplan.optimize.handover import Arrays, solver
from wasteplan.optimize.places import Flags, Siting
from wasteplan.optimize.running import run_beside
from wasteplan.optimize.transport import SCALED_TO, Shipped
from wasteplan.superstructure.model import Floats, Ints

FREE = (150, 400, 1_000)
"""Sources assigned anew, more if that is not enough."""
WAYS = (4, 6, 10)
"""Places that each of them may go to."""
NODES_MAX = 200
SECONDS_MAX = 10.0
"""A guard: what is proved does not rest on it."""
GAP = 1e-4
WHOLE = 1e-6


def whole(
    siting: Siting,
    is_open: Flags,
    split: Shipped,
    price: Floats,
    is_over: Callable[[], bool] = lambda: False,
) -> Shipped:
    """A good plan without splits for the same open places.

    Parameters
    ----------
    split
        The cheapest plan with splits.
    price
        (places,): for room.  [M money/(kt/y)]
    is_over
        Asked while the solver runs: whether to stop.

    Returns
    -------
    Shipped
        Cost inf if none was found.
    """
    places = np.flatnonzero(is_open)
    cost = siting.cost[places]
    asked = cost + price[places][:, None] * siting.load
    parts = split.shares[places]
    goes_to = parts.argmax(axis=0)
    second = np.partition(asked, 1, axis=0)[1] if len(places) > 1 else asked[0]
    regret = (second - asked.min(axis=0)) / siting.load
    regret[parts.max(axis=0) < 1 - WHOLE] = -np.inf
    order = np.argsort(regret, kind="stable")
    for n_free, n_ways in zip(FREE, WAYS, strict=True):
        free = np.sort(order[: max(n_free, int(np.isneginf(regret).sum()))])
        chosen = _assigned(siting, places, asked, goes_to, free, n_ways, is_over)
        if chosen is not None:
            shares = np.zeros_like(siting.cost)
            sources = np.arange(len(siting.load))
            shares[places[chosen], sources] = 1.0
            paid = float(cost[chosen, sources].sum())
            return Shipped(paid + float(siting.fixed[places].sum()), shares)
    return Shipped(np.inf, np.zeros_like(siting.cost))


def _assigned(
    siting: Siting,
    places: Ints,
    asked: Floats,
    goes_to: Ints,
    free: Ints,
    n_ways: int,
    is_over: Callable[[], bool],
) -> Ints | None:
    """(sources,): which of the open places each goes to; None if it does not fit."""
    stays = np.ones(len(siting.load), dtype=bool)
    stays[free] = False
    held = np.bincount(goes_to[stays], siting.load[stays], len(places))
    kept = min(n_ways, len(places))
    ways = np.argpartition(asked[:, free], kept - 1, axis=0)[:kept]
    i, k = ways.ravel(), np.tile(np.arange(len(free)), kept)
    cost = siting.cost[places[i], free[k]]
    is_way = np.isfinite(cost)
    i, k, cost = i[is_way], k[is_way], cost[is_way]
    left = siting.room[places] - held
    h = solver(_program(cost, i, k, siting.load[free], left))
    h.setOptionValue("threads", 1)
    h.setOptionValue("random_seed", 0)
    h.setOptionValue("mip_rel_gap", GAP)
    h.setOptionValue("mip_max_nodes", NODES_MAX)
    h.setOptionValue("mip_max_stall_nodes", NODES_MAX // 4)
    h.setOptionValue("time_limit", SECONDS_MAX)

    def heed(event: highspy.HighsCallbackEvent) -> None:
        if is_over():
            event.interrupt()

    h.cbMipInterrupt.subscribe(heed)
    run_beside(h)
    if int(h.getInfo().primal_solution_status) != highspy.kSolutionStatusFeasible:
        return None
    x = np.array(h.getSolution().col_value)
    if x[len(i) :].max(initial=0.0) > WHOLE:
        return None
    taken = x[: len(i)] > 0.5
    chosen = goes_to.copy()
    chosen[free[k[taken]]] = i[taken]
    return chosen


def _program(cost: Floats, i: Ints, k: Ints, load: Floats, room: Floats) -> Arrays:
    """Each source k to one place i; lacking room is dear, so starts are easy."""
    m, n, size = len(room), len(load), len(i)
    scale = SCALED_TO / max(float(np.abs(cost).max(initial=0.0)), 1e-12)
    lacking = size + np.arange(m)
    entries = (
        np.concatenate([i, m + k, np.arange(m)]),
        np.concatenate([np.arange(size), np.arange(size), lacking]),
    )
    values = np.concatenate([load[k], np.ones(size), -np.ones(m)])
    per_kt = 3.0 * SCALED_TO / max(float(load.mean()), 1e-12)
    return Arrays(
        cost=np.concatenate([scale * cost, np.full(m, per_kt)]),
        offset=0.0,
        lower=np.zeros(size + m),
        upper=np.concatenate([np.ones(size), np.full(m, np.inf)]),
        is_integer=np.arange(size + m) < size,
        matrix=sparse.csr_matrix((values, entries), shape=(m + n, size + m)),
        row_lower=np.concatenate([np.full(m, -np.inf), np.ones(n)]),
        row_upper=np.concatenate([room, np.ones(n)]),
    )
