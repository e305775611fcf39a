"""Solving a siting problem: prices, good sets of places, what they decide, the rest.

1. Prices climb to a bound, and say how far a relaxation opens each place.
2. Sets of open places are sought from there; the best is shipped exactly.
3. Places that no cheaper plan opens, or leaves closed, are decided.
4. The rest is proved by branching on places with prices alone; where a smaller gap is
   asked for than prices can show, by the solver on a small program that is a relaxation
   of it all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import highspy
import numpy as np

from wasteplan.optimize.handover import Problem, solver
from wasteplan.optimize.lagrangian import Bound, climbed, first_prices
from wasteplan.optimize.large_siting import sought_in_groups
from wasteplan.optimize.opening_search import Openings
from wasteplan.optimize.pegging import pegged
from wasteplan.optimize.places import Flags, Siting, whole_solution
from wasteplan.optimize.price_branching import Branching
from wasteplan.optimize.running import (
    INTEGER_TOLERANCE,
    PROVED,
    REPORT_EVERY_S,
    SMALL,
    Outcome,
    Progress,
    Watch,
    listening,
    run,
)
from wasteplan.optimize.siting_program import Narrowed, narrowed
from wasteplan.optimize.transport import Shipped, shipped
from wasteplan.optimize.whole_sources import whole
from wasteplan.superstructure.model import Floats

CLIMBS = (150, 300)
"""Steps of the prices before and after a plan is known."""
ROUNDS = (12, 20)
"""Starts of the search for open places after each climb."""
ABOVE_FIRST = 1.1
"""Times the first prices' sum: what prices climb towards before a plan is known."""
GROUPED_ABOVE = 4_000
"""Sources from which a first plan and first prices come from groups of them."""
GROUPED_STEPS = 80
"""Steps of the prices of all sources after that."""
ENDS_SHIPPED = 5
"""Sets of open places whose true cost is computed after each search."""
WIDENED_MAX = 6
BY_PRICES = 2e-5
"""Gaps asked for from which prices alone may prove it: they converge slowly."""
ROUNDED_EVERY, DESCENDED_EVERY, GUESS_STEPS = 3, 60, 60
"""Nodes after which a plan is looked for, and looked for at length."""


@dataclass
class Location:
    """Where the search for a siting problem stands."""

    watch: Watch
    siting: Siting
    offset: float
    """Cost that no place changes.  [M money]"""
    bound: float = -np.inf
    is_open: Flags | None = None
    found: Shipped | None = None
    told: float = field(default=-np.inf)

    @property
    def cost(self) -> float:
        """Of the best plan; inf without one.  [M money]"""
        return np.inf if self.found is None else self.found.cost

    @property
    def is_proved(self) -> bool:
        """Whether the gap is as small as asked for."""
        if self.found is None:
            return False
        return self.cost - self.bound <= self.allowed

    @property
    def allowed(self) -> float:
        """The gap that is asked for.  [M money]"""
        return max(self.watch.stop.gap_of_gross * self.gross, SMALL)

    @property
    def gross(self) -> float:
        """About the positive cost items of the best plan.  [M money]"""
        return max(self.cost + max(self.offset, 0.0), SMALL)

    def is_over(self) -> bool:
        """Whether to stop now; tells how far the search is on the way."""
        watch = self.watch
        if watch.progress and watch.elapsed_s - self.told >= REPORT_EVERY_S:
            self.told = watch.elapsed_s
            self.tell(self.bound)
        return watch.interrupted or watch.elapsed_s >= watch.stop.time_limit_s

    def tell(self, bound: float) -> None:
        """Report where it stands."""
        if self.watch.progress is None:
            return
        low = bound + self.offset if np.isfinite(bound) else None
        best = self.cost + self.offset if self.found is not None else None
        gap = None if low is None or best is None else max(0.0, best - low) / self.gross
        step = self.watch.step
        self.watch.progress(Progress(self.watch.elapsed_s, step, best, low, gap))

    def raise_bound(self, value: float) -> None:
        """Take over what has been proved.  [M money]"""
        self.bound = max(self.bound, min(value, self.cost))

    def take(self, is_open: Flags, price: Floats) -> float:
        """Ship exactly to a set of places; keep it if it is the best.

        Returns
        -------
        float
            What the set costs at least: split, if sources may be.  [M money]
        """
        found = shipped(self.siting, is_open, price)
        least = found.cost
        if self.siting.is_single and found.cost < self.cost and found.price is not None:
            found = whole(self.siting, is_open, found, found.price, self.is_over)
        if found.cost < self.cost:
            self.is_open, self.found = is_open.copy(), found
        return least


