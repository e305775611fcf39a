"""Live financial sheets of the workbook: inputs, facilities, checks, charts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from wasteplan.finance.appraisal_result import POOL, AppraisalResult
from wasteplan.report.financial_checks import Checked, checks_sheet, has_followed
from wasteplan.report.financial_facility import facility_sheet
from wasteplan.report.financial_figures import LABELS, figures
from wasteplan.report.financial_inputs import Inputs, fee_needed, inputs_sheet
from wasteplan.report.financial_pool import pooled_sheet
from wasteplan.report.formulas import Formula, choose, pick, text
from wasteplan.report.ledger import (
    Line,
    Sheet,
    Style,
    formats,
    sheet_name,
    write_sheet,
)
from wasteplan.report.numbers import is_known

FRONT = "investment"
"""The first sheet."""
SHOWN = (
    "npv",
    "irr",
    "equity_npv",
    "equity_irr",
    "dscr_min",
    "dscr_mean",
    "llcr",
    "levelised_net_cost_per_t",
    "added_fee_for_return",
    "added_fee_for_dscr",
)
CHART_ROWS = 20
HEAD_HEIGHT = 60
"""Of a row whose heads are wrapped.  [points]"""
MILLIONS = "#,##0,,"
"""Number format that shows millions."""
COLOURS = ("#009e73", "#e69f00", "#56b4e9", "#33448f", "#0072b2", "#d55e00", "#a9b4bf")


@dataclass(frozen=True)
class FinancialBook:
    """The sheets, laid out and ready to be written."""

    front: Sheet
    others: tuple[Sheet, ...]
    inputs: Inputs
    pool: Checked
    parts: tuple[Checked, ...]
    first_figure: int
    """Row of the first facility on the front sheet."""
    charts_at: int
    cases_at: int
    """Row of the heads of the cases side by side."""
    currency: str


def financial_book(
    found: AppraisalResult, costs: pd.DataFrame, title: str, taken: Sequence[str]
) -> FinancialBook | None:
    """Lay out the financial sheets; None without what they calculate from.

    Parameters
    ----------
    found
        The appraisal.
    costs
        Cost table of the evaluation, for the status of inputs.
    title
        Of the study.
    taken
        Names of the other sheets.
    """
    basis = found.basis
    if basis is None or not basis.projects:
        return None
    inputs = inputs_sheet(found, basis, costs)
    names = [*taken, FRONT, inputs.sheet.name, "all facilities", "financial checks"]
    parts = []
    for facility in inputs.facilities:
        names.append(sheet_name(facility.name, names))
        made = facility_sheet(Sheet(names[-1]), inputs, facility, found.currency)
        shown = figures(made, inputs.rules, inputs.money.base, found.currency)
        parts.append(Checked(facility.project.id, made, shown))
    whole = pooled_sheet(Sheet("all facilities"), [p.made for p in parts])
    base = inputs.money.base
    pool = Checked(POOL, whole, figures(whole, inputs.rules, base, found.currency))
    tried = _tried(found, inputs, names) if has_followed(found) else []
    checks, failed = checks_sheet(found, inputs.rules, parts, pool, tried)
    front, first, charts_at = _front(found, inputs, (*parts, pool), failed, title)
    cases_at = charts_at + 2 * CHART_ROWS + 3
    every = (*parts, pool, *tried)
    sheets = (inputs.sheet, *(p.made.sheet for p in every), checks)
    return FinancialBook(
        front,
        sheets,
        inputs,
        pool,
        tuple(parts),
        first,
        charts_at,
        cases_at,
        found.currency,
    )


def _tried(found: AppraisalResult, inputs: Inputs, names: list[str]) -> list[Checked]:
    """Each facility once more at the fee that the appraisal says it needs."""
    tried = []
    for facility in inputs.facilities:
        place = facility.project.id
        needed = [fee_needed(found, place, c) for c in found.cases]
        if not all(is_known(fee) for fee in needed):
            continue
        names.append(sheet_name(f"fee {facility.name}", names))
        at_fee = replace(facility, added_fee=facility.needed_fee)
        made = facility_sheet(Sheet(names[-1]), inputs, at_fee, found.currency)
        shown = figures(made, inputs.rules, inputs.money.base, found.currency)
        tried.append(Checked(place, made, shown))
    return tried


def _front(
    found: AppraisalResult,
    inputs: Inputs,
    parts: Sequence[Checked],
    failed: Formula,
    title: str,
) -> tuple[Sheet, int, int]:
    """What a board looks at first; its row of the first facility, and of the charts."""
    sheet = Sheet(FRONT)
    sheet.title(
        f"{title}: investment",
        f"{found.currency}; NPV in money of {found.price_year}, at the end of "
        f"{found.base_year}. Every figure is a formula: change the blue cells of "
        "“financial inputs” and it follows.",
    )
    sheet.put(sheet.row, 0, "Financing case in force")
    sheet.put(sheet.row, 1, inputs.rules.case + 0, "count")
    sheet.put(sheet.row, 2, _case_name(found, inputs), "plain")
    sheet.row += 1
    holds = choose(
        failed > 0, text("some fail: see financial checks"), text("all hold")
    )
    sheet.put(sheet.row, 0, "Checks")
    sheet.put(sheet.row, 2, holds)
    sheet.row += 2
    sheet.put(sheet.row, 0, "facility", "head")
    for i, id in enumerate(SHOWN, start=1):
        label, unit, _ = LABELS[id]
        unit = unit.replace("money", found.currency)
        sheet.put(sheet.row, i, f"{label} [{unit}]", "head")
    sheet.row += 1
    first = sheet.row
    for part in parts:
        sheet.put(sheet.row, 0, part.made.name)
        for i, id in enumerate(SHOWN, start=1):
            if id in part.figures.cells:
                cell = part.figures.cells[id]
                sheet.put(sheet.row, i, Formula(cell.text, cell.value), LABELS[id][2])
        sheet.row += 1
    sheet.row += 1
    charts_at = sheet.row
    sheet.row += 2 * CHART_ROWS + 1
    _cases_table(sheet, found)
    return sheet, first, charts_at


def _case_name(found: AppraisalResult, inputs: Inputs) -> Formula:
    return pick(inputs.rules.case, *(text(c) for c in found.cases))


def _cases_table(sheet: Sheet, found: AppraisalResult) -> None:
    """The cases side by side, as delivered."""
    table = found.side_by_side
    if table.empty:
        return
    sheet.title(
        "Financing cases side by side", "As delivered by the appraisal: values."
    )
    heads = ["figure", "unit", *found.cases]
    for i, head in enumerate(heads):
        sheet.put(sheet.row, i, head, "head")
    sheet.row += 1
    mine = table[table["place"] == POOL] if "place" in table else table
    for record in mine.to_dict("records"):
        sheet.put(sheet.row, 0, str(record["label"]))
        sheet.put(sheet.row, 1, str(record["unit"]).replace("money", found.currency))
        style = _style_of(str(record["unit"]))
        for i, case in enumerate(found.cases, start=2):
            value = record.get(case)
            if value is not None and (isinstance(value, str) or is_known(value)):
                sheet.put(sheet.row, i, value, style)
        sheet.row += 1


def _style_of(unit: str) -> Style:
    if unit.startswith("1/y"):
        return "share"
    return "money" if unit.startswith("money") and "/" not in unit else "factor"


def write_front(book: Any, made: FinancialBook) -> None:
    """Write the first sheet with its charts."""
    looks = formats(book)
    page = book.add_worksheet(made.front.name)
    write_sheet(page, made.front, looks)
    page.set_column(0, 0, 62)
    page.set_column(1, len(SHOWN), 15)
    for row in (made.first_figure - 1, made.cases_at):
        page.set_row(row, HEAD_HEIGHT)
    currency = made.currency
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.hide_gridlines(2)
    at = made.charts_at
    page.insert_chart(at, 0, _cash_chart(book, made, currency))
    page.insert_chart(at, 4, _cover_chart(book, made))
    page.insert_chart(at + CHART_ROWS, 0, _value_chart(book, made, currency))
    page.insert_chart(at + CHART_ROWS, 4, _owed_chart(book, made, currency))


def write_others(book: Any, made: FinancialBook) -> None:
    """Write inputs, facilities and checks."""
    looks = formats(book)
    for sheet in made.others:
        page = book.add_worksheet(sheet.name)
        write_sheet(page, sheet, looks)
        page.set_column(0, 0, 44)
        page.set_column(1, 1, 12)
        page.set_column(2, 60, 13)
        page.set_landscape()
        page.fit_to_pages(1, 0)
        page.freeze_panes(3, 1 if sheet is made.inputs.sheet else 3)


def _cash_chart(book: Any, made: FinancialBook, currency: str) -> Any:
    cash = made.pool.made.cash
    chart = book.add_chart({"type": "column", "subtype": "stacked"})
    plotted = ("gate_fees", "electricity", "other_sales")
    for hue, name in zip(COLOURS, plotted, strict=False):
        chart.add_series(_series(getattr(cash, name), cash.years, hue))
    line = book.add_chart({"type": "line"})
    for hue, name in (("#101820", "equity"), ("#d55e00", "project")):
        look = _series(getattr(cash, name), cash.years, hue)
        line.add_series({**look, "line": {"color": hue, "width": 2}})
    chart.combine(line)
    chart.set_title({"name": "Revenue, and cash of project and owners"})
    return _laid_out(chart, f"million {currency} of the year")


def _cover_chart(book: Any, made: FinancialBook) -> Any:
    """DSCR in the years that have debt service; empty text would be drawn as zero."""
    cover = made.pool.figures.dscr
    served = [i for i, c in enumerate(cover.cells) if not isinstance(c.value, str)]
    chart = book.add_chart({"type": "line"})
    if served:
        first, end = served[0], served[-1] + 1
        years = made.pool.made.cash.years
        chart.add_series(
            {
                "name": made.pool.made.name,
                "categories": "=" + years.part(first, end).text,
                "values": "=" + cover.part(first, end).text,
                "line": {"width": 2.5, "color": COLOURS[4]},
            }
        )
    chart.set_title({"name": "Debt service cover, all facilities (0 to 5 shown)"})
    chart.set_y_axis({"min": 0, "max": 5})
    return _laid_out(chart, "")


def _value_chart(book: Any, made: FinancialBook, currency: str) -> Any:
    chart = book.add_chart({"type": "bar"})
    first, last = made.first_figure, made.first_figure + len(made.parts) - 1
    for column, hue in ((1, COLOURS[4]), (3, COLOURS[3])):
        chart.add_series(
            {
                "name": [FRONT, first - 1, column],
                "categories": [FRONT, first, 0, last, 0],
                "values": [FRONT, first, column, last, column],
                "fill": {"color": hue},
            }
        )
    chart.set_title({"name": "Net present value by facility"})
    small = {"num_font": {"size": 7}, "interval_unit": 1}
    chart.set_y_axis({"reverse": True, "label_position": "low", **small})
    return _laid_out(chart, "", x_name=f"million {currency}", numbers=MILLIONS)


def _owed_chart(book: Any, made: FinancialBook, currency: str) -> Any:
    cash = made.pool.made.cash
    chart = book.add_chart({"type": "area"})
    chart.add_series(_series(cash.balance, cash.years, COLOURS[2]))
    chart.set_title({"name": "Debt owed at the end of the year"})
    return _laid_out(chart, f"million {currency} of the year")


def _series(line: Line, years: Line, hue: str) -> dict[str, Any]:
    return {
        "name": line.label,
        "categories": "=" + years.range.text,
        "values": "=" + line.range.text,
        "fill": {"color": hue},
    }


def _laid_out(chart: Any, unit: str, *, x_name: str = "", numbers: str = "") -> Any:
    chart.set_size({"width": 660, "height": 380})
    chart.set_legend({"position": "bottom", "font": {"size": 8}})
    lines = {"visible": True, "line": {"color": "#d5dce3", "width": 0.5}}
    if unit:
        chart.set_y_axis(
            {"name": unit, "major_gridlines": lines, "num_format": MILLIONS}
        )
    axis = {"label_position": "low", "num_font": {"size": 8}}
    if numbers:
        axis |= {"num_format": numbers, "major_gridlines": lines}
    chart.set_x_axis({**axis, "name": x_name} if x_name else axis)
    return chart
