"""Pages of trade-offs: a front as points to choose from, alternatives side by side."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from wasteplan.report.document import Chart, Column, Document, Section, Table
from wasteplan.report.numbers import number_text, scale_of
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.totals import TOTALS
from wasteplan.study.naming import place_name
from wasteplan.study.pareto import Front

TOTAL_NAMES = {
    "cost_total": "Cost, present value",
    "co2e_total_t": "Net emissions over all years",
    "co2e_direct_total_t": "Direct emissions over all years",
    "landfilled_total_t": "Landfilled over all years",
    "jobs_total": "Person-years of work",
    "exposure_total": "Exposure over all years",
    "exposure_largest_total": "Exposure of the region that has most",
    "unsuited_total_t": "Treated at unsuited sites",
    "hosted_largest_total_t": "Treated in the region that treats most",
    "diversion_rate_lowest": "Lowest diversion of a region",
}
FILES = "All figures are also in {}.csv, the plans in the folder plans."


def front_document(scenario: Scenario, front: Front, table: pd.DataFrame) -> Document:
    """The page of a front: one picture for each limited total, and the table."""
    charts = tuple(
        _scatter(scenario, front, table, other) for other in front.totals[1:]
    )
    points = [
        "Each point is the best plan within limits on the other totals; no point beats "
        "another in every total.",
        _resolution(scenario, front),
    ]
    if front.was_stopped:
        points.append("The search was stopped: points are missing.")
    if front.without_plan:
        points.append(f"{len(front.without_plan)} sets of limits have no plan.")
    section = Section(
        "front",
        "What costs what",
        lead=_lead(scenario, front, table),
        charts=charts,
        tables=(_front_table(scenario, front, table),),
        points=tuple(points),
        short="Front",
    )
    return _document(scenario, "Trade-offs", section, "front")


def alternatives_document(scenario: Scenario, table: pd.DataFrame) -> Document:
    """The page of alternatives: what each costs more and what it does without."""
    currency = scenario.settings.scenario.currency
    divisor, word = scale_of(list(table["cost_total"]))
    unit = f"{word}{currency}"
    chart = Chart(
        id="alternatives",
        kind="stack",
        title="Cost above the best plan, present value",
        summary="; ".join(
            f"{name}: {number_text(cost / divisor, 2)} {unit} more"
            for name, cost in zip(table["plan"], table["more_cost_total"], strict=True)
        ),
        data={
            "horizontal": True,
            "labels": list(table["plan"]),
            "unit": unit,
            "series": [
                {
                    "name": "Cost above the best",
                    "key": "term_capital",
                    "values": [float(c) / divisor for c in table["more_cost_total"]],
                }
            ],
        },
        height=120 + 34 * len(table),
    )
    columns = (
        Column("Plan"),
        Column("Cost more", unit, "number"),
        Column("Emissions more", "t CO2e", "number"),
        Column("Landfilled more", "t", "number"),
        Column("Diversion, last period", "", "share"),
        Column("Does without"),
        Column("Instead"),
        Column("Builds"),
    )
    rows = tuple(
        (
            row["plan"],
            float(row["more_cost_total"]) / divisor,
            float(row["more_co2e_total_t"]),
            float(row["more_landfilled_total_t"]),
            float(row["diversion"]),
            _named(scenario, row["left_out"]),
            _named(scenario, row["instead"]),
            row["builds"],
        )
        for row in table.to_dict("records")
    )
    section = Section(
        "alternatives",
        "Other plans",
        lead=_alternatives_lead(scenario, table),
        charts=(chart,),
        tables=(Table("Plans against the best", columns, rows),),
        short="Plans",
    )
    return _document(scenario, "Alternatives", section, "alternatives")


def _alternatives_lead(scenario: Scenario, table: pd.DataFrame) -> str:
    best = _said(scenario, "cost_total", float(table["cost_total"].iloc[0]))
    if len(table) == 1:
        return f"The best plan costs {best}; no other was found within reach."
    most = _said(scenario, "cost_total", float(table["more_cost_total"].max()))
    return (
        f"The best plan costs {best}. {len(table) - 1} other plans cost up to {most} "
        "more; the table says what each avoids and builds instead."
    )


def _named(scenario: Scenario, plants: str) -> str:
    """Names of plants for people; a dash for none."""
    return "; ".join(place_name(scenario, p) for p in plants.split()) or "-"


def _document(
    scenario: Scenario, subtitle: str, section: Section, name: str
) -> Document:
    heading = scenario.settings.scenario
    return Document(
        title=heading.title,
        subtitle=subtitle,
        description=heading.description,
        facts=(("Money", f"{heading.currency} of {heading.price_year}, real"),),
        answer=(("", section.lead),),
        tiles=(),
        sections=(replace(section, lead=""),),
        files=FILES.format(name),
    )


def _lead(scenario: Scenario, front: Front, table: pd.DataFrame) -> str:
    """What one end costs against the other."""
    first, other = front.totals[0], front.totals[1]
    if len(table) < 2:
        return "The front is one point: the best plan by one total is best by all."
    low, high = table.iloc[0], table.iloc[-1]
    more, less = high[first] - low[first], low[other] - high[other]
    text = (
        f"From the first point to the last, {TOTAL_NAMES[first].lower()} "
        f"{_moves(more)} by {_said(scenario, first, abs(more))} and "
        f"{TOTAL_NAMES[other].lower()} {_moves(-less)} by "
        f"{_said(scenario, other, abs(less))}"
    )
    if first == "cost_total" and less > 0 and TOTALS[other].unit.startswith("t"):
        text += f": {number_text(more / less, 2)} {_unit(scenario, first)} a tonne"
    return text + "."


def _moves(change: float) -> str:
    return "rises" if change > 0 else "falls"


def _resolution(scenario: Scenario, front: Front) -> str:
    widest = max((p.gap for p in front.points), default=float("nan"))
    said = _said(scenario, front.totals[0], widest)
    if front.is_resolved:
        return f"Every point is proved to within {said}, less than points lie apart."
    return (
        f"Points are proved to within {said} only, which is more than some lie apart: "
        "their order is not certain."
    )


def _scatter(
    scenario: Scenario, front: Front, table: pd.DataFrame, other: str
) -> Chart:
    first = front.totals[0]
    down, down_word = scale_of(list(table[first]))
    across, across_word = scale_of(list(table[other]))
    return Chart(
        id=f"front_{other}",
        kind="front",
        title=f"{TOTAL_NAMES[first]} against {TOTAL_NAMES[other].lower()}",
        summary="; ".join(
            f"{number_text(x / across, 2)} {across_word}{_unit(scenario, other)}: "
            f"{number_text(y / down, 2)} {down_word}{_unit(scenario, first)}"
            for x, y in zip(table[other], table[first], strict=True)
        ),
        data={
            "x": {
                "name": TOTAL_NAMES[other],
                "unit": f"{across_word}{_unit(scenario, other)}",
            },
            "y": {
                "name": TOTAL_NAMES[first],
                "unit": f"{down_word}{_unit(scenario, first)}",
            },
            "is_line": len(front.totals) == 2,
            "points": [
                [
                    float(row[other]) / across,
                    float(row[first]) / down,
                    int(row["point"]),
                    str(row["builds"]),
                ]
                for row in table.to_dict("records")
            ],
        },
        height=420,
    )


def _front_table(scenario: Scenario, front: Front, table: pd.DataFrame) -> Table:
    columns = (
        Column("Point"),
        *(Column(TOTAL_NAMES[t], _unit(scenario, t), "number") for t in front.totals),
        Column("Gap", _unit(scenario, front.totals[0]), "number"),
        Column("Diversion, last period", "", "share"),
        Column("Builds"),
    )
    rows = tuple(
        (
            int(row["point"]),
            *(float(row[t]) for t in front.totals),
            float(row["gap"]),
            float(row["diversion"]),
            str(row["builds"]),
        )
        for row in table.to_dict("records")
    )
    return Table("Points of the front", columns, rows)


def _unit(scenario: Scenario, name: str) -> str:
    is_money = name == "cost_total"
    return scenario.settings.scenario.currency if is_money else TOTALS[name].unit


def _said(scenario: Scenario, name: str, value: float) -> str:
    divisor, word = scale_of([value])
    return f"{number_text(value / divisor, 2)} {word}{_unit(scenario, name)}"
