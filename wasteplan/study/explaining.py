"""What requirements cost, in words; and what one step of a target really costs."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import pandas as pd

from wasteplan.errors import NoAnswer, StoppedWithoutPlan
from wasteplan.evaluation.reaching import SHARE, UNITS
from wasteplan.optimize.planner import Planner, planner
from wasteplan.optimize.shadow_prices import POINT, ShadowPrice, shadow_prices
from wasteplan.plan.records import Plan
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import Target
from wasteplan.study.naming import METRIC_NAMES, period_name, place_name
from wasteplan.study.wording import money, three_digits

FAMILY_NAMES = {
    "mass_capacity": "capacity of",
    "heat_capacity": "thermal capacity of",
    "outlet_limit": "limit of outlet",
    "permit": "permit of",
}
SHARE_STEP = 0.01
"""A target on a share is moved by one percentage point, others by 1 %."""


@dataclass(frozen=True)
class Step:
    """A target moved one step and everything decided anew."""

    target: str
    limit: float
    cost_change: float
    """Against the plan as it is; NaN if no plan was found.  [money, present value]"""
    gap: float
    """Of the new search.  [money]"""
    says: str


def prices_of(scenario: Scenario, plan: Plan) -> pd.DataFrame:
    """Every target, and other requirements that have a price, with words.

    Returns
    -------
    DataFrame
        Columns requirement, place, period, unit, room, looser, tighter, valid_looser,
        valid_tighter, says.
    """
    rows = [
        {
            "requirement": price.family,
            "place": price.place,
            "period": price.period,
            "unit": price.unit,
            "room": price.room,
            "looser": price.looser,
            "tighter": price.tighter,
            "valid_looser": price.valid_looser,
            "valid_tighter": price.valid_tighter,
            "says": sentence(scenario, price),
        }
        for price in shadow_prices(scenario, plan)
    ]
    columns = list(rows[0]) if rows else ["requirement", "says"]
    return pd.DataFrame(rows, columns=columns)


def sentence(scenario: Scenario, price: ShadowPrice) -> str:
    """A price as people say it."""
    name = _subject(scenario, price)
    one = "one point" if price.unit == POINT else f"one {price.unit}"
    currency = scenario.settings.scenario.currency
    if not price.binds:
        over = f"{three_digits(price.room)} {_plural(price.unit)}"
        if _is_target(scenario, price):
            return (
                f"{name} does not bind: sizes come in lumps and overshoot it by "
                f"{over}. That is not to say that it costs nothing"
            )
        return f"{name} does not bind, {over} are left"
    loosens, tightens = ("less", "more") if price.is_floor else ("more", "less")
    saved = f"{one} {loosens} would save {money(price.looser, currency)}"
    if math.isinf(price.tighter):
        return f"{name} binds: {saved}; nothing tighter can be met with these builds"
    return (
        f"{name} binds: {one} {tightens} costs {money(price.tighter, currency)} of "
        f"present value, {saved}; so for at least "
        f"{three_digits(price.valid_tighter)} {tightens} and "
        f"{three_digits(price.valid_looser)} {loosens}"
    )


def _plural(unit: str) -> str:
    return "percentage points" if unit == POINT else unit


def _is_target(scenario: Scenario, price: ShadowPrice) -> bool:
    return any(t.id == price.place for t in scenario.targets)


def _subject(scenario: Scenario, price: ShadowPrice) -> str:
    when = f" in {period_name(scenario, price.period)}" if price.period else ""
    target = next((t for t in scenario.targets if t.id == price.place), None)
    if target is not None and price.family not in FAMILY_NAMES:
        return f"the {METRIC_NAMES[target.metric]} '{target.id}'{when}"
    family = FAMILY_NAMES.get(price.family, price.family)
    return f"the {family} {place_name(scenario, price.place)}{when}"


def steps(
    scenario: Scenario,
    plan: Plan,
    *,
    gap: float | None = None,
    time_limit_s: float | None = None,
    on_step: Callable[[str], None] | None = None,
) -> list[Step]:
    """Each target moved one step either side, builds and all decided anew.

    The difference of two solved plans is known only to within both gaps, which are
    given: a change smaller than their sum has shown nothing.
    """
    assert plan.proof is not None
    found = []
    again = planner(scenario, gap=gap, time_limit_s=time_limit_s)
    for target in scenario.targets:
        for limit in _either_side(target):
            if on_step is not None:
                on_step(f"{target.id} at {limit:g}")
            found.append(_step(again, scenario, plan, target, limit))
    return found


def _either_side(target: Target) -> list[float]:
    limit = target.min if target.min is not None else target.max
    assert limit is not None
    if UNITS[target.metric] == SHARE:
        moved = [limit - SHARE_STEP, limit + SHARE_STEP]
        return [x for x in moved if 0 <= x <= 1]
    return [0.99 * limit, 1.01 * limit]


def _step(
    again: Planner, scenario: Scenario, plan: Plan, target: Target, limit: float
) -> Step:
    assert plan.proof is not None
    side = "min" if target.min is not None else "max"
    moved = target.model_copy(update={side: limit})
    case = replace(
        scenario,
        targets=tuple(moved if t.id == target.id else t for t in scenario.targets),
    )
    try:
        again.change(case)
        other = again.solve(incumbent=plan, explains=False)
    except (NoAnswer, StoppedWithoutPlan) as error:
        return Step(target.id, limit, math.nan, math.nan, str(error))
    assert other.proof is not None
    change = other.proof.objective - plan.proof.objective
    doubt = other.proof.gap + plan.proof.gap
    currency = scenario.settings.scenario.currency
    said = f"{money(change, currency)} against the plan"
    if abs(change) <= doubt:
        said += f"; within the gaps of {money(doubt, currency)}: nothing is shown"
    return Step(target.id, limit, change, other.proof.gap, said)
