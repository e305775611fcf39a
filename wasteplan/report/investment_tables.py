"""Tables of an appraisal for lenders and for the country, and how sure chance is."""

from __future__ import annotations

from typing import Any

from wasteplan.finance.appraisal_result import POOL, AppraisalResult, Risk
from wasteplan.report.document import Chart, Column, Table
from wasteplan.report.frames import rows, sums
from wasteplan.report.investment_charts import case_name
from wasteplan.report.numbers import number_text, percent_text, scale_of

ITEM_NAMES = {
    "capex": "Construction",
    "land": "Land",
    "replacement": "Renewal of parts",
    "closure": "Closure",
    "salvage": "Worth left at the end",
    "fixed_om": "Fixed operation and maintenance",
    "variable_om": "Variable operation and maintenance",
    "haul": "Haul",
    "centre": "Collection centres",
    "electricity": "Electricity",
    "fuel": "Fuel",
    "heat": "Heat sold",
    "sales": "Sales",
    "after_care": "After-care",
    "carbon": "Carbon price",
    "labour_revalued": "Labour at its shadow wage",
    "co2e_damage": "Damage by greenhouse gases",
}
PARTS = ("plan", "status_quo", "difference", "economic")


def economic_table(found: AppraisalResult) -> Table | None:
    """The plan less the status quo by item, in money and to the country."""
    table = found.increments
    if table.empty or table["economic"].isna().all():
        return None
    factors = dict(zip(table["item"], table["factor"], strict=True))
    worth = {part: sums(table, ["item"], part) for part in PARTS}
    order = [i for i in ITEM_NAMES if i in factors]
    order += [i for i in factors if i not in ITEM_NAMES]
    divisor, word = scale_of([v for part in worth.values() for v in part.values()])
    unit = f"{word}{found.currency}"
    columns = (
        Column("Cost (revenue negative), present value"),
        Column("Plan", unit, "number"),
        Column("Status quo", unit, "number"),
        Column("Increment", unit, "number"),
        Column("Shadow price over price", "x", "number"),
        Column("To the country", unit, "number"),
    )
    cells = [
        (
            ITEM_NAMES.get(item, item.replace("_", " ")),
            *(worth[part][item,] / divisor for part in PARTS[:3]),
            factors[item],
            worth["economic"][item,] / divisor,
        )
        for item in order
    ]
    totals = [sum(worth[part].values()) / divisor for part in PARTS]
    cells.append(("All", *totals[:3], None, totals[3]))
    name = "Financial and economic increment to the status quo (no transfers)"
    return Table(name, columns, tuple(cells), len(cells) - 1)


def lender_questions(found: AppraisalResult) -> Table | None:
    """What a lender would ask."""
    if found.lender.empty:
        return None
    columns = (Column("What a lender would ask"), Column("Answer", form="text"))
    cells = tuple((r.question, r.answer) for r in rows(found.lender))
    name = f"A lender's questions: {case_name(found.cases[0])}"
    return Table(name, columns, cells)


def supply_exposure(found: AppraisalResult, risk: Risk) -> Table | None:
    """Who bears it when the waste goes elsewhere."""
    if risk.supply.empty:
        return None
    mine = risk.supply[risk.supply["case"] == found.cases[0]]
    columns = (
        Column("Facility"),
        Column("Planned", "t/y", "number"),
        Column("Low", "t/y", "number"),
        Column("Simulated intake over planned", form="share"),
        Column("Owners' NPV at low", found.currency, "number"),
        Column("Put-or-pay that keeps the cover", form="share"),
    )
    cells = tuple(
        (
            found.place_names.get(r.place, r.place),
            r.tonnes_planned_t,
            r.tonnes_low_t,
            r.simulated_mean,
            r.npv_with,
            r.put_or_pay_needed,
        )
        for r in rows(mine)
    )
    name = f"If the waste goes elsewhere: {case_name(found.cases[0])}"
    return Table(name, columns, cells, is_folded=True)


def recyclers_table(found: AppraisalResult) -> Table | None:
    """Small recyclers, alone and supported."""
    if found.recyclers.empty:
        return None
    money = found.currency
    columns = (
        Column("Small recycler"),
        Column("Support"),
        Column("Profit", f"{money}/y", "number"),
        Column("Working capital", money, "number"),
        Column("Break-even", "t/y", "number"),
        Column("Can pay for waste", f"{money}/t", "number"),
        Column("Bears unpaid sales up to", form="share"),
        Column("Support costs", f"{money}/y", "number"),
        Column("Remark", form="text"),
    )
    cells = tuple(
        (
            *(r.recycler, r.support, r.profit_per_y, r.working_capital),
            *(r.break_even_t_per_y, r.feedstock_price_max_per_t),
            *(r.default_share_max, r.support_per_y, r.why),
        )
        for r in rows(found.recyclers)
    )
    return Table("Small recyclers as businesses", columns, cells)


def convergence_chart(found: AppraisalResult, risk: Risk) -> Chart | None:
    """The mean NPV and its error after more and more draws."""
    table = risk.convergence
    mine = table[
        (table["case"] == found.cases[0])
        & (table["place"] == POOL)
        & (table["fees"] == "stated")
    ]
    if mine.empty:
        return None
    divisor, word = scale_of(mine["npv_mean"])
    unit = f"{word}{found.currency}"
    found_rows = list(rows(mine))
    series: list[dict[str, Any]] = []
    for key, name, k in (
        ("mean", "Mean so far", 0.0),
        ("above", "Two standard errors above", 2.0),
        ("below", "Two standard errors below", -2.0),
    ):
        points = [
            [int(r.draws), (r.npv_mean + k * r.standard_error) / divisor]
            for r in found_rows
        ]
        series.append({"key": f"settled_{key}", "name": name, "points": points})
    columns = (
        Column("Draws", form="year"),
        Column("Mean NPV", found.currency, "number"),
        Column("Standard error", found.currency, "number"),
        Column("Chance NPV < 0", form="share"),
    )
    cells = tuple(
        (int(r.draws), r.npv_mean, r.standard_error, r.probability_npv_below_0)
        for r in found_rows
    )
    last = found_rows[-1]
    wide = 2.0 * last.standard_error / divisor
    return Chart(
        id="investment-settled",
        kind="curves",
        title="Are there enough draws: the mean of the owners' net present value",
        summary=f"After {number_text(last.draws, 0)} draws the mean is "
        f"{number_text(last.npv_mean / divisor, 2)} ± {number_text(wide, 2)} {unit}, "
        f"the chance of a loss {percent_text(last.probability_npv_below_0, 0)}.",
        data={"unit": unit, "x_name": "draws", "series": series, "limit": None},
        table=Table("Convergence, at today's gate fees", columns, cells),
        height=280,
        note="The band must be narrow beside the distance of the mean from zero; more "
        "draws are set by draws in [finance].",
    )
