"""Targets that the real blends of a plan miss by a little, set a little firmer.

The planning model may count on splits of a blend that no plant can make.  A plan that
therefore misses a target is searched again with the target moved by what was missed;
what the first search proved still holds, because the case proper is looser.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from wasteplan.errors import NoAnswer, StoppedWithoutPlan
from wasteplan.evaluation.evaluating import evaluate
from wasteplan.evaluation.result import Violation
from wasteplan.plan.records import Plan, Proof
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import Target

MORE = 1.2  # of what was missed
SPARE = 1e-4  # of the limit, so that rounding does not miss again
MISS_MAX = 0.02  # of the limit; what misses by more is no matter of blends
ROUNDS_MAX = 2
FIRMER = "Targets were planned a little firmer, so that real blends meet them."

Solver = Callable[[Scenario, Plan | None], Plan]


def firmly(
    search: Solver, scenario: Scenario, start: Plan | None, proper: Scenario
) -> Plan:
    """The plan of a search, searched again while its real blends miss requirements.

    Its bound is that of the first search. If no firmer case has a plan, the first plan
    is returned; `evaluate` says what it misses.  Stopped by hand, its status says so.

    Parameters
    ----------
    proper
        The case without limits that only the study sets: those may be missed a little.
    """
    first = search(scenario, start)
    missed = evaluate(proper, first).violations
    case: Scenario | None = scenario
    for _ in range(ROUNDS_MAX):
        case = None if not missed or case is None else firmer(case, missed)
        if case is None or _is_interrupted(first):
            break
        try:
            again = search(case, first)
        except NoAnswer:
            break
        except StoppedWithoutPlan as error:
            return _interrupted(first) if error.by_hand else first
        missed = evaluate(proper, again).violations
        if not missed:
            return _with_bound_of(again, first)
        if _is_interrupted(again):
            return _interrupted(first)
    return first


def firmer(scenario: Scenario, missed: Iterable[Violation]) -> Scenario | None:
    """The case with missed targets moved; None if other things are missed, or by more
    than 2 %.
    """
    known = {t.id: t for t in scenario.targets}
    for v in missed:
        target = known.get(v.place)
        size = abs(v.limit)
        if target is None or abs(v.value - v.limit) > MISS_MAX * size:
            return None
        by = MORE * abs(v.value - v.limit) + SPARE * size
        known[v.place] = _moved(target, by)
    return replace(scenario, targets=tuple(known.values()))


def _moved(target: Target, by: float) -> Target:
    if target.min is not None:
        return target.model_copy(update={"min": target.min + by})
    assert target.max is not None
    return target.model_copy(update={"max": target.max - by})


def _with_bound_of(plan: Plan, first: Plan) -> Plan:
    """A plan for firmer targets, with what is proved of the case proper."""
    now, before = plan.proof, first.proof
    assert now is not None
    assert before is not None
    gap = abs(now.objective - before.bound)
    changes = {
        "status": "restricted" if now.status == "optimal" else now.status,
        "bound": before.bound,
        "gap": gap,
        "gap_of_gross": gap / now.gross_cost if now.gross_cost > 0 else 0.0,
        "gap_per_t": gap / _tonnes(now, before),
        "note": f"{now.note} {FIRMER}".strip(),
    }
    return plan.model_copy(update={"proof": now.model_copy(update=changes)})


def _tonnes(*proofs: Proof) -> float:
    """The discounted tonnes that a proof has divided its gap by."""
    known = [p.gap / p.gap_per_t for p in proofs if p.gap > 0 and p.gap_per_t > 0]
    return known[0] if known else 1.0


def _is_interrupted(plan: Plan) -> bool:
    return plan.proof is not None and plan.proof.status == "interrupted"


def _interrupted(plan: Plan) -> Plan:
    """A plan whose firmer search was stopped by hand: whoever asked shall stop too."""
    assert plan.proof is not None
    proof = plan.proof.model_copy(update={"status": "interrupted"})
    return plan.model_copy(update={"proof": proof})
