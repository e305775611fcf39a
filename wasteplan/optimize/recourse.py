"""What a requirement that is missed costs, where a plan is fixed before the future.

A plan is fixed before it is known what comes.  So that every plan can be followed in
every sample, what asks something of flows may then give way at a price: targets, the
least load of what works, and a place for all waste.  What binds whatever comes does
not: permits, room, airspace, capacity, blends.  The model then has complete recourse
(Birge and Louveaux, 2011, Introduction to Stochastic Programming, 2nd ed., section
3.1), and with prices high enough nothing gives way that can be met.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

from wasteplan.errors import WasteplanError

FAMILIES = frozenset(
    {
        "landfill_diversion",
        "recycling",
        "emissions_cap",
        "capex_budget",
        "horizon_limit",
        "informal_income",
        "minimum_load",
    }
)
"""Families of requirements that may give way; so may the collection of all waste."""


@dataclass(frozen=True)
class Recourse:
    """Prices of what is missed."""

    per_t: float
    """Of a tonne short of a target or a least load, or over a cap, in each year of its
    period, discounted.  [money/t]"""
    per_t_left: float
    """Of a tonne of waste without a place, likewise.  [money/t]"""
    per_money: float
    """Of a unit of money over a budget or short of an income.  [-]"""

    def __post_init__(self) -> None:
        """Refuse what is no price."""
        for field in fields(self):
            price = getattr(self, field.name)
            if not (math.isfinite(price) and price >= 0):
                raise WasteplanError(
                    f"a miss cannot cost {price:g}: the price is finite and 0 or more"
                )
