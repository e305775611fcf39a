"""What the plan costs the public purse, households and factories."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pandas as pd

from wasteplan.evaluation.result import Evaluation
from wasteplan.finance.measures import Measure
from wasteplan.finance.payoff import NONE
from wasteplan.scenario.derived import owner, tonnage
from wasteplan.scenario.hauls import solid_pairs
from wasteplan.scenario.model import Scenario
from wasteplan.study.financed import Financed

PUBLIC, OPERATOR = "public", "operator"


def fiscal(accounts: pd.DataFrame) -> Iterator[Measure]:
    """Net cost of the public actor, finance included, over the horizon.

    Parameters
    ----------
    accounts
        The actor table of a case.
    """
    own = accounts[accounts["actor"] == PUBLIC]
    worth = float(own["present_value"].sum())
    yield Measure("fiscal_cost", "net cost to the public purse", worth, "money")
    more = float(own["difference_present_value"].sum(skipna=False))
    label = "net cost to the public purse, more than in the status quo"
    why = "there is no status quo to compare with" if math.isnan(more) else ""
    yield Measure("fiscal_cost_incremental", label, more, "money", why)
    by_year = own.groupby("year")["amount_real"].sum()
    if by_year.empty:
        why = "the public neither pays nor receives"
        yield Measure("fiscal_peak", "most paid in a year", NONE, "money/y", why)
        return
    peak, year = float(by_year.max()), str(by_year.idxmax())
    yield Measure(
        "fiscal_peak", "most that the public pays in a year", peak, "money/y", year
    )


def ownership(
    scenario: Scenario, one: Financed, accounts: pd.DataFrame
) -> Iterator[Measure]:
    """Net cost to the public purse if it held none, half or all of private equity.

    The public share of the operators' cash changes hands; cost, tax and finance stay.

    Parameters
    ----------
    scenario
        With the share of the settings.
    one
        A case.
    accounts
        Its actor table.
    """
    horizon, stated = scenario.years[-1], scenario.settings.finance.public_share
    held = 0.0
    for cash in one.cashes:
        if owner(scenario, cash.project.id) == OPERATOR:
            worth = cash["equity_real"] * cash["discount_factor"]
            held += float(worth[cash.project.years <= horizon].sum())
    own = accounts[accounts["actor"] == PUBLIC]
    now = float(own["present_value"].sum())
    for share, word in ((0.0, "private"), (0.5, "shared"), (1.0, "public")):
        label = f"net cost to the public purse if it held {share:.0%} of private equity"
        cost = now - (share - stated) * held
        yield Measure(f"fiscal_cost.{word}", label, cost, "money")


def affordability(scenario: Scenario, evaluation: Evaluation) -> Iterator[Measure]:
    """Cost of the system beside household income and wages.

    The levelised system cost of a tonne, paid in full by those who make the waste.
    """
    settings = scenario.settings.finance
    per_t = evaluation.kpi("cost_per_t")
    households, income = settings.households, settings.household_income_per_y
    year = scenario.years[-1]
    label = "system cost of a household over its income"
    if households and income:
        pairs = solid_pairs(scenario)
        waste = sum(tonnage(scenario, g, s, year) for g, s in pairs)
        share = per_t * waste / households / income
        yield Measure("cost_of_income", label, share, "-", f"waste of {year}")
    else:
        why = "[finance] states no households and income"
        yield Measure("cost_of_income", label, NONE, "-", why)
    yield from _factories(scenario, per_t)


def _factories(scenario: Scenario, per_t: float) -> Iterator[Measure]:
    """Disposal of a worker's waste over a year's wage: charge today, and full cost."""
    wage = scenario.settings.finance.wage_per_y
    known = [c for c in scenario.generator_classes if c.waste_t_per_worker_y]
    why = ""
    if not wage:
        why = "[finance] states no wage"
    elif not known:
        why = "no class states its waste per worker"
    if why or not wage:
        label = "cost of a worker's waste over the wage"
        yield Measure("cost_of_wage", label, NONE, "-", why)
        return
    for row in known:
        waste = row.waste_t_per_worker_y or math.nan
        name = row.name or row.id
        yield Measure(
            f"cost_of_wage.{row.id}",
            f"system cost of a worker's waste over the wage: {name}",
            waste * per_t / wage,
            "-",
        )
        yield Measure(
            f"charge_of_wage.{row.id}",
            f"collection charge of a worker's waste over the wage: {name}",
            waste * row.legal_price_per_t / wage,
            "-",
        )
