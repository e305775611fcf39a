"""What the program does not do, said where results are read."""

from __future__ import annotations

from wasteplan.report.document import Section
from wasteplan.report.subject import Subject
from wasteplan.scenario.registry import TABLES
from wasteplan.tables import columns_of

NOT_DONE = (
    "It plans with one set of numbers at a time: ranges are listed but not propagated "
    "here, and the future is taken as known (see wasteplan uncertainty, robust).",
    "Flows of a period are shares of each year's tonnage; plans do not change within a "
    "period.",
    "Haul in the plan uses one distance and time between two places; streets inside a "
    "town and congestion are not modelled.",
    "Leakage follows the response table of the scenario; behaviour beyond that table "
    "is not modelled.",
    "Air and water pollutants are counted where a factor is known (see the chapter on "
    "impacts). Human toxicity, odour, noise, health and accidents are not assessed.",
    "Carbon stored in landfills or products is not credited, and biogenic carbon "
    "dioxide counts as zero.",
    "Effluents are not part of the solid-waste balance.",
    "Costs are in real terms before tax; loans, taxes and inflation are not part of "
    "the resource cost.",
    "A permit, a soil survey, a tender and an environmental assessment are not "
    "replaced by this report.",
)


def limits_section(subject: Subject) -> Section:
    """The list, with what holds for this report in particular."""
    unread = ", ".join(sorted(_unread()))
    points = [*NOT_DONE]
    if unread:
        points.append(f"Part of the data model, but not computed yet: {unread}.")
    if subject.simulation is None:
        points.insert(
            0,
            "This plan was not simulated: queues, breakdowns and uneven arrivals are "
            "not in its figures.",
        )
    if subject.baseline is None:
        points.insert(
            0, "No status quo was given: nothing here is a difference to today."
        )
    return Section(
        "limits", "What this report does not tell", points=tuple(points), short="Limits"
    )


def _unread() -> set[str]:
    """What the columns wait for that no code reads yet."""
    columns = (c for spec in TABLES for c in columns_of(spec.record).values())
    return {column.waits_for for column in columns if column.waits_for}
