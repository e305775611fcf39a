"""Cash and loans of an appraisal as tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from wasteplan.finance.appraisal_result import CASH_COLUMNS, LOAN_COLUMNS, POOL
from wasteplan.finance.lending import Floats
from wasteplan.finance.project import Project, ProjectCash
from wasteplan.study.financed import Financed


def cash_table(financed: Sequence[Financed]) -> pd.DataFrame:
    """Cash of every case and facility, and of all together (`CASH_COLUMNS`)."""
    parts = []
    for one in financed:
        for cash in one.cashes:
            parts.append(_cash(one.name, cash.project.id, cash, _phases(cash.project)))
        first = min(one.projects, key=lambda p: p.opening)
        last = max(one.projects, key=lambda p: p.last_work)
        phases = _phases(first, until=last.last_work)
        parts.append(_cash(one.name, POOL, one.pool, phases))
    return pd.concat(parts, ignore_index=True)


def _cash(case: str, place: str, cash: ProjectCash, phases: list[str]) -> pd.DataFrame:
    years = cash.project.years
    lines = {
        name: np.broadcast_to(values, years.shape)
        for name, values in cash.lines.items()
    }
    table = pd.DataFrame({"year": years, "phase": phases, **lines})
    table = table.assign(case=case, place=place)
    return table[list(CASH_COLUMNS)]


def _phases(project: Project, until: int | None = None) -> list[str]:
    last = project.last_work if until is None else until
    found = []
    for year in project.years:
        if year < project.opening:
            found.append("construction")
        elif year > last:
            found.append("closed")
        else:
            found.append("operation" if year <= project.horizon else "extended")
    return found


def loan_table(financed: Sequence[Financed]) -> pd.DataFrame:
    """Every tranche of every facility by year (`LOAN_COLUMNS`).

    Grants and equity are shown by what they pay; nothing is owed for them.
    """
    parts = [
        part
        for one in financed
        for cash in one.cashes
        for part in _tranches(one.name, cash)
    ]
    return pd.concat(parts, ignore_index=True)


def _tranches(case: str, cash: ProjectCash) -> Iterator[pd.DataFrame]:
    years = cash.project.years
    debt = {fund.id: fund for fund in cash.case.debt}
    for name in debt:
        schedules = [loan for id, loan in cash.loans if id == name]
        columns = {
            column: np.sum([getattr(loan, column) for loan in schedules], axis=0)
            for column in LOAN_COLUMNS
            if hasattr(schedules[0], column)
        }
        columns["exchange"] = schedules[0].exchange
        fund = debt[name]
        yield _tranche(case, cash, name, fund.kind, fund.currency, columns)
    paid_in = cash["capex"] - cash["drawn"] - cash["grant"]
    for name, drawn in (("grant", cash["grant"]), ("equity", paid_in)):
        if np.any(np.abs(drawn) > 1e-9):
            zeros = np.zeros(len(years))
            empty = dict.fromkeys(
                ("opening", "revaluation", "capitalised", "fees", "interest"), zeros
            )
            empty |= {"principal": zeros, "balance": zeros, "exchange": zeros + 1.0}
            yield _tranche(case, cash, name, name, "", {**empty, "drawn": drawn})


def _tranche(
    case: str,
    cash: ProjectCash,
    name: str,
    kind: str,
    currency: str,
    columns: dict[str, Floats],
) -> pd.DataFrame:
    table = pd.DataFrame({"year": cash.project.years, **columns})
    table = table.assign(
        case=case, place=cash.project.id, tranche=name, kind=kind, currency=currency
    )
    return table[list(LOAN_COLUMNS)]
