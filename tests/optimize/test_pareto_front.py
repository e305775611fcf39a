"""Fronts on paper, and against every way to send four generators' waste."""

from dataclasses import replace
from itertools import product
from math import isnan

import pytest
from networks import FractionProperty, distances, generator, settings, two_generators
from networks import waste as tonnes_of

from wasteplan.errors import StoppedWithoutPlan, WasteplanError
from wasteplan.network.haulage import Vehicle
from wasteplan.optimize import solve
from wasteplan.optimize.planner import Planner
from wasteplan.plan.files import plan_text
from wasteplan.plan.records import Plan
from wasteplan.report.fronts import front_section, lead
from wasteplan.study.ensemble import Stopped, Way
from wasteplan.study.front import Front, Point, bounded, efficient
from wasteplan.study.front_apart import pareto_apart
from wasteplan.study.front_steps import Unsolved, front_from, point_of
from wasteplan.study.pareto import pareto
from wasteplan.study.trade_off_tables import front_table

COST, CO2E, LANDFILLED = "cost_total", "co2e_direct_total_t", "landfilled_total_t"


def test_a_straight_front():
    """A tonne kept from the tip costs 30 USD more: 880,000 USD + 30 x (80 kt - L)."""
    front = pareto(two_generators(), (COST, LANDFILLED), points=5)

    assert [p.values[LANDFILLED] for p in front.points] == pytest.approx(
        [80_000, 60_000, 40_000, 20_000, 0], abs=1.0
    )
    for point in front.points:
        by_hand = 880_000 + 30 * (80_000 - point.values[LANDFILLED])
        assert point.values[COST] == pytest.approx(by_hand, rel=1e-6)
    assert front.is_resolved


WASTE = {"a": 9_000.0, "b": 7_000.0, "c": 5_000.0, "d": 4_000.0}
KM = {
    "a": {"clean": 50.0, "dump": 5.0},
    "b": {"clean": 10.0, "dump": 30.0},
    "c": {"clean": 80.0, "dump": 20.0},
    "d": {"clean": 30.0, "dump": 45.0},
}
PER_KM, LOAD_T, KG_PER_KM = 0.1, 10.0, 2.0
DUES = {"clean": 40.0, "dump": 10.0}


def four_generators():
    """Every generator goes to one place; nothing rots or burns, only trucks emit."""
    nothing = tuple(
        FractionProperty(fraction="stuff", property=name, value=0.0)
        for name in (
            "moisture_tropical_mixed",
            "carbon_dry",
            "fossil_carbon_share",
            "doc_dry",
        )
    )
    whole = settings().solve.model_copy(update={"single_sourcing": True})
    return two_generators(
        settings=settings(solve=whole),
        generators=tuple(generator(g) for g in WASTE),
        generation=tuple(tonnes_of(g, t) for g, t in WASTE.items()),
        fraction_properties=nothing,
        vehicles=(
            Vehicle(
                id="truck",
                cost_per_t_km=PER_KM,
                payload_t=LOAD_T,
                co2_kg_per_km=KG_PER_KM,
            ),
        ),
        distances=distances(KM),
    )


def every_plan():
    """(cost, direct emissions, landfilled) of all 16 plans, as on paper."""
    for places in product(("clean", "dump"), repeat=4):
        sent = list(zip(WASTE.items(), places, strict=True))
        yield {
            COST: sum(t * (DUES[p] + PER_KM * KM[g][p]) for (g, t), p in sent),
            CO2E: sum(
                t / LOAD_T * 2 * KM[g][p] * KG_PER_KM / 1000 for (g, t), p in sent
            ),
            LANDFILLED: sum(t for (_, t), p in sent if p == "dump"),
        }


def distance(one, other, totals):
    return sum(abs(one[t] - other[t]) for t in totals)


