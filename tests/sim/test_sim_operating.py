"""Columns of operations, centres, fleets and outlets, each with a case on paper."""

import math
from dataclasses import replace

import numpy as np
import pytest
from small_network import all_to_the_burner, network, plan, route

from wasteplan.scenario.checks_operations import OPERATION_RULES
from wasteplan.scenario.checks_waste import profiles_are_whole
from wasteplan.sim import simulate
from wasteplan.sim.assembly import assemble
from wasteplan.sim.case import TurnDown
from wasteplan.sim.chance import Spread
from wasteplan.sim.dwell_store import DwellStore
from wasteplan.sim.furnace_bunker import FurnaceBunker
from wasteplan.sim.operating import gate_shape
from wasteplan.sim.stops import ramp_steps
from wasteplan.treatment.records import BlendLimit, Operation, PartLoad

FEBRUARY = {"days": 28, "warm_up_d": 7, "replications": 1}
MIX = ((0, 1.0),)


def with_rows(scenario, table, **changes):
    """Every row of a table changed in the same way."""
    rows = tuple(r.model_copy(update=changes) for r in getattr(scenario, table))
    return replace(scenario, **{table: rows})


def findings(scenario):
    return [f.message for rule in OPERATION_RULES for f in rule(scenario)]


def plant_of(scenario, mine=None):
    found = assemble(scenario, mine or all_to_the_burner(), "p1", days=7, warm_up_d=0)
    return found.places[0]


def causes(result):
    return result.trips.groupby("outcome")["tonnes"].sum().to_dict()


# Outages ------------------------------------------------------------------------------


def test_times_to_failure_and_repair_have_their_distribution():
    row = {
        "mtbf_h": 700, "mttr_h": 48, "failure_distribution": "weibull",
        "failure_parameter": 1.5, "repair_distribution": "lognormal",
        "repair_parameter": 0.8,
    }  # fmt: skip
    scenario = network(burner=row)
    assert findings(scenario) == []
    assert plant_of(scenario).failure == Spread("weibull", 700, 1.5)
    assert plant_of(scenario).repair == Spread("lognormal", 48, 0.8)
    plain = plant_of(network(burner={"mtbf_h": 700, "mttr_h": 48}))
    assert plain.failure == Spread("exponential", 700)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"mtbf_h": 9, "mttr_h": 1, "failure_distribution": "weibull"}, "its shape"),
        (
            {"repair_distribution": "lognormal", "repair_parameter": 1},
            "mttr_h is empty",
        ),
        ({"mtbf_h": 9, "mttr_h": 1, "repair_parameter": 2}, "no parameter"),
        ({"mtbf_h": 9}, "need both"),
        ({"planned_outage_from_d": 9}, "planned_outage_weeks is empty"),
        (
            {"planned_outage_from_d": 9, "planned_outage_weeks": 30, "lines": 2},
            "more than a year",
        ),
        ({"weigh_out_bridges": 1}, "nobody is weighed out"),
        (
            {"weigh_in_min": 1, "weigh_out_min": 1, "weigh_out_bridges": 1},
            "none is left",
        ),
        ({"dwell_max_d": 90}, "of kind combustion"),
        ({"dwell_shape": 2}, "dwell_mean_d is empty"),
    ],
)
def test_columns_that_do_not_go_together_are_explained(row, message):
    assert any(message in m for m in findings(network(burner=row)))


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"trucks": 1, "break_h": 1}, "how long after"),
        ({"trucks": 1, "break_after_h": 4}, "break_h is 0"),
        ({"trucks": 1, "break_h": 2, "break_after_h": 9}, "ends 11 h into"),
    ],
)
def test_breaks_outside_the_shift_are_explained(row, message):
    assert any(message in m for m in findings(network(fleet=row)))


def test_a_ramp_takes_half_of_what_full_load_would():
    """Eight hours at 1/8, 3/8, 5/8 and 7/8, two hours each: 4 hours of full load."""
    steps = ramp_steps(8.0)
    hours = np.diff([at for at, _ in steps])
    assert (hours * [load for _, load in steps[:-1]]).sum() == pytest.approx(4.0)


