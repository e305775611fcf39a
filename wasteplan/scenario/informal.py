"""What informal trades earn, and how integration changes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from wasteplan.scenario.measure_records import InformalTrade, Integration
from wasteplan.scenario.measures import Regime, rows_at_work
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.remembering import remembered


@dataclass(frozen=True)
class TradeTerms:
    """Money of one tonne that a trade takes.  [money/t]"""

    sold: float
    """What buyers beyond the boundary pay."""
    premium: float
    """What the public pays on top."""
    paid: float
    """What the trade pays generators."""
    cost: float
    """What it costs the trade to take and bring it, labour aside."""

    @property
    def income(self) -> float:
        """What is left for the people of the trade.

        >>> TradeTerms(sold=150, premium=10, paid=60, cost=20).income
        80
        """
        return self.sold + self.premium - self.paid - self.cost

    @property
    def resource_cost(self) -> float:
        """Cost less sales across the boundary; payments between actors do not count.

        >>> TradeTerms(sold=150, premium=10, paid=60, cost=20).resource_cost
        -130
        """
        return self.cost - self.sold


def integrations(
    scenario: Scenario, generator_class: str, regime: Regime
) -> Iterator[Integration]:
    """Ways of integration at work in a class."""
    for row in rows_at_work(scenario, regime):
        if isinstance(row, Integration) and row.generator_class == generator_class:
            yield row


@remembered
def trade_terms(scenario: Scenario, trade: InformalTrade, regime: Regime) -> TradeTerms:
    """Money of a tonne that a row of a trade takes under a regime of its class."""
    own = [
        row
        for row in integrations(scenario, trade.generator_class, regime)
        if row.informal == trade.id
    ]
    return TradeTerms(
        sold=trade.price_per_t + sum(row.price_added_per_t for row in own),
        premium=sum(row.premium_per_t for row in own),
        paid=trade.paid_per_t,
        cost=trade.cost_per_t,
    )


def wages_per_y(
    scenario: Scenario, generator_class: str, regime: Regime
) -> dict[str, float]:
    """Trade -> what operators pay its people for sorting jobs.  [money/y]"""
    found: dict[str, float] = {}
    for row in integrations(scenario, generator_class, regime):
        paid = row.wage_per_worker_y * row.workers
        found[row.informal] = found.get(row.informal, 0.0) + paid
    return found


@remembered
def workers_of(scenario: Scenario) -> dict[str, float | None]:
    """Trade -> people who live on it; None if no row says how many."""
    found: dict[str, float | None] = {}
    for row in scenario.informal:
        before = found.setdefault(row.id, None)
        if row.workers is not None:
            found[row.id] = (before or 0.0) + row.workers
    return found
