"""From a split solution to one in which each source goes to one place.

Few sources are split: at most one a place.  They go where most of them went, which
fills some places too much; exchanges mend that (`exchanges.py`).  Then neighbouring
places, a few at a time, share out their sources anew by a small whole-number program.
"""

from __future__ import annotations

from collections.abc import Callable

import highspy
import numpy as np
from scipy import sparse

from wasteplan.optimize.exchanges import exchanged
from wasteplan.optimize.handover import Arrays, solver
from wasteplan.optimize.places import Flags, Siting
from wasteplan.optimize.running import run_beside
from wasteplan.optimize.transport import SCALED_TO, Shipped
from wasteplan.superstructure.model import Floats, Ints

PASSES = ((6, 0.1), (6, 0.2), (4, 0.4))
"""Places that share out their sources anew, and how much dearer one of them may be,
room included, times a usual price for room: few ways, or the program takes long."""
NODES_MAX = 10
SECONDS_MAX = 10.0
"""A guard: what is proved does not rest on it."""
GAP = 1e-4


def whole(
    siting: Siting,
    is_open: Flags,
    split: Shipped,
    is_over: Callable[[], bool] = lambda: False,
) -> Shipped:
    """A plan without splits for the same open places.

    Parameters
    ----------
    split
        The cheapest plan with splits.
    is_over
        Whether to stop.

    Returns
    -------
    Shipped
        Cost inf if none was found.
    """
    places = np.flatnonzero(is_open)
    cost, room = siting.cost[places], siting.room[places]
    most = split.shares[places].argmax(axis=0)
    to = exchanged(cost, siting.load, room, most, is_over)
    if to is None:
        return Shipped(np.inf, np.zeros_like(siting.cost))
    return _shipped(siting, places, to, split.price)


def _shipped(siting: Siting, places: Ints, to: Ints, price: Floats | None) -> Shipped:
    """Each source to the open place that it goes to."""
    shares, sources = np.zeros_like(siting.cost), np.arange(len(to))
    shares[places[to], sources] = 1.0
    paid = float(siting.cost[places[to], sources].sum())
    return Shipped(paid + float(siting.fixed[places].sum()), shares, price)


def shared_anew(
    siting: Siting,
    is_open: Flags,
    known: Shipped,
    is_over: Callable[[], bool] = lambda: False,
) -> Shipped:
    """A cheaper plan without splits for the same open places, or the same plan.

    Parameters
    ----------
    known
        A plan without splits, with prices for room.
    """
    places = np.flatnonzero(is_open)
    if known.price is None or len(places) < 2:
        return known
    per_kt = siting.cost[places] / siting.load
    price = known.price[places]
    to = known.shares[places].argmax(axis=0)
    shown = _finite(per_kt)
    apart = np.array([np.abs(shown - row).mean(axis=1) for row in shown])
    cost, room = siting.cost[places], siting.room[places]
    for n_near, worth in PASSES:
        for centre in range(len(places)):
            if is_over():
                break
            near = np.sort(np.argsort(apart[centre], kind="stable")[:n_near])
            to = _assigned(siting, cost, room, price, to, (near, worth), is_over)
        to = _better(cost, siting.load, room, to, is_over)
    found = _shipped(siting, places, to, known.price)
    return found if found.cost < known.cost else known


def _finite(per_kt: Floats) -> Floats:
    """Costs, where there is no way twice the dearest."""
    dear = 2.0 * float(per_kt[np.isfinite(per_kt)].max(initial=0.0))
    return np.where(np.isfinite(per_kt), per_kt, dear)


def _better(
    cost: Floats, load: Floats, room: Floats, to: Ints, is_over: Callable[[], bool]
) -> Ints:
    """After exchanges, if they still fit."""
    found = exchanged(cost, load, room, to, is_over)
    if found is None:
        return to
    sources = np.arange(len(to))
    is_less = cost[found, sources].sum() < cost[to, sources].sum()
    return found if is_less else to


def _assigned(
    siting: Siting,
    cost: Floats,
    room: Floats,
    price: Floats,
    to: Ints,
    few: tuple[Ints, float],
    is_over: Callable[[], bool],
) -> Ints:
    """(sources,): which open place each goes to, those of a few places chosen anew."""
    near, worth = few
    members = np.flatnonzero(np.isin(to, near))
    position = np.full(len(room), -1)
    position[near] = np.arange(len(near))
    asked = cost[near][:, members] / siting.load[members] + price[near][:, None]
    dearer = worth * float(np.median(price)) + 1e-12
    is_way = asked <= asked.min(axis=0) + dearer
    is_way[position[to[members]], np.arange(len(members))] = True
    is_free = is_way.sum(axis=0) > 1
    held, free = members[~is_free], members[is_free]
    if not len(free):
        return to
    i, k = np.nonzero(is_way[:, is_free])
    taken = np.bincount(position[to[held]], siting.load[held], len(near))
    h = solver(
        _program(cost[near[i], free[k]], i, k, siting.load[free], room[near] - taken)
    )
    _set(h, (to[free[k]] == near[i]).astype(float))

    def heed(event: highspy.HighsCallbackEvent) -> None:
        if is_over():
            event.interrupt()

    h.cbMipInterrupt.subscribe(heed)
    run_beside(h)
    if int(h.getInfo().primal_solution_status) != highspy.kSolutionStatusFeasible:
        return to
    chosen = np.array(h.getSolution().col_value) > 0.5
    found = to.copy()
    found[free[k[chosen]]] = near[i[chosen]]
    return found


def _set(h: highspy.Highs, start: Floats) -> None:
    """Limits, and where to start."""
    h.setOptionValue("threads", 1)
    h.setOptionValue("random_seed", 0)
    h.setOptionValue("mip_rel_gap", GAP)
    h.setOptionValue("mip_max_nodes", NODES_MAX)
    h.setOptionValue("time_limit", SECONDS_MAX)
    given = highspy.HighsSolution()
    given.col_value = list(start)
    h.setSolution(given)


def _program(cost: Floats, i: Ints, k: Ints, load: Floats, room: Floats) -> Arrays:
    """Each source k to one place i."""
    m, n, size = len(room), len(load), len(i)
    column = np.arange(size)
    scale = SCALED_TO / max(float(np.abs(cost).max(initial=0.0)), 1e-12)
    entries = (np.concatenate([i, m + k]), np.concatenate([column, column]))
    values = np.concatenate([load[k], np.ones(size)])
    return Arrays(
        cost=scale * cost,
        offset=0.0,
        lower=np.zeros(size),
        upper=np.ones(size),
        is_integer=np.ones(size, dtype=bool),
        matrix=sparse.csr_matrix((values, entries), shape=(m + n, size)),
        row_lower=np.concatenate([np.full(m, -np.inf), np.ones(n)]),
        row_upper=np.concatenate([np.maximum(room, 0.0), np.ones(n)]),
    )
