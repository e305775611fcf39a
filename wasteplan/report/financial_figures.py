"""Indicators of a cash sheet, by formulas: value, return, cover, cost, fee needed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from wasteplan.report.financial_cash import Cash, FacilitySheet, Own
from wasteplan.report.financial_inputs import Rules
from wasteplan.report.formulas import (
    Formula,
    Operand,
    Range,
    both,
    choose,
    counted,
    either,
    excel_npv,
    is_number,
    largest,
    mean,
    number,
    product_sum,
    ratio,
    return_rate,
    sign,
    smallest,
    text,
    total,
)
from wasteplan.report.ledger import Line, Sheet, Style

STEPS = 10
"""Steps towards the fee needed; tax bends the line at most once a year, and each step
jumps to the end of a straight piece."""
NEVER = 9999
TRIED = "by trial"
"""Stands where a fee has no straight way: a sheet of its own tries that delivered."""
WHY_NOT = {"irr": "none", "dscr": "no debt", "t": "no tonnes", "kwh": "no power"}


@dataclass(frozen=True)
class Figures:
    """Cells of the indicators, named as the appraisal names them."""

    cells: dict[str, Formula]
    dscr: Line
    net_present: Formula
    """The spreadsheet's own NPV, for the checks."""


LABELS: dict[str, tuple[str, str, Style]] = {
    "npv": ("NPV of the project, real", "money", "money"),
    "irr": ("IRR of the project, real", "1/y", "share"),
    "equity_npv": ("NPV of the owners", "money", "money"),
    "equity_irr": ("IRR of the owners, nominal", "1/y", "share"),
    "dscr_min": ("lowest DSCR", "-", "cover"),
    "dscr_mean": ("mean DSCR", "-", "cover"),
    "llcr": ("loan-life cover, from when most is owed", "-", "cover"),
    "debt_max": ("debt at most", "money", "money"),
    "levelised_cost_per_t": ("levelised gross cost", "money/t", "factor"),
    "levelised_net_cost_per_t": ("levelised cost after sales", "money/t", "factor"),
    "levelised_cost_per_kwh": ("levelised cost of power", "money/kWh", "factor"),
    "added_fee_for_return": (
        "gate fee to be added for the return on equity",
        "money/t",
        "factor",
    ),
    "added_fee_for_dscr": (
        "gate fee to be added for the lowest DSCR",
        "money/t",
        "factor",
    ),
}
"""Label, unit and look of each indicator."""


def figures(made: FacilitySheet, rules: Rules, base: Formula, currency: str) -> Figures:
    """Write the indicators below the cash of a sheet.

    For all facilities together no fee is solved.
    """
    sheet, cash = made.sheet, made.cash
    n = range(len(cash.years))
    sheet.gap()
    sheet.put(sheet.row, 0, "Indicators: how they are made", "head")
    sheet.row += 1
    level = cash.level
    real = sheet.line(
        "cash of the project, real", "", [cash.project[i] / level[i] for i in n]
    )
    owners = _owners_factor(sheet, cash, rules, base)
    dscr, due = _cover(sheet, cash)
    cells: dict[str, Operand] = {
        "npv": product_sum(real.range, cash.discount.range),
        "irr": _rate(sheet, real, "project"),
        "equity_npv": product_sum(cash.equity.range, owners.range),
        "equity_irr": _rate(sheet, cash.equity, "owners"),
        "dscr_min": _or(dscr, smallest(dscr.range)),
        "dscr_mean": mean(dscr.range, WHY_NOT["dscr"]),
        "llcr": _loan_life(sheet, cash, dscr),
        "debt_max": largest(cash.balance.range),
        **_levelised(sheet, cash),
    }
    own = made.own
    if own is not None:
        worth = sheet.value("value for the owners", currency, cells["equity_npv"])
        for_return = _fee_for_return(sheet, own, level, owners, worth)
        for_cover = _fee_for_cover(sheet, own, cash, due, rules, dscr)
        for id, fee in (("return", for_return), ("dscr", for_cover)):
            cells[f"added_fee_for_{id}"] = choose(own.follows, text(TRIED), fee)
    sheet.gap()
    sheet.title("Indicators")
    written = {}
    for id, (label, unit, style) in LABELS.items():
        if id in cells:
            unit = unit.replace("money", currency)
            written[id] = sheet.value(label, unit, cells[id], style)
    return Figures(written, dscr, _excel_npv(rules, cash, real))


def _owners_factor(sheet: Sheet, cash: Cash, rules: Rules, base: Formula) -> Line:
    factors = [
        (1 + rules.return_target) ** (rules.base_year - cash.years[i]) / base
        for i in range(len(cash.years))
    ]
    label = "factor of the owners, to real money of the base year"
    return sheet.line(label, "-", factors, "factor", is_summed=False)


