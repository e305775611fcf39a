"""Planning in groups: every source is sent its own way, and the bound is on all."""

from __future__ import annotations

import signal
from dataclasses import replace

import numpy as np
import pytest
from crowds import FEASIBLE, INFEASIBLE, crowded

from wasteplan.errors import NoAnswer, StoppedWithoutPlan
from wasteplan.evaluation.evaluating import evaluate
from wasteplan.optimize import aggregation
from wasteplan.optimize.aggregation import planned_in_groups
from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.grouped_answer import answer_in_groups, is_for_groups
from wasteplan.optimize.running import Progress, Stop
from wasteplan.optimize.searching import Search
from wasteplan.optimize.solving import solve
from wasteplan.superstructure.alike import grouped, hidden, kinds
from wasteplan.superstructure.assembly import superstructure

STOP = Stop(0.01, 60.0)


def test_two_members_that_differ_hide_what_each_would_save():
    """Costs (1, 3) and (3, 1), a tonne each: the mean is (2, 2), each saves 1."""
    cost = np.array([[1.0, 3.0], [3.0, 1.0]])
    assert hidden(cost, np.ones(2)) == pytest.approx(2.0)
    assert hidden(cost, np.array([3.0, 1.0])) == pytest.approx(3 * 0.5 + 1 * 1.5)
    assert hidden(cost[:1], np.ones(1)) == pytest.approx(0.0)


@pytest.mark.parametrize("n", [1, 7, 20, 500])
def test_every_source_is_in_one_group_of_its_kind(n):
    s = superstructure(crowded(1))
    groups = grouped(
        s, n, lambda arcs: s.first.cost_per_t[arcs], s.sources.collected_kt.sum(axis=1)
    )
    members = np.concatenate([g.members for g in groups])
    assert sorted(members) == list(range(len(s.sources.stream)))
    assert len(groups) == min(max(n, len(kinds(s))), len(s.sources.stream))
    for group in groups:
        assert len(set(s.sources.origin[group.members])) == 1
        feeds = s.first.feed[group.arcs]
        assert (feeds == feeds[0]).all()


@pytest.mark.parametrize("seed", FEASIBLE)
def test_the_plan_is_one_of_all_sources_with_a_true_bound(seed, monkeypatch):
    monkeypatch.setattr(aggregation, "ROUGH", 4)
    scenario = crowded(seed, 12)
    plan = answer_in_groups(superstructure(scenario), Search(STOP), "grouped", 8)
    best = solve(scenario, gap=1e-6)
    result = evaluate(scenario, plan)

    assert not result.violations
    assert plan.proof.bound <= best.proof.objective + 1.0
    assert plan.proof.objective >= best.proof.bound - 1.0
    assert plan.proof.gap_of_gross < 0.05
    assert result.cost_present_value == pytest.approx(plan.proof.objective, rel=1e-6)
    assert "go the same way" in plan.proof.note
    assert {r.origin for r in plan.routes} >= {g.id for g in scenario.generators}


def test_builds_that_are_given_stay(monkeypatch):
    monkeypatch.setattr(aggregation, "ROUGH", 4)
    scenario = crowded(0, 12)
    s, best = superstructure(scenario), solve(scenario, gap=1e-6)
    kept = best.model_copy(update={"builds": best.builds[:1], "routes": ()})
    free = answer_in_groups(s, Search(STOP, builds_of=best), "held", 8)
    assert sorted(map(str, free.builds)) == sorted(map(str, best.builds))
    assert free.proof.objective == pytest.approx(best.proof.objective, rel=2e-3)
    if len(best.builds) > 1:
        with pytest.raises(NoAnswer):
            answer_in_groups(s, Search(STOP, builds_of=kept), "held", 8)


def test_a_known_plan_is_a_start(monkeypatch):
    monkeypatch.setattr(aggregation, "TRIALS_MAX", 2)
    scenario = crowded(2, 12)
    best = solve(scenario, gap=1e-6)
    data = PlanningData(superstructure(scenario))
    found = planned_in_groups(data, Stop(0.5, 60.0), known=best, n_groups=8)
    assert found.outcome.objective == pytest.approx(
        best.proof.objective / 1e6, rel=2e-3
    )


def test_what_cannot_hold_together_is_said():
    with pytest.raises(NoAnswer, match="groups of sources"):
        planned_in_groups(PlanningData(superstructure(crowded(INFEASIBLE))), STOP)


def test_no_time_no_plan():
    with pytest.raises(StoppedWithoutPlan):
        planned_in_groups(
            PlanningData(superstructure(crowded(0))), replace(STOP, time_limit_s=0.0)
        )


def test_ctrl_c_keeps_the_best_plan_and_its_bound():
    """The signal comes while the first plan is told of."""
    scenario, told = crowded(0, 12), []

    def stop(p: Progress) -> None:
        told.append(p.step)
        if len(told) == 1:
            signal.raise_signal(signal.SIGINT)

    plan = answer_in_groups(
        superstructure(scenario), Search(STOP, stop), "interrupted", 8
    )
    assert told[0] == "groups: first plan"
    assert plan.proof.status in ("interrupted", "gap")
    assert 0 < plan.proof.bound <= plan.proof.objective
    assert not evaluate(scenario, plan).violations


@pytest.mark.parametrize(("most", "is_grouped"), [(5, True), (10_000, False)])
def test_many_sources_are_planned_in_groups(most, is_grouped):
    """More than `cluster_above`: the plan keeps the gap, and its note says so."""
    scenario = crowded(FEASIBLE[0], 12)
    settings = scenario.settings
    how = settings.solve.model_copy(update={"cluster_above": most})
    scenario = replace(scenario, settings=settings.model_copy(update={"solve": how}))

    assert is_for_groups(superstructure(scenario), Search(STOP)) is is_grouped
    plan = solve(scenario, gap=0.05)

    assert plan.proof.gap_of_gross <= 0.05
    assert ("in groups" in plan.proof.note) is is_grouped
    assert not evaluate(scenario, plan).violations
