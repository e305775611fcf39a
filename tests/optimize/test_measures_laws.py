"""Measures against enumeration, and the two renderings of the model with them."""

from functools import cache

import numpy as np
import pytest
from random_measures import SUBSETS, measured, plain, running_cost
from test_rendering import assert_same_matrix

from wasteplan.evaluation.evaluating import evaluate
from wasteplan.optimize import solve
from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.handover import problem
from wasteplan.optimize.running import Stop, Watch, run
from wasteplan.superstructure.assembly import superstructure
from wasteplan.superstructure.clustering import clustered


def relaxed_cost(scenario):
    """Optimum of the model before real blends; inf without any plan.  [M money]"""
    p = problem(PlanningData(superstructure(scenario)))
    return run(Watch(p, Stop(1e-9, 60), None)).objective


SEEDS = (2, 3, 4)


@cache
def enumerated(seed):
    """Cost of every subset as a plain scenario of its own, by other arithmetic."""
    scenario = measured(seed, periods=1)
    return {
        chosen: relaxed_cost(plain(seed, chosen))
        + running_cost(scenario, seed, chosen) / 1e6
        for chosen in SUBSETS
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_no_set_of_measures_is_cheaper(seed):
    found = relaxed_cost(measured(seed, periods=1))

    assert found == pytest.approx(min(enumerated(seed).values()), rel=1e-7)


def test_the_sets_that_are_cheapest_differ_between_cases():
    """Otherwise the enumeration would test one set only."""
    best = {min(enumerated(s), key=enumerated(s).get) for s in SEEDS}

    assert len(best) > 2


@pytest.mark.parametrize("seed", range(2))
def test_arrays_and_plain_pyomo_are_one_matrix(seed):
    data = PlanningData(superstructure(measured(seed)))

    cost = assert_same_matrix(data)
    assert any("regime" in name for name in cost)


@pytest.mark.parametrize("seed", range(2))
def test_solved_plans_are_followed_by_the_evaluation(seed):
    """`solve` has its plan re-computed; here the real blends too, and nothing leaks
    but what the table says under the measures chosen."""
    scenario = measured(seed)
    plan = solve(scenario)  # these seeds have one
    police = {m.period for m in plan.measures if m.measure == "police"}

    waste = evaluate(scenario, plan).waste
    mixed = waste[waste["stream"] == "mixed"]
    mixed = mixed.groupby("period")[["generated_t", "leaked_t"]].sum()

    low = [s.share for s in scenario.leakage if s.advantage_min is None]
    for period, row in mixed.iterrows():
        share = low[0] if period in police else 0.05
        assert row["leaked_t"] == pytest.approx(share * row["generated_t"])


def test_clusters_keep_regimes_apart():
    s = superstructure(measured(1))
    small = clustered(s, 4)

    for r in range(-1, len(s.regimes)):
        kt = s.sources.generated_kt[s.sources.regime == r].sum()
        assert small.sources.generated_kt[small.sources.regime == r].sum() == (
            pytest.approx(kt)
        )
    p = problem(PlanningData(small))
    assert np.isfinite(run(Watch(p, Stop(1e-6, 60), None)).objective)
