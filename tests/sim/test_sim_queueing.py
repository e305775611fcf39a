"""Computed departure times against a plain recursion and against each other."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from wasteplan.sim.calendar import Hours
from wasteplan.sim.chance import Spread, draws
from wasteplan.sim.gate import Gate
from wasteplan.sim.queueing import Servers
from wasteplan.sim.yard import GateShape

TIMES = st.lists(st.floats(0.0, 50.0), min_size=1, max_size=40)


def jobs(gaps, seed):
    rng = np.random.default_rng(seed)
    return np.cumsum(gaps), rng.exponential(2.0, len(gaps))


def by_hand(arrival, service, servers):
    free = [0.0] * servers
    starts = []
    for a, s in zip(arrival, service, strict=True):
        k = min(range(servers), key=lambda i: free[i])
        begin = max(a, free[k])
        free[k] = begin + s
        starts.append(begin)
    return np.array(starts)


def stage(arrival, service, servers):
    """Starts and ends where arrivals are not in order (a later station)."""
    order = np.argsort(arrival, kind="stable")
    start = np.empty_like(arrival)
    start[order] = by_hand(arrival[order], service[order], servers)
    return start, start + service


@given(TIMES, st.integers(1, 4), st.integers(0, 99))
def test_starts_follow_the_recursion(gaps, servers, seed):
    arrival, service = jobs(gaps, seed)
    line = Servers(servers)
    starts = [line.serve(a, s) for a, s in zip(arrival, service, strict=True)]
    np.testing.assert_allclose(starts, by_hand(arrival, service, servers), atol=1e-9)


def times(mean, shape="deterministic", seed=0):
    return draws(Spread(shape, mean), np.random.default_rng(seed))


def visits(gate, arrivals, until=1e9):
    seen = []
    for i, a in enumerate(arrivals):
        seen += gate.settle(a)
        gate.admit(a, i)
    return sorted([*seen, *gate.settle(until)], key=lambda v: v[3])


@settings(deadline=None)
@given(TIMES, st.integers(0, 99))
def test_the_gate_with_its_own_way_out_is_three_stages(gaps, seed):
    """One bridge in, two bays, one bridge out: each stage by its recursion."""
    arrival = np.cumsum(gaps)
    shapes = [("exponential", 1.0), ("exponential", 3.0), ("exponential", 1.0)]
    gate = Gate(
        GateShape(bridges_in=1, bays=2, bridges_out=1),
        *(times(mean, shape, seed + i) for i, (shape, mean) in enumerate(shapes)),
    )
    seen = visits(gate, arrival)
    spread = [times(m, s, seed + i) for i, (s, m) in enumerate(shapes)]
    first, second, third = (np.array([next(d) for _ in gaps]) for d in spread)
    _, weighed = stage(arrival, first, 1)
    _, tipped = stage(weighed, second, 2)
    order = np.argsort(tipped, kind="stable")
    out = np.empty(len(gaps))
    out[order] = third  # weighed out in the order of tipping
    _, left = stage(tipped, out, 1)
    np.testing.assert_allclose([v[0] for v in seen], tipped, atol=1e-9)
    np.testing.assert_allclose([v[1] for v in seen], left, atol=1e-9)


def test_one_bridge_for_both_ways():
    """Two trucks at 0; weighing 1 h, tipping 2 h, one bridge, two bays.

    A: in 0-1, tips 1-3, out 3-4. B: in 1-2, tips 2-4, out 4-5. C comes at 3.5: the
    bridge is A's until 4, C stands before B in the line (3.5 < 4): in 4-5, B out 5-6.
    """
    gate = Gate(
        GateShape(bridges_in=1, bays=2, bridges_out=0), times(1), times(2), times(1)
    )
    seen = visits(gate, [0.0, 0.0, 3.5])
    assert [v[1] for v in seen] == [4.0, 6.0, 8.0]
    assert [v[2] for v in seen] == [0.0, 2.0, 0.5]
    assert gate.wait_h == 2.5


def test_a_truck_waits_for_the_gate_to_open():
    gate = Gate(GateShape(), times(0), times(0.5), times(0), Hours(8, 10))
    assert gate.admit(6.0, "a") == 8.5


def test_a_full_yard_is_seen():
    gate = Gate(GateShape(bays=1, places=2), times(0), times(1.0), times(0))
    for _ in range(2):
        assert gate.has_place(0.0)
        gate.admit(0.0, None)
    assert not gate.has_place(0.0)
    list(gate.settle(1.0))
    assert gate.has_place(1.0)


@given(TIMES, st.integers(1, 3), st.integers(0, 99))
def test_bays_are_servers_and_more_of_them_never_wait_longer(gaps, bays, seed):
    arrival, service = jobs(gaps, seed)
    nothing = times(0)
    waits = []
    for n in (bays, bays + 1):
        gate = Gate(GateShape(bays=n), nothing, iter(service.tolist()), nothing)
        waits.append(np.array([v[2] for v in visits(gate, arrival)]))
        start = by_hand(arrival, service, n)
        np.testing.assert_allclose(waits[-1], start - arrival, atol=1e-9)
    assert (waits[1] <= waits[0] + 1e-9).all()


def test_one_server_by_hand():
    """Arrivals 0, 1, 2 with service 2: starts 0, 2, 4."""
    line = Servers(1)
    assert [line.serve(a, 2.0) for a in (0.0, 1.0, 2.0)] == [0.0, 2.0, 4.0]
