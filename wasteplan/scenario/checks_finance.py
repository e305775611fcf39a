"""Rules on paths of money, loans in other currencies and small recyclers."""

from __future__ import annotations

from collections.abc import Iterator

from wasteplan.scenario.findings import Finding, Rule, about, reads
from wasteplan.scenario.model import Scenario


@reads("rates")
def rates_of_money_make_sense(scenario: Scenario) -> Iterator[Finding]:
    """Inflation is a rate of the scenario's money; an exchange rate has a currency."""
    home = scenario.settings.scenario.currency
    for row in scenario.rates:
        if row.item == "inflation":
            if row.currency not in ("", home):
                message = f"inflation is that of {home}: leave it empty"
                yield about("rates", row, "currency", message)
            if not -0.5 < row.value < 1:
                message = f"{row.value:g} 1/y is not within -0.5 to 1 (0.03 is 3 %)"
                yield about("rates", row, "value", message)
            continue
        if row.currency in ("", home):
            message = f"name the currency whose worth in {home} this is"
            yield about("rates", row, "currency", message)
        if row.value <= 0:
            yield about("rates", row, "value", f"{row.value:g} is not above 0")


@reads("rates", "loans")
def one_path_for_a_currency(scenario: Scenario) -> Iterator[Finding]:
    """A loan's currency moves by its path or by `gain_per_y`, not by both."""
    known = {row.currency for row in scenario.rates if row.item == "exchange"}
    for row in scenario.loans:
        if row.gain_per_y and row.currency in known:
            message = f"rates.csv has a path of {row.currency}: leave it empty"
            yield about("loans", row, "gain_per_y", message)


@reads("recyclers")
def grants_fit_the_equipment(scenario: Scenario) -> Iterator[Finding]:
    """A recycler's grant is not larger than its equipment costs."""
    for row in scenario.recyclers:
        if row.grant > row.capex:
            message = f"{row.grant:g} is above capex {row.capex:g}"
            yield about("recyclers", row, "grant", message)


FINANCE_RULES: tuple[Rule, ...] = (
    rates_of_money_make_sense,
    one_path_for_a_currency,
    grants_fit_the_equipment,
)
