"""The cheapest places with enough room together, in parts or whole.

    min sum(net y), sum(room y) >= need, 0 <= y <= 1, or y 0 or 1

Both are bounds inside a bound: the first for speed, the second because it is higher.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from wasteplan.superstructure.model import Floats, Ints

TINY = 1e-12
STATES_MAX = 3_000
"""Room and cost of parts of the places kept at once; beyond, the answer in parts."""

FULL = 1 - 1e-12


def enough_room(net: Floats, room: Floats, need: float) -> tuple[float, Floats]:
    """Cheapest opening, in parts if need be, with enough capacity.

    What pays, then the cheapest capacity.  inf if all of it is not enough.

    >>> enough_room(np.array([-1.0, 4.0, 3.0]), np.array([10.0, 20.0, 10.0]), 20.0)
    (1.0, array([1. , 0.5, 0. ]))
    """
    opened = (net < 0).astype(float)
    value, have = float(net[net < 0].sum()), float(room @ opened)
    if have >= need:
        return value, opened
    dear = np.flatnonzero(net >= 0)
    dear = dear[np.argsort(net[dear] / np.maximum(room[dear], TINY), kind="stable")]
    part = np.clip((need - have) - (np.cumsum(room[dear]) - room[dear]), 0, room[dear])
    if have + part.sum() < need * (1 - 1e-9):
        return np.inf, opened
    opened[dear] = part / np.maximum(room[dear], TINY)
    return value + float(net[dear] @ opened[dear]), opened


def enough_whole_room(net: Floats, room: Floats, need: float) -> tuple[float, Floats]:
    """As `enough_room`, but each place whole or not at all.

    Starts from the answer in parts and looks, nearest first, at what it costs to change
    its mind about a place: |net - price x room|, price that of the place in part.  What
    is above the need costs the price too, so a sum that is too high is no answer.

    Returns
    -------
    float, array
        A value no opening undercuts; (places,) of an opening.  inf if all of it is not
        enough.

    >>> enough_whole_room(np.array([-1.0, 4, 3]), np.array([10.0, 20.0, 10.0]), 20.0)
    (2.0, array([1., 0., 1.]))
    """
    pays = net < 0
    opened = pays.astype(float)
    value, short = float(net[pays].sum()), need - float(room[pays].sum())
    if short <= TINY * max(need, 1.0):
        return value, opened
    dear = np.flatnonzero(~pays & (room > 0))
    if room[dear].sum() < short * (1 - 1e-9):
        return np.inf, opened
    dear = dear[np.argsort(net[dear] / room[dear], kind="stable")]
    more, chosen = _Changes.of(net[dear], room[dear], short).cheapest()
    opened[dear] = chosen
    return value + more, opened


@dataclass
class _Changes:
    """Places in the order of their cost by tonne, and what changing one costs."""

    net: Floats
    room: Floats
    need: float
    last: int
    """The place that is taken in part."""
    price: float
    """Of a tonne of room there."""
    before: float
    """Room of those before it."""
    least: float
    """Value in parts."""
    best: float = np.inf
    changed: tuple[int, ...] = ()
    history: list[tuple[int, int, Ints]] = field(default_factory=list)
    """Place, states before it, and which of these went on with it changed."""

    @classmethod
    def of(cls, net: Floats, room: Floats, need: float) -> _Changes:
        """The answer in parts."""
        sums = np.cumsum(room)
        last = min(int(np.searchsorted(sums, need * FULL)), len(room) - 1)
        price, before = float(net[last] / room[last]), float(sums[last] - room[last])
        least = float(net[:last].sum()) + price * (need - before)
        return cls(net, room, need, last, price, before, least)

    def cheapest(self) -> tuple[float, Floats]:
        """A value that none undercuts, and (places,) taken."""
        chosen = (np.arange(len(self.net)) < self.last).astype(float)
        cost = np.abs(self.net - self.price * self.room)
        cost[self.last] = 0.0
        is_sure = self._changed(cost)
        chosen[list(self.changed)] = 1.0 - chosen[list(self.changed)]
        return self.least + (self.best if is_sure else 0.0), chosen

    def _changed(self, cost: Floats) -> bool:
        """Find the cheapest change that is enough; False if that took too long."""
        self._one(cost)
        way = np.where(np.arange(len(cost)) < self.last, -self.room, self.room)
        have, paid = np.array([self.before]), np.zeros(1)
        for i in np.argsort(cost, kind="stable"):
            if cost[i] >= self.best:
                return True
            kept = np.flatnonzero(paid + cost[i] < self.best)
            room, price = have[kept] + way[i], paid[kept] + cost[i]
            asked = np.where(
                room >= self.need * FULL,
                price + self.price * np.maximum(room - self.need, 0.0),
                np.inf,
            )
            at = int(asked.argmin())
            if asked[at] < self.best:
                self.best = float(asked[at])
                self.changed = (int(i), *self._way_to(int(kept[at])))
            self.history.append((int(i), len(have), kept))
            have, paid = np.concatenate([have, room]), np.concatenate([paid, price])
            if len(have) > STATES_MAX:
                return False
        return True

    def _one(self, cost: Floats) -> None:
        """The cheapest single place that is enough with those before the last."""
        rest = np.arange(self.last, len(cost))
        have = self.before + self.room[rest]
        paid = cost[rest] + self.price * np.maximum(have - self.need, 0.0)
        paid[have < self.need * FULL] = np.inf
        at = int(paid.argmin())
        if np.isfinite(paid[at]):
            self.best, self.changed = float(paid[at]), (int(rest[at]),)

    def _way_to(self, state: int) -> list[int]:
        """Places that were changed on the way to a state."""
        found = []
        for i, n_before, kept in reversed(self.history):
            if state >= n_before:
                found.append(i)
                state = int(kept[state - n_before])
        return found


def with_and_without(net: Floats, room: Floats, need: float) -> tuple[Floats, Floats]:
    """Value of `enough_room` with each place open, and with each closed.

    Returns
    -------
    array, array
        (places,), (places,); inf where there is not enough room.

    >>> with_and_without(np.array([-1.0, 4.0]), np.array([10.0, 20.0]), 20.0)
    (array([1., 3.]), array([ 4., inf]))
    """
    order = np.argsort(net / np.maximum(room, TINY), kind="stable")
    net, room = net[order], np.maximum(room[order], TINY)
    others = np.tile(room, (len(net), 1))
    np.fill_diagonal(others, 0.0)
    before = np.cumsum(others, axis=1) - others

    def values(needed: Floats) -> Floats:
        part = np.clip(needed[:, None] - before, 0.0, others)
        part[:, net < 0] = others[:, net < 0]
        lacks = others.sum(axis=1) < needed * (1 - 1e-9)
        return np.where(lacks, np.inf, part @ (net / room))

    back = np.argsort(order, kind="stable")
    opened = values(need - room) + net
    return opened[back], values(np.full(len(net), need))[back]
