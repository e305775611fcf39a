"""From the relaxed model to a plan whose real blends hold.

The relaxed model may send the origins of one output to different places.  The plan is
then judged as it would really run, each output one blend: if it meets everything and
costs next to nothing more, it is the answer.  Otherwise outputs are bound to one
destination each.  The bound is always that of the relaxed model.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np
import pyomo.environ as pyo

from wasteplan.evaluation.evaluating import evaluate
from wasteplan.evaluation.horizon import objective_value
from wasteplan.evaluation.result import Evaluation
from wasteplan.optimize.agreement import agree, is_same
from wasteplan.optimize.data import PlanningData, SingleDestination
from wasteplan.optimize.handover import Problem
from wasteplan.optimize.holding import posed
from wasteplan.optimize.margins import with_margins
from wasteplan.optimize.proportional import one_blend
from wasteplan.optimize.reading import (
    discounted_tonnes,
    read_plan,
    routes_tell_all,
)
from wasteplan.optimize.repairing import drawn_tighter
from wasteplan.optimize.running import SMALL, Outcome, Stop, Watch, fixed_builds, run
from wasteplan.optimize.searching import Search, solved
from wasteplan.plan.records import Plan, Proof
from wasteplan.scenario.model import Scenario
from wasteplan.superstructure.model import CENTRE, Floats, Superstructure

SAME_COST = 1e-3  # of the gross cost: a plan dearer by less is as good
ROUNDS_MAX = 3
PART_LOAD = (
    "Burners were planned at the efficiency of full load; the cost is that of their "
    "real loads."
)


TIGHTER = "limits were planned tighter, so that the plan as it runs keeps those asked"


@dataclass(frozen=True)
class Judged:
    """A solution as it would really run."""

    problem: Problem
    outcome: Outcome
    plan: Plan
    real: Evaluation

    @property
    def error(self) -> float:
        """The largest relative difference made by real blends.  [-]"""
        return 0.0 if self.real.unmixing is None else self.real.unmixing.largest

    @property
    def is_clean(self) -> bool:
        """Whether all requirements hold with the real blends."""
        return not self.real.violations

    @property
    def was_stopped(self) -> bool:
        """Whether the search was stopped by hand."""
        return self.plan.proof is not None and self.plan.proof.status == "interrupted"

    @property
    def is_as_said(self) -> bool:
        """Whether real blends leave the objective as the proof says it is."""
        assert self.plan.proof is not None
        unit = self.problem.data.aim_unit
        return is_same(self.plan.proof, self.objective * unit)

    @property
    def objective(self) -> float:
        """What is made least, with the real blends.  [M money, or kt]"""
        data = self.problem.data
        return objective_value(data.s.scenario, self.real) / data.aim_unit


def judged(
    p: Problem, outcome: Outcome, name: str, asked: Scenario | None = None
) -> Judged:
    """Read a solution, have it checked as written, and follow its real blends.

    `asked` has the requirements, where the model was given tighter ones.
    """
    plan = read_plan(p, outcome, name)
    scenario = asked or p.data.s.scenario
    if routes_tell_all(p.data.s, p, outcome):
        return Judged(p, outcome, plan, agree(scenario, plan))
    return Judged(p, outcome, plan, evaluate(scenario, plan, headlines=False))


def real_answer(s: Superstructure, search: Search, name: str) -> Plan:
    """The plan of a superstructure, with real blends, and its proof.

    Where what earlier searches have shown ends at a plan that misses something, it is
    searched for as if nothing was known.
    """
    best, first, note = _tried(s, search, name)
    may_retry = search.resuming is not None and not first.was_stopped
    if may_retry and not best.is_clean:
        best, first, note = _tried(s, replace(search, resuming=None), name)
    is_mixed = first.error > s.scenario.settings.solve.unmixing_max
    if best is first and best.is_clean and best.is_as_said and not (note or is_mixed):
        return first.plan
    return _with_proof(best, first, search.stop, note)


def _tried(s: Superstructure, search: Search, name: str) -> tuple[Judged, Judged, str]:
    """The best plan of one search, what the relaxed model said, and a note."""
    started = time.monotonic()
    stop, progress = search.stop, search.progress
    p, outcome = solved(
        PlanningData(s, own=search.own, held=search.held, builds_of=search.builds_of),
        search,
        started=started,
    )
    first = judged(p, outcome, name)
    allowed = s.scenario.settings.solve.unmixing_max
    is_mixed = first.error > allowed
    note = PART_LOAD if s.scenario.part_load and not is_mixed else ""
    if first.is_clean and not is_mixed:
        return first, first, note
    found, was_stopped = [first], outcome.status == "interrupted"
    single: frozenset[SingleDestination] = frozenset()
    while not _is_enough(best_of(found), first, stop) and len(found) <= 2 * ROUNDS_MAX:
        more = single | to_one_place(s, p, outcome)
        left_s = stop.time_limit_s - (time.monotonic() - started)
        if more == single or left_s <= 0 or was_stopped:
            break
        split = one_blend(p, outcome, more)
        if split.solution is not None:
            found.append(judged(p, split, name))
            if _is_enough(best_of(found), first, stop):
                break
        single = more
        bound = posed(replace(first.problem.data, single=single))
        near = fixed_builds(bound, most_go(bound, p, outcome))
        if near.solution is not None:
            found.append(judged(bound, near, name))
            if _is_enough(best_of(found), first, stop):
                break
        watch = Watch(bound, stop, progress, started=started, step="one destination")
        again = run(watch, near.solution)
        was_stopped = was_stopped or watch.interrupted
        if again.solution is not None:
            found.append(judged(bound, again, name))
            p, outcome = bound, again
    found += made_to_fit(best_of(found), s, name)
    if not was_stopped:
        watch = Watch(first.problem, stop, progress, started=started)
        found += made_to_keep(best_of(found), first, watch, name)
        was_stopped = watch.interrupted
    best = best_of(found)
    return best, as_stopped(first) if was_stopped else first, note


def as_stopped(first: Judged) -> Judged:
    """The first solution, with word that the search was stopped by hand.

    Whoever searches again and again shall stop too.
    """
    assert first.plan.proof is not None
    proof = first.plan.proof.model_copy(update={"status": "interrupted"})
    return replace(first, plan=first.plan.model_copy(update={"proof": proof}))


def made_to_fit(best: Judged, s: Superstructure, name: str) -> list[Judged]:
    """The same builds with flows that leave room where real blends overfilled it.

    Each round learns from the one before how much room to keep; linear programs only.
    """
    found: list[Judged] = []
    for _ in range(ROUNDS_MAX):
        tighter = None if best.is_clean else with_margins(s, best.real.violations)
        if tighter is None or best.outcome.solution is None:
            break
        p = posed(replace(best.problem.data, s=tighter))
        near = fixed_builds(p, best.outcome.solution)
        if near.solution is None:
            break
        tries = [judged(p, near, name)]
        split = one_blend(p, near, to_one_place(s, p, near))
        if split.solution is not None:
            tries.append(judged(p, split, name))
        best, s = best_of(tries), tighter
        found += tries
    return found


def made_to_keep(best: Judged, first: Judged, watch: Watch, name: str) -> list[Judged]:
    """Plans for limits drawn tighter by what the best one misses them by.

    Each round learns from the one before: first the same builds with other flows, and
    if they cannot or cost more than the gap, another search while there is time.
    """
    found: list[Judged] = []
    asked = first.problem.data.s.scenario
    for _ in range(ROUNDS_MAX):
        if best.is_clean or best.outcome.solution is None or watch.interrupted:
            break
        tighter = drawn_tighter(best.problem.data.s, best.real.violations)
        if tighter is None:
            break
        p = posed(replace(best.problem.data, s=tighter))
        near = fixed_builds(p, best.outcome.solution)
        if near.solution is not None:
            best = judged(p, near, name, asked)
            found.append(best)
            if _is_enough(best, first, watch.stop):
                break
        if watch.is_over:
            if near.solution is None:
                break
            continue
        own = Watch(p, watch.stop, watch.progress, watch.started, "tighter limits")
        again = run(own, near.solution)
        watch.interrupted = own.interrupted
        if again.solution is not None:
            other = judged(p, again, name, asked)
            found.append(other)
            best = other if near.solution is None else best_of([best, other])
        elif near.solution is None:
            break
    return found


def best_of(found: list[Judged]) -> Judged:
    """The cheapest that holds; if none does, the one that misses least."""
    return min(found, key=lambda j: (len(j.real.violations), j.objective))


def _is_enough(best: Judged, first: Judged, stop: Stop) -> bool:
    """Within the gap asked for, or next to nothing dearer than the relaxed plan."""
    gross = max(first.outcome.gross, SMALL)
    gap = (best.objective - first.outcome.bound) / gross
    dearer = (best.objective - first.outcome.objective) / gross
    return best.is_clean and (gap <= stop.gap_of_gross or dearer <= SAME_COST)


def _with_proof(best: Judged, first: Judged, stop: Stop, note: str = "") -> Plan:
    """The plan at its real cost, with the bound of the relaxed model.

    Without a note: why outputs that the model sends apart cost what they cost.
    """
    proof = first.plan.proof
    assert proof is not None
    unit = first.problem.data.aim_unit
    objective = best.objective * unit
    bound = min(proof.bound, objective)
    gap = objective - bound
    if proof.status == "interrupted":
        status = "interrupted"
    elif not best.is_clean:
        status = "restricted"
    elif gap <= stop.gap_of_gross * proof.gross_cost:
        status = "gap"
    else:
        status = proof.status if proof.status != "optimal" else "restricted"
    is_tighter = best.problem.data.s.scenario is not first.problem.data.s.scenario
    how = "each output is sent as the blend it is"
    if is_tighter:
        how = TIGHTER
    elif best.problem.data.s is not first.problem.data.s:
        how = "flows leave the room free that real blends take"
    elif best.problem is not first.problem:
        how = "solved again with one destination per output"
    if note and is_tighter:
        note += f" {TIGHTER[0].upper()}{TIGHTER[1:]}."
    note = note or (
        f"The model alone would send origins of one output to different places, an "
        f"error of {first.error:.2%}; {how}."
    )
    if not best.is_clean:
        what = (
            "blends and loads" if best.problem.data.s.scenario.part_load else "blends"
        )
        note += f" With real {what} it misses: " + "; ".join(
            map(str, best.real.violations[:3])
        )
    done = Proof(
        status=status,  # type: ignore[arg-type]
        objective=objective,
        bound=bound,
        gross_cost=proof.gross_cost,
        gap=gap,
        gap_of_gross=gap / max(proof.gross_cost, min(1.0, unit)),
        gap_per_t=gap / max(discounted_tonnes(first.problem.data.s), 1.0),
        note=note,
        of=proof.of,
        unit=proof.unit,
    )
    return best.plan.model_copy(update={"proof": done})


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
            tail = int(s.later.tail[a])
            if keeps_apart(s, tail):
                continue
            key = (tail, product, t)
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


def keeps_apart(s: Superstructure, plant: int) -> bool:
    """Whether a place can send its streams apart: a centre that does not mix them."""
    found = s.plants[plant]
    return found.technology == CENTRE and not s.scenario.centre[found.id].mixes_streams
