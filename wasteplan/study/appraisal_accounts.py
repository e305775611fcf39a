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
from wasteplan.finance.appraisal_result import ACTOR_COLUMNS
from wasteplan.finance.project import ProjectCash
from wasteplan.scenario.derived import owner
from wasteplan.scenario.model import Scenario
from wasteplan.study.appraisal_increments import resource_lines, status_quo_lines
from wasteplan.study.facility_money import Ledgers
from wasteplan.study.facility_projects import reserves

PRODUCERS, MARKET = "producers", "carbon_market"
LENDER, DONOR, PUBLIC, OPERATOR = "lender", "donor", "public", "operator"

Line = tuple[int, str, str, str, str, float]
"""(year, actor, kind, item, counterparty, amount paid)."""


def actor_table(
    ledgers: Ledgers,
    case: str,
    cashes: Sequence[ProjectCash],
    baseline: Evaluation | None = None,
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
    baseline
        Evaluation of the status quo, which finances nothing new.
    """
    scenario = ledgers.scenario
    lines = [*_resources(resource_lines(ledgers)), *_transfers(ledgers.evaluation)]
    for cash in cashes:
        lines += _finance(scenario, cash)
    before = [*_resources(status_quo_lines(scenario, baseline))]
    if baseline is not None:
        before += _transfers(baseline)
    keys = ["year", "actor", "kind", "item", "counterparty"]
    sides = {"amount_real": lines, "status_quo_real": before}
    parts = [
        pd.DataFrame(found, columns=[*keys, side]).groupby(keys, sort=True).sum()
        for side, found in sides.items()
    ]
    table = parts[0].join(parts[1], how="outer").fillna(0.0).reset_index()
    rate = scenario.settings.economics.discount_rate
    base = scenario.settings.scenario.base_year
    factors = [discount_factor(rate, int(y), base) for y in table["year"]]
    table["present_value"] = table["amount_real"] * factors
    table["difference_real"] = table["amount_real"] - table["status_quo_real"]
    table["difference_present_value"] = table["difference_real"] * factors
    if baseline is None:
        unknown = ["status_quo_real", "difference_real", "difference_present_value"]
        table[unknown] = np.nan
    return table.assign(case=case)[list(ACTOR_COLUMNS)]


def _resources(
    lines: Iterator[tuple[int, str, str, str, float]],
) -> Iterator[Line]:
    for year, _, actor, item, amount in lines:
        yield year, actor, "resource", item, "", amount


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
            (giver, actor, "transfer", "results_payment", cash["support"][i]),
            (PRODUCERS, actor, "transfer", "producer_fee", cash["producer_fees"][i]),
            (MARKET, actor, "transfer", "carbon_credit", cash["carbon_credits"][i]),
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