def test_the_calendar_of_planned_outages_and_the_ramp_after_them():
    """50 t/d burnt of 110. One week from 10 January (hour 216), then two days of ramp,
    which are worth one: 28 - 7 - 1 = 20 days of 50 t, and 50 - 7 x 24 h at work."""
    row = {"planned_outage_weeks": 1, "planned_outage_from_d": 10, "ramp_h": 48}
    scenario = network(FEBRUARY, burner_t_per_y=18_250, burner=row)
    result = simulate(scenario, all_to_the_burner())
    stop = result.outages.iloc[0]
    assert (stop["from_h"], stop["to_h"]) == (216.0, 216.0 + 168.0)
    assert result.kpi("treated_t") * 28 / 365 == pytest.approx(20 * 50)
    assert result.kpi("availability") == pytest.approx(21 / 28)


def test_two_lines_are_overhauled_one_after_the_other():
    row = {"planned_outage_weeks": 1, "planned_outage_from_d": 3, "lines": 2}
    result = simulate(network(FEBRUARY, burner=row), all_to_the_burner())
    assert result.outages["from_h"].tolist() == [48.0, 48.0 + 168.0]
    assert result.outages["line"].tolist() == [0, 1]


# Minimum load -------------------------------------------------------------------------


def test_a_furnace_turns_down_stops_and_starts_again():
    """30 t, 2 t/h: after 10 h 10 t are left, at 1 t/h until 20 h. 6 t at 25 h are too
    few for a restart, 6 t more at 30 h are 12: full load for 1 h, then the minimum."""
    bunker = FurnaceBunker(100.0, TurnDown(0.5, below_t=10.0, restart_t=10.0))
    bunker.outflow, bunker.least = 2.0, 1.0
    bunker.tip(0.0, 30.0, MIX, math.nan)
    bunker.settle(10.0)
    assert bunker.level == pytest.approx(10.0)
    bunker.settle(15.0)
    assert bunker.level == pytest.approx(5.0)
    bunker.settle(22.0)
    assert (bunker.level, bunker.stops, bunker.low_h) == (0.0, 1, 10.0)
    bunker.tip(25.0, 6.0, MIX, math.nan)
    bunker.tip(30.0, 6.0, MIX, math.nan)
    assert bunker.level == 12.0
    assert bunker.standing_h == pytest.approx(10.0)  # 20 to 30 h
    assert bunker.empty_h == pytest.approx(5.0)
    bunker.settle(32.0)
    assert bunker.level == pytest.approx(9.0)
    assert bunker.area == pytest.approx(10 * 20 + 10 * 5 + 5 * 6 + 1 * 11 + 1 * 9.5)


def test_support_burners_make_up_for_wet_waste():
    """Lines that need 7 GJ/h and burn 1 t/h of 5 GJ/t: 2 GJ/h are lacking, while there
    is waste: 10 t last 10 h."""
    bunker = FurnaceBunker(100.0, TurnDown(0.7, 0.0, 0.0))
    bunker.outflow, bunker.least, bunker.support_gj_per_h = 1.0, 1.0, 2.0
    bunker.tip(0.0, 10.0, MIX, 50.0)
    bunker.settle(30.0)
    assert bunker.support_gj == pytest.approx(20.0)


def test_minimum_load_holds_stock_back_and_loses_nothing():
    """Half-empty plant, 100 t/d of 200: it turns down to 140 t/d, so it still stops;
    what it burns is what comes, less what stays: at most the restart level."""
    load_min = {"load_min": 0.7}
    free = network(FEBRUARY)
    bound = with_rows(free, "technologies", **load_min)
    case = assemble(bound, all_to_the_burner(), "p1", days=7, warm_up_d=0).places[0]
    assert case.turn_down == TurnDown(0.7, 200.0, 200.0)
    a = simulate(free, all_to_the_burner())
    b = simulate(bound, all_to_the_burner())
    burnt = [r.kpi("treated_t") * 28 / 365 for r in (a, b)]
    assert abs(burnt[0] - burnt[1]) <= 200.0
    assert b.kpi("bunker_days_mean") > a.kpi("bunker_days_mean")


