"""Hours of the day: loads are ready when a profile says, and wait until they can go."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_network import all_to_the_burner, network

from wasteplan.scenario.checks_waste import profiles_are_whole
from wasteplan.sim import simulate
from wasteplan.sim.assembly import assemble
from wasteplan.sim.calendar import Hours
from wasteplan.sim.readiness import ready_hours
from wasteplan.sim.timetable import Arrivals

DAYS = {"days": 28, "warm_up_d": 7, "replications": 1}


def hours(**factors):
    """Rows of a profile: the factor of some hours, e.g. h7=24.0; else 0."""
    return {("hour", i): factors.get(f"h{i}", 0.0) for i in range(1, 25)}


def arrivals(scenario):
    """Hour of the day at which loads of the town and the village come."""
    trips = simulate(scenario, all_to_the_burner(), days=28).trips
    first = trips[trips["origin"].isin(["town", "village"])]
    assert len(first) > 200
    return first


def test_waste_of_the_night_stands_before_the_gate_in_the_morning():
    """Ten loads are ready at night, the gate opens at 8, weighing takes 6 min: they
    wait 0, 6, ... 54 min, 27 on average.
    """
    gate = {"weigh_in_min": 6.0, "weighbridges": 1, "opens_h": 8, "opening_h_per_d": 10}
    scenario = network(
        burner=gate,
        village_t_per_y=0.0,
        season=hours(h2=12.0, h5=12.0),
        simulation=DAYS,
    )
    found = simulate(scenario, all_to_the_burner())
    assert found.kpi("gate_wait_mean_min") == pytest.approx(27.0, abs=1e-6)
    assert found.kpi("gate_wait_max_min") == pytest.approx(54.0, abs=1e-6)
    came = found.trips[found.trips["origin"] == "town"]["arrive_h"] % 24
    assert came.to_numpy() == pytest.approx(8.0)


def test_loads_come_in_the_shares_of_their_hours():
    """A quarter is ready from 9 to 10, the rest from 14 to 15: within 4 standard
    errors of that, and at no other hour.
    """
    scenario = network(season=hours(h10=6.0, h15=18.0), simulation=DAYS)
    hour = np.floor(arrivals(scenario)["arrive_h"] % 24)
    assert set(hour) == {9.0, 14.0}
    error = np.sqrt(0.25 * 0.75 / len(hour))
    assert (hour == 9.0).mean() == pytest.approx(0.25, abs=4 * error)


def test_what_is_ready_in_the_evening_comes_the_next_morning():
    """Trucks come from 6 to 18: what is ready at 20 is there at 6."""
    came = arrivals(network(season=hours(h21=24.0), simulation=DAYS))["arrive_h"]
    assert (came % 24).to_numpy() == pytest.approx(6.0)


def night(hour):
    """Hours at which loads come that are ready from `hour` - 1 on; open 20 to 6."""
    gate = {"opens_h": 20, "opening_h_per_d": 10}
    scenario = network(burner=gate, season=hours(**{f"h{hour}": 24.0}), simulation=DAYS)
    return arrivals(scenario)["arrive_h"].to_numpy() % 24


def test_a_night_gate_is_still_open_after_midnight():
    """What is ready from 2 to 3 comes then; at noon it waits until 20."""
    assert 2.0 <= night(3).min() < night(3).max() < 3.0
    assert night(12) == pytest.approx(20.0)
    assert 21.0 <= night(22).min() < night(22).max() < 22.0


def test_the_night_after_a_closed_day_is_closed():
    """Open 20 to 6 from Monday to Friday: what is ready at 2 on Saturday comes then,
    on Sunday and Monday on Monday at 20.
    """
    times = Arrivals(Hours(20, 10, 5)).waiting(np.arange(1, 8), np.full(7, 2.0))
    monday = 7 * 24 + 20.0
    assert times.tolist() == [26.0, 50.0, 74.0, 98.0, 122.0, monday, monday]


def test_a_haul_comes_within_the_night():
    """Open 20 to 6, half past the night is at 1."""
    assert Arrivals(Hours(20, 10)).after(24.5, 0.5) == 25.0
    assert Arrivals(Hours(20, 10)).after(25.5, 0.5) == 49.0


def test_a_fleet_is_asked_when_the_load_is_ready():
    """Shift from 6, loading takes half an hour: what is ready from 10 to 11 leaves the
    town from 10.5 to 11.5.
    """
    fleet = {"trucks": 30, "shift_start_h": 6, "days_per_week": 7}
    trips = arrivals(network(fleet=fleet, season=hours(h11=24.0), simulation=DAYS))
    left = trips["start_h"] % 24
    assert left.min() >= 10.5
    assert left.max() < 11.5
    assert left.max() - left.min() > 0.8


def test_the_tonnes_of_a_day_stay():
    plain = simulate(network(simulation=DAYS), all_to_the_burner())
    told = simulate(
        network(season=hours(h11=24.0), simulation=DAYS), all_to_the_burner()
    )
    assert told.kpi("generated_t") == pytest.approx(plain.kpi("generated_t"), rel=1e-12)


def test_rounds_are_of_one_profile():
    """Two small generators share a round unless they are ready at other hours."""
    small = {"town_t_per_y": 36.5, "village_t_per_y": 36.5}
    scenario = network(season=hours(h11=24.0), **small, simulation=DAYS)
    town, village = scenario.generation
    generators = tuple(
        g.model_copy(update={"region": "north"}) for g in scenario.generators
    )
    one = replace(scenario, generators=generators)
    two = replace(one, generation=(town, village.model_copy(update={"profile": ""})))

    def groups(case):
        return len(
            assemble(case, all_to_the_burner(), "p1", days=7, warm_up_d=0).groups
        )

    assert (groups(one), groups(two)) == (1, 2)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ({("hour", 1): 1.0}, "no factor for hour 2"),
        ({("hour", 25): 1.0}, "25 is above 24, the last hour"),
        ({("hour", i): 2.0 for i in range(1, 25)}, "have mean 2, not 1"),
    ],
)
def test_a_profile_has_all_hours(rows, words):
    messages = [f.message for f in profiles_are_whole(network(season=rows))]
    assert any(words in m for m in messages)


@given(
    st.lists(st.floats(0.0, 9.0), min_size=24, max_size=24).filter(
        lambda f: sum(f) > 1e-3
    ),
    st.floats(0.0, 1.0, exclude_max=True),
)
def test_the_share_before_the_hour_is_the_spread(factors, spread):
    """The definition: so much of the day's waste has come before that hour."""
    hour = float(ready_hours(np.array([spread]), factors)[0])
    whole = int(min(hour, 23))
    before = sum(factors[:whole]) + factors[whole] * (hour - whole)
    assert before / sum(factors) == pytest.approx(spread, abs=1e-9)
