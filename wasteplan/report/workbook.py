"""The results as a workbook: numbers as numbers, text as text, never a formula.

Only the financial sheets calculate; their formulas never hold text from data unquoted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xlsxwriter

from wasteplan.evaluation import result
from wasteplan.finance import appraisal_result as appraised
from wasteplan.finance.appraisal_result import AppraisalResult
from wasteplan.indicators.accounts import actor_accounts
from wasteplan.report.assumptions import cells
from wasteplan.report.document import ROWS_MAX
from wasteplan.report.financial_checks import ACCOUNTS
from wasteplan.report.financial_workbook import (
    FinancialBook,
    financial_book,
    write_front,
    write_others,
)
from wasteplan.report.numbers import is_known
from wasteplan.report.subject import Subject
from wasteplan.report.timeline import timeline_section
from wasteplan.sim.measures import PLANT_MEASURES
from wasteplan.sim.result import KPI_COLUMNS

MADE = datetime(2000, 1, 1)
"""A fixed date, so that equal results give equal bytes."""
SHEET_ROWS_MAX = 1_048_575
"""Rows of a sheet below its header."""
TEXT_MAX = 32_767
"""Characters of a cell."""
WIDTH_MAX = 60
_UNIT_WORDS = re.compile(r"(?<=[a-z0-9])_((t|tj|mwh|m3)_per_y|mj_per_kg|t|km|m3|min)$")
"""Ends of column names that say the unit, which the heading has in brackets."""

SUMMARY_COLUMNS = {
    "id": "indicator",
    "label": "what it is",
    "period": "period id, empty for the horizon",
    "value": "planned",
    "unit": "unit of the value",
    "better": "direction that is better",
    "status_quo": "the same indicator of the status quo",
    "difference": "plan less status quo",
}
ACCOUNT_COLUMNS = {
    "year": "calendar year",
    "actor": "public, operator, generator, informal",
    "own_cost": "cost borne [money]",
    "paid": "paid to other actors [money]",
    "received": "received from other actors [money]",
    "net_cost": "net burden; the sum over actors is the cost of the system [money]",
}
ASSUMPTION_COLUMNS = {
    "table": "table of the scenario",
    "row": "row of the table",
    "column": "column of the table",
    "value": "the number",
    "unit": "its unit",
    "low": "low end of its range",
    "high": "high end of its range",
    "status": "how it is known",
    "source": "key of the source",
    "source_text": "the source",
    "from_catalogue": "filled from the packaged catalogue",
    "note": "note of the row",
}


@dataclass(frozen=True)
class _Sheet:
    name: str
    columns: tuple[tuple[str, str], ...]
    """(heading with unit, meaning)."""
    rows: Iterable[Sequence[Any]]


def write_workbook(path: Path, subject: Subject) -> None:
    """Write every table of the results; a sheet without rows keeps its header."""
    book = xlsxwriter.Workbook(
        str(path),
        {
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "nan_inf_to_errors": False,
        },
    )
    title = subject.scenario.settings.scenario.title
    book.set_properties({"title": title, "author": "wasteplan", "created": MADE})
    head = book.add_format(
        {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}
    )
    sheets = _sheets(subject)
    live = _live(subject, [s.name for s in sheets])
    if live is not None:
        write_front(book, live)
    for sheet in (*sheets, _meanings(sheets)):
        _write_sheet(book, sheet, head)
    if live is not None:
        write_others(book, live)
    book.close()


def _live(subject: Subject, taken: Sequence[str]) -> FinancialBook | None:
    """The financial sheets that calculate; None without an appraisal."""
    if subject.appraisal is None:
        return None
    title = subject.scenario.settings.scenario.title
    costs = subject.evaluation.costs
    return financial_book(subject.appraisal, costs, title, [*taken, "columns"])


def _sheets(subject: Subject) -> tuple[_Sheet, ...]:
    evaluation = subject.evaluation
    money = subject.money
    accounts = actor_accounts(evaluation.costs, evaluation.transfers)
    found = [
        _Sheet("summary", _columns(SUMMARY_COLUMNS, money), _summary_rows(subject)),
        _builds(subject),
        _of_frame("flows", evaluation.flows, result.FLOW_COLUMNS, money),
        _of_frame("facilities", evaluation.facilities, result.FACILITY_COLUMNS, money),
        _of_frame("costs by year", evaluation.costs, result.COST_COLUMNS, money),
        _of_frame("accounts by actor", accounts, ACCOUNT_COLUMNS, money),
        _of_frame("transfers", evaluation.transfers, result.TRANSFER_COLUMNS, money),
        _of_frame("emissions", evaluation.emissions, result.EMISSION_COLUMNS, money),
        _of_frame("waste balance", evaluation.waste, result.WASTE_COLUMNS, money),
    ]
    if subject.simulation is not None:
        kpis, plants = subject.simulation.kpis, subject.simulation.plants
        measured = {"period": "period id", "plant": "plant or centre id"}
        measured |= PLANT_MEASURES
        found.append(_of_frame("simulation", kpis, KPI_COLUMNS, money))
        found.append(_of_frame("simulated facilities", plants, measured, money))
    if subject.appraisal is not None:
        found += _appraised(subject.appraisal, money)
    assumed = _columns(ASSUMPTION_COLUMNS, money)
    found.append(_Sheet("assumptions", assumed, _assumption_rows(subject)))
    return tuple(found)


def _appraised(found: AppraisalResult, money: str) -> list[_Sheet]:
    """Tables of the appraisal as they are; the live sheets calculate beside them."""
    tables = {
        ACCOUNTS: (found.actors, appraised.ACTOR_COLUMNS),
        "investment indicators": (found.indicators, appraised.INDICATOR_COLUMNS),
        "investment inputs": (found.inputs, appraised.INPUT_COLUMNS),
        "investment increments": (found.increments, appraised.INCREMENT_COLUMNS),
        "lender questions": (found.lender, appraised.LENDER_COLUMNS),
        "small recyclers": (found.recyclers, appraised.RECYCLER_COLUMNS),
        "gate fee by loan terms": (found.fee_curve, appraised.FEE_CURVE_COLUMNS),
    }
    if found.risk is not None:
        risk = found.risk
        tables |= {
            "investment tornado": (risk.tornado, appraised.TORNADO_COLUMNS),
            "investment switching": (risk.switching, appraised.SWITCHING_COLUMNS),
            "investment stories": (risk.stories, appraised.STORY_COLUMNS),
            "investment chances": (risk.chances, appraised.CHANCE_COLUMNS),
            "investment convergence": (
                risk.convergence,
                appraised.CONVERGENCE_COLUMNS,
            ),
            "investment supply": (risk.supply, appraised.SUPPLY_COLUMNS),
        }
    sheets = [
        _of_frame(name, frame, columns, money)
        for name, (frame, columns) in tables.items()
        if not frame.empty
    ]
    remarks = tuple((text,) for text in found.warnings)
    return [*sheets, _Sheet("investment remarks", (("remark", ""),), remarks)]


def _summary_rows(subject: Subject) -> list[tuple[Any, ...]]:
    baseline = (
        {}
        if subject.baseline is None
        else {(k.id, k.period): k.value for k in subject.baseline.kpis}
    )
    rows = []
    for k in subject.evaluation.kpis:
        was = baseline.get((k.id, k.period))
        change = None if was is None else k.value - was
        unit = k.unit.replace("money", subject.money)
        rows.append((k.id, k.label, k.period, k.value, unit, k.better, was, change))
    return rows


def _builds(subject: Subject) -> _Sheet:
    section = timeline_section(subject)
    table = None if section is None else section.charts[0].table
    if table is None:
        return _Sheet("builds", (("facility", "name of the facility"),), ())
    columns = tuple((c.heading, c.title) for c in table.columns)
    return _Sheet("builds", columns, table.rows)


def _assumption_rows(subject: Subject) -> list[tuple[Any, ...]]:
    texts = {s.id: s.text for s in subject.scenario.sources}
    return [
        (
            c.table,
            c.row,
            c.column,
            c.value,
            c.unit,
            c.low,
            c.high,
            c.status,
            c.source,
            texts.get(c.source, ""),
            "yes" if c.is_filled else "",
            c.note,
        )
        for c in cells(subject.scenario, subject.money)
    ]


def _of_frame(
    name: str, frame: pd.DataFrame, meanings: Mapping[str, str], money: str
) -> _Sheet:
    texts = {str(column): _meaning(str(column), meanings) for column in frame.columns}
    rows = frame.itertuples(index=False, name=None)
    return _Sheet(name, _columns(texts, money), rows)


def _meaning(column: str, meanings: Mapping[str, str]) -> str:
    measured = column.removesuffix("_half_width")
    if column not in meanings and measured in meanings:
        return f"half width of the interval: {meanings[measured]}"
    return meanings.get(column, "")


def _columns(meanings: Mapping[str, str], money: str) -> tuple[tuple[str, str], ...]:
    columns = []
    for name, meaning in meanings.items():
        text = meaning.replace("money", money)
        unit = re.search(r"\[([^\]]+)\]", text)
        columns.append((_heading(name, unit[1] if unit else ""), text))
    return tuple(columns)


def _heading(name: str, unit: str) -> str:
    measured = name.removesuffix("_half_width")
    words = (_UNIT_WORDS.sub("", measured) if unit else measured).replace("_", " ")
    spread = " ±" if measured != name else ""
    return f"{words}{spread} [{unit}]" if unit else f"{words}{spread}"


def _meanings(sheets: Sequence[_Sheet]) -> _Sheet:
    columns = (("sheet", ""), ("column", ""), ("meaning", ""))
    rows = [
        (sheet.name, heading, meaning)
        for sheet in sheets
        for heading, meaning in sheet.columns
    ]
    return _Sheet("columns", columns, rows)


def _write_sheet(book: Any, sheet: _Sheet, head: Any) -> None:
    page = book.add_worksheet(sheet.name)
    page.freeze_panes(1, 0)
    page.set_landscape()
    page.fit_to_pages(1, 0)  # all columns on one page, when printed
    page.repeat_rows(0)
    widths = []
    for i, (heading, _) in enumerate(sheet.columns):
        page.write_string(0, i, heading, head)
        widths.append(min(max(len(heading) // 2 + 2, 10), 24))
    last = 0
    for n, row in enumerate(sheet.rows, start=1):
        if n > SHEET_ROWS_MAX:
            break
        last = n
        for i, value in enumerate(row):
            _write_cell(page, n, i, value)
            if n <= ROWS_MAX and isinstance(value, str):
                widths[i] = min(max(widths[i], len(value) + 1), WIDTH_MAX)
    for i, width in enumerate(widths):
        page.set_column(i, i, width)
    if last:
        page.autofilter(0, 0, last, len(sheet.columns) - 1)


def _write_cell(page: Any, row: int, column: int, value: Any) -> None:
    """Text always as text: a name that starts with `=` stays a name."""
    if isinstance(value, str):
        if value:
            page.write_string(row, column, value[:TEXT_MAX])
    elif isinstance(value, bool | np.bool_):
        page.write_boolean(row, column, bool(value))
    elif is_known(value):
        page.write_number(row, column, float(value))
