"""What must hold in every appraisal, with both sides of each equation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from wasteplan.finance.appraisal_result import CHECK_COLUMNS
from wasteplan.study.appraisal_accounts import reconciliation
from wasteplan.study.facility_money import Ledgers
from wasteplan.study.financed import Financed

COSTS = ("fixed_om", "variable_om", "after_care", "energy")
EARNED = ("electricity", "fuel_saved")
TOLERANCE = 1e-9  # of the larger side, or of all capital cost


def checks(
    ledgers: Ledgers,
    financed: Sequence[Financed],
    accounts: Mapping[str, pd.DataFrame],
    increments: pd.DataFrame,
) -> pd.DataFrame:
    """The checks (`CHECK_COLUMNS`).

    Parameters
    ----------
    ledgers, financed
        Money of the plan, and its financing cases.
    accounts
        Actor tables by case.
    increments
        By place, item and actor.
    """
    rows = list(_of_ledgers(ledgers))
    expected = sum(reconciliation(ledgers).values())
    by_place = float(increments["plan"].sum())
    rows.append(("places add up to the system cost", by_place, expected))
    more = float(increments["difference"].sum(skipna=False))
    for one in financed:
        own = accounts[one.name]
        total = float(own["present_value"].sum())
        rows.append((f"{one.name}: actors add up to the system cost", total, expected))
        moved = own[own["kind"] != "resource"]["amount_real"].sum()
        rows.append((f"{one.name}: transfers and finance add up to 0", moved, 0.0))
        if more == more:
            words = f"{one.name}: increments of actors and of places are the same"
            found = float(own["difference_present_value"].sum())
            rows.append((words, found, more))
        rows += _of_loans(one)
        rows += _of_cash(one)
    table = pd.DataFrame(rows, columns=["check", "value", "expected"])
    table["difference"] = table["value"] - table["expected"]
    size = np.maximum(table["value"].abs(), table["expected"].abs())
    spent = sum(stage.capex for stage in ledgers.stages)
    table["holds"] = table["difference"].abs() <= TOLERANCE * np.maximum(size, spent)
    return table[list(CHECK_COLUMNS)]


def _of_ledgers(ledgers: Ledgers) -> Iterator[tuple[str, float, float]]:
    """Lines of the places are the evaluation's costs, haul and capital apart."""
    flows, costs = ledgers.evaluation.flows, ledgers.evaluation.costs
    to_outlets = flows[flows["destination"].isin(list(ledgers.scenario.outlet))]
    sold = sum(
        sum(ledgers.of(str(place)).lines["products"].values())
        for place in to_outlets["origin"].unique()
    )
    booked = float(costs.loc[costs["term"] == "sales", "amount"].sum())
    yield "sales of all places are those of the outlets", sold, 0.0 - booked
    spent, expected = 0.0, 0.0
    for place in dict.fromkeys(s.place for s in ledgers.stages):
        lines = {k: sum(v.values()) for k, v in ledgers.of(place).lines.items()}
        spent += sum(lines[name] for name in COSTS) - sum(lines[n] for n in EARNED)
        rows = costs[(costs["place"] == place) & (costs["technology"] != "haul")]
        rows = rows[~rows["term"].isin(["capital", "land", "carbon"])]
        expected += float(rows["amount"].sum())
    rate = ledgers.scenario.settings.economics.discount_rate
    last = ledgers.scenario.years[-1]
    for stage in ledgers.stages:
        if stage.place in ledgers.scenario.centre:
            years = stage.charged_until(last) - stage.opening + 1
            expected -= stage.charge(rate) * years
    yield "operating lines are those of the evaluation", spent, expected


def _of_loans(one: Financed) -> list[tuple[str, float, float]]:
    """What is drawn and added is repaid, exchange apart; balances end at 0."""
    loans = [loan for cash in one.cashes for _, loan in cash.loans]
    come = sum(float((x.drawn + x.capitalised + x.revaluation).sum()) for x in loans)
    gone = sum(float(x.principal.sum()) for x in loans)
    left = sum(float(x.balance[-1]) for x in loans)
    return [
        (f"{one.name}: loans are repaid", gone, come),
        (f"{one.name}: nothing is owed at the end", left, 0.0),
    ]


def _of_cash(one: Financed) -> list[tuple[str, float, float]]:
    """Project cash goes to lenders, givers and owners, and to nobody else."""
    pool = one.pool
    lenders = pool["interest"] + pool["principal"] + pool["fees"] - pool["drawn"]
    shared = float((pool["equity"] + lenders - pool["grant"]).sum())
    return [
        (f"{one.name}: project cash is shared", shared, float(pool["project"].sum()))
    ]
