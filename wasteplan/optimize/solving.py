"""From a scenario to a proved plan."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pyomo.environ as pyo

from wasteplan.errors import NoAnswer, PlanDisagreement, StoppedWithoutPlan
from wasteplan.evaluation.evaluating import evaluate
from wasteplan.evaluation.result import Evaluation
from wasteplan.optimize.data import PlanningData, SingleDestination
from wasteplan.optimize.first_plan import first_plan
from wasteplan.optimize.handover import Problem, problem
from wasteplan.optimize.infeasibility import explain
from wasteplan.optimize.reading import MILLION, read_plan, routes_tell_all
from wasteplan.optimize.running import (
    SMALL,
    Outcome,
    Progress,
    Stop,
    Watch,
    fixed_builds,
    listening,
    run,
)
from wasteplan.plan.records import Plan
from wasteplan.scenario.model import Scenario
from wasteplan.superstructure.assembly import superstructure
from wasteplan.superstructure.clustering import clustered
from wasteplan.superstructure.model import Floats, Superstructure

AGREEMENT = 1e-6  # relative to gross cost, between the solver and the evaluation
CLUSTER_SHARE_OF_TIME = 0.4
QUICK_SHARE_OF_TIME = 0.2
EXPLAIN_S = 60.0
SAME_COST = 1e-3  # of the gross cost: a plan dearer by less is as good
NO_PLAN = (
    "stopped after {:.0f} s ({}) before any plan was found: allow more time "
    "(--time-limit)"
)

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

    Every round binds at least one more output to one destination, so it ends.  A bound
    of the looser model holds for the tighter one.
    """
    allowed = s.scenario.settings.solve.unmixing_max
    data = PlanningData(s)
    started, notes = time.monotonic(), list[str]()
    p, outcome = solved(data, stop, progress, started=started)
    while True:
        plan = read_plan(p, outcome, name)
        more = data.single | to_one_place(s, p, outcome)
        told = routes_tell_all(s, p, outcome)
        relaxed = agree(s.scenario, plan) if told or more == data.single else None
        real = evaluate(s.scenario, plan)
        breaks = relaxed is None or len(real.violations) > len(relaxed.violations)
        error = 0.0 if real.unmixing is None else real.unmixing.largest
        if (error <= allowed and not breaks) or more == data.single:
            return _noted(plan, notes[0]) if notes else plan
        notes.append(
            "Solved again with one destination per output: the first plan sent origins "
            f"of one output to different places, an error of {error:.2%}"
            + (", and its real blends broke limits." if breaks else ".")
        )
        data = PlanningData(s, single=more)
        p, outcome = _bound_outputs(p, outcome, data, stop, progress, started)


def _bound_outputs(
    before: Problem,
    outcome: Outcome,
    data: PlanningData,
    stop: Stop,
    progress: Listener | None,
    started: float,
) -> tuple[Problem, Outcome]:
    """The same question with more outputs bound to one destination each.

    First the builds are kept and each output goes where most of it went: a linear
    program.  If that is within the gap asked for, or costs next to nothing more than
    the looser plan, or the time is up, it is the answer; otherwise it is the start.
    """
    p = problem(data)
    watch = Watch(p, stop, progress, started=started, step="one destination")
    near = fixed_builds(p, most_go(p, before, outcome))
    if near.solution is not None:
        bound = min(outcome.bound, near.objective)
        gap = (near.objective - bound) / max(near.gross, SMALL)
        dearer = (near.objective - outcome.objective) / max(near.gross, SMALL)
        if gap <= stop.gap_of_gross or dearer <= SAME_COST or watch.left_s() < 1.0:
            within = gap <= stop.gap_of_gross or outcome.status == "optimal"
            status = "gap" if within else outcome.status
            return p, replace(near, status=status, bound=bound)
    found = run(watch, near.solution)
    if found.status == "infeasible":
        raise NoAnswer(in_words(data))
    if found.solution is None:
        raise StoppedWithoutPlan(NO_PLAN.format(watch.elapsed_s, found.status))
    return p, replace(found, bound=max(found.bound, outcome.bound))


def most_go(p: Problem, before: Problem, outcome: Outcome) -> Floats:
    """The decisions of a looser solution, outputs sent where most of them went."""
    assert outcome.solution is not None
    s, guess = p.data.s, np.zeros(len(p.cost))
    for variable in before.model.component_data_objects(pyo.Var):
        twin = p.model.find_component(variable.name)
        guess[p.column_of[id(twin)]] = before.value(outcome.solution, variable)
    kt = before.later_kt(outcome.solution)
    sent: dict[tuple[int, str, int], dict[int, float]] = {}
    for t in range(s.n_periods):
        for a in np.flatnonzero(kt[t] > 0):
            product = s.commodities[s.later.commodity[a]].product
            places = sent.setdefault((int(s.later.tail[a]), product, t), {})
            where = int(s.feeds.plant[s.later.feed[a]])
            places[where] = places.get(where, 0.0) + float(kt[t, a])
    for (plant, product, where, t), variable in p.model.sends.items():
        places = sent.get((plant, product, t), {})
        is_most = bool(places) and max(places, key=lambda d: (places[d], -d)) == where
        guess[p.column_of[id(variable)]] = float(is_most)
    return guess


def _noted(plan: Plan, note: str) -> Plan:
    assert plan.proof is not None
    return plan.model_copy(
        update={"proof": plan.proof.model_copy(update={"note": note})}
    )


def solved(
    data: PlanningData,
    stop: Stop,
    progress: Listener | None = None,
    started: float | None = None,
) -> tuple[Problem, Outcome]:
    """The problem and a solution; an exception if there is none."""
    p = problem(data)
    watch = Watch(p, stop, progress, started=started or time.monotonic())
    most = data.s.scenario.settings.solve.cluster_above
    if len(data.s.sources.stream) > most:
        start = start_from_clusters(watch, data, most)
    else:
        start = quick_start(watch)
    outcome = run(watch, start)
    if outcome.status == "infeasible":
        raise NoAnswer(in_words(data))
    if outcome.solution is None:
        raise StoppedWithoutPlan(NO_PLAN.format(watch.elapsed_s, outcome.status))
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


def quick_start(watch: Watch) -> Floats | None:
    """A first plan; the search for it ends early at Ctrl-C and when time is short."""
    most_s = QUICK_SHARE_OF_TIME * watch.stop.time_limit_s
    with listening(watch):
        return first_plan(
            watch.problem, lambda: watch.interrupted or watch.elapsed_s > most_s
        )


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
    found = run(rough, quick_start(rough))
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
