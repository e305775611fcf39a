"""Exact flows of all sources for given builds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from crowds import FEASIBLE, crowded

from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.finer_groups import ENOUGH, refined, split
from wasteplan.optimize.group_costs import Members, groups_by_cost
from wasteplan.optimize.handover import Problem, problem
from wasteplan.optimize.running import Stop, Watch, fixed_builds, run
from wasteplan.superstructure.assembly import superstructure


def decisions(whole: Problem, seed: int) -> np.ndarray:
    """Of the best plan at costs that are a little off."""
    factor = np.random.default_rng(seed).uniform(0.5, 2.0, len(whole.cost))
    other = replace(whole, cost=whole.cost * factor)
    found = run(Watch(other, Stop(0.05, 20.0), None))
    assert found.solution is not None
    return found.solution


@pytest.mark.parametrize("seed", FEASIBLE)
def test_flows_are_those_of_all_sources(seed):
    data = PlanningData(superstructure(crowded(seed)))
    whole, members = problem(data), Members(data, groups_by_cost(data, 2))
    watch = Watch(whole, Stop(0.01, 60.0), None)
    for off in range(2):
        guess = decisions(whole, off)
        real = fixed_builds(whole, guess)
        found, once = (refined(members, guess, watch, rounds=n) for n in (8, 1))
        room = ENOUGH * real.gross + 1e-7
        assert real.objective - 1e-7 <= found.outcome.objective
        assert found.outcome.objective <= real.objective + room
        assert found.least <= real.objective + 1e-7
        assert once.outcome.objective > real.objective + room


def test_builds_that_fit_nothing_have_no_flows():
    data = PlanningData(superstructure(crowded(FEASIBLE[0])))
    whole = problem(data)
    nothing = np.zeros(len(whole.cost))
    assert fixed_builds(whole, nothing).solution is None
    members = Members(data, groups_by_cost(data, 2))
    assert refined(members, nothing, Watch(whole, Stop(0.01, 60.0), None)) is None


def test_members_that_would_go_elsewhere_stand_apart():
    data = PlanningData(superstructure(crowded(0)))
    members = Members(data, groups_by_cost(data, 2))
    ways = np.zeros((len(data.s.sources.stream), data.s.n_periods), dtype=np.int64)
    assert len(split(members, ways).groups) == len(members.groups)
    first = members.groups[0].members
    ways[first[:3], -1] = 7
    finer = split(members, ways)
    assert len(finer.groups) == len(members.groups) + 1
    together = [set(g.members) for g in finer.groups]
    assert set(first[:3]) in together
    assert set(first[3:]) in together
    for group in finer.groups:
        assert (data.s.first.tail[group.arcs] == group.members[:, None]).all()
