"""What the lines did: a Gantt chart of one run, and where their hours went."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from wasteplan.report.document import Chart, Column, Table
from wasteplan.report.frames import rows
from wasteplan.report.numbers import is_known, percent_text
from wasteplan.report.subject import Subject
from wasteplan.units import HOURS_PER_DAY

if TYPE_CHECKING:
    from wasteplan.sim.result import SimulationResult

LINES_MAX = 16
"""Lines drawn per period, in the order of the plants."""
STARVED_H = 12.0
"""A day with an empty bunker for longer than this is drawn as without waste.  [h]"""
STATES = {
    "running": "At work",
    "starved": "Without enough waste",
    "planned": "Planned outage",
    "forced": "Breakdown",
}


def lines_chart(subject: Subject, simulation: SimulationResult) -> Chart | None:
    """When each line worked, stood still, or had nothing to do; first replication."""
    outages, stocks = simulation.outages, simulation.stocks
    if outages.empty or "idle_h" not in stocks.columns:
        return None
    by_period: dict[str, dict[str, Any]] = {}
    for period in subject.period_ids:
        mine = outages[outages["period"] == period]
        days = stocks[stocks["period"] == period]
        if not mine.empty:
            by_period[period] = _lines(subject, mine, days, simulation.days)
    if not by_period:
        return None
    most = max(len(d["rows"]) for d in by_period.values())
    return Chart(
        id="lines",
        kind="gantt",
        title="What the lines did in one run",
        summary="; ".join(
            f"{subject.period_label(p)}: {len(d['rows'])} lines, "
            f"{sum(b[1] == 'forced' for b in d['bars'])} breakdowns"
            for p, d in by_period.items()
        ),
        data={
            "periods": [[p, subject.period_label(p)] for p in by_period],
            "by_period": by_period,
            "states": [[key, name] for key, name in STATES.items()],
        },
        table=_outage_table(subject, outages),
        height=90 + 32 * most,
        is_wide=True,
        note="First replication. Lines with outages; a day is without waste when the "
        "bunker is empty for more than half of it. No line waits for its outputs: "
        "what it makes always finds room in the simulation.",
    )


def _lines(
    subject: Subject, outages: pd.DataFrame, stocks: pd.DataFrame, days: int
) -> dict[str, Any]:
    """Names of the lines; bars of line number, state, first and last day."""
    keys = sorted({(str(r.plant), int(r.line)) for r in rows(outages)})[:LINES_MAX]
    number = {key: i for i, key in enumerate(keys)}
    several = {plant for plant, line in keys if line > 0}
    names = [
        subject.name(plant) + (f", line {line + 1}" if plant in several else "")
        for plant, line in keys
    ]
    bars: list[list[Any]] = []
    for plant, line in keys:
        idle = stocks[(stocks["place"] == plant) & (stocks["idle_h"] > STARVED_H)]
        for first, last in _stretches(sorted(int(d) for d in idle["day"])):
            bars.append([number[plant, line], "starved", first - 1, last])
    for r in rows(outages):
        key = (str(r.plant), int(r.line))
        if key in number:
            start, end = r.from_h / HOURS_PER_DAY, r.to_h / HOURS_PER_DAY
            bars.append([number[key], str(r.cause), round(start, 2), round(end, 2)])
    return {"rows": names, "bars": bars, "last": days}


def _stretches(days: list[int]) -> list[tuple[int, int]]:
    """Runs of consecutive days.

    >>> _stretches([1, 2, 3, 7])
    [(1, 3), (7, 7)]
    """
    found: list[tuple[int, int]] = []
    for day in days:
        if found and found[-1][1] == day - 1:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def states_chart(subject: Subject, simulation: SimulationResult) -> Chart | None:
    """Where the hours of the lines went, mean over replications."""
    plants = simulation.plants
    needed = {"availability", "utilisation"}
    if plants.empty or not needed <= {*plants.columns}:
        return None
    lined = plants[plants["availability"].map(is_known)]
    planned = _planned_share(simulation)
    by_period: dict[str, dict[str, Any]] = {}
    cells = []
    for period in subject.period_ids:
        found = []
        for r in rows(lined[lined["period"] == period]):
            use = r.utilisation if is_known(r.utilisation) else 0.0
            running = r.availability * min(use, 1.0)
            overhaul = min(planned.get((r.plant, period), 0.0), 1 - r.availability)
            shares = (
                running,
                r.availability - running,
                overhaul,
                1 - r.availability - overhaul,
            )
            found.append((subject.name(r.plant), shares))
            cells.append((subject.name(r.plant), subject.period_label(period), *shares))
        if found:
            by_period[period] = {
                "labels": [name for name, _ in found],
                "series": [
                    {"key": key, "name": name, "values": [s[i] for _, s in found]}
                    for i, (key, name) in enumerate(STATES.items())
                ],
            }
    if not by_period:
        return None
    most = max(len(d["labels"]) for d in by_period.values())
    return Chart(
        id="line-states",
        kind="stack",
        title="Where the hours of the lines went",
        summary="; ".join(
            f"{name}, {years}: {percent_text(shares[0])} at work"
            for name, years, *shares in cells
        ),
        data={
            "periods": [[p, subject.period_label(p)] for p in by_period],
            "by_period": by_period,
            "unit": "%",
            "horizontal": True,
            "whole": True,
        },
        table=_hours_table(cells),
        height=90 + 34 * most,
        is_wide=True,
        note="Mean over all replications; “without enough waste” is the part of the "
        "hours of lines at work that their tonnes or heat did not fill. Outages that "
        "are only a share of time in the inputs count as breakdown.",
    )


def _hours_table(cells: list[tuple[Any, ...]]) -> Table:
    columns = (
        Column("Facility"),
        Column("Years"),
        *(Column(name, form="share") for name in STATES.values()),
    )
    return Table("Hours of the lines", columns, tuple(cells))


def _planned_share(simulation: SimulationResult) -> dict[tuple[str, str], float]:
    """Share of line-hours in overhaul, by plant and period; the same in every run."""
    outages = simulation.outages
    if outages.empty:
        return {}
    hours = outages.assign(h=outages["to_h"] - outages["from_h"])
    lines = hours.groupby(["plant", "period"])["line"].max() + 1
    planned = hours[hours["cause"] == "planned"]
    total = planned.groupby(["plant", "period"])["h"].sum()
    span = simulation.days * HOURS_PER_DAY
    return {
        (str(key[0]), str(key[1])): float(h) / (span * float(lines[key]))  # type: ignore[index, call-overload]
        for key, h in total.items()
    }


def _outage_table(subject: Subject, outages: pd.DataFrame) -> Table:
    """Number and hours of outages of the run drawn, by plant, period and cause."""
    hours = outages.assign(h=outages["to_h"] - outages["from_h"])
    keys = ["plant", "period", "cause"]
    summed = hours.groupby(keys, sort=True)["h"].agg(["size", "sum"]).reset_index()
    cells = tuple(
        (
            subject.name(str(r.plant)),
            subject.period_label(str(r.period)),
            STATES[str(r.cause)],
            int(r.n),
            float(r.h),
        )
        for r in rows(summed.rename(columns={"size": "n", "sum": "h"}))
    )
    columns = (
        Column("Facility"),
        Column("Years"),
        Column("Why"),
        Column("Outages", "of all lines", "number"),
        Column("Hours", "line-h", "number"),
    )
    return Table("Outages of the run drawn", columns, cells)
