"""Whole runs on a town, a burner and a dump, small enough to check on paper."""

import math
import os
import subprocess
import sys
from itertools import pairwise

import pytest
from small_network import ASH, all_to_the_burner, network, plan, route

from wasteplan.errors import PlanError
from wasteplan.plan.records import Closure
from wasteplan.sim import simulate

YEAR = {"days": 364, "warm_up_d": 28, "replications": 2}


def plant(result, name):
    return result.plants.set_index("plant").loc[name]


def test_abundant_capacity_diverts_all_but_the_ash():
    """110 t/d burnt, 20 % ash dumped: diversion 80 %; 22 t/d are 1.1 trailers a day."""
    result = simulate(network(YEAR), all_to_the_burner())
    assert result.kpi("landfill_diversion_rate") == pytest.approx(1 - ASH, abs=2e-3)
    assert result.kpi("generated_t") == pytest.approx(40_150)
    assert result.kpi("landfilled_t") == pytest.approx(ASH * 40_150, rel=0.01)
    assert result.kpi("turned_away_t") == 0.0
    assert result.kpi("untreated_t") == 0.0


def test_truck_kilometres_are_those_of_the_planner():
    """Town 100 t/d x 2 x 15 km / 10 t + village 10 t/d x 2 x 10 km / 10 t = 320 km/d;
    slag 22 t/d x 2 x 10 km / 20 t = 22 km/d."""
    result = simulate(network(YEAR), all_to_the_burner())
    assert result.kpi("truck_km_per_y") == pytest.approx(342 * 365, rel=0.01)


def test_electricity_is_tonnes_times_heat_times_efficiency():
    """LHV 0.5 x 22.443 - 0.5 x 2.443 = 10 GJ/t; x 0.2 / 3.6 = 0.5556 MWh/t."""
    result = simulate(network(YEAR), all_to_the_burner())
    treated = result.kpi("treated_t")
    made = result.kpi("electricity_mwh_per_y")
    assert made == pytest.approx(treated * 10 * 0.2 / 3.6, rel=1e-9)


def test_a_burner_too_small_sends_the_rest_to_the_dump():
    """110 t/d come, 50 t/d are burnt, the bunker of 2 days is full: 60 t/d go on.  With
    10 t/d of slag these are 60 of 120 t/d of first hauls."""
    scenario = network(YEAR, burner_t_per_y=18_250, burner={"bunker_d": 2})
    result = simulate(scenario, all_to_the_burner())
    assert result.kpi("treated_t") == pytest.approx(18_250, rel=0.002)
    assert result.kpi("turned_away_share") == pytest.approx(0.5, abs=0.005)
    assert plant(result, "hill.burner")["bunker_full_t_per_y"] == pytest.approx(
        60 * 365, rel=0.02
    )
    assert plant(result, "hill.burner")["utilisation"] == pytest.approx(1.0, abs=0.01)
    landfilled = 60 * 365 + ASH * 18_250
    assert result.kpi("landfilled_t") == pytest.approx(landfilled, rel=0.02)


def test_the_next_plant_goes_before_the_dump():
    scenario = network(
        YEAR, burner_t_per_y=25_000, burner={"bunker_d": 2}, second_burner=True
    )
    result = simulate(scenario, all_to_the_burner())
    assert result.kpi("turned_away_t") > 10_000
    assert plant(result, "valley.burner")["received_t_per_y"] == pytest.approx(
        result.kpi("turned_away_t"), rel=0.02
    )
    only_slag = ASH * 25_000
    assert plant(result, "pit.dump")["received_t_per_y"] == pytest.approx(
        only_slag, rel=0.02
    )


def test_without_any_other_place_a_load_is_untreated():
    """The dump is closed: what the burner turns away has no place; its slag is sold."""
    scenario = network(burner_t_per_y=18_250, burner={"bunker_d": 2})
    mine = all_to_the_burner("buyer").model_copy(
        update={"closures": (Closure(facility="pit_now", period="p1"),)}
    )
    result = simulate(scenario, mine)
    assert result.kpi("untreated_t") == pytest.approx(60 * 365, rel=0.06)
    assert result.kpi("landfilled_t") == 0.0
    assert "untreated" in set(result.trips["outcome"])


