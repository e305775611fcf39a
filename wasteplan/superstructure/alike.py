"""Sources that are hauled nearly alike, grouped where that hides least.

What loses most by being one group is split first: along the haul whose cost differs
most among its members.  Options, plants and feeds are untouched.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from wasteplan.superstructure.model import Floats, Ints, Superstructure

ROUNDING = 1e-12  # of a group's cost: less is nothing


@dataclass(frozen=True)
class Group:
    """Sources of one commodity and regime with hauls to the same feeds."""

    members: Ints
    arcs: Ints
    """(members, feeds): the first haul of each member to each feed."""


def kinds(s: Superstructure) -> list[Group]:
    """The largest groups there can be."""
    count = np.bincount(s.first.tail, minlength=len(s.sources.stream))
    start = np.concatenate([[0], np.cumsum(count)])  # hauls stand by tail, then feed
    found: dict[tuple[object, ...], list[int]] = {}
    for i in np.flatnonzero(count).tolist():
        feeds = s.first.feed[start[i] : start[i + 1]].tobytes()
        kind = (int(s.sources.origin[i]), int(s.sources.regime[i]), feeds)
        found.setdefault(kind, []).append(i)
    return [
        Group(which, start[which][:, None] + np.arange(count[which[0]]))
        for which in (np.array(members, dtype=np.int64) for members in found.values())
    ]


def hidden(cost: Floats, weight: Floats) -> float:
    """What a group can hide: - sum_g w_g min_f (c_gf - m_f), m the weighted mean.

    Parameters
    ----------
    cost
        (members, feeds)
    weight
        (members,)

    >>> hidden(np.array([[1.0, 3.0], [3.0, 1.0]]), np.array([1.0, 1.0]))
    2.0
    """
    mean = weight @ cost / max(float(weight.sum()), np.finfo(float).tiny)
    return -float(weight @ (cost - mean).min(axis=1))


def grouped(
    s: Superstructure, n_groups: int, cost_of: Callable[[Ints], Floats], weight: Floats
) -> list[Group]:
    """At most `n_groups` groups (more only if there are more kinds).

    Parameters
    ----------
    cost_of
        Haul numbers -> cost of a tonne.  [money/t]
    weight
        (sources,): what a unit of that is worth over all periods.  [M money]
    """
    queue: list[tuple[float, int, Group, Floats]] = []

    def add(number: int, group: Group, cost: Floats) -> None:
        w = weight[group.members]
        loss = hidden(cost, w) if len(w) > 1 else 0.0
        if loss <= ROUNDING * float(np.abs(w @ cost).max()):
            loss = 0.0
        heapq.heappush(queue, (-loss, number, group, cost))

    for kind in kinds(s):
        add(len(queue), kind, cost_of(kind.arcs))
    number = len(queue)
    while 0 < len(queue) < n_groups and queue[0][0] < 0:
        _, _, group, cost = heapq.heappop(queue)
        far = _far_side(cost, weight[group.members])
        for side in (far, ~far):
            number += 1
            add(number, Group(group.members[side], group.arcs[side]), cost[side])
    return [group for _, _, group, _ in sorted(queue, key=lambda x: x[1])]


def _far_side(cost: Floats, weight: Floats) -> np.ndarray:
    """Members that are dear to haul to where their costs differ most."""
    mean = weight @ cost / weight.sum()
    f = int((weight @ (cost - mean) ** 2).argmax())
    far: np.ndarray = cost[:, f] > mean[f]
    return far