def is_efficient(values, totals):
    return not any(
        all(other[t] <= values[t] + 1e-6 for t in totals)
        and any(other[t] < values[t] - 1e-6 for t in totals)
        for other in every_plan()
    )


@pytest.mark.parametrize("second", [LANDFILLED, CO2E])
def test_two_totals_give_what_enumeration_gives(second):
    """Steps of 1,000 t, which all tonnages are multiples of: the whole front."""
    totals = (COST, second)
    front = pareto(four_generators(), totals, points=26)

    expected = {
        (round(v[COST]), round(v[second], 1))
        for v in every_plan()
        if is_efficient(v, totals)
    }
    found = {(round(p.values[COST]), round(p.values[second], 1)) for p in front.points}
    assert found == expected
    assert len(found) > 2


def test_three_totals_give_efficient_plans_only():
    """On the grid, the cheapest within the limits; nothing that enumeration beats."""
    totals = (COST, CO2E, LANDFILLED)
    front = pareto(four_generators(), totals, points=5)

    plans = list(every_plan())
    assert len(front.points) > 4
    for point in front.points:
        cheapest = min(
            p[COST] for p in plans if all(p[t] <= m for t, m in point.limits.items())
        )
        assert point.values[COST] == pytest.approx(cheapest, rel=1e-6)
        near = min(
            plans, key=lambda p: sum(abs(p[t] - point.values[t]) for t in totals)
        )
        assert is_efficient(near, totals)
    for limits in front.without_plan:
        assert not any(all(p[t] <= m for t, m in limits.items()) for p in plans)


def test_bounds_hold_and_steps_are_proved():
    """Solved to the end, bounds are the values: 30 USD x 20,000 t from point to point.

    The weight of landfilled tonnes (1e-4 of the range of cost) is no part of a bound.
    """
    front = pareto(two_generators(), (COST, LANDFILLED), points=5, gap=0.0)

    for point in front.points:
        assert point.bound == pytest.approx(point.values[COST], rel=1e-6)
        assert point.bound <= point.values[COST]
        assert point.gap == pytest.approx(0.0, abs=1.0)
    assert [s.least for s in front.steps] == pytest.approx([600_000] * 4, rel=1e-4)
    assert [s.most for s in front.steps] == pytest.approx([600_000] * 4, rel=1e-4)
    assert front.ends[COST].bound == pytest.approx(880_000)
    assert front.ends[LANDFILLED].value == pytest.approx(0.0, abs=1.0)


def test_a_bound_of_any_looser_search_holds():
    """A plan of value 70 within limits of 40 is bounded by a search within 50."""
    plan = Plan(scenario="x", name="x")
    point = Point(plan, {COST: 70.0, LANDFILLED: 40.0}, {LANDFILLED: 40.0}, 10.0, 60.0)
    searches = [({}, 5.0), ({LANDFILLED: 40.0}, 10.0), ({LANDFILLED: 50.0}, 30.0)]
    tight = [({}, 5.0), ({LANDFILLED: 30.0}, 69.0)]

    (one,) = bounded([point], searches, (COST, LANDFILLED))
    (other,) = bounded([point], tight, (COST, LANDFILLED))

    assert (one.bound, one.gap) == (30.0, 40.0)
    assert (other.bound, other.gap) == (5.0, 65.0)  # nothing is known within 30


def test_an_end_is_the_best_that_any_search_has_found():
    """The search for the least cost stopped at 10; one within limits found 9."""
    plan = Plan(scenario="x", name="x")
    ends = {
        COST: Point(plan, {COST: 10.0, LANDFILLED: 5.0}, {}, 8.0, 2.0),
        LANDFILLED: Point(plan, {COST: 20.0, LANDFILLED: 1.0}, {}, 1.0, 0.0),
    }
    found = Point(plan, {COST: 9.0, LANDFILLED: 5.0}, {LANDFILLED: 6.0}, 7.0, 2.0)

    front = front_from(ends, [found], Unsolved(), (COST, LANDFILLED))

    assert (front.ends[COST].value, front.ends[COST].bound) == (9.0, 8.0)
    assert front.ends[LANDFILLED].value == 1.0
    assert (front.points[0].bound, front.points[0].gap) == (8.0, 1.0)


