"""Groups of sources: what they hide is bounded, and their plan is a plan of all."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from networks import distances, generator, waste
from random_networks import random_network

from wasteplan.evaluation.evaluating import evaluate
from wasteplan.optimize.aggregation import aggregated
from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.grouped_answer import answer_in_groups
from wasteplan.optimize.handover import problem
from wasteplan.optimize.running import Stop, fixed_builds, relaxed_bound
from wasteplan.optimize.searching import Search
from wasteplan.optimize.solving import solve
from wasteplan.scenario.model import Scenario
from wasteplan.superstructure.alike import grouped, hidden, kinds
from wasteplan.superstructure.assembly import superstructure


def crowded(seed: int, n: int = 24) -> Scenario:
    """A random network with many generators of two streams."""
    base, chance = random_network(seed), np.random.default_rng(seed)
    names = [f"g{i}" for i in range(n)]
    places = ["sort", "burn", "tip", "hub", "shop"]
    rows = {
        k: {p: float(np.round(chance.uniform(2, 60), 2)) for p in places} for k in names
    }
    known = {d.origin for d in base.distances}
    kept = tuple(
        d for d in base.distances if d.origin in places and d.destination in places
    )
    assert known
    flows = tuple(
        waste(k, float(np.round(chance.lognormal(8.0, 1.0), 1)), 0.02, stream)
        for k in names
        for stream in ("mixed", "clean")
    )
    return replace(
        base,
        generators=tuple(generator(k, "r0") for k in names),
        generation=flows,
        distances=(*distances(rows), *kept),
        targets=tuple(t.model_copy(update={"region": ""}) for t in base.targets),
    )


def test_two_members_that_differ_hide_what_each_would_save():
    """Costs (1, 3) and (3, 1), a tonne each: the mean is (2, 2), each saves 1."""
    cost = np.array([[1.0, 3.0], [3.0, 1.0]])
    assert hidden(cost, np.ones(2)) == pytest.approx(2.0)
    assert hidden(cost, np.array([3.0, 1.0])) == pytest.approx(3 * 0.5 + 1 * 1.5)
    assert hidden(cost[:1], np.ones(1)) == pytest.approx(0.0)


@pytest.mark.parametrize("n", [1, 7, 20, 500])
def test_every_source_is_in_one_group_of_its_kind(n):
    s = superstructure(crowded(1))
    groups = grouped(
        s, n, lambda arcs: s.first.cost_per_t[arcs], s.sources.collected_kt.sum(axis=1)
    )
    members = np.concatenate([g.members for g in groups])
    assert sorted(members) == list(range(len(s.sources.stream)))
    assert len(groups) == min(max(n, len(kinds(s))), len(s.sources.stream))
    for group in groups:
        assert len(set(s.sources.origin[group.members])) == 1
        feeds = s.first.feed[group.arcs]
        assert (feeds == feeds[0]).all()


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("n_groups", [4, 10])
def test_groups_less_their_error_never_cost_more_than_all(seed, n_groups):
    s = superstructure(crowded(seed))
    found, whole = aggregated(s, n_groups), problem(PlanningData(s))
    exact = relaxed_bound(whole)
    assert relaxed_bound(found.bounding) - found.error_m <= exact + 1e-9
    assert relaxed_bound(found.problem) >= exact - 1e-9
    assert found.error_m > 0
    # what is built at random decisions costs no less than the bound says of it
    chance = np.random.default_rng(seed)
    n_tried = 0
    for _ in range(6):
        guess = np.zeros(len(whole.cost))
        guess[: whole.n_before] = chance.integers(0, 2, whole.n_before)
        real = fixed_builds(whole, guess)
        small = np.zeros(len(found.bounding.cost))
        small[: whole.n_before] = guess[: whole.n_before]
        low = fixed_builds(found.bounding, small)
        if real.solution is not None:
            n_tried += 1
            assert low.objective - found.error_m <= real.objective + 1e-9
    assert n_tried or seed


def test_as_many_groups_as_sources_hide_nothing():
    s = superstructure(crowded(2))
    found = aggregated(s, 10_000)
    assert found.error_m == pytest.approx(0.0, abs=1e-9)
    assert relaxed_bound(found.problem) == pytest.approx(
        relaxed_bound(problem(PlanningData(s)))
    )


@pytest.mark.parametrize("seed", [0, 1])
def test_the_plan_of_groups_is_a_plan_of_all_sources_with_a_true_bound(seed):
    scenario = crowded(seed, 12)
    s = superstructure(scenario)
    plan = answer_in_groups(s, Search(Stop(0.01, 20.0)), "grouped", 8)
    best = solve(scenario, gap=1e-6)
    result = evaluate(scenario, plan)

    assert not result.violations
    assert plan.proof.bound <= best.proof.objective + 1.0
    assert plan.proof.objective >= best.proof.bound - 1.0
    assert result.cost_present_value == pytest.approx(plan.proof.objective, rel=1e-6)
    assert "planned as" in plan.proof.note
    assert {r.origin for r in plan.routes} >= {g.id for g in scenario.generators}
