"""Who gains and who loses by the plan, and what it costs to make them whole."""

from __future__ import annotations

import pandas as pd

from wasteplan.indicators.just_transition import cost_to_make_whole
from wasteplan.report.document import Column, Section, Table
from wasteplan.report.frames import rows
from wasteplan.report.numbers import is_known, number_text, signed_text
from wasteplan.report.subject import Subject, words_of
from wasteplan.study.result_files import measures_table
from wasteplan.study.transition import transition_table
from wasteplan.study.wording import currency_unit

GROUPS = {
    "informal": "Informal trades",
    "generators": "Generators",
    "workers": "Workers at facilities",
    "neighbours": "Neighbours of sites",
    "operator": "Operators",
    "public": "Public",
}


def transition_section(subject: Subject) -> Section | None:
    """The last period in one table, the informal trades of all periods in another.

    None without measures, trades and a status quo: then there is nobody to compare.
    """
    found = transition_table(subject.scenario, subject.evaluation, subject.baseline)
    trades = _trades(subject)
    if trades is None and subject.baseline is None:
        return None
    last = subject.period_ids[-1]
    others = (trades, _measures(subject))
    tables = (_groups(subject, found, last), *(t for t in others if t is not None))
    return Section(
        "transition",
        "Who gains, who loses",
        _lead(subject, found, last),
        tables=tables,
        points=_conditions(subject),
        short="Gains, losses",
    )


def _lead(subject: Subject, found: pd.DataFrame, period: str) -> str:
    part = found[found["period"] == period]
    losers = part[part["verdict"] == "loses"]
    amount = cost_to_make_whole(found, period)
    year = subject.last_year(period)
    than = "the status quo" if subject.baseline is not None else "no measures at all"
    text = (
        f"Compared with {than}, in {year}: {len(losers)} of {len(part)} lines are "
        f"losses. Those that have a price would cost {number_text(amount)} "
        f"{subject.currency} a year to make up for."
    )
    unpriced = losers[losers["to_make_whole"].isna() & (losers["group"] != "public")]
    if len(unpriced):
        text += f" {len(unpriced)} have none: their line says why."
    return text


def _groups(subject: Subject, found: pd.DataFrame, period: str) -> Table:
    columns = (
        Column("Group"),
        Column("Who"),
        Column("What"),
        Column("Unit"),
        Column("Without", form="written"),
        Column("With the plan", form="written"),
        Column("Change", form="written"),
        Column("Verdict"),
        Column("To make whole", f"{subject.currency}/y", "written"),
        Column("Note"),
    )
    lines = tuple(
        (
            GROUPS[row.group],
            _who(subject, row.group, row.who),
            row.quantity,
            currency_unit(row.unit, subject.currency),
            number_text(row.without),
            number_text(row.with_plan),
            signed_text(row.change) if is_known(row.change) else number_text(None),
            row.verdict,
            number_text(row.to_make_whole) if is_known(row.to_make_whole) else "",
            row.note,
        )
        for row in rows(found[found["period"] == period])
    )
    title = f"Who gains and who loses, {subject.last_year(period)}"
    return Table(title, columns, lines)


def _who(subject: Subject, group: str, who: str) -> str:
    if group == "workers":
        return subject.technology_name(who)
    if group in ("informal", "neighbours"):
        return subject.name(who)
    return "all"


def _trades(subject: Subject) -> Table | None:
    """Every informal trade in every period; None without any."""
    informal = subject.evaluation.informal
    if not len(informal):
        return None
    money = f"{subject.currency}/y"
    columns = (
        Column("Trade"),
        Column("Year", form="year"),
        Column("Takes without measures", "t/y", "number"),
        Column("Takes", "t/y", "number"),
        Column("Displaced", "t/y", "number"),
        Column("Income", money, "number"),
        Column("Income lost", money, "number"),
        Column("People", form="number"),
        Column("Income per worker", money, "number"),
        Column("Integration"),
        Column("People covered", form="number"),
        Column("Social protection", money, "number"),
    )
    lines = tuple(
        (
            subject.name(row.trade),
            subject.last_year(row.period),
            row.taken_without_t,
            row.taken_t,
            row.displaced_t,
            row.income,
            row.income_lost,
            row.workers,
            row.income_per_worker,
            row.integration.replace(" ", ", "),
            row.workers_covered,
            row.protection,
        )
        for row in rows(informal)
    )
    return Table("Informal trades", columns, lines)


def _measures(subject: Subject) -> Table | None:
    """What is at work at the source in which years; None without measures."""
    if not subject.plan.measures:
        return None
    columns = (
        Column("Measure"),
        Column("Kind"),
        Column("Class of generators"),
        Column("Years"),
        Column("Cost beside that of tonnes", f"{subject.currency}/y", "number"),
    )
    lines = []
    for name, part in measures_table(subject.scenario, subject.plan).groupby("measure"):
        first = part.iloc[0]
        lines.append(
            (
                words_of(str(name)),
                words_of(first["kind"]),
                words_of(first["generator_class"]),
                subject.years_span(part["period"]),
                float(first["cost_per_y"]),
            )
        )
    return Table("Measures at the source", columns, tuple(lines))


def _conditions(subject: Subject) -> tuple[str, ...]:
    """What is written of the people and their work."""
    found = []
    for row in subject.scenario.informal:
        shares = [
            f"{word} {number_text(100 * share)} %"
            for word, share in (("youth", row.youth_share), ("women", row.women_share))
            if share is not None
        ]
        text = "; ".join(
            [*shares, *([row.working_conditions] * bool(row.working_conditions))]
        )
        if text:
            found.append(f"{subject.name(row.id)}: {text}")
    return tuple(dict.fromkeys(found))
