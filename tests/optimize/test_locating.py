"""Siting cases by prices, pegging and a small program: against enumeration."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from orlib import warehouses

from wasteplan.optimize import large_siting
from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.handover import problem, solver
from wasteplan.optimize.lagrangian import Likely, climbed, first_prices, knapsacks
from wasteplan.optimize.locating import located, prove
from wasteplan.optimize.location import Location
from wasteplan.optimize.pegging import pegged
from wasteplan.optimize.places import STANDS, Siting, siting_of
from wasteplan.optimize.room_prices import Judge
from wasteplan.optimize.running import Stop, Watch
from wasteplan.optimize.siting_program import narrowed
from wasteplan.optimize.source_groups import filled, grouped, groups
from wasteplan.optimize.transport import shipped
from wasteplan.superstructure.assembly import superstructure

PUBLISHED = {  # capacity, fixed cost, optimum (OR-Library)
    "cap41": (5_000, 7_500, 1_040_444.375),
    "cap43": (5_000, 17_500, 1_153_000.45),
    "cap64": (15_000, 25_000, 1_045_650.25),
    "cap74": (58_268, 25_000, 1_034_976.975),
}


def random_siting(seed: int, n: int = 9, m: int = 6) -> Siting:
    """A few places, one of which stands; two are sizes of one plant; gaps in ways."""
    chance = np.random.default_rng(seed)
    load = chance.integers(5, 36, n).astype(float)
    room = chance.integers(10, 161, m).astype(float)
    room = np.floor(room * chance.choice([1.5, 2.5, 5]) * load.sum() / room.sum()) + 1
    fixed = np.floor(chance.uniform(20, 60, m) * np.sqrt(room))
    cost = chance.uniform(1, 10, (m, n)) * load
    cost[chance.random((m, n)) < 0.1] = np.inf
    cost[0] = 60 * load  # dear, stands, and can take some of all
    fixed[0], room[0] = 0.0, load.sum()
    decision = np.arange(m)
    decision[0] = STANDS
    plant = np.arange(m)
    plant[m - 1] = m - 2
    cost[m - 1] = cost[m - 2]
    share = np.where(np.isfinite(cost), np.arange(m * n).reshape(m, n), -1)
    room = np.minimum(room, load.sum())
    return Siting(cost, load, room, fixed, plant, decision, share, False)


def sets_of_places(siting):
    """Every set that keeps what stands and one size a plant."""
    free = np.flatnonzero(~siting.stands)
    for chosen in product((False, True), repeat=len(free)):
        is_open = siting.stands.copy()
        is_open[free] = chosen
        new = siting.plant[is_open & ~siting.stands]
        if len(set(new.tolist())) == len(new):
            yield is_open


def cheapest(siting):
    none = np.zeros(len(siting.room))
    costs = [(shipped(siting, y, none).cost, y) for y in sets_of_places(siting)]
    return min(costs, key=lambda found: found[0])


@pytest.fixture(scope="module")
def cases():
    sitings = [random_siting(seed) for seed in range(6)]
    return [(s, *cheapest(s)) for s in sitings]


def relaxed(siting):
    """The linear relaxation with all links and all hauls, sizes not exclusive."""
    loose = replace(siting, plant=np.arange(len(siting.room)))
    all_in, none = np.isfinite(siting.cost), np.zeros(len(siting.room), bool)
    whole = narrowed(loose, all_in, none, siting.stands)
    h = solver(whole.program, as_lp=True)
    h.run()
    return h.getInfo().objective_function_value / whole.scale


def test_prices_prove_no_more_than_the_linear_relaxation(cases):
    for siting, cost, _ in cases:
        bound = climbed(siting, first_prices(siting), cost, 300)
        assert bound.value <= relaxed(siting) * (1 + 1e-7)


def test_prices_come_close_to_the_linear_relaxation():
    """Within a thousandth on a published case, whose relaxation is its optimum."""
    capacity, fixed, optimum = PUBLISHED["cap64"]
    p = problem(PlanningData(superstructure(warehouses(capacity, fixed))))
    siting = siting_of(p)
    bound = climbed(siting, first_prices(siting), optimum / 1e6, 1000)
    assert bound.value == pytest.approx(relaxed(siting), rel=1e-3)


def test_a_knapsack_takes_the_best_tonnes_first():
    """Room 10 for loads 6, 8 worth 12, 8: all of the first, 4 of 8 of the second."""
    one = np.ones((1, 2))
    siting = Siting(
        cost=0 * one,
        load=np.array([6.0, 8.0]),
        room=np.array([10.0]),
        fixed=np.zeros(1),
        plant=np.zeros(1, dtype=int),
        decision=np.zeros(1, dtype=int),
        share=np.array([[0, 1]]),
        is_single=False,
    )

    earned, shares = knapsacks(siting, np.array([12.0, 8.0]))

    assert earned == pytest.approx([12 + 4])
    assert shares == pytest.approx(np.array([[1.0, 0.5]]))


def test_likely_hauls_are_all_that_can_pay(cases):
    """The same earnings and tonnes as with all hauls; shares may differ in ties."""
    for siting, cost, _ in cases:
        price = climbed(siting, first_prices(siting), cost, 40).price
        earned, shares = knapsacks(siting, price)
        likely = Likely.near(siting, price)
        part_earned, part = likely.knapsacks(price)
        opened = np.linspace(0, 1, len(earned))
        assert part_earned == pytest.approx(earned, abs=1e-9)
        tonnes = siting.load @ likely.collected(part, opened)
        assert tonnes == pytest.approx(siting.load @ (opened @ shares))


def test_guesses_are_below_the_true_cost(cases):
    for siting, _, _ in cases:
        judge, none = Judge(siting), np.zeros(len(siting.room))
        for is_open in list(sets_of_places(siting))[::5]:
            guess = judge.guess(is_open, none, 200).value
            true = shipped(siting, is_open, none).cost
            assert guess <= true * (1 + 1e-9)


def test_pegging_never_excludes_the_optimum(cases):
    """Not even where the known plan is the optimum itself."""
    n = 0
    for siting, cost, is_open in cases:
        bound = climbed(siting, first_prices(siting), cost, 300)
        closed, opened = pegged(siting, bound.price, cost)
        assert not (closed & is_open).any()
        assert not (opened & ~is_open).any()
        n += int(closed.sum()) + int((opened & ~siting.stands).sum())
    assert n > 0


def test_the_small_program_proves_the_optimum(cases):
    """From a poor plan, with few hauls kept: as enumeration says."""
    for siting, cost, _ in cases:
        watch = Watch(None, Stop(0.0, 60.0), None)
        at = Location(watch, siting, 0.0)
        poor = siting.stands.copy()
        at.take(poor, np.zeros(len(poor)))
        known = climbed(siting, first_prices(siting), at.cost, 100)

        prove(at, known, known.price)

        assert at.cost == pytest.approx(cost, rel=1e-7)
        assert at.bound == pytest.approx(cost, rel=1e-6)


def test_the_small_program_is_a_relaxation_whatever_hauls_are_kept(cases):
    """Even with hardly any haul of its own its optimum is no more than the true one."""
    for seed, (siting, cost, _) in enumerate(cases):
        for kept in (0.0, 0.3, 0.7):
            is_in = np.random.default_rng(seed).random(siting.cost.shape) < kept
            none = np.zeros(len(siting.room), bool)
            small = narrowed(siting, is_in, none, siting.stands)
            h = solver(small.program)
            h.run()
            assert h.getInfo().mip_dual_bound / small.scale <= cost * (1 + 1e-6)


def test_fixing_split_flows_by_reduced_cost_gives_a_wrong_answer():
    """One source of 10 t, a cheap place with room for 9 t, a dear one for the rest.

    Cheap: 1 a tonne; dear: 5 a tonne; both stand.  Optimum 9 + 5 = 14.  With price
    v = 10 (1 a tonne) the bound is 10, and all of the source at the dear place has a
    reduced cost of 50 - 10 = 40: far above the gap of 14 - 10 = 4 to the known plan.
    Yet a tenth of it is in the optimum.  Leaving it out is infeasible; the small
    program leaves it out of the columns and still proves a true bound.
    """
    siting = Siting(
        cost=np.array([[10.0], [50.0]]),
        load=np.array([10.0]),
        room=np.array([9.0, 10.0]),
        fixed=np.array([1.0, 0.0]),
        plant=np.array([0, 1]),
        decision=np.array([0, STANDS]),
        share=np.array([[0, 1]]),
        is_single=False,
    )
    is_open, none = np.array([True, True]), np.zeros(2)
    known = shipped(siting, is_open, none)
    assert known.cost == pytest.approx(1 + 14)
    price = np.array([10.0])
    gap = known.cost - float(price.sum())
    reduced = siting.cost - price
    fixed_at_0 = reduced > gap
    assert fixed_at_0.tolist() == [[False], [True]]

    wrong = replace(siting, cost=np.where(fixed_at_0, np.inf, siting.cost))
    assert np.isinf(shipped(wrong, is_open, none).cost)  # says there is no plan at all

    small = narrowed(siting, ~fixed_at_0, np.zeros(2, bool), siting.stands)
    at = Location(Watch(None, Stop(0.0, 10.0), None), siting, 0.0)
    at.take(is_open, none)
    prove(at, climbed(siting, price, known.cost, 5), price)
    assert small.start(is_open, known.shares)[small.elsewhere] == pytest.approx([0.1])
    assert at.bound == pytest.approx(15)
    assert at.cost == pytest.approx(15)


@pytest.mark.parametrize("case", ["cap41", "cap43", "cap74"])
def test_published_optima(case):
    capacity, fixed, optimum = PUBLISHED[case]
    p = problem(PlanningData(superstructure(warehouses(capacity, fixed))))
    siting = siting_of(p)
    assert siting is not None

    found = located(Watch(p, Stop(1e-8, 60.0), None), p, siting)

    assert found.objective * 1e6 == pytest.approx(optimum, rel=1e-6)
    assert found.bound * 1e6 == pytest.approx(optimum, rel=1e-6)


def cheapest_whole(siting):
    """Every way to send each source to one place."""
    m, n = siting.cost.shape
    best = np.inf
    for to in product(range(m), repeat=n):
        used = np.unique(to)
        new = siting.plant[used[~siting.stands[used]]]
        load = np.bincount(to, siting.load, m)
        if len(set(new.tolist())) < len(new) or (load > siting.room + 1e-9).any():
            continue
        cost = siting.cost[to, range(n)].sum() + siting.fixed[used].sum()
        best = min(best, cost)
    return best


@pytest.mark.parametrize("seed", range(4))
def test_one_place_a_source_as_enumeration_says(seed):
    split = random_siting(seed, n=6, m=5)
    siting = replace(split, is_single=True)
    none = np.zeros(len(siting.room))
    at = Location(Watch(None, Stop(0.0, 60.0), None), siting, 0.0)
    at.take(siting.stands.copy(), none)
    known = climbed(siting, first_prices(siting), at.cost, 100)

    prove(at, known, known.price)

    best = cheapest_whole(siting)
    assert best >= cheapest(split)[0] - 1e-6
    assert at.cost == pytest.approx(best, rel=1e-7)
    assert at.bound == pytest.approx(best, rel=1e-6)
    assert set(np.unique(at.found.shares.round(9))) <= {0.0, 1.0}


def many_sources(n=300, m=12, seed=4):
    """Sources and places in the unit square, room for twice the waste."""
    chance = np.random.default_rng(seed)
    apart = chance.random((m, 1, 2)) - chance.random((1, n, 2))
    load = chance.integers(5, 36, n).astype(float)
    room = chance.uniform(10, 160, m)
    room *= 2 * load.sum() / room.sum()
    cost = 10 * np.hypot(apart[..., 0], apart[..., 1]) * load
    at = np.arange(m)
    fixed = 100 * np.sqrt(room)
    return Siting(cost, load, room, fixed, at, at, np.zeros((m, n), int), False)


def test_groups_of_sources_are_of_like_size_and_lose_nothing():
    siting = many_sources()
    group = groups(siting, 32)
    small = grouped(siting, group)

    assert set(np.bincount(group)) <= {9, 10}
    assert small.load.sum() == pytest.approx(siting.load.sum())
    assert small.cost.sum() == pytest.approx(siting.cost.sum())
    finer = groups(siting, 64)
    assert len({(int(a), int(b)) for a, b in zip(finer, group, strict=True)}) == 64


@pytest.mark.parametrize("is_single", [False, True])
def test_filling_open_places_keeps_their_room(is_single):
    siting = replace(many_sources(), is_single=is_single)
    is_open = np.ones(len(siting.room), dtype=bool)

    found = filled(siting, is_open, np.zeros(len(siting.room)))

    assert found.shares.sum(axis=0) == pytest.approx(np.ones(len(siting.load)))
    assert (found.shares @ siting.load <= siting.room * (1 + 1e-9)).all()
    assert is_single <= set(np.unique(found.shares)).issubset({0.0, 1.0})
    assert found.cost >= shipped(siting, is_open, np.zeros(12)).cost * (1 - 1e-9)


def test_many_sources_get_a_plan_and_a_true_bound_from_groups(monkeypatch):
    """How close they are is for the benchmark to say; here, that both are true."""
    monkeypatch.setattr(large_siting, "N_GROUPS", 32)
    monkeypatch.setattr(large_siting, "N_FINER", 128)
    siting = many_sources()

    found = large_siting.sought_in_groups(
        siting, np.random.default_rng(0), lambda: False
    )

    bound = climbed(siting, found.price, found.shipped.cost, 80).value
    assert bound <= relaxed(siting) * (1 + 1e-7)
    true = shipped(siting, found.is_open, np.zeros(12)).cost
    assert true <= found.shipped.cost * (1 + 1e-9)
