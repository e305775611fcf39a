"""Branching on places with bounds from prices: against enumeration."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from test_locating import cheapest, random_siting, sets_of_places

from wasteplan.optimize import price_branching
from wasteplan.optimize.enough_room import (
    enough_room,
    enough_whole_room,
    with_and_without,
)
from wasteplan.optimize.lagrangian import climbed, first_prices, knapsacks
from wasteplan.optimize.location import Location
from wasteplan.optimize.opening_search import Openings
from wasteplan.optimize.packed_hauls import Packed
from wasteplan.optimize.places import STANDS, Siting
from wasteplan.optimize.price_branching import Branching
from wasteplan.optimize.rounded_plans import RoundedPlans
from wasteplan.optimize.running import Stop, Watch
from wasteplan.optimize.transport import shipped


def random_places(chance, k):
    net = chance.normal(2.0, 2.0, k).round(2)
    room = chance.integers(1, 30, k).astype(float)
    return net, room, float(chance.integers(1, int(room.sum()) + 1))


def test_enough_whole_room_as_enumeration_says():
    chance = np.random.default_rng(0)
    for _ in range(150):
        net, room, need = random_places(chance, int(chance.integers(2, 9)))
        value, opened = enough_whole_room(net, room, need)
        ways = (np.array(y) for y in product((0, 1), repeat=len(net)))
        best = min(float(net @ y) for y in ways if room @ y >= need)
        assert value == pytest.approx(best, abs=1e-9)
        assert net @ opened == pytest.approx(best, abs=1e-9)
        assert room @ opened >= need - 1e-9


def test_too_many_states_leave_the_answer_in_parts(monkeypatch):
    monkeypatch.setattr("wasteplan.optimize.enough_room.STATES_MAX", 1)
    chance = np.random.default_rng(1)
    for _ in range(50):
        net, room, need = random_places(chance, 8)
        value, opened = enough_whole_room(net, room, need)
        assert enough_room(net, room, need)[0] - 1e-9 <= value
        assert value <= net @ opened + 1e-9


def test_with_and_without_each_place():
    chance = np.random.default_rng(2)
    for _ in range(60):
        net, room, need = random_places(chance, 6)
        opened, closed = with_and_without(net, room, need)
        for i in range(6):
            others = np.arange(6) != i
            rest = net[others], room[others]
            with_it = net[i] + enough_room(*rest, need - room[i])[0]
            assert opened[i] == pytest.approx(with_it)
            assert closed[i] == pytest.approx(enough_room(*rest, need)[0])


@pytest.mark.parametrize("kept", [0.3, 1.0, 2.5])
def test_packed_hauls_never_earn_too_little(monkeypatch, kept):
    monkeypatch.setattr("wasteplan.optimize.packed_hauls.KEPT", kept)
    chance = np.random.default_rng(3)
    n_exact = 0
    for seed in range(6):
        siting = random_siting(seed, n=40, m=7)
        price = climbed(siting, first_prices(siting), 1.0, 60).price
        packed = Packed.of(siting, price)
        for _ in range(5):
            now = np.minimum(price * chance.uniform(0.8, 1.2, 40), packed.limit)
            earned, taken = packed.earned(now)
            true, shares = knapsacks(siting, now)
            assert (earned >= true - 1e-9).all()
            assert (taken.sum(axis=1) <= siting.room + 1e-9).all()
            if not taken[:, 0].any():
                n_exact += 1
                assert earned == pytest.approx(true)
                missing = packed.missing(taken, np.ones(7))
                assert missing == pytest.approx(1 - shares.sum(axis=0))
    assert n_exact or kept < 1


def searched(siting, gap, start=None):
    """Branching from a poor plan, without any search before."""
    at = Location(Watch(None, Stop(gap, 60.0), None), siting, 0.0)
    at.take(siting.stands if start is None else start, np.zeros(len(siting.room)))
    known = climbed(siting, first_prices(siting), at.cost, 100)
    tree = Branching(siting, RoundedPlans(at, Openings(siting)), known.price)
    tree.run()
    return at, tree


@pytest.mark.parametrize("gap", [1e-3, 1e-6])
@pytest.mark.parametrize("seed", range(8))
def test_branching_proves_the_optimum(seed, gap):
    """Two sizes of one plant, one that stands, ways that do not exist."""
    siting = random_siting(seed, n=12, m=8)
    best, is_open = cheapest(siting)

    at, _ = searched(siting, gap)

    assert at.is_proved
    assert at.cost <= best * (1 + gap) + 1e-9
    assert at.bound <= best * (1 + 1e-9)
    new = siting.plant[at.is_open & ~siting.stands]
    assert len(new) == len(set(new.tolist()))
    if gap < 1e-5:
        assert at.cost == pytest.approx(best, rel=1e-6)
        assert shipped(siting, is_open, np.zeros(8)).cost == pytest.approx(at.cost)


def test_branching_goes_on_with_very_many_nodes(monkeypatch):
    """The newest first, so that the number of open nodes stays small."""
    monkeypatch.setattr(price_branching, "QUEUE_MAX", 1)
    siting = random_siting(3, n=12, m=8)

    at, _ = searched(siting, 1e-6)

    assert at.cost == pytest.approx(cheapest(siting)[0], rel=1e-6)
    assert at.bound == pytest.approx(at.cost, rel=1e-6)


def exactly_enough(seed):
    """300 large sources for a place that stands, 3 tiny ones for a place of their own.

    Both places together have exactly the room that is needed; a third has room for all.
    """
    chance = np.random.default_rng(seed)
    large, tiny = chance.uniform(1, 50, 300), chance.uniform(0.001, 0.01, 3)
    load = np.concatenate([large.round(3), tiny.round(4)])
    per_kt, places = np.ones((3, 303)), np.arange(3)
    per_kt[0, 300:] = 2.0
    return Siting(
        cost=per_kt * load,
        load=load,
        room=np.array([load[:300].sum(), load[300:].sum(), load.sum()]),
        fixed=np.array([0.0, 1.0, 5.0]),
        plant=places,
        decision=np.array([STANDS, 1, 2]),
        share=np.zeros((3, 303), dtype=np.int64),
        is_single=False,
    )


@pytest.mark.parametrize("seed", [0, 1, 2, 4])
def test_room_that_is_exactly_enough_is_enough(seed):
    """A tonne costs 1 and the small place 1; the other place would cost 5.

    The sum of rooms may come out a rounding below the sum of loads.
    """
    siting = exactly_enough(seed)
    best = siting.total_kt + 1.0

    at, _ = searched(siting, 1e-6, np.array([True, False, True]))

    assert at.cost == pytest.approx(best, rel=1e-7)
    assert at.bound <= best * (1 + 1e-7)


def test_a_source_that_no_open_place_reaches_is_no_trouble():
    """What moves promise is a number, or no promise at all; never none of both."""
    siting = random_siting(0, n=12, m=8)
    is_open = np.arange(8) == 1
    cost = siting.cost.copy()
    cost[1, :4] = cost[2, 1:6] = np.inf
    openings = Openings(replace(siting, cost=cost))
    with np.errstate(all="raise"):
        opening, closing = openings.promise(is_open, np.zeros(8))
    assert not np.isnan(opening).any()
    assert not np.isnan(closing).any()
    assert opening[0] < 0  # it reaches those that nothing open reaches


def test_sizes_that_tempt_together():
    """Two sizes of a plant that only together would suffice, and a dear rival.

    60 t; sizes of 30 and 40 t cost 1 and 2, a rival for all costs 100: both sizes
    together would cost 3 and are not allowed, so the rival is built, alone.
    """
    base = random_siting(0, n=6, m=4)
    siting = replace(
        base,
        cost=np.array([[90.0] * 6, [1.0] * 6, [1.0] * 6, [1.0] * 6]),
        load=np.full(6, 10.0),
        room=np.array([60.0, 30.0, 40.0, 60.0]),
        fixed=np.array([0.0, 1.0, 2.0, 100.0]),
        plant=np.array([0, 1, 1, 2]),
        decision=np.array([STANDS, 1, 2, 3]),
    )
    assert len(list(sets_of_places(siting))) == 6

    at, _ = searched(siting, 1e-6)

    assert at.cost == pytest.approx(100 + 6)
    assert at.bound == pytest.approx(106)
    assert at.is_open[3]
    assert at.is_open[1:3].sum() <= 1
