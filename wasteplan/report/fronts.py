"""A front as points to choose from, each with what no plan beats."""

from __future__ import annotations

import pandas as pd

from wasteplan.report.document import Chart, Column, Section, Table
from wasteplan.report.numbers import is_known, number_text, scale_of
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.totals import COST, TOTALS
from wasteplan.study.front import Front

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
    "collected_rate_lowest": "Lowest share collected in a region",
}
NOTE = (
    "A bar reaches from a plan down to the bound: no plan as good in the other total "
    "lies below its foot. Hollow points miss a requirement with their real blends."
)


def front_section(
    scenario: Scenario, front: Front, table: pd.DataFrame, id: str = "front"
) -> Section:
    """One picture for each limited total, and the table of points."""
    charts = tuple(
        _scatter(scenario, front, table, other, f"{id}_{other}")
        for other in front.totals[1:]
    )
    return Section(
        id,
        "What costs what",
        lead=lead(scenario, front, table),
        charts=charts,
        tables=(_front_table(scenario, front, table), _builds(table)),
        points=_points(scenario, front, table),
        short="Front",
    )


def _points(scenario: Scenario, front: Front, table: pd.DataFrame) -> tuple[str, ...]:
    """How sure the front is, and what is missing from it."""
    points = [
        "Each point is the best plan found within limits on the other totals; no point "
        "beats another in every total.",
        _resolution(scenario, front),
        *(_end_said(scenario, front, name) for name in front.totals[1:]),
    ]
    if (table["misses"] != "").any():
        n = int((table["misses"] != "").sum())
        points.append(
            f"{n} {'point misses' if n == 1 else 'points miss'} a requirement by a "
            "little once blends are sent as they are: read as a hint, not as a plan."
        )
    if front.was_stopped:
        points.append("The search was stopped: points are missing.")
    if front.without_plan:
        points.append(f"{len(front.without_plan)} sets of limits have no plan.")
    if front.undecided:
        points.append(
            f"At {len(front.undecided)} sets of limits the time ran out before there "
            "was a plan: allow more (--time-limit)."
        )
    return tuple(p for p in points if p)


def _end_said(scenario: Scenario, front: Front, name: str) -> str:
    """How far the front could reach at all in one total."""
    end = front.ends.get(name)
    if end is None:
        return ""
    word = "more" if TOTALS[name].more_is_better else "less"
    return (
        f"{TOTAL_NAMES[name]}: no plan at any cost has {word} than "
        f"{_said(scenario, name, end.bound)}; the best that was found has "
        f"{_said(scenario, name, end.value)}."
    )


def lead(scenario: Scenario, front: Front, table: pd.DataFrame) -> str:
    """What one end costs against the other."""
    first, other = front.totals[0], front.totals[1]
    found, is_sound = len(table), table["misses"] == ""
    table = table[is_sound] if is_sound.any() else table
    if len(table) < 2 and (found > 1 or front.was_stopped or front.undecided):
        return (
            "Only one point is known that keeps all requirements: what less of "
            f"{TOTAL_NAMES[other].lower()} costs cannot be told yet."
            if is_sound.any()
            else "No point is known that keeps all requirements."
        )
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
    if first == COST and less > 0 and TOTALS[other].unit.startswith("t"):
        text += f": {number_text(more / less, 2)} {_unit(scenario, first)} a tonne"
    return text + "."


def _moves(change: float) -> str:
    return "rises" if change > 0 else "falls"


def _resolution(scenario: Scenario, front: Front) -> str:
    if len(front.plans) < 2:  # nothing to lie apart from
        return ""
    widest = max(p.gap for p in front.plans)
    said = f"Points are proved to within {_said(scenario, front.totals[0], widest)}"
    if front.is_resolved:
        return f"{said}, less than they lie apart."
    if not front.steps:
        return f"{said} only, which is more than some lie apart."
    known = [step.least for step in front.steps if is_known(step.least)]
    shown = sum(least > 0 for least in known)
    return (
        f"{said}. Of {len(known)} steps from point to point, {shown} "
        f"{'is' if shown == 1 else 'are'} proved to cost more; for the others a "
        "smaller gap is needed (--gap)."
    )


def _scatter(
    scenario: Scenario, front: Front, table: pd.DataFrame, other: str, id: str
) -> Chart:
    first = front.totals[0]
    down, down_word = scale_of(list(table[first]))
    across, across_word = scale_of(list(table[other]))
    return Chart(
        id=id,
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
                    float(row["bound"]) / down,
                    str(row["misses"]),
                ]
                for row in table.to_dict("records")
            ],
        },
        height=420,
        note=NOTE,
    )


def _front_table(scenario: Scenario, front: Front, table: pd.DataFrame) -> Table:
    first = front.totals[0]
    unit = _unit(scenario, first)
    has_steps = bool(front.steps)
    more = (
        (
            Column("More than the point before: surely", unit, "number"),
            Column("at most", unit, "number"),
        )
        if has_steps
        else ()
    )
    columns = (
        Column("Point"),
        *(Column(TOTAL_NAMES[t], _unit(scenario, t), "number") for t in front.totals),
        Column("Gap", unit, "number"),
        *more,
        Column("Diversion, last period", "", "share"),
    )
    rows = tuple(
        (
            int(row["point"]),
            *(float(row[t]) for t in front.totals),
            float(row["gap"]),
            *((row["more_least"], row["more_most"]) if has_steps else ()),
            float(row["diversion"]),
        )
        for row in table.to_dict("records")
    )
    return Table("Points of the front", columns, rows)


def _builds(table: pd.DataFrame) -> Table:
    columns = (Column("Point"), Column("Builds"), Column("Misses"))
    rows = tuple(
        (int(row["point"]), str(row["builds"]), row["misses"] or "-")
        for row in table.to_dict("records")
    )
    return Table("What each point builds", columns, rows)


def _unit(scenario: Scenario, name: str) -> str:
    is_money = name == COST
    return scenario.settings.scenario.currency if is_money else TOTALS[name].unit


def _said(scenario: Scenario, name: str, value: float) -> str:
    divisor, word = scale_of([value])
    return f"{number_text(value / divisor, 2)} {word}{_unit(scenario, name)}"
