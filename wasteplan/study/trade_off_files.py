"""Fronts and alternatives as tables and plan files."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pandas as pd

from wasteplan.evaluation.evaluating import evaluate
from wasteplan.evaluation.horizon import total
from wasteplan.plan.files import write_plan
from wasteplan.plan.records import Plan, plant_id
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import HORIZON_METRICS
from wasteplan.scenario.writing import written_whole
from wasteplan.study.building import builds_said
from wasteplan.study.pareto import Front

CENTRE = "centre"
PLANS = "plans"
LAST_RATE = "landfill_diversion_rate"
ALWAYS = ("cost_total", "co2e_total_t", "co2e_direct_total_t", "landfilled_total_t")
"""Totals of every plan; the others only where what they need is known."""
DIFFERENCES = ("cost_total", "co2e_total_t", "landfilled_total_t")


def front_table(scenario: Scenario, front: Front) -> pd.DataFrame:
    """A row a point: its totals, gap and what it builds.

    Returns
    -------
    DataFrame
        Columns point, one a total of the front, `<total>_limit`, gap (of the first
        total), status, diversion (last period), builds, plan (file).
    """
    rows = []
    for k, point in enumerate(front.points, start=1):
        found = evaluate(scenario, point.plan)
        rows.append(
            {
                "point": k,
                **{name: point.values[name] for name in front.totals},
                **{f"{n}_limit": point.limits.get(n) for n in front.totals[1:]},
                "gap": point.gap,
                "status": point.plan.proof.status if point.plan.proof else "",
                "diversion": found.kpi(LAST_RATE, scenario.periods[-1].id),
                "builds": builds_said(scenario, point.plan, found),
                "plan": f"{PLANS}/point_{k:02}.json",
            }
        )
    return pd.DataFrame(rows)


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
        Columns plan, one a total, `more_<total>` against the best, gap, status,
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


def write_trade_off(
    out: str | Path,
    table: pd.DataFrame,
    plans: Mapping[str, Plan],
    page: Callable[[], str],
    name: str,
) -> Path:
    """Write the table, the page and the plans: the folder whole or not at all."""
    with written_whole(out, f"{name}.csv") as temporary:
        table.to_csv(temporary / f"{name}.csv", index=False, lineterminator="\n")
        (temporary / f"{name}.html").write_text(page(), encoding="utf-8")
        for file, plan in plans.items():
            write_plan(plan, temporary / PLANS / f"{file}.json")
    return Path(out)
