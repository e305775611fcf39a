"""The sheet of checks: sums, sources and uses, accounts, and the delivered figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from wasteplan.finance.appraisal_result import AppraisalResult
from wasteplan.report.financial_cash import FacilitySheet
from wasteplan.report.financial_figures import LABELS, TRIED, Figures
from wasteplan.report.financial_inputs import Rules
from wasteplan.report.formulas import (
    Formula,
    Operand,
    Range,
    choose,
    formula,
    largest,
    looked_up,
    magnitude,
    number,
    total,
)
from wasteplan.report.ledger import Line, Sheet

ACCOUNTS = "investment accounts"
"""Sheet with the accounts of the actors."""
TOLERANCE = 1e-6
FEE_PARTS = {
    "added_fee_for_return": ("gate_fee_for_return", "gate_fee"),
    "added_fee_for_dscr": ("gate_fee_for_dscr", "gate_fee"),
}
"""Indicators that are the difference of two of the appraisal."""
VALUE, EXPECTED, DIFFERENCE, HOLDS, FIRST_CASE = 2, 3, 4, 5, 6


@dataclass(frozen=True)
class Checked:
    """A facility, or all of them, with what is calculated for it."""

    place: str
    made: FacilitySheet
    figures: Figures


def checks_sheet(
    found: AppraisalResult,
    rules: Rules,
    parts: Sequence[Checked],
    pool: Checked,
    tried: Sequence[Checked] = (),
) -> tuple[Sheet, Formula]:
    """Lay out the checks.

    Returns
    -------
    The sheet, and how many checks fail.
    """
    sheet = Sheet("financial checks", column=FIRST_CASE)
    sheet.title("Checks", "A check holds if both sides agree to 1e-6 of their size.")
    failed = sheet.value("checks that fail", "", 0.0, "total")
    sheet.gap()
    _heads(sheet, ("check", "unit", "value", "expected", "difference", "holds"))
    first = sheet.row
    for part in parts:
        _of_facility(sheet, part)
    _of_pool(sheet, parts, pool)
    for part in tried:
        spent = total(part.made.cash.capex.range)
        words = "owners' NPV is 0 at the fee needed, told on top of construction"
        worth = spent + part.figures.cells["equity_npv"]
        _check(sheet, f"{part.made.name}: {words}", worth, spent)
    _of_accounts(sheet, found, rules)
    sheet.gap()
    sheet.title(
        "As delivered",
        "Figures of the appraisal itself, calculated without this workbook, for each "
        "financing case. They differ once an input is changed.",
    )
    _heads(sheet, ("indicator", "unit", "this workbook", "appraisal", "difference"))
    sheet.put(sheet.row - 1, HOLDS, "agrees", "head")
    for i, case in enumerate(found.cases):
        sheet.put(sheet.row - 1, FIRST_CASE + i, case, "head")
    last = sheet.row
    for part in (*parts, pool):
        _delivered(sheet, found, rules, part)
    count = _count(sheet, first, last)
    sheet.written[2, VALUE] = (count, "total")
    return sheet, Formula(failed.text, count.value)


def _heads(sheet: Sheet, words: Sequence[str]) -> None:
    for column, word in enumerate(words):
        sheet.put(sheet.row, column, word, "head")
    sheet.row += 1


def _count(sheet: Sheet, first: int, last: int) -> Formula:
    held = [
        content.value
        for (row, column), (content, _) in sheet.written.items()
        if column == HOLDS and first <= row < last and isinstance(content, Formula)
    ]
    corners = f"{sheet.at(first, HOLDS)}:{sheet.at(last - 1, HOLDS)}"
    cells = corners.replace(":" + sheet.prefix, ":")
    return Formula(f'COUNTIF({cells},"NO")', float(held.count("NO")))


def _check(
    sheet: Sheet, label: str, value: Operand, expected: Operand, unit: str = ""
) -> None:
    row = sheet.row
    sheet.put(row, 0, label)
    sheet.put(row, 1, unit, "note")
    one = sheet.put(row, VALUE, value, "good")
    other = sheet.put(row, EXPECTED, expected, "good")
    _verdict(sheet, row, one, other)
    sheet.row += 1


def _verdict(sheet: Sheet, row: int, one: Formula, other: Formula) -> None:
    """Difference and verdict; two figures that both do not exist agree."""
    are_numbers = not isinstance(one.value, str) and not isinstance(other.value, str)
    a, b = one.text, other.text
    both = f"AND(ISNUMBER({a}),ISNUMBER({b}))"
    gap = number(one) - number(other) if are_numbers else ""
    difference = sheet.put(row, DIFFERENCE, Formula(f'IF({both},{a}-{b},"")', gap))
    held = isinstance(one.value, str) and isinstance(other.value, str)
    if are_numbers:
        limit = TOLERANCE * max(1.0, abs(number(other)))
        held = abs(number(difference)) <= limit
    near = f"ABS({a}-{b})<={TOLERANCE:g}*MAX(1,ABS({b}))"
    neither = f"NOT(OR(ISNUMBER({a}),ISNUMBER({b})))"
    words = f'IF(IF({both},{near},{neither}),"yes","NO")'
    sheet.put(row, HOLDS, Formula(words, "yes" if held else "NO"))


def _of_facility(sheet: Sheet, part: Checked) -> None:
    """Balances of one facility."""
    name, cash, own = part.made.name, part.made.cash, part.made.own
    _check(
        sheet,
        f"{name}: NPV by the spreadsheet's own function",
        part.figures.net_present,
        part.figures.cells["npv"],
    )
    uses = _total(cash.capex, cash.land, cash.replacement, cash.closure, cash.expenses)
    uses = uses + _total(cash.vat, cash.tax, cash.fees, cash.interest, cash.principal)
    sources = _total(cash.gate_fees, cash.electricity, cash.other_sales, cash.salvage)
    sources = sources + _total(cash.grant, cash.drawn) - total(cash.equity.range)
    _check(sheet, f"{name}: sources of money equal its uses", sources, uses)
    owed = [loan.owed_at_end for loan in part.made.loans]
    if owed:
        left = magnitude(owed[0])
        for more in owed[1:]:
            left = left + magnitude(more)
        drawn = total(cash.drawn.range)
        _check(sheet, f"{name}: loans are repaid", left / largest(drawn, 1), 0.0)
    if own is not None:
        span, spent = total(own.written_off.range), total(own.spent.range)
        over = choose(span > spent * (1 + TOLERANCE), span - spent, 0)
        _check(sheet, f"{name}: no more written off than spent", over, 0.0)


def _total(*lines: Line) -> Formula:
    return total(*(line.range for line in lines))


def _of_pool(sheet: Sheet, parts: Sequence[Checked], pool: Checked) -> None:
    """Facilities add up."""
    for id in ("npv", "equity_npv"):
        whole: Operand = 0.0
        for i, part in enumerate(parts):
            cell = part.figures.cells[id]
            whole = whole + cell if i else cell
        label = f"all facilities: {LABELS[id][0]} is the sum of theirs"
        _check(sheet, label, pool.figures.cells[id], whole)


def _of_accounts(sheet: Sheet, found: AppraisalResult, rules: Rules) -> None:
    """Accounts of the actors sum to the cost of the system."""
    if found.actors.empty or found.system.empty:
        return
    cost = float((found.system["plan_real"] * found.system["discount_factor"]).sum())
    names = [c for c in found.cases if (found.actors["case"] == c).any()]
    for case in names:
        mine = found.actors[found.actors["case"] == case]
        whole = _of_actors(found.actors, {"case": case}, mine)
        label = f"accounts of all actors sum to the cost of the system, case {case}"
        _check(sheet, label, whole, cost)
        for kind in ("transfer", "finance"):
            part = mine[mine["kind"] == kind]
            between = _of_actors(found.actors, {"case": case, "kind": kind}, part)
            label = f"what is paid is received ({kind}), case {case}"
            _check(sheet, label, between, 0.0)


def _of_actors(
    frame: pd.DataFrame, chosen: dict[str, str], part: pd.DataFrame
) -> Formula:
    """SUMIFS over the sheet of accounts."""
    last = len(frame) + 1

    def column(name: str) -> str:
        letter = chr(ord("A") + list(frame.columns).index(name))
        return f"'{ACCOUNTS}'!${letter}$2:${letter}${last}"

    tests = []
    for name, value in chosen.items():
        doubled = value.replace('"', '""')
        tests.append(f'{column(name)},"{doubled}"')
    words = f"SUMIFS({column('present_value')},{','.join(tests)})"
    return Formula(words, float(part["present_value"].sum()))


def _delivered(
    sheet: Sheet, found: AppraisalResult, rules: Rules, part: Checked
) -> None:
    """What the appraisal says for each case, beside what the workbook calculates."""
    for id, cell in part.figures.cells.items():
        given = [_given(found, case, part.place, id) for case in found.cases]
        if all(g is None for g in given):
            continue
        row = sheet.row
        contents = [formula(g) if g is not None else Formula("", "") for g in given]
        cells = []
        for i, content in enumerate(contents):
            told: Operand | str = "none" if content.value == "" else number(content)
            if id in FEE_PARTS and has_followed(found, found.cases[i], part.place):
                told = TRIED
            cells.append(sheet.put(row, FIRST_CASE + i, told, "good"))
        label, unit, _ = LABELS[id]
        unit = unit.replace("money", found.currency)
        sheet.put(row, 0, f"{part.made.name}: {label}")
        sheet.put(row, 1, unit, "note")
        span = Range(f"{cells[0].text}:{cells[-1].text}", tuple(cells))
        span = Range(span.text.replace(":" + sheet.prefix, ":"), span.cells)
        one = sheet.put(row, VALUE, cell, "good")
        other = sheet.put(row, EXPECTED, looked_up(span, rules.case), "good")
        _verdict(sheet, row, one, other)
        sheet.row += 1


def has_followed(found: AppraisalResult, case: str = "", place: str = "") -> bool:
    """Whether a loan follows the cash, or losses are carried forward.

    A higher fee then changes other years too.
    """
    basis = found.basis
    if basis is None:
        return False
    names = [p.id for p in basis.projects]
    return basis.business.loss_carry_forward_y > 0 or any(
        fund.repayment == "sculpted"
        for name, cases in zip(found.cases, basis.cases, strict=True)
        for own, each in zip(names, cases, strict=True)
        for fund in each.debt
        if case in ("", name) and place in ("", own)
    )


def _given(found: AppraisalResult, case: str, place: str, id: str) -> float | None:
    """A figure of the appraisal; None if it has none."""
    try:
        if id in FEE_PARTS:
            needed, now = (found.indicator(i, place, case) for i in FEE_PARTS[id])
            value = needed - now
        else:
            value = found.indicator(id, place, case)
    except KeyError:
        return None
    return value if value == value else None
