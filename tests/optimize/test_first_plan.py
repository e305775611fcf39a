"""A first plan is feasible, whole, and no change of one decision betters it."""

import numpy as np
import pytest
from random_networks import random_network

from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.first_plan import (
    building_changes,
    first_plan,
    opening_changes,
)
from wasteplan.optimize.handover import problem, solver
from wasteplan.superstructure.assembly import superstructure

SEEDS = (0, 1, 5, 12)


def ready(seed):
    return problem(PlanningData(superstructure(random_network(seed, tip_stands=False))))


def optimum(p):
    h = solver(p)
    h.setOptionValue("mip_rel_gap", 0.0)
    h.run()
    return h.getInfo().objective_function_value


@pytest.mark.parametrize("seed", SEEDS)
def test_it_keeps_every_requirement_and_never_beats_the_optimum(seed):
    p = ready(seed)

    x = first_plan(p)

    rows = p.matrix @ x
    assert (rows <= p.row_upper + 1e-6).all()
    assert (rows >= p.row_lower - 1e-6).all()
    assert (x >= p.lower - 1e-6).all()
    assert (x <= p.upper + 1e-6).all()
    assert x[p.is_integer] == pytest.approx(np.round(x[p.is_integer]), abs=1e-6)
    assert p.cost @ x + p.offset >= optimum(p) - 1e-6


@pytest.mark.parametrize("seed", SEEDS)
def test_no_single_change_is_cheaper(seed):
    """Each change tried by itself, with a linear program from scratch."""
    p = ready(seed)
    x = first_plan(p)
    found = p.cost @ x + p.offset

    for change in [*opening_changes(p), *building_changes(p)]:
        lower, upper = p.lower.copy(), p.upper.copy()
        lower[p.is_integer] = upper[p.is_integer] = np.round(x[p.is_integer])
        for column, value in change.items():
            lower[column] = upper[column] = value
        h = solver(p, as_lp=True)
        columns = np.arange(len(p.cost), dtype=np.int32)
        h.changeColsBounds(len(columns), columns, lower, upper)
        h.run()
        if h.modelStatusToString(h.getModelStatus()) == "Optimal":
            assert h.getInfo().objective_function_value >= found - 1e-5


def test_the_same_case_gives_the_same_plan():
    one, other = first_plan(ready(5)), first_plan(ready(5))

    assert np.array_equal(one, other)


def test_it_stops_when_told_to():
    assert first_plan(ready(5), is_enough=lambda: True) is None
