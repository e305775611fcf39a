"""Every rule across tables, run in one go."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from wasteplan.errors import Problem
from wasteplan.scenario.checks_names import NAME_RULES
from wasteplan.scenario.findings import Finding, Origins
from wasteplan.scenario.model import Scenario

Rule = Callable[[Scenario], Iterator[Finding]]

RULES: tuple[Rule, ...] = (*NAME_RULES,)


def findings_of(scenario: Scenario) -> list[Finding]:
    """What all rules find, warnings included."""
    return [found for rule in RULES for found in rule(scenario)]


def problems_of(
    scenario: Scenario,
    *,
    need_sources: bool = True,
    origins: Origins | None = None,
    damaged: frozenset[str] = frozenset(),
) -> list[Problem]:
    """All mistakes as problems, at their file and row where `origins` knows them."""
    found = findings_of(scenario)
    return [f.problem(origins or {}) for f in found if not f.is_warning]