def _rate(sheet: Sheet, cash: Line, words: str) -> Formula:
    """IRR if the cash, or its running total, turns once from below zero to above.

    The first is the rule of signs; the second is enough for a single rate above 0
    (Norstrom 1972, A sufficient condition for a unique nonnegative internal rate of
    return).
    """
    totals: list[Operand] = []
    row = sheet.row
    for i in range(len(cash)):
        before: Operand = 0.0
        if i:
            before = Formula(sheet.at(row, sheet.column + i - 1), number(totals[-1]))
        totals.append(cash[i] + before)
    running = sheet.line(f"cash of the {words} so far", "", totals, is_summed=False)
    tests = [_turns_up(sheet, line) for line in (cash, running)]
    return return_rate(cash.range, either(*tests))


def _turns_up(sheet: Sheet, amounts: Line) -> Formula:
    """Whether amounts change their sign once, and are above zero in the end."""
    n = range(len(amounts))
    row = sheet.row
    signs: list[Formula] = []
    for i in n:
        kept: Operand = 0.0
        if i:
            kept = Formula(sheet.at(row, sheet.column + i - 1), signs[-1].value)
        nonzero = (amounts[i] > 0) + (amounts[i] < 0)
        signs.append(choose(nonzero > 0, sign(amounts[i]), kept))
    label = f"sign: {amounts.label}"
    line = sheet.line(label, "-", signs, "factor", is_summed=False)
    turns = [0.0 if not i else choose(line[i - 1] * line[i] < 0, 1, 0) for i in n]
    turned = total(
        sheet.line("it turns (1)", "-", turns, "factor", is_summed=False).range
    )
    return both(turned > 0, turned < 2, line[len(amounts) - 1] > 0)


def _cover(sheet: Sheet, cash: Cash) -> tuple[Line, Line]:
    n = range(len(cash.years))
    due = sheet.line(
        "debt service with guarantee fees",
        "",
        [cash.interest[i] + cash.principal[i] + cash.guarantee[i] for i in n],
    )
    floor = 1e-9 * largest(due.range, 1e-9)
    cover = [choose(due[i] > floor, cash.available[i] / due[i], text("")) for i in n]
    return sheet.line("DSCR", "-", cover, "factor", is_summed=False), due


def _or(dscr: Line, figure: Formula) -> Formula:
    """A figure where there is debt, words where there is none."""
    return choose(counted(dscr.range) > 0, figure, text(WHY_NOT["dscr"]))


def _loan_life(sheet: Sheet, cash: Cash, dscr: Line) -> Formula:
    """Worth of the cash over what is left of the loans, per unit owed.

    From the end of the year in which most is owed to the last debt service.
    """
    n, years = range(len(cash.years)), cash.years

    def line(label: str, make: Callable[[int], Operand]) -> Line:
        return sheet.line(label, "-", [make(i) for i in n], "factor", is_summed=False)

    most = sheet.value("owed at most", "", largest(cash.balance.range))
    full = line(
        "year, if most is owed",
        lambda i: choose(cash.balance[i] >= most, years[i], NEVER),
    )
    late = line("year, if served", lambda i: choose(is_number(dscr[i]), years[i], 0))
    start = sheet.value(
        "year in which most is owed", "year", smallest(full.range), "input_year"
    )
    end = sheet.value("last year of service", "year", largest(late.range), "input_year")
    life = line(
        "years left of the loans (1)",
        lambda i: choose(both(years[i] > start, years[i] <= end), 1, 0),
    )
    ahead = line(
        "the same, a year earlier (1)",
        lambda i: choose(both(years[i] >= start, years[i] < end), 1, 0),
    )
    owed = product_sum(cash.balance.range, ahead.range)
    paid = product_sum(cash.interest.range, life.range)
    rate = sheet.value(
        "mean interest", "1/y", choose(owed > 0, paid / owed, 0), "share"
    )
    factor = line(
        "discount at the mean interest",
        lambda i: choose(life[i] > 0, (1 + rate) ** (start - years[i]), 0),
    )
    worth = product_sum(cash.available.range, factor.range)
    lasts = choose(end > start, most, 0)
    return ratio(worth, lasts, WHY_NOT["dscr"])


def _levelised(sheet: Sheet, cash: Cash) -> dict[str, Operand]:
    """Cost per tonne and per kWh, real, before tax and finance."""
    n, level = range(len(cash.years)), cash.level

    def worth(label: str, amounts: Sequence[Operand]) -> Formula:
        line = sheet.line(label, "", amounts)
        return product_sum(line.range, cash.discount.range)

    spent = [
        (
            cash.expenses[i] + cash.capex[i] + cash.land[i] + cash.replacement[i]
            + cash.closure[i] - cash.salvage[i]
        ) / level[i]
        for i in n
    ]  # fmt: skip
    gross = worth("all cost, real", spent)
    other = worth("other sales, real", [cash.other_sales[i] / level[i] for i in n])
    power = worth("power sold, real", [cash.electricity[i] / level[i] for i in n])
    fees = worth("gate fees, real", [cash.gate_fees[i] / level[i] for i in n])
    moved = [(cash.project[i] > 0) + (cash.project[i] < 0) for i in n]
    tonnes = worth("tonnes of years with cash", [cash.tonnes[i] * moved[i] for i in n])
    kwh = 1000 * product_sum(cash.mwh.range, cash.discount.range)
    return {
        "levelised_cost_per_t": ratio(gross, tonnes, WHY_NOT["t"]),
        "levelised_net_cost_per_t": ratio(gross - other - power, tonnes, WHY_NOT["t"]),
        "levelised_cost_per_kwh": ratio(gross - other - fees, kwh, WHY_NOT["kwh"]),
    }


