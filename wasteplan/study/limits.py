"""What holds a plan back: targets met exactly, plants full, airspace used up."""

from __future__ import annotations

from collections import defaultdict

from wasteplan.evaluation.reaching import SHARE, UNITS, reached
from wasteplan.evaluation.result import Evaluation
from wasteplan.plan.records import Plan
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import Target
from wasteplan.study.broken import broken_requirements
from wasteplan.study.naming import METRIC_NAMES, periods_name, place_name, scope_name

SHARE_TOLERANCE = 5e-4  # half a tenth of a percent point, what a headline shows
MONEY_TOLERANCE = 1e-4  # relative


def binding(scenario: Scenario, plan: Plan, evaluation: Evaluation) -> list[str]:
    """The limits that the plan breaks or meets exactly: broken, targets, plants.

    Plants are in the order of the tonnes they take, the largest first.
    """
    broken = [f"broken: {v}" for v in broken_requirements(scenario, evaluation)]
    return [
        *broken,
        *_targets(scenario, plan, evaluation),
        *_plants(scenario, evaluation),
    ]


def _targets(scenario: Scenario, plan: Plan, evaluation: Evaluation) -> list[str]:
    """One text per metric, with each scope and the years in which it binds."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for target in scenario.targets:
        scope = scope_name(scenario, target)
        named = [target.period] if target.period else [p.id for p in scenario.periods]
        for period in named:
            if _binds(scenario, plan, evaluation, target, period):
                found[METRIC_NAMES[target.metric]][scope].append(period)
    return [
        f"{metric} of "
        + ", ".join(
            f"{scope} ({periods_name(scenario, p)})" for scope, p in scopes.items()
        )
        for metric, scopes in found.items()
    ]


def _binds(
    scenario: Scenario, plan: Plan, evaluation: Evaluation, target: Target, period: str
) -> bool:
    value = reached(scenario, plan, evaluation, target, period)
    if value is None:
        return False
    tolerance = SHARE_TOLERANCE
    if UNITS[target.metric] != SHARE:
        tolerance = MONEY_TOLERANCE * max(abs(value), 1.0)
    limits = (target.min, target.max)
    return any(x is not None and abs(value - x) <= tolerance for x in limits)


def _plants(scenario: Scenario, evaluation: Evaluation) -> list[str]:
    """One text per plant and kind of limit, with the years in which it binds."""
    table = evaluation.facilities
    table = table[table["binding"].fillna("").astype(str) != ""]
    table = table[table["sizes"] != ""]  # closed: it keeps its stock, limits nothing
    largest: list[tuple[float, str]] = []
    for (plant, what), rows in table.groupby(["plant", "binding"], sort=True):
        years = periods_name(scenario, set(map(str, rows["period"])))
        text = f"{place_name(scenario, str(plant))} full by {what} in {years}"
        largest.append((-float(rows["throughput_t_per_y"].max()), text))
    return [text for _, text in sorted(largest)]
