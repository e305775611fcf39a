"""Rules on `[finance]`, loans, paths of money and small recyclers."""

from __future__ import annotations

from collections.abc import Iterator

from wasteplan.finance.loans import known_terms
from wasteplan.scenario.checks_names import ids, unknown
from wasteplan.scenario.findings import Finding, Rule, about, on_table, reads
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import Loan
from wasteplan.units import words

SETTINGS = "scenario.toml"
LOAN_RATES = (
    "interest_per_y",
    "upfront_fee",
    "commitment_fee_per_y",
    "guarantee_fee_per_y",
)


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


@reads("loans")
def finance_settings_fit_together(scenario: Scenario) -> Iterator[Finding]:
    """Shares of a construction and of a case are shares; terms are known by name."""
    settings = scenario.settings.finance
    try:
        shares = [float(word) for word in words(settings.construction)]
    except ValueError:
        shares = [-1.0]
    if shares and (min(shares) < 0 or not 0 < sum(shares) < float("inf")):
        message = f"'{settings.construction}' are no shares: write e.g. '0.3 0.4 0.3'"
        yield on_table(SETTINGS, message, "[finance] construction")
    given = settings.equity_share + settings.grant_share
    if given > 1 + 1e-9:
        message = f"equity_share and grant_share are {given:.0%} of the capital cost"
        yield on_table(SETTINGS, message, "[finance] grant_share")
    known = {*known_terms(), *(row.case for row in scenario.loans)}
    for name in settings.terms:
        if name not in known:
            message = unknown(name, known, "loan terms")
            yield on_table(SETTINGS, message, "[finance] terms")


@reads("loans", "sites", "technologies", "centres")
def loans_can_be_lent(scenario: Scenario) -> Iterator[Finding]:
    """Terms are known or stated, rates and shares are such, places are there."""
    sites, kinds = ids(scenario, "sites"), ids(scenario, "technologies")
    places = {*sites, *kinds, *ids(scenario, "centres")}
    for row in scenario.loans:
        site, _, kind = row.place.partition(".")
        if (
            row.place
            and row.place not in places
            and not (site in sites and kind in kinds)
        ):
            message = unknown(row.place, places, "site, technology, plant or centre")
            yield about("loans", row, "place", message)
        if row.share == 0:
            yield about("loans", row, "share", "0 lends nothing: leave the row out")
        for column in LOAN_RATES:
            value = getattr(row, column)
            if value is not None and not 0 <= value < 1:
                message = f"{value:g} is not within 0 to 1 (0.03 is 3 %)"
                yield about("loans", row, column, message)
        if row.kind not in ("grant", "equity"):
            yield from _times(row)


def _times(row: Loan) -> Iterator[Finding]:
    """Tenor and grace, stated or of the packaged terms."""
    terms = known_terms().get(row.terms)
    if terms is None and (row.interest_per_y is None or row.tenor_y is None):
        message = unknown(row.terms, known_terms(), "packaged terms")
        message += "; state interest_per_y and tenor_y, or name packaged terms"
        yield about("loans", row, "terms", message)
        return
    tenor = row.tenor_y if row.tenor_y is not None or terms is None else terms.tenor_y
    grace = row.grace_y
    if grace is None:
        grace = 0.0 if terms is None else terms.grace_y
    if tenor is not None and tenor < 1:
        yield about("loans", row, "tenor_y", f"{tenor:g} y is below 1")
    elif tenor is not None and grace > tenor - 1:
        message = f"{grace:g} y leaves no year of a tenor of {tenor:g} y to repay in"
        yield about("loans", row, "grace_y", message)


@reads("loans")
def cases_bear_no_more_than_the_cost(scenario: Scenario) -> Iterator[Finding]:
    """Tranches of a case that are for everything bear at most all of the cost."""
    totals: dict[str, float] = {}
    for row in scenario.loans:
        if row.place or row.kind == "equity":
            continue
        totals[row.case] = totals.get(row.case, 0.0) + row.share
        if totals[row.case] > 1 + 1e-9:
            message = f"with it case '{row.case}' bears {totals[row.case]:.0%} of cost"
            yield about("loans", row, "share", message)


FINANCE_RULES: tuple[Rule, ...] = (
    finance_settings_fit_together,
    loans_can_be_lent,
    cases_bear_no_more_than_the_cost,
    rates_of_money_make_sense,
    one_path_for_a_currency,
    grants_fit_the_equipment,
)