def test_a_tonne_at_minimum_load_makes_less_power():
    """10 t at full load, then 10 t at half: a fifth less of those; heat stays."""
    bunker = FurnaceBunker(100.0, TurnDown(0.5, below_t=10.0, restart_t=10.0))
    bunker.outflow, bunker.least = 2.0, 1.0
    bunker.tip(0.0, 20.0, MIX, math.nan)
    bunker.settle(30.0)
    assert bunker.low_t == pytest.approx(10.0)


def test_part_load_takes_power_from_what_is_burnt_at_minimum_load():
    """The burner turns down to 0.7 of its load, where the curve leaves 0.8: between a
    fifth of all power and nothing is lost, and the audit still adds up."""
    bound = with_rows(network(FEBRUARY), "technologies", load_min=0.7)
    points = tuple(
        PartLoad(technology="burner", load=a, efficiency_share=b, status="read")
        for a, b in ((0.7, 0.8), (1.0, 1.0))
    )
    flat = simulate(bound, all_to_the_burner())
    curved = simulate(replace(bound, part_load=points), all_to_the_burner())
    power = [r.kpi("electricity_mwh_per_y") for r in (flat, curved)]
    assert 0.8 * power[0] < power[1] < power[0]
    assert curved.kpi("treated_t") == flat.kpi("treated_t")


# Gate, blend, airspace, outlets -------------------------------------------------------


def test_bridges_serve_both_ways_or_one():
    both = {"weighbridges": 3, "weigh_in_min": 2, "weigh_out_min": 1}
    shapes = [
        gate_shape(Operation(technology="burner", **both, weigh_out_bridges=n))
        for n in (None, 0, 1)
    ]
    assert [(s.bridges_in, s.bridges_out) for s in shapes] == [(2, 1), (3, 0), (2, 1)]
    two = {**both, "weighbridges": 2}
    same = gate_shape(Operation(technology="burner", **two, weigh_out_bridges=0))
    assert (same.bridges_in, same.bridges_out) == (2, 0)


def test_what_is_unfit_is_sent_on_from_the_gate():
    """A quarter of 308 loads of ten tonnes: 77, within four standard errors of 7.6."""
    result = simulate(
        network(FEBRUARY, burner={"rejected_share": 0.25}), all_to_the_burner()
    )
    refused = (result.trips["outcome"] == "rejected").sum()
    assert abs(refused - 77) < 4 * math.sqrt(308 * 0.25 * 0.75)
    sent_on = result.trips[result.trips["attempt"] == 1]
    assert set(sent_on["destination"]) == {"pit.dump"}


def test_a_blend_limit_sends_wet_waste_on():
    """Half water, at most 40 % allowed: nothing is burnt, everything is buried."""
    limit = BlendLimit(technology="burner", property="moisture", max=0.4)
    scenario = replace(network(FEBRUARY), blend_limits=(limit,))
    result = simulate(scenario, all_to_the_burner())
    assert result.kpi("treated_t") == 0.0
    assert result.kpi("landfill_diversion_rate") == pytest.approx(0.0, abs=0.01)
    assert result.plants.set_index("plant").loc["hill.burner"][
        "blend_limit_t_per_y"
    ] == pytest.approx(110 * 365, rel=0.01)
    loose = replace(scenario, blend_limits=(limit.model_copy(update={"max": 0.5}),))
    assert "blend_limit" not in causes(simulate(loose, all_to_the_burner()))


def dumping(airspace_m3):
    """0.8 t/m3 and 20 % of cover: 1.5 m3/t."""
    scenario = with_rows(
        network(FEBRUARY), "technologies", compaction_t_per_m3=0.8, cover_share=0.2
    )
    return with_rows(scenario, "facilities", airspace_left_m3=airspace_m3)


