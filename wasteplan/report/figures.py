"""All indicators of the plan, beside the status quo and by period."""

from __future__ import annotations

from wasteplan.evaluation.result import Kpi
from wasteplan.report.document import Column, Section, Table
from wasteplan.report.numbers import is_known, number_text, percent_text, signed_text
from wasteplan.report.standing import SHARE_UNITS, planned
from wasteplan.report.subject import Subject
from wasteplan.study.wording import currency_unit


def figures_section(subject: Subject) -> Section | None:
    """One table for the horizon, one for the periods; None without indicators."""
    tables = [t for t in (_horizon(subject), _periods(subject)) if t is not None]
    if not tables:
        return None
    lead = (
        "Costs are present values. In the first table costs and greenhouse gases are "
        "over all years and the rest is of the last one; in the second, costs are over "
        "the years of the period and everything else is of its last year."
    )
    return Section("figures", "All indicators", lead, tables=tuple(tables))


def _horizon(subject: Subject) -> Table | None:
    rows = []
    for kpi in subject.evaluation.kpis:
        if kpi.period or not is_known(kpi.value):
            continue
        row = [kpi.label, _unit(subject, kpi), _text(kpi, kpi.value)]
        if subject.baseline is not None:
            was = planned(subject.baseline, kpi.id)
            row += [_text(kpi, was), _change(kpi, was)]
        rows.append(tuple(row))
    columns = [
        Column("Costs and gases of all years, the rest of the last"),
        Column("Unit"),
        Column("Plan", form="written"),
    ]
    if subject.baseline is not None:
        columns.append(Column("Status quo", form="written"))
        columns.append(Column("Difference", form="written"))
    span = subject.years_span(subject.period_ids)
    table = Table(f"The plan as a whole, {span}", tuple(columns), tuple(rows))
    return table if rows else None


def _periods(subject: Subject) -> Table | None:
    kpis: dict[str, dict[str, Kpi]] = {}
    for kpi in subject.evaluation.kpis:
        if kpi.period:
            kpis.setdefault(kpi.id, {})[kpi.period] = kpi
    rows = []
    for by_period in kpis.values():
        first = next(iter(by_period.values()))
        values = [
            _text(first, by_period[p].value if p in by_period else None)
            for p in subject.period_ids
        ]
        rows.append((first.label, _unit(subject, first), *values))
    columns = (
        Column("Indicator"),
        Column("Unit"),
        *(Column(subject.period_label(p), form="written") for p in subject.period_ids),
    )
    title = "By period: costs over its years, the rest in its last year"
    return Table(title, columns, tuple(rows)) if rows else None


def _unit(subject: Subject, kpi: Kpi) -> str:
    return "%" if _is_share(kpi) else currency_unit(kpi.unit, subject.currency)


def _is_share(kpi: Kpi) -> bool:
    return kpi.unit in SHARE_UNITS


def _text(kpi: Kpi, value: float | None) -> str:
    if _is_share(kpi):
        return percent_text(value).removesuffix("\u00a0%")
    return number_text(value)


def _change(kpi: Kpi, was: float | None) -> str:
    if was is None or not is_known(was):
        return number_text(None)
    change = kpi.value - was
    if _is_share(kpi):
        return f"{signed_text(100 * change, 1)} points"
    return signed_text(change)
