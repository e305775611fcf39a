"""What must hold in every appraisal, with both sides of each equation."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from wasteplan.finance.appraisal_result import CHECK_COLUMNS
from wasteplan.study.appraisal_accounts import actor_table, reconciliation
from wasteplan.study.facility_money import Ledgers
from wasteplan.study.financed import Financed

TOLERANCE = 1e-9  # of the larger side, or of all capital cost


def checks(ledgers: Ledgers, financed: Sequence[Financed]) -> pd.DataFrame:
    """The checks (`CHECK_COLUMNS`)."""
    rows = []
    expected = sum(reconciliation(ledgers).values())
    for one in financed:
        accounts = actor_table(ledgers, one.name, one.cashes)
        total = float(accounts["present_value"].sum())
        rows.append((f"{one.name}: actors add up to the system cost", total, expected))
        moved = accounts[accounts["kind"] != "resource"]["amount_real"].sum()
        rows.append((f"{one.name}: transfers and finance add up to 0", moved, 0.0))
        rows += _of_loans(one)
        rows += _of_cash(one)
    table = pd.DataFrame(rows, columns=["check", "value", "expected"])
    table["difference"] = table["value"] - table["expected"]
    size = np.maximum(table["value"].abs(), table["expected"].abs())
    spent = sum(stage.capex for stage in ledgers.stages)
    table["holds"] = table["difference"].abs() <= TOLERANCE * np.maximum(size, spent)
    return table[list(CHECK_COLUMNS)]


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
