"""The set of clashing requirements is irreducible, whatever way it was found."""

from dataclasses import replace
from itertools import combinations

import highspy
import numpy as np
import pytest
from networks import Target, two_generators
from random_networks import random_network
from test_clashes import CASES

from wasteplan.errors import NoAnswer
from wasteplan.optimize import solve
from wasteplan.optimize.clash import clash, lines_of, requirements
from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.handover import problem, solver
from wasteplan.superstructure.assembly import superstructure


def data_of(scenario):
    return PlanningData(superstructure(scenario))


def has_plan(data, enforced):
    """Whether a plan meets some requirements, by a fresh problem each time."""
    p = problem(replace(data, is_elastic=True))
    upper = p.upper.copy()
    for r in requirements(p):
        upper[list(r.columns)] = 0.0 if r.key in enforced else np.inf
    h = solver(replace(p, upper=upper, cost=np.zeros(len(p.cost))))
    h.run()
    return h.getModelStatus() == highspy.HighsModelStatus.kOptimal


def assert_irreducible(data, found):
    keys = [r.key for r in found.requirements]
    assert not has_plan(data, keys)
    for fewer in combinations(keys, len(keys) - 1):
        assert has_plan(data, fewer)


@pytest.mark.parametrize("name", CASES)
def test_no_member_is_superfluous(name):
    data = data_of(two_generators(**CASES[name][0]))

    found = clash(data, 60.0)

    assert found is not None
    assert found.is_irreducible
    assert_irreducible(data, found)


@pytest.mark.parametrize("seed", range(4))
def test_on_random_networks_that_ask_too_much(seed):
    scenario = random_network(seed)
    asked = Target(id="too_much", metric="landfill_diversion_rate", min=0.999)
    dear = Target(id="dear", metric="cost_total", max=1.0)
    data = data_of(replace(scenario, targets=(*scenario.targets, asked, dear)))

    found = clash(data, 60.0)

    assert found is not None
    assert_irreducible(data, found)


def test_a_case_with_a_plan_has_no_clash():
    assert clash(data_of(two_generators()), 60.0) is None


def test_no_time_is_no_claim():
    data = data_of(two_generators(**CASES["nothing recycles"][0]))

    assert clash(data, 0.0) is None


def test_two_permits_clash_with_the_waste_and_both_are_named():
    tables, _ = CASES["permits are below the waste"]
    found = clash(data_of(two_generators(**tables)), 60.0)

    assert lines_of(found) == [
        "These cannot hold together; without any one of them there is a plan:",
        "  - a place for all waste of 'mixed' in p1",
        "  - the permit of site 'clean' in p1",
        "  - the permit of site 'dump' in p1",
    ]


def test_what_cannot_give_way_is_named_beside_it():
    tables, _ = CASES["the plant is too small for the diversion target"]

    with pytest.raises(
        NoAnswer,
        match=r"(?s)diversion target 'div' in p1\n.*while the "
        r"capacity of 'clean.plant' in p1 cannot give way",
    ):
        solve(two_generators(**tables))
