"""Depreciation, tax, and the cash of a project and its owners, by formulas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wasteplan.finance.project import REVENUES
from wasteplan.report.financial_cash import Cash, FacilitySheet, Own, Writer
from wasteplan.report.financial_loans import LoanLines, summed
from wasteplan.report.formulas import (
    Formula,
    Operand,
    Range,
    either,
    largest,
    number,
    smallest,
    total,
)
from wasteplan.report.ledger import Line

LOAN_NAMES = {
    "drawn": "loans drawn",
    "capitalised": "interest added to loans",
    "fees": "fees of loans",
    "guarantee": "of these, with the debt service",
    "interest": "interest paid",
    "principal": "principal repaid",
}


@dataclass(frozen=True)
class Before:
    """What is known of a facility before tax and results."""

    level: Line
    works: Line
    opening: Formula
    paid: Line
    sales: dict[str, Line]
    made: dict[str, Line]
    """Sums of sales (`sold`) and operating cost (`spent`), and capital lines."""
    before_tax: Line
    loans: tuple[LoanLines, ...]


def results(w: Writer, b: Before) -> FacilitySheet:
    """Write tax, cash of the project and cash of the owners below a facility's lines.

    Tax is on revenue less operating cost, interest, fees and depreciation, never below
    0, less losses of the years before that still count.
    """
    made, n = b.made, w.n
    debt = {
        name: w.line(label, [summed([getattr(x, name) for x in b.loans], i) for i in n])
        for name, label in LOAN_NAMES.items()
    }
    owed = [summed([loan.balance for loan in b.loans], i) for i in n]
    balance = w.sheet.line("owed at the end of the year", "", owed, is_summed=False)
    grant = w.line("grants", [w.facility.grant_share * made["capex"][i] for i in n])
    spent, written = _depreciation(w, b, debt["capitalised"], grant)
    costs = (
        *(made["spent"], made["vat_running"], debt["interest"], debt["fees"]),
        written,
    )
    profit = w.line(
        "profit before tax", [less(made["sold"][i], [c[i] for c in costs]) for i in n]
    )
    rate = w.rules.tax_rate * w.facility.is_taxed
    taxed = _taxed(w, profit)
    tax = w.line("tax", [rate * taxed[i] for i in n])
    own = Own(profit, b.paid, rate, spent, written, _follows(w))
    cash = _cash(w, b, debt, balance, grant, tax)
    return FacilitySheet(w.sheet, w.facility.name, cash, b.loans, own)


def _follows(w: Writer) -> Formula:
    """Whether a loan follows the cash, or losses are carried: a fee has to be tried."""
    sculpted = [loan["repayment"] > 2 for loan in w.facility.loans]
    return either(w.rules.loss_carry_forward_y > 0, *sculpted)


def _taxed(w: Writer, profit: Line) -> Line:
    """Profit less losses that have not lapsed, oldest first, as `taxable_profit`."""
    n, years, sheet = w.n, w.years, w.sheet
    losses = w.line("losses", [largest(0 - profit[i], 0) for i in n])
    row = sheet.row
    rows = {"gone": row, "used": row + 1}
    lapsed: list[Formula] = []
    used: list[Formula] = []
    for i in n:
        before: Operand = 0.0
        if i:
            left = Formula(
                sheet.at(rows["gone"], sheet.column + i - 1), lapsed[-1].value
            )
            more = Formula(sheet.at(rows["used"], sheet.column + i - 1), used[-1].value)
            before = left + more
        old = _older(losses, w.years, years[i], w.rules.loss_carry_forward_y)
        lapsed.append(largest(before, old))
        here = Formula(sheet.at(rows["gone"], sheet.column + i), lapsed[-1].value)
        past = total(losses.part(0, i)) if i else 0.0
        free = largest(past - here, 0) if i else Formula("0", 0.0)
        used.append(smallest(largest(profit[i], 0), free))
    sheet.line("losses used or lapsed before the year", "", lapsed, is_summed=False)
    line = w.line("losses set against profit", used)
    return w.line("profit that is taxed", [largest(profit[i], 0) - line[i] for i in n])


def _older(losses: Line, years: Line, year: Formula, span: Formula) -> Formula:
    """Losses that are too old to count in a year."""
    words = (
        f"SUMPRODUCT({losses.range.text}*({years.range.text}<{year.text}-{span.text}))"
    )
    now = number(year) - number(span)
    pairs = zip(losses.values, years.values, strict=True)
    return Formula(words, sum(loss for loss, y in pairs if y < now))


def _depreciation(
    w: Writer, b: Before, capitalised: Line, grant: Line
) -> tuple[Line, Line]:
    """Money spent less grants, and its straight line from the opening."""
    n, made, life = w.n, b.made, w.rules.depreciation_y
    spent = w.line(
        "spending that is written off",
        [
            made["capex"][i]
            - grant[i]
            + made["vat_capex"][i]
            + capitalised[i]
            + made["replacement"][i] * (1 + w.rules.vat)
            for i in n
        ],
    )
    starts = [largest(w.years[i] + 1, b.opening) for i in n]
    start = w.sheet.line(
        "written off from", "year", starts, "input_year", is_summed=False
    )
    written = [_written_off(spent.range, start.range, w.years[i], life) for i in n]
    return spent, w.line("depreciation", written)


def _cash(
    w: Writer,
    b: Before,
    debt: dict[str, Line],
    balance: Line,
    grant: Line,
    tax: Line,
) -> Cash:
    """Cash for debt service, of the project and of the owners."""
    n, made, rules = w.n, b.made, w.rules
    available = w.line(
        "cash available for debt service",
        [b.works[i] * (b.before_tax[i] - tax[i]) for i in n],
    )
    minus = (tax, made["capex"], made["vat_capex"], made["land"])
    project = w.line(
        "cash of the project",
        [less(b.before_tax[i], [m[i] for m in minus]) + made["salvage"][i] for i in n],
        is_total=True,
    )
    paid = (debt["fees"], debt["interest"], debt["principal"])
    equity = w.line(
        "cash of the owners",
        [
            less(project[i] + grant[i] + debt["drawn"][i], [p[i] for p in paid])
            for i in n
        ],
        is_total=True,
    )
    others = [b.sales[k] for k in REVENUES if k not in ("gate_fees", "electricity")]
    factors = [(1 + rules.discount_rate) ** (rules.base_year - w.years[i]) for i in n]
    return Cash(
        years=w.years,
        level=b.level,
        discount=w.line("discount factor, real", factors, "-"),
        tonnes=w.facility.lines["tonnes"],
        mwh=w.facility.lines["mwh"],
        gate_fees=b.sales["gate_fees"],
        electricity=b.sales["electricity"],
        other_sales=w.line("other sales", [summed(others, i) for i in n]),
        expenses=made["spent"],
        **{k: made[k] for k in ("capex", "land", "replacement", "closure", "salvage")},
        **{k: debt[k] for k in ("interest", "principal", "guarantee", "fees", "drawn")},
        grant=grant,
        balance=balance,
        vat=w.line(
            "value-added tax",
            [
                made["vat_running"][i] + made["vat_capex"][i] + made["vat_later"][i]
                for i in n
            ],
        ),
        tax=tax,
        available=available,
        project=project,
        equity=equity,
    )


def less(start: Formula, parts: Sequence[Formula]) -> Formula:
    """A figure less several others."""
    for part in parts:
        start = start - part
    return start


def _written_off(spent: Range, start: Range, year: Formula, life: Formula) -> Formula:
    """Straight line of everything that is being written off in a year."""
    words = (
        f"SUMPRODUCT({spent.text}*({start.text}<={year.text})"
        f"*({year.text}<{start.text}+{life.text}))/{life.text}"
    )
    now, span = number(year), number(life)
    value = sum(
        number(s) / span
        for s, f in zip(spent.cells, start.cells, strict=True)
        if number(f) <= now < number(f) + span
    )
    return Formula(words, value)