def located(watch: Watch, p: Problem, siting: Siting) -> Outcome:
    """A plan for a siting problem, with its bound.

    Parameters
    ----------
    watch
        Of the problem: when to stop and whom to tell.
    p
        The planning problem that is nothing but the siting problem.
    """
    at = Location(watch, siting, p.offset)
    chance = np.random.default_rng(0)
    with listening(watch):
        openings = Openings(siting, at.is_over)
        if len(siting.load) > GROUPED_ABOVE:
            known = _from_groups(at, chance)
            if at.is_proved or at.is_over():
                return _outcome(at, p)
        else:
            known = Bound(-np.inf, first_prices(siting), np.zeros(len(siting.room)))
        first = ABOVE_FIRST * float(known.price.sum())
        target = at.cost if at.found is not None else first
        for steps, rounds in zip(CLIMBS, ROUNDS, strict=True):
            known = climbed(siting, known.price, target, steps, at.is_over)
            at.raise_bound(known.value)
            _seek(at, openings, known, rounds, chance)
            if at.found is None or at.is_proved or at.is_over():
                break
            target = at.cost
        if at.found is not None and watch.stop.gap_of_gross >= BY_PRICES:
            Branching(siting, _Plans(at, openings), known.price).run()
        if at.found is not None and not at.is_proved and not at.is_over():
            prove(at, known, openings.asked())
    return _outcome(at, p)


@dataclass
class _Plans:
    """The plans of a location, looked for near what a relaxation opens."""

    at: Location
    openings: Openings
    n_asked: int = 0
    seen: set[bytes] = field(default_factory=set)

    @property
    def cost(self) -> float:
        """Of the best plan.  [M money]"""
        return self.at.cost

    @property
    def allowed(self) -> float:
        """A little less than the gap that is asked for.  [M money]"""
        return 0.999 * self.at.allowed

    def is_over(self) -> bool:
        """Whether to stop now."""
        return self.at.is_proved or self.at.is_over()

    def raise_bound(self, value: float) -> None:
        """Take over what has been proved.  [M money]"""
        self.at.raise_bound(value)

    def ship(self, is_open: Flags) -> float:
        """What a set of places costs at least; keep its plan.  [M money]"""
        return self.at.take(is_open, np.zeros(len(is_open)))

    def round(self, opened: Floats, decided: Flags) -> None:
        """Look for a plan near what a relaxation opens, now and then."""
        at, openings = self.at, self.openings
        self.n_asked += 1
        if self.n_asked % ROUNDED_EVERY:
            return
        found = openings.rounded(opened + decided, round(float(opened.sum())))
        if found is None or found.tobytes() in self.seen:
            return
        self.seen.add(found.tobytes())
        if self.n_asked % DESCENDED_EVERY == 0:
            _descended(at, openings, found)
            return
        guess = openings.judge.guess(found, openings.price, GUESS_STEPS, at.cost)
        if guess.value < at.cost:
            at.take(found, guess.price)


def _descended(at: Location, openings: Openings, is_open: Flags) -> None:
    """Improve a set of places, and ship the best end exactly."""
    openings.descend(is_open)
    for found, price in openings.best_ends(1):
        at.take(found, price)
        openings.barred.add(found.tobytes())
    if at.is_open is not None:
        openings.known(at.is_open, at.cost)


