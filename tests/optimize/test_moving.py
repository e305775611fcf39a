"""Moving a plant at once, where opening one and closing the other does not pay."""

from __future__ import annotations

import pytest
from networks import (
    distances,
    settings,
    site,
    size,
    standing,
    technology,
    two_generators,
)

from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.first_plan import Trials, bettered, repeated
from wasteplan.optimize.handover import Problem, problem
from wasteplan.optimize.moving import bettered_with_moves
from wasteplan.scenario.model import Scenario
from wasteplan.superstructure.assembly import superstructure


def near_or_far() -> Scenario:
    """80 kt/y must be diverted in full, to a plant at `near` (5 km) or `far` (50 km).

    A plant costs 1 million a year, hauls 0.1 USD/(t km): 0.04 or 0.4 million a year.
    """
    km = {"near": 5.0, "far": 50.0, "dump": 10.0}
    return two_generators(
        diversion=1.0,
        settings=settings(0.0),
        sites=(site("far", "plant"), site("near", "plant"), site("dump", "")),
        technologies=(technology("plant", "storage"), technology("tip")),
        sizes=(size("plant", 100_000.0, fixed=1e6), size("tip", 100_000.0)),
        facilities=(standing("dump", "tip"),),
        distances=distances({"a": km, "b": km}),
    )


def started(p: Problem, place: str) -> tuple[Trials, float]:
    """A plant at one place alone."""
    trials, s = Trials(p, lambda: False), p.data.s
    known = 0.0 * p.cost
    for (o, _), variable in p.model.works.items():
        at = s.plants[s.options[o].plant].place
        known[p.column_of[id(variable)]] = float(at == place)
    return trials, repeated(trials, known)


def test_a_plant_is_moved_where_one_change_at_a_time_is_stuck():
    p = problem(PlanningData(superstructure(near_or_far())))
    trials, cost = started(p, "far")
    assert cost == pytest.approx(1.0 + 0.4)
    assert bettered(trials, cost) == pytest.approx(1.4)
    assert bettered_with_moves(trials, cost) == pytest.approx(1.0 + 0.04)
    assert trials.cost() == pytest.approx(1.04)


def test_a_plant_at_the_best_place_stays():
    p = problem(PlanningData(superstructure(near_or_far())))
    trials, cost = started(p, "near")
    assert bettered_with_moves(trials, cost) == pytest.approx(1.04)
