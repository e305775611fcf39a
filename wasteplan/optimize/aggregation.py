"""A country at once: planned in groups of sources, proved and sent source by source.

Sources with nearly the same hauls stand together as groups, three times over:

- a few groups, on which plans are sought: a dive, then changes and moves of plants;
- for the builds found, groups split until all sources of a group go the same way
  (`finer_groups.py`): the plan sends each source its own way, at its own cost;
- more groups, whose costs are multipliers (`group_prices.py`): the relaxation of their
  problem is a bound for all sources, with next to nothing hidden by grouping.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from wasteplan.errors import NoAnswer, StoppedWithoutPlan
from wasteplan.optimize.batches import in_batches
from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.finer_groups import refined
from wasteplan.optimize.first_plan import Trials, repeated
from wasteplan.optimize.group_costs import Members, groups_by_cost, without_links
from wasteplan.optimize.group_prices import (
    Prices,
    best_prices,
    least_cost,
    paying,
    prices_at_feeds,
    relaxation,
)
from wasteplan.optimize.handover import Problem
from wasteplan.optimize.incumbent import decisions_of
from wasteplan.optimize.moving import bettered_with_moves
from wasteplan.optimize.running import (
    SMALL,
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
from wasteplan.superstructure.model import Floats

GROUPS = 200
ROUGH = 20
FINE = 10
"""Small groups in each of the groups of the bound."""
SEARCH_SHARE_OF_TIME = 0.35
TIMES_FLOWS = 1.5
ROUGH_SHARE_OF_TIME = 0.5
TRIALS_MAX = 4_000
ITERATIONS_MAX = 10_000_000
ROUGH_GAP = 0.003
"""A plan of a few groups is only a guess: nearer to its bound it is no better."""
NO_GROUPS = "stopped before any plan of groups was found"


@dataclass(frozen=True)
class InGroups:
    """A plan of all sources, and what was grouped on the way."""

    problem: Problem
    """Of groups whose members all go the same way."""
    outcome: Outcome
    n_groups: int
    """Of the bound."""
    hidden_m: float
    """How much dearer the plan is than groups would have it.  [M money]"""


def planned_in_groups(
    data: PlanningData,
    stop: Stop,
    progress: Callable[[Progress], None] | None = None,
    known: Plan | None = None,
    n_groups: int = GROUPS,
) -> InGroups:
    """A plan of all sources, and a bound for all of them.

    Raises
    ------
    NoAnswer, StoppedWithoutPlan
        As for `solve`.
    """
    search = _Search(data, stop, progress, n_groups)
    with listening(search.watch):
        search.learn(search.first(known))
        if not search.is_enough:
            search.raise_bound()
        if not search.is_enough:
            search.go_on()
        return search.answer()


class _Search:
    """What is known so far: the best plan, its cost, and a bound."""

    def __init__(
        self,
        data: PlanningData,
        stop: Stop,
        progress: Callable[[Progress], None] | None,
        n_groups: int,
    ) -> None:
        self.data, self.n_groups, started = data, n_groups, time.monotonic()
        self.rough = Members(data, groups_by_cost(data, ROUGH))
        self.p = self.rough.problem()
        self.watch = Watch(self.p, stop, progress, started=started)
        self.best: tuple[Problem, Outcome] | None = None
        self.decided = np.zeros(self.p.n_before)
        self.flows_s = 0.0
        self.prices = Prices.none(self.p, len(self.rough.groups))
        self.paying = paying(self.rough, self.p, self.prices)
        self.bound, self.n_bound = -np.inf, len(self.rough.groups)

    def first(self, known: Plan | None) -> Floats:
        """Decisions found on a few groups, by linear programs."""
        h = relaxation(self.p, self.watch)
        if h is not None:
            self.prices = prices_at_feeds(self.p, h, len(self.rough.groups))
        self.bounded(self.rough, self.p, self.prices)
        trials = Trials(without_links(self.p), self.has_searched, trials_max=TRIALS_MAX)
        trials.iterations_max = ITERATIONS_MAX
        cost = np.inf
        if not np.isfinite(trials.cost()):
            return self._by_solver()
        if known is not None:
            cost = repeated(trials, decisions_of(self.p, known))
        if not np.isfinite(cost) and in_batches(trials) is not None:
            cost = trials.cost()
        if not np.isfinite(cost):
            return self._by_solver()
        self.keep(self.p, fixed_builds(self.p, trials.solution()))
        self.tell("groups: first plan")
        bettered_with_moves(trials, cost)
        trials.cost()
        return trials.solution()

    def has_searched(self) -> bool:
        """Whether linear programs on a few groups have had their time."""
        most_s = SEARCH_SHARE_OF_TIME * self.watch.stop.time_limit_s
        return self.watch.interrupted or self.watch.elapsed_s > most_s

    def _by_solver(self) -> Floats:
        """Any plan of a few groups, where the dive met a dead end."""
        if self.watch.is_over:
            raise StoppedWithoutPlan(NO_GROUPS, by_hand=self.watch.interrupted)
        outcome = run(replace(self.watch, step="groups: first plan"))
        if outcome.status == "infeasible":
            raise NoAnswer("no plan meets all requirements (seen on groups of sources)")
        if outcome.solution is None:
            raise StoppedWithoutPlan(NO_GROUPS, by_hand=self.watch.interrupted)
        self.keep(self.p, outcome)
        return outcome.solution

    def keep(self, p: Problem, outcome: Outcome) -> None:
        """A plan, if it is the cheapest so far."""
        if outcome.solution is None:
            return
        if self.best is None or outcome.objective < self.best[1].objective:
            self.best = p, outcome
            self.decided = outcome.solution[: p.n_before]

    def learn(self, decisions: Floats) -> None:
        """Exact flows of all sources for decisions."""
        if self.watch.interrupted:
            return
        begun = time.monotonic()
        found = refined(self.rough, decisions, self.watch)
        if found is not None:
            self.keep(found.problem, found.outcome)
        self.flows_s = time.monotonic() - begun
        self.tell("groups: exact flows")

    def bounded(self, groups: Members, p: Problem, prices: Prices) -> None:
        """The bound of groups that pay by prices, if it is the best so far."""
        if self.watch.is_over and np.isfinite(self.bound):
            return
        paid = paying(groups, p, prices)
        h = relaxation(paid, self.watch)
        bound = -np.inf if h is None else least_cost(h)
        if bound > self.bound:
            self.paying, self.bound, self.n_bound = paid, bound, len(groups.groups)

    def raise_bound(self) -> None:
        """A bound with more groups, and prices from many more."""
        if self.watch.is_over:
            return
        self.tell("groups: bound")
        coarse = Members(self.data, groups_by_cost(self.data, self.n_groups))
        n_fine = FINE * len(coarse.groups)
        fine = Members(self.data, groups_by_cost(self.data, n_fine))
        known = self.prices.for_groups(len(coarse.groups))
        prices = best_prices(coarse, fine, known, self.watch)
        self.bounded(coarse, coarse.problem(), prices)
        self.tell("groups: bound")

    def go_on(self) -> None:
        """The solver: on a few groups for a better plan, then for the bound."""
        found = self._solved_from_best(self.p, ROUGH_GAP, ROUGH_SHARE_OF_TIME)
        if found is not None and found.solution is not None:
            self.learn(found.solution)
        if self.is_enough or self.watch.is_over:
            return
        half = self.watch.stop.gap_of_gross / 2  # the other is for what groups hide
        found = self._solved_from_best(self.paying, half, 1.0)
        if found is not None and found.solution is not None:
            self.bound = max(self.bound, found.bound)
            self.learn(found.solution)

    def _solved_from_best(self, p: Problem, gap: float, share: float) -> Outcome | None:
        """The solver on groups for a share of the time left, if there is any.

        It leaves time for exact flows of what it finds.
        """
        known = self.watch.stop
        left_s = known.time_limit_s - self.watch.elapsed_s - TIMES_FLOWS * self.flows_s
        if self.watch.is_over or left_s <= 0:
            return None
        guess = np.zeros(len(p.cost))
        guess[: p.n_before] = self.decided
        limit_s = self.watch.elapsed_s + share * left_s
        watch = Watch(
            p,
            replace(known, gap_of_gross=gap, time_limit_s=limit_s),
            lambda told: self._heard(told, p is self.paying),
            started=self.watch.started,
        )
        outcome = run(watch, fixed_builds(p, guess).solution)
        self.watch.interrupted |= watch.interrupted
        return outcome

    def _heard(self, told: Progress, is_bound: bool) -> None:
        """Say how far it is while the solver runs, in terms of all sources."""
        if is_bound and told.bound is not None:
            self.bound = max(self.bound, told.bound)
        self.tell("groups: bound" if is_bound else "groups: better plan")

    @property
    def is_enough(self) -> bool:
        """Whether the gap is as asked for."""
        assert self.best is not None
        gap = self.best[1].objective - self.bound
        return gap <= self.watch.stop.gap_of_gross * self.best[1].gross

    def tell(self, step: str) -> None:
        """Say how far it is."""
        if self.watch.progress is None or self.best is None:
            return
        cost, gross = self.best[1].objective, max(self.best[1].gross, SMALL)
        bound = self.bound if np.isfinite(self.bound) else None
        gap = None if bound is None else max(0.0, cost - bound) / gross
        elapsed = self.watch.elapsed_s
        self.watch.progress(Progress(elapsed, step, cost, bound, gap))

    def answer(self) -> InGroups:
        """The best plan with the best bound."""
        assert self.best is not None
        p, found = self.best
        guess = np.zeros(len(self.paying.cost))
        guess[: p.n_before] = self.decided
        seen = fixed_builds(self.paying, guess)
        hidden = max(0.0, found.objective - seen.objective)
        if not np.isfinite(self.bound):  # stopped before there was one
            self.bound = relaxed_bound(self.paying)
        bound = min(self.bound, found.objective)
        status = "gap" if self.is_enough else "time_limit"
        if self.watch.interrupted:
            status = "interrupted"
        done = replace(found, status=status, bound=bound)
        return InGroups(p, done, self.n_bound, hidden)
