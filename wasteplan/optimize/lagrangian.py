"""A bound on a siting problem from prices for collecting each source.

Without the rows that collect everything, each place is a knapsack: take what pays most
per tonne until it is full.  Prices v_j for source j give the bound

    L(v) = sum_j v_j + min { sum_i (f_i - k_i(v)) y_i : sum_i s_i y_i >= D, y <= 1 }

with k_i(v) = max { sum_j (v_j - c_ij) x_ij : sum_j d_j x_ij <= s_i, 0 <= x <= 1 }.  Its
maximum over v is the bound of the linear relaxation with all links share <= open and
the row for total capacity (Geoffrion 1974, doi:10.1007/BFb0120690).  The prices climb
along an average of subgradients, as in the volume algorithm (Barahona and Anbil 2000,
doi:10.1007/s101070050002); the average of the knapsacks' solutions says which places
the relaxation opens.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from wasteplan.optimize.ascent import Ascent
from wasteplan.optimize.enough_room import enough_room
from wasteplan.optimize.places import Siting
from wasteplan.superstructure.model import Floats, Ints

LOOK_AGAIN = 10
"""Steps after which the hauls that may pay are chosen anew, if not before."""
NEAR = 0.25
"""Of the price: how far it may rise before that."""


@dataclass(frozen=True)
class Bound:
    """What prices prove."""

    value: float
    """No solution costs less.  [M money]"""
    price: Floats
    """(sources,): for collecting all of a source.  [M money]"""
    opened: Floats
    """(places,): how far the relaxation opens them.  [0..1]"""


def knapsacks(siting: Siting, price: Floats) -> tuple[Floats, Floats]:
    """What each place earns at given prices, and the shares that it takes.

    Returns
    -------
    array, array
        (places,) M money; (places, sources).
    """
    per_kt = (price - siting.cost) / siting.load
    order = np.argsort(-per_kt, axis=1)
    gain = np.take_along_axis(per_kt, order, axis=1)
    load = siting.load[order]
    before = np.cumsum(load, axis=1) - load
    taken = np.clip(siting.room[:, None] - before, 0.0, load)
    taken[gain <= 0] = 0.0
    gain[gain <= 0] = 0.0
    shares = np.zeros_like(per_kt)
    np.put_along_axis(shares, order, taken / load, axis=1)
    return (gain * taken).sum(axis=1), shares


@dataclass(frozen=True, eq=False)
class Likely:
    """The hauls that may pay while prices stay below a limit; all others cannot."""

    siting: Siting
    limit: Floats
    """(sources,)  [M money]"""
    place: Ints
    """(hauls,), in order."""
    source: Ints
    """(hauls,)"""

    @classmethod
    def near(cls, siting: Siting, price: Floats) -> Likely:
        """Those that cost less than the price, or a little more."""
        limit = price + NEAR * np.abs(price)
        place, source = np.nonzero(siting.cost < limit)
        return cls(siting, limit, place, source)

    def knapsacks(self, price: Floats) -> tuple[Floats, Floats]:
        """As `knapsacks`, but the shares are one a haul: (places,) and (hauls,)."""
        s, place, source = self.siting, self.place, self.source
        load = s.load[source]
        per_kt = (price[source] - s.cost[place, source]) / load
        order = np.lexsort((-per_kt, place))
        gain, load = np.maximum(per_kt[order], 0.0), load[order]
        before = np.concatenate([[0.0], np.cumsum(load)])
        start = np.searchsorted(place, np.arange(len(s.room)))
        before = before[:-1] - before[start[place]]
        taken = np.clip(s.room[place] - before, 0.0, load)
        taken[gain <= 0] = 0.0
        part = np.empty(len(place))
        part[order] = taken / load
        earned = np.bincount(place, gain * taken, len(s.room))
        return np.asarray(earned, dtype=np.float64), part

    def collected(self, part: Floats, opened: Floats) -> Floats:
        """(sources,): how far each is collected."""
        n = len(self.siting.load)
        sums = np.bincount(self.source, part * opened[self.place], n)
        return np.asarray(sums, dtype=np.float64)


def _value(siting: Siting, price: Floats, net: Floats) -> tuple[float, Floats]:
    """Bound, and (places,) how far each is opened for it."""
    stands = siting.stands
    need = siting.need_beside(stands)
    opens = np.ones(len(net))
    value, opens[~stands] = enough_room(net[~stands], siting.room[~stands], need)
    return value + float(price.sum() + net[stands].sum()), opens


def first_prices(siting: Siting) -> Floats:
    """What a source costs where it is cheapest, opening shared out by tonnes.  [M]"""
    share = siting.fixed / np.maximum(siting.room, 1e-12)
    return np.asarray((siting.cost + share[:, None] * siting.load).min(axis=0))


def climbed(
    siting: Siting,
    price: Floats,
    target: float,
    steps: int,
    is_enough: Callable[[], bool] = lambda: False,
    enough: float = np.inf,
) -> Bound:
    """Prices that prove more than the given ones.

    Parameters
    ----------
    target
        A cost that the bound climbs towards, such as that of a known plan.  [M money]
    steps
        The most evaluations.
    enough
        A bound with which to stop.  [M money]
    """
    best = Bound(-np.inf, price, np.zeros(len(siting.room)))
    ascent = Ascent(price)
    likely = Likely.near(siting, price)
    for step in range(steps):
        price = ascent.price
        if (step + 1) % LOOK_AGAIN == 0 or (price > likely.limit).any():
            likely = Likely.near(siting, price)
        earned, part = likely.knapsacks(price)
        value, opens = _value(siting, price, siting.fixed - earned)
        if value > best.value:
            best = Bound(value, price, opens)
        ascent.take(value, 1.0 - likely.collected(part, opens), opens)
        if ascent.is_over or best.value >= enough or is_enough():
            break
        ascent.step(target)
    return replace(best, opened=ascent.opened) if steps else best
