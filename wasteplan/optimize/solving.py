"""From a scenario to a proved plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from wasteplan.errors import NoAnswer, PlanDisagreement, StoppedWithoutPlan
from wasteplan.evaluation.evaluating import evaluate
from wasteplan.evaluation.result import Evaluation
from wasteplan.optimize.data import PlanningData, SingleDestination
from wasteplan.optimize.handover import Problem, problem
from wasteplan.optimize.infeasibility import explain
from wasteplan.optimize.reading import MILLION, read_plan, routes_tell_all
from wasteplan.optimize.running import Outcome, Progress, Stop, Watch, fixed_builds, run
from wasteplan.plan.records import Plan
from wasteplan.scenario.model import Scenario
from wasteplan.superstructure.assembly import superstructure
from wasteplan.superstructure.clustering import clustered
from wasteplan.superstructure.model import Floats, Superstructure

AGREEMENT = 1e-6  # relative to gross cost, between the solver and the evaluation
CLUSTER_SHARE_OF_TIME = 0.4
EXPLAIN_S = 60.0

Listener = Callable[[Progress], None]


def solve(
    scenario: Scenario,
    *,
    gap: float | None = None,
    time_limit_s: float | None = None,
    threads: int | None = None,
    progress: Listener | None = None,
    name: str = "solved",
) -> Plan:
    """The cheapest plan that meets every requirement of a scenario, with its proof.

    Parameters
    ----------
    scenario
        A validated case.
    gap
        Stop when (cost - bound) is at most this share of the gross cost.  [-]
    time_limit_s
        Stop after this many seconds with the best plan so far.  [s]
    threads
        Threads of the solver.
    progress
        Called about twice a second with time, incumbent, bound and gap.
    name
        Name of the plan.

    Returns
    -------
    Plan
        With `proof`: status, objective, bound and gap.

    Raises
    ------
    NoAnswer
        The requirements cannot hold together; the text says which, where, by how much.
    StoppedWithoutPlan
        Time or patience ran out before there was any plan.
    PlanDisagreement
        The independent evaluation contradicts the solver: a bug.
    """
    chosen = scenario.settings.solve
    stop = Stop(
        chosen.gap if gap is None else gap,
        chosen.time_limit_s if time_limit_s is None else time_limit_s,
        threads or chosen.threads,
    )
    return _unmixed(superstructure(scenario), stop, progress, name)


def _unmixed(
    s: Superstructure, stop: Stop, progress: Listener | None, name: str
) -> Plan:
    """Solve; while real blends differ too much from the plan, bind more outputs.

    Every round binds at least one more output to one destination, so it ends.
    """
    allowed = s.scenario.settings.solve.unmixing_max
    single: frozenset[SingleDestination] = frozenset()
    notes: list[str] = []
    while True:
        p, outcome = solved(PlanningData(s, single=single), stop, progress)
        plan = read_plan(p, outcome, name)
        more = single | to_one_place(s, p, outcome)
        told = routes_tell_all(s, p, outcome)
        relaxed = agree(s.scenario, plan) if told or more == single else None
        real = evaluate(s.scenario, plan)
        breaks = relaxed is None or len(real.violations) > len(relaxed.violations)
        error = 0.0 if real.unmixing is None else real.unmixing.largest
        if (error <= allowed and not breaks) or more == single:
            return _noted(plan, notes[0]) if notes else plan
        notes.append(
            "Solved again with one destination per output: the first plan sent origins "
            f"of one output to different places, an error of {error:.1%}"
            + (", and its real blends broke limits." if breaks else ".")
        )
        single = more


def _noted(plan: Plan, note: str) -> Plan:
    assert plan.proof is not None
    return plan.model_copy(
        update={"proof": plan.proof.model_copy(update={"note": note})}
    )


def solved(
    data: PlanningData, stop: Stop, progress: Listener | None = None
) -> tuple[Problem, Outcome]:
    """The problem and a solution; an exception if there is none."""
    p = problem(data)
    watch = Watch(p, stop, progress)
    most = data.s.scenario.settings.solve.cluster_above
    start = None
    if len(data.s.sources.stream) > most:
        start = start_from_clusters(watch, data, most)
    outcome = run(watch, start)
    if outcome.status == "infeasible":
        raise NoAnswer(in_words(data))
    if outcome.solution is None:
        raise StoppedWithoutPlan(
            f"stopped after {watch.elapsed_s:.0f} s ({outcome.status}) before any plan "
            "was found: allow more time (--time-limit)"
        )
    exact = fixed_builds(p, outcome.solution)
    if exact.solution is not None and exact.objective <= outcome.objective:
        outcome = replace(
            outcome,
            solution=exact.solution,
            objective=exact.objective,
            gross=exact.gross,
            bound=min(outcome.bound, exact.objective),
        )
    return p, outcome


def start_from_clusters(
    watch: Watch, data: PlanningData, n_clusters: int
) -> Floats | None:
    """Cluster, solve, fix the builds, find exact flows: a start for a large case."""
    small = PlanningData(clustered(data.s, n_clusters), single=data.single)
    q = problem(small)
    stop = replace(
        watch.stop, time_limit_s=watch.stop.time_limit_s * CLUSTER_SHARE_OF_TIME
    )
    rough = Watch(q, stop, watch.progress, step="clusters", started=watch.started)
    found = run(rough)
    if rough.interrupted:
        watch.interrupted = True
    if found.solution is None:
        return None
    guess = np.zeros(len(watch.problem.cost))
    guess[: q.n_before] = found.solution[: q.n_before]
    return fixed_builds(watch.problem, guess).solution


def agree(scenario: Scenario, plan: Plan) -> Evaluation:
    """Re-compute the plan in plain Python; a different cost is an error.

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
    allowed = AGREEMENT * max(plan.proof.gross_cost, MILLION * 1e-3)
    if abs(other.cost_present_value - plan.proof.objective) > allowed:
        raise PlanDisagreement(
            f"the solver says {plan.proof.objective:,.2f}, the evaluation of the same "
            f"plan {other.cost_present_value:,.2f}: this is a bug, please report it"
        )
    return other


def to_one_place(
    s: Superstructure, p: Problem, outcome: Outcome
) -> frozenset[SingleDestination]:
    """Outputs whose origins a solution sends apart, in every period."""
    assert outcome.solution is not None
    kt = p.later_kt(outcome.solution)
    apart: set[tuple[int, str]] = set()
    sent: dict[tuple[int, str, int], dict[int, set[int]]] = {}
    for t in range(s.n_periods):
        for a in np.flatnonzero(kt[t] > 1e-9):
            product = s.commodities[s.later.commodity[a]].product
            key = (int(s.later.tail[a]), product, t)
            places = sent.setdefault(key, {})
            where = int(s.feeds.plant[s.later.feed[a]])
            places.setdefault(int(s.later.commodity[a]), set()).add(where)
    for (plant, product, _), places in sent.items():
        if len(places) > 1 and len(set().union(*places.values())) > 1:
            apart.add((plant, product))
    return frozenset(
        SingleDestination(plant, product, t)
        for plant, product in apart
        for t in range(s.n_periods)
    )


def in_words(data: PlanningData) -> str:
    """What cannot hold together, where, by how much, and the cheapest way out."""
    found = explain(data, EXPLAIN_S)
    name = data.s.scenario.name
    if not found:
        return (
            f"{name}: no plan meets all requirements, and the time did not suffice "
            "to say which clash"
        )
    lines = [
        f"{name}: no plan meets all requirements together. The least that must give "
        "way, at the least cost:"
    ]
    return "\n".join([*lines, *(f"  - {r.text}" for r in found)])