def test_heat_limits_a_line_before_mass_does():
    """Waste of 10 GJ/t before a line for 5 GJ/t: half of 36,500 t/y, though mass would
    allow 1.1 x 36,500."""
    scenario = network(
        YEAR, burner_t_per_y=36_500, lhv_design=5.0, burner={"bunker_d": 3}
    )
    result = simulate(scenario, all_to_the_burner())
    assert result.kpi("treated_t") == pytest.approx(18_250, rel=0.005)
    assert plant(result, "hill.burner")["utilisation"] == pytest.approx(1.0, abs=0.01)


def test_shares_are_met_to_the_load():
    """3 : 1 in truckloads, over 28 days of 10 loads: 210 and 70."""
    mine = plan(
        route("town", "hill.burner", 0.75),
        route("town", "pit.dump", 0.25),
        route("village", "pit.dump"),
        route("hill.burner", "pit.dump", product="slag"),
    )
    trips = simulate(network(), mine).trips
    town = trips[trips["origin"] == "town"]["destination"].value_counts()
    assert abs(town["hill.burner"] - 210) <= 2
    assert abs(town["pit.dump"] - 70) <= 2


def test_slag_is_split_by_its_routes():
    mine = plan(
        route("town", "hill.burner"),
        route("village", "hill.burner"),
        route("hill.burner", "pit.dump", 0.5, product="slag"),
        route("hill.burner", "buyer", 0.5, product="slag"),
    )
    result = simulate(network(YEAR), mine)
    assert result.kpi("landfill_diversion_rate") == pytest.approx(0.9, abs=2e-3)


def test_what_leaks_is_not_hauled():
    result = simulate(network(leaks=0.3), all_to_the_burner())
    assert result.kpi("leaked_t") == pytest.approx(0.3 * 40_150)
    treated = 0.7 * 40_150
    assert result.kpi("treated_t") == pytest.approx(treated, rel=0.02)


def test_what_no_route_collects_is_lost():
    mine = plan(
        route("town", "hill.burner"),
        route("hill.burner", "pit.dump", product="slag"),
    )
    result = simulate(network(), mine)
    assert result.kpi("leaked_t") == pytest.approx(3_650)


def test_season_changes_days_and_not_the_year():
    """No waste on Sundays, double in January: the year is the same."""
    season = {("weekday", 7): 0.0, ("month", 1): 2.0}
    scenario = network({**YEAR, "days": 365}, season=season)
    result = simulate(scenario, all_to_the_burner())
    assert result.kpi("generated_t") == pytest.approx(40_150, rel=1e-9)
    january = result.trips[result.trips["arrive_h"] < 31 * 24]["tonnes"].sum()
    march = result.trips[
        (result.trips["arrive_h"] >= 59 * 24) & (result.trips["arrive_h"] < 90 * 24)
    ]["tonnes"].sum()
    assert january / march == pytest.approx(2.0, rel=0.06)


def test_availability_is_that_of_renewal_theory():
    """MTBF 40 h, MTTR 10 h: 0.8; over a year, two lines and 4 runs +- 0.02."""
    scenario = network(
        {**YEAR, "replications": 4}, burner={"mtbf_h": 40, "mttr_h": 10, "lines": 2}
    )
    result = simulate(scenario, all_to_the_burner())
    assert plant(result, "hill.burner")["availability"] == pytest.approx(0.8, abs=0.02)


def test_overhaul_takes_its_weeks():
    """13 of 52.14 weeks: availability 0.7507, whenever it starts."""
    scenario = network(
        {"days": 365, "warm_up_d": 0}, burner={"planned_outage_weeks": 13}
    )
    result = simulate(scenario, all_to_the_burner())
    assert result.kpi("availability") == pytest.approx(1 - 91 / 365, abs=1e-6)


