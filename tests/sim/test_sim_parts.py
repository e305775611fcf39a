"""Calendar, containers, collection, fleets and statistics on their own."""

import math
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wasteplan.sim.arrivals import first_arrivals, given_times, renewal_times
from wasteplan.sim.assumptions import assumptions
from wasteplan.sim.calendar import ALWAYS, Hours, daily_factors, first_day
from wasteplan.sim.case import FleetCase, Group, Haul
from wasteplan.sim.chance import Spread
from wasteplan.sim.collection import loads_of
from wasteplan.sim.container import empty_on_timetable
from wasteplan.sim.departure import NEVER, next_stretch
from wasteplan.sim.fleet import Fleet, latest_start
from wasteplan.sim.load import Load
from wasteplan.sim.statistics import interval, mser5, replications_needed
from wasteplan.sim.timetable import Arrivals

SHIFT = Hours(6, 10, 6)


def way(load_t=10.0, time_h=1.0, **changes):
    return Haul(0, load_t, 20.0, time_h, 0.5, 0.5, 0, 0, **changes)


# Calendar -----------------------------------------------------------------------------


@given(st.floats(0, 2000), st.integers(0, 23), st.integers(1, 24), st.integers(1, 7))
def test_the_next_opening_is_open_and_none_lies_before(now, opens, length, days):
    hours = Hours(opens, length, days)
    at = hours.next_open(now)
    assert hours.is_open(at)
    assert at >= now
    if at > now:
        assert not hours.is_open((now + at) / 2)


@given(st.integers(0, 400), st.integers(1, 7), st.integers(0, 6))
def test_open_days_one_by_one_or_many(day, days, weekday):
    hours = Hours(8, 8, days, weekday)
    found = hours.next_open_days(np.array([day]))[0]
    assert hours.next_open_day(day) == found
    assert hours.opening(found) is not None
    assert all(hours.opening(d) is None for d in range(day, found))


def test_always_is_always():
    assert ALWAYS.is_always
    assert ALWAYS.next_open(12.3) == 12.3


def test_a_night_shift_runs_past_midnight():
    """From 22 for 8 h on Mondays: open at 1 on Tuesday, not at 1 on Monday."""
    night = Hours(22, 8, 1)
    assert night.is_open(25.0)
    assert not night.is_open(1.0)


@given(
    st.dictionaries(st.integers(1, 12), st.floats(0.2, 3)),
    st.dictionaries(st.integers(1, 7), st.floats(0.2, 3)),
)
def test_factors_of_a_year_have_mean_one(months, weekdays):
    factors = daily_factors(months, weekdays, date(2031, 1, 1), 365)
    assert factors.mean() == pytest.approx(1.0)


def test_the_warm_up_ends_on_new_year():
    """28 days before 2030, then January twice February."""
    factors = daily_factors({1: 2.0, 2: 1.0}, {}, first_day(2030, 28), 28 + 59)
    assert factors[28] == pytest.approx(2 * factors[28 + 31])
    assert factors[27] == pytest.approx(1.0, abs=0.1)  # December


def test_trucks_come_while_the_gate_is_open():
    times = Arrivals(Hours(8, 4, 5)).times(
        np.array([4, 5, 6]), np.array([0.0, 0.5, 0.9])
    )
    assert times.tolist() == [104.0, 7 * 24 + 10, 7 * 24 + 11.6]
    assert Arrivals(Hours(20, 4)).time(0, 0.5) == 22.0  # a gate open at night only


def test_a_haul_that_takes_long_comes_a_later_day():
    arrivals = Arrivals(ALWAYS)
    starts = assumptions()["day_starts_h"]
    assert arrivals.after(starts - 1, 0.0) == starts
    assert arrivals.after(starts + 1, 0.0) == 24 + starts


# Arrivals -----------------------------------------------------------------------------


def test_a_timetable_and_given_times():
    rng = np.random.default_rng(1)
    assert first_arrivals(Spread("deterministic", 2.0), rng, 3).tolist() == [2, 4, 6]
    assert renewal_times(
        Spread("deterministic", 1.0), rng, 3.5, start=1.0
    ).tolist() == [
        2,
        3,
    ]
    assert given_times([2, 1]).tolist() == [1, 2]


