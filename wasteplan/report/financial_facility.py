"""The sheet of one facility: operation, spending and loans from inputs, by formulas."""

from __future__ import annotations

from wasteplan.finance.project import EXPENSES, REVENUES
from wasteplan.finance.project_cash import BOUGHT
from wasteplan.report.financial_cash import FacilitySheet, Writer
from wasteplan.report.financial_inputs import LINE_NAMES, FacilityInputs, Inputs
from wasteplan.report.financial_loans import LoanLines, loan_block, summed
from wasteplan.report.financial_results import Before, less, results
from wasteplan.report.formulas import Operand, both, choose, largest, total
from wasteplan.report.ledger import Line, Sheet
from wasteplan.units import DAYS_PER_YEAR


def facility_sheet(
    sheet: Sheet, inputs: Inputs, facility: FacilityInputs, currency: str
) -> FacilitySheet:
    """Lay out the cash of a facility.

    The order is that of the calculation: operation, spending, loans, tax, results.

    Parameters
    ----------
    sheet
        Empty.
    inputs, facility
        Cells to calculate from.
    currency
        For the heading.
    """
    sheet.title(
        facility.name,
        f"{currency} of each year (nominal), every amount at the end of its year.",
    )
    w = Writer(sheet, inputs, facility)
    rules, n, years = w.rules, w.n, w.years
    level = w.line(
        "price level",
        w.running(inputs.money.before, [1 + inputs.money.inflation[i] for i in n]),
        "-",
    )
    first = facility.openings[0]
    for other in facility.openings[1:]:
        first = choose(first < other, first, other)
    opening = sheet.value("first year of work", "year", first, "input_year")
    works = w.line(
        "works",
        [
            choose(both(years[i] >= opening, years[i] <= facility.last_work), 1, 0)
            for i in n
        ],
        "-",
    )
    taken, planned = facility.lines["tonnes"], facility.lines["planned"]
    paid = [largest(taken[i], rules.put_or_pay * planned[i]) * works[i] for i in n]
    paid_line = w.line("tonnes paid for", paid, "t/y")
    sales, costs = _operation(w, level, paid_line)
    spending, before_tax = _spending(w, level, works, sales, costs)
    loans = _loans(w, level, before_tax)
    sheet.gap()
    sheet.put(sheet.row, 0, "Results", "head")
    sheet.row += 1
    return results(
        w,
        Before(level, works, opening, paid_line, sales, spending, before_tax, loans),
    )


def _operation(
    w: Writer, level: Line, paid: Line
) -> tuple[dict[str, Line], dict[str, Line]]:
    """Revenue and operating cost by line."""
    lines, n = w.facility.lines, w.n
    w.sheet.gap()
    sales = {
        "gate_fees": w.line(
            "gate fees",
            [
                (lines["gate_fee"][i] + w.facility.added_fee) * paid[i] * level[i]
                for i in n
            ],
        )
    }

    def amounts(key: str) -> list[Operand]:
        driver = w.facility.per_unit.get(key)
        real = [lines[key][i] * lines[driver][i] for i in n] if driver else lines[key]
        return [real[i] * level[i] for i in n]

    for key in REVENUES:
        if key != "gate_fees":
            sales[key] = w.line(LINE_NAMES[key], amounts(key))
    costs = {key: w.line(LINE_NAMES[key], amounts(key)) for key in EXPENSES}
    return sales, costs


def _spending(
    w: Writer,
    level: Line,
    works: Line,
    sales: dict[str, Line],
    costs: dict[str, Line],
) -> tuple[dict[str, Line], Line]:
    """Capital lines, working capital, and the cash before tax and finance."""
    lines, n, rules = w.facility.lines, w.n, w.rules
    made = {
        "sold": w.line(
            "revenue", [summed([*sales.values()], i) for i in n], is_total=True
        ),
        "spent": w.line(
            "operating cost", [summed([*costs.values()], i) for i in n], is_total=True
        ),
    }
    stages = [
        w.line(f"construction, stage {s}", [stage[i] * level[i] for i in n])
        for s, stage in enumerate(w.facility.stages, start=1)
    ]
    for s, stage in enumerate(stages, start=1):
        made[f"stage_{s}"] = stage
    made["capex"] = w.line(
        "construction", [summed(stages, i) for i in n], is_total=True
    )
    for key, label in (
        ("land", "land bought (given back)"),
        ("replacement", "renewal of parts"),
        ("closure", "closure"),
        ("salvage", "worth left at the end"),
    ):
        made[key] = w.line(label, [lines[key][i] * level[i] for i in n])
    made |= _value_added(w, costs, made)
    days = rules.working_capital_d / DAYS_PER_YEAR
    ahead = [days * made["spent"][i + 1] * works[i + 1] for i in n[:-1]]
    held = w.sheet.line(
        "working capital held for the next year", "", [*ahead, 0.0], is_summed=False
    )
    made["working_capital"] = w.line(
        "working capital put in (set free)",
        [held[i] - held[i - 1] if i else held[i] for i in n],
    )
    minus = (
        *("spent", "vat_running", "replacement", "closure", "vat_later"),
        "working_capital",
    )
    before = w.line(
        "cash before tax and finance",
        [less(made["sold"][i], [made[k][i] for k in minus]) for i in n],
        is_total=True,
    )
    return made, before


def _value_added(
    w: Writer, costs: dict[str, Line], made: dict[str, Line]
) -> dict[str, Line]:
    """Value-added tax that is not given back, on what is bought."""
    n = w.n
    bases: dict[str, tuple[str, list[Operand]]] = {
        "vat_running": (
            "value-added tax, running cost",
            [summed([costs[k] for k in BOUGHT], i) for i in n],
        ),
        "vat_capex": ("value-added tax, construction", [made["capex"][i] for i in n]),
        "vat_later": (
            "value-added tax, renewal and closure",
            [made["replacement"][i] + made["closure"][i] for i in n],
        ),
    }
    return {
        key: w.line(label, [w.rules.vat * base[i] for i in n])
        for key, (label, base) in bases.items()
    }


def _loans(w: Writer, level: Line, before_tax: Line) -> tuple[LoanLines, ...]:
    """Every loan of every stage of construction."""
    stages = w.facility.stages
    found = []
    for k, terms in enumerate(w.facility.loans, start=1):
        for s, (opening, stage) in enumerate(
            zip(w.facility.openings, stages, strict=True), start=1
        ):
            name = f"Loan {k}" if len(stages) == 1 else f"Loan {k}, stage {s}"
            money, cost = (
                before_tax,
                w.line(
                    f"capital cost that loan {k} bears a share of",
                    [stage[i] * level[i] for i in w.n],
                ),
            )
            if len(stages) > 1:
                whole = total(*(t.range for t in stages))
                own = total(stage.range)
                money = w.line(
                    "cash that this stage may use",
                    [before_tax[i] * (own / whole) for i in w.n],
                )
            found.append(
                loan_block(
                    w.sheet,
                    name,
                    terms,
                    years=w.years,
                    opening=opening,
                    cost=cost,
                    money=money,
                    paths=w.money.paths,
                )
            )
    return tuple(found)
