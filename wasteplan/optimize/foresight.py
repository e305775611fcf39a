"""Planning without looking ahead: each period is decided knowing nothing of later ones.

What was decided before stays: builds, closures, measures, and where waste goes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from wasteplan.errors import NoAnswer
from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.handover import problem
from wasteplan.optimize.reading import discounted_tonnes
from wasteplan.optimize.running import relaxed_bound
from wasteplan.plan.records import Plan
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.totals import sign_of
from wasteplan.superstructure.assembly import superstructure
from wasteplan.superstructure.experience import Experience

ADDS_UP = ("jobs_total",)
"""Floors that fewer years cannot reach."""

Step = Callable[[Scenario, Plan | None], Plan]
"""Solve a case in which the first periods are as a plan has them."""


def short_sighted(scenario: Scenario, step: Step, experience: Experience) -> Plan:
    """The plan of someone who sees one period at a time.

    Step k plans the first k periods as if the horizon ended there, with the first
    k - 1 as decided before; capital is charged for the years seen (rolling horizon
    without overlap).  A limit on a sum over all years holds for the years so far.

    Returns
    -------
    Plan
        Its proof is `restricted`: the bound is that of the linear relaxation with
        everything known, so the gap holds what foresight might save.

    Raises
    ------
    NoAnswer
        A period has no answer after what was decided before it.
    """
    plan = None
    gaps = []
    for k in range(1, len(scenario.periods) + 1):
        seen = first_periods(scenario, k)
        try:
            plan = step(seen, plan)
        except NoAnswer as error:
            name = scenario.periods[k - 1].id
            raise NoAnswer(
                f"decided period by period, {name} has no answer after what was "
                f"decided before: {error}"
            ) from error
        assert plan.proof is not None
        gaps.append(f"{plan.proof.gap_of_gross:.2%}")
    assert plan is not None
    return _proved(scenario, plan, gaps, experience)


def first_periods(scenario: Scenario, k: int) -> Scenario:
    """The case as it looks to someone who knows nothing after period k.

    A floor on what adds up over all years is asked for once all years are known.
    """
    known = {period.id for period in scenario.periods[:k]}
    later = () if k == len(scenario.periods) else ADDS_UP
    return replace(
        scenario,
        periods=scenario.periods[:k],
        targets=tuple(
            t
            for t in scenario.targets
            if t.period in known | {""} and t.metric not in later
        ),
        choices=tuple(c for c in scenario.choices if c.period in known | {""}),
    )


def _proved(
    scenario: Scenario, plan: Plan, gaps: list[str], experience: Experience
) -> Plan:
    assert plan.proof is not None
    data = PlanningData(superstructure(scenario, experience=experience))
    before, sign = plan.proof, sign_of(plan.proof.of)
    reached = sign * before.objective
    least = min(relaxed_bound(problem(data)) * data.aim_unit, reached)
    gap = reached - least
    note = (
        "Decided period by period without looking ahead; the bound is that of the "
        f"relaxed model with all periods known, the gaps of the steps were "
        f"{', '.join(gaps)}."
    )
    proof = before.model_copy(
        update={
            "status": "restricted",
            "bound": sign * least,
            "gap": gap,
            "gap_of_gross": gap / max(before.gross_cost, 1.0),
            "gap_per_t": gap / max(discounted_tonnes(data.s), 1.0),
            "note": f"{before.note} {note}".strip(),
        }
    )
    return plan.model_copy(update={"proof": proof})
