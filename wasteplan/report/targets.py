"""Targets of the scenario beside what the plan reaches."""

from __future__ import annotations

import re
from collections.abc import Sequence

from wasteplan.evaluation.reaching import SHARE, UNITS, reached
from wasteplan.report.document import Column, Table, listed
from wasteplan.report.numbers import is_known, number_text, percent_text
from wasteplan.report.subject import Subject
from wasteplan.scenario.records import HORIZON_METRICS, Target
from wasteplan.study.naming import scope_name
from wasteplan.study.simulated_targets import InSimulation, simulated_targets
from wasteplan.study.targets_told import targets_told

BINDS_WITHIN = 5e-4
"""Shares closer to their target than this are called binding."""


def targets_table(subject: Subject) -> Table | None:
    """Each target and period with the value reached and the room left."""
    rows = [
        row
        for target in subject.scenario.targets
        for period in _periods(subject, target)
        for row in _rows(subject, target, period)
    ]
    if not rows:
        return None
    rows = _with_simulation(subject, rows)
    columns = (
        Column("Target"),
        Column("For"),
        Column("Years"),
        Column("Limit", form="written"),
        Column("Reached", form="written"),
        Column("Room", form="written"),
        Column("Verdict"),
        *((Column("In the simulation"),) if subject.simulation is not None else ()),
    )
    return Table("Targets", columns, tuple(rows))


def _periods(subject: Subject, target: Target) -> tuple[str, ...]:
    """The periods a target speaks of; one without a name for all years together."""
    if target.metric in HORIZON_METRICS:
        return ("",)
    return tuple(p for p in subject.period_ids if target.period in ("", p))


def doubted_targets(subject: Subject) -> list[str]:
    """Targets that the plan meets and the simulation misses or puts at risk."""
    found = simulation_of_targets(subject)
    own = []
    if any(f.verdict in ("missed", "open") for f in found):
        own = told_of(subject, found)
    scopes = dict.fromkeys(
        scope_name(subject.scenario, f.target) for f in found if f.verdict == "at risk"
    )
    if scopes:
        own.append(
            "targets are not simulated by region, but over all waste less is diverted "
            f"than planned, by more than the room of {listed(list(scopes))}"
        )
    return own


def told_of(subject: Subject, found: Sequence[InSimulation]) -> list[str]:
    """What the simulation can tell of the targets, in one statement."""
    runs = 0 if subject.simulation is None else subject.simulation.replications
    told = targets_told(subject.scenario, found, runs)
    return [re.sub(r"(\d{4})-(\d{4})", r"\1–\2", t.replace("+-", "±")) for t in told]


def simulation_of_targets(subject: Subject) -> list[InSimulation]:
    """Diversion targets as the simulation sees them."""
    return simulated_targets(
        subject.scenario, subject.plan, subject.evaluation, subject.simulation
    )


_IN_WORDS = {
    "met": "met",
    "open": "not sure to be met",
    "missed": "missed",
    "at risk": "at risk: not simulated by region",
    "not simulated": "not simulated by region",
}


def _with_simulation(
    subject: Subject, rows: list[tuple[str, ...]]
) -> list[tuple[str, ...]]:
    """The rows, each with what the simulation says of it."""
    if subject.simulation is None:
        return rows
    said = {
        (f.target.id, subject.period_label(f.period)): _said(f)
        for f in simulation_of_targets(subject)
    }
    return [(*row, said.get((row[0], row[2]), "not simulated")) for row in rows]


def _said(f: InSimulation) -> str:
    words = _IN_WORDS[f.verdict]
    if f.verdict in ("at risk", "not simulated"):
        if not is_known(f.loss):
            return words
        lost = number_text(100 * abs(f.loss), 1)
        way = "less" if f.loss >= 0 else "more"
        return f"{words}; all waste {lost} points {way} than planned"
    return f"{words} in the simulation ({_mean(f)})"


def _mean(f: InSimulation) -> str:
    text = percent_text(f.mean)
    return f"{text} ± {percent_text(f.half_width)}" if is_known(f.half_width) else text


def _rows(subject: Subject, target: Target, period: str) -> list[tuple[str, ...]]:
    scope = scope_name(subject.scenario, target)
    head = (target.id, scope, subject.period_label(period))
    value = reached(subject.scenario, subject.plan, subject.evaluation, target, period)
    if value is None:
        return []
    rows: list[tuple[str, ...]] = []
    for limit, sign, word in ((target.min, 1, "≥"), (target.max, -1, "≤")):
        if limit is None:
            continue
        room = sign * (value - limit)
        if UNITS[target.metric] == SHARE:
            texts = (
                f"{word} {percent_text(limit)}",
                percent_text(value),
                f"{number_text(100 * room, 1)} points",
            )
            within = BINDS_WITHIN
        else:
            is_money = target.metric in ("capex", "cost_total")
            unit = subject.currency if is_money else UNITS[target.metric]
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
