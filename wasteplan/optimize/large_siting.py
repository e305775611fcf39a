"""A plan and prices for very many sources, from a search with groups of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from wasteplan.optimize.lagrangian import climbed, first_prices
from wasteplan.optimize.opening_search import Openings
from wasteplan.optimize.places import Flags, Siting
from wasteplan.optimize.room_prices import Judge
from wasteplan.optimize.source_groups import (
    filled,
    grouped,
    groups,
    prices_of_all,
)
from wasteplan.optimize.transport import Shipped
from wasteplan.superstructure.model import Floats, Ints

N_GROUPS, N_FINER = 1_024, 4_096
STEPS = (250, 150)
"""Of the prices, before each search."""
STEPS_OF_FINER = 60
"""Of the prices of smaller groups, which start from those of the larger."""
STEPS_OF_ROOM = 40
"""Of the prices for room, with smaller groups and with all sources."""
ABOVE_FIRST = 1.1


@dataclass(frozen=True)
class Sought:
    """What the groups have found."""

    is_open: Flags
    shipped: Shipped
    """Of all sources; cost inf if they do not fit."""
    price: Floats
    """(sources,): for collecting each.  [M money]"""


def sought_in_groups(
    siting: Siting, chance: np.random.Generator, is_enough: Callable[[], bool]
) -> Sought | None:
    """Open places, a plan of all sources and prices; None if nothing was found."""
    group = groups(siting, N_GROUPS)
    small = grouped(siting, group)
    openings = Openings(small, is_enough)
    price = first_prices(small)
    target = ABOVE_FIRST * float(price.sum())
    for steps in STEPS:
        known = climbed(small, price, target, steps, is_enough)
        price = known.price
        openings.seek(known.opened, 1, chance)
        if openings.is_open is None:
            return None
        target = openings.best
    is_open: Flags = openings.is_open  # type: ignore[assignment]
    level = _Level(small, price, openings.price)
    finer = groups(siting, N_FINER)  # each within one group
    group_of = np.zeros(int(finer.max()) + 1, dtype=np.int64)
    group_of[finer] = group
    level = level.finer(grouped(siting, finer), group_of, is_open)
    cost = filled(level.siting, is_open, level.room).cost
    price = climbed(level.siting, level.price, cost, STEPS_OF_FINER, is_enough).price
    level = replace(level, price=price).finer(siting, finer, is_open)
    return Sought(is_open, filled(siting, is_open, level.room), level.price)


@dataclass(frozen=True, eq=False)
class _Level:
    """Groups, or sources, with prices for them and for room."""

    siting: Siting
    price: Floats
    room: Floats

    def finer(self, siting: Siting, group: Ints, is_open: Flags) -> _Level:
        """Prices for the parts of the groups: `group` of each part."""
        room = Judge(siting).guess(is_open, self.room, STEPS_OF_ROOM).price
        above = self.price - paid(self.siting, is_open, self.room)
        pays = paid(siting, is_open, room)
        return _Level(siting, prices_of_all(siting, group, above, pays), room)


def paid(siting: Siting, is_open: Flags, room: Floats) -> Floats:
    """(sources,): for the cheapest open place, its room included.  [M money]"""
    asked = siting.cost[is_open] + room[is_open][:, None] * siting.load
    return np.asarray(asked.min(axis=0))
