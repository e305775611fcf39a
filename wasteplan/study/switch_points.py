"""At which price or growth the plan changes.

A factor scales one kind of number. Where plans of two factors differ, the factor is
halved in between until the change is narrowed down.  A difference counts only if the
old builds would cost more than the new plan by more than its gap: two plans within the
gap of each other show no switch.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from wasteplan.errors import NoAnswer, WasteplanError
from wasteplan.optimize.alternatives import plants_of
from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.handover import problem
from wasteplan.optimize.incumbent import decisions_of
from wasteplan.optimize.planner import planner
from wasteplan.optimize.running import fixed_builds
from wasteplan.plan.records import Plan
from wasteplan.scenario.model import Scenario
from wasteplan.superstructure.assembly import superstructure

FACTORS = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0)
NARROW = 0.02
"""A switch is found when it lies between factors this close."""
DRIVERS = ("electricity_sold", "electricity_bought", "diesel", "carbon", "coal")
WASTE, GATE = "waste", "gate"


@dataclass(frozen=True)
class Switch:
    """Between two factors the plan changes."""

    driver: str
    below: float
    above: float
    drops: tuple[str, ...]
    """Plants built below and not above."""
    adds: tuple[str, ...]
    saves: float
    """Cost of the old builds above the switch, less the new plan's.  [money]"""
    gap: float
    """Of the new plan.  [money]"""


def drivers_of(scenario: Scenario) -> tuple[str, ...]:
    """What can be scaled: prices with a row, outlets by name, waste."""
    known = {p.item for p in scenario.prices}
    outlets = tuple(f"{GATE}:{o.id}" for o in scenario.outlets if o.price_per_t != 0)
    return (*(d for d in DRIVERS if d in known), *outlets, WASTE)


def scaled(scenario: Scenario, driver: str, factor: float) -> Scenario:
    """The same case with one kind of number times a factor.

    Raises
    ------
    WasteplanError
        No such driver; the text lists what there is.
    """
    if driver not in drivers_of(scenario):
        known = ", ".join(drivers_of(scenario))
        raise WasteplanError(f"nothing to scale called '{driver}'; there is: {known}")
    if driver == WASTE:
        rows = tuple(
            g.model_copy(update={"waste_t_per_y": factor * g.waste_t_per_y})
            for g in scenario.generation
        )
        return replace(scenario, generation=rows)
    if driver.startswith(f"{GATE}:"):
        name = driver.partition(":")[2]
        outlets = tuple(
            o.model_copy(update={"price_per_t": factor * o.price_per_t})
            if o.id == name
            else o
            for o in scenario.outlets
        )
        return replace(scenario, outlets=outlets)
    prices = tuple(
        p.model_copy(update={"value": factor * p.value}) if p.item == driver else p
        for p in scenario.prices
    )
    return replace(scenario, prices=prices)


def switch_points(
    scenario: Scenario,
    driver: str,
    *,
    factors: Sequence[float] = FACTORS,
    gap: float | None = None,
    time_limit_s: float | None = None,
    on_factor: Callable[[float], None] | None = None,
    on_no_plan: Callable[[float], None] | None = None,
) -> list[Switch]:
    """Where the plants that are built change as a driver is scaled.

    Parameters
    ----------
    on_no_plan
        Told of factors at which no plan meets all requirements; the search goes on
        between the others and narrows down where plans end. Without it they are errors.

    Returns
    -------
    list of Switch
        By rising factor; empty if the same plants are built all along.
    """
    known: dict[float, Plan | None] = {}
    again = planner(scenario, gap=gap, time_limit_s=time_limit_s)

    def plan_at(factor: float) -> Plan | None:
        if factor in known:
            return known[factor]
        case = scaled(scenario, driver, factor)
        if on_factor is not None:
            on_factor(factor)
        solved = [(abs(f - factor), plan) for f, plan in known.items() if plan]
        near = min(solved, key=lambda pair: pair[0], default=(0.0, None))[1]
        try:
            again.change(case)
            known[factor] = again.solve(incumbent=near, explains=False)
        except NoAnswer:
            if on_no_plan is None:
                raise
            on_no_plan(factor)
            known[factor] = None
        return known[factor]

    found: list[Switch] = []
    ordered = sorted(factors)
    for low, high in pairwise(ordered):
        found += _between(scenario, driver, low, high, plan_at)
    return found


def _between(
    scenario: Scenario,
    driver: str,
    low: float,
    high: float,
    plan_at: Callable[[float], Plan | None],
) -> list[Switch]:
    """The switches between two factors, narrowed down."""
    before, after = plan_at(low), plan_at(high)
    if before is None and after is None:
        return []
    if before is None or after is None:
        if high - low <= NARROW:
            return []
        return _halves(scenario, driver, low, high, plan_at)
    saves = _regret(scenario, driver, high, before, after)
    if saves is None:
        return []
    if high - low <= NARROW:
        built, new = plants_of(before), plants_of(after)
        assert after.proof is not None
        return [
            Switch(
                driver,
                low,
                high,
                tuple(sorted(built - new)),
                tuple(sorted(new - built)),
                saves,
                after.proof.gap,
            )
        ]
    return _halves(scenario, driver, low, high, plan_at)


def _halves(
    scenario: Scenario,
    driver: str,
    low: float,
    high: float,
    plan_at: Callable[[float], Plan | None],
) -> list[Switch]:
    middle = 0.5 * (low + high)
    return [
        *_between(scenario, driver, low, middle, plan_at),
        *_between(scenario, driver, middle, high, plan_at),
    ]


def _regret(
    scenario: Scenario, driver: str, factor: float, before: Plan, after: Plan
) -> float | None:
    """What keeping the old builds would cost more; None if no more than the gap."""
    if plants_of(before) == plants_of(after):
        return None
    assert after.proof is not None
    p = problem(PlanningData(superstructure(scaled(scenario, driver, factor))))
    kept = fixed_builds(p, decisions_of(p, before))
    if kept.solution is None:
        return float("inf")
    more = kept.objective * p.data.aim_unit - after.proof.objective
    return more if more > after.proof.gap else None