def test_poisson_arrivals_have_their_rate():
    """10,000 expected: within five standard deviations."""
    times = renewal_times(Spread("exponential", 0.1), np.random.default_rng(1), 1000.0)
    assert abs(len(times) - 10_000) < 500
    assert times[-1] <= 1000.0


# Containers and collection ------------------------------------------------------------


@given(
    st.lists(st.floats(0, 5), min_size=1, max_size=40),
    st.floats(0.5, 9),
    st.integers(1, 9),
    st.data(),
)
def test_containers_lose_nothing(daily, capacity, every, data):
    first = data.draw(st.integers(0, every - 1))
    seen = empty_on_timetable(np.array(daily), capacity, every, first)
    total = seen.collected_t.sum() + seen.overflow_t.sum() + seen.left_t
    assert total == pytest.approx(sum(daily))
    assert (seen.collected_t <= capacity + 1e-9).all()
    picked = np.flatnonzero(seen.collected_t)
    assert ((picked - first) % every == 0).all()


@given(
    st.lists(st.floats(0, 60), min_size=1, max_size=30),
    st.floats(1, 30),
    st.booleans(),
)
def test_loads_hold_what_was_collected(daily, load_t, is_serviced):
    tonnes = np.array(daily)
    group = Group("town", 0, way(load_t), is_serviced)
    loads, left = loads_of(0, group, tonnes, 20 * tonnes, 1 * tonnes)
    assert loads.tonnes.sum() + left == pytest.approx(tonnes.sum(), abs=1e-6)
    assert (loads.tonnes <= load_t * (1 + 1e-6)).all()
    assert (loads.tonnes > 0).all()
    np.testing.assert_allclose(loads.km, 20, rtol=1e-6)
    if is_serviced:
        assert left == pytest.approx(0, abs=1e-6)
    else:
        assert left <= load_t * (1 + 1e-6)
        assert (loads.tonnes == load_t).all()


def test_a_load_is_as_far_as_the_waste_in_it():
    """10 t over 10 km, then 5 t over 40 km and 5 t over 20 km: 10 and 30 km."""
    tonnes = np.array([10.0, 10.0])
    group = Group("round", 0, way(10.0), is_serviced=False)
    loads, _ = loads_of(0, group, tonnes, np.array([100.0, 300.0]), tonnes)
    assert loads.km.tolist() == [10.0, 30.0]


# Fleets -------------------------------------------------------------------------------


class Road:
    """Sends trucks out and takes them back after a fixed time."""

    def __init__(self, trucks, trip_h, hours=SHIFT):
        self.agenda, self.left = [], []
        self.trip_h = trip_h
        self.fleet = Fleet(
            FleetCase("fleet", trucks, hours), lambda _: ALWAYS, self.send, self.call_at
        )

    def call_at(self, when, what, argument):
        self.agenda.append((when, len(self.agenda), what, argument))

    def send(self, now, load):
        self.left.append(now)
        self.fleet.home(now + self.trip_h)

    def ask(self, now, haul=None):
        haul = haul or way()
        load = Load(0, haul.load_t, ((0, 1.0),), 0.0, 0, haul, haul.km, haul.time_h)
        self.fleet.request(now, load)

    def run(self, until):
        while self.agenda and min(self.agenda)[0] <= until:
            entry = min(self.agenda)
            self.agenda.remove(entry)
            entry[2](entry[0], entry[3])
        self.fleet.serve(until)


def test_loads_wait_for_a_truck():
    """Two trucks, trips of 3 h, four loads at 6: two leave at 6, two at 9."""
    road = Road(trucks=2, trip_h=3.0)
    for _ in range(4):
        road.ask(6.0)
    assert road.fleet.waiting_t == 20.0
    road.run(12.0)
    assert road.left == [6.0, 6.0, 9.0, 9.0]
    assert road.fleet.waiting_t == 0.0
    assert road.fleet.busy(8.0 + 4.0) == pytest.approx(12.0)


def test_a_trip_that_no_longer_fits_waits_for_the_next_shift():
    """The shift ends at 16; a trip takes 0.5 + 1 + 0.5 + 1 = 3 h: last start at 13."""
    road = Road(trucks=1, trip_h=3.0)
    road.ask(13.0)
    road.run(16.0)
    road.ask(13.1 + 24)
    road.run(40.0)
    assert road.left == [13.0]
    road.run(54.0)
    assert road.left == [13.0, 54.0]


