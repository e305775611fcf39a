"""Pictures of the risk of an investment: what moves it, and how likely a loss is."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from wasteplan.finance.appraisal_result import POOL, AppraisalResult, Risk
from wasteplan.report.document import Chart, Column, Table
from wasteplan.report.frames import rows
from wasteplan.report.investment_charts import case_name
from wasteplan.report.numbers import is_known, number_text, percent_text, scale_of
from wasteplan.report.subject import words_of

BINS = 30
"""Bars of the distribution."""
TORNADO_MAX = 12
DRIVER_NAMES = {
    "capex": "Cost of building",
    "operating": "Cost of running",
    "waste": "Waste generated",
    "tonnes": "Waste that kilns and buyers leave",
    "fuel_price": "Price of coal",
    "product_price": "Price of products",
    "gain": "The loan's currency",
}
FEE_NAMES = {"stated": "At today's gate fees", "needed": "At the gate fees needed"}


def tornado_chart(found: AppraisalResult, risk: Risk) -> Chart | None:
    """What moves the owners' NPV most."""
    table = risk.tornado
    if table.empty:
        return None
    mine = table[(table["case"] == found.cases[0]) & (table["place"] == POOL)]
    mine = mine.sort_values("swing", ascending=False, kind="stable").head(TORNADO_MAX)
    if mine.empty:
        return None
    numbers = mine[["npv_low", "npv_base", "npv_high"]].to_numpy().ravel().tolist()
    divisor, word = scale_of(numbers)
    unit = f"{word}{found.currency}"
    drawn = [
        {
            "name": driver_name(r.driver),
            "low": r.npv_low / divisor,
            "high": r.npv_high / divisor,
            "at_low": _driver_text(r.low, r.unit),
            "at_high": _driver_text(r.high, r.unit),
        }
        for r in rows(mine)
    ]
    columns = (
        Column("What is moved"),
        Column("Low", form="written"),
        Column("High", form="written"),
        Column("NPV at low", found.currency, "number"),
        Column("NPV at high", found.currency, "number"),
        Column("How the range is known"),
    )
    cells = tuple(
        (d["name"], d["at_low"], d["at_high"], r.npv_low, r.npv_high, r.status)
        for d, r in zip(drawn, rows(mine), strict=True)
    )
    top = drawn[0]
    return Chart(
        id="investment-tornado",
        kind="tornado",
        title="What moves the owners' net present value most",
        summary=f"Largest: {top['name']}, from {number_text(top['low'], 2)} to "
        f"{number_text(top['high'], 2)} {unit}.",
        data={"rows": drawn, "base": numbers[1] / divisor, "unit": unit},
        table=Table(f"One at a time: {case_name(found.cases[0])}", columns, cells),
        height=90 + 34 * len(drawn),
        note="Each is moved alone from its low to its high value, all else as planned.",
    )


def driver_name(driver: str) -> str:
    """What a driver is called.

    >>> driver_name("tonnes"), driver_name("inflation")
    ('Waste that kilns and buyers leave', 'Inflation')
    """
    return DRIVER_NAMES.get(driver, words_of(driver))


def _driver_text(value: float, unit: str) -> str:
    if unit == "x":
        return f"× {number_text(value, 2)}"
    if unit == "1/y":
        return f"{percent_text(value)} /y"
    return f"{number_text(value)} {unit}"


