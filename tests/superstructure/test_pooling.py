"""Pooling merges what no destination can tell apart, and changes no answer."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "optimize"))

from networks import two_generators
from random_networks import random_network

from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.handover import problem
from wasteplan.optimize.running import Stop, Watch, run
from wasteplan.superstructure.assembly import superstructure
from wasteplan.superstructure.clustering import clustered


def cost(s):
    p = problem(PlanningData(s))
    return run(Watch(p, Stop(1e-9, 60), None)).objective


@pytest.mark.parametrize("seed", range(5))
def test_pooled_and_by_path_cost_the_same(seed):
    scenario = random_network(seed)

    pooled, by_path = superstructure(scenario), superstructure(scenario, pooled=False)

    assert len(pooled.commodities) < len(by_path.commodities)
    assert cost(pooled) == pytest.approx(cost(by_path), rel=1e-9)


def test_ash_of_all_streams_is_one_commodity_per_growth_and_scope():
    """Two growth rates, two regions; ash has one composition, the cell sees mass."""
    s = superstructure(random_network(1))

    ash = [c for c in s.commodities if c.product == "ash"]
    keys = {(c.scope, tuple(r.tobytes() for r in c.ratio)) for c in ash}
    assert len(ash) == len(keys)
    assert any(len(c.origins) > 1 for c in ash)


def test_rests_that_burn_differently_are_kept_apart():
    """The rest of the two streams has two heating values, and the burner sees heat."""
    s = superstructure(random_network(1))

    rests = [c for c in s.commodities if c.product == "rest"]
    by_key = {}
    for c in rests:
        by_key.setdefault((c.scope, c.ratio[0].tobytes()), []).append(c)
    assert all(len(group) == 2 for group in by_key.values())


def test_clusters_keep_tonnes_and_bound_nothing_away():
    """Grouped sources carry all the waste, and decisions keep their columns."""
    s = superstructure(random_network(2))

    small = clustered(s, 2)

    assert len(small.sources.stream) < len(s.sources.stream)
    total = small.sources.collected_kt.sum(axis=0)
    assert total == pytest.approx(s.sources.collected_kt.sum(axis=0))
    one, two = problem(PlanningData(s)), problem(PlanningData(small))
    assert one.n_before == two.n_before


def test_tonnage_and_discount_of_two_generators():
    """50 and 30 kt/y, one year, no discount: 80 kt/y and a weight of 1."""
    s = superstructure(two_generators())

    assert s.sources.collected_kt.sum() == pytest.approx(80.0)
    assert PlanningData(s).discounted_years == pytest.approx(1.0)
