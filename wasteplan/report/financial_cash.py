"""What a cash sheet of a facility holds, and how its lines are laid out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wasteplan.report.financial_inputs import FacilityInputs, Inputs, Rules
from wasteplan.report.financial_loans import LoanLines
from wasteplan.report.formulas import Formula, Operand
from wasteplan.report.ledger import Line, Sheet, Style


@dataclass(frozen=True)
class Cash:
    """Lines of a facility, or of all of them together.  [money of the year]"""

    years: Line
    level: Line
    discount: Line
    tonnes: Line
    mwh: Line
    gate_fees: Line
    electricity: Line
    other_sales: Line
    expenses: Line
    capex: Line
    land: Line
    replacement: Line
    closure: Line
    salvage: Line
    interest: Line
    principal: Line
    guarantee: Line
    fees: Line
    drawn: Line
    grant: Line
    balance: Line
    vat: Line
    tax: Line
    available: Line
    project: Line
    equity: Line


@dataclass(frozen=True)
class Own:
    """Lines that only a single facility has."""

    profit: Line
    """Taxed if positive."""
    paid: Line
    """Tonnes that are paid for at the gate.  [t/y]"""
    tax_rate: Formula
    spent: Line
    written_off: Line
    follows: Formula
    """Whether debt or tax follow the cash of other years (1): a fee is then tried."""


@dataclass(frozen=True)
class FacilitySheet:
    """A finished cash sheet and what figures and checks read."""

    sheet: Sheet
    name: str
    cash: Cash
    loans: tuple[LoanLines, ...]
    own: Own | None
    """None for all facilities together."""


class Writer:
    """Lays out one facility."""

    def __init__(self, sheet: Sheet, inputs: Inputs, facility: FacilityInputs) -> None:
        self.sheet = sheet
        self.rules: Rules = inputs.rules
        self.facility = facility
        self.money = inputs.money
        self.n = range(len(inputs.years))
        self.years = sheet.years([inputs.years[i] for i in self.n], "year")

    def running(self, start: Formula, factors: Sequence[Formula]) -> list[Formula]:
        """A product that grows from year to year, for the line that comes next."""
        row, made = self.sheet.row, [start * factors[0]]
        for i, factor in enumerate(factors[1:]):
            before = Formula(self.sheet.at(row, self.sheet.column + i), made[-1].value)
            made.append(before * factor)
        return made

    def line(
        self,
        label: str,
        amounts: Sequence[Operand],
        unit: str = "",
        *,
        is_total: bool = False,
    ) -> Line:
        """A line of the facility."""
        style: Style = "total" if is_total else "money"
        if unit == "-":
            style = "factor"
        return self.sheet.line(label, unit, amounts, style, is_summed=unit != "-")