def test_without_operations_availability_derates_the_line():
    scenario = network()
    half = [t.model_copy(update={"availability": 0.25}) for t in scenario.technologies]
    object.__setattr__(scenario, "technologies", tuple(half))
    result = simulate(scenario, all_to_the_burner())
    assert result.kpi("treated_t") == pytest.approx(0.25 * 73_000, rel=0.01)
    assert result.kpi("availability") == pytest.approx(0.25)


def test_a_slow_gate_makes_trucks_wait():
    """11 trucks a day, one bay, 60 min: some wait; two bays: fewer."""
    waits = []
    for bays in (1, 2):
        gate = {"bays": bays, "tip_min": 60, "opens_h": 6, "opening_h_per_d": 12}
        result = simulate(network(burner=gate), all_to_the_burner())
        waits.append(result.kpi("gate_wait_mean_min"))
    assert waits[0] > 30 > waits[1] > 0


def test_loads_of_a_closed_day_come_on_the_next_open_one():
    gate = {"opens_h": 8, "opening_h_per_d": 8, "opening_d_per_week": 5}
    result = simulate(network(burner=gate), all_to_the_burner())
    arrivals = result.trips[result.trips["destination"] == "hill.burner"]["arrive_h"]
    weekday = (arrivals // 24 + 1) % 7  # 1 January 2030 is a Tuesday
    assert set(weekday) == {0, 1, 2, 3, 4}
    assert (arrivals % 24).between(8, 16).all()


def test_trucks_of_a_fleet_stay_at_home_if_the_gate_is_never_open():
    """The gate is open from 3 to 5, shifts begin at 6: all 110 t/d wait, ever more."""
    gate = {"opens_h": 3, "opening_h_per_d": 2}
    scenario = network(burner=gate, fleet={"trucks": 20, "shift_start_h": 6})
    result = simulate(scenario, all_to_the_burner())
    assert result.kpi("trips_per_y") == 0.0
    assert result.kpi("uncollected_t") == pytest.approx(40_150, rel=0.02)
    assert result.kpi("landfill_diversion_rate") == pytest.approx(0.0, abs=0.02)


@pytest.mark.parametrize(
    ("gate", "fleet"),
    [
        ({"opens_h": 6, "opening_h_per_d": 12, "opening_d_per_week": 6}, {}),
        ({"opens_h": 10, "opening_h_per_d": 10}, {"shift_start_h": 6}),
    ],
)
def test_trucks_of_a_fleet_come_while_the_gate_is_open_or_soon_will_be(gate, fleet):
    """The shift goes on on a Sunday, or begins 4 h before the gate opens: nobody is
    turned away, and nobody waits longer than 2 h for the gate."""
    trucks = {"trucks": 20, "days_per_week": 7, **fleet}
    scenario = network(YEAR, burner=gate, fleet=trucks)
    result = simulate(scenario, all_to_the_burner())
    assert result.kpi("turned_away_t") == 0.0
    assert result.trips["wait_h"].max() <= 2.0 + 1e-9
    assert result.kpi("landfill_diversion_rate") == pytest.approx(0.8, abs=5e-3)


def test_a_small_yard_turns_trucks_away():
    gate = {"bays": 1, "tip_min": 90, "yard_trucks": 2}
    result = simulate(network(burner=gate), all_to_the_burner())
    assert plant(result, "hill.burner")["yard_full_t_per_y"] > 1_000
    assert plant(result, "hill.burner")["wait_95_min"] < 240


def test_few_trucks_leave_waste_waiting():
    """One truck, 10 h: 1.5 h a trip from the town (0.5 + 0.75 + 0.25): 6 trips a day,
    60 of 110 t; the rest waits."""
    scenario = network(fleet={"trucks": 1, "days_per_week": 7})
    result = simulate(scenario, all_to_the_burner())
    daily = result.kpi("treated_t") / 365
    assert daily == pytest.approx(64, abs=4)
    waiting = result.kpi("waiting_for_trucks_t")
    assert waiting == pytest.approx((110 - daily) * 35, rel=0.05)
    assert result.kpi("fleet_use") == pytest.approx(10 / 24, abs=0.03)


def test_enough_trucks_bring_everything():
    scenario = network(YEAR, fleet={"trucks": 5, "days_per_week": 6})
    result = simulate(scenario, all_to_the_burner())
    assert result.kpi("landfill_diversion_rate") == pytest.approx(0.8, abs=5e-3)
    sundays = (result.trips["start_h"] // 24 + 1) % 7 == 6
    assert not (sundays & (result.trips["vehicle"] == "truck")).any()


def test_containers_are_emptied_and_overflow_is_seen():
    """Bins hold the mean of 7 days: with noise they overflow in about half the weeks;
    the waste beside them is collected all the same."""
    bins = {"volume_m3": 1.0, "pickup_every_d": 7, "variation": 0.5}
    result = simulate(network(YEAR, containers=bins), all_to_the_burner())
    assert result.kpi("container_overflow_t") == pytest.approx(0.075 * 40_150, rel=0.3)
    assert result.kpi("landfill_diversion_rate") == pytest.approx(0.8, abs=0.01)
    village = result.trips[result.trips["origin"] == "village"]
    days = (village["start_h"] // 24).astype(int).unique()
    assert all(b - a == 7 for a, b in pairwise(days))


def via_the_yard():
    return plan(
        route("town", "yard"),
        route("village", "yard"),
        route("yard", "hill.burner"),
        route("hill.burner", "pit.dump", product="slag"),
    )


def test_a_centre_turns_small_loads_into_big_ones():
    centre = {"throughput_max_t_per_y": 80_000}
    result = simulate(network(YEAR, centre=centre), via_the_yard())
    bulk = result.trips[result.trips["origin"] == "yard"]
    assert (bulk["tonnes"] == 20.0).all()
    assert bulk["tonnes"].sum() == pytest.approx(110 * 364, rel=0.01)
    assert result.kpi("landfill_diversion_rate") == pytest.approx(0.8, abs=3e-3)


def test_a_full_centre_sends_loads_on():
    """A centre that loads 30 t/d and holds 40 t passes most loads to the burner."""
    centre = {"throughput_max_t_per_y": 10_950, "storage_t": 40}
    result = simulate(network(YEAR, centre=centre), via_the_yard())
    full = plant(result, "yard")["centre_full_t_per_y"]
    assert full > 15_000
    assert plant(result, "yard")["stock_max_t"] <= 40
    direct = result.trips[
        (result.trips["destination"] == "hill.burner") & (result.trips["attempt"] == 1)
    ]
    assert direct["tonnes"].sum() == pytest.approx(full * 364 / 365, rel=0.01)


def test_a_plan_that_does_not_fit_is_refused():
    scenario = network()
    with pytest.raises(PlanError, match=r"sum to 0\.5"):
        simulate(scenario, plan(route("town", "hill.burner", 0.5)))
    with pytest.raises(PlanError, match=r"valley\.burner"):
        simulate(scenario, plan(route("town", "valley.burner")))
    with pytest.raises(PlanError, match="no period 'p9'"):
        simulate(scenario, all_to_the_burner(), period="p9")


def test_slag_that_a_plant_does_not_take_is_refused():
    mine = plan(
        route("town", "hill.burner"),
        route("hill.burner", "valley.burner", product="slag"),
    )
    with pytest.raises(PlanError, match="does not take slag"):
        simulate(network(second_burner=True), mine)


def test_the_result_is_documented_and_prints():
    result = simulate(network(), all_to_the_burner())
    text = result.summary()
    assert len(text.splitlines()) <= 14
    assert "Diversion from landfill" in text
    assert list(result.kpis.columns) == [
        "id", "label", "unit", "period", "mean", "half_width", "low", "high", "n",
    ]  # fmt: skip
    assert result.trips["arrive_h"].is_monotonic_increasing
    assert (result.stocks["day"] > 0).all()
    assert (result.stocks["stock_t"] >= 0).all()
    one = simulate(network(), all_to_the_burner(), replications=1)
    assert math.isnan(one.kpis["half_width"].iloc[0])
    with pytest.raises(KeyError):
        result.kpi("happiness")


def test_more_replications_narrow_the_interval():
    bins = {"volume_m3": 1.0, "variation": 1.0}
    scenario = network(containers=bins)
    widths = []
    for n in (3, 30):
        result = simulate(scenario, all_to_the_burner(), replications=n)
        row = result.kpis.set_index("id").loc["generated_t"]
        assert row["low"] < 40_150 < row["high"]
        widths.append(row["half_width"])
    assert widths[1] < widths[0]


STOPPED = """
import os, signal, sys, threading, time
from pathlib import Path
from wasteplan.sim import replications

def slow(case, seed, replication, **_):
    Path(sys.argv[1], str(os.getpid())).touch()
    time.sleep(600)

replications.replicate = slow
if __name__ == "__main__":
    def ask():
        while len(list(Path(sys.argv[1]).iterdir())) < 2:
            time.sleep(0.05)
        os.kill(os.getpid(), signal.SIGINT)
    threading.Thread(target=ask, daemon=True).start()
    list(replications.replications_of([None], 1, 8, 2))
"""


def test_stopping_ends_the_other_processes_at_once(tmp_path):
    """Eight tasks of ten minutes each on two processes, stopped when both are at work:
    it ends before any task could, no further task begins, and both processes are gone.
    """
    script, work = tmp_path / "stopped.py", tmp_path / "work"
    script.write_text(STOPPED)
    work.mkdir()
    done = subprocess.run(
        [sys.executable, str(script), str(work)],
        capture_output=True,
        timeout=240,  # a loaded machine takes long to start them
        check=False,
    )
    assert done.returncode != 0
    assert b"KeyboardInterrupt" in done.stderr
    began = [int(p.name) for p in work.iterdir()]
    assert len(began) == 2
    for process in began:
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)


def test_outages_and_idle_hours_tell_where_the_hours_of_a_line_went():
    """One line, overhauled a week of 364 days and broken 10 h in 110 h: the hours of
    its outages are what its availability lacks; idle hours are the empty bunker's."""
    burner = {"planned_outage_weeks": 1, "mtbf_h": 100, "mttr_h": 10, "bunker_d": 2}
    result = simulate(network(YEAR, burner=burner), all_to_the_burner(), replications=1)
    lost = result.outages.assign(h=result.outages["to_h"] - result.outages["from_h"])
    planned = lost[lost["cause"] == "planned"]["h"].sum()
    forced = lost[lost["cause"] == "forced"]["h"].sum()
    assert planned == pytest.approx(168.0, abs=1e-6)
    hours = 364 * 24.0
    row = plant(result, "hill.burner")
    # both at once count once: the sum of causes is at least what is missing
    assert planned < hours * (1 - row["availability"]) <= planned + forced + 1e-6
    assert 0.05 < forced / hours < 0.15
    idle = result.stocks.groupby("place")["idle_h"].sum()
    assert idle["hill.burner"] == pytest.approx(row["empty_share"] * hours)


def test_samples_hold_every_replication_and_their_mean_is_the_indicator():
    result = simulate(network(YEAR), all_to_the_burner())
    part = result.samples[result.samples["id"] == "generated_t"]
    assert list(part["replication"]) == [0, 1]
    assert part["value"].mean() == pytest.approx(result.kpi("generated_t"), rel=1e-12)


@pytest.mark.parametrize("workers", [1, 2])
def test_progress_names_the_simulated_date_and_changes_no_result(workers):
    told = []
    quiet = simulate(network(YEAR), all_to_the_burner(), workers=workers)
    result = simulate(
        network(YEAR), all_to_the_burner(), workers=workers, progress=told.append
    )
    assert result.kpis.equals(quiet.kpis)
    assert told
    assert all(0 <= t.share <= 1 for t in told)
    assert 2029 <= told[0].today.year <= 2030
