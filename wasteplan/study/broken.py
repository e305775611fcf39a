"""Requirements that a plan does not meet, one sentence each, in names and years."""

from __future__ import annotations

from collections.abc import Sequence

from wasteplan.evaluation.reaching import SHARE, UNITS
from wasteplan.evaluation.result import Evaluation, Violation
from wasteplan.scenario.model import Scenario
from wasteplan.study.naming import (
    METRIC_NAMES,
    periods_name,
    place_name,
    scope_name,
)
from wasteplan.study.wording import percent, three_digits

ROOM = ("airspace", "mass_capacity", "heat_capacity")
"""Requirements whose violation means that a facility cannot take what it is sent."""


def broken_requirements(scenario: Scenario, evaluation: Evaluation) -> list[str]:
    """One sentence per requirement and place, with all years and the worst figures.

    Parameters
    ----------
    scenario
        Names places and periods.
    evaluation
        Holds one violation per period; a full landfill stays full, so its periods
        are told together.
    """
    found: dict[tuple[str, str], list[Violation]] = {}
    for violation in evaluation.violations:
        key = (violation.requirement, _place(scenario, violation))
        found.setdefault(key, []).append(violation)
    return [
        _sentence(scenario, name, place, violations)
        for (name, place), violations in found.items()
    ]


def without_room(scenario: Scenario, evaluation: Evaluation) -> list[str]:
    """Names of facilities that cannot take what they are sent."""
    full = sorted({v.place for v in evaluation.violations if v.requirement in ROOM})
    return [place_name(scenario, place) for place in full]


def _place(scenario: Scenario, violation: Violation) -> str:
    """What a violation is about: a target's waste, or a place and what it is sent."""
    for target in scenario.targets:
        if target.id == violation.place:
            return scope_name(scenario, target)
    place, _, carried = violation.place.partition(" ")
    name = place_name(scenario, place.removesuffix(":"))
    return f"{name} ({carried})" if carried else name


def _sentence(
    scenario: Scenario, name: str, place: str, violations: Sequence[Violation]
) -> str:
    is_stock = name == "airspace"  # its limit later is what it holds already
    worst = violations[0] if is_stock else max(violations, key=_excess)
    years = periods_name(scenario, {v.period for v in violations}) or worst.period
    what = METRIC_NAMES.get(name, name.replace("_", " "))
    link = "of" if name in METRIC_NAMES else "at"
    when = f", {years}" if years else ""
    if UNITS.get(name) == SHARE:
        figures = f"{percent(worst.value)} against {percent(worst.limit)}"
    else:
        figures = f"{_size(worst.value)} {worst.unit} against {_size(worst.limit)}"
    when_so = " at first" if is_stock else " at worst"
    at_worst = when_so if len(violations) > 1 else ""
    return f"{what} {link} {place or 'all'}{when}: {figures}{at_worst}"


def _excess(violation: Violation) -> float:
    """By what share of its limit a requirement is missed.  [-]"""
    return abs(violation.value - violation.limit) / max(abs(violation.limit), 1e-9)


def _size(value: float) -> str:
    """A large number in millions.

    >>> _size(3_532_300.0), _size(120.5)
    ('3.53 million', '120')
    """
    if abs(value) >= 1e6:
        return f"{three_digits(value / 1e6)} million"
    return three_digits(value)
