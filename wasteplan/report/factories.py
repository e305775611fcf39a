"""Factory by factory: where its waste goes today, and where under the plan."""

from __future__ import annotations

from typing import Any

import pandas as pd

from wasteplan.report.document import Chart, Column, Section, Table
from wasteplan.report.frames import rows
from wasteplan.report.numbers import number_text
from wasteplan.report.subject import Subject
from wasteplan.study.factory_routes import factory_changes

LANDFILL_MAX = 0.1
"""Share above which a factory is said to be on landfill."""

GROUPS = {
    "moves": ("gain", "Moves off landfill"),
    "stays": ("disposal", "Stays on landfill"),
    "comes": ("loss", "Comes onto landfill"),
    "off": ("storage", "Was not on landfill"),
}
"""Colour and words of what happens to a factory."""


def factories_section(subject: Subject) -> Section | None:
    """Who moves off landfill against the status quo; None without a status quo."""
    if subject.baseline is None:
        return None
    by_period = {
        period: _changes(subject, period)
        for period in subject.period_ids
        if period in set(subject.evaluation.flows["period"])
        and period in set(subject.baseline.flows["period"])
    }
    by_period = {p: found for p, found in by_period.items() if not found.empty}
    if not by_period:
        return None
    last = list(by_period)[-1]
    found = by_period[last]
    n, n_moved = len(found), int((found["group"] == "moves").sum())
    still = int(found["group"].isin(["stays", "comes"]).sum())
    share = f"{LANDFILL_MAX:.0%}".replace("%", "\u00a0%")
    lead = (
        f"A place where waste arises is on landfill if more than {share} of its waste "
        f"goes to a landfill or dump first. In {subject.period_label(last)}, {n_moved} "
        f"of {n} move off landfill against today's practice continued; {still} are on "
        "it. Residues of treatment are not counted here, but in the diversion above."
    )
    return Section(
        "factories",
        "Which factories move off landfill",
        lead,
        (_chart(subject, by_period),),
        (_table(subject, found, last),),
        short="Factories",
    )


def _changes(subject: Subject, period: str) -> pd.DataFrame:
    """Every generator of a period with its group."""
    assert subject.baseline is not None
    found = factory_changes(
        subject.scenario,
        subject.baseline,
        subject.evaluation,
        period,
        landfill_max=LANDFILL_MAX,
    )
    groups = [
        _group(r.landfill_before > LANDFILL_MAX, r.landfill_after > LANDFILL_MAX)
        for r in rows(found)
    ]
    return found.assign(group=groups)


def _group(was_on: bool, is_on: bool) -> str:
    """What happens to a factory.

    >>> _group(True, False), _group(False, True)
    ('moves', 'comes')
    """
    if was_on:
        return "stays" if is_on else "moves"
    return "comes" if is_on else "off"


def _chart(subject: Subject, by_period: dict[str, pd.DataFrame]) -> Chart:
    """Tonnes of the factories of every group, by period."""
    labels = [subject.period_label(p) for p in by_period]
    tonnes = {
        key: [
            float(found.loc[found["group"] == key, "waste_t_per_y"].sum())
            for found in by_period.values()
        ]
        for key in GROUPS
    }
    series: list[dict[str, Any]] = [
        {"key": colour, "name": name, "values": tonnes[key]}
        for key, (colour, name) in GROUPS.items()
        if sum(tonnes[key]) > 0
    ]
    columns = (
        Column("Years"),
        *(Column(name, "t/y", "number") for _, name in GROUPS.values()),
    )
    cells = tuple(
        (label, *(tonnes[key][i] for key in GROUPS)) for i, label in enumerate(labels)
    )
    said = (
        f"{label}: {number_text(tonnes['moves'][i])} t/y of factories that move"
        for i, label in enumerate(labels)
    )
    return Chart(
        id="factories-off-landfill",
        kind="stack",
        title="Waste of factories by what the plan changes for them",
        summary="; ".join(said),
        data={"labels": labels, "series": series, "unit": "t/y"},
        table=Table("Waste by group", columns, cells),
        height=300,
    )


def _table(subject: Subject, found: pd.DataFrame, period: str) -> Table:
    """Every factory, the largest first."""
    share = [
        Column(f"{what}, {when}", form="share")
        for what in ("Landfilled", "Leaked", "Burnt for energy")
        for when in ("today", "plan")
    ]
    columns = (Column("Place"), Column("Waste", "t/y", "number"), *share)
    ordered = found.sort_values("waste_t_per_y", ascending=False, kind="stable")
    cells = tuple(
        (
            subject.name(r.generator), r.waste_t_per_y, r.landfill_before,
            r.landfill_after, r.leakage_before, r.leakage_after, r.burnt_before,
            r.burnt_after, GROUPS[r.group][1],
        )
        for r in rows(ordered)
    )  # fmt: skip
    caption = f"Where waste goes first in {subject.period_label(period)}"
    return Table(caption, (*columns, Column("Change")), cells, is_folded=True)
