"""The rounds of planning and simulating that led to the plan."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from wasteplan.report.document import Chart, Column, Section, Table
from wasteplan.report.numbers import is_known, number_text, percent_text
from wasteplan.report.subject import Subject
from wasteplan.report.targets import simulation_of_targets, told_of

if TYPE_CHECKING:
    from wasteplan.study.loop_result import LoopResult


def rounds_section(subject: Subject) -> Section | None:
    """Planned, expected and simulated by round; None if there was no loop."""
    loop = subject.loop
    if loop is None:
        return None
    from wasteplan.study.loop_text import loop_said

    parts = (
        loop_said(subject.scenario, loop),
        *told_of(subject, simulation_of_targets(subject)),
    )
    said = "; ".join(parts).replace("+-", "±")
    lead = (
        "The plan was simulated, what its plants really took and lost was told to the "
        f"planner, and it planned again: {said}."
    )
    tables = [_rounds_table(subject, loop)]
    if loop.kept.number > 1:
        tables.append(_gain_table(subject, loop))
    tables.append(_plants_table(subject, loop))
    return Section(
        "rounds",
        "From plan to simulation and back",
        lead,
        (_chart(subject, loop),),
        tuple(tables),
        short="Rounds",
    )


def _chart(subject: Subject, loop: LoopResult) -> Chart:
    by_period: dict[str, dict[str, Any]] = {}
    for r in loop.table().to_dict("records"):
        low, high = r["simulated_low"], r["simulated_high"]
        drawn = by_period.setdefault(r["period"], {"rows": []})
        kept = ", kept" if r["is_kept"] else ""
        drawn["rows"].append(
            [
                f"Round {r['round']}{kept}",
                r["planned"],
                r["simulated"],
                low if is_known(low) else r["simulated"],
                high if is_known(high) else r["simulated"],
                r["expected"],
            ]
        )
    return Chart(
        id="rounds",
        kind="intervals",
        title="Landfill diversion by round: planned, expected and simulated",
        summary="; ".join(
            f"{subject.period_label(period)}: "
            + ", ".join(
                f"{label} planned {percent_text(plan)}, simulated {percent_text(mean)}"
                for label, plan, mean, *_ in drawn["rows"]
            )
            for period, drawn in by_period.items()
        ),
        data={
            "periods": [[p, subject.period_label(p)] for p in by_period],
            "by_period": by_period,
            "unit": "%",
        },
        height=120 + 54 * len(loop.rounds),
        note="Expected is what the planner reckoned with, knowing the rounds before. "
        "All rounds share their chance. Below: targets met or missed with their whole "
        "interval, or open; openings and closings other than in the round before.",
    )


def _rounds_table(subject: Subject, loop: LoopResult) -> Table:
    from wasteplan.study.loop_text import verdicts

    columns = (
        Column("Round"),
        Column("Years"),
        Column("Planned", form="share"),
        Column("Expected", form="share"),
        Column("Simulated", form="share"),
        Column("±", form="share"),
        Column("Turned away", "t/y", "number"),
        Column("Met, open, missed", form="written"),
        Column("Changes", form="written"),
        Column("Cost", f"million {subject.money}", "number"),
        Column("With consequences", f"million {subject.money}", "number"),
    )
    cells = tuple(
        (
            f"{r['round']}{' (kept)' if r['is_kept'] else ''}",
            subject.period_label(r["period"]),
            r["planned"],
            r["expected"],
            r["simulated"],
            (r["simulated_high"] - r["simulated_low"]) / 2,
            r["turned_away_t_per_y"],
            verdicts(r),
            str(r["changes"]) if r["round"] > 1 else "",
            r["cost"] / 1e6,
            r["cost_in_practice"] / 1e6 if is_known(r["cost_in_practice"]) else None,
        )
        for r in loop.table().to_dict("records")
    )
    return Table("Rounds", columns, cells)


def _gain_table(subject: Subject, loop: LoopResult) -> Table:
    """What the kept round has over the first, with paired intervals."""
    kpis = loop.kept.simulation.kpis.drop_duplicates("id").set_index("id")
    cells = []
    for r in loop.gain_table().to_dict("records"):
        label, unit = kpis.loc[r["id"], ["label", "unit"]]
        write = percent_points if unit == "-" else number_text
        cells.append(
            (
                label,
                "points" if unit == "-" else unit,
                subject.period_label(r["period"]),
                *(_change(r[k], write) for k in ("gain", "low", "high")),
            )
        )
    columns = (
        Column("Indicator"),
        Column("Unit"),
        Column("Years"),
        *(Column(title, form="written") for title in ("Change", "Low", "High")),
    )
    return Table(
        "Kept round less the first, paired by replication", columns, tuple(cells)
    )


def percent_points(share: float) -> str:
    """A difference of shares in points.

    >>> percent_points(-0.0123)
    '−1.23'
    """
    return number_text(100 * share, 2)


def _change(value: float, write: Callable[[float], str]) -> str:
    """A difference with its sign."""
    return f"+{write(value)}" if value > 0 else write(value)


def _plants_table(subject: Subject, loop: LoopResult) -> Table:
    """What the kept round's simulation found at each plant that turned waste away."""
    columns = (
        Column("Facility"),
        Column("Years"),
        Column("Planned", "t/y", "number"),
        Column("Turned away", "t/y", "number"),
        Column("Lost", "t/y", "number"),
        Column("Capacity in practice", form="share"),
        Column("Lost of what is sent", form="share"),
    )
    cells = tuple(
        (
            subject.name(p.plant),
            subject.period_label(p.period),
            p.planned_t_per_y,
            p.turned_away_t_per_y,
            p.lost_t_per_y,
            p.capacity_share,
            p.lost_share,
        )
        for p in sorted(loop.kept.found.plants, key=lambda p: (p.period, p.plant))
        if p.turned_away_t_per_y > 0.5 or p.capacity_share < 1
    )
    return Table("Found at the gates, kept round", columns, cells, is_folded=True)
