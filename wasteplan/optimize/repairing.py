"""Limits drawn tighter in the model, so that the plan as it runs keeps those asked for.

The model counts burners at the efficiency of full load, and may count blends that no
plant can send.  A plan that keeps a limit there may pass it in truth.  By how much says
how much tighter the model has to plan; the next plan passes by less, or not at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from wasteplan.evaluation.result import Violation
from wasteplan.optimize.margins import with_margins
from wasteplan.scenario.levels import wrong_level
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import Target
from wasteplan.superstructure.model import Superstructure

SPARE = 1e-3  # of what a limit was passed by: kept free besides
ROUNDING = 1e-9  # of a limit: kept free, so that rounding does not miss again


def drawn_tighter(
    s: Superstructure, missed: Iterable[Violation]
) -> Superstructure | None:
    """The options with targets that leave room for what a plan missed them by.

    Facilities that were overfilled keep room too (`margins.py`).

    Returns
    -------
    Superstructure or None
        None if something else is missed, or no tighter limit could be kept.
    """
    by_target: dict[str, list[Violation]] = {}
    others: list[Violation] = []
    names = {(t.id, str(t.metric)) for t in s.scenario.targets}
    for v in missed:
        if (v.place, v.requirement) in names:
            by_target.setdefault(v.place, []).append(v)
        else:
            others.append(v)
    if not by_target:
        return None
    found: list[Target] = []
    for target in s.scenario.targets:
        for part in _by_period(s.scenario, target, by_target.get(target.id, [])):
            if part is None:
                return None
            found.append(part)
    s = replace(s, scenario=replace(s.scenario, targets=tuple(found)))
    return with_margins(s, others) if others else s


def _by_period(
    scenario: Scenario, target: Target, missed: list[Violation]
) -> list[Target | None]:
    """A target, in one row for each period if it is missed in some of them.

    Rows of a target keep its id, so that each is missed under the name it has.
    """
    own = [v for v in missed if v.period in (target.period, "") or not target.period]
    if not own:
        return [target]
    periods = [v.period for v in own]
    if target.period or periods == [""]:
        return [_tighter(target, own)]
    parts: list[Target | None] = []
    for period in scenario.periods:
        part = target.model_copy(update={"period": period.id})
        of_period = [v for v in own if v.period == period.id]
        parts.append(_tighter(part, of_period) if of_period else part)
    return parts


def _tighter(target: Target, missed: list[Violation]) -> Target | None:
    """Each limit moved by what it was missed by, and a little more."""
    changed: dict[str, float] = {}
    for v in missed:
        side = "max" if v.value > v.limit else "min"
        level = getattr(target, side)
        if level is None:
            return None
        step = (v.value - v.limit) * (1 + SPARE)
        changed[side] = (
            level - step - (ROUNDING * abs(v.limit)) * (1 if side == "max" else -1)
        )
    if any(wrong_level(target.metric, level) for level in changed.values()):
        return None
    return target.model_copy(update=changed)
