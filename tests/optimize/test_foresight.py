"""Deciding period by period; the working is on paper."""

from dataclasses import replace

import numpy as np
import pytest
from networks import (
    TWO_YEARS,
    distances,
    generator,
    site,
    size,
    standing,
    technology,
    two_generators,
    waste,
)
from random_measures import measured
from random_networks import random_network
from test_burdens import crowded

from wasteplan.errors import NoAnswer
from wasteplan.evaluation.evaluating import evaluate
from wasteplan.optimize import solve
from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.foresight import first_periods
from wasteplan.optimize.handover import problem, solver
from wasteplan.optimize.holding import posed
from wasteplan.study.front_steps import aimed, limited
from wasteplan.superstructure.assembly import superstructure


def short_sighted(scenario):
    chosen = scenario.settings.solve.model_copy(update={"foresight": "myopic"})
    return replace(
        scenario, settings=scenario.settings.model_copy(update={"solve": chosen})
    )


def doubling(sites):
    """40 kt, then 80 kt; lines of 40 kt/y for 0.4 M a year or 80 kt/y for 0.5 M."""
    places = {"near": 10.0, "far": 30.0, "dump": 10.0}
    return two_generators(
        generators=(generator("a"),),
        generation=(waste("a", 20_000.0, growth=1.0),),
        sites=(*(site(name, "plant") for name in sites), site("dump", "")),
        technologies=(technology("plant", "storage"), technology("tip")),
        sizes=(
            size("plant", 40_000.0, fixed=4e5, id="small"),
            size("plant", 80_000.0, fixed=5e5, id="large"),
            size("tip", 100_000.0),
        ),
        periods=TWO_YEARS,
        distances=distances(
            {"a": {k: km for k, km in places.items() if k in (*sites, "dump")}}
        ),
        diversion=1.0,
    )


def test_who_looks_ahead_builds_large_at_once():
    """2 x 0.5 M + (40 + 80) kt x 1 USD/t = 1.12 M."""
    plan = solve(doubling(("near", "far")))

    assert [(b.site, b.size, b.period) for b in plan.builds] == [
        ("near", "large", "p1")
    ]
    assert plan.proof.objective == pytest.approx(1.12e6)


def test_who_does_not_builds_small_and_again_farther_off():
    """0.4 + 0.04 M; then 0.4 + 0.04 M near and 0.4 + 40 kt x 3 USD/t = 0.52 M far."""
    case = doubling(("near", "far"))
    plan = solve(short_sighted(case))

    assert {(b.site, b.size, b.period) for b in plan.builds} == {
        ("near", "small", "p1"),
        ("far", "small", "p2"),
    }
    assert plan.proof.objective == pytest.approx(1.40e6)
    assert plan.proof.status == "restricted"
    assert plan.proof.bound <= 1.12e6 + 1e-3
    assert not evaluate(case, plan).violations


def test_a_corner_one_has_built_oneself_into_is_named():
    with pytest.raises(NoAnswer, match=r"period by period, p2 has no answer"):
        solve(short_sighted(doubling(("near",))))


def test_where_waste_went_stays_so():
    """The tip's 80,000 m3 are full after a year; the line takes 60 of 80 kt the next.

    Looking ahead keeps 20 kt of room: 80 kt landfilled at 11, 80 kt burned at 41 USD/t.
    """
    case = two_generators(
        periods=TWO_YEARS,
        sites=(site("clean", ""), site("dump", "")),
        sizes=(size("plant", 60_000.0), size("tip", 100_000.0)),
        technologies=(
            technology("plant", "storage", variable_om_per_t=40.0),
            technology(
                "tip",
                variable_om_per_t=10.0,
                compaction_t_per_m3=1.0,
                cover_share=0.0,
            ),
        ),
    )
    tip = case.facilities[0].model_copy(update={"airspace_left_m3": 80_000.0})
    case = replace(case, facilities=(tip, standing("clean", "plant")))

    assert solve(case).proof.objective == pytest.approx(80e3 * 11 + 80e3 * 41)
    with pytest.raises(NoAnswer, match=r"p2 has no answer"):
        solve(short_sighted(case))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("make", [random_network, measured])
def test_each_period_is_decided_as_if_it_were_the_last(make, seed):
    case = make(seed)
    try:
        plan = solve(short_sighted(case))
    except NoAnswer:
        pytest.fail("the random case leads into a corner: choose another")
    alone = solve(first_periods(case, 1))

    first = case.periods[0].id
    assert [b for b in plan.builds if b.period == first] == list(alone.builds)
    assert [m for m in plan.measures if m.period == first] == list(alone.measures)
    kept = [r for r in plan.routes if r.period == first]
    assert {(r.origin, r.stream, r.destination): r.share for r in kept} == (
        pytest.approx(
            {(r.origin, r.stream, r.destination): r.share for r in alone.routes},
            abs=1e-6,
        )
    )
    assert not evaluate(case, plan).violations
    assert plan.proof.objective >= solve(case).proof.bound - 1e-6 * abs(
        plan.proof.objective
    )


@pytest.mark.parametrize("seed", range(4))
def test_a_held_plan_of_all_periods_leaves_nothing_to_decide(seed):
    """Least and greatest cost of the held problem agree: all is as the plan has it."""
    case = random_network(seed)
    plan = solve(case)
    p = posed(PlanningData(superstructure(case), held=plan))
    ends = []
    for sign in (1.0, -1.0):
        q = replace(p, cost=sign * p.cost, offset=sign * p.offset)
        h = solver(q, as_lp=True)
        h.run()
        ends.append(sign * h.getInfo().objective_function_value)

    assert ends[0] == pytest.approx(ends[1], rel=1e-6)
    as_written = evaluate(case, plan, blends=False)  # as the model counts it
    assert ends[0] == pytest.approx(as_written.cost_present_value * 1e-6, rel=1e-5)
    free = problem(PlanningData(superstructure(case)))
    assert np.any(p.lower[p.is_integer] != free.lower[free.is_integer])


def test_most_jobs_period_by_period():
    """160 FTE in each of two years is most; a floor waits for the end."""
    free = short_sighted(crowded(periods=TWO_YEARS))

    plan = solve(aimed(free, "jobs_total"))
    held = solve(limited(free, {"jobs_total": 200.0}))

    assert plan.proof.objective == pytest.approx(320, rel=1e-5)
    assert plan.proof.bound == pytest.approx(320, rel=1e-4)
    assert plan.proof.gap == pytest.approx(0, abs=0.05)
    # 40 FTE in p1 at the tip; 0.5 (80 - x) + 2 x = 160 in p2: all 80 kt to the plant
    assert held.proof.objective == pytest.approx(80_000 * 11 + 80_000 * 41)
