"""Trade-offs as pages of their own, and as chapters of the report of a plan."""

from __future__ import annotations

from dataclasses import replace

from wasteplan.report.alternatives import alternatives_section
from wasteplan.report.document import Document, Section
from wasteplan.report.fronts import front_section
from wasteplan.report.subject import Subject
from wasteplan.report.switches import switches_section
from wasteplan.scenario.model import Scenario
from wasteplan.study.trade_off_files import ALTERNATIVES, FRONT, Found, front_of
from wasteplan.study.trade_off_tables import alternatives_table, front_table

FILES = "All figures are also in {}.csv{}."
SUBTITLES = {
    "front": "Trade-offs",
    "alternatives": "Alternatives",
    "switches": "Switch points",
}


def trade_off_document(scenario: Scenario, found: Found) -> Document:
    """The page of one trade-off."""
    section = trade_off_section(scenario, found)
    heading = scenario.settings.scenario
    plans = ", the plans in the folder plans" if found.plans else ""
    return Document(
        title=heading.title,
        subtitle=SUBTITLES[found.record.kind],
        description=heading.description,
        facts=(("Money", f"{heading.currency} of {heading.price_year}, real"),),
        answer=(("", section.lead),),
        tiles=(),
        sections=(replace(section, lead=""),),
        files=FILES.format(found.record.kind, plans),
    )


def trade_off_section(scenario: Scenario, found: Found, n: int = 1) -> Section:
    """One trade-off as a chapter.

    Parameters
    ----------
    n
        Its number among those of its kind, so that no two have one id.
    """
    kind = found.record.kind
    id = kind if n == 1 else f"{kind}_{n}"
    if kind == FRONT:
        front = front_of(scenario, found)
        return front_section(scenario, front, front_table(scenario, front), id)
    if kind == ALTERNATIVES:
        kept = found.record.alternatives
        assert kept is not None
        table = alternatives_table(scenario, [found.plans[k] for k in kept.plans])
        return alternatives_section(scenario, kept, found.plans, table, id)
    return switches_section(scenario, found.record.switches, id)


def trade_off_sections(subject: Subject) -> tuple[Section, ...]:
    """The chapters of a report: fronts, alternatives and switch points given to it."""
    seen: dict[str, int] = {}
    sections = []
    for found in subject.trade_offs:
        kind = found.record.kind
        seen[kind] = seen.get(kind, 0) + 1
        sections.append(trade_off_section(subject.scenario, found, seen[kind]))
    return tuple(sections)
