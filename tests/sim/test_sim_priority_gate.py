"""A gate where some trucks go first: worked by hand, and against the computed gate."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_network import all_to_the_burner, network

from wasteplan.sim import simulate
from wasteplan.sim.calendar import Hours
from wasteplan.sim.chance import Spread, draws
from wasteplan.sim.gate import Gate
from wasteplan.sim.priority_gate import PriorityGate, gate_of
from wasteplan.sim.yard import GateShape

TIMES = st.lists(st.floats(0.01, 5.0), min_size=1, max_size=40)


def times(mean, shape="deterministic", seed=0):
    return draws(Spread(shape, mean), np.random.default_rng(seed))


def visits(gate, arrivals, ranks=None):
    seen = []
    for i, at in enumerate(arrivals):
        seen += gate.settle(at)
        gate.admit(at, i, 1.0, 0 if ranks is None else ranks[i])
    return sorted([*seen, *gate.settle(1e9)], key=lambda v: v[3])


def test_an_urgent_truck_goes_before_those_who_wait():
    """One bay, 2 h each. A at 0 tips until 2; B came at 0.5, C, urgent, at 1: C tips
    2-4, B 4-6."""
    gate = PriorityGate(GateShape(bays=1), times(0), times(2), times(0))
    seen = visits(gate, [0.0, 0.5, 1.0], ranks=[1, 1, 0])
    assert [v[0] for v in seen] == [2.0, 6.0, 4.0]
    assert [v[2] for v in seen] == [0.0, 3.5, 1.0]
    assert gate.wait_h == 4.5


def test_a_truck_weighed_again_stands_in_line_again():
    """One bridge, 1 h. A (0) is weighed again: 0-1, then behind B (0.5): 2-3."""
    again = iter([0.0, 0.9, 0.9])
    shape = GateShape(bridges_in=1, reweigh_share=0.5)
    gate = PriorityGate(shape, times(1), times(0), times(0), again=again)
    seen = visits(gate, [0.0, 0.5])
    assert [v[0] for v in seen] == [3.0, 2.0]
    assert [v[2] for v in seen] == [1.0, 0.5]


def test_trucks_wait_for_the_gate_to_open_in_order_of_rank():
    gate = PriorityGate(GateShape(bays=1), times(0), times(0.5), times(0), Hours(8, 10))
    seen = visits(gate, [6.0, 7.0], ranks=[1, 0])
    assert sorted(v[0] for v in seen) == [8.5, 9.0]


def test_the_yard_counts_trucks_until_they_have_left():
    gate = PriorityGate(GateShape(bays=1, places=2), times(0), times(1.0), times(0))
    for _ in range(2):
        assert gate.has_place(0.0)
        gate.admit(0.0, None)
    assert not gate.has_place(0.0)
    list(gate.settle(1.0))
    assert gate.has_place(1.0)


@settings(deadline=None)
@given(TIMES, st.integers(1, 3), st.integers(0, 99))
def test_without_ranks_it_is_the_computed_gate(gaps, bays, seed):
    """One bridge in, bays, a bridge out: the same times to rounding."""
    arrival = np.cumsum(gaps)
    shape = GateShape(bridges_in=1, bays=bays, bridges_out=1)
    spreads = [(0.4, 1), (2.0, 2), (0.3, 3)]
    made = [
        kind(shape, *(times(m, "exponential", seed + s) for m, s in spreads))
        for kind in (Gate, PriorityGate)
    ]
    computed, called = (visits(gate, arrival) for gate in made)
    np.testing.assert_allclose(
        [v[:3] for v in called], [v[:3] for v in computed], atol=1e-9
    )
    assert made[0].truck_h == pytest.approx(made[1].truck_h)


@settings(deadline=None)
@given(TIMES, st.integers(0, 99))
def test_the_mean_wait_does_not_depend_on_who_goes_first(gaps, seed):
    """Equal service times, one bay: ranks only change whose wait it is."""
    arrival = np.cumsum(gaps)
    ranks = np.random.default_rng(seed).integers(0, 3, len(gaps))
    waits = []
    for wanted in (None, ranks):
        gate = PriorityGate(GateShape(bays=1), times(0), times(2.0), times(0))
        waits.append([v[2] for v in visits(gate, arrival, wanted)])
    assert sum(waits[0]) == pytest.approx(sum(waits[1]), abs=1e-6)


def test_the_shape_says_which_gate():
    def kind(**shape):
        return type(gate_of(GateShape(**shape), times(0), times(0), times(0)))

    assert kind(bays=2) is Gate
    assert kind(has_ranks=True) is PriorityGate
    assert kind(reweigh_share=0.1) is PriorityGate


def test_a_plant_may_serve_fleets_first():
    """Trucks of fleets bring everything, so that they go first changes nothing;
    weighing three in ten again takes longer."""
    found = []
    for extra in ({}, {"fleets_first": True}, {"reweigh_share": 0.3}):
        burner = {"bays": 2, "tip_min": 20, "weigh_in_min": 10, **extra}
        scenario = network(burner=burner, fleet={"trucks": 6, "days_per_week": 7})
        result = simulate(scenario, all_to_the_burner())
        found.append(result.kpis.set_index("id")["mean"])
    first, ranked, again = found
    assert ranked["trips_per_y"] == first["trips_per_y"]
    assert ranked["gate_wait_mean_min"] == pytest.approx(first["gate_wait_mean_min"])
    assert again["gate_wait_mean_min"] > first["gate_wait_mean_min"]
    assert again["landfill_diversion_rate"] == pytest.approx(0.8, abs=0.02)
