"""Hauls that can be worth their while, packed place by place for many evaluations.

A place is full long before it has taken every source that pays, so most hauls never
matter.  Kept are those that pay more by the tonne than what is left when a place is
filled `KEPT` times over.  All others together are one haul to nowhere that pays just
that and fills the place: what a place earns is then never too low, the bound never too
high, and both are exact while the haul to nowhere is not used.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wasteplan.optimize.places import Siting
from wasteplan.superstructure.model import Floats, Ints

KEPT = 2.5
"""Times the room of a place."""
RISE = 1.15
"""Times today's prices: no price goes above."""


@dataclass(frozen=True, eq=False)
class Packed:
    """Hauls of places, in rows of equal length; slot 0 is the haul to nowhere."""

    source: Ints
    """(places, slots); the number of sources for nowhere and empty slots."""
    per_kt: Floats
    """(places, slots): cost.  [M money/kt]"""
    load: Floats
    """(places, slots): 0 in an empty slot.  [kt/y]"""
    room: Floats
    """(places,)  [kt/y]"""
    sources: Floats
    """(sources,): their loads.  [kt/y]"""
    limit: Floats
    """(sources,): prices above it are not allowed.  [M money]"""

    @classmethod
    def of(cls, siting: Siting, price: Floats) -> Packed:
        """Around given prices."""
        n, m = len(siting.load), len(siting.room)
        per_kt = siting.cost / siting.load
        pays = price / siting.load - per_kt
        order = np.argsort(-pays, axis=1)
        filled = np.cumsum(siting.load[order], axis=1)
        last = (filled < KEPT * siting.room[:, None]).sum(axis=1)
        last = np.minimum(last, n - 1)[:, None]
        least = np.take_along_axis(np.take_along_axis(pays, order, 1), last, 1)
        least = np.maximum(least, 0.0)
        limit = price + (RISE - 1) * np.abs(price)
        place, source = np.nonzero(limit / siting.load - per_kt > least)
        count = np.bincount(place, minlength=m)
        slot = np.arange(len(place)) - (np.cumsum(count) - count)[place] + 1
        shape = (m, int(count.max(initial=0)) + 1)
        where = np.full(shape, n, dtype=np.int64)
        cost, load = np.full(shape, np.inf), np.zeros(shape)
        where[place, slot] = source
        cost[place, slot], load[place, slot] = (
            per_kt[place, source],
            siting.load[source],
        )
        cost[:, :1], load[:, 0] = -least, np.where(least[:, 0] > 0, siting.room, 0.0)
        return cls(where, cost, load, siting.room, siting.load, limit)

    def of_places(self, places: Ints) -> Packed:
        """Some places only."""
        rows = (self.source[places], self.per_kt[places], self.load[places])
        return Packed(*rows, self.room[places], self.sources, self.limit)

    def earned(self, price: Floats) -> tuple[Floats, Floats]:
        """What each place earns at most, and what it takes.

        Parameters
        ----------
        price
            (sources,): not above `limit`.  [M money]

        Returns
        -------
        array, array
            (places,) M money; (places, slots) kt/y.
        """
        per_kt = np.append(price / self.sources, 0.0)
        pays = per_kt[self.source] - self.per_kt
        order = np.argsort(-pays, axis=1)
        load = np.take_along_axis(self.load, order, axis=1)
        before = np.cumsum(load, axis=1) - load
        taken = np.empty_like(load)
        least = np.minimum(np.maximum(self.room[:, None] - before, 0.0), load)
        np.put_along_axis(taken, order, least, axis=1)
        is_paying = pays > 0
        taken *= is_paying
        return (np.where(is_paying, pays, 0.0) * taken).sum(axis=1), taken

    def missing(self, taken: Floats, opened: Floats) -> Floats:
        """(sources,): share of each that is not collected."""
        weight = (taken * opened[:, None]).ravel()
        n = len(self.sources)
        got = np.bincount(self.source.ravel(), weight, n + 1)[:n]
        return np.asarray(1.0 - got / self.sources, dtype=np.float64)
