"""What groups of sources should pay for hauls, so that they hide least.

With tonnes w, member costs c, shares x, group shares y (the mean of x by tonnes) and
any cost m of the group,

    sum_i w_i sum_f c_if x_if = w sum_f m_f y_f + sum_i w_i sum_f (c_if - m_f) x_if
                             >= w sum_f m_f y_f + sum_i w_i min_f (c_if - m_f),

for the shares of a member sum to 1 (or to the regime it works under, as those of its
group do).  So for every m, a bound on the plan of groups that pays m, plus the last
sum, is a bound on the plan of all sources.  The bound is concave in m, whose best value
is a set of multipliers of the link between groups and members: what a tonne is worth at
the plant, less what it is worth that a group goes to a plant that is partly open.  They
are read from a linear program of many more, smaller groups that each have a few likely
hauls.  Whatever its numbers are, the bound holds: it is worked out from m and all
members.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import highspy
import numpy as np
from scipy import sparse

from wasteplan.optimize.group_costs import Members, labels, without_links
from wasteplan.optimize.handover import Arrays, Problem, solver
from wasteplan.optimize.running import Watch, run_watched
from wasteplan.superstructure.model import Floats, Ints

LIKELY = 8
"""Hauls of a small group that are looked at, the cheapest at the prices so far."""
ROUNDS = 3


@dataclass(frozen=True)
class Prices:
    """Multipliers of a relaxation.  [M money/(kt/y)]"""

    at_feed: Floats
    """(feeds, periods): what it costs that a tonne arrives."""
    of_link: Floats
    """(groups, feeds, periods): what share <= open is worth, never above 0."""

    @staticmethod
    def none(p: Problem, n_groups: int) -> Prices:
        """Nothing costs anything."""
        at_feed = np.zeros_like(p.feed_columns[0], dtype=float)
        return Prices(at_feed, np.zeros((n_groups, *at_feed.shape)))

    def for_groups(self, n_groups: int) -> Prices:
        """The same prices at plants, for other groups."""
        return Prices(self.at_feed, np.zeros((n_groups, *self.at_feed.shape)))


def prices_at_feeds(p: Problem, h: highspy.Highs, n_groups: int) -> Prices:
    """Prices at plants alone, from the relaxation of a problem."""
    price = np.array(h.getSolution().row_dual)[p.feed_rows]
    return Prices(price, np.zeros((n_groups, *price.shape)))


def best_prices(
    coarse: Members, fine: Members, known: Prices, watch: Watch, rounds: int = ROUNDS
) -> Prices:
    """Prices at which groups hide next to nothing of the relaxation.

    Parameters
    ----------
    coarse
        The groups, whose shares are linked to what is open.
    fine
        Smaller groups; each lies in one of the others.
    known
        To begin with.
    """
    p, links = without_links(fine.problem()), _Links(coarse, fine)
    rows, where = links.rows(p)
    matrix = sparse.vstack([p.matrix, rows]).tocsc()
    low = np.concatenate([p.row_lower, np.full(rows.shape[0], -np.inf)])
    high = np.concatenate([p.row_upper, np.zeros(rows.shape[0])])
    is_row = np.isfinite(low) | np.isfinite(high)
    is_chosen = np.zeros(len(p.cost), dtype=bool)
    for _ in range(rounds):
        if watch.is_over:
            break
        is_chosen |= _likely(fine, p, known, links.within)
        chosen = np.flatnonzero(is_chosen)
        part = matrix[:, chosen].tocsr()
        used = np.flatnonzero(is_row & (np.diff(part.indptr) > 0))
        few = Arrays(
            cost=p.cost[chosen],
            offset=p.offset,
            lower=p.lower[chosen],
            upper=p.upper[chosen],
            is_integer=p.is_integer[chosen],
            matrix=part[used],
            row_lower=low[used],
            row_upper=high[used],
        )
        h = relaxation(few, watch)
        if h is None:
            break
        dual = np.zeros(matrix.shape[0])
        dual[used] = h.getSolution().row_dual
        link = np.zeros_like(known.of_link)
        link[where] = np.minimum(dual[p.matrix.shape[0] :], 0.0)
        link /= np.maximum(links.kt, np.finfo(float).tiny)[:, None, :]
        known = Prices(dual[p.feed_rows], link)
    return known


def relaxation(p: Problem | Arrays, watch: Watch) -> highspy.Highs | None:
    """The relaxation solved, without a vertex; None if it was not."""
    h = solver(p, as_lp=True)
    h.setOptionValue("solver", "ipm")
    h.setOptionValue("run_crossover", "off")
    run_watched(h, watch)
    is_done = h.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return h if is_done else None


class _Links:
    """Shares of coarse groups <= open, in terms of the fine groups within them."""

    def __init__(self, coarse: Members, fine: Members) -> None:
        of_source = labels(coarse.data, coarse.groups)
        self.within = of_source[[g.members[0] for g in fine.groups]]
        self.share = np.array([kt.sum(axis=0) for kt in fine.kt])
        self.kt = np.zeros((len(coarse.groups), self.share.shape[1]))
        np.add.at(self.kt, self.within, self.share)
        self.share /= np.maximum(self.kt[self.within], np.finfo(float).tiny)

    def rows(self, p: Problem) -> tuple[sparse.csr_matrix, tuple[Ints, Ints, Ints]]:
        """sum(share of fine group x its part of the group) - open <= 0, and which.

        Returns
        -------
        matrix, tuple
            The rows; group, feed and period of each.
        """
        first, opens = p.data.s.first, p.feed_columns[1]
        n_feeds, n = len(p.data.s.feeds.plant), 0
        entries: list[tuple[Ints, Ints, Floats]] = []
        which: list[tuple[Ints, Ints, Ints]] = []
        for t in p.data.periods:
            arcs = np.flatnonzero(opens[first.feed, t] >= 0)
            tail, feed = first.tail[arcs], first.feed[arcs]
            keys, row = np.unique(
                self.within[tail] * n_feeds + feed, return_inverse=True
            )
            group, at = keys // n_feeds, keys % n_feeds
            columns = p.n_before + t * p.block.n_first + arcs
            entries.append((n + row.ravel(), columns, self.share[tail, t]))
            entries.append((n + np.arange(len(keys)), opens[at, t], -np.ones(len(at))))
            which.append((group, at, np.full(len(at), t)))
            n += len(keys)
        row, column, value = map(np.concatenate, zip(*entries, strict=True))
        found = sparse.csr_matrix((value, (row, column)), shape=(n, len(p.cost)))
        group, at, period = map(np.concatenate, zip(*which, strict=True))
        return found, (group, at, period)


def _likely(fine: Members, p: Problem, prices: Prices, within: Ints) -> np.ndarray:
    """(columns,): everything but hauls that are far from the cheapest of a group."""
    chosen = np.ones(len(p.cost), dtype=bool)
    chosen[p.n_before : p.n_before + p.block.n_first * len(p.data.periods)] = False
    for t, g, columns in fine.columns(p):
        feeds = fine.feeds(g)
        unit = p.cost[columns] / float(fine.kt[g][:, t].sum())
        paid = unit + prices.at_feed[feeds, t] - prices.of_link[within[g], feeds, t]
        chosen[columns[np.argsort(paid, kind="stable")[:LIKELY]]] = True
    return chosen


def paying(groups: Members, p: Problem, prices: Prices) -> Problem:
    """The problem of groups whose cost is a bound on the plan of all sources.

    m is as high as it can be where no member prefers the haul anyway, and moved by what
    the last sum of the bound is (shares of a group sum to those of its members), so
    that nothing is to be taken off.
    """
    cost = p.cost.copy()
    for t, g, columns in groups.columns(p):
        feeds, kt, unit = groups.feeds(g), groups.kt[g][:, t], groups.unit(g, t)
        some = kt > 0
        m = prices.of_link[g, feeds, t] - prices.at_feed[feeds, t]
        cost[columns] = float(kt.sum()) * _raised(unit[some], kt[some], m)
    return replace(p, cost=cost)


def _raised(unit: Floats, kt: Floats, m: Floats) -> Floats:
    """(feeds,): m so high that each is the best of some member, and nothing is hidden.

    Parameters
    ----------
    unit, kt, m
        (members, feeds), (members,), (feeds,)

    >>> _raised(np.array([[1.0, 3.0], [3.0, 1.0]]), np.ones(2), np.array([0.0, 0.0]))
    array([1., 1.])
    """
    least = (unit - m).min(axis=1)
    high = (unit - least[:, None]).min(axis=0)
    return np.asarray(high + float(kt @ least) / float(kt.sum()))


def least_cost(h: highspy.Highs) -> float:
    """What no solution of a relaxation undercuts: its cost less what is left open."""
    value = float(h.getObjectiveValue())
    open_share = float(h.getInfoValue("primal_dual_objective_error")[1])
    return value - (1.0 + abs(value)) * max(open_share, 0.0)
