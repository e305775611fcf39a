"""Laws that hold for any numbers: units, splitting, and more of what limits."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_network import all_to_the_burner, network, plan, route, tables
from small_network import settings as small_settings

from wasteplan.network.places import WasteGenerator
from wasteplan.network.roads import RoadDistance
from wasteplan.scenario.assembly import make_scenario
from wasteplan.scenario.records import Generation
from wasteplan.sim import simulate
from wasteplan.sim.closed_form_models import MODELS
from wasteplan.sim.closed_forms import closed_forms

FEW = settings(deadline=None, max_examples=5)
SEEDS = st.integers(0, 10_000)
TRUCK_T = 10.0

PER_TIME = {"arrival_rate", "inflow", "speed"}
IN_TIME = {"wait_h", "sojourn_h", "sojourn_first_h", "sojourn_others_h", "crew_wait_h"}
A_RATE = {"throughput"}


def in_other_units(form, factor):
    """All times of a case in another unit; a power of two keeps every digit."""
    parameters = {
        name: value / factor if name in PER_TIME else value
        for name, value in form.parameters.items()
    }
    spreads = {
        name: replace(spread, mean=spread.mean * factor)
        for name, spread in form.spreads.items()
    }
    return replace(form, parameters=parameters, spreads=spreads)


@pytest.mark.parametrize(
    "case", ["q6", "q15", "q19", "n1", "n3", "r1", "r5", "f1", "f2"]
)
@settings(deadline=None, max_examples=3)
@given(seed=SEEDS, power=st.sampled_from([-3, 2, 5]))
def test_another_unit_of_time_changes_nothing(case, seed, power):
    form, factor = closed_forms()[case], 2.0**power
    known, other = (
        MODELS[form.model](f, np.random.default_rng(seed), 300)
        for f in (form, in_other_units(form, factor))
    )
    for name, value in known.items():
        scale = factor if name in IN_TIME else 1 / factor if name in A_RATE else 1.0
        if name == "wait_min":
            scale = factor
        assert other[name] == pytest.approx(value * scale, rel=1e-9, nan_ok=True), name


def saturated(trucks, speed_km_per_h):
    """Far more waste than trucks; driving is all they do, day and night."""
    wanted = tables(
        town_t_per_y=1_000_000.0,
        fleet={"trucks": trucks, "shift_length_h": 24, "days_per_week": 7},
        burner_t_per_y=36_500_000.0,
    )
    wanted["vehicles"] = [
        v.model_copy(update={"load_time_h": 0.0, "unload_time_h": 0.0})
        for v in wanted["vehicles"]
    ]
    run = small_settings(days=28, replications=1)
    roads = run.roads.model_copy(update={"speed_km_per_h": speed_km_per_h})
    return make_scenario(run.model_copy(update={"roads": roads}), check=False, **wanted)


@FEW
@given(trucks=st.integers(2, 4), speed=st.sampled_from([10.0, 20.0]))
def test_half_as_fast_needs_twice_as_many_trucks(trucks, speed):
    found = [
        simulate(saturated(n, v), all_to_the_burner()).kpi("treated_t")
        for n, v in ((trucks, speed), (2 * trucks, speed / 2))
    ]
    assert found[1] == pytest.approx(found[0], rel=0.05)


@FEW
@given(share=st.floats(0.1, 0.9), seed=SEEDS)
def test_splitting_a_source_changes_no_total(share, seed):
    """A town as two towns at the same place: the same tonnes, kilometres, ashes."""
    whole = tables()
    parts = dict(whole)
    twin = WasteGenerator(
        id="twin", name="twin", kind="municipality", generator_class="homes",
        region="north",
    )  # fmt: skip
    parts["generators"] = [*whole["generators"], twin]
    tonnes = {"town": share * 36_500, "twin": (1 - share) * 36_500, "village": 3_650}
    parts["generation"] = [
        Generation(generator=g, stream="msw", year=2030, waste_t_per_y=t)
        for g, t in tonnes.items()
    ]
    parts["distances"] = [
        *whole["distances"],
        *(
            RoadDistance(
                origin=_as(d.origin), destination=_as(d.destination),
                distance_km=d.distance_km, time_h=None,
            )
            for d in whole["distances"]
            if "town" in (d.origin, d.destination)
        ),
    ]  # fmt: skip
    run = small_settings(days=364, warm_up_d=28, replications=1, seed=seed)
    split = plan(
        *all_to_the_burner().routes, route("twin", "hill.burner", stream="msw")
    )
    one = simulate(make_scenario(run, check=False, **whole), all_to_the_burner())
    two = simulate(make_scenario(run, check=False, **parts), split)
    assert two.kpi("generated_t") == pytest.approx(one.kpi("generated_t"), rel=1e-9)
    for name in ("treated_t", "landfilled_t", "truck_km_per_y", "trips_per_y"):
        assert two.kpi(name) == pytest.approx(one.kpi(name), rel=0.01), name


def _as(place):
    return "twin" if place == "town" else place


@FEW
@given(seed=SEEDS, days=st.floats(3_000, 30_000))
def test_beyond_a_bunker_that_never_fills_size_is_nothing(seed, days):
    failing = {"mtbf_h": 60, "mttr_h": 30}
    found = []
    for size in (days, 2 * days):
        scenario = network(
            {"seed": seed}, burner_t_per_y=40_000, burner={"bunker_d": size, **failing}
        )
        result = simulate(scenario, all_to_the_burner())
        assert result.kpi("turned_away_t") == 0.0
        found.append(result.kpis["mean"].to_numpy())
    np.testing.assert_array_equal(*found)


@FEW
@given(seed=SEEDS)
def test_failures_that_never_come_are_none(seed):
    """A mean of 10^12 h to the first failure is no failure: availability 1."""
    found = []
    for failing in ({}, {"mtbf_h": 1e12, "mttr_h": 48}):
        scenario = network({"seed": seed}, burner={"bunker_d": 3, **failing})
        result = simulate(scenario, all_to_the_burner())
        assert result.kpi("availability") == 1.0
        found.append(result.kpi("treated_t"))
    assert found[0] == found[1]


@FEW
@given(
    seed=SEEDS,
    capacity=st.floats(20_000, 45_000),
    bunker_d=st.floats(1, 6),
    more=st.floats(1.0, 2.0),
)
def test_more_room_or_speed_never_turns_more_away(seed, capacity, bunker_d, more):
    """The same chance: a larger bunker, or a faster line, takes what a smaller took,
    to a truckload in each of the two replications."""

    def turned_away(burnt, room_d):
        burner = {"bunker_d": room_d, "mtbf_h": 80, "mttr_h": 40}
        scenario = network(
            {"seed": seed, "days": 112},
            burner_t_per_y=burnt,
            burner=burner,
            containers={"volume_m3": 1.0, "variation": 0.7, "pickup_every_d": 1},
        )
        result = simulate(scenario, all_to_the_burner())
        rows = result.plants.set_index("plant").loc["hill.burner"]
        return float(rows["bunker_full_t_per_y"])

    load = TRUCK_T * 365 / 112
    now = turned_away(capacity, bunker_d)
    assert turned_away(capacity, more * bunker_d) <= now + load
    # room in days of throughput: keep the same tonnes of it
    assert turned_away(more * capacity, bunker_d / more) <= now + load