def test_a_plan_that_misses_a_requirement_beats_none_that_does_not():
    plan = Plan(scenario="x", name="x")
    cheap = Point(plan, {COST: 1.0, LANDFILLED: 1.0}, {}, 0.0, 1.0, ("a target",))
    sound = Point(plan, {COST: 2.0, LANDFILLED: 2.0}, {}, 0.0, 2.0)

    assert efficient([sound, cheap], (COST, LANDFILLED)) == (cheap, sound)
    front = Front((COST, LANDFILLED), (cheap, sound))
    assert front.plans == (sound,)
    assert all(isnan(step.least) and isnan(step.most) for step in front.steps)
    (known,) = bounded([cheap], [({}, 0.5)], (COST, LANDFILLED))
    assert isnan(known.gap)
    assert efficient([sound, replace(cheap, misses=())], (COST, LANDFILLED)) == (
        replace(cheap, misses=()),
    )


def test_a_page_of_one_sound_plan_does_not_say_that_it_is_best_by_all():
    case = two_generators()
    plan = solve(case)
    sound = point_of(case, plan, (COST, LANDFILLED), {}, plan.proof.bound)
    missing = replace(sound, misses=("a target",))
    beside = front_from(
        {COST: sound}, [], Unsolved(was_stopped=True), (COST, LANDFILLED)
    )
    stopped = front_section(case, beside, front_table(case, beside))
    mixed = Front((COST, LANDFILLED), (sound, missing))
    told = front_section(case, mixed, front_table(case, mixed))
    alone = Front((COST, LANDFILLED), (sound,))

    assert "Only one point is known that keeps" in stopped.lead
    assert "Only one point is known that keeps" in told.lead
    assert not any("lie apart" in said for said in told.points)
    assert "best by all" in lead(case, alone, front_table(case, alone))


def test_requirements_hold_at_every_point():
    front = pareto(two_generators(diversion=0.6), (COST, LANDFILLED), points=3)

    assert [p.values[LANDFILLED] for p in front.points] == pytest.approx(
        [32_000, 16_000, 0], abs=1.0
    )


def test_ctrl_c_keeps_the_points_found():
    def stop(done, _of, _point):
        if done == 2:
            raise KeyboardInterrupt

    front = pareto(two_generators(), (COST, LANDFILLED), points=5, on_point=stop)

    assert front.was_stopped
    assert len(front.points) == 2


def test_ctrl_c_at_the_ends_keeps_the_cheapest_plan():
    def stop(name):
        if name == LANDFILLED:
            raise KeyboardInterrupt

    front = pareto(two_generators(), (COST, LANDFILLED), points=5, on_end=stop)

    assert front.was_stopped
    assert [p.values[COST] for p in front.points] == pytest.approx([880_000])
    assert list(front.ends) == [COST]


def test_a_search_that_was_interrupted_is_the_last(monkeypatch):
    """Its plan is kept: it is feasible, with whatever gap is left."""
    real, asked = Planner.solve, []

    def solve(self, **how):
        plan = real(self, **how)
        asked.append(plan)
        if len(asked) < 4:  # two ends, one limit, then this one
            return plan
        proof = plan.proof.model_copy(update={"status": "interrupted"})
        return plan.model_copy(update={"proof": proof})

    monkeypatch.setattr(Planner, "solve", solve)
    front = pareto(two_generators(), (COST, LANDFILLED), points=5)

    assert front.was_stopped
    assert len(asked) == 4
    assert len(front.points) == 2


