"""The sheet of inputs: every number that the financial sheets calculate from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from wasteplan.finance.appraisal_result import AppraisalResult, Basis
from wasteplan.finance.project import EXPENSES, REVENUES, Project
from wasteplan.report.financial_money import Money, money_lines
from wasteplan.report.financial_terms import TermsTable, terms_table
from wasteplan.report.formulas import Formula, Operand, formula
from wasteplan.report.ledger import Line, Sheet, Style

STATUS, SOURCE, FIRST = 3, 4, 5
"""Columns of the sheet; years and cases begin at the last one."""
COST_TERMS = {
    "capex": "capital",
    "replacement": "capital",
    "closure": "capital",
    "salvage": "capital",
    "land": "land",
    "electricity": "electricity",
    "energy": "electricity",
    "fuel_saved": "fuel",
    "products": "sales",
    "fixed_om": "fixed_om",
    "variable_om": "variable_om",
    "residues": "haul",
    "after_care": "after_care",
}
"""Term of the cost table whose status a line has."""
LINE_NAMES = {
    "electricity": "electricity sold",
    "fuel_saved": "coal saved",
    "products": "products sold",
    "carbon_credits": "carbon credits",
    "support": "results-based payments",
    "producer_fees": "fees of producers and product credits",
    "fixed_om": "fixed operation and maintenance",
    "variable_om": "variable operation and maintenance",
    "energy": "electricity and fuel bought",
    "residues": "outputs hauled and disposed of",
    "after_care": "after-care fund",
}
PER_TONNE = frozenset({"fuel_saved", "products", "variable_om", "energy", "residues"})
WHERE_FROM = "plan and evaluation: sheets costs by year and assumptions"


RULES: tuple[tuple[str, str, str, Style], ...] = (
    ("base_year", "base year", "year", "input_year"),
    ("price_year", "price year", "year", "input_year"),
    ("inflation", "inflation", "1/y", "input_share"),
    ("discount_rate", "discount rate, real", "1/y", "input_share"),
    ("return_target", "return on equity asked, nominal", "1/y", "input_share"),
    ("tax_rate", "tax on profit", "1/y", "input_share"),
    ("depreciation_y", "depreciation", "y", "input"),
    ("working_capital_d", "working capital, days of cost", "d", "input"),
    ("put_or_pay", "tonnes paid in any case, of those planned", "-", "input_share"),
    ("loss_carry_forward_y", "years in which a loss counts", "y", "input"),
)
"""Settings by name: label, unit, look."""


@dataclass(frozen=True)
class Rules:
    """What holds for all facilities."""

    case: Formula
    base_year: Formula
    price_year: Formula
    inflation: Formula
    discount_rate: Formula
    return_target: Formula
    tax_rate: Formula
    depreciation_y: Formula
    working_capital_d: Formula
    put_or_pay: Formula
    loss_carry_forward_y: Formula
    vat: Formula
    """Value-added tax that is not given back, of net prices."""
    dscr_target: Formula
    dscr_limit: Formula


@dataclass(frozen=True)
class FacilityInputs:
    """What one facility costs and earns in money of the price year."""

    project: Project
    name: str
    last_work: Formula
    is_taxed: Formula
    openings: tuple[Formula, ...]
    stages: tuple[Line, ...]
    lines: Mapping[str, Line]
    per_unit: Mapping[str, str]
    """`tonnes` or `mwh` for lines that are prices; the others are amounts."""
    grant_share: Formula
    loans: tuple[Mapping[str, Formula], ...]
    """Terms in force of each loan."""
    added_fee: Formula
    """Added to the gate fee of all years, to try.  [money/t]"""
    needed_fee: Formula
    """What the appraisal adds for the return on equity, in the case in force."""


@dataclass(frozen=True)
class Inputs:
    """The finished sheet and the cells that others read."""

    sheet: Sheet
    rules: Rules
    facilities: tuple[FacilityInputs, ...]
    years: Line
    money: Money


def inputs_sheet(found: AppraisalResult, basis: Basis, costs: pd.DataFrame) -> Inputs:
    """Lay out the inputs, each with unit, status and source.

    Parameters
    ----------
    found, basis
        The appraisal and what it was made from.
    costs
        Cost table of the evaluation, for the status of the lines.
    """
    sheet = Sheet("financial inputs", column=FIRST, third="value")
    sheet.title(
        "Inputs of the financial sheets",
        "Blue on cream may be changed; all financial sheets follow. Lines are in "
        f"{found.currency} of {found.price_year} unless their unit says otherwise.",
    )
    for column, head in enumerate(("input", "unit", "value", "status", "source")):
        sheet.put(sheet.row, column, head, "head")
    sheet.row += 1
    rules = _rules(sheet, found, basis)
    book = terms_table(sheet, found.cases, basis, rules.case)
    years = sheet.years([int(y) for y in basis.projects[0].years], "year")
    money = money_lines(sheet, basis, rules.inflation)
    known = _statuses(costs)
    facilities = tuple(
        _facility(sheet, i, found, basis, known, book)
        for i in range(len(basis.projects))
    )
    return Inputs(sheet, rules, facilities, years, money)


def _rules(sheet: Sheet, found: AppraisalResult, basis: Basis) -> Rules:
    business = basis.business
    origin = _origins(found.inputs)

    def one(name: str, label: str, unit: str, value: Operand, style: Style) -> Formula:
        known = origin.get(name) or origin.get(f"{name}_per_y")
        status, source = known or ("stated", "")
        sheet.put(sheet.row, STATUS, status)
        sheet.put(sheet.row, SOURCE, source)
        return sheet.value(label, unit, value, style)

    case = one("case", "financing case in force (number)", "-", 1, "input")
    values = {
        name: one(name, label, unit, float(getattr(business, name)), look)
        for name, label, unit, look in RULES
    }
    vat = "value-added tax that is not given back"
    values["vat"] = one("vat_rate", vat, "-", business.vat_unrecovered, "input_share")
    for name, label, amount in (
        ("dscr_target", "cover that the gate fee is to give", basis.dscr_target),
        ("dscr_limit", "lowest cover lenders accept", basis.dscr_limit),
    ):
        known = amount if np.isfinite(amount) else 0.0
        values[name] = one(name, label, "-", known, "input")
    return Rules(case=case, **values)


def _facility(
    sheet: Sheet,
    place: int,
    found: AppraisalResult,
    basis: Basis,
    known: Mapping[tuple[str, str], str],
    book: TermsTable,
) -> FacilityInputs:
    project, currency = basis.projects[place], found.currency
    name = found.place_names.get(project.id, project.id)
    sheet.gap()
    sheet.title(name)
    sheet.years([int(y) for y in project.years], project.id)

    def one(label: str, unit: str, value: float, style: Style) -> Formula:
        sheet.put(sheet.row, STATUS, "derived")
        sheet.put(sheet.row, SOURCE, "plan: sheet builds")
        return sheet.value(label, unit, value, style)

    openings = tuple(
        one(f"first year of work, stage {i}", "year", opening, "input_year")
        for i, (opening, _) in enumerate(project.stages, start=1)
    )
    last = one("last year of work", "year", project.last_work, "input_year")
    taxed = one("taxed (1) or not (0)", "-", float(project.is_taxed), "input")

    def line(label: str, unit: str, values: np.ndarray, term: str) -> Line:
        status = known.get((project.id, COST_TERMS.get(term, term)), "derived")
        sheet.put(sheet.row, STATUS, status)
        sheet.put(sheet.row, SOURCE, WHERE_FROM)
        return sheet.line(
            label, unit, _chained(sheet, values), "input", is_summed=False
        )

    stages = tuple(
        line(f"construction, stage {i}", currency, cost, "capex")
        for i, (_, cost) in enumerate(project.stages, start=1)
    )
    lines, per_unit = {}, {}
    for key, label, unit, values in _quantities(project, currency):
        lines[key] = line(label, unit, values, key)
    for key in (*(r for r in REVENUES if r != "gate_fees"), *EXPENSES):
        driver, unit, values = _priced(project, key)
        if driver:
            per_unit[key] = driver
        lines[key] = line(LINE_NAMES[key], f"{currency}{unit}", values, key)
    grant, loans = book.of_facility(sheet, [case[place] for case in basis.cases])
    per_t = f"{currency}/t"
    label = "gate fee to be added in all years, to try"
    added = sheet.value(label, per_t, 0.0, "input")
    needed = book.by_case(
        sheet, "gate fee added for the return on equity, as delivered", per_t,
        [np.nan_to_num(fee_needed(found, project.id, c)) for c in found.cases],
    )  # fmt: skip
    return FacilityInputs(
        project, name, last, taxed, openings, stages, lines, per_unit, grant, loans,
        added, needed,
    )  # fmt: skip


def _quantities(
    project: Project, currency: str
) -> tuple[tuple[str, str, str, np.ndarray], ...]:
    """Tonnes, power, fee and capital lines: key, label, unit, values."""
    return (
        ("tonnes", "taken in", "t/y", project.tonnes),
        ("planned", "planned to be taken in", "t/y", project.planned_tonnes),
        ("gate_fee", "gate fee", f"{currency}/t", project.gate_fee),
        ("mwh", "electricity exported", "MWh/y", project.electricity_mwh),
        ("land", "land bought (given back)", currency, project.land),
        ("replacement", "renewal of parts", currency, project.real["replacement"]),
        ("closure", "closure", currency, project.real["closure"]),
        ("salvage", "worth left at the end", currency, project.salvage),
    )


def fee_needed(found: AppraisalResult, place: str, case: str) -> float:
    """What the fee must rise by for the return on equity; NaN if none gives it."""
    try:
        needed, now = (
            found.indicator(id, place, case)
            for id in ("gate_fee_for_return", "gate_fee")
        )
    except KeyError:
        return float("nan")
    return needed - now


def _priced(project: Project, key: str) -> tuple[str, str, np.ndarray]:
    """A line as a price where it has a quantity in all its years."""
    amounts = np.asarray(project.real[key], float)
    driver, unit, quantity = "", "/y", np.zeros_like(amounts)
    if key in PER_TONNE:
        driver, unit, quantity = "tonnes", "/t", project.tonnes
    elif key == "electricity":
        driver, unit, quantity = "mwh", "/MWh", project.electricity_mwh
    if not driver or bool(np.any((amounts != 0) & (quantity == 0))):
        return "", "/y", amounts
    safe = np.where(quantity == 0, 1.0, quantity)
    return driver, unit, amounts / safe


def _chained(sheet: Sheet, values: np.ndarray) -> list[Operand]:
    """Numbers; one that repeats the year before points at it, so one cell moves all."""
    made: list[Operand] = []
    for i, value in enumerate(values):
        before = float(formula(made[-1]).value) if made else 0.0
        if value and _alike(float(value), before):
            named = sheet.at(sheet.row, sheet.column + i - 1)
            made.append(Formula(named, before))
        else:
            made.append(float(value))
    return made


def _alike(one: float, other: float) -> bool:
    return abs(one - other) <= 1e-12 * abs(one)


def _origins(inputs: pd.DataFrame) -> dict[str, tuple[str, str]]:
    """Status and source of settings by their last word."""
    return {
        str(name).rpartition(".")[2]: (str(status), str(source))
        for name, status, source in zip(
            inputs.get("name", ()),
            inputs.get("status", ()),
            inputs.get("source", ()),
            strict=True,
        )
    }


def _statuses(costs: pd.DataFrame) -> dict[tuple[str, str], str]:
    """Weakest status by place and cost term."""
    if costs.empty:
        return {}
    pairs = costs[["place", "term", "status"]].drop_duplicates()
    return {
        (str(r.place), str(r.term)): str(r.status)
        for r in pairs.itertuples(index=False)
    }
