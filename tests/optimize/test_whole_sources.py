"""Each source to one place: exchanges, sharing out anew, and the bound of splits."""

from dataclasses import replace

import numpy as np
import pytest
from test_locating import cheapest_whole, many_sources, random_siting

from wasteplan.optimize.exchanges import exchanged
from wasteplan.optimize.locating import _search_whole
from wasteplan.optimize.location import Location
from wasteplan.optimize.running import Stop, Watch
from wasteplan.optimize.transport import shipped
from wasteplan.optimize.whole_sources import shared_anew, whole


def test_a_swap_mends_what_no_single_move_can():
    """Places of 10 and 7 t; 4, 3, 3 and 7 t to go.

    All but the 7 t are cheap at the second place, which is too small for 4 + 3 + 3.
    Only {7, 3} and {4, 3} fit: cost 7 + 3 x 5 there and 4 + 3 at the second.
    """
    load = np.array([4.0, 3.0, 3.0, 7.0])
    cost = np.array([[20.0, 15.0, 15.0, 7.0], [4.0, 3.0, 3.0, 70.0]])

    to = exchanged(cost, load, np.array([10.0, 7.0]), np.array([1, 1, 1, 0]))

    assert cost[to, range(4)].sum() == pytest.approx(7 + 15 + 4 + 3)
    assert np.bincount(to, load).tolist() == [10.0, 7.0]


def test_what_cannot_fit_is_said():
    """Two of 6 t do not fit into 10 and 1 t, though 12 t would into 11 + 1."""
    cost = np.ones((2, 2))
    room = np.array([10.0, 2.0])
    assert exchanged(cost, np.full(2, 6.0), room, np.array([0, 0])) is None


def test_many_whole_sources_keep_room_and_come_near_the_split_cost():
    siting = replace(many_sources(), is_single=True)
    is_open = np.ones(len(siting.room), dtype=bool)
    split = shipped(siting, is_open, np.zeros(len(siting.room)))
    assert ((split.shares > 1e-9) & (split.shares < 1 - 1e-9)).any()

    found = whole(siting, is_open, split)
    better = shared_anew(siting, is_open, found)

    for plan in (found, better):
        assert set(np.unique(plan.shares)) == {0.0, 1.0}
        assert plan.shares.sum(axis=0) == pytest.approx(np.ones(300))
        assert (plan.shares @ siting.load <= siting.room * (1 + 1e-9)).all()
        paid = (plan.shares * siting.cost).sum() + siting.fixed.sum()
        assert plan.cost == pytest.approx(paid)
        assert plan.cost >= split.cost * (1 - 1e-9)
    assert better.cost <= found.cost
    assert better.cost <= split.cost * 1.01


@pytest.mark.parametrize("seed", range(6))
def test_the_bound_of_splits_holds_for_whole_sources(seed):
    """Enumeration lies between bound and plan, where a plan is found."""
    siting = replace(random_siting(seed, n=6, m=5), is_single=True)
    best = cheapest_whole(siting)
    at = Location(Watch(None, Stop(1e-4, 60.0), None), siting, 0.0)

    _search_whole(at, np.random.default_rng(0))

    assert at.bound <= best * (1 + 1e-9)
    assert at.cost >= best * (1 - 1e-9)
    assert at.bound > 0.5 * best
