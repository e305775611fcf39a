"""Requirements that a plan does not meet, in words people use."""

from __future__ import annotations

from wasteplan.evaluation.result import Violation
from wasteplan.report.numbers import number_text
from wasteplan.report.subject import Subject, words_of


def missed(subject: Subject, violation: Violation) -> str:
    """What is missed, where, in which years and by how much."""
    where = place_text(subject, violation.place)
    at = f" at {where}" if where else ""
    years = subject.period_label(violation.period)
    value = number_text(violation.value)
    return (
        f"{words_of(violation.requirement)}{at}, {years}: {value} "
        f"{violation.unit} against a limit of {number_text(violation.limit)}"
    )


def place_text(subject: Subject, place: str) -> str:
    """The name of a place; after a blank or colon the name of what goes in or out."""
    site, _, carried = place.partition(" ")
    site = site.removesuffix(":")
    if not carried:
        return subject.name(place)
    if carried in subject.scenario.stream:
        return f"{subject.name(site)} ({subject.stream_name(carried)})"
    return f"{subject.name(site)} ({subject.product_name(carried)})"
