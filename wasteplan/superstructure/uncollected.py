"""What becomes of waste that nobody collects: constants of every regime."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from wasteplan.superstructure.gates import Gates
from wasteplan.superstructure.informal import incomes_m, sales_of_trades_m
from wasteplan.superstructure.leakage import (
    carbon_of_leakage_m,
    emissions_of_leakage_kt,
    emissions_of_leakage_total_kt,
)
from wasteplan.superstructure.model import Floats, Span


@dataclass(frozen=True)
class Uncollected:
    """Arrays of shape (regimes + 1, periods), or (periods,) for one regime.

    The last row is for classes without measures.
    """

    carbon_m: Floats
    """Carbon price on leaked waste.  [M money, present value]"""
    sales_m: Floats
    """Cost less sales of informal trades.  [M money, present value]"""
    leaked_kt: Floats
    """Emissions of leaked waste in the last year.  [kt CO2e/y]"""
    leaked_total_kt: Floats
    """The same in all years.  [kt CO2e]"""
    incomes_m: Mapping[str, Floats]
    """Informal trade -> income in the last year.  [M money/y]"""

    def under(self, regime: int) -> Uncollected:
        """The part of one regime."""
        return Uncollected(
            self.carbon_m[regime],
            self.sales_m[regime],
            self.leaked_kt[regime],
            self.leaked_total_kt[regime],
            {trade: amounts[regime] for trade, amounts in self.incomes_m.items()},
        )


def uncollected(gates: Gates, tonnes: Floats, periods: tuple[Span, ...]) -> Uncollected:
    """Leakage and informal trades under every regime.

    Parameters
    ----------
    tonnes
        (pairs, years): stated for each pair of the gates.
    """
    return Uncollected(
        carbon_of_leakage_m(gates, tonnes, periods),
        sales_of_trades_m(gates, tonnes, periods),
        emissions_of_leakage_kt(gates, tonnes, periods),
        emissions_of_leakage_total_kt(gates, tonnes, periods),
        incomes_m(gates, tonnes, periods),
    )
