"""What the hour-by-hour simulation makes of the plan, with its intervals."""

from __future__ import annotations

from typing import Any

import pandas as pd

from wasteplan.report.document import Chart, Column, Section, Table
from wasteplan.report.numbers import is_known, number_text, percent_text
from wasteplan.report.standing import DIVERSION, SHARE_UNITS, planned
from wasteplan.report.subject import Subject, words_of

STOCK_POINTS_MAX = 400
"""Points of one stock line."""


def simulation_section(subject: Subject) -> Section | None:
    """Planned beside simulated; None if nothing was simulated."""
    if subject.simulation is None or subject.simulation.kpis.empty:
        return None
    kpis = subject.simulation.kpis
    charts = [_intervals(subject, kpis)]
    stocks = _stocks(subject)
    if stocks is not None:
        charts.append(stocks)
    plants = getattr(subject.simulation, "plants", None)
    tables = () if plants is None or plants.empty else (_plants_table(subject, plants),)
    runs = int(kpis["n"].max())
    lead = (
        f"Trucks, gates, bunkers and breakdowns were simulated hour by hour, {runs} "
        "times for a year of each period. Intervals are 95 % confidence intervals of "
        "the mean over these runs."
    )
    return Section(
        "simulation",
        "Does it work day by day",
        lead,
        tuple(charts),
        tables,
        short="Simulation",
    )


def simulated(subject: Subject, id: str, period: str) -> tuple[float, float] | None:
    """Mean and half-width of a simulated indicator; None if there is none."""
    if subject.simulation is None:
        return None
    kpis = subject.simulation.kpis
    row = kpis[(kpis["id"] == id) & (kpis["period"] == period)]
    if row.empty or not is_known(row["mean"].iloc[0]):
        return None
    return float(row["mean"].iloc[0]), float(row["half_width"].iloc[0])


def _intervals(subject: Subject, kpis: pd.DataFrame) -> Chart:
    rows = [
        [
            subject.period_label(period),
            planned(subject.evaluation, DIVERSION, period),
            *_interval(kpis, period),
        ]
        for period in subject.period_ids
        if not kpis[(kpis["id"] == DIVERSION) & (kpis["period"] == period)].empty
    ]
    return Chart(
        id="planned-simulated",
        kind="intervals",
        title="Landfill diversion: planned, and simulated with its interval",
        summary="; ".join(
            f"{label}: planned {percent_text(plan)}, simulated {percent_text(mean)}"
            for label, plan, mean, *_ in rows
        ),
        data={"rows": rows, "unit": "%"},
        table=_comparison(subject, kpis),
        height=110 + 54 * len(rows),
    )


def _interval(kpis: pd.DataFrame, period: str) -> list[float]:
    row = kpis[(kpis["id"] == DIVERSION) & (kpis["period"] == period)].iloc[0]
    return [float(row[c]) for c in ("mean", "low", "high")]


def _comparison(subject: Subject, kpis: pd.DataFrame) -> Table:
    """Indicators have units of their own, so cells are written row by row."""
    columns = (
        Column("Indicator"),
        Column("Unit"),
        Column("Years"),
        Column("Planned", form="written"),
        Column("Simulated", form="written"),
        Column("±", form="written"),
        Column("Low", form="written"),
        Column("High", form="written"),
        Column("Runs", form="written"),
    )

    def row(r: Any) -> tuple[str, ...]:
        is_share = r.unit in SHARE_UNITS
        write = percent_text if is_share else number_text
        plan = planned(subject.evaluation, r.id, r.period)
        cells = (write(v) for v in (plan, r.mean, r.half_width, r.low, r.high))
        unit = "" if is_share else r.unit
        years = subject.period_label(r.period)
        return (r.label, unit, years, *cells, number_text(r.n, 0))

    return Table(
        "Planned and simulated", columns, tuple(row(r) for r in kpis.itertuples())
    )


def _stocks(subject: Subject) -> Chart | None:
    """Tonnes in bunkers over the simulated days, first replication."""
    stocks = getattr(subject.simulation, "stocks", None)
    if stocks is None or stocks.empty:
        return None
    return None


def _plants_table(subject: Subject, plants: pd.DataFrame) -> Table:
    columns = []
    for name in plants.columns:
        is_number = pd.api.types.is_numeric_dtype(plants[name])
        columns.append(
            Column(words_of(str(name)), form="number" if is_number else "text")
        )
    rows = tuple(
        tuple(
            subject.name(v) if name == "plant" else v
            for name, v in zip(plants.columns, row, strict=True)
        )
        for row in plants.itertuples(index=False)
    )
    return Table("Facilities in the simulation", tuple(columns), rows)