def _from_groups(at: Location, chance: np.random.Generator) -> Bound:
    """A plan and prices for very many sources, from groups of them."""
    siting = at.siting
    found = sought_in_groups(siting, chance, at.is_over)
    if found is None:
        return Bound(-np.inf, first_prices(siting), np.zeros(len(siting.room)))
    if found.shipped.cost < np.inf:
        at.is_open, at.found = found.is_open, found.shipped
    enough = at.cost - at.allowed
    known = climbed(siting, found.price, at.cost, GROUPED_STEPS, at.is_over, enough)
    at.raise_bound(known.value)
    return known


def _seek(
    at: Location,
    openings: Openings,
    known: Bound,
    rounds: int,
    chance: np.random.Generator,
) -> None:
    """Search for sets of places, and ship the best one exactly."""
    openings.seek(known.opened, rounds, chance)
    if openings.is_open is None:
        return
    for found, price in openings.best_ends(ENDS_SHIPPED):
        at.take(found, price)
        openings.barred.add(found.tobytes())
    if at.is_open is not None:
        openings.known(at.is_open, at.cost)


def prove(at: Location, known: Bound, asked: Floats) -> None:
    """Let the solver close the gap, widening the small program where it must.

    Parameters
    ----------
    asked
        (sources,): the most that a source pays in known plans; hauls that cost more
        have no column of their own.  [M money]
    """
    siting = at.siting
    assert at.is_open is not None
    assert at.found is not None
    is_in = siting.cost <= np.maximum(known.price, asked)
    is_whole = False
    for _ in range(WIDENED_MAX):
        is_in |= at.found.shares > 0
        closed, opened = pegged(siting, known.price, at.cost)
        small = narrowed(siting, is_in, closed, opened, is_whole=is_whole)
        watch = _small_watch(at, small)
        outcome = run(watch, small.start(at.is_open, at.found.shares), _at_proof(small))
        at.watch.interrupted |= watch.interrupted
        if outcome.solution is None:
            return
        at.raise_bound(outcome.bound / small.scale)
        at.take(small.opened(outcome.solution), np.zeros(len(siting.room)))
        if at.is_proved or at.is_over():
            return
        elsewhere = outcome.solution[small.elsewhere] > INTEGER_TOLERANCE
        if not elsewhere.any() and is_whole == siting.is_single:
            return
        is_whole = siting.is_single
        is_in[:, elsewhere] = True


def _at_proof(small: Narrowed) -> highspy.Highs:
    """A solver that does not seek plans: that would be half its time, for none."""
    h = solver(small.program)
    h.setOptionValue("mip_heuristic_effort", 0.0)
    return h


def _small_watch(at: Location, small: Narrowed) -> Watch:
    """The watch of the small program, telling in the units of the whole."""

    def tell(progress: Progress) -> None:
        low = -np.inf if progress.bound is None else progress.bound / small.scale
        at.tell(max(at.bound, min(low, at.cost)))

    watch = at.watch
    heard: Callable[[Progress], None] | None = tell if watch.progress else None
    stop = replace(watch.stop, gap_of_gross=0.5 * watch.stop.gap_of_gross)
    least = at.bound * small.scale
    return Watch(small.program, stop, heard, watch.started, "proof", known_bound=least)


def _outcome(at: Location, p: Problem) -> Outcome:
    """What was found, in columns of the planning problem."""
    if at.found is None or at.is_open is None:
        return Outcome("nothing", None, np.inf, at.bound + at.offset, 0.0)
    solution = whole_solution(p, at.siting, at.is_open, at.found.shares)
    value = float(p.cost @ solution) + p.offset
    status = "interrupted" if at.watch.interrupted else "time_limit"
    if at.is_proved:
        status = "gap" if at.watch.stop.gap_of_gross > PROVED else "optimal"
    bound = min(at.bound + at.offset, value)
    return Outcome(status, solution, value, bound, p.gross_cost(solution))
