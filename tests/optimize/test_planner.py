"""A model whose numbers change in the solver is the model built anew."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from networks import two_generators
from random_networks import random_network
from scipy import sparse
from test_live_numbers import assert_equal

import wasteplan as wp
from wasteplan.errors import NoAnswer, WasteplanError
from wasteplan.evaluation.evaluating import evaluate
from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.handover import Problem, problem
from wasteplan.optimize.known_results import Results, between, is_tighter
from wasteplan.optimize.live import Live
from wasteplan.optimize.planner import planner
from wasteplan.optimize.solving import solve
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import Target
from wasteplan.superstructure.assembly import superstructure


def built_anew(scenario: Scenario) -> Problem:
    return problem(PlanningData(superstructure(scenario)))


def test_what_changes_more_than_numbers_is_built_anew():
    scenario = random_network(1)
    live = Live(scenario)
    one = scenario.sites[0].model_copy(update={"permit_t_per_y": 9e4})
    case = replace(scenario, sites=(one, *scenario.sites[1:]))
    assert not live.change(case).in_place
    assert_equal(live, case)
    more = replace(case, targets=())
    assert not live.change(more).in_place
    assert_equal(live, more)


@pytest.mark.parametrize("seed", [3])
def test_plans_of_a_sweep_are_those_of_cold_runs_within_the_gap(seed):
    scenario = random_network(seed)
    gap, levels = 0.02, [0.7, 0.1, 0.4, 0.25]
    again = planner(scenario, gap=gap)
    n_known = 0
    for level in levels:
        again.update(targets={"div": level})
        try:
            cold = solve(again.scenario, gap=1e-6, explains=False).proof
        except NoAnswer:
            with pytest.raises(NoAnswer):
                again.solve(explains=False)
            continue
        plan = again.solve()
        room = gap * plan.proof.gross_cost + 1e-3
        assert plan.proof.bound <= cold.objective + 1e-3
        assert abs(plan.proof.objective - cold.objective) <= room
        assert not evaluate(again.scenario, plan).violations
        n_known += len(again._ready().results.all)
    assert n_known


def test_prices_between_solved_ones_need_no_search_if_the_plan_stays():
    """The least cost is concave in a price: below it, no plan can be."""
    scenario = random_network(2)
    shop = scenario.outlets[0].id
    again = planner(scenario, gap=1e-4)
    for price in (40.0, 80.0):
        again.update(prices={shop: price})
        again.solve()
    again.update(prices={shop: 60.0})
    searched = len(again._ready().results.all)
    bound = again._ready().results.bound(again.live.problem)
    cold = solve(again.scenario, gap=1e-6).proof.objective / 1e6
    assert np.isfinite(bound)
    assert bound <= cold + 1e-6
    plan = again.solve()
    assert plan.proof.objective / 1e6 == pytest.approx(
        cold, abs=1e-4 * plan.proof.gross_cost
    )
    assert len(again._ready().results.all) <= searched + 1


def with_row(p: Problem, row: int, **more: float) -> Problem:
    """A problem of the same pattern with one row moved."""
    low, high, data = p.row_lower.copy(), p.row_upper.copy(), p.matrix.data.copy()
    low[row], high[row] = more.get("low", low[row]), more.get("high", high[row])
    at = p.matrix.indptr[row]
    data[at] = more.get("first", data[at])
    a = sparse.csr_matrix(p.matrix.shape)
    a.data, a.indices, a.indptr = data, p.matrix.indices, p.matrix.indptr
    return replace(p, matrix=a, row_lower=low, row_upper=high)


def test_tighter_is_told_row_by_row():
    p = built_anew(two_generators())
    row = next(
        i
        for i in range(len(p.row_lower))
        if np.isfinite(p.row_upper[i]) and not np.isfinite(p.row_lower[i])
    )
    limit, first = p.row_upper[row], p.matrix.data[p.matrix.indptr[row]]
    assert is_tighter(p, p)
    assert is_tighter(with_row(p, row, high=limit - 1), p)
    assert not is_tighter(with_row(p, row, high=limit + 1), p)
    assert is_tighter(with_row(p, row, first=first + 1), p)  # more x in a <= row
    assert not is_tighter(with_row(p, row, first=first - 1), p)
    assert not is_tighter(built_anew(two_generators()), p)  # another pattern


def test_a_larger_coefficient_loosens_what_asks_for_at_least_so_much():
    p = built_anew(two_generators())
    row = int(np.flatnonzero(~np.isfinite(p.row_lower))[0])
    p = with_row(p, row, low=-5.0, high=np.inf)
    first, least = p.matrix.data[p.matrix.indptr[row]], -5.0
    assert is_tighter(with_row(p, row, low=least + 1), p)
    assert is_tighter(with_row(p, row, first=first - 1), p)
    assert not is_tighter(with_row(p, row, first=first + 1), p)


def test_bounds_follow_from_looser_and_cheaper_problems_only():
    p = built_anew(two_generators())
    known = Results()
    known.add(p, 5.0, None)
    dearer, cheaper = replace(p, cost=p.cost + 1), replace(p, cost=p.cost - 1)
    assert known.bound(p) == pytest.approx(5.0)
    assert known.bound(dearer) == pytest.approx(5.0)
    assert known.bound(cheaper) == -np.inf
    known.add(replace(p, cost=p.cost - 2), 1.0, None)
    assert between(p, known.all[1].problem, cheaper) == pytest.approx(0.5)
    assert known.bound(cheaper) == pytest.approx(3.0)  # half way from 5 to 1


def test_every_wrong_change_is_named_and_nothing_moves():
    scenario = random_network(0)
    again = wp.planner(scenario)
    with pytest.raises(WasteplanError) as error:
        again.update(
            targets={"dib": 0.3, "div": 1.7},
            prices={"shopp": 1.0, "shop": float("nan")},
            demand={"g99": 1.0, "mixed": -1.0},
        )
    for words in ("'dib'", "1.7", "'shopp'", "nan", "'g99'", "-1.0"):
        assert words in str(error.value)
    assert again.scenario is scenario


@pytest.mark.parametrize(
    ("metric", "side", "was", "level", "said"),
    [
        ("collected_rate_lowest", "min", 0.5, 5.0, "not between 0 and 1"),
        ("landfill_diversion_rate", "min", 0.5, -0.1, "not between 0 and 1"),
        ("capex", "max", 1e9, -1.0, "below 0"),
        ("cost_total", "max", 1e9, float("nan"), "no number"),
    ],
)
def test_levels_that_no_scenario_may_have_are_refused(metric, side, was, level, said):
    one = Target(id="t", metric=metric, **{side: was})
    again = planner(replace(two_generators(), targets=(one,)))
    with pytest.raises(WasteplanError, match=said):
        again.update(targets={"t": level})
