"""The second opinion on every solved plan."""

from __future__ import annotations

from wasteplan.errors import PlanDisagreement
from wasteplan.evaluation.evaluating import evaluate
from wasteplan.evaluation.horizon import objective_value
from wasteplan.evaluation.result import Evaluation
from wasteplan.optimize.reading import MILLION
from wasteplan.plan.records import Plan
from wasteplan.scenario.model import Scenario

AGREEMENT = 1e-6  # relative to gross cost, between the solver and the evaluation


def agree(scenario: Scenario, plan: Plan) -> Evaluation:
    """Re-compute the plan in plain Python; a different cost, or a miss, is an error.

    Returns
    -------
    Evaluation
        Of the plan as solved, origins of one output sent where the plan says.

    Raises
    ------
    PlanDisagreement
        With both numbers.
    """
    assert plan.proof is not None
    other = evaluate(scenario, plan, blends=False)
    is_rate = plan.proof.unit == "-"
    least = 1.0 if is_rate else MILLION * 1e-3
    allowed = AGREEMENT * max(plan.proof.gross_cost, least)
    value = objective_value(scenario, other)
    if abs(value - plan.proof.objective) > allowed:
        raise PlanDisagreement(
            f"the solver says {plan.proof.objective:,.2f} ({plan.proof.unit}), the "
            f"evaluation of the same plan {value:,.2f}: this is a bug, please report it"
        )
    if other.violations:
        named = "; ".join(map(str, other.violations[:3]))
        raise PlanDisagreement(
            f"the solver's plan does not meet its requirements ({named}): this is a "
            "bug, please report it"
        )
    return other
