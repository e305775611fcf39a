"""Making a scenario out of tables: complete it from the catalogue, then check it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from wasteplan.errors import Problem, ScenarioError
from wasteplan.scenario.checks import problems_of
from wasteplan.scenario.checks_sources import source_findings
from wasteplan.scenario.findings import Origins
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.registry import TABLE
from wasteplan.scenario.settings import Settings
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
    known = [name for name, spec in TABLE.items() if not spec.waits_for]
    for name in tables:
        if name not in (*known, "sources"):
            message = f"unknown table '{name}'{did_you_mean(name, known)}"
            raise TypeError(message)
    stated = {name: tuple(table) for name, table in tables.items()}
    rows, filled = completed(settings, stated)
    scenario = Scenario(settings=settings, folder=folder, filled_cells=filled, **rows)
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
) -> tuple[dict[str, tuple[Any, ...]], dict[tuple[str, str, str], str]]:
    """The tables with what the catalogue adds, and the status of each filled cell."""
    if find_spec("wasteplan.treatment.catalogue") is None:
        return dict(rows), {}
    complete = import_module("wasteplan.treatment.catalogue").complete
    head = settings.scenario
    made = complete(
        *(rows.get(name, ()) for name in COMPLETED),
        currency=head.currency,
        price_year=head.price_year,
    )
    added = {name: tuple(getattr(made, name)) for name in COMPLETED}
    return {**rows, **added}, dict(made.filled)
