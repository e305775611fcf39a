"""Siting cases with very many sources: groups of neighbours for decisions and prices.

Sources that cost about the same to take anywhere are put together by halving along the
cost at the place where they differ most.  Places and prices are sought with the groups;
plan and bound are then those of all sources, so grouping costs quality, never truth.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from wasteplan.optimize.places import Flags, Siting
from wasteplan.optimize.transport import Shipped
from wasteplan.superstructure.model import Floats, Ints

LANDMARKS = 6
"""Places by whose cost sources are told apart."""
WAYS = 8
"""Open places that a source is offered to, the cheapest first."""


def groups(siting: Siting, n_groups: int) -> Ints:
    """(sources,): the group of each, about equal numbers in each."""
    marks = _marks(siting.cost / siting.load)
    label = np.zeros(len(siting.load), dtype=np.int64)
    n = 1
    while n < n_groups:
        for group in range(n):
            members = np.flatnonzero(label == group)
            if len(members) > 1:
                spread = np.ptp(marks[:, members], axis=1)
                along = marks[int(spread.argmax()), members]
                order = np.argsort(along, kind="stable")
                label[members[order[len(order) // 2 :]]] = n + group
        n *= 2
    return np.unique(label, return_inverse=True)[1].astype(np.int64)


def _marks(per_kt: Floats) -> Floats:
    """(landmarks, sources): cost at places far from each other; no way counts as dear.

    Each landmark is the place whose costs differ most from those before.
    """
    dear = 2.0 * per_kt[np.isfinite(per_kt)].max()
    finite = np.where(np.isfinite(per_kt), per_kt, dear)
    chosen = [0]
    apart = np.full(len(finite), np.inf)
    for _ in range(min(LANDMARKS, len(finite)) - 1):
        apart = np.minimum(apart, np.abs(finite - finite[chosen[-1]]).mean(axis=1))
        chosen.append(int(apart.argmax()))
    return np.asarray(finite[chosen])


def grouped(siting: Siting, group: Ints) -> Siting:
    """The same places for groups of sources, which go anywhere together or in parts."""
    order = np.argsort(group, kind="stable")
    start = np.searchsorted(group[order], np.arange(int(group.max()) + 1))
    return replace(
        siting,
        cost=np.add.reduceat(siting.cost[:, order], start, axis=1),
        load=np.add.reduceat(siting.load[order], start),
        share=np.zeros((len(siting.room), len(start)), dtype=np.int64),
        is_single=False,
    )


def prices_of_all(siting: Siting, group: Ints, above: Floats, paid: Floats) -> Floats:
    """(sources,): what each pays in a known plan, and by tonnes what its group's price
    is above what the group pays.

    Parameters
    ----------
    above
        (groups,)  [M money]
    paid
        (sources,): in a known plan, room included.  [M money]
    """
    per_kt = above / np.bincount(group, siting.load)
    return np.asarray(paid + siting.load * per_kt[group])


def filled(siting: Siting, is_open: Flags, price: Floats) -> Shipped:
    """A good plan for open places: those with most to lose choose first.

    Each source goes where cost and price for room are least and room is left, in parts
    if sources may be split.

    Returns
    -------
    Shipped
        Cost inf if something finds no room.
    """
    places = np.flatnonzero(is_open)
    asked = siting.cost[places] + price[places][:, None] * siting.load
    kept = min(WAYS, len(places))
    ways = _cheapest(asked, kept)
    paid = np.take_along_axis(asked, ways, axis=0)
    regret = (paid[min(1, kept - 1)] - paid[0]) / siting.load
    room, shares = siting.room[places].copy(), np.zeros_like(siting.cost)
    least = 1e-12 * siting.total_kt
    for j in np.argsort(-regret, kind="stable"):
        left = float(siting.load[j])
        for i in _in_order(ways[:, j], asked[:, j]):
            fits = room[i] >= left * (1 - 1e-12)
            part = left if fits else (0.0 if siting.is_single else float(room[i]))
            if part <= 0 or not np.isfinite(asked[i, j]):
                continue
            room[i] = max(0.0, room[i] - part)
            left -= part
            shares[places[i], j] = part / siting.load[j]
            if left <= least:
                break
        if left > least:
            return Shipped(np.inf, shares)
    used = shares > 0
    cost = float((siting.cost[used] * shares[used]).sum())
    return Shipped(cost + float(siting.fixed[places].sum()), shares)


def _in_order(ways: Ints, asked: Floats) -> Iterator[int]:
    """The cheapest places, then all of them, sorted only if it comes to that."""
    yield from ways
    yield from np.argsort(asked, kind="stable")


def _cheapest(asked: Floats, kept: int) -> Ints:
    """(kept, sources): the cheapest places of each source, in order."""
    some = np.argpartition(asked, kept - 1, axis=0)[:kept]
    order = np.argsort(np.take_along_axis(asked, some, axis=0), axis=0)
    return np.take_along_axis(some, order, axis=0)
