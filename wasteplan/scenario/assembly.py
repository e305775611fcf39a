"""Making a scenario out of tables: complete it from the catalogue, then check it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from wasteplan.errors import Problem, ScenarioError
from wasteplan.finance.prices import convert_money
from wasteplan.scenario.checks import problems_of
from wasteplan.scenario.checks_sources import source_findings
from wasteplan.scenario.findings import Finding, Origins, about
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.registry import TABLE
from wasteplan.scenario.settings import Settings
from wasteplan.treatment.catalogue import Completed, complete
from wasteplan.treatment.choices import catalogue_technologies
from wasteplan.treatment.records import Technology
from wasteplan.wording import did_you_mean

COMPLETED = (
    "technologies",
    "sizes",
    "products",
    "yields",
    "operations",
    "fractions",
    "fraction_properties",
    "vehicles",
)
"""Tables whose empty cells and missing rows the packaged catalogue fills."""


def make_scenario(
    settings: Settings,
    *,
    check: bool = True,
    need_sources: bool = False,
    folder: Path | None = None,
    origins: Origins | None = None,
    **tables: Iterable[Any],
) -> Scenario:
    """A scenario from records in memory, completed from the catalogue and checked.

    Parameters
    ----------
    settings
        What `scenario.toml` holds.
    check
        Whether the rules across tables are checked.
    need_sources
        Whether every number needs a source and a status (loading a folder: yes).
    folder
        Where road files are found.
    origins
        File and row of each record, for messages.
    tables
        Records by table name (see `Scenario`), and `sources`.

    Raises
    ------
    ScenarioError
        With all problems found.
    """
    for name in tables:
        if name not in (*TABLE, "sources"):
            message = f"unknown table '{name}'{did_you_mean(name, TABLE)}"
            raise TypeError(message)
    stated = {name: tuple(table) for name, table in tables.items()}
    rows, made = completed(settings, stated)
    scenario = Scenario(
        settings=settings,
        folder=folder,
        filled_cells=dict(made.filled),
        catalogue_notes=made.warnings,
        **rows,
    )
    found: list[Problem] = []
    if need_sources:
        found += source_problems(stated, origins or {})
    if check:
        found += problems_of(scenario, origins=origins)
    if found:
        raise ScenarioError(str(folder or scenario.name), found)
    return scenario


def source_problems(
    stated: Mapping[str, Iterable[Any]], origins: Origins
) -> list[Problem]:
    """Numbers without status and sources that are not listed, in rows as stated."""
    listed = {entry.id for entry in stated.get("sources", ())}
    rows = {name: table for name, table in stated.items() if name != "sources"}
    return [f.problem(origins) for f in source_findings(rows, listed)]


def completed(
    settings: Settings, rows: Mapping[str, tuple[Any, ...]]
) -> tuple[dict[str, Any], Completed]:
    """The tables with what the catalogue adds, and what it filled and noted."""
    head = settings.scenario

    def convert(amount: float, currency: str, price_year: int) -> float:
        return convert_money(
            amount, currency, price_year, head.currency, head.price_year
        )

    made = complete(
        *(rows.get(name, ()) for name in COMPLETED),
        currency=head.currency,
        price_year=head.price_year,
        convert=convert,
    )
    return {**rows, **{name: tuple(getattr(made, name)) for name in COMPLETED}}, made


def catalogue_findings(technologies: Iterable[Technology]) -> list[Finding]:
    """Technologies that name no entry of the catalogue, or one of another kind."""
    known = catalogue_technologies()
    found = []
    for row in technologies:
        if not row.catalogue:
            continue
        entry = known.get(row.catalogue)
        if entry is None:
            hint = did_you_mean(row.catalogue, known)
            message = f"no entry '{row.catalogue}' in the catalogue{hint}"
            found.append(about("technologies", row, "catalogue", message))
        elif entry.kind != row.kind:
            message = f"is '{row.kind}', but '{row.catalogue}' is '{entry.kind}'"
            found.append(about("technologies", row, "kind", message))
    return found
