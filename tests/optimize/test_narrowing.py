"""A first plan among what the relaxation uses: it holds, and is no cheaper than all."""

from dataclasses import replace

import highspy
import numpy as np
import pytest
from random_networks import random_network

from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.handover import problem, solver
from wasteplan.optimize.narrowing import among_used, narrowed
from wasteplan.superstructure.assembly import superstructure

SEEDS = (0, 1, 5, 12)


def ready(seed):
    return problem(PlanningData(superstructure(random_network(seed, tip_stands=False))))


def solution(p, *, as_lp=False):
    h = solver(p, as_lp=as_lp)
    h.setOptionValue("mip_rel_gap", 0.0)
    h.run()
    assert h.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return np.array(h.getSolution().col_value), h.getInfo().objective_function_value


@pytest.mark.parametrize("seed", SEEDS)
def test_it_keeps_every_requirement_and_never_beats_the_optimum(seed):
    p = ready(seed)

    x = among_used(p)

    rows = p.matrix @ x
    assert (rows <= p.row_upper + 1e-6).all()
    assert (rows >= p.row_lower - 1e-6).all()
    assert (x >= p.lower - 1e-6).all()
    assert (x <= p.upper + 1e-6).all()
    assert x[p.is_integer] == pytest.approx(np.round(x[p.is_integer]), abs=1e-6)
    assert p.cost @ x + p.offset >= solution(p)[1] - 1e-6


@pytest.mark.parametrize("seed", SEEDS)
def test_options_that_the_relaxation_never_builds_are_left_out_and_no_others(seed):
    """An option partly built in one period stays free in all of them."""
    p = ready(seed)
    relaxed, _ = solution(p, as_lp=True)

    upper = narrowed(p, relaxed).upper

    families = [*p.model.works.items(), *p.model.build.items()]
    column = {key: p.column_of[id(v)] for key, v in families}
    used = {o for (o, _), c in column.items() if relaxed[c] > 1e-6}
    assert used
    assert {o for (o, _), c in column.items() if upper[c] == 1} == used
    rest = np.setdiff1d(np.arange(len(upper)), list(column.values()))
    assert np.array_equal(upper[rest], p.upper[rest])


def test_what_is_held_stays():
    """A decision fixed at 1 that a relaxed solution does not use is not lost."""
    p = ready(0)
    column = p.column_of[id(next(iter(p.model.works.values())))]
    lower = p.lower.copy()
    lower[column] = 1.0

    held = narrowed(replace(p, lower=lower), np.zeros(len(p.cost)))

    assert held.upper[column] == 1.0


def test_it_stops_when_told_to_and_says_when_there_is_nothing():
    p = ready(5)
    none = replace(p, row_lower=np.full(len(p.row_lower), np.inf))

    assert among_used(none) is None
    among_used(p, is_enough=lambda: True)  # returns at once, with or without a plan


def test_the_same_case_gives_the_same_plan():
    assert np.array_equal(among_used(ready(5)), among_used(ready(5)))
