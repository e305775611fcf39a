"""One search for a solution: a start, the solver, exact flows, or words why not."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from wasteplan.errors import NoAnswer, StoppedWithoutPlan
from wasteplan.optimize.aggregation import InGroups
from wasteplan.optimize.clash import clash, lines_of
from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.first_plan import first_plan
from wasteplan.optimize.handover import Problem, problem
from wasteplan.optimize.holding import posed
from wasteplan.optimize.incumbent import decisions_of
from wasteplan.optimize.infeasibility import explain
from wasteplan.optimize.locating import located
from wasteplan.optimize.model import planning_model
from wasteplan.optimize.narrowing import among_used
from wasteplan.optimize.own import Own
from wasteplan.optimize.places import siting_of
from wasteplan.optimize.resuming import Resuming
from wasteplan.optimize.running import (
    Outcome,
    Progress,
    Stop,
    Watch,
    fixed_builds,
    listening,
    relaxed_bound,
    run,
)
from wasteplan.plan.records import Plan
from wasteplan.superstructure.clustering import clustered
from wasteplan.superstructure.model import Floats

CLUSTER_SHARE_OF_TIME = 0.4
QUICK_SHARE_OF_TIME = 0.2
DIVED_UP_TO = 200
"""Whole decisions up to which the first plan is found by rounding them one by one;
above, among the options that the relaxation uses (benchmarks/README.md)."""
NARROWED_COLUMNS_MAX = 20_000
"""With more columns that search is not over in its share of the time."""
SITING_FROM = 2_000
"""Hauls from which a pure siting case is worth a search of its own."""
EXPLAIN_S = 60.0
CLASH_S = 60.0
NOTHING_FITS = "no plan meets all requirements"
NO_PLAN = "{} after {:.0f} s, before any plan was found; {}"
BY_HAND = ("stopped by Ctrl-C", "let it run longer")
BY_TIME = ("the time limit was reached", "allow more time (--time-limit)")

Listener = Callable[[Progress], None]


@dataclass(frozen=True)
class Search:
    """How to look for a plan."""

    stop: Stop
    progress: Listener | None = None
    incumbent: Plan | None = None
    """A plan to start from."""
    explains: bool = True
    """Say what clashes if there is no plan; takes time."""
    own: tuple[Own, ...] = ()
    """The user's own constraints."""
    held: Plan | None = None
    """What the first periods decided, which stays."""
    groups: InGroups | None = None
    """What was found with sources in groups, in place of a search."""
    resuming: Resuming | None = None
    """A live problem with what earlier searches have shown."""
    builds_of: Plan | None = None
    """Its openings and closings stay."""


def solved(
    data: PlanningData, search: Search, started: float | None = None
) -> tuple[Problem, Outcome]:
    """The problem and a solution; an exception if there is none."""
    if search.groups is not None:
        return search.groups.problem, search.groups.outcome
    live = search.resuming
    p = posed(data) if live is None else live.problem
    watch = Watch(p, search.stop, search.progress, started=started or time.monotonic())
    siting = None if live or data.builds_of else siting_of(p)
    if siting is not None and siting.share.size >= SITING_FROM:
        found = located(watch, p, siting)
        if found.solution is not None:
            return p, found
        if watch.is_over:
            raise _without_plan(watch)
    if live is None:
        outcome = run(watch, _start(watch, p, search.incumbent))
    else:
        outcome = _resumed(watch, live, search.incumbent)
    if outcome.status == "infeasible":
        raise NoAnswer(in_words(data) if search.explains else NOTHING_FITS)
    if outcome.solution is None:
        raise _without_plan(watch)
    exact = fixed_builds(p, outcome.solution)
    if exact.solution is not None and exact.objective <= outcome.objective:
        outcome = replace(
            outcome,
            solution=exact.solution,
            objective=exact.objective,
            gross=exact.gross,
            bound=min(outcome.bound, exact.objective),
        )
    if not np.isfinite(outcome.bound):  # stopped before the search had one
        bound = min(relaxed_bound(p), outcome.objective)
        outcome = replace(outcome, bound=bound)
    return p, outcome


def _without_plan(watch: Watch) -> StoppedWithoutPlan:
    what, advice = BY_HAND if watch.interrupted else BY_TIME
    text = NO_PLAN.format(what, watch.elapsed_s, advice)
    return StoppedWithoutPlan(text, by_hand=watch.interrupted)


def _resumed(watch: Watch, live: Resuming, incumbent: Plan | None) -> Outcome:
    """What earlier searches have shown, or a search that starts from it."""
    known = live.before_search(watch)
    if known is not None and known.status != "start":
        return known
    start = _start(watch, live.problem, incumbent) if known is None else known.solution
    found = run(watch, start, live.live.h)
    live.after_search(found)
    return found


def _start(watch: Watch, p: Problem, incumbent: Plan | None) -> Floats | None:
    """A solution to start from: of a known plan, of clusters, or of a quick search."""
    data = p.data
    if data.builds_of is not None:  # nothing is left to dive for
        return None
    known = None if incumbent is None else decisions_of(p, incumbent)
    most = data.s.scenario.settings.solve.cluster_above
    if len(data.s.sources.stream) <= most:
        return quick_start(watch, p, known)
    if known is not None:
        exact = fixed_builds(p, known).solution
        if exact is not None:
            return exact
    return start_from_clusters(watch, p, most)


def quick_start(watch: Watch, p: Problem, known: Floats | None = None) -> Floats | None:
    """A first plan; the search for it ends early at Ctrl-C and when time is short."""
    most_s = QUICK_SHARE_OF_TIME * watch.stop.time_limit_s

    def is_enough() -> bool:
        return watch.interrupted or watch.elapsed_s > most_s

    with listening(watch):
        is_narrowed = int(p.is_integer.sum()) > DIVED_UP_TO
        is_narrowed = is_narrowed and len(p.cost) <= NARROWED_COLUMNS_MAX
        start = among_used(p, is_enough) if is_narrowed and known is None else None
        return first_plan(p, is_enough, known) if start is None else start


def start_from_clusters(watch: Watch, p: Problem, n_clusters: int) -> Floats | None:
    """Cluster, solve, fix the builds, find exact flows: a start for a large case."""
    small = replace(p.data, s=clustered(p.data.s, n_clusters), held=None)
    q = problem(small)
    stop = replace(
        watch.stop, time_limit_s=watch.stop.time_limit_s * CLUSTER_SHARE_OF_TIME
    )
    rough = Watch(q, stop, watch.progress, step="clusters", started=watch.started)
    found = run(rough, quick_start(rough, q))
    if rough.interrupted:
        watch.interrupted = True
    if found.solution is None:
        return None
    guess = np.zeros(len(p.cost))
    guess[: q.n_before] = found.solution[: q.n_before]
    return fixed_builds(p, guess).solution


def in_words(data: PlanningData) -> str:
    """What cannot hold together, where, by how much, and the cheapest way out."""
    found = explain(replace(data, own=()), EXPLAIN_S)
    name = data.s.scenario.name
    if data.own and not found:
        named = ", ".join(dict.fromkeys(map(str, planning_model(data).own)))
        return f"{name}: all holds together without the own constraints {named}"
    if not found:
        return (
            f"{name}: no plan meets all requirements, and the time did not suffice "
            "to say which clash"
        )
    lines = [
        f"{name}: no plan meets all requirements together. The least that must give "
        "way, at the least cost:"
    ]
    lines += [f"  - {r.text}" for r in found]
    together = clash(data, CLASH_S)
    if together is not None:
        lines += lines_of(together)
    return "\n".join(lines)
