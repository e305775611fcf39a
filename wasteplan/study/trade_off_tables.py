"""Fronts, alternatives and switch points as tables."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from wasteplan.evaluation.evaluating import evaluate
from wasteplan.evaluation.horizon import total
from wasteplan.plan.records import Plan, plant_id
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import HORIZON_METRICS
from wasteplan.study.building import builds_said
from wasteplan.study.front import Front
from wasteplan.study.switch_points import Switches

CENTRE = "centre"
PLANS = "plans"
LAST_RATE = "landfill_diversion_rate"
ALWAYS = ("cost_total", "co2e_total_t", "co2e_direct_total_t", "landfilled_total_t")
"""Totals of every plan; the others only where what they need is known."""
DIFFERENCES = ("cost_total", "co2e_total_t", "landfilled_total_t")


def front_table(scenario: Scenario, front: Front) -> pd.DataFrame:
    """A row a point: its totals, bound and gap, and what it builds.

    Returns
    -------
    DataFrame
        Columns point, one a total of the front, `<total>_limit`, bound and gap (of the
        first total), more_least, more_most (what the first total costs more than at
        the point before, surely and at most; NaN for three totals), status, misses,
        diversion (last period), builds, plan (file).
    """
    rows = []
    steps = [None, *front.steps] if front.steps else [None] * len(front.points)
    for k, (point, step) in enumerate(zip(front.points, steps, strict=True), start=1):
        found = evaluate(scenario, point.plan)
        rows.append(
            {
                "point": k,
                **{name: point.values[name] for name in front.totals},
                **{f"{n}_limit": point.limits.get(n) for n in front.totals[1:]},
                "bound": point.bound,
                "gap": point.gap,
                "more_least": math.nan if step is None else step.least,
                "more_most": math.nan if step is None else step.most,
                "status": point.plan.proof.status if point.plan.proof else "",
                "misses": "; ".join(point.misses),
                "diversion": found.kpi(LAST_RATE, scenario.periods[-1].id),
                "builds": builds_said(scenario, point.plan, found),
                "plan": f"{PLANS}/point_{k:02}.json",
            }
        )
    return pd.DataFrame(rows)


def switch_table(found: Sequence[Switches]) -> pd.DataFrame:
    """A row a switch; a driver without any has one row that says so.

    Returns
    -------
    DataFrame
        Columns driver, is_level, below, above (factors, or levels in the unit of the
        price), drops, adds, saves, at, gap, no_plan_at, widest_gap.
    """
    rows = []
    for one in found:
        about = {
            "driver": one.driver.name,
            "is_level": one.driver.is_level,
            "no_plan_at": " ".join(f"{x:.4g}" for x in one.without_plan),
            "widest_gap": one.widest_gap,
        }
        empty = dict.fromkeys(("below", "above", "saves", "at", "gap"), math.nan)
        if not one.switches:
            rows.append({**about, **empty, "drops": "", "adds": ""})
        rows += [
            {
                **about,
                "below": s.below,
                "above": s.above,
                "drops": " ".join(s.drops),
                "adds": " ".join(s.adds),
                "saves": s.saves,
                "at": s.at,
                "gap": s.gap,
            }
            for s in one.switches
        ]
    columns = ["driver", "is_level", "below", "above", "drops", "adds", "saves"]
    return pd.DataFrame(
        rows, columns=[*columns, "at", "gap", "no_plan_at", "widest_gap"]
    )


def _more(value: float, reference: float) -> float:
    """The difference, 0 where it is rounding only.

    >>> _more(73_000.0, 73_000.0 + 3e-9), _more(2.0, 1.5)
    (0.0, 0.5)
    """
    is_same = math.isclose(value, reference, rel_tol=1e-12)
    return 0.0 if is_same else value - reference


def alternatives_table(scenario: Scenario, plans: Sequence[Plan]) -> pd.DataFrame:
    """A row a plan, the best first: its totals, what it costs more, what it avoids.

    Returns
    -------
    DataFrame
        Columns plan, one a total, `more_<total>` against the best, gap, status, misses,
        diversion, left_out (plants of the best it does without), instead, builds.
    """
    rows: list[dict[str, object]] = []
    reference: dict[str, float] = {}
    for plan in plans:
        found = evaluate(scenario, plan)
        values = {m: total(scenario, m, found) for m in HORIZON_METRICS}
        values = {m: v for m, v in values.items() if m in ALWAYS or v == v}
        reference = reference or values
        built, first = _plants(plan), _plants(plans[0])
        rows.append(
            {
                "plan": plan.name,
                **values,
                **{f"more_{m}": _more(values[m], reference[m]) for m in DIFFERENCES},
                "gap": plan.proof.gap if plan.proof else float("nan"),
                "status": plan.proof.status if plan.proof else "",
                "misses": "; ".join(map(str, found.violations)),
                "diversion": found.kpi(LAST_RATE, scenario.periods[-1].id),
                "left_out": " ".join(sorted(first - built)),
                "instead": " ".join(sorted(built - first)),
                "builds": builds_said(scenario, plan, found),
            }
        )
    return pd.DataFrame(rows)


def _plants(plan: Plan) -> set[str]:
    return {
        b.site if b.technology == CENTRE else plant_id(b.site, b.technology)
        for b in plan.builds
    }
