"""How good the plan is: its proof, what binds, what it misses, what it blurs."""

from __future__ import annotations

from wasteplan.plan.records import Proof
from wasteplan.report.document import Chart, Column, Section, Table
from wasteplan.report.numbers import number_text, percent_text, scale_of
from wasteplan.report.plants import binding_rows
from wasteplan.report.requirements import place_text
from wasteplan.report.subject import Subject, words_of
from wasteplan.report.targets import targets_table
from wasteplan.study.naming import AIMS, MORE_OF

STATUS_WORDS = {
    "optimal": "No plan is better within the tolerance of the solver.",
    "gap": "The search stopped at the gap that was asked for.",
    "time_limit": "The search stopped at its time limit.",
    "interrupted": "The search was stopped by hand.",
    "restricted": "The best plan found under a restriction, as said below.",
}


def proof_section(subject: Subject) -> Section | None:
    """Proof, targets, limits and un-mixing; None if there is nothing to say."""
    charts = () if subject.plan.proof is None else (_gap(subject, subject.plan.proof),)
    tables = [
        t for t in (targets_table(subject), _violations(subject), _limits(subject)) if t
    ]
    points = _points(subject)
    if not (charts or tables or points):
        return None
    return Section(
        "proof",
        "How good the plan is, and what binds",
        charts=charts,
        tables=tuple(tables),
        points=points,
        short="Proof",
    )


def _points(subject: Subject) -> tuple[str, ...]:
    points = []
    plan = subject.plan
    if plan.made_by == "hand":
        points.append(
            "This plan was written by hand: there is no bound to compare it with."
        )
    if plan.proof is not None:
        points.append(STATUS_WORDS[plan.proof.status])
        if plan.proof.note:
            points.append(plan.proof.note)
    points.append(
        "The plan was evaluated again year by year, independently of the optimizer."
    )
    unmixing = subject.evaluation.unmixing
    if unmixing is not None:
        where = (
            f" Largest at: {', '.join(place_text(subject, w) for w in unmixing.where)}."
            if unmixing.where
            else ""
        )
        points.append(
            "Un-mixing: letting the origins of one output go to different places "
            f"misstates tonnes by {percent_text(unmixing.tonnes, 2)}, "
            f"heat by {percent_text(unmixing.heat, 2)}, "
            f"cost by {percent_text(unmixing.cost, 2)} and "
            f"emissions by {percent_text(unmixing.emissions, 2)} of the gross; the "
            f"figures of this report are those of the real blends.{where}"
        )
    if not subject.evaluation.violations:
        points.append("The plan keeps every requirement of the scenario.")
    return tuple(points)


def _gap(subject: Subject, proof: Proof) -> Chart:
    divisor, word = scale_of([proof.objective, proof.bound, proof.gross_cost])
    is_money = proof.of in ("cost_total", "weighted")
    single = subject.currency if is_money else proof.unit
    unit = f"{word}{single}"
    what = AIMS.get(proof.of, "cost")
    way = "more" if proof.of in MORE_OF else "less"
    gross = "gross cost" if proof.of == "cost_total" else "positive part"
    figures = (
        (
            f"{what.capitalize()} of this plan (objective)",
            f"{number_text(proof.objective / divisor, 3)} {unit}",
        ),
        (
            f"No plan can have {way} than (bound)",
            f"{number_text(proof.bound / divisor, 3)} {unit}",
        ),
        ("Gap", f"{number_text(proof.gap / divisor, 3)} {unit}"),
        (
            "Gap per tonne of waste",
            f"{number_text(proof.gap_per_t, 3)} {single}/t",
        ),
        (gross.capitalize(), f"{number_text(proof.gross_cost / divisor, 3)} {unit}"),
        (f"Gap as a share of {gross}", percent_text(proof.gap_of_gross, 3)),
    )
    return Chart(
        id="gap",
        kind="gap",
        title=f"{what.capitalize()} of the plan and the bound below it",
        summary="; ".join(f"{name}: {value}" for name, value in figures),
        data={
            "objective": proof.objective / divisor,
            "bound": proof.bound / divisor,
            "gross": proof.gross_cost / divisor,
            "unit": unit,
        },
        table=Table(
            f"Proof, present value in {subject.money}" if is_money else "Proof",
            (Column("Figure"), Column("Value", form="written")),
            figures,
        ),
        height=170,
        note="Net cost is a small difference of large terms, so the gap is also given "
        "per tonne and as a share of gross cost.",
    )


def _violations(subject: Subject) -> Table | None:
    violations = subject.evaluation.violations
    if not violations:
        return None
    columns = (
        Column("Requirement not met"),
        Column("Place"),
        Column("Years"),
        Column("Value", form="written"),
        Column("Limit", form="written"),
        Column("Unit"),
    )
    cells = tuple(
        (
            words_of(v.requirement),
            place_text(subject, v.place) if v.place else "all",
            subject.period_label(v.period),
            number_text(v.value),
            number_text(v.limit),
            v.unit,
        )
        for v in violations
    )
    return Table("Requirements that the plan does not meet", columns, cells)


def _limits(subject: Subject) -> Table | None:
    cells = binding_rows(subject)
    if not cells:
        return None
    columns = (
        Column("Facility at its limit"),
        Column("By"),
        Column("Years"),
        Column("Highest use of yearly capacity", form="share"),
    )
    return Table("What binds", columns, cells)
