"""Fleet answers: trucks needed, waits for trucks, states, power by hour, causes."""

import math

import numpy as np
import pytest
from small_network import all_to_the_burner, network

from wasteplan.sim import simulate
from wasteplan.sim.bunker import Bunker
from wasteplan.sim.fleet_measures import trucks_needed
from wasteplan.sim.indicator_names import KPIS, PLANT_MEASURES

MONTH = {"days": 28, "warm_up_d": 7, "replications": 2}


def fleet_of(trucks, **more):
    gate = {"bunker_d": 50, "bays": 2, "tip_min": 15, "weigh_in_min": 2}
    scenario = network(MONTH, fleet={"trucks": trucks, **more}, burner=gate)
    result = simulate(scenario, all_to_the_burner())
    return result, result.fleets.iloc[0]


def test_the_trucks_needed_are_the_most_that_are_out_at_once():
    """Day 0: 2 at once. Day 1: 3 at once. Day 2: nothing. 95 % of 3 days: 3; of 40 days
    with one such day: the 38th of the ordered days, 2."""
    ready = np.array([6.0, 7.0, 30.0, 30.0, 31.0])
    away = np.full(5, 1.5)
    assert trucks_needed(ready, away, [0, 1, 2]) == 3.0
    many = np.concatenate([ready] + [ready[:2] + 24 * d for d in range(2, 40)])
    assert trucks_needed(many, np.full(len(many), 1.5), list(range(40))) == 2.0
    assert trucks_needed(np.zeros(0), np.zeros(0), [0, 1]) == 0.0
    assert math.isnan(trucks_needed(ready, away, []))


def test_who_comes_home_is_free_for_who_leaves_at_that_moment():
    assert trucks_needed(np.array([6.0, 7.0]), np.array([1.0, 1.0]), [0]) == 1.0


def test_with_the_trucks_needed_the_service_level_is_kept():
    """The need found with plenty of trucks is enough, and one tenth of it is not."""
    _, plenty = fleet_of(60)
    needed = math.ceil(plenty["trucks_needed"])
    assert plenty["service_level"] == 1.0
    assert plenty["wait_max_h"] == 0.0
    assert 1 < needed < 60
    _, enough = fleet_of(needed)
    assert enough["service_level"] >= 0.95
    _, few = fleet_of(max(needed // 10, 1))
    assert few["service_level"] < 0.95
    assert few["missed_pickups_per_y"] > 0
    assert few["wait_mean_h"] > enough["wait_mean_h"]
    assert few["wait_mean_h"] <= few["wait_max_h"]


def test_the_hours_of_the_trucks_add_up():
    """Loading 0.5 h a trip; shares of all states sum to one."""
    result, row = fleet_of(6)
    shares = [
        "driving_share", "loading_share", "queueing_share", "at_gate_share",
        "idle_share", "off_shift_share",
    ]  # fmt: skip
    assert sum(row[s] for s in shares) == pytest.approx(1.0, abs=1e-3)
    assert row["loading_share"] == pytest.approx(row["trips_per_y"] * 0.5 / (6 * 8760))
    assert row["use_of_shift"] <= 1.0 + 1e-9
    assert row["depot"] == "depot"
    assert {f"{s}_half_width" for s in shares} <= set(result.fleets.columns)


def test_what_is_burnt_is_told_by_the_hour():
    """10 t at 22:30 of the first day, 2 t/h: 1 t before 23, 2 t before midnight, 2 t in
    each of three hours, 1 t after 3."""
    bunker = Bunker()
    bunker.by_hour = [0.0] * 24
    bunker.outflow = 2.0
    bunker.tip(22.5, 10.0, ((0, 1.0),), math.nan)
    bunker.settle(40.0)
    expected = [0.0] * 24
    for hour, tonnes in ((22, 1.0), (23, 2.0), (0, 2.0), (1, 2.0), (2, 2.0), (3, 1.0)):
        expected[hour] = tonnes
    assert bunker.by_hour == pytest.approx(expected)


def test_power_by_hour_sums_to_the_electricity():
    """10 GJ/t x 20 % = 0.556 MWh/t; the hours of a mean day are the year's 365th."""
    result = simulate(network(MONTH), all_to_the_burner())
    hours = result.by_hour
    assert hours["hour"].tolist() == list(range(24))
    assert hours["mean_mw"].sum() * 365 == pytest.approx(
        result.kpi("electricity_mwh_per_y")
    )
    assert hours["half_width_mw"].notna().all()
    assert hours["mean_mw"].iloc[3] < hours["mean_mw"].iloc[15]  # trucks come by day


def test_causes_add_up_to_what_plants_turned_away():
    gate = {"bunker_d": 2, "opens_h": 8, "opening_h_per_d": 6}
    scenario = network(MONTH, burner_t_per_y=18_250, burner=gate)
    result = simulate(scenario, all_to_the_burner())
    causes = [k for k in KPIS if k.startswith("turned_away_") and k != "turned_away_t"]
    by_cause = {k: result.kpi(k) for k in causes if k != "turned_away_share"}
    assert by_cause["turned_away_bunker_full_t"] > 0
    places = result.plants[[c for c in PLANT_MEASURES if c.endswith("full_t_per_y")]]
    assert by_cause["turned_away_bunker_full_t"] == pytest.approx(
        float(places["bunker_full_t_per_y"].sum())
    )


def test_transport_work_is_tonnes_times_the_way():
    """110 t/d over 15 and 10 km (town, village), slag 22 t/d over 10 km, one way."""
    result = simulate(network(MONTH), all_to_the_burner())
    t = result.trips
    assert result.kpi("t_km_per_y") == pytest.approx(
        float((t["tonnes"] * t["truck_km"]).sum()) / 2 * 365 / 28, rel=0.02
    )


def test_availability_by_time_and_by_tonnes_differ_with_a_ramp():
    """Seven of 28 days off, then two days worth one: 21/28 by time, 20/28 by tonnes;
    the capacity factor of a busy plant is that of tonnes."""
    row = {"planned_outage_weeks": 1, "planned_outage_from_d": 10, "ramp_h": 48}
    scenario = network(MONTH, burner_t_per_y=18_250, burner=row)
    result = simulate(scenario, all_to_the_burner())
    assert result.kpi("availability") == pytest.approx(21 / 28)
    assert result.kpi("availability_of_tonnes") == pytest.approx(20 / 28)
    assert result.kpi("capacity_factor") == pytest.approx(20 / 28)
    plant = result.plants.set_index("plant").loc["hill.burner"]
    assert plant["overhaul_share"] == pytest.approx(7 / 28)
    assert plant["ramp_share"] == pytest.approx(2 / 28)
    assert plant["broken_share"] == pytest.approx(0.0, abs=1e-9)
