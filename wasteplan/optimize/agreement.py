"""The second opinion on every solved plan."""

from __future__ import annotations

from wasteplan.errors import PlanDisagreement
from wasteplan.evaluation.evaluating import evaluated_both_ways
from wasteplan.evaluation.horizon import objective_value
from wasteplan.evaluation.result import Evaluation
from wasteplan.optimize.reading import MILLION
from wasteplan.plan.records import Plan, Proof
from wasteplan.scenario.model import Scenario

AGREEMENT = 1e-6  # relative to gross cost, between the solver and the evaluation


def agree(scenario: Scenario, plan: Plan) -> Evaluation:
    """Re-compute the plan in plain Python; a different cost, or a miss, is an error.

    Returns
    -------
    Evaluation
        Of the plan as it would really run: each output one blend, burners at the load
        they have.  What is compared is the plan as solved, origins of one output sent
        where the plan says; where both are the same, they are worked out once.

    Raises
    ------
    PlanDisagreement
        With both numbers.
    """
    assert plan.proof is not None
    other, real = evaluated_both_ways(scenario, plan)
    value = objective_value(scenario, other)
    if not is_same(plan.proof, value):
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
    return real


def is_same(proof: Proof, value: float) -> bool:
    """Whether a value of the objective is that of the proof, but for rounding."""
    least = 1.0 if proof.unit == "-" else MILLION * 1e-3
    return abs(value - proof.objective) <= AGREEMENT * max(proof.gross_cost, least)
