"""Targets of the scenario beside what the plan reaches."""

from __future__ import annotations

from wasteplan.evaluation.reaching import reached
from wasteplan.report.document import Column, Table
from wasteplan.report.numbers import number_text, percent_text
from wasteplan.report.subject import Subject
from wasteplan.scenario.records import RATE_METRICS, Target

BINDS_WITHIN = 5e-4
"""Shares closer to their target than this are called binding."""


def targets_table(subject: Subject) -> Table | None:
    """Each target and period with the value reached and the room left."""
    rows = [
        row
        for target in subject.scenario.targets
        for period in subject.period_ids
        if target.period in ("", period)
        for row in _rows(subject, target, period)
    ]
    if not rows:
        return None
    columns = (
        Column("Target"),
        Column("For"),
        Column("Years"),
        Column("Limit", form="written"),
        Column("Reached", form="written"),
        Column("Room", form="written"),
        Column("Verdict"),
    )
    return Table("Targets", columns, tuple(rows))


def _rows(subject: Subject, target: Target, period: str) -> list[tuple[str, ...]]:
    scope = ", ".join(
        w
        for w in (
            subject.region_name(target.region),
            subject.stream_name(target.stream) if target.stream else "",
        )
        if w
    )
    head = (target.id, scope or "all waste", subject.period_label(period))
    value = reached(subject.scenario, subject.plan, subject.evaluation, target, period)
    if value is None:
        return []
    rows: list[tuple[str, ...]] = []
    for limit, sign, word in ((target.min, 1, "≥"), (target.max, -1, "≤")):
        if limit is None:
            continue
        room = sign * (value - limit)
        if target.metric in RATE_METRICS:
            texts = (
                f"{word} {percent_text(limit)}",
                percent_text(value),
                f"{number_text(100 * room, 1)} points",
            )
            within = BINDS_WITHIN
        else:
            unit = subject.currency if target.metric == "capex" else "t CO2e/y"
            texts = (
                f"{word} {number_text(limit)} {unit}",
                f"{number_text(value)} {unit}",
                f"{number_text(room)} {unit}",
            )
            within = BINDS_WITHIN * abs(limit)
        rows.append((*head, *texts, _verdict(room, within)))
    return rows


def _verdict(room: float, within: float) -> str:
    if room < -within:
        return "missed"
    return "met, binds" if room <= within else "met, does not bind"
