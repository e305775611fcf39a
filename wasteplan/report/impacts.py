"""Impacts by category and what contributes, landfill methane, burning by itself."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from wasteplan.evaluation.inventorying import STAGES
from wasteplan.lca.pollutants import LIMITS
from wasteplan.report.document import Chart, Column, Section, Table, listed
from wasteplan.report.frames import rows
from wasteplan.report.numbers import number_text, percent_text
from wasteplan.report.subject import Subject
from wasteplan.study.assess import Assessment
from wasteplan.study.burning_window import BLEND

STAGE_NAMES = {
    "collection": "Collection",
    "haul": "Haul",
    "process": "Treatment",
    "residues": "Residues",
    "landfill": "Landfill",
    "leakage": "Leakage",
    "avoided": "Avoided elsewhere",
}
STAGE_KEYS = {"residues": "centre"}
"""Colours that stages share with others of the chapter on emissions."""
MET = "inside"
MISSED = "outside"


def impacts_section(subject: Subject) -> Section | None:
    """Impacts by method, as far as they are known; None without any."""
    found = subject.assessment
    if found is None or found.inventory.empty:
        return None
    is_known = found.impacts["net"].notna()
    unknown = list(found.impacts.loc[~is_known, "name"])
    if not is_known.any():
        return None
    found = replace(found, impacts=found.impacts[is_known])
    window = found.window
    charts = [_contributions(found)]
    if not window.empty:
        charts.append(_tanner(subject, window))
    tables = [_gas(found)]
    if not found.power.empty:
        tables.append(_power(subject, found.power))
    return Section(
        "impacts",
        "Impacts by category",
        _lead(found),
        tuple(charts),
        tuple(tables),
        points=(LIMITS, *(_not_known(unknown) if unknown else ())),
        short="Impacts",
    )


def _not_known(names: list[str]) -> tuple[str, ...]:
    return (
        f"{listed(names)}: not known, since what some waste holds is not (nitrogen of "
        "what is composted, say); left out of the picture.",
    )


def _lead(found: Assessment) -> str:
    weak = found.impacts.sort_values("share_on_assumption").iloc[-1]
    return (
        f"Over the horizon, {found.system}; per tonne of the "
        f"{number_text(found.generated_t, 0)} t of waste generated. The weakest is "
        f"{weak['name']}: {percent_text(weak['share_on_assumption'], 0)} of it rests "
        "on recalled or assumed numbers."
    )


def _contributions(found: Assessment) -> Chart:
    """Stages as shares of the gross of each method, credits to the left."""
    by_stage = found.contributions[found.contributions["by"] == "stage"]
    parts = {(r.method, r.name): r.net for r in rows(by_stage)}
    methods = list(rows(found.impacts))
    gross = {
        m.method: sum(abs(parts.get((m.method, s), 0.0)) for s in STAGES)
        for m in methods
    }
    used = [s for s in STAGES if any((m.method, s) in parts for m in methods)]
    largest = {
        m.name: max(used, key=lambda s: abs(parts.get((m.method, s), 0.0)))
        for m in methods
        if gross[m.method] > 0
    }
    return Chart(
        id="impacts",
        kind="stack",
        title="What contributes to each impact",
        summary="Largest contribution: "
        + "; ".join(f"{n}: {STAGE_NAMES[s].lower()}" for n, s in largest.items()),
        data={
            "labels": [m.name for m in methods],
            "unit": "%",
            "horizontal": True,
            "series": [
                {
                    "key": f"stage_{STAGE_KEYS.get(s, s)}",
                    "name": STAGE_NAMES[s],
                    "values": [
                        parts.get((m.method, s), 0.0) / gross[m.method]
                        if gross[m.method] > 0
                        else 0.0
                        for m in methods
                    ],
                }
                for s in used
            ],
        },
        table=_table(found),
        height=90 + 44 * len(methods),
        note="Shares of the sum of all contributions by size; credits point left.",
    )


def _table(found: Assessment) -> Table:
    columns = (
        Column("Impact"),
        Column("Unit"),
        Column("Emitted", "", "number"),
        Column("Avoided", "", "number"),
        Column("Net", "", "number"),
        Column("Net per tonne", "", "degrees"),
        Column("On memory or assumption", "", "share"),
    )
    return Table(
        "Impacts over the horizon",
        columns,
        tuple(
            (
                r.name,
                r.unit,
                r.emitted,
                r.avoided,
                r.net,
                r.net_per_t,
                r.share_on_assumption,
            )
            for r in rows(found.impacts)
        ),
    )


def _gas(found: Assessment) -> Table:
    assert found.gas is not None
    return Table(
        "Landfill methane: the yearly account against the committed one",
        (Column("Account"), Column("Methane", "t CH4", "number")),
        tuple((r.item, r.methane_t) for r in rows(found.gas.reconciliation())),
        is_folded=True,
    )


def _power(subject: Subject, power: pd.DataFrame) -> Table:
    return Table(
        "Fossil carbon dioxide of power from waste, beside the grid",
        (
            Column("Burner"),
            Column("Stream"),
            Column("LHV", "MJ/kg", "number"),
            Column("Net electricity", "kWh/t", "number"),
            Column("Fossil CO2", "kg/kWh", "degrees"),
            Column("Grid", "kg CO2e/kWh", "degrees"),
        ),
        tuple(
            (
                subject.technology_name(r.technology),
                subject.scenario.stream[r.stream].name or r.stream,
                r.lhv_mj_per_kg,
                r.net_kwh_per_t,
                r.fossil_co2_kg_per_kwh,
                r.grid_kg_co2e_per_kwh,
            )
            for r in rows(power)
        ),
    )


def _tanner(subject: Subject, window: pd.DataFrame) -> Chart:
    points = []
    for r in rows(window):
        is_blend = r.kind == BLEND
        stream = subject.scenario.stream.get(r.name)
        name = (
            f"{subject.name(r.name)}, {subject.period_label(r.period)}"
            if is_blend
            else (stream.name if stream else "") or r.name
        )
        points.append(
            {
                "name": name,
                "is_blend": is_blend,
                "moisture": r.moisture,
                "ash": r.ash,
                "combustible": r.combustible,
            }
        )
    marks = [
        (
            p["name"],
            r.moisture,
            r.ash,
            r.combustible,
            r.lhv_mj_per_kg,
            MET if r.is_autothermal else MISSED,
        )
        for p, r in zip(points, rows(window), strict=True)
    ]
    outside = [m[0] for m in marks if m[-1] == MISSED]
    return Chart(
        id="tanner",
        kind="tanner",
        title="What burns by itself (Tanner diagram)",
        summary=(
            f"Outside the window: {listed([str(n) for n in outside])}"
            if outside
            else "All streams and blends lie inside the window"
        ),
        data={"points": points, "moisture_max": 0.5, "ash_max": 0.6, "burns_min": 0.25},
        table=Table(
            "Water, ash and combustible matter",
            (
                Column("Stream or blend"),
                Column("Water", "", "share"),
                Column("Ash", "", "share"),
                Column("Combustible", "", "share"),
                Column("LHV", "MJ/kg", "number"),
                Column("Window"),
            ),
            tuple(marks),
        ),
        height=420,
        note="Inside the shaded window waste burns without support fuel: water at most "
        "50 %, ash at most 60 %, combustible matter at least 25 % (Tanner 1965).",
    )