def _fee_for_return(
    sheet: Sheet, own: Own, level: Line, owners: Line, worth: Formula
) -> Operand:
    """Fee to be added for the return: straight pieces between the bends of the tax.

    0 = NPV + sum_y k_y (f w_y - t (max(p_y + f w_y, 0) - max(p_y, 0))), w_y what a unit
    of fee brings: from a fee the tangent leads to the next, which is exact as soon as
    the years that pay tax no longer change.
    """
    brings = [own.paid[i] * level[i] for i in range(len(level))]
    line = sheet.line("a unit of gate fee more brings", "", brings)
    k, p, w = owners.range, own.profit.range, line.range
    t = own.tax_rate
    fee = Formula("0", 0.0)
    for step in range(1, STEPS + 1):
        gap = _bent(k, p, w, t, fee)
        slope = _slope(k, p, w, t, fee)
        lead = choose(slope > 0, fee - (worth + gap) / slope, 0)
        fee = sheet.value(f"fee to be added, step {step}", "", lead, "factor")
    return choose(total(w) > 0, fee, text(WHY_NOT["t"]))


def _bent(k: Range, p: Range, w: Range, t: Formula, fee: Formula) -> Formula:
    """What a fee adds to the owners' value, after tax."""
    after = f"({p.text}+{fee.text}*{w.text})"
    words = (
        f"SUMPRODUCT({k.text}*({fee.text}*{w.text}-{t.text}*(({after}>0)*{after}"
        f"-({p.text}>0)*{p.text})))"
    )
    f, rate = number(fee), number(t)
    value = sum(
        a * (f * c - rate * (max(b + f * c, 0.0) - max(b, 0.0)))
        for a, b, c in zip(k.numbers, p.numbers, w.numbers, strict=True)
    )
    return Formula(words, value)


def _slope(k: Range, p: Range, w: Range, t: Formula, fee: Formula) -> Formula:
    """What the next bit of fee adds."""
    paying = f"({p.text}+{fee.text}*{w.text}>0)"
    words = f"SUMPRODUCT({k.text}*{w.text}*(1-{t.text}*{paying}))"
    f, rate = number(fee), number(t)
    value = sum(
        a * c * (1.0 - rate * (b + f * c > 0))
        for a, b, c in zip(k.numbers, p.numbers, w.numbers, strict=True)
    )
    return Formula(words, value)


def _fee_for_cover(
    sheet: Sheet, own: Own, cash: Cash, due: Line, rules: Rules, dscr: Line
) -> Operand:
    """Fee to be added for the lowest cover: the year that needs most.

    A year lacks R = cover x service - available; a fee f brings
    f w - t (max(p + f w, 0) - max(p, 0)) after tax, which is solved for f w.
    """
    n, t, p = range(len(due)), own.tax_rate, own.profit
    needs, helpless = [], []
    for i in n:
        lacks = rules.dscr_target * due[i] - cash.available[i]
        taxed = t * largest(p[i], 0)
        untaxed = lacks - taxed
        solved = choose(
            untaxed + p[i] > 0, (lacks + t * p[i] - taxed) / (1 - t), untaxed
        )
        brings = own.paid[i] * cash.level[i]
        is_due = is_number(dscr[i])
        needs.append(choose(both(is_due, brings > 0), solved / brings, text("")))
        helpless.append(choose(both(is_due, brings <= 0, lacks > 0), 1, 0))
    line = sheet.line(
        "fee to be added for the cover, by year", "", needs, "factor", is_summed=False
    )
    lost = sheet.line("no fee helps in this year (1)", "-", helpless, "factor",
                      is_summed=False)  # fmt: skip
    found = choose(total(lost.range) > 0, text(WHY_NOT["irr"]), largest(line.range))
    return choose(counted(line.range) > 0, found, text(WHY_NOT["dscr"]))


def _excel_npv(rules: Rules, cash: Cash, real: Line) -> Formula:
    """The spreadsheet's NPV, moved from a year before the first to the base year."""
    moved = (1 + rules.discount_rate) ** (rules.base_year - cash.years[0] + 1)
    return excel_npv(rules.discount_rate, real.range) * moved
