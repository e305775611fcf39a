"""What plants must be fed, beside what is left for them if more is recycled."""

from __future__ import annotations

import pandas as pd

from wasteplan.report.document import Chart, Column, Section, Table
from wasteplan.report.numbers import is_known
from wasteplan.report.subject import Subject
from wasteplan.study.lock_in import lock_in_said, lock_in_table

LINES = (
    ("slate", "Planned intake", "intake_t"),
    ("combustion", "What plants must be fed", "committed_t"),
    ("recycling", "Left if the recycling target is met", "left_t"),
)
NOTE = (
    "Must be fed: the larger of minimum load and contracted tonnes, plant by plant. "
    "What is recycled beyond the plan is taken from these plants, the worst case."
)


def lock_in_section(subject: Subject) -> Section | None:
    """None if no plant has a minimum load or a contract."""
    found = lock_in_table(subject.scenario, subject.plan, subject.evaluation)
    if found.empty or not found["committed_t"].any():
        return None
    return Section(
        "lock-in",
        "Does the plan leave room for recycling?",
        f"{lock_in_said(found)}.",
        (_chart(found),),
        (_table(found),),
        short="Lock-in",
    )


def _chart(found: pd.DataFrame) -> Chart:
    has_target = found["asked_rate"].notna().any()
    series = [
        {"key": key, "name": name, "values": [float(v) for v in found[column]]}
        for key, name, column in LINES
        if has_target or column != "left_t"
    ]
    return Chart(
        id="lock-in",
        kind="lines",
        title="Waste for plants that must be fed, t/y",
        summary=lock_in_said(found),
        data={
            "labels": [str(year) for year in found["year"]],
            "unit": "t",
            "series": series,
            "label_all": False,
        },
        note=NOTE,
    )


def _table(found: pd.DataFrame) -> Table:
    columns = (
        Column("Year"),
        Column("Intake", "t/y", "number"),
        Column("Must be fed", "t/y", "number"),
        Column("Recycling planned", form="share"),
        Column("Recycling asked", form="share"),
        Column("Left", "t/y", "number"),
        Column("Short", "t/y", "number"),
        Column("Highest recycling without a lack", form="share"),
    )
    cells = tuple(
        (
            str(r["year"]),
            r["intake_t"],
            r["committed_t"],
            r["recycling_rate"],
            r["asked_rate"] if is_known(r["asked_rate"]) else None,
            r["left_t"],
            r["short_t"],
            r["highest_rate"],
        )
        for r in found.to_dict("records")
    )
    return Table("Commitments and recycling by year", columns, cells, is_folded=True)