def test_a_full_landfill_takes_nothing_more():
    """110 t/d take 165 m3/d: after 14 days' worth the loads are sent on, and burnt."""
    all_dumped = plan(route("town", "pit.dump"), route("village", "pit.dump"))
    result = simulate(dumping(165 * 14), all_dumped)
    assert causes(result)["airspace_full"] == pytest.approx(110 * 14, abs=20)
    places = result.plants.set_index("plant")
    for name in ("pit.dump", "hill.burner"):
        received = places.loc[name]["received_t_per_y"] * 28 / 365
        assert received == pytest.approx(110 * 14, abs=20)
    roomy = simulate(dumping(165 * 40), all_dumped)
    assert "airspace_full" not in causes(roomy)


def test_an_outlet_takes_no_more_than_its_limit():
    """22 t/d of slag, 20 t a load; 10 t/d are bought: 280 t in 28 days, 14 loads. The
    rest, 616 - 280 = 336 t give or take a load, is turned away and dumped."""
    scenario = with_rows(network(FEBRUARY), "outlets", limit_t_per_y=3650.0)
    result = simulate(scenario, all_to_the_burner(slag_to="buyer"))
    slag = result.trips[result.trips["carries"] == "slag"]
    sold = slag[(slag["destination"] == "buyer") & (slag["outcome"] == "tipped")]
    assert sold["tonnes"].sum() == pytest.approx(280.0)
    dumped = slag[slag["destination"] == "pit.dump"]
    assert dumped["tonnes"].sum() == pytest.approx(336, abs=40)
    assert result.kpi("landfilled_t") * 28 / 365 == pytest.approx(336, abs=40)


# Store --------------------------------------------------------------------------------


def test_a_store_lets_lots_go_in_time():
    """5 t for 6 h, 3 t for 10 h of which 8 are allowed: 5 x 6 + 3 x 8 tonne-hours."""
    store = DwellStore(100.0, None, 8.0, np.random.default_rng(1))
    store._times = iter([6.0, 10.0])
    store.tip(0.0, 5.0, MIX, 50.0)
    store.tip(1.0, 3.0, MIX, 30.0)
    store.settle(6.5)
    assert (store.level, store.left, store.expired_t) == (3.0, 5.0, 3.0)
    assert store.taken() == {0: 5.0}
    store.settle(100.0)
    assert (store.level, store.left, store.expired) == (0.0, 8.0, 1)
    assert store.dwell_t_h == pytest.approx(5 * 6 + 3 * 8)
    assert store.area == pytest.approx(5 * 6 + 3 * 8)
    assert store.heat_gj == pytest.approx(0.0)


def as_store(**row):
    scenario = with_rows(network(FEBRUARY, burner=row), "technologies", kind="storage")
    return replace(
        scenario,
        technologies=(
            scenario.technologies[0],
            scenario.technologies[1].model_copy(update={"kind": "disposal"}),
        ),
    )


def test_a_store_with_a_limit_holds_that_many_days():
    """Nearly everything would stay 30 days, 3 are allowed: 110 t/d x 3 d lie there,
    and all of it expires."""
    scenario = as_store(dwell_mean_d=30, dwell_shape=20, dwell_max_d=3)
    assert findings(scenario) == []
    result = simulate(scenario, all_to_the_burner())
    store = result.plants.set_index("plant").loc["hill.burner"]
    assert store["stock_mean_t"] == pytest.approx(330, rel=0.02)
    assert store["expired_t_per_y"] == pytest.approx(110 * 365, rel=0.02)
    assert store["treated_t_per_y"] == pytest.approx(110 * 365, rel=0.02)


def test_a_store_without_a_dwell_waits_for_a_truckload_in_limits():
    """22 t/d of slag and 20 t a load never wait two days; 2 t/d wait two days, then
    leave as 4 t."""
    busy = simulate(as_store(dwell_max_d=2), all_to_the_burner())
    quiet = with_rows(as_store(dwell_max_d=2), "generation", waste_t_per_y=1825.0)
    quiet = simulate(quiet, all_to_the_burner())
    load = {
        n: r.trips[r.trips["carries"] == "slag"]["tonnes"]
        for n, r in (("busy", busy), ("quiet", quiet))
    }
    assert load["busy"].median() == pytest.approx(20.0)
    assert load["quiet"].median() < 10.0
    place = quiet.plants.set_index("plant").loc["hill.burner"]
    assert place["expired_t_per_y"] > 0


