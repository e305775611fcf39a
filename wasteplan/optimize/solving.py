"""From a scenario to a proved plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from wasteplan.errors import StoppedWithoutPlan
from wasteplan.evaluation.evaluating import evaluate
from wasteplan.evaluation.horizon import objective_value
from wasteplan.optimize.foresight import short_sighted
from wasteplan.optimize.grouped_answer import answer_in_groups, is_for_groups
from wasteplan.optimize.own import Own
from wasteplan.optimize.real_blends import real_answer
from wasteplan.optimize.running import Stop
from wasteplan.optimize.searching import Listener, Search
from wasteplan.plan.records import Plan, Proof
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import Target
from wasteplan.scenario.totals import COST, TOTALS, WEIGHTED, limit_on
from wasteplan.superstructure.assembly import superstructure
from wasteplan.superstructure.experience import NO_EXPERIENCE, Experience
from wasteplan.superstructure.model import Superstructure

TIE = 1e-6  # of the objective's positive part: as good


def solve(
    scenario: Scenario,
    *,
    gap: float | None = None,
    time_limit_s: float | None = None,
    threads: int | None = None,
    progress: Listener | None = None,
    name: str = "solved",
    experience: Experience = NO_EXPERIENCE,
    incumbent: Plan | None = None,
    explains: bool = True,
    own: Sequence[Own] = (),
    builds_of: Plan | None = None,
) -> Plan:
    """The cheapest plan that meets all requirements, or the best by `objective`.

    Parameters
    ----------
    scenario
        A validated case.
    gap
        Stop when (cost - bound) is at most this share of the gross cost.  [-]
    time_limit_s
        Stop after this many seconds with the best plan so far.  [s]
    threads, name
        Of the solver; of the plan.
    progress
        Called about twice a second with time, incumbent, bound and gap.
    experience
        What simulations of earlier plans have found; the scenario stays as it is.
    incumbent
        A plan to start the search from, such as the one that was simulated.
    explains
        Whether an infeasible case is worth the time to say what clashes.
    own
        Constraints of the user's own (see `own.py`).
    builds_of
        Its openings and closings stay; the proof is against plans that keep them too.

    Returns
    -------
    Plan
        With its proof.

    Raises
    ------
    NoAnswer
        Requirements cannot hold together; the text says which, where, by how much.
    StoppedWithoutPlan
        Time or patience ran out before there was any plan.
    PlanDisagreement
        The independent evaluation contradicts the solver: a bug.
    """
    stop = stop_of(scenario, gap, time_limit_s, threads)
    search = Search(stop, progress, incumbent, explains, tuple(own))
    search = replace(search, builds_of=builds_of)
    if scenario.settings.solve.foresight == "perfect" or len(scenario.periods) == 1:
        return _answer(scenario, search, name, experience)
    return _period_by_period(scenario, search, name, experience)


def _period_by_period(
    scenario: Scenario, search: Search, name: str, experience: Experience
) -> Plan:
    def step(seen: Scenario, before: Plan | None) -> Plan:
        so_far = replace(search, held=before, incumbent=before or search.incumbent)
        return _answer(seen, so_far, name, experience)

    return short_sighted(scenario, step, experience)


def _answer(
    scenario: Scenario, search: Search, name: str, experience: Experience
) -> Plan:
    """The best plan, and where money was left to chance a cheap one."""
    return answer_of(superstructure(scenario, experience=experience), search, name)


def answer_of(options: Superstructure, search: Search, name: str) -> Plan:
    """As `_answer`, where the options are known already."""
    scenario, experience = options.scenario, options.experience
    if is_for_groups(options, search):
        plan = answer_in_groups(options, search, name)
    else:
        plan = real_answer(options, search, name)
    if plan.proof is None or plan.proof.of in (COST, WEIGHTED):
        return plan
    again = replace(search, incumbent=plan, explains=False, resuming=None)
    return as_reached(cheapest_as_good(scenario, plan, again, experience))


def as_reached(plan: Plan) -> Plan:
    """The proof in the words of a planner: what is made most is no negative number.

    Inside, everything is made least; `bound` is then what no plan can exceed.
    """
    assert plan.proof is not None
    proof = plan.proof
    if not TOTALS[proof.of].more_is_better:
        return plan
    turned = {"objective": -proof.objective, "bound": -proof.bound}
    return plan.model_copy(update={"proof": proof.model_copy(update=turned)})


def _as_good_as(proof: Proof) -> Target:
    """A target: as good by the objective, but for a millionth."""
    counted, room = TOTALS[proof.of], TIE * max(proof.gross_cost, 1.0)
    return limit_on(proof.of, "as_good", counted.sign * (proof.objective + room))


def stop_of(
    scenario: Scenario,
    gap: float | None = None,
    time_limit_s: float | None = None,
    n: int | None = None,
) -> Stop:
    """When to stop, as asked or as the scenario says."""
    chosen = scenario.settings.solve
    return Stop(
        chosen.gap if gap is None else gap,
        chosen.time_limit_s if time_limit_s is None else time_limit_s,
        n or chosen.threads,
    )


def cheapest_as_good(
    scenario: Scenario, plan: Plan, search: Search, experience: Experience
) -> Plan:
    """Among plans as good by an objective other than cost, a cheap one.

    Emissions or landfilled tonnes leave money open: without this, what is built and
    where waste is hauled would be left to chance.  The proof stays that of the
    objective; how close to the cheapest this is, its note says.
    """
    assert plan.proof is not None
    before, chosen = plan.proof, scenario.settings.solve
    held = replace(
        scenario,
        settings=scenario.settings.model_copy(
            update={"solve": chosen.model_copy(update={"objective": "cost_total"})}
        ),
        targets=(*scenario.targets, _as_good_as(before)),
    )
    try:
        options = superstructure(held, experience=experience)
        cheap = real_answer(options, search, plan.name)
    except StoppedWithoutPlan:
        return plan
    assert cheap.proof is not None
    real = evaluate(scenario, cheap, headlines=False)
    n_missed = len(real.violations)
    if n_missed and n_missed > len(
        evaluate(scenario, plan, headlines=False).violations
    ):
        return plan  # its real blends miss what those of the first plan meet
    value = objective_value(scenario, real)
    gap = max(0.0, value - before.bound)
    note = (
        f"Of the plans as good, within {cheap.proof.gap_of_gross:.2%} of gross cost of "
        "the cheapest."
    )
    proof = before.model_copy(
        update={
            "objective": value,
            "bound": min(before.bound, value),
            "gap": gap,
            "gap_of_gross": gap
            / max(before.gross_cost, min(1.0, TOTALS[before.of].per_model_unit)),
            "gap_per_t": gap / (before.gap / before.gap_per_t) if before.gap else 0.0,
            "note": f"{before.note} {note}".strip(),
        }
    )
    return cheap.model_copy(update={"proof": proof})
