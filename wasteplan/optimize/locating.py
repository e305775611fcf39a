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
from dataclasses import replace
from itertools import count

import highspy
import numpy as np

from wasteplan.optimize.handover import Problem, solver
from wasteplan.optimize.lagrangian import Bound, climbed, first_prices
from wasteplan.optimize.large_siting import sought_in_groups
from wasteplan.optimize.location import Location
from wasteplan.optimize.opening_search import Openings
from wasteplan.optimize.pegging import pegged
from wasteplan.optimize.places import Siting, whole_solution
from wasteplan.optimize.price_branching import Branching
from wasteplan.optimize.rounded_plans import RoundedPlans
from wasteplan.optimize.running import (
    INTEGER_TOLERANCE,
    PROVED,
    Outcome,
    Progress,
    Watch,
    listening,
    run,
)
from wasteplan.optimize.siting_program import Narrowed, narrowed
from wasteplan.optimize.whole_sources import shared_anew
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
WHOLE_PROVED_MAX = 20_000
"""Hauls up to which the solver may prove a plan without splits: beyond, its program of
whole hauls takes minutes for nothing."""
ROUNDS_WHOLE, ENDS_WHOLE = 12, 10
"""Starts of the search for sets with room to spare, and how many of them are tried."""
BY_PRICES = 2e-5
"""Gaps asked for from which prices alone may prove it: they converge slowly."""


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
        known, openings = (
            _search_whole(at, chance) if siting.is_single else _search(at, chance)
        )
        is_open = at.found is not None and not at.is_proved and not at.is_over()
        if is_open and _is_provable(siting):
            prove(at, known, openings.asked())
    return _outcome(at, p)


def _is_provable(siting: Siting) -> bool:
    """Whether the solver is given what is left; else plans are sought until the end."""
    return not siting.is_single or siting.share.size <= WHOLE_PROVED_MAX


def _search(at: Location, chance: np.random.Generator) -> tuple[Bound, Openings]:
    """Prices, sets of places, and a proof by branching."""
    known, openings = _first(at, chance)
    _branch(at, openings, known)
    return known, openings


def _first(at: Location, chance: np.random.Generator) -> tuple[Bound, Openings]:
    """Prices and sets of places, before any branching."""
    siting = at.siting
    openings = Openings(siting, at.is_over)
    if len(siting.load) > GROUPED_ABOVE:
        known = _from_groups(at, chance)
        if at.is_proved or at.is_over():
            return known, openings
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
    return known, openings


def _branch(at: Location, openings: Openings, known: Bound) -> None:
    """Prove, or nearly prove, by branching on places."""
    is_open = at.found is not None and not at.is_proved and not at.is_over()
    if is_open and at.watch.stop.gap_of_gross >= BY_PRICES:
        Branching(at.siting, RoundedPlans(at, openings), known.price).run()


def _search_whole(at: Location, chance: np.random.Generator) -> tuple[Bound, Openings]:
    """A bound from sources that may be split, and plans that do not split them."""
    siting = at.siting
    split = Location(at.watch, replace(siting, is_single=False), at.offset, outer=at)
    known, shared = _first(split, chance)
    at.raise_bound(split.bound)
    openings = Openings(siting, at.is_over, spare_kt=float(siting.load.max()))
    openings.seek(known.opened, ROUNDS_WHOLE, chance)
    ends = openings.best_ends(ENDS_WHOLE)
    if split.is_open is not None:
        ends.append((split.is_open, openings.price))
    for found, price in ends:
        at.take(found, price)
        openings.barred.add(found.tobytes())
    if at.found is None or at.is_open is None or at.is_proved or at.is_over():
        return known, openings
    at.found = shared_anew(siting, at.is_open, at.found, at.is_over)
    _branch(split, shared, known)
    at.raise_bound(split.bound)
    if split.is_open is not None:
        at.take_whole(split.is_open, openings.price)
        openings.descend(split.is_open)
    for _ in range(ROUNDS_WHOLE) if _is_provable(siting) else count():
        for found, price in openings.best_ends(1):
            openings.barred.add(found.tobytes())
            at.take_whole(found, price)
        if at.is_proved or at.is_over():
            break
        openings.seek(known.opened, 1, chance)
    return known, openings


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
