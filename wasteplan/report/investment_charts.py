"""Pictures of an appraisal: cash, cover of debt, gate fee needed, who pays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from wasteplan.finance.appraisal_result import POOL, AppraisalResult
from wasteplan.finance.loans import known_terms
from wasteplan.report.document import Chart, Column, Table
from wasteplan.report.frames import rows, sums
from wasteplan.report.money import ACTOR_NAMES
from wasteplan.report.numbers import is_known, number_text, scale_of
from wasteplan.report.subject import words_of

CASH_PARTS: dict[str, tuple[str, tuple[str, ...], int]] = {
    "cash_gate_fees": ("Gate fees", ("gate_fees",), 1),
    "cash_sales": (
        "Sales, credits and support",
        (
            "electricity",
            "fuel_saved",
            "products",
            "carbon_credits",
            "support",
            "producer_fees",
        ),
        1,
    ),
    "cash_drawn": ("Loans and grants received", ("drawn", "grant"), 1),
    "cash_salvage": ("Worth left at the end", ("salvage",), 1),
    "cash_capex": (
        "Construction, land, renewal, closure",
        ("capex", "land", "replacement", "closure"),
        -1,
    ),
    "cash_running": (
        "Running cost",
        (
            "fixed_om",
            "variable_om",
            "energy",
            "residues",
            "after_care",
            "working_capital",
        ),
        -1,
    ),
    "cash_tax": ("Tax", ("tax",), -1),
    "cash_service": ("Debt service and fees", ("interest", "principal", "fees"), -1),
}
"""Parts of the cash picture: name, columns of the cash table, sign.  Their sum is the
cash of the owners."""
COVER_SHOWN = (-1.0, 4.0)
"""Cover of debt service between which the picture is drawn.  [-]"""
PARTY_NAMES = {
    **ACTOR_NAMES,
    "lender": "Lenders",
    "donor": "Donors",
    "producers": "Producers",
    "carbon_market": "Buyers of carbon credits",
}
KIND_NAMES = {
    "resource": "Paid for goods, work and land",
    "transfer": "Fees, charges and taxes between parties",
    "finance": "Loans, service and grants",
}


def cash_chart(
    found: AppraisalResult,
    years: Iterable[int],
    *,
    id: str = "investment-cash",
    height: int = 430,
) -> Chart:
    """Cash of all facilities together, by year and case."""
    pool = found.cash[found.cash["place"] == POOL]
    span = list(years)
    by_case: dict[str, dict[str, Any]] = {}
    everything: list[float] = []
    for case in found.cases:
        cash = pool[pool["case"] == case].set_index("year").reindex(span).fillna(0.0)
        by_case[case] = _cash_of(cash)
        everything += [v for s in by_case[case]["series"] for v in s["values"]]
    divisor, word = scale_of(everything)
    for drawn in by_case.values():
        for series in drawn["series"]:
            series["values"] = [v / divisor for v in series["values"]]
        drawn["line"] = [v / divisor for v in drawn["line"]]
    first = by_case[found.cases[0]]
    low = min(zip(first["line"], span, strict=True))
    unit = f"{word}{found.currency}/y"
    return Chart(
        id=id,
        kind="cash",
        title="Cash of all financed facilities by year",
        summary=f"{case_name(found.cases[0])}: the owners' lowest year is {low[1]} "
        f"with {number_text(low[0], 2)} {unit}.",
        data={
            "labels": [str(y) for y in span],
            "unit": unit,
            "line_name": "Cash of the owners",
            **by_cases(found, by_case),
        },
        table=_cash_table(found, span, by_case[found.cases[0]], unit),
        height=height,
        note="Money of each year. Bars above zero come in, bars below go out; the line "
        "is what is left to the owners; below zero their own money goes in.",
    )


def _cash_of(cash: pd.DataFrame) -> dict[str, Any]:
    series = []
    for key, (name, columns, sign) in CASH_PARTS.items():
        amounts = sign * cash[list(columns)].sum(axis=1)
        if amounts.abs().max() > 0:
            series.append({"key": key, "name": name, "values": amounts.tolist()})
    return {"series": series, "line": cash["equity"].tolist()}


def _cash_table(
    found: AppraisalResult, span: list[int], drawn: Mapping[str, Any], unit: str
) -> Table:
    columns = (
        Column("Year", form="year"),
        *(Column(s["name"], unit, "number") for s in drawn["series"]),
        Column("Cash of the owners", unit, "number"),
    )
    amounts = [*(s["values"] for s in drawn["series"]), drawn["line"]]
    cells = tuple(zip(span, *amounts, strict=True))
    return Table(f"Cash by year, nominal: {case_name(found.cases[0])}", columns, cells)


def cover_chart(found: AppraisalResult, limit: float) -> Chart | None:
    """Debt service cover by year, a line for each case; None without debt."""
    pool = found.cash[(found.cash["place"] == POOL) & found.cash["dscr"].notna()]
    if pool.empty:
        return None
    series: list[dict[str, Any]] = []
    lowest = []
    for case in found.cases:
        mine = pool[pool["case"] == case].sort_values("year")
        if mine.empty:
            continue
        points = [[int(r.year), float(r.dscr)] for r in rows(mine)]
        series.append(
            {"key": f"case_{len(series)}", "name": case_name(case), "points": points}
        )
        lowest.append(f"{case_name(case)} {number_text(float(mine['dscr'].min()), 2)}")
    years = sorted({p[0] for s in series for p in s["points"]})
    by_year = [{p[0]: p[1] for p in s["points"]} for s in series]
    cells = tuple((y, *(m.get(y) for m in by_year)) for y in years)
    columns = (
        Column("Year", form="year"),
        *(Column(s["name"], "-", "number") for s in series),
    )
    known = is_known(limit)
    return Chart(
        id="investment-cover",
        kind="curves",
        title="Can the loans be served: cash for debt service over debt service",
        summary="Lowest cover: " + "; ".join(lowest) + ".",
        data={
            "unit": "",
            "x_name": "",
            "is_year": True,
            "series": series,
            "limit": [limit, "lenders' limit"] if known else None,
            "between": COVER_SHOWN,
        },
        table=Table("Debt service cover by year", columns, cells),
        note="Below 1 the facilities earn less than they owe in that year; lenders "
        "stop a project that falls below their limit. Cover beyond "
        f"{number_text(COVER_SHOWN[0], 0)} and {number_text(COVER_SHOWN[1], 0)} is cut "
        "off here.",
    )


def fee_chart(found: AppraisalResult) -> Chart | None:
    """Gate fee that the target return needs, over the terms of the debt."""
    curve = found.fee_curve
    if curve.empty:
        return None
    mine = curve[(curve["place"] == POOL) & curve["gate_fee_needed"].notna()]
    if mine.empty:
        return None
    series: list[dict[str, Any]] = []
    for (tenor, grace), part in mine.groupby(["tenor_y", "grace_y"], sort=True):
        part = part.sort_values("interest")
        points = [[r.interest, r.gate_fee_needed] for r in rows(part)]
        name = f"{number_text(tenor, 0)} years, {number_text(grace, 0)} of grace"
        series.append({"key": f"terms_{len(series)}", "name": name, "points": points})
    unit = f"{found.currency}/t"
    low, high = mine["gate_fee_needed"].min(), mine["gate_fee_needed"].max()
    columns = (
        Column("Interest", form="share"),
        Column("Tenor", "y", "number"),
        Column("Grace", "y", "number"),
        Column("Gate fee needed", unit, "number"),
    )
    cells = tuple(
        (r.interest, r.tenor_y, r.grace_y, r.gate_fee_needed) for r in rows(mine)
    )
    return Chart(
        id="investment-fees",
        kind="curves",
        title="Gate fee needed, by terms of the loan",
        summary=f"From {number_text(low, 1)} to {number_text(high, 1)} {unit}.",
        data={
            "unit": unit,
            "x_name": "interest of the debt [%]",
            "is_share": True,
            "series": series,
            "limit": None,
        },
        table=Table("Gate fee needed for the target return", columns, cells),
        note=f"Mean over all financed facilities, money of {found.price_year}, for the "
        "owners' target return.",
    )


def actors_chart(found: AppraisalResult) -> Chart | None:
    """Who pays in the end, by kind of payment and case."""
    if found.actors.empty:
        return None
    totals = sums(found.actors, ["case", "actor", "kind"], "present_value")
    named = {actor for _, actor, _ in totals}
    order = [a for a in PARTY_NAMES if a in named]
    order += sorted(named - set(PARTY_NAMES))
    divisor, word = scale_of(totals.values())
    by_case: dict[str, dict[str, Any]] = {}
    for case in found.cases:
        values = [
            [totals.get((case, a, kind), 0.0) / divisor for a in order]
            for kind in KIND_NAMES
        ]
        series = [
            {"key": f"kind_{kind}", "name": name, "values": amounts}
            for (kind, name), amounts in zip(KIND_NAMES.items(), values, strict=True)
        ]
        net = [sum(amounts) for amounts in zip(*values, strict=True)]
        names = [PARTY_NAMES.get(a, words_of(a)) for a in order]
        by_case[case] = {"labels": names, "series": series, "net": net}
    first = by_case[found.cases[0]]
    unit = f"{word}{found.currency}"
    return Chart(
        id="investment-actors",
        kind="stack",
        title="Who pays in the end, present value over the horizon",
        summary="Net burden: "
        + "; ".join(
            f"{name} {number_text(net, 2)} {unit}"
            for name, net in zip(first["labels"], first["net"], strict=True)
        ),
        data={
            "unit": unit,
            "net_name": "Net burden",
            "horizontal": True,
            **by_cases(found, by_case),
        },
        table=_actors_table(found, first, unit),
        height=120 + 50 * len(order),
        note="To the right is paid, to the left received. Transfers and finance cancel "
        "between the parties: the net burdens sum to the cash cost of the system.",
    )


def _actors_table(found: AppraisalResult, drawn: Mapping[str, Any], unit: str) -> Table:
    columns = (
        Column("Who"),
        *(Column(s["name"], unit, "number") for s in drawn["series"]),
        Column("Net burden", unit, "number"),
    )
    amounts = [*(s["values"] for s in drawn["series"]), drawn["net"]]
    cells = tuple(zip(drawn["labels"], *amounts, strict=True))
    total = ("All", *(sum(column) for column in amounts))
    name = f"Accounts by actor, present value: {case_name(found.cases[0])}"
    return Table(name, columns, (*cells, total), len(cells))


def case_name(case: str) -> str:
    """What a financing case is called: packaged terms have a name.

    >>> case_name("korea_edpf"), case_name("our bank")
    ('Korea EDPF sovereign / PPP', 'our bank')
    """
    known = known_terms().get(case)
    return known.name if known is not None and known.name else case


def by_cases(found: AppraisalResult, drawn: Mapping[str, Any]) -> dict[str, Any]:
    """Data of a chart that shows one case at a time, the base case first."""
    return {
        "periods": [[f"case:{case}", case_name(case)] for case in found.cases],
        "by_period": {f"case:{case}": drawn[case] for case in found.cases},
        "choice": "Case",
        "chosen": f"case:{found.cases[0]}",
    }
