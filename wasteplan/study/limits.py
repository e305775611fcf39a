"""What holds a plan back: targets met exactly, plants full, airspace used up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from wasteplan.evaluation.reaching import reached
from wasteplan.evaluation.result import Evaluation
from wasteplan.plan.records import Plan
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import RATE_METRICS, Target
from wasteplan.study.naming import place_name, years_name

SHARE_TOLERANCE = 5e-4  # half a tenth of a percent point, what a headline shows
MONEY_TOLERANCE = 1e-4  # relative
METRIC_NAMES = {
    "landfill_diversion_rate": "diversion target",
    "recycling_rate": "recycling target",
    "co2e_direct_t_per_y": "cap on direct emissions",
    "co2e_t_per_y": "cap on net emissions",
    "capex": "construction budget",
}


def binding(scenario: Scenario, plan: Plan, evaluation: Evaluation) -> list[str]:
    """The limits that the plan breaks or meets exactly: broken, targets, plants.

    Plants are in the order of the tonnes they take, the largest first.
    """
    broken = [f"broken: {violation}" for violation in evaluation.violations]
    return [
        *broken,
        *_targets(scenario, plan, evaluation),
        *_plants(scenario, evaluation),
    ]


def _targets(scenario: Scenario, plan: Plan, evaluation: Evaluation) -> list[str]:
    """One text per metric, with each scope and the years in which it binds."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for target in scenario.targets:
        scope = " ".join(s for s in (target.region, target.stream) if s) or "all waste"
        for period in scenario.periods:
            is_meant = target.period in ("", period.id)
            if is_meant and _binds(scenario, plan, evaluation, target, period.id):
                found[METRIC_NAMES[target.metric]][scope].append(period.id)
    return [
        f"{metric} of "
        + ", ".join(f"{scope} ({_years(scenario, p)})" for scope, p in scopes.items())
        for metric, scopes in found.items()
    ]


def _binds(
    scenario: Scenario, plan: Plan, evaluation: Evaluation, target: Target, period: str
) -> bool:
    value = reached(scenario, plan, evaluation, target, period)
    if value is None:
        return False
    tolerance = SHARE_TOLERANCE
    if target.metric not in RATE_METRICS:
        tolerance = MONEY_TOLERANCE * max(abs(value), 1.0)
    limits = (target.min, target.max)
    return any(x is not None and abs(value - x) <= tolerance for x in limits)


def _plants(scenario: Scenario, evaluation: Evaluation) -> list[str]:
    """One text per plant and kind of limit, with the years in which it binds."""
    table = evaluation.facilities
    table = table[table["binding"].fillna("").astype(str) != ""]
    largest: list[tuple[float, str]] = []
    for (plant, what), rows in table.groupby(["plant", "binding"], sort=True):
        years = _years(scenario, set(map(str, rows["period"])))
        text = f"{place_name(scenario, str(plant))} full by {what} in {years}"
        largest.append((-float(rows["throughput_t_per_y"].max()), text))
    return [text for _, text in sorted(largest)]


def _years(scenario: Scenario, periods: Collection[str]) -> str:
    """The years of periods, neighbours joined."""
    spans: list[tuple[int, int]] = []
    for period in scenario.periods:
        if period.id not in periods:
            continue
        if spans and spans[-1][1] + 1 == period.first_year:
            spans[-1] = (spans[-1][0], period.last_year)
        else:
            spans.append((period.first_year, period.last_year))
    return ", ".join(years_name(first, last) for first, last in spans)
