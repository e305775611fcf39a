"""Targets of the scenario beside what the plan reaches."""

from __future__ import annotations

from wasteplan.indicators.diversion import diversion_rates
from wasteplan.report.document import Column, Table
from wasteplan.report.numbers import number_text, percent_text
from wasteplan.report.standing import DIVERSION
from wasteplan.report.subject import Subject
from wasteplan.scenario.records import Target

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


def diversion_of(
    subject: Subject, period: str, region: str, stream: str
) -> float | None:
    """Landfill diversion of a part of the waste, last year of the period.  [-]"""
    waste = subject.evaluation.waste
    part = waste[waste["period"] == period]
    if region:
        part = part[part["region"] == region]
    if stream:
        part = part[part["stream"] == stream]
    if part["generated_t"].sum() <= 0:
        return None
    return float(diversion_rates(part)[DIVERSION].iloc[0])


def capex_of(subject: Subject, period: str) -> float:
    """Investment of the builds of a period.  [money, undiscounted]"""
    total = 0.0
    for build in subject.plan.builds:
        if build.period != period:
            continue
        centre = subject.scenario.centre.get(build.site)
        size = subject.scenario.size.get((build.technology, build.size))
        if build.technology == "centre" and centre is not None:
            total += centre.capex
        elif size is not None:
            total += size.capex or 0.0
    return total


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
    rows: list[tuple[str, ...]] = []
    if target.metric == DIVERSION:
        value = diversion_of(subject, period, target.region, target.stream)
        if value is None:
            return []
        for limit, sign, word in ((target.min, 1, "≥"), (target.max, -1, "≤")):
            if limit is not None:
                room = sign * (value - limit)
                text = f"{number_text(100 * room, 1)} points"
                rows.append(
                    (
                        *head,
                        f"{word} {percent_text(limit)}",
                        percent_text(value),
                        text,
                        _verdict(room, BINDS_WITHIN),
                    )
                )
    elif target.max is not None:
        spent = capex_of(subject, period)
        rows.append(
            (
                *head,
                f"≤ {number_text(target.max)} {subject.currency}",
                f"{number_text(spent)} {subject.currency}",
                f"{number_text(target.max - spent)} {subject.currency}",
                _verdict(target.max - spent, BINDS_WITHIN * target.max),
            )
        )
    return rows


def _verdict(room: float, within: float) -> str:
    if room < -within:
        return "missed"
    return "met, binds" if room <= within else "met, does not bind"
