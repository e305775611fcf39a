"""Who bears what: accounts of the actors in cash, and the system beside today's.

Over the years of the plan, in real money.  Capital is paid when it is spent and its
worth at the end of the horizon is taken back, so that at the scenario's discount rate
the accounts add up to the planner's cost (which charges it as an annuity), plus the
time value of construction, plus what is set aside for renewal and closure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from wasteplan.evaluation.result import Evaluation
from wasteplan.finance.annuity import discount_factor
from wasteplan.finance.appraisal_result import ACTOR_COLUMNS, SYSTEM_COLUMNS
from wasteplan.finance.project import Business, ProjectCash
from wasteplan.scenario.derived import owner
from wasteplan.scenario.model import Scenario
from wasteplan.study.facility_money import CENTRE, Ledgers
from wasteplan.study.facility_projects import reserves
from wasteplan.units import KG_PER_T

CAPITAL_TERMS = ("capital", "land")
LENDER, DONOR, PUBLIC, OPERATOR = "lender", "donor", "public", "operator"

Line = tuple[int, str, str, str, str, float]
"""(year, actor, kind, item, counterparty, amount paid)."""


def actor_table(
    ledgers: Ledgers, case: str, cashes: Sequence[ProjectCash]
) -> pd.DataFrame:
    """Accounts of every actor under a case (`ACTOR_COLUMNS`).

    Parameters
    ----------
    ledgers
        The plan's money.
    case
        Name of the case.
    cashes
        Cash of its facilities, for finance and tax.
    """
    lines = [*resource_lines(ledgers), *_transfers(ledgers.evaluation)]
    for cash in cashes:
        lines += _finance(ledgers.scenario, cash)
    keys = ["year", "actor", "kind", "item", "counterparty"]
    table = pd.DataFrame(lines, columns=[*keys, "amount_real"])
    table = table.groupby(keys, sort=True)["amount_real"].sum().reset_index()
    rate = ledgers.scenario.settings.economics.discount_rate
    base = ledgers.scenario.settings.scenario.base_year
    factors = [discount_factor(rate, int(y), base) for y in table["year"]]
    table["present_value"] = table["amount_real"] * factors
    return table.assign(case=case)[list(ACTOR_COLUMNS)]


def resource_lines(ledgers: Ledgers) -> Iterator[Line]:
    """Costs of the plan as they are paid, capital apart from its yearly charge."""
    scenario = ledgers.scenario
    rate, horizon = scenario.settings.economics.discount_rate, scenario.years[-1]
    for row in ledgers.evaluation.costs.itertuples():
        if row.term not in CAPITAL_TERMS:
            year, amount = int(row.year), float(row.amount)  # type: ignore[arg-type]
            yield year, str(row.actor), "resource", str(row.term), "", amount
    for stage in ledgers.stages:
        actor, until = owner(scenario, stage.place), stage.charged_until(horizon)
        if stage.place in scenario.centre:  # its charge stands within term `centre`
            for year in range(stage.opening, until + 1):
                yield year, actor, "resource", CENTRE, "", -stage.charge(rate)
        for year, amount in stage.draws.items():
            yield year, actor, "resource", "capex", "", amount
        for name, amounts in reserves(scenario, stage, until).items():
            for year, amount in amounts.items():
                yield year, actor, "resource", name, "", amount
        yield horizon, actor, "resource", "salvage", "", -stage.salvage(rate, horizon)
        yield stage.opening - 1, actor, "resource", "land", "", stage.land
        yield until, actor, "resource", "land", "", -stage.land


def _pair(
    year: int, payer: str, receiver: str, kind: str, item: str, amount: float
) -> list[Line]:
    """Both sides of a payment; nobody pays himself."""
    if payer == receiver or amount == 0:
        return []
    return [
        (year, payer, kind, item, receiver, amount),
        (year, receiver, kind, item, payer, -amount),
    ]


def _transfers(evaluation: Evaluation) -> Iterator[Line]:
    for row in evaluation.transfers.itertuples():
        year, amount = int(row.year), float(row.amount)  # type: ignore[arg-type]
        payer, receiver = str(row.from_actor), str(row.to_actor)
        yield from _pair(year, payer, receiver, "transfer", str(row.reason), amount)


def _finance(scenario: Scenario, cash: ProjectCash) -> list[Line]:
    """Grants, loans, tax and shared equity of a facility, within the horizon."""
    project, settings = cash.project, scenario.settings.finance
    actor, horizon = owner(scenario, project.id), scenario.years[-1]
    level = cash["price_level"]
    giver = PUBLIC if settings.grant_from == "public" else DONOR
    share = settings.public_share if actor == OPERATOR else 0.0
    found: list[Line] = []
    for i, year in enumerate(int(y) for y in project.years):
        if year > horizon:
            break
        flows = [
            (giver, actor, "finance", "grant", cash["grant"][i]),
            (LENDER, actor, "finance", "loan", cash["drawn"][i]),
            (actor, LENDER, "finance", "fees", cash["fees"][i]),
            (actor, LENDER, "finance", "interest", cash["interest"][i]),
            (actor, LENDER, "finance", "principal", cash["principal"][i]),
            (actor, PUBLIC, "transfer", "tax", cash["tax"][i]),
            (actor, PUBLIC, "transfer", "value_added_tax", cash["vat"][i]),
        ]
        if year == horizon:
            flows.append((actor, LENDER, "finance", "still_owed", cash["balance"][i]))
        for payer, receiver, kind, item, amount in flows:
            found += _pair(year, payer, receiver, kind, item, amount / level[i])
        held = share * float(cash["equity"][i] / level[i])
        found += _pair(year, actor, PUBLIC, "transfer", "public_share", held)
    return found


def reconciliation(ledgers: Ledgers) -> dict[str, float]:
    """Why the cash cost differs from the planner's: each part on its own.

    [money, present value]
    """
    scenario = ledgers.scenario
    horizon = scenario.years[-1]

    def worth(amounts: dict[int, float]) -> float:
        rate = scenario.settings.economics.discount_rate
        base = scenario.settings.scenario.base_year
        return sum(a * discount_factor(rate, y, base) for y, a in amounts.items())

    timing = sum(
        worth(s.draws) - worth({s.opening - 1: s.capex}) for s in ledgers.stages
    )
    parts = {"replacement": 0.0, "closure": 0.0}
    for stage in ledgers.stages:
        found = reserves(scenario, stage, stage.charged_until(horizon))
        for name, amounts in found.items():
            parts[name] += worth(amounts)
    return {
        "planner_cost": ledgers.evaluation.cost_present_value,
        "time_value_of_construction": timing,
        **parts,
    }


def system_table(
    ledgers: Ledgers, baseline: Evaluation | None, business: Business
) -> pd.DataFrame:
    """Cash cost and emissions by year beside the status quo (`SYSTEM_COLUMNS`).

    The status quo's capital, if it has any, is as the evaluation charges it.
    """
    scenario = ledgers.scenario
    plan: dict[int, float] = {}
    shadow: dict[int, float] = {}
    settings = scenario.settings.finance
    for year, _, _, item, _, amount in resource_lines(ledgers):
        plan[year] = plan.get(year, 0.0) + amount
        weight = _weight(item, settings.shadow_capex, settings.shadow_operating)
        shadow[year] = shadow.get(year, 0.0) + weight * amount
    before, before_cash = _yearly(baseline), _yearly(baseline, without=("carbon",))
    years = sorted({*plan, *before})
    rows = []
    emitted = _co2e(ledgers.evaluation, scenario)
    was = None if baseline is None else _co2e(baseline, scenario)
    for year in years:
        old = before.get(year, 0.0) if baseline is not None else np.nan
        avoided = np.nan if was is None else was.get(year, 0.0) - emitted.get(year, 0.0)
        economic = (
            shadow.get(year, 0.0)
            - settings.shadow_operating * before_cash.get(year, 0.0)
            - settings.carbon_damage_per_t * avoided
        )
        factor = discount_factor(business.discount_rate, year, business.base_year)
        cost, co2e = plan.get(year, 0.0), emitted.get(year, 0.0)
        rows.append((year, cost, old, cost - old, economic, factor, co2e, avoided))
    return pd.DataFrame(rows, columns=list(SYSTEM_COLUMNS))


def _weight(item: str, capital: float, operating: float) -> float:
    """Shadow price of a cost; a carbon price is damage, counted apart."""
    if item == "carbon":
        return 0.0
    is_capital = item in ("capex", "salvage", "replacement", "closure", "land")
    return capital if is_capital else operating


def _yearly(
    evaluation: Evaluation | None, without: tuple[str, ...] = ()
) -> dict[int, float]:
    if evaluation is None:
        return {}
    costs = evaluation.costs[~evaluation.costs["term"].isin(without)]
    sums = costs.groupby("year")["amount"].sum()
    return {int(y): float(a) for y, a in sums.items()}  # type: ignore[call-overload]


def _co2e(evaluation: Evaluation, scenario: Scenario) -> dict[int, float]:
    """Emitted by year, net of credits if they count.  [t CO2e]"""
    table = evaluation.emissions
    if not scenario.settings.assessment.credits:
        table = table[~table["is_credit"].astype(bool)]
    sums = table.groupby("year")["kg_co2e"].sum() / KG_PER_T
    return {int(y): float(a) for y, a in sums.items()}  # type: ignore[call-overload]
