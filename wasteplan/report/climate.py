"""Greenhouse gases of the plan by stage and period, and against the status quo."""

from __future__ import annotations

import pandas as pd

from wasteplan.indicators.levelised import share_on_assumption
from wasteplan.report.document import Chart, Column, Section, Table
from wasteplan.report.frames import sums
from wasteplan.report.numbers import is_known, number_text, percent_text, scale_of
from wasteplan.report.subject import Subject
from wasteplan.units import KG_PER_T

STAGE_NAMES = {
    "leakage": "Leakage",
    "landfill": "Landfill methane",
    "process": "Treatment",
    "centre": "Centres",
    "haul": "Haul",
    "electricity": "Electricity used",
    "effluent": "Effluent",
    "avoided": "Avoided elsewhere",
}
UNIT = "t CO2e/y"
UNKNOWN_TEXT = (
    "Unknown: the properties of some of the waste are not given, and a sum that leaves "
    "them out would mislead."
)


def emissions_section(subject: Subject) -> Section | None:
    """Emissions by stage; None without emissions."""
    emissions = subject.evaluation.emissions
    if emissions.empty:
        return None
    if emissions["kg_co2e"].isna().any():
        return Section("emissions", "What it emits", UNKNOWN_TEXT, short="Emissions")
    stages = [s for s in STAGE_NAMES if (emissions["stage"] == s).any()]
    stages += sorted(set(emissions["stage"]) - set(stages))
    yearly = yearly_by_stage(subject, emissions)
    labels = [subject.period_label(p) for p in subject.period_ids]
    nets = [sum(by.values()) for by in yearly]
    baseline = _baseline_nets(subject)
    gwp = subject.scenario.settings.assessment.gwp
    chart = Chart(
        id="emissions",
        kind="stack",
        title="Emissions by stage, mean of the years of each period",
        summary="Net emissions per year: "
        + "; ".join(
            f"{label} {number_text(net)} {UNIT}"
            for label, net in zip(labels, nets, strict=True)
        ),
        data={
            "labels": labels,
            "unit": UNIT,
            "series": [
                {
                    "key": f"stage_{stage}",
                    "name": STAGE_NAMES.get(stage, stage),
                    "values": [by.get(stage, 0.0) for by in yearly],
                }
                for stage in stages
            ],
            "net": nets,
            "net_name": "Net of credits",
            "reference": baseline,
            "reference_name": "Status quo, net",
        },
        table=_table(subject, yearly, stages, labels, nets, baseline),
        note="Methane of a deposit is booked in the year of deposit (100 years "
        "committed); carbon dioxide of biogenic carbon counts as zero; nothing is "
        f"discounted. Global warming potentials over 100 years: {gwp}.",
    )
    return Section(
        "emissions", "What it emits", _lead(emissions), (chart,), short="Emissions"
    )


def yearly_by_stage(
    subject: Subject, emissions: pd.DataFrame
) -> list[dict[str, float]]:
    """Mean yearly emissions by stage, one dictionary per period.  [t CO2e/y]"""
    kg = sums(emissions, ["period", "stage"], "kg_co2e")
    return [
        {
            stage: amount / KG_PER_T / subject.years_in(period)
            for (p, stage), amount in kg.items()
            if p == period
        }
        for period in subject.period_ids
    ]


def _baseline_nets(subject: Subject) -> list[float] | None:
    if subject.baseline is None or subject.baseline.emissions.empty:
        return None
    if subject.baseline.emissions["kg_co2e"].isna().any():
        return None
    yearly = yearly_by_stage(subject, subject.baseline.emissions)
    return [sum(by.values()) for by in yearly]


def _lead(emissions: pd.DataFrame) -> str:
    total = emissions["kg_co2e"].sum() / KG_PER_T
    credits = emissions.loc[emissions["is_credit"].astype(bool), "kg_co2e"].sum()
    emitted = total - credits / KG_PER_T
    divisor, word = scale_of([emitted])
    amounts = (emitted, abs(credits) / KG_PER_T, total)
    said = [f"{number_text(t / divisor, 2)} {word}t CO2e" for t in amounts]
    text = (
        f"Over the horizon {said[0]} are emitted and {said[1]} avoided elsewhere, "
        f"net {said[2]}."
    )
    weak = share_on_assumption(emissions, "kg_co2e")
    if is_known(weak):
        text += (
            f" {percent_text(weak, 0)} of gross emissions and credits rests on "
            "recalled or assumed factors."
        )
    return text


def _table(
    subject: Subject,
    yearly: list[dict[str, float]],
    stages: list[str],
    labels: list[str],
    nets: list[float],
    baseline: list[float] | None,
) -> Table:
    rows = [
        (STAGE_NAMES.get(stage, stage), *(by.get(stage, 0.0) for by in yearly))
        for stage in stages
    ]
    rows.append(("Net of credits", *nets))
    if baseline is not None:
        rows.append(("Status quo, net", *baseline))
        change = [net - was for net, was in zip(nets, baseline, strict=True)]
        rows.append(("Plan less status quo", *change))
    columns = (Column("Stage"), *(Column(label, UNIT, "number") for label in labels))
    return Table("Emissions by stage", columns, tuple(rows), total_at=len(stages))
