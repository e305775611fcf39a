"""Every rule across tables, asked in one go.

Rules are asked in rounds.  Where one round finds a mistake in a table, later
rounds skip the rules that read it: a broken name would only echo.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from wasteplan.errors import Problem, WasteplanError
from wasteplan.scenario.checks_burdens import BURDEN_RULES
from wasteplan.scenario.checks_effluent import EFFLUENT_RULES
from wasteplan.scenario.checks_finance import FINANCE_RULES
from wasteplan.scenario.checks_gas import GAS_RULES
from wasteplan.scenario.checks_measures import MEASURE_RULES
from wasteplan.scenario.checks_money import MONEY_RULES, ROW_RULES
from wasteplan.scenario.checks_names import NAME_RULES
from wasteplan.scenario.checks_network import HAUL_RULES, ROAD_RULES, SNAP_RULES
from wasteplan.scenario.checks_operations import OPERATION_RULES
from wasteplan.scenario.checks_ranges import RANGE_RULES
from wasteplan.scenario.checks_seasons import SEASON_RULES
from wasteplan.scenario.checks_treatment import TREATMENT_RULES
from wasteplan.scenario.checks_waste import WASTE_RULES
from wasteplan.scenario.findings import Finding, Origins, Rule, on_table
from wasteplan.scenario.model import Scenario

ROUNDS: tuple[tuple[Rule, ...], ...] = (
    (*NAME_RULES, *ROW_RULES, *OPERATION_RULES),
    (*WASTE_RULES, *ROAD_RULES),
    (*SNAP_RULES, *MEASURE_RULES),
    (
        *MONEY_RULES,
        *RANGE_RULES,
        *BURDEN_RULES,
        *FINANCE_RULES,
        *TREATMENT_RULES,
        *EFFLUENT_RULES,
        *GAS_RULES,
        *HAUL_RULES,
        *SEASON_RULES,
    ),
)
RULES: tuple[Rule, ...] = tuple(rule for rules in ROUNDS for rule in rules)


def findings_of(
    scenario: Scenario,
    damaged: frozenset[str] = frozenset(),
    left_out: LeftOut | None = None,
) -> list[Finding]:
    """What all rules find, warnings included.

    Parameters
    ----------
    scenario
        Need not be sound.
    damaged
        Tables from which rows with mistakes were left out.
    left_out
        The names of those rows; without it any name may be one of theirs.
    """
    named = left_out or LeftOut({}, damaged)
    found: list[Finding] = []
    for rules in ROUNDS:
        here: list[Finding] = []
        for rule in rules:
            if not rule.tables & damaged:
                here += asked(rule, scenario)
        here = [f for f in here if not named.is_echo(f)]
        damaged |= {f.table for f in here if not f.is_warning}
        found += here
    return found


def asked(rule: Rule, scenario: Scenario) -> list[Finding]:
    """What one rule finds; an error from the room below it is a finding too."""
    try:
        return list(rule(scenario))
    except WasteplanError as error:
        lines = [line.strip() for line in str(error).splitlines()]
        return [on_table("scenario", "; ".join(lines), rule.name)]


@dataclass(frozen=True)
class LeftOut:
    """The names of rows that were left out because of a mistake in them."""

    ids: Mapping[str, Collection[str]]
    """By table."""
    nameless: Collection[str]
    """Tables in which the name of some row cannot be read."""

    def is_echo(self, finding: Finding) -> bool:
        """Whether a name is unknown, or may be, only because its row was left out."""
        is_there = finding.name in self.ids.get(finding.names, ())
        return bool(finding.names) and (is_there or finding.names in self.nameless)


def problems_of(
    scenario: Scenario,
    *,
    origins: Origins | None = None,
    damaged: frozenset[str] = frozenset(),
    left_out: LeftOut | None = None,
) -> list[Problem]:
    """All mistakes as problems, at their file and row where `origins` knows them."""
    found = findings_of(scenario, damaged, left_out)
    return [f.problem(origins or {}) for f in found if not f.is_warning]


def warnings_of(scenario: Scenario, origins: Origins | None = None) -> list[Problem]:
    """What is allowed but may surprise, in the form of problems."""
    found = [f for f in findings_of(scenario) if f.is_warning]
    notes = [on_table("catalogue", note) for note in scenario.catalogue_notes]
    return [f.problem(origins or {}) for f in (*found, *notes)]
