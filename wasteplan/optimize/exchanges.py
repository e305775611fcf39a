"""Sources that go to one place each, exchanged until nothing gets cheaper.

A move sends one source elsewhere, or swaps two.  What is above the room of a place
costs a penalty by the tonne that rises from round to round, so that a plan that does
not fit becomes one that does.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from wasteplan.superstructure.model import Floats, Ints

PENALTIES = (8.0, 30.0, 150.0, 1_500.0)
"""Times a usual cost by tonne."""
ROUNDS_MAX = 60
SWAPPED_MAX = 1_500
"""Sources that may be swapped: those that lose least elsewhere."""
MOVES_MAX = 4_000
TINY = 1e-9
FITS = 1e-9


def exchanged(
    cost: Floats,
    load: Floats,
    room: Floats,
    to: Ints,
    is_over: Callable[[], bool] = lambda: False,
) -> Ints | None:
    """(sources,): the place of each after exchanges; None if they do not fit.

    Parameters
    ----------
    cost
        (places, sources): of all of a source; inf where there is no way.  [M money]
    load, room
        (sources,), (places,)  [kt/y]
    to
        (sources,): where each goes before, whether it fits or not.
    """
    to = to.copy()
    usual = max(float(np.median(cost.min(axis=0) / load)), TINY)
    usual = max(usual, float(np.median(cost[to, np.arange(len(to))] / load)))
    for times in PENALTIES:
        for _ in range(ROUNDS_MAX):
            if is_over() or not _round(cost, load, room, to, times * usual):
                break
    used = np.bincount(to, load, len(room))
    return to if (used <= room * (1 + FITS)).all() else None


def _round(cost: Floats, load: Floats, room: Floats, to: Ints, penalty: float) -> int:
    """Make the best moves that do not touch each other; how many there were."""
    free = room - np.bincount(to, load, len(room))
    gain, source, place, other = _moves(cost, load, free, to, penalty)
    touched = np.zeros(len(room), dtype=bool)
    n = 0
    for k in np.argsort(gain, kind="stable"):
        j, here, there = source[k], to[source[k]], place[k]
        if touched[here] or touched[there]:
            continue
        touched[[here, there]] = True
        to[j] = there
        if other[k] >= 0:
            to[other[k]] = here
        n += 1
    return n


def _moves(
    cost: Floats, load: Floats, free: Floats, to: Ints, penalty: float
) -> tuple[Floats, Ints, Ints, Ints]:
    """What pays: how much (below 0), source, its new place, source that comes back."""
    n = len(load)
    now = cost[to, np.arange(n)]
    lacks = np.maximum(-free, 0.0)
    away = np.maximum(-(free[to] + load), 0.0) - lacks[to]
    into = np.maximum(load - free[:, None], 0.0) - lacks[:, None]
    change = cost - now + penalty * (into + away)
    change[to, np.arange(n)] = np.inf
    best = change.argmin(axis=0)
    alone = change[best, np.arange(n)]
    shifts = np.flatnonzero(alone < -TINY * now.mean())

    some = _easiest(cost, now, load)
    at = to[some]
    moved = cost[at][:, some] - now[some]
    more = load[some] - load[some][:, None]
    full = np.maximum(more - free[at][:, None], 0.0) - lacks[at][:, None]
    both = moved + penalty * full
    both = both + both.T
    both[at[:, None] <= at] = np.inf
    first, second = np.nonzero(both < -TINY * now.mean())
    swap = both[first, second]
    kept = np.argsort(swap, kind="stable")[:MOVES_MAX]
    first, second = some[first[kept]], some[second[kept]]
    return (
        np.concatenate([alone[shifts], swap[kept]]),
        np.concatenate([shifts, second]),
        np.concatenate([best[shifts], to[first]]),
        np.concatenate([np.full(len(shifts), -1), first]),
    )


def _easiest(cost: Floats, now: Floats, load: Floats) -> Ints:
    """Sources that lose least by going elsewhere, if there are very many."""
    if len(load) <= SWAPPED_MAX or len(cost) < 2:
        return np.arange(len(load))
    second = np.partition(cost, 1, axis=0)[1]
    return np.sort(np.argsort((second - now) / load, kind="stable")[:SWAPPED_MAX])
