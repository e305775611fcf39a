"""The airspace that a plan has left at the start of a simulated year."""

from __future__ import annotations

import math

from wasteplan.evaluation.evaluating import evaluate
from wasteplan.plan.records import Plan
from wasteplan.scenario.model import Scenario


def airspace_left_m3(scenario: Scenario, plan: Plan) -> dict[tuple[str, str], float]:
    """Airspace on 1 January of the last year of each period, by (period, plant).  [m3]

    What the plan leaves at the end of the period and what it uses in that year; 0 where
    the plan needs more than there is. Plants that state no airspace are not in it.
    """
    stated = any(f.airspace_left_m3 is not None for f in scenario.facilities)
    if not stated and all(s.airspace_m3 is None for s in scenario.sizes):
        return {}
    found = {}
    for row in evaluate(scenario, plan).facilities.to_dict("records"):
        left, used = row["airspace_left_m3"], row["airspace_m3_per_y"]
        if not math.isnan(left):
            key = (str(row["period"]), str(row["plant"]))
            found[key] = max(float(left) + float(used), 0.0)
    return found