def test_limits_at_which_time_runs_out_do_not_end_the_walk(monkeypatch):
    """One search finds no plan in its time: the others still answer, and it is told."""
    real, asked = Planner.solve, []

    def solve(self, **how):
        asked.append(self.scenario)
        if len(asked) == 5:  # two ends, two limits, then this one
            raise StoppedWithoutPlan("out of time")
        return real(self, **how)

    monkeypatch.setattr(Planner, "solve", solve)
    front = pareto(two_generators(), (COST, LANDFILLED), points=5)

    assert len(front.undecided) == 1
    assert len(front.points) == 4
    assert not front.was_stopped


@pytest.mark.parametrize(
    ("totals", "points", "said"),
    [
        ((COST,), 5, "two or three different totals"),
        ((COST, COST), 5, "two or three different totals"),
        ((COST, "joy"), 5, "no total 'joy'"),
        ((COST, LANDFILLED), 1, "1 points make no front"),
    ],
)
def test_what_makes_no_front_is_told(totals, points, said):
    with pytest.raises(WasteplanError, match=said):
        pareto(replace(two_generators()), totals, points=points)


def test_points_searched_apart_are_those_of_the_sweep():
    """Three totals, with limits that nothing keeps among them."""
    totals = (COST, CO2E, LANDFILLED)
    swept = pareto(four_generators(), totals, points=3)
    apart = pareto_apart(four_generators(), totals, points=3)

    assert swept.without_plan
    assert apart.without_plan == swept.without_plan
    assert [p.limits for p in apart.points] == [p.limits for p in swept.points]
    for one, other in zip(apart.points, swept.points, strict=True):
        assert dict(one.values) == pytest.approx(dict(other.values), rel=1e-9)


def front_bytes(front):
    points = [(dict(p.values), dict(p.limits), plan_text(p.plan)) for p in front.points]
    return repr((points, front.without_plan, front.was_stopped)).encode()


def last_first(function, shared, items):
    """A place to work where the last piece of work is done first."""
    yield from ((i, function(shared, items[i])) for i in reversed(range(len(items))))


def test_the_order_of_work_changes_no_front_and_a_stopped_one_goes_on(tmp_path):
    asked = {"totals": (COST, LANDFILLED), "points": 4}
    keep, said = tmp_path / "points.jsonl", []
    alone = pareto_apart(four_generators(), **asked, way=Way(keep=keep))
    lines = keep.read_bytes().splitlines(keepends=True)
    keep.write_bytes(b"".join(lines[:3]))  # stopped after two points

    way = Way(mapper=last_first, keep=keep, say=said.append)
    other = pareto_apart(four_generators(), **asked, way=way)

    assert front_bytes(other) == front_bytes(alone)
    assert said == [f"2 of 4 taken from {keep}"]
    assert sorted(keep.read_bytes().splitlines(keepends=True)) == sorted(lines)


def test_a_point_without_time_is_missing_and_said_so():
    front = pareto_apart(
        four_generators(), (COST, LANDFILLED), points=3, way=Way(mapper=too_late)
    )

    assert len(front.undecided) == 3
    assert [p.limits for p in front.points] == [{}]  # the cheapest plan alone
    assert not front.without_plan


def too_late(function, shared, items):
    return ((i, {"plan": None, "was_stopped": True}) for i in range(len(items)))


def test_a_search_stopped_by_hand_is_kept_as_no_answer(monkeypatch, tmp_path):
    """Else the same command would take it for a search that ran out of time."""
    keep = tmp_path / "points.jsonl"
    asked = {"totals": (COST, LANDFILLED), "points": 3, "way": Way(keep=keep)}

    def stopped(*_, **__):
        raise StoppedWithoutPlan("stopped by hand", by_hand=True)

    with monkeypatch.context() as patched:
        patched.setattr("wasteplan.study.front_apart.solve", stopped)
        with pytest.raises(Stopped, match="stopped after 0 of 3"):
            pareto_apart(four_generators(), **asked)

    assert not pareto_apart(four_generators(), **asked).undecided
