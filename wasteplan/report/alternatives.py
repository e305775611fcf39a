"""Plans nearly as good as the best, side by side: what each costs and avoids."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from wasteplan.evaluation.evaluating import evaluate
from wasteplan.plan.records import Plan
from wasteplan.report.document import Chart, Column, Section, Table
from wasteplan.report.features import places
from wasteplan.report.numbers import number_text, scale_of, signed_text
from wasteplan.report.small_maps import maps_chart, placed
from wasteplan.report.subject import Subject
from wasteplan.scenario.model import Scenario
from wasteplan.study.naming import place_name
from wasteplan.study.trade_off_files import KeptAlternatives

MAPS_MAX = 6
"""Small maps drawn, the best plan among them; the table has all plans."""


def alternatives_section(
    scenario: Scenario,
    kept: KeptAlternatives,
    plans: Mapping[str, Plan],
    table: pd.DataFrame,
    id: str = "alternatives",
) -> Section:
    """Bars of cost, small maps, and the table of what each plan does otherwise."""
    charts = (
        _bars(scenario, table, f"{id}_cost"),
        _maps(scenario, plans, table, f"{id}_maps"),
    )
    is_next = kept.share is None
    return Section(
        id,
        "The next cheapest plans" if is_next else "Other plans, nearly as good",
        lead=_lead(scenario, kept, table),
        charts=tuple(c for c in charts if c is not None),
        tables=(_rows(scenario, table), _builds(table)),
        points=_points(scenario, kept, table),
        short="Next plans" if is_next else "Other plans",
    )


def _points(
    scenario: Scenario, kept: KeptAlternatives, table: pd.DataFrame
) -> tuple[str, ...]:
    gap = _money(scenario, float(table["gap"].iloc[0]))
    points = [f"The best plan is proved to within {gap}."]
    if float(table["more_cost_total"].min()) < 0:
        points[0] += (
            " One that builds otherwise is even cheaper: the search for the best "
            "stopped at its gap before it was found."
        )
    if kept.was_stopped:
        points.append(
            "The search was stopped by hand or by its time limit: plans may be missing."
        )
    if (table["misses"] != "").any():
        points.append("Plans that miss a requirement with their real blends say so.")
    return tuple(points)


def _bars(scenario: Scenario, table: pd.DataFrame, id: str) -> Chart:
    divisor, word = scale_of(list(table["more_cost_total"]))
    unit = f"{word}{scenario.settings.scenario.currency}"
    more = [float(c) / divisor for c in table["more_cost_total"]]
    return Chart(
        id=id,
        kind="stack",
        title="Cost above the best plan, present value",
        summary="; ".join(
            f"{name}: {number_text(cost, 2)} {unit} more"
            for name, cost in zip(_names(table), more, strict=True)
        ),
        data={
            "horizontal": True,
            "labels": _names(table),
            "unit": unit,
            "series": [
                {"name": "Cost above the best", "key": "term_capital", "values": more}
            ],
        },
        height=120 + 34 * len(table),
    )


def _maps(
    scenario: Scenario, plans: Mapping[str, Plan], table: pd.DataFrame, id: str
) -> Chart | None:
    divisor, word = scale_of(list(table["more_cost_total"]))
    currency = scenario.settings.scenario.currency
    runs = []
    for row in table.head(MAPS_MAX).to_dict("records"):
        plan = plans[str(row["plan"])]
        more = float(row["more_cost_total"]) / divisor
        name = str(row["plan"]).replace("_", " ")
        if more:
            name += f": {signed_text(more, 2)} {word}{currency}"
        subject = Subject(scenario, plan, evaluate(scenario, plan))
        runs.append((name, placed(places(subject))))
    note = "Squares are what treats, buys or buries waste, circles where it arises."
    return maps_chart(id, "Where waste goes in each plan, last period", runs, note)


def _rows(scenario: Scenario, table: pd.DataFrame) -> Table:
    divisor, word = scale_of(list(table["more_cost_total"]))
    unit = f"{word}{scenario.settings.scenario.currency}"
    columns = (
        Column("Plan"),
        Column("Cost more", unit, "number"),
        Column("Emissions more", "t CO2e", "number"),
        Column("Landfilled more", "t", "number"),
        Column("Diversion, last period", "", "share"),
        Column("Does without"),
        Column("Instead"),
    )
    rows = tuple(
        (
            name,
            float(row["more_cost_total"]) / divisor,
            float(row["more_co2e_total_t"]),
            float(row["more_landfilled_total_t"]),
            float(row["diversion"]),
            _named(scenario, row["left_out"]),
            _named(scenario, row["instead"]),
        )
        for name, row in zip(_names(table), table.to_dict("records"), strict=True)
    )
    return Table("Plans against the best", columns, rows)


def _builds(table: pd.DataFrame) -> Table:
    columns = (Column("Plan"), Column("Builds"), Column("Misses"))
    rows = tuple(
        (name, row["builds"], row["misses"] or "-")
        for name, row in zip(_names(table), table.to_dict("records"), strict=True)
    )
    return Table("What each plan builds", columns, rows)


def _names(table: pd.DataFrame) -> list[str]:
    return [str(name).replace("_", " ") for name in table["plan"]]


def _lead(scenario: Scenario, kept: KeptAlternatives, table: pd.DataFrame) -> str:
    best = _money(scenario, float(table["cost_total"].iloc[0]))
    if len(table) == 1:
        return f"The best plan costs {best}; no other was found within reach."
    most = _money(scenario, float(table["more_cost_total"].max()))
    n = len(table) - 1
    text = f"The best plan costs {best}. {n} other plans cost up to {most} more"
    if kept.share is None:
        return f"{text}; each differs in an opening or closure."
    return (
        f"{text}, within {100 * kept.share:.3g} % of gross cost; each builds "
        "as little as can be of what those before it build."
    )


def _money(scenario: Scenario, value: float) -> str:
    divisor, word = scale_of([value])
    currency = scenario.settings.scenario.currency
    return f"{number_text(value / divisor, 2)} {word}{currency}"


def _named(scenario: Scenario, plants: str) -> str:
    """Names of plants for people; a dash for none."""
    return "; ".join(place_name(scenario, p) for p in plants.split()) or "-"
