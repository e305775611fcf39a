"""Places that no better plan opens, or leaves closed, by what prices prove.

A bound with one place forced open that is above the cost of a known plan closes it for
good, and the other way round (Christofides and Beasley 1983,
doi:10.1016/0377-2217(83)90041-5).  This holds for opening, which is all or nothing.
It does not hold for shares: a share whose reduced cost is above the gap can still be
used in part, since a part costs only a part of it.
"""

from __future__ import annotations

import numpy as np

from wasteplan.optimize.enough_room import with_and_without
from wasteplan.optimize.lagrangian import knapsacks
from wasteplan.optimize.places import Flags, Siting
from wasteplan.superstructure.model import Floats

ROUNDING = 1e-9


def pegged(siting: Siting, price: Floats, cost: float) -> tuple[Flags, Flags]:
    """Places that no plan as cheap as `cost` opens, and those that each opens.

    Parameters
    ----------
    price
        (sources,): for collecting all of a source.  [M money]
    cost
        Of a known plan.  [M money]

    Returns
    -------
    array, array
        (places,), (places,)
    """
    earned, _ = knapsacks(siting, price)
    net, stands = siting.fixed - earned, siting.stands
    base = float(price.sum() + net[stands].sum())
    need = siting.need_beside(stands)
    dearer = cost + ROUNDING * abs(cost)  # so that the known plan itself stays
    closed, opened = np.zeros(len(net), dtype=bool), stands.copy()
    with_it, without = with_and_without(net[~stands], siting.room[~stands], need)
    closed[~stands] = base + with_it > dearer
    opened[~stands] = base + without > dearer
    return closed, opened
