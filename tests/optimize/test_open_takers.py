"""A plant with a minimum load needs an open place for its outputs."""

import numpy as np
import pytest
from highspy import HighsModelStatus
from random_networks import random_network

from wasteplan.optimize import model
from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.handover import problem, solver
from wasteplan.optimize.takers import open_takers, sure_products
from wasteplan.superstructure.assembly import superstructure

SEEDS = (0, 1, 5, 12)


def cost(data, *, as_lp=False):
    h = solver(problem(data), as_lp=as_lp)
    h.setOptionValue("mip_rel_gap", 0.0)
    h.run()
    assert h.getModelStatus() == HighsModelStatus.kOptimal
    return h.getInfo().objective_function_value


@pytest.fixture
def without(monkeypatch):
    def leave_out():
        rest = tuple(add for add in model.CONSTRAINTS if add is not open_takers)
        monkeypatch.setattr(model, "CONSTRAINTS", rest)

    return leave_out


def plant(data, technology):
    return next(p for p, x in enumerate(data.s.plants) if x.technology == technology)


def test_what_every_feed_yields_is_sure():
    """All that burns leaves ash; all streams have a dry part, which gives recyclate."""
    data = PlanningData(superstructure(random_network(0)))

    assert sure_products(data, plant(data, "burner")) == ["ash"]
    assert sure_products(data, plant(data, "sorter")) == ["good", "rest"]


@pytest.mark.parametrize("seed", SEEDS)
def test_whole_plans_cost_the_same_with_and_without(seed, without):
    data = PlanningData(superstructure(random_network(seed, tip_stands=False)))
    tight = cost(data)

    without()

    assert cost(data) == pytest.approx(tight, rel=1e-6)


def test_fractional_plans_cost_no_less(without):
    """The bound rises where part of a burner came with a sliver of a cell."""
    every = [
        PlanningData(superstructure(random_network(seed, tip_stands=False)))
        for seed in SEEDS
    ]
    tight = np.array([cost(data, as_lp=True) for data in every])

    without()
    loose = np.array([cost(data, as_lp=True) for data in every])

    assert (tight >= loose - 1e-9).all()
    assert (tight > loose + 1e-6).any()


def test_a_burner_never_runs_without_a_cell_for_its_ash():
    """One row for each period: both sizes together need the tip to be open."""
    data = PlanningData(superstructure(random_network(0, tip_stands=False)))

    rows = [str(c.expr) for c in problem(data).model.open_takers.values()]

    burner, tip = plant(data, "burner"), plant(data, "cell")
    small, big = data.options_of[burner]
    assert rows == [
        f"works[{small},{t}] + works[{big},{t}]  <=  open[{tip},{t}]"
        for t in data.periods
    ]
