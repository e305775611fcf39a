"""The page of an uncertainty study."""

from __future__ import annotations

from wasteplan.report.chance_charts import (
    fan_chart,
    label_of,
    lines_chart,
    spread_chart,
    tornado_chart,
)
from wasteplan.report.document import Chart, Column, Document, Section, Table
from wasteplan.report.numbers import percent_text
from wasteplan.study.information_value import InformationValue
from wasteplan.study.uncertainty import Uncertainty
from wasteplan.study.uncertainty_tables import missed_table, told_of
from wasteplan.study.uncertainty_text import (
    UncertaintyStudy,
    factor_name,
    requirement_name,
    said,
)

FILES = "All figures are also in the CSV files beside this page, the plans in plans."


def uncertainty_document(study: UncertaintyStudy) -> Document:
    """Everything that the page shows."""
    found = study.found
    heading = found.scenario.settings.scenario
    sections = (chances_section(study), moves_section(study), _decision(study))
    return Document(
        title=heading.title,
        subtitle="What is not known, and what it means",
        description=heading.description,
        facts=(
            ("Money", f"{heading.currency} of {heading.price_year}, real"),
            ("Plans", ", ".join(found.plans)),
            ("Samples", f"{len(found.samples):,}"),
        ),
        answer=tuple(said(study)),
        tiles=(),
        sections=tuple(s for s in sections if s is not None),
        files=FILES,
    )


def chances_section(study: UncertaintyStudy) -> Section:
    """How sure the headlines are, every year, and which requirements are missed."""
    found = study.found
    charts = (spread_chart(found), fan_chart(found))
    return Section(
        "chances",
        "How sure is it",
        "The plan stays as it is, shares and builds; the numbers of the scenario are "
        "drawn within their ranges.",
        charts=tuple(c for c in charts if c is not None),
        tables=_missed(found),
        points=_warnings(found),
        short="How sure",
    )


def _warnings(found: Uncertainty) -> tuple[str, ...]:
    points = [
        "A requirement that is missed in a sample does not mean that nobody could meet "
        "it there: flows and sizes are those planned for the numbers as they stand."
    ]
    if found.failed:
        first = next(iter(found.failed.values()))
        points.append(
            f"{len(found.failed)} samples have no answer, because their numbers "
            f"contradict each other: {first}"
        )
    return tuple(points)


def _missed(found: Uncertainty) -> tuple[Table, ...]:
    table = missed_table(found)
    if table.empty:
        return ()
    columns = (
        Column("Plan"),
        Column("Requirement"),
        Column("Missed in", form="share"),
        Column("95 % interval", form="written"),
        Column("As it stands"),
    )
    cells = tuple(
        (
            r["plan"],
            requirement_name(r["requirement"]),
            r["chance"],
            f"{percent_text(r['low'], 0)} to {percent_text(r['high'], 0)}",
            "missed" if r["central"] else "met",
        )
        for r in table.to_dict("records")
    )
    return (Table("Requirements that are missed", columns, cells, is_folded=True),)


def moves_section(study: UncertaintyStudy) -> Section:
    """What moves the headlines: from the samples, and Sobol and Morris if asked."""
    found = study.found
    charts: list[Chart | None] = [tornado_chart(found, n) for n in told_of(found)]
    charts.append(lines_chart(found))
    tables = [_sobol(study), _morris(study)]
    return Section(
        "moves",
        "What moves it",
        "Which numbers explain the spread, each alone.",
        charts=tuple(c for c in charts if c is not None),
        tables=tuple(t for t in tables if t is not None),
        short="What moves it",
    )


def _sobol(study: UncertaintyStudy) -> Table | None:
    if study.sobol.empty:
        return None
    columns = (
        Column("Headline"),
        Column("What is not known"),
        Column("Base samples", form="number"),
        Column("First order", form="number"),
        Column("±", form="number"),
        Column("Total", form="number"),
        Column("±", form="number"),
    )
    keys = ("base", "first", "first_width", "total", "total_width")
    cells = tuple(
        (
            label_of(study.found, r["headline"]),
            factor_name(r["factor"]),
            *(r[key] for key in keys),
        )
        for r in study.sobol.to_dict("records")
    )
    caption = "Sobol indices after more and more runs"
    return Table(caption, columns, cells, is_folded=True)


def _morris(study: UncertaintyStudy) -> Table | None:
    if study.morris.empty:
        return None
    columns = (
        Column("Headline"),
        Column("What is not known"),
        Column("Mean size of effects", form="written"),
        Column("±", form="written"),
        Column("Mean", form="written"),
        Column("Spread", form="written"),
    )
    cells = tuple(
        (
            label_of(study.found, r["headline"]),
            factor_name(r["factor"]),
            *(f"{r[key]:.4g}" for key in ("effect", "effect_width", "mean", "spread")),
        )
        for r in study.morris.to_dict("records")
        if r["effect"] > 0
    )
    return Table("Morris effects", columns, cells, is_folded=True)


def _decision(study: UncertaintyStudy) -> Section | None:
    """What knowing more is worth, and what keeping the plan costs; None if unasked."""
    tables = []
    if study.information is not None:
        tables += [_choices(study.information), _worth(study)]
    if not study.regret.empty:
        tables.append(_regret(study))
    if not tables:
        return None
    return Section(
        "knowing",
        "What knowing more is worth",
        "Savings that are expected if a number were known before choosing.",
        tables=tuple(tables),
        short="Knowing more",
    )


def _choices(known: InformationValue) -> Table:
    columns = (
        Column("Plan"),
        Column("Expected loss", form="number"),
        Column("Best in", form="share"),
    )
    cells = tuple(
        zip(known.plans, known.expected_loss, known.chosen_share, strict=True)
    )
    return Table("Plans to choose from", columns, cells)


def _worth(study: UncertaintyStudy) -> Table:
    assert study.information is not None
    currency = study.found.scenario.settings.scenario.currency
    columns = (
        Column("What would be measured"),
        Column("Worth", currency, "number"),
        Column("Low", currency, "number"),
        Column("High", currency, "number"),
        Column("Best where it is low"),
        Column("Best where it is high"),
    )
    keys = ("value", "low", "high", "below", "above")
    cells = tuple(
        (factor_name(r["factor"]), *(r[key] for key in keys))
        for r in study.information.factors.head(20).to_dict("records")
    )
    return Table("Which numbers are worth measuring", columns, cells)


def _regret(study: UncertaintyStudy) -> Table:
    rows = study.regret.to_dict("records")
    columns = tuple(
        Column(name.replace("_", " "), form="written") for name in study.regret.columns
    )
    cells = tuple(
        tuple(f"{v:,.6g}" if isinstance(v, float) else str(v) for v in r.values())
        for r in rows
    )
    return Table("Keeping its builds against planning anew", columns, cells)