def test_nobody_drives_on_sunday():
    road = Road(trucks=1, trip_h=3.0)
    road.ask(5 * 24 + 17.0)  # Saturday evening
    road.run(6 * 24 + 12.0)
    assert road.left == []
    road.run(7 * 24 + 6.0)
    assert road.left == [7 * 24 + 6.0]


def test_short_trips_pass_a_long_one_late_in_the_shift():
    road = Road(trucks=1, trip_h=1.0)
    far = way(time_h=3.0)  # 7 h: may start until 9
    near = way(time_h=0.5)
    far_load = Load(0, 10.0, ((0, 1.0),), 0.0, 0, far, 90.0, 3.0)
    near_load = Load(0, 10.0, ((0, 1.0),), 0.0, 1, near, 15.0, 0.5)
    for load in (far_load, near_load):
        road.fleet.request(12.0, load)
    assert road.left == [12.0]
    assert road.fleet.loads() == [far_load]


def test_latest_starts():
    """Shift of 10 h, trip of 3 h: 7 h after its start; a trip of 12 h: in the first
    quarter; a gate that closes at 10: in time to arrive 1.5 h later."""
    assert latest_start(SHIFT, ALWAYS, way()) == pytest.approx(7.0, abs=1e-5)
    assert latest_start(SHIFT, ALWAYS, way(time_h=5.5)) == pytest.approx(2.5, abs=1e-5)
    assert latest_start(SHIFT, Hours(6, 4), way()) == pytest.approx(2.5, abs=1e-5)


def stretch(now, shift, gate, time_h=1.0):
    haul = way(time_h=time_h)
    return next_stretch(now, shift, gate, Load(0, 1, (), 0, 0, haul, 20.0, time_h))


def test_a_trip_waits_for_the_gate():
    """A truck is at the gate 1.5 h after it starts and waits there 2 h at most. The
    gate opens at 12: start from 8.5 to 13, when the trip of 3 h still fits. It opens
    from 5 to 9: start from 6 to 7.5."""
    always = Hours(6, 10, 7)
    assert stretch(6.0, always, Hours(12, 8)) == pytest.approx((8.5, 13.0), abs=1e-5)
    assert stretch(6.0, always, Hours(5, 4)) == pytest.approx((6.0, 7.5), abs=1e-5)
    assert stretch(8.0, always, Hours(5, 4)) == pytest.approx((30, 31.5), abs=1e-5)


def test_a_trip_waits_for_a_day_on_which_both_work():
    """A gate that opens on Monday only, at 6: on Tuesday the trip waits six days. With
    20.5 h to the gate: start on Sunday from 7.5 (there at 4 on Monday) to 8.5 (the
    first quarter of the shift, as the trip is longer than it)."""
    daily, monday = Hours(6, 10, 7), Hours(6, 10, 1)
    assert stretch(30.0, daily, monday)[0] == 7 * 24 + 6.0
    assert stretch(30.0, daily, monday, 20.0) == pytest.approx(
        (6 * 24 + 7.5, 6 * 24 + 8.5), abs=1e-5
    )
    assert stretch(0.0, Hours(6, 2, 7), Hours(20, 1)) == NEVER


# Statistics ---------------------------------------------------------------------------


def test_intervals_cover_as_often_as_they_say():
    """2,000 intervals of 8 normal values: 95 % +- 1.5 % cover the mean."""
    rng = np.random.default_rng(11)
    found = [interval(row) for row in rng.normal(size=(2000, 8))]
    hits = sum(abs(i.mean) <= i.half_width for i in found)
    assert hits / 2000 == pytest.approx(0.95, abs=0.015)


def test_one_value_has_no_interval():
    assert math.isnan(interval([3.0]).half_width)
    assert interval([]).n == 0
    assert interval([1.0, math.nan, 2.0]).n == 2


def test_enough_replications_stay_enough():
    assert replications_needed([10.0, 10.01], 0.5) == 2


def test_a_series_without_run_in_loses_nothing():
    rng = np.random.default_rng(5)
    flat = rng.normal(10, 1, 400)
    assert mser5(flat) <= 100
    assert mser5([1.0] * 4) == 0
    rising = np.concatenate([np.linspace(0, 10, 100), flat])
    assert 60 <= mser5(rising) <= 150
