"""What the hour-by-hour simulation makes of the plan, with its intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from wasteplan.report.days import CAUSE_NAMES, days_chart
from wasteplan.report.document import Chart, Column, Section, Table
from wasteplan.report.frames import rows, sums
from wasteplan.report.line_states import lines_chart, states_chart
from wasteplan.report.numbers import is_known, number_text, percent_text
from wasteplan.report.standing import DIVERSION, SHARE_UNITS, planned
from wasteplan.report.subject import Subject, rank
from wasteplan.study.wording import interval_end

if TYPE_CHECKING:
    from wasteplan.sim.result import SimulationResult

TURNED_AWAY_MIN_T = 0.5
"""Per year; less is not worth a bar.  [t/y]"""


def simulation_section(subject: Subject) -> Section | None:
    """Planned beside simulated; None if nothing was simulated."""
    if subject.simulation is None or subject.simulation.kpis.empty:
        return None
    simulation = subject.simulation
    charts = [draw(subject, simulation) for draw in DRAWN]
    tables = () if simulation.plants.empty else (_plants_table(subject, simulation),)
    lead = (
        f"Trucks, gates, bunkers and breakdowns were simulated hour by hour over "
        f"{simulation.days} days of the last year of each period, "
        f"{simulation.replications} times with different chance (seed "
        f"{simulation.seed}). Intervals hold the mean with 95\u00a0% confidence."
    )
    return Section(
        "simulation",
        "Does it work day by day",
        lead,
        tuple(c for c in charts if c is not None),
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


def _intervals(subject: Subject, simulation: SimulationResult) -> Chart | None:
    kpis = simulation.kpis
    drawn = [
        [
            subject.period_label(r.period),
            planned(subject.evaluation, DIVERSION, r.period),
            r.mean,
            r.low if is_known(r.low) else r.mean,
            r.high if is_known(r.high) else r.mean,
        ]
        for r in rows(kpis[kpis["id"] == DIVERSION])
        if is_known(r.mean)
    ]
    if not drawn:
        return None
    return Chart(
        id="planned-simulated",
        kind="intervals",
        title="Landfill diversion: planned, and simulated with its interval",
        summary="; ".join(
            f"{label}: planned {percent_text(plan)}, simulated {percent_text(mean)}"
            for label, plan, mean, *_ in drawn
        ),
        data={"rows": drawn, "unit": "%"},
        table=_comparison(subject, kpis),
        height=110 + 54 * len(drawn),
    )


def _comparison(subject: Subject, kpis: pd.DataFrame) -> Table:
    """Indicators have units of their own, so cells are written row by row."""
    columns = (
        Column("Indicator"),
        Column("Unit"),
        Column("Years"),
        *(
            Column(title, form="written")
            for title in ("Planned", "Simulated", "±", "Low", "High", "Runs")
        ),
    )

    def cells(r: Any) -> tuple[str, ...]:
        is_share = r.unit in SHARE_UNITS
        write = percent_text if is_share else number_text
        plan = planned(subject.evaluation, r.id, r.period)
        low = interval_end(r.low, r.mean, r.unit)
        numbers = (write(v) for v in (plan, r.mean, r.half_width, low, r.high))
        unit = "" if is_share else r.unit
        years = subject.period_label(r.period)
        return (r.label, unit, years, *numbers, number_text(r.n, 0))

    order = {id: i for i, id in enumerate(dict.fromkeys(kpis["id"]))}
    listed = sorted(rows(kpis), key=lambda r: order[r.id])
    return Table("Planned and simulated", columns, tuple(cells(r) for r in listed))


def _turned_away(subject: Subject, simulation: SimulationResult) -> Chart | None:
    """Loads that found a gate, yard or bunker closed or full, by plant and cause."""
    plants = simulation.plants
    causes = [c for c in CAUSE_NAMES if f"{c}_t_per_y" in plants.columns]
    plants = plants.assign(away=sum(plants[f"{c}_t_per_y"] for c in causes))
    plants = plants[plants["away"] > TURNED_AWAY_MIN_T]
    if plants.empty:
        return None
    by_period = _bars_by_period(subject, plants, causes)
    cells = tuple(
        (
            subject.name(r.plant),
            subject.period_label(r.period),
            *(getattr(r, f"{c}_t_per_y") for c in causes),
        )
        for r in rows(plants)
    )
    columns = (
        Column("Facility"),
        Column("Years"),
        *(Column(CAUSE_NAMES[c], "t/y", "number") for c in causes),
    )
    most = max(len(drawn["labels"]) for drawn in by_period.values())
    return Chart(
        id="turned-away",
        kind="stack",
        title="Tonnes turned away, by cause",
        summary="; ".join(
            f"{subject.name(r.plant)} {number_text(r.away)} t/y in "
            f"{subject.period_label(r.period)}"
            for r in rows(plants)
        ),
        data={
            "periods": [[p, subject.period_label(p)] for p in by_period],
            "by_period": by_period,
            "unit": "t/y",
            "horizontal": True,
        },
        table=Table("Turned away", columns, cells),
        height=90 + 34 * most,
        is_wide=True,
        note="A load that is turned away goes on to the next place that takes it, to "
        "an emergency store or to a landfill.",
    )


def _bars_by_period(
    subject: Subject, plants: pd.DataFrame, causes: list[str]
) -> dict[str, dict[str, Any]]:
    """Names and tonnes by cause of the plants of each period, the largest first."""
    by_period = {}
    for period in subject.period_ids:
        found = plants[plants["period"] == period]
        found = found.sort_values("away", ascending=False, kind="stable")
        if found.empty:
            continue
        series = [
            {
                "key": cause,
                "name": CAUSE_NAMES[cause],
                "values": found[f"{cause}_t_per_y"].tolist(),
            }
            for cause in causes
        ]
        labels = [subject.name(str(p)) for p in found["plant"]]
        by_period[period] = {"labels": labels, "series": series}
    return by_period


DRAWN = (_intervals, _turned_away, days_chart, lines_chart, states_chart)
"""The charts of the section, in reading order."""


def _plants_table(subject: Subject, simulation: SimulationResult) -> Table:
    throughput = sums(
        subject.evaluation.facilities, ["plant", "period"], "throughput_t_per_y"
    )
    columns = (
        Column("Facility"),
        Column("Years"),
        Column("Received, planned", "t/y", "number"),
        Column("Received, simulated", "t/y", "number"),
        Column("±", "t/y", "number"),
        Column("Lines at work", form="share"),
        Column("Use of lines", form="share"),
        Column("Mean stock", "t", "number"),
        Column("Wait, mean", "min", "number"),
        Column("Wait, 95th percentile", "min", "number"),
    )
    cells = tuple(
        (
            subject.name(r.plant),
            subject.period_label(r.period),
            throughput.get((r.plant, r.period)),
            r.received_t_per_y,
            r.received_t_per_y_half_width,
            r.availability,
            r.utilisation,
            r.stock_mean_t,
            r.wait_mean_min,
            r.wait_95_min,
        )
        for r in sorted(
            rows(simulation.plants),
            key=lambda r: (rank(subject.kind(r.plant)), r.plant),
        )
    )
    return Table("Facilities in the simulation", columns, cells, is_folded=True)
