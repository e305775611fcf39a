"""What groups pay: a bound for all sources whatever the prices, tight at the best."""

from __future__ import annotations

import numpy as np
import pytest
from crowds import FEASIBLE, crowded
from scipy import sparse

from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.group_costs import Members, groups_by_cost, without_links
from wasteplan.optimize.group_prices import (
    Prices,
    _Links,
    _raised,
    best_prices,
    least_cost,
    paying,
    prices_at_feeds,
    relaxation,
)
from wasteplan.optimize.handover import Arrays, Problem, problem
from wasteplan.optimize.running import Stop, Watch, fixed_builds, relaxed_bound
from wasteplan.superstructure.assembly import superstructure

GROUPS = 6


def members(seed: int, n: int) -> Members:
    """Sources of a random network in groups."""
    data = PlanningData(superstructure(crowded(seed)))
    return Members(data, groups_by_cost(data, n))


def watch(p: Problem) -> Watch:
    """Nobody stops it."""
    return Watch(p, Stop(0.01, 60.0), None)


def at_best(groups: Members, fine: Members) -> tuple[Problem, Problem]:
    """The problem of groups, and that of what they should pay."""
    p = groups.problem()
    h = relaxation(p, watch(p))
    known = prices_at_feeds(p, h, len(groups.groups))
    return p, paying(groups, p, best_prices(groups, fine, known, watch(p), 6))


def linked_by_group(groups: Members, every: Members) -> Arrays:
    """All sources, with share <= open said of whole groups only."""
    p = without_links(every.problem())
    rows, _ = _Links(groups, every).rows(p)
    n = rows.shape[0]
    return Arrays(
        cost=p.cost,
        offset=p.offset,
        lower=p.lower,
        upper=p.upper,
        is_integer=p.is_integer,
        matrix=sparse.vstack([p.matrix, rows]).tocsr(),
        row_lower=np.concatenate([p.row_lower, np.full(n, -np.inf)]),
        row_upper=np.concatenate([p.row_upper, np.zeros(n)]),
    )


def test_two_opposite_members_pay_one_wherever_their_group_goes():
    """Costs (1, 3) and (3, 1), a tonne each: each can go where it pays 1."""
    cost = np.array([[1.0, 3.0], [3.0, 1.0]])
    assert _raised(cost, np.ones(2), np.zeros(2)) == pytest.approx([1.0, 1.0])
    # where the first plant is dear by 2, both are best at the second: 3 and 1, mean 2;
    # the first would pay 1 + 0 there, so the group may be asked 2 less than that mean
    paid = _raised(cost, np.ones(2), np.array([-2.0, 0.0]))
    assert paid == pytest.approx([0.0, 2.0])
    # a single member is asked what it pays
    assert _raised(cost[:1], np.ones(1), np.zeros(2)) == pytest.approx([1.0, 3.0])


@pytest.mark.parametrize("seed", FEASIBLE)
def test_whatever_the_prices_groups_never_cost_more_than_all_sources(seed):
    groups, chance = members(seed, GROUPS), np.random.default_rng(seed)
    p, whole = groups.problem(), problem(groups.data)
    exact = relaxed_bound(whole)
    none = Prices.none(p, len(groups.groups))
    for _ in range(4):
        drawn = Prices(
            chance.normal(0.0, 0.05, none.at_feed.shape),
            -chance.exponential(0.02, none.of_link.shape),
        )
        assert relaxed_bound(paying(groups, p, drawn)) <= exact + 1e-7
        guess = np.zeros(len(whole.cost))
        guess[: whole.n_before] = chance.integers(0, 2, whole.n_before)
        real = fixed_builds(whole, guess)
        small = np.zeros(len(p.cost))
        small[: p.n_before] = guess[: p.n_before]
        if real.solution is not None:
            low = fixed_builds(paying(groups, p, drawn), small)
            assert low.objective <= real.objective + 1e-7


@pytest.mark.parametrize("seed", FEASIBLE)
def test_at_the_best_prices_groups_hide_nothing_of_the_relaxation(seed):
    groups, every = members(seed, GROUPS), members(seed, 10_000)
    _, paid = at_best(groups, every)
    h = relaxation(paid, watch(paid))
    linked = relaxation(linked_by_group(groups, every), watch(paid))
    exact = float(linked.getObjectiveValue())

    assert least_cost(h) == pytest.approx(exact, rel=1e-5)
    none = paying(groups, groups.problem(), Prices.none(paid, len(groups.groups)))
    assert least_cost(relaxation(none, watch(paid))) < exact * (1 - 1e-4)
    assert exact <= relaxed_bound(problem(groups.data)) + 1e-7


def test_prices_from_few_small_groups_are_a_bound_too():
    groups = members(3, GROUPS)
    _, paid = at_best(groups, members(3, 12))
    assert relaxed_bound(paid) <= relaxed_bound(problem(groups.data)) + 1e-7


def test_as_many_groups_as_sources_pay_what_sources_pay():
    every = members(2, 10_000)
    p = every.problem()
    paid = paying(every, p, Prices.none(p, len(every.groups)))
    assert paid.cost == pytest.approx(p.cost)
    assert relaxed_bound(p) == pytest.approx(relaxed_bound(problem(every.data)))


def test_a_vertex_is_not_needed_for_the_bound():
    """An interior solution, less what it leaves open, is what the simplex says."""
    p = members(0, GROUPS).problem()
    exact = relaxed_bound(p)
    assert exact - 1e-5 <= least_cost(relaxation(p, watch(p))) <= exact + 1e-7
