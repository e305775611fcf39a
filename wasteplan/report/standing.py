"""Landfill diversion and what stands beside it, planned and against the status quo."""

from __future__ import annotations

from typing import Any

from wasteplan.evaluation.result import Evaluation, Kpi
from wasteplan.indicators.diversion import RATES
from wasteplan.report.document import Chart, Column, Section, Table, listed
from wasteplan.report.numbers import is_known, percent_text
from wasteplan.report.subject import Subject
from wasteplan.study.naming import scope_name

DIVERSION = "landfill_diversion_rate"
SHARE_UNITS = ("-", "share")


def diversion_section(subject: Subject) -> Section | None:
    """Every share that the evaluation gives for every period; None without."""
    rates = _rates(subject)
    if not rates:
        return None
    labels = [subject.period_label(p) for p in subject.period_ids]
    series = [_series(subject, kpi.id, kpi.label) for kpi in rates]
    main = next((s for s in series if s["key"] == DIVERSION), series[0])
    status_quo = _status_quo(subject)
    chart = Chart(
        id="diversion",
        kind="lines",
        title="Shares of all solid waste generated, last year of the period",
        summary=f"{main['name']}: "
        + "; ".join(
            f"{label} {percent_text(value)}"
            for label, value in zip(labels, main["values"], strict=True)
        ),
        data={
            "labels": labels,
            "unit": "%",
            "series": [*series, *([status_quo] if status_quo else [])],
            "targets": _targets(subject),
            "scoped": _scoped(subject),
        },
        table=_table(subject, series, status_quo, labels),
        height=470,
        note="Diversion is what neither leaks nor is landfilled, residues included, "
        "over all solid waste generated. Read it beside recycling and recovery. The "
        "target of a region is for the waste of that region alone.",
    )
    return Section(
        "diversion", "What stays out of landfill", charts=(chart,), short="Diversion"
    )


def planned(evaluation: Evaluation, id: str, period: str = "") -> float | None:
    """One headline number of an evaluation; None if it has none."""
    try:
        return evaluation.kpi(id, period)
    except KeyError:
        return None


def _rates(subject: Subject) -> list[Kpi]:
    """One indicator per id: shares that are given by period, in their order."""
    found: dict[str, Kpi] = {}
    for kpi in subject.evaluation.kpis:
        if kpi.period and kpi.id in RATES and is_known(kpi.value):
            found.setdefault(kpi.id, kpi)
    return list(found.values())


def _series(subject: Subject, id: str, name: str) -> dict[str, Any]:
    values = [planned(subject.evaluation, id, p) for p in subject.period_ids]
    return {"key": id, "name": name, "values": values}


def _status_quo(subject: Subject) -> dict[str, Any] | None:
    if subject.baseline is None:
        return None
    values = [planned(subject.baseline, DIVERSION, p) for p in subject.period_ids]
    if all(v is None for v in values):
        return None
    return {
        "key": "status_quo",
        "name": "Status quo: landfill diversion",
        "values": values,
        "dashed": True,
    }


def _targets(subject: Subject) -> list[float | None]:
    """The least diversion asked of all waste together, by period.  [-]"""
    targets: list[float | None] = []
    for period in subject.period_ids:
        asked = [
            t.min
            for t in subject.scenario.targets
            if t.metric == DIVERSION
            and t.min is not None
            and not t.region
            and not t.stream
            and t.period in ("", period)
        ]
        targets.append(max(asked) if asked else None)
    return targets


def _scoped(subject: Subject) -> list[dict[str, Any]]:
    """Targets of regions and streams, those with equal levels together.  [-]"""
    levels: dict[str, list[float | None]] = {}
    for target in subject.scenario.targets:
        is_part = bool(target.region or target.stream)
        if target.metric != DIVERSION or target.min is None or not is_part:
            continue
        scope = scope_name(subject.scenario, target)
        values = levels.setdefault(scope, [None] * len(subject.period_ids))
        for i, period in enumerate(subject.period_ids):
            if target.period in ("", period):
                values[i] = max(values[i] or 0.0, target.min)
    found: dict[tuple[float | None, ...], list[str]] = {}
    for scope, values in levels.items():
        found.setdefault(tuple(values), []).append(scope)
    return [
        {"name": f"Target of {listed(names, 3)}", "values": list(values)}
        for values, names in found.items()
    ]


def _table(
    subject: Subject,
    series: list[dict[str, Any]],
    status_quo: dict[str, Any] | None,
    labels: list[str],
) -> Table:
    rows = [(s["name"], *s["values"]) for s in series]
    if status_quo is not None:
        rows.append((status_quo["name"], *status_quo["values"]))
    targets = _targets(subject)
    if any(t is not None for t in targets):
        rows.append(("Target: landfill diversion, at least", *targets))
    rows += [(f"{s['name']}, at least", *s["values"]) for s in _scoped(subject)]
    columns = (Column("Share"), *(Column(label, form="share") for label in labels))
    return Table("Diversion and its companions", columns, tuple(rows))
