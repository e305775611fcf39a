"""What piles up, and limits that hold: bunkers, centres, yards, unequal lines."""

from itertools import repeat

import pytest
from small_network import all_to_the_burner, network, plan, route

from wasteplan.sim import simulate
from wasteplan.sim.assembly import assemble
from wasteplan.sim.assumptions import assumptions
from wasteplan.sim.gate import Gate
from wasteplan.sim.line import Lines, Rating
from wasteplan.sim.yard import GateShape

YEAR = {"days": 364, "warm_up_d": 28, "replications": 1}


def via_the_yard():
    return plan(
        route("town", "yard"),
        route("village", "yard"),
        route("yard", "hill.burner"),
        route("hill.burner", "pit.dump", product="slag"),
    )


def test_what_piles_up_in_a_bunker_is_not_diverted():
    """110 t/d come, 50 t/d are burnt, the bunker has room for all: 60 t/d pile up.
    Diverted is 80 % of what is burnt, 40 of 110 t/d."""
    endless = {"bunker_d": 10_000}
    scenario = network(YEAR, burner_t_per_y=18_250, burner=endless)
    result = simulate(scenario, all_to_the_burner())
    assert result.kpi("backlog_t") == pytest.approx(60 * 365, rel=2e-3)
    assert result.kpi("landfill_diversion_rate") == pytest.approx(40 / 110, abs=2e-3)


def test_what_piles_up_in_a_centre_is_not_diverted():
    """110 t/d come, 30 t/d leave for the burner, 80 t/d pile up: 24 of 110 diverted."""
    scenario = network(YEAR, centre={"throughput_max_t_per_y": 10_950})
    result = simulate(scenario, via_the_yard())
    assert result.kpi("backlog_t") == pytest.approx(80 * 365, rel=2e-3)
    assert result.kpi("landfill_diversion_rate") == pytest.approx(24 / 110, abs=2e-3)


def test_what_piles_up_before_a_gate_is_not_diverted():
    """One bay, 6 h a truck: 4 of 11 trucks a day tip, 70 of 110 t/d stand and wait.
    Tipping times vary by half their mean: sqrt(1456) x 0.5 / 1456 = 1.3 %."""
    gate = {"bays": 1, "tip_min": 360, "bunker_d": 10_000}
    result = simulate(network(YEAR, burner=gate), all_to_the_burner())
    assert result.kpi("backlog_t") == pytest.approx(70 * 365, rel=0.04)


def test_nothing_piles_up_where_there_is_room():
    result = simulate(network(YEAR), all_to_the_burner())
    assert result.kpi("backlog_t") < 1e-3 * result.kpi("generated_t")


def test_a_bunker_that_is_not_stated_is_bounded():
    """50 t/d burnt: the room assumed is so many days of it, and then it is full."""
    room = assumptions()["bunker_unknown_d"] * 50
    scenario = network(YEAR, burner_t_per_y=18_250)
    case = assemble(scenario, all_to_the_burner(), "p1", days=7, warm_up_d=0)
    assert case.places[0].bunker_t == pytest.approx(room)
    result = simulate(scenario, all_to_the_burner())
    assert result.kpi("treated_t") == pytest.approx(18_250, rel=2e-3)
    assert result.kpi("turned_away_t") == pytest.approx(60 * 365, rel=0.02)


def test_a_centre_passes_what_it_states():
    """10,950 t/y are 30 t/d, day and night: a trailer of 20 t every 16 h, 546 in 364
    days."""
    scenario = network(YEAR, centre={"throughput_max_t_per_y": 10_950})
    trips = simulate(scenario, via_the_yard()).trips
    assert (trips["origin"] == "yard").sum() == 546


def test_looking_ahead_leaves_the_yard_as_it_is():
    """One place: tipped at 1 h, weighed out until 6 h. At 2 h it is taken, at 10 h it
    will be free, and at 2 h it is still taken."""
    shape = GateShape(bays=1, bridges_out=1, places=1)
    gate = Gate(shape, repeat(0.0), repeat(1.0), repeat(5.0))
    gate.admit(0.0, "truck")
    gate.release(1.0)
    assert [gate.has_place(h) for h in (2.0, 10.0, 2.0)] == [False, True, False]


def test_every_line_keeps_its_own_limits():
    """10 t/h and 80 or 120 GJ/h at 10 GJ/t: 8 + 10 t/h. 100 GJ/h and no limit by heat
    at 20 GJ/t: 5 + 10 t/h. Without the second line: 5 t/h."""
    lines = Lines([Rating(10.0, 80.0), Rating(10.0, 120.0)])
    assert lines.speed(10.0) == 18.0
    lines = Lines([Rating(10.0, 100.0), Rating(10.0)])
    assert lines.speed(20.0) == 15.0
    lines.stop(0.0, 1)
    assert lines.speed(20.0) == 5.0


def test_a_storage_that_fills_no_truck_is_enlarged_and_told():
    """A trailer takes 20 t: a centre for 12 t is simulated with room for two."""
    centre = {"throughput_max_t_per_y": 80_000, "storage_t": 12}
    result = simulate(network(centre=centre), via_the_yard())
    assert len(result.notes) == 1
    assert "yard: a storage of 12 t" in result.notes[0]
    assert "simulated with 40 t" in result.notes[0]
    assert result.notes[0] in result.summary()
    assert result.plants.set_index("plant").loc["yard"]["stock_max_t"] <= 40


def test_a_bunker_that_holds_no_load_is_enlarged_and_told():
    """1 % of the 200 t burnt a day are 2 t: no truck of 10 t could ever tip."""
    result = simulate(network(burner={"bunker_d": 0.01}), all_to_the_burner())
    assert "hill.burner: a bunker of 2 t holds no load of 10 t" in result.notes[0]
    assert simulate(network(burner={"bunker_d": 1}), all_to_the_burner()).notes == ()


def test_a_fleet_that_never_finds_the_gate_open_is_told():
    gate = {"opens_h": 3, "opening_h_per_d": 2}
    scenario = network(burner=gate, fleet={"trucks": 20, "shift_start_h": 6})
    notes = assemble(scenario, all_to_the_burner(), "p1", days=7, warm_up_d=0).notes
    assert [n.partition(":")[0] for n in notes] == [
        "town -> hill.burner", "village -> hill.burner",
    ]  # fmt: skip