def chance_chart(found: AppraisalResult, risk: Risk) -> Chart | None:
    """How the owners' NPV is spread over the draws."""
    sample = risk.sample
    if sample.empty:
        return None
    mine = sample[(sample["case"] == found.cases[0]) & (sample["place"] == POOL)]
    divisor, word = scale_of(mine["npv"])
    by_fees, words = {}, []
    for fees, name in FEE_NAMES.items():
        values = mine.loc[mine["fees"] == fees, "npv"].dropna().to_numpy() / divisor
        if not len(values):
            continue
        counts, edges = np.histogram(values, bins=_edges(values))
        by_fees[fees] = {
            "edges": edges.tolist(),
            "shares": (counts / counts.sum()).tolist(),
            "marks": [
                [f"{q} %", float(np.quantile(values, q / 100))] for q in (5, 50, 95)
            ],
        }
        words.append(f"{name.lower()} {percent_text((values < 0).mean(), 0)}")
    if not by_fees:
        return None
    return Chart(
        id="investment-chance",
        kind="histogram",
        title="How likely a loss is: the owners' net present value over all draws",
        summary=f"Chance of a loss: {'; '.join(words)}.",
        data={
            "periods": [[f"fees:{f}", FEE_NAMES[f]] for f in by_fees],
            "by_period": {f"fees:{f}": drawn for f, drawn in by_fees.items()},
            "choice": "Gate fees",
            "chosen": f"fees:{next(iter(by_fees))}",
            "unit": f"{word}{found.currency}",
        },
        table=_chances(found, risk.chances),
        height=330,
        note=f"{number_text(len(mine) / len(by_fees), 0)} draws of all drivers "
        "together. Bars left of zero are losses; dashed lines are the 5 %, 50 % and "
        "95 % marks.",
    )


def _edges(values: np.ndarray) -> np.ndarray:
    """Equal bins of which one begins at 0, so that losses have bars of their own."""
    low, high = float(values.min()), float(values.max())
    width = max((high - low) / BINS, 1e-9)
    first, last = math.floor(low / width), math.ceil(high / width)
    return width * np.arange(first, max(last, first + 1) + 1)


def _chances(found: AppraisalResult, chances: pd.DataFrame) -> Table | None:
    if chances.empty:
        return None
    money = found.currency
    columns = (
        Column("Case"),
        Column("Gate fees"),
        Column("5 %", money, "number"),
        Column("Median", money, "number"),
        Column("95 %", money, "number"),
        Column("Chance NPV < 0", form="share"),
        Column("±", form="share"),
        Column("Chance cover < limit", form="share"),
        Column("Limit", "-", "number"),
    )
    mine = chances[chances["place"] == POOL]
    cells = tuple(
        (
            case_name(r.case),
            FEE_NAMES.get(r.fees, r.fees),
            r.npv_p05,
            r.npv_p50,
            r.npv_p95,
            r.probability_npv_below_0,
            r.standard_error,
            r.probability_dscr_below_limit,
            r.dscr_limit,
        )
        for r in rows(mine)
    )
    return Table("Chance of loss", columns, cells) if cells else None


def stories_table(found: AppraisalResult, risk: Risk) -> Table | None:
    """What the owners get when something happens."""
    table = risk.stories
    if table.empty:
        return None
    columns = (
        Column("What happens"),
        Column("NPV of the owners", found.currency, "number"),
        Column("Owners' return", form="share"),
        Column("Lowest DSCR", "-", "number"),
        Column("Gate fee needed", f"{found.currency}/t", "number"),
    )
    mine = table[table["case"] == found.cases[0]]
    cells = tuple(
        (r.story, r.npv, r.equity_irr, r.dscr_min, r.gate_fee_needed)
        for r in rows(mine)
    )
    return (
        Table(f"What if: {case_name(found.cases[0])}", columns, cells)
        if cells
        else None
    )


def switching_table(found: AppraisalResult, risk: Risk) -> Table | None:
    """How far each driver may move before the owners' NPV is 0."""
    table = risk.switching
    if table.empty:
        return None
    mine = table[(table["case"] == found.cases[0]) & (table["place"] == POOL)]
    columns = (
        Column("What is moved"),
        Column("Unit"),
        Column("Value at which the NPV is 0", form="written"),
        Column("Within its range", form="text"),
        Column("Why there is none", form="text"),
    )
    cells = tuple(
        (
            driver_name(r.driver),
            r.unit,
            number_text(r.switching, 3),
            "yes" if r.is_in_range and is_known(r.switching) else "no",
            r.why,
        )
        for r in rows(mine)
    )
    name = f"How far it may move: {case_name(found.cases[0])}"
    return Table(name, columns, cells, is_folded=True) if cells else None
