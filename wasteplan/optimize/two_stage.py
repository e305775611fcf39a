"""Builds, closures and measures before the future is known; flows when it is.

First every sample is solved alone, as if its future were known: its own best plan, and
a bound on what any plan can do.  Those plans are followed through all samples, and the
best of them starts the search for the plan that is best over all samples together.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from wasteplan.errors import NoAnswer, StoppedWithoutPlan, WasteplanError
from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.extensive_form import Extensive, extensive
from wasteplan.optimize.first_stage import decided, decision_columns, same_decisions
from wasteplan.optimize.following import Flows, Followed
from wasteplan.optimize.handover import Problem, problem
from wasteplan.optimize.reading import read_plan
from wasteplan.optimize.recourse import Recourse
from wasteplan.optimize.risk import Risk, conditional_value_at_risk, measured
from wasteplan.optimize.running import (
    Outcome,
    Progress,
    Stop,
    Watch,
    listening,
    relaxed_bound,
    run,
)
from wasteplan.optimize.sample_trials import (
    best_flows,
    bettered_over_samples,
    value_of,
)
from wasteplan.optimize.searching import Search, solved
from wasteplan.plan.records import Plan
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.totals import COST
from wasteplan.superstructure.assembly import superstructure
from wasteplan.superstructure.model import Floats

SUM_IS_ONE = 1e-9
BETTERING_SHARE_OF_TIME = 0.3


@dataclass(frozen=True)
class OwnBest:
    """The best plan for one sample alone, as if its future were known."""

    names: tuple[str, ...]
    decisions: Floats
    """In the order of the names."""
    total: float
    """Cost, misses priced.  [M money]"""
    bound: float
    """No plan can do better in this sample.  [M money]"""
    gross: float
    plan: Plan
    """What it builds, closes and sets going, and when."""


@dataclass(frozen=True)
class TwoStage:
    """Decisions that are best over all samples, and how they fare in each."""

    risk: Risk
    names: tuple[str, ...]
    decisions: Floats
    status: str
    """Of the search: optimal, gap, time_limit, interrupted."""
    objective: float
    """What was made least, of the flows that follow.  [M money]"""
    bound: float
    gross: float
    followed: tuple[Followed, ...]
    chances: Floats
    size: tuple[int, int, int, int]
    """Columns, rows, entries and whole decisions of the extensive form."""
    build_cpu_s: float
    """CPU time to compile the samples and stack them.  [s]"""

    @property
    def totals(self) -> Floats:
        """(samples,): cost with misses priced.  [M money]"""
        return np.array([f.total for f in self.followed])

    @property
    def gap(self) -> float:
        """Objective less bound, never below 0.  [M money]"""
        return max(0.0, self.objective - self.bound)


def own_best(
    scenario: Scenario,
    recourse: Recourse,
    stop: Stop,
    progress: Callable[[Progress], None] | None = None,
    incumbent: Plan | None = None,
    decisions: Mapping[str, float] | None = None,
) -> OwnBest:
    """Solve one sample alone.

    Parameters
    ----------
    scenario
        The sample.
    recourse
        Prices of what is missed.
    stop, progress, incumbent
        Of this search.
    decisions
        By name, if they are taken already and flows alone are sought.

    Raises
    ------
    WasteplanError
        The scenario makes something other than cost least.
    NoAnswer, StoppedWithoutPlan
        See `solve`.
    """
    data = sampled(scenario, recourse)
    if decisions is not None:
        data = replace(data, own=(decided(decisions),))
    p, outcome = solved(data, Search(stop, progress, incumbent, explains=False))
    assert outcome.solution is not None
    columns = decision_columns(p)
    values = np.round(outcome.solution[list(columns.values())])
    return OwnBest(
        tuple(columns),
        values,
        outcome.objective,
        outcome.bound,
        outcome.gross,
        read_plan(p, outcome, "own"),
    )


def sampled(scenario: Scenario, recourse: Recourse) -> PlanningData:
    """The planning data of a sample.

    Raises
    ------
    WasteplanError
        The scenario makes something other than cost least.
    """
    aim = scenario.settings.solve.objective
    if aim != COST:
        raise WasteplanError(
            f"scenario.toml [solve]: objective is '{aim}', but plans over samples are "
            f"compared by cost: set it to '{COST}'"
        )
    return PlanningData(superstructure(scenario), recourse=recourse)


def two_stage(
    samples: Sequence[Scenario],
    recourse: Recourse,
    risk: Risk,
    stop: Stop,
    *,
    chances: Floats | None = None,
    own: Sequence[OwnBest] = (),
    candidates: Sequence[Floats] = (),
    progress: Callable[[Progress], None] | None = None,
) -> TwoStage:
    """The decisions that are best over samples, flows following in each.

    Parameters
    ----------
    samples
        Scenarios that differ in numbers only.
    recourse
        Prices of what is missed.
    risk
        What is made least.
    stop, progress
        Of the search over all samples.
    chances
        (samples,): of each sample; alike if not given.  [-]
    own
        The best plan for each sample alone; needed for regret, and gives a bound.
    candidates
        Decisions to start from, beside the samples' own.

    Raises
    ------
    WasteplanError
        Samples that offer different decisions, or chances that do not add up.
    NoAnswer
        No decisions keep the limit on chance.
    StoppedWithoutPlan
        Time ran out before there was any plan.
    """
    likely = chances_of(len(samples), chances)
    before = time.process_time()
    problems = [problem(sampled(s, recourse)) for s in samples]
    best = np.array([o.total for o in own]) if own else None
    if risk.kind == "regret" and best is None:
        raise WasteplanError("regret needs the best plan for each sample alone")
    form = extensive(problems, likely, risk, best)
    spent = time.process_time() - before
    flows = [Flows(p, form.names) for p in problems]
    watch = Watch(form.whole, stop, progress, step="all samples")
    start = _start(form, flows, [*(o.decisions for o in own), *candidates], watch)
    outcome = run(watch, start)
    if outcome.status == "infeasible":
        raise NoAnswer(_too_likely(form))
    if outcome.solution is None:
        if start is None:
            raise StoppedWithoutPlan("stopped before there was a plan for all samples")
        outcome = replace(outcome, solution=start, bound=-np.inf)
    return _result(form, flows, outcome, own, spent)


def follow_all(
    problems: Sequence[Problem], decisions: Sequence[Floats]
) -> list[list[Followed]]:
    """Every plan in every sample; a list a plan."""
    names = same_decisions(problems)
    flows = [Flows(p, names) for p in problems]
    return [[_followed(f, x) for f in flows] for x in decisions]


def _followed(flows: Flows, decisions: Floats) -> Followed:
    found = flows.follow(decisions)
    assert found is not None
    return found


def chances_of(n: int, chances: Floats | None) -> Floats:
    """Chances as given, or alike.  [-]"""
    if not n:
        raise WasteplanError("a plan over samples needs at least one sample")
    if chances is None:
        return np.full(n, 1.0 / n)
    if len(chances) != n or (chances < 0).any():
        raise WasteplanError(f"{n} samples need as many chances, none below 0")
    if abs(chances.sum() - 1) > SUM_IS_ONE:
        raise WasteplanError(f"chances sum to {chances.sum():g}, not to 1")
    return np.asarray(chances, dtype=float)


def _start(
    form: Extensive,
    flows: Sequence[Flows],
    candidates: Sequence[Floats],
    watch: Watch,
) -> Floats | None:
    """The best of the candidates in all samples, bettered one decision at a time."""
    values = [value_of(form, best_flows(form, flows, x)) for x in (_unlike(candidates))]
    if not values or not np.isfinite(min(values)):
        return None
    best = _unlike(candidates)[int(np.argmin(values))]
    most_s = BETTERING_SHARE_OF_TIME * watch.stop.time_limit_s
    with listening(watch):
        decisions = bettered_over_samples(
            form, flows, best, lambda: watch.interrupted or watch.elapsed_s > most_s
        )
    known = best_flows(form, flows, decisions)
    assert known is not None
    return form.joined([f.solution for f in known[0]], known[1])


def _unlike(candidates: Sequence[Floats]) -> list[Floats]:
    """Candidates, each once, in order."""
    return list({np.round(c).tobytes(): c for c in candidates}.values())


def _result(
    form: Extensive,
    flows: Sequence[Flows],
    outcome: Outcome,
    own: Sequence[OwnBest],
    spent: float,
) -> TwoStage:
    """The decisions, with the best flows they leave in each sample."""
    assert outcome.solution is not None
    decisions = np.round(outcome.solution[form.decided])
    may_miss = form.missing(outcome.solution)
    followed = tuple(
        f.follow(decisions, must_meet=form.limits_chance and not may_miss[k])
        or _followed(f, decisions)
        for k, f in enumerate(flows)
    )
    totals = np.array([f.total for f in followed])
    value = measured(form.risk, totals, form.chances, form.best)
    bound = max(outcome.bound, _bound_of_own(form, own))
    if not np.isfinite(bound):  # stopped before the search had one
        bound = relaxed_bound(form.whole)
    whole = form.whole
    return TwoStage(
        form.risk,
        form.names,
        decisions,
        outcome.status,
        value,
        min(bound, value),
        whole.gross_cost(outcome.solution),
        followed,
        form.chances,
        (
            len(whole.cost),
            whole.matrix.shape[0],
            int(whole.matrix.nnz),
            int(whole.is_integer.sum()),
        ),
        spent,
    )


def _bound_of_own(form: Extensive, own: Sequence[OwnBest]) -> float:
    """What no plan can beat: each sample as well as can be, judged alike.

    Every measure but regret is monotone in the costs of the samples.
    """
    if not own:
        return -np.inf
    if form.risk.kind == "regret":
        return float(max(o.bound - o.total for o in own))
    bounds, risk = np.array([o.bound for o in own]), form.risk
    expected = float(form.chances @ bounds)
    if risk.kind != "cvar":
        return expected
    tail = conditional_value_at_risk(bounds, form.chances, risk.alpha)
    return (1 - risk.weight) * expected + risk.weight * tail


def _too_likely(form: Extensive) -> str:
    if not form.limits_chance:
        return "no decisions can stand in all samples together"
    return (
        f"no decisions keep the chance of missing a requirement at "
        f"{form.risk.miss_max:.1%} of {len(form.samples)} samples: allow more"
    )
