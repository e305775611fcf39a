"""A loan as lines of formulas: draws, interest, fees, repayment in three profiles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wasteplan.report.formulas import (
    Formula,
    Operand,
    both,
    choose,
    largest,
    pick,
    product_sum,
    smallest,
    total,
)
from wasteplan.report.ledger import Line, Sheet, Style

NEVER = 9999
"""Year of the first draw of a loan that is not drawn."""


@dataclass(frozen=True)
class LoanLines:
    """What a loan does to the cash.  [money of the year]"""

    drawn: Line
    capitalised: Line
    fees: Line
    guarantee: Line
    interest: Line
    principal: Line
    balance: Line
    owed_at_end: Formula
    """In the money of the loan; 0 when it is repaid."""


@dataclass
class _Loan:
    """What the lines of one loan share while they are laid out."""

    sheet: Sheet
    terms: Mapping[str, Formula]
    years: Line
    works: Line
    first: Formula
    start: Formula
    end: Formula
    paths: tuple[Line, ...]

    def line(self, label: str, amounts: Sequence[Operand], unit: str = "") -> Line:
        style: Style = "factor" if unit in ("-", "1/y") else "money"
        return self.sheet.line(label, unit, amounts, style, is_summed=not unit)


def loan_block(
    sheet: Sheet,
    name: str,
    terms: Mapping[str, Formula],
    *,
    years: Line,
    opening: Formula,
    cost: Line,
    money: Line,
    paths: Sequence[Line] = (),
) -> LoanLines:
    """Write a loan below what the sheet has.

    Draws and payments fall at the end of years; tenor and grace count from the first
    draw.  Until the plant works interest is added to the loan.  In the loan's own
    currency a year's principal is the balance over the years left, an annuity, or what
    keeps the cover of all years the same.

    Parameters
    ----------
    terms
        In force, as `TERMS` names them.
    years
        Calendar years.
    opening
        First year of work of what the loan pays for.
    cost
        Capital cost that it bears a share of.  [money of the year]
    money
        Cash that a repayment in proportion to cash follows.  [money of the year]
    paths
        Worth of currencies by year.
    """
    sheet.gap()
    sheet.put(sheet.row, 0, name, "head")
    sheet.row += 1
    n = range(len(years))
    drawn = sheet.line("drawn", "", [terms["share"] * cost[i] for i in n])
    dates = [choose(drawn[i] > 0, years[i], NEVER) for i in n]
    dated = sheet.line("year, if drawn", "year", dates, "factor", is_summed=False)
    works = sheet.line(
        "works",
        "-",
        [choose(years[i] >= opening, 1, 0) for i in n],
        "factor",
        is_summed=False,
    )
    first = sheet.value("first draw", "year", smallest(dated.range), "input_year")
    start = sheet.value(
        "first repayment",
        "year",
        largest(first + terms["grace"] + 1, opening),
        "input_year",
    )
    end = sheet.value("last repayment", "year", first + terms["tenor"], "input_year")
    loan = _Loan(sheet, terms, years, works, first, start, end, tuple(paths))
    return _lines(loan, drawn, money)


def _lines(loan: _Loan, drawn: Line, money: Line) -> LoanLines:
    n, years, terms = range(len(loan.years)), loan.years, loan.terms
    exchange = _exchange(loan)
    own = loan.line(
        "drawn, money of the loan", [drawn[i] / exchange[i] for i in n], "own"
    )
    in_grace = [years[i] <= loan.first + terms["grace"] for i in n]
    rate = loan.line(
        "interest rate",
        [choose(t, terms["grace_interest"], terms["interest"]) for t in in_grace],
        "1/y",
    )
    cover, weights = _cover(loan, own, rate, exchange, money)
    opening, capitalised, principal, balance = _balances(
        loan, own, rate, cover, weights
    )
    interest = [opening[i] * rate[i] * loan.works[i] * exchange[i] for i in n]
    guarantee = [terms["guarantee"] * opening[i] * exchange[i] for i in n]
    sums = [total(drawn.part(0, i)) if i else None for i in n]
    undrawn = [
        total(drawn.range) if s is None else total(drawn.range) - s for s in sums
    ]
    fees = [
        guarantee[i]
        + choose(years[i] > loan.first, terms["commitment"] * undrawn[i], 0)
        + choose(
            both(years[i] >= loan.first, years[i] <= loan.first),
            terms["upfront"] * total(drawn.range),
            0,
        )
        for i in n
    ]
    return LoanLines(
        drawn=drawn,
        capitalised=loan.line(
            "interest added to the loan", [capitalised[i] * exchange[i] for i in n]
        ),
        fees=loan.line("fees paid", fees),
        guarantee=loan.line(
            "of these, with the debt service",
            [g * loan.works[i] for i, g in enumerate(guarantee)],
        ),
        interest=loan.line("interest paid", interest),
        principal=loan.line(
            "principal repaid", [principal[i] * exchange[i] for i in n]
        ),
        balance=loan.line(
            "owed at the end of the year",
            [balance[i] * exchange[i] for i in n],
            "money",
        ),
        owed_at_end=balance[len(years) - 1],
    )


def _exchange(loan: _Loan) -> Line:
    """Scenario's money per unit owed: by its yearly gain, and by its path."""
    years, gain, path = loan.years, loan.terms["gain"], loan.terms["path"]
    n = range(len(years))
    grown: list[Formula] = [(1 + gain) ** largest(years[i] - loan.first, 0) for i in n]
    if loan.paths:
        worth = loan.line(
            "worth of its currency",
            [pick(path + 1, 1, *(p[i] for p in loan.paths)) for i in n],
            "own",
        )
        start = [
            choose(both(years[i] >= loan.first, years[i] <= loan.first), worth[i], 0)
            for i in n
        ]
        at_first = total(loan.line("of these, at the first draw", start, "own").range)
        grown = [
            choose(years[i] > loan.first, grown[i] * worth[i] / at_first, 1) for i in n
        ]
    return loan.line("exchange, relative to the first draw", grown, "-")


