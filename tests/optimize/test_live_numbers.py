"""Numbers changed in a live model are, bit by bit, those of a model built anew."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from random_measures import measured
from random_networks import random_network
from scipy import sparse

from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.handover import Problem, problem
from wasteplan.optimize.lines import Line
from wasteplan.optimize.live import Live
from wasteplan.optimize.planner import grown, priced, targeted
from wasteplan.scenario.loading import load_scenario
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import Target
from wasteplan.superstructure.assembly import superstructure

SCENARIOS = Path(__file__).parents[2] / "scenarios"
ARRAYS = ("cost", "gross", "lower", "upper", "row_lower", "row_upper")


def more_targets(scenario: Scenario) -> Scenario:
    """With every kind of target that can be read again, none of them tight."""
    more = (
        Target(id="all_gas", metric="co2e_total_t", max=1e9),
        Target(id="direct_gas", metric="co2e_direct_t_per_y", max=1e9),
        Target(id="all_money", metric="cost_total", max=1e12),
        Target(id="buried", metric="landfilled_total_t", max=1e9),
        Target(id="again", metric="recycling_rate", min=0.01),
        Target(id="lavish", metric="capex", max=1e12),
    )
    return replace(scenario, targets=(*scenario.targets, *more))


def one_change(scenario: Scenario, chance: np.random.Generator) -> Scenario:
    """A random step: levels, prices, tonnages, or several of them."""
    bad: list[str] = []
    kinds = chance.permutation(3)[: chance.integers(1, 4)]
    if 0 in kinds:
        shift = {
            t.id: float(chance.uniform(0.8, 1.0)) * value
            for t in scenario.targets
            if (value := t.min if t.min is not None else t.max)
        }
        scenario = targeted(scenario, shift, bad)
    if 1 in kinds:
        times = float(chance.uniform(0.5, 2.0))
        rows = [
            p.model_copy(update={"value": p.value * times}) for p in scenario.prices
        ]
        scenario = replace(scenario, prices=tuple(rows))
        sold = [o.id for o in scenario.outlets if o.price_per_t]
        shops = {name: float(chance.uniform(-9.0, 99.0)) for name in sold}
        scenario = priced(scenario, shops, bad)
    if 2 in kinds:
        one = scenario.generation[int(chance.integers(len(scenario.generation)))]
        name = one.generator if chance.random() < 0.5 else "*"
        scenario = grown(scenario, {name: float(chance.uniform(0.7, 1.4))}, bad)
    assert not bad
    return scenario


def assert_equal(live: Live, scenario: Scenario) -> None:
    """The live problem, and what the solver holds, bit by bit."""
    cold, now = problem(PlanningData(superstructure(scenario))), live.problem
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(now, name), getattr(cold, name), name)
    assert now.offset == cold.offset
    for name in ("indptr", "indices", "data"):
        np.testing.assert_array_equal(
            getattr(now.matrix, name), getattr(cold.matrix, name), name
        )
    assert_held(live, now)


def assert_held(live: Live, now: Problem) -> None:
    """The solver's numbers are the problem's."""
    lp = live.h.getLp()
    a = lp.a_matrix_
    kind = sparse.csr_matrix if int(a.format_) == 2 else sparse.csc_matrix
    held = kind((a.value_, a.index_, a.start_), shape=now.matrix.shape)
    assert abs(held - now.matrix).max() == 0
    np.testing.assert_array_equal(lp.col_cost_, now.cost)
    for theirs, ours in (
        (lp.col_lower_, now.lower),
        (lp.col_upper_, now.upper),
        (lp.row_lower_, now.row_lower),
        (lp.row_upper_, now.row_upper),
    ):
        np.testing.assert_array_equal(np.clip(theirs, -1e300, 1e300), _finite(ours))
    assert lp.offset_ == now.offset


def _finite(values: np.ndarray) -> np.ndarray:
    return np.clip(values, -1e300, 1e300)


def walk(scenario: Scenario, seed: int, n: int, *, every: int = 1) -> None:
    """A chain of random changes, compared after each, or after some."""
    live, chance = Live(scenario), np.random.default_rng(seed)
    for k in range(1, n + 1):
        scenario = one_change(scenario, chance)
        assert live.change(scenario).in_place
        if k % every == 0:
            assert_equal(live, scenario)


@pytest.mark.parametrize("seed", range(6))
def test_a_chain_of_changes_ends_at_the_model_built_anew(seed: int):
    walk(more_targets(random_network(seed, tip_stands=seed % 2 == 0)), seed, 6)


@pytest.mark.parametrize("seed", range(4))
def test_so_it_does_under_regimes_of_measures(seed: int):
    walk(more_targets(measured(seed)), seed, 4)


def test_so_it_does_where_trucks_emit_and_a_price_is_on_carbon():
    walk(more_targets(load_scenario(SCENARIOS / "phnom-penh-carbon-price")), 2, 2)


SHIPPED = (
    *("two-city", "phnom-penh-informal"),
    *("cambodia-municipal", "food-sme-effluent"),
)


@pytest.mark.parametrize("name", SHIPPED)
def test_so_it_does_on_shipped_scenarios(name: str):
    walk(load_scenario(SCENARIOS / name), seed=1, n=3, every=3)


def test_a_line_is_columns_and_a_number():
    x, y = Line([(0, 1.0)]), Line([(1, 1.0)])
    row = np.float64(2.0) * x - (y + 3.0) + x <= 4.0 + 0.5 * y
    assert row.values() == {0: 3.0, 1: -1.5}
    assert (row.lower, row.upper) == (-np.inf, 7.0)
    other = 1.0 - x >= 0.25
    assert other.values() == {0: -1.0}
    assert (other.lower, other.upper) == (-0.75, np.inf)
    assert (x - x <= 1.0).values() == {}
