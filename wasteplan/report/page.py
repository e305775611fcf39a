"""The page: sections in reading order, put into one HTML file that loads nothing."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from wasteplan.report.answer import answer_lines
from wasteplan.report.assumptions import assumptions_section, inventory
from wasteplan.report.board import board_section
from wasteplan.report.climate import emissions_section
from wasteplan.report.document import Document, Section
from wasteplan.report.effluent import effluent_section
from wasteplan.report.embedding import content_security_policy, json_for_html
from wasteplan.report.factories import factories_section
from wasteplan.report.figures import figures_section
from wasteplan.report.headlines import caveats, tiles
from wasteplan.report.impacts import impacts_section
from wasteplan.report.investment import investment_section
from wasteplan.report.limits import limits_section
from wasteplan.report.lock_in import lock_in_section
from wasteplan.report.mapping import map_section
from wasteplan.report.money import costs_section
from wasteplan.report.months import months_section
from wasteplan.report.numbers import number_text, percent_text
from wasteplan.report.plants import plants_section
from wasteplan.report.proof import proof_section
from wasteplan.report.requirements import missed
from wasteplan.report.rounds import rounds_section
from wasteplan.report.sankey import flows_section
from wasteplan.report.simulated import simulation_section
from wasteplan.report.standing import diversion_section
from wasteplan.report.subject import Subject
from wasteplan.report.timeline import timeline_section
from wasteplan.report.trade_offs import trade_off_sections
from wasteplan.report.transition import transition_section
from wasteplan.report.vendored import ECHARTS_VERSION, echarts, notice
from wasteplan.report.versions import package_version, provenance_section

SECTIONS = (
    map_section,
    timeline_section,
    flows_section,
    diversion_section,
    factories_section,
    costs_section,
    emissions_section,
    impacts_section,
    effluent_section,
    plants_section,
    lock_in_section,
    simulation_section,
    rounds_section,
    months_section,
    investment_section,
    board_section,
    transition_section,
    figures_section,
    proof_section,
    assumptions_section,
    limits_section,
    provenance_section,
)
"""Chapters in reading order; one that has nothing to show is left out."""
BEFORE_PROOF = SECTIONS.index(proof_section)
"""Where trade-offs stand, as many as are given."""

STYLES = ("page.css", "parts.css", "print.css")
SCRIPTS = (
    "theme.js",
    "pieces.js",
    "bars.js",
    "lines.js",
    "front.js",
    "strips.js",
    "sites.js",
    "operation.js",
    "invest.js",
    "chances.js",
    "map.js",
    "sankey.js",
    "tanner.js",
    "timeline.js",
    "compare.js",
    "inventory.js",
    "start.js",
)


def document(subject: Subject) -> Document:
    """Everything that the page shows."""
    heading = subject.scenario.settings.scenario
    found = [section(subject) for section in SECTIONS]
    found[BEFORE_PROOF:BEFORE_PROOF] = trade_off_sections(subject)
    sections: tuple[Section, ...] = tuple(s for s in found if s is not None)
    return Document(
        title=heading.title,
        subtitle=_subtitle(subject),
        description=heading.description,
        facts=_facts(subject),
        answer=answer_lines(subject.answer),
        tiles=tiles(subject),
        sections=sections,
        caveats=caveats(subject),
        warnings=tuple(missed(subject, v) for v in subject.evaluation.violations),
        inventory=inventory(subject),
    )


def html(subject: Subject) -> str:
    """The whole page of a plan as text."""
    return rendered(document(subject))


def rendered(content: Document) -> str:
    """A document as one HTML page."""
    code = _script()
    library = echarts()
    data = {
        "charts": [
            {
                "id": c.id,
                "kind": c.kind,
                "title": c.title,
                "summary": c.summary,
                "height": c.height,
                "data": c.data,
            }
            for c in content.charts
        ],
        "inventory": content.inventory,
    }
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            document=content,
            policy=content_security_policy((library, code)),
            style=Markup("\n".join(_text(name) for name in STYLES)),
            library=Markup(library),
            script=Markup(code),
            data=Markup(json_for_html(data)),
            version=package_version("wasteplan"),
            echarts_version=ECHARTS_VERSION,
            notice=notice(),
        )
    )


def _subtitle(subject: Subject) -> str:
    return f"Plan “{subject.plan.name}”, {subject.years_span(subject.period_ids)}"


def _facts(subject: Subject) -> tuple[tuple[str, str], ...]:
    settings = subject.scenario.settings
    case = subject.scenario
    rate = percent_text(settings.economics.discount_rate)
    return (
        (
            "Money",
            f"{subject.money}, real; {rate} a year from {settings.scenario.base_year}",
        ),
        ("Waste generators", number_text(len(case.generators), 0)),
        ("Sites and centres", number_text(len(case.sites) + len(case.centres), 0)),
        ("Streams", number_text(len(case.streams), 0)),
        ("Periods", ", ".join(subject.period_label(p) for p in subject.period_ids)),
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("wasteplan.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


@cache
def _script() -> str:
    parts = "\n".join(_text(name) for name in SCRIPTS)
    return f'(function () {{\n"use strict";\n{parts}\n}})();\n'


def _text(name: str) -> str:
    return (files("wasteplan.report") / "templates" / name).read_text(encoding="utf-8")