def _cover(
    loan: _Loan, own: Line, rate: Line, exchange: Line, money: Line
) -> tuple[Formula, Line]:
    """Cover that a repayment in proportion to cash has, and the cash it follows."""
    sheet, years, terms = loan.sheet, loan.years, loan.terms
    n = range(len(years))
    row = sheet.row
    grown: list[Formula] = []
    for i in n:
        kept: Operand = 0.0
        if i:
            before = Formula(sheet.at(row, sheet.column + i - 1), grown[i - 1].value)
            kept = before * (1 + rate[i] * (1 - loan.works[i]))
        grown.append(own[i] + kept)
    unpaid = loan.line("owed if nothing is repaid, money of the loan", grown, "own")
    at_start = loan.line(
        "year before the first repayment (1)",
        [
            choose(both(years[i] >= loan.start - 1, years[i] <= loan.start - 1), 1, 0)
            for i in n
        ],
        "-",
    )
    discount = loan.line(
        "discount in the years of repayment",
        [
            choose(
                both(years[i] >= loan.start, years[i] <= loan.end),
                (1 + terms["interest"]) ** (loan.start - years[i] - 1),
                0,
            )
            for i in n
        ],
        "-",
    )
    cash = loan.line(
        "cash, money of the loan",
        [largest(money[i], 0) / exchange[i] for i in n],
        "own",
    )
    has_cash = product_sum(cash.range, discount.range) > 0
    weights = loan.line(
        "cash to follow, money of the loan",
        [choose(has_cash, cash[i], 1) for i in n],
        "own",
    )
    worth = product_sum(weights.range, discount.range)
    owed = product_sum(unpaid.range, at_start.range)
    cover = choose(both(worth > 0, owed > 0), worth / owed, 1)
    return sheet.value("cover that this gives", "-", cover, "factor"), weights


def _balances(
    loan: _Loan, own: Line, rate: Line, cover: Formula, weights: Line
) -> tuple[Line, Line, Line, Line]:
    """Opening, interest added, principal and balance in the money of the loan.

    Each line names the next ones, so their places are fixed before they are written.
    """
    sheet, n = loan.sheet, range(len(loan.years))
    rows = {name: sheet.row + i for i, name in enumerate(_ACCOUNT)}
    amounts: dict[str, list[Operand]] = {name: [] for name in _ACCOUNT}

    def cell(name: str, i: int) -> Formula:
        found = amounts[name][i]
        value = found.value if isinstance(found, Formula) else found
        return Formula(sheet.at(rows[name], sheet.column + i), value)

    for i in n:
        amounts["opening"].append(cell("balance", i - 1) if i else 0.0)
        opening = cell("opening", i)
        amounts["added"].append(opening * rate[i] * (1 - loan.works[i]))
        amounts["principal"].append(
            _principal(loan, i, opening + cell("added", i), rate[i], weights[i] / cover)
        )
        amounts["balance"].append(
            opening + cell("added", i) - cell("principal", i) + own[i]
        )
    made = [loan.line(label, amounts[name], "own") for name, label in _ACCOUNT.items()]
    return made[0], made[1], made[2], made[3]


_ACCOUNT = {
    "opening": "owed at the start, money of the loan",
    "added": "interest added, money of the loan",
    "principal": "repaid, money of the loan",
    "balance": "owed at the end, money of the loan",
}


def _principal(
    loan: _Loan, i: int, balance: Formula, rate: Formula, service: Formula
) -> Formula:
    """Principal of a year, by the code of the profile."""
    year = loan.years[i]
    left = loan.end + 1 - year
    annuity = choose(
        rate > 0, balance * rate / ((1 + rate) ** left - 1), balance / left
    )
    in_proportion = choose(left > 1, service - balance * rate, balance)
    part = pick(loan.terms["repayment"], balance / left, annuity, in_proportion)
    return choose(both(year >= loan.start, year <= loan.end), part, 0)


def summed(lines: Sequence[Line], i: int) -> Operand:
    """The sum of the same year of several lines."""
    found: Operand = 0.0
    for n, line in enumerate(lines):
        found = found + line[i] if n else line[i]
    return found
