"""Exact flows of all sources for given builds: groups split where members disagree.

With builds fixed, the linear program of the groups has a price at each plant.  Members
for which another plant would be cheapest at these prices are put into groups of their
own, and it is solved again.  A group whose members all go the same way hides nothing,
so after a few rounds the cost is that of all sources, each going its own way (bounds
and splits of this kind: Zipkin, 1980, Mathematical Programming 19, 155-177).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import highspy
import numpy as np

from wasteplan.optimize.group_costs import Members, without_links
from wasteplan.optimize.handover import Problem, solver
from wasteplan.optimize.running import Outcome, Watch, run_watched
from wasteplan.superstructure.alike import Group
from wasteplan.superstructure.model import Floats, Ints

ROUNDS = 6
GROUPS_MAX = 3_000
ENOUGH = 3e-4
"""Of the gross cost: what is still hidden is then as good as nothing."""


@dataclass(frozen=True)
class Refined:
    """Builds with the flows of all sources."""

    members: Members
    problem: Problem
    """Of the finer groups, at the mean of their costs."""
    outcome: Outcome
    least: float
    """No flows of these builds cost less, but for rounding.  [M money]"""


def refined(
    members: Members, decisions: Floats, watch: Watch, rounds: int = ROUNDS
) -> Refined | None:
    """Exact flows for builds, from coarse groups; None if nothing fits them.

    Parameters
    ----------
    members
        Groups to begin with.
    decisions
        The planner-facing columns at least; their whole numbers stay.
    """
    best: Refined | None = None
    for _ in range(rounds):
        p = members.problem()
        x, price, value = _flows(p, decisions, watch)
        if x is None:
            return best
        ways, saved = _cheapest(members, p, x, price)
        done = Outcome("optimal", x, value, value, p.gross_cost(x))
        best = Refined(members, p, done, value - saved)
        finer = split(members, ways)
        n, is_enough = len(finer.groups), saved <= ENOUGH * done.gross
        if is_enough or watch.is_over or n == len(members.groups) or n > GROUPS_MAX:
            break
        members = finer
    return best


def _flows(
    p: Problem, decisions: Floats, watch: Watch
) -> tuple[Floats | None, Floats, float]:
    """Solution, (feeds, periods) prices and cost with the whole numbers fixed.

    Links share <= open say nothing more then; without them prices are at plants alone.
    """
    lower, upper, whole = p.lower.copy(), p.upper.copy(), p.is_integer
    guess = np.zeros(len(p.cost))
    guess[: p.n_before] = decisions[: p.n_before]
    lower[whole] = upper[whole] = np.round(guess[whole])
    held = replace(without_links(p), lower=lower, upper=upper)
    h = solver(held, as_lp=True)
    h.setOptionValue("solver", "ipm")
    run_watched(h, watch)
    if h.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None, np.zeros(0), np.inf
    found = h.getSolution()
    price = np.array(found.row_dual)[p.feed_rows]
    return np.array(found.col_value), price, float(h.getObjectiveValue())


def is_open(p: Problem, x: Floats) -> np.ndarray:
    """(feeds, periods): whether the plant of a feed works in a solution."""
    columns = p.feed_columns[1]
    return np.where(columns < 0, True, x[columns] > 0.5)


def _cheapest(
    members: Members, p: Problem, x: Floats, price: Floats
) -> tuple[Ints, float]:
    """(sources, periods) the feed each would choose, and what that would save.

    The saving, by Lagrangian duality, is the most that better flows save.  [M money]
    """
    n_sources, n_periods = members.data.s.sources.collected_kt.shape
    ways = np.full((n_sources, n_periods), -1, dtype=np.int64)
    works, saved = is_open(p, x), 0.0
    for t, g, _ in members.columns(p):
        feeds = members.feeds(g)
        at = np.flatnonzero(works[feeds, t])
        paid = members.unit(g, t)[:, at] + price[feeds[at], t]
        ways[members.groups[g].members, t] = feeds[at[paid.argmin(axis=1)]]
        kt = members.kt[g][:, t]
        saved += float((kt @ paid).min() - kt @ paid.min(axis=1))
    return ways, saved


def split(members: Members, ways: Ints) -> Members:
    """Groups of which all members would go the same way, in every period."""
    found: list[Group] = []
    for group in members.groups:
        _, which = np.unique(ways[group.members], axis=0, return_inverse=True)
        which = which.ravel()
        found += [
            Group(group.members[which == k], group.arcs[which == k])
            for k in range(int(which.max()) + 1)
        ]
    return Members(members.data, found)