# Fleets -------------------------------------------------------------------------------


def trips_a_day(**fleet):
    """Working days after the first week; town's loads wait from then on."""
    scenario = network(
        FEBRUARY, fleet={"trucks": 1, **fleet}, village_t_per_y=0.0,
        burner={"bunker_d": 50},
    )  # fmt: skip
    mine = plan(
        route("town", "hill.burner"), route("hill.burner", "pit.dump", product="slag")
    )
    trips = simulate(scenario, mine).trips
    trips = trips[trips["vehicle"] == "truck"]
    days = np.floor(trips["start_h"] / 24).astype(int)
    counts = days.value_counts()
    return sorted(set(counts[(counts.index > 7) & (counts.index < 27)]))


def test_a_break_costs_a_trip():
    """0.5 + 0.375 + 0.25 + 0.375 = 1.5 h a trip, shift from 6 to 16: six trips. With
    two hours of rest at 10: 6, 7.5, 9 (home 12.5), 12.5, 14 (home 15.5): five."""
    assert trips_a_day() == [6]
    assert trips_a_day(break_h=2, break_after_h=4) == [5]


def test_trucks_without_a_crew_stand_still():
    assert trips_a_day(trucks=5, crews=1) == [6]


# Centres ------------------------------------------------------------------------------


def through_the_yard(**centre):
    wanted = {"throughput_max_t_per_y": 80_000, **centre}
    scenario = network(FEBRUARY, centre=wanted)
    mine = plan(
        route("town", "yard"), route("village", "yard"),
        route("yard", "hill.burner"), route("hill.burner", "pit.dump", product="slag"),
    )  # fmt: skip
    result = simulate(scenario, mine)
    return result, result.trips[result.trips["origin"] == "yard"]


def test_a_baler_passes_what_it_can():
    """1 t/h, day and night: 672 t in 28 days of the 3,080 that come."""
    result, out = through_the_yard(baler_t_per_h=1.0)
    assert out["tonnes"].sum() == pytest.approx(672, abs=20)
    assert result.kpi("backlog_t") * 28 / 365 == pytest.approx(3080 - 672, rel=0.02)


def test_bulk_trucks_are_called_for_three_loads_at_once():
    """60 t wait before trucks of 20 t are called: they leave in threes."""
    fast = {"throughput_max_t_per_y": 8e6, "storage_t": 500}
    _, out = through_the_yard(haul_from_t=60, **fast)
    _, singly = through_the_yard(**fast)
    together = [np.diff(np.sort(t["start_h"])) < 0.1 for t in (out, singly)]
    assert together[0].mean() == pytest.approx(2 / 3, abs=0.03)
    assert together[1].mean() < 0.2


def test_what_waits_too_long_leaves_in_a_part_full_truck():
    """Two loads of 10 t fill a trailer; with a night's wait at most, some go alone."""
    _, out = through_the_yard(haul_after_d=0.01)
    assert out["tonnes"].min() == pytest.approx(10.0)
    _, full = through_the_yard()
    assert full["tonnes"].min() == pytest.approx(20.0)


# Calendar --------------------------------------------------------------


def test_a_holiday_is_missed_and_made_up_for():
    """Nothing on 2 January: the other 364 days have 365/364 of the mean."""
    scenario = network(season={("holiday", 102): 0.0})
    case = assemble(scenario, all_to_the_burner(), "p1", days=7, warm_up_d=0)
    factors = case.profiles[case.sources[0].profile]
    assert factors[1] == 0.0
    assert factors[0] == pytest.approx(365 / 364)
    assert list(profiles_are_whole(scenario)) == []
    wrong = network(season={("holiday", 431): 0.0})
    assert "no day of the year" in next(iter(profiles_are_whole(wrong))).message
