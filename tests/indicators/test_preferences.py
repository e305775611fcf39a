"""Ranking by several indicators, against closed forms and brute force."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st

from wasteplan.indicators.preferences import (
    acceptability,
    dominating,
    least_change,
    shares_of_weight,
    utilities,
)

OPPOSED = np.array([[1.0, 0.0], [0.0, 1.0]])


def test_two_opposed_options_share_all_weights():
    ranks = acceptability(OPPOSED, 40_000, seed=1)

    assert ranks[0, 0] == pytest.approx(0.5, abs=0.01)
    assert ranks.sum(axis=1) == pytest.approx([1, 1])
    assert ranks.sum(axis=0) == pytest.approx([1, 1])


def test_a_compromise_is_first_where_no_weight_is_extreme():
    """0.7 beats w and 1 - w when both are below 0.7: 40 % of evenly drawn w."""
    u = np.array([[1.0, 0.0], [0.0, 1.0], [0.7, 0.7]])

    ranks = acceptability(u, 40_000, seed=1)

    assert ranks[2, 0] == pytest.approx(0.4, abs=0.01)
    assert ranks[2, 2] == 0


def test_around_given_weights_the_leader_stays_first_as_far_as_they_hold():
    """0.8 : 0.2 from half to twice stays at least at par: 0.4 : 0.4."""
    around = acceptability(OPPOSED, 10_000, 1, np.array([0.8, 0.2]), 1.0)

    assert around[0, 0] == 1
    wider = acceptability(OPPOSED, 10_000, 1, np.array([0.8, 0.2]), 3.0)
    assert 0.8 < wider[0, 0] < 1


def test_more_draws_of_the_same_seed_begin_alike():
    one = acceptability(OPPOSED, 100, seed=3)

    assert (one == acceptability(OPPOSED, 100, seed=3)).all()
    assert (one != acceptability(OPPOSED, 100, seed=4)).any()


@how(deadline=None)
@given(st.integers(0, 10_000))
def test_the_least_change_is_that_of_a_search_over_moved_weights(seed):
    chance = np.random.default_rng(seed)
    u = chance.integers(0, 5, (2, 3)) / 4
    weights = shares_of_weight(chance.integers(1, 5, 3))
    if u[0] @ weights <= u[1] @ weights:
        u = u[::-1]
    d = u[1] - u[0]
    grid = np.linspace(0, 1, 61)
    tried = [
        0.5 * np.abs(np.array([a, b, 1 - a - b]) - weights).sum()
        for a, b in product(grid, grid)
        if a + b <= 1 + 1e-12 and np.array([a, b, 1 - a - b]) @ d >= -1e-12
    ]

    found = least_change(u, weights, 0, 1)

    if not tried:
        assert d.max() < 0.02 or found > 0.9
    else:
        assert found <= min(tried) + 1e-9
        assert min(tried) <= found + 0.07  # the steps of the grid


def test_no_weights_make_a_dominated_option_lead():
    u = np.array([[1.0, 0.5], [0.5, 0.2]])

    assert least_change(u, np.array([0.5, 0.5]), 0, 1) == np.inf


@how(deadline=None)
@given(st.integers(0, 10_000))
def test_dominance_is_that_of_the_definition(seed):
    values = np.random.default_rng(seed).integers(0, 3, (4, 2)).astype(float)

    for i, by in enumerate(dominating(values, (-1, 1))):
        worse = [
            j
            for j in range(4)
            if values[j, 0] <= values[i, 0]
            and values[j, 1] >= values[i, 1]
            and (values[j] != values[i]).any()
        ]
        assert (by is None) == (not worse)
        assert by is None or by in worse


def test_alike_is_no_reason_to_prefer():
    assert utilities(np.array([[3.0], [3.0]]), (1,)).tolist() == [[0.0], [0.0]]


def test_rounding_is_no_reason_to_prefer():
    """A cost that differs in its twelfth digit is the same cost."""
    assert utilities(np.array([[3.0], [3.0 + 1e-12]]), (-1,)).tolist() == [[0.0]] * 2


def test_options_that_are_alike_share_their_ranks_whatever_their_order():
    """Two that are alike and better than a third: first half of the time each."""
    ranks = acceptability(np.array([[1.0, 0.9], [1.0, 0.9], [0.0, 0.0]]), 50, seed=1)

    assert ranks == pytest.approx(np.array([[0.5, 0.5, 0], [0.5, 0.5, 0], [0, 0, 1]]))


@pytest.mark.parametrize("bad", [(-1.0, 2.0), (0.0, 0.0), (float("nan"), 1.0)])
def test_weights_that_weigh_nothing_are_refused(bad):
    with pytest.raises(ValueError, match="0 or more"):
        shares_of_weight(bad)
