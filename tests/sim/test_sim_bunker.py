"""Stocks settled exactly, against steps so small that no boundary lies inside."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wasteplan.errors import AuditError
from wasteplan.sim.bunker import Bunker, Stock
from wasteplan.sim.line import Lines, Rating
from wasteplan.sim.on_off_bunker import on_off_bunker

RATES = st.floats(0.0, 10.0)


def test_a_week_by_hand():
    """84 t/d Monday to Friday, 60 t/d burnt always: swing 5 x 24 = 120 t."""
    stock = Stock()
    stock.outflow = 60.0
    levels = []
    for day in range(14):
        stock.inflow = 84.0 if day % 7 < 5 else 0.0
        stock.settle(day + 1.0)
        levels.append(stock.level)
    assert levels[:7] == pytest.approx([24, 48, 72, 96, 120, 60, 0], abs=1e-9)
    assert max(levels) - min(levels) == pytest.approx(120)


def test_running_empty_inside_a_stretch():
    """10 t at 4 t/h out, 1 t/h in: empty after 10/3 h; then in = out."""
    stock = Stock(level=10.0)
    stock.inflow, stock.outflow = 1.0, 4.0
    stock.settle(10.0)
    assert stock.level == 0.0
    assert stock.empty_h == pytest.approx(10 - 10 / 3)
    assert stock.left == pytest.approx(20.0)
    assert stock.area == pytest.approx(0.5 * 10 * 10 / 3)


def test_running_full_inside_a_stretch():
    """Room 6 t at net 3 t/h: full after 2 h, 8 h x 3 t/h diverted."""
    stock = Stock(capacity=6.0)
    stock.inflow, stock.outflow = 5.0, 2.0
    stock.settle(10.0)
    assert stock.level == 6.0
    assert stock.diverted == pytest.approx(24.0)
    assert stock.full_h == pytest.approx(8.0)
    assert stock.area == pytest.approx(6 + 48)


@given(RATES, RATES, st.floats(0.1, 30.0), st.floats(0.0, 1.0), st.floats(0.1, 20.0))
def test_two_stretches_are_one(inflow, outflow, capacity, filled, hours):
    """Settling half way changes nothing; entered = left + rise of the level."""
    once, twice = Stock(capacity, filled * capacity), Stock(capacity, filled * capacity)
    for stock in (once, twice):
        stock.inflow, stock.outflow = inflow, outflow
    once.settle(hours)
    twice.settle(hours / 3)
    twice.settle(hours)
    for name in ("level", "entered", "left", "diverted", "area", "empty_h", "full_h"):
        a, b = getattr(once, name), getattr(twice, name)
        assert a == pytest.approx(b, rel=1e-9, abs=1e-9), name
    assert once.entered - once.left == pytest.approx(
        once.level - filled * capacity, abs=1e-9
    )
    assert once.entered + once.diverted == pytest.approx(inflow * hours)
    assert -1e-12 <= once.level <= capacity + 1e-12


def test_time_never_runs_back():
    stock = Stock()
    stock.settle(2.0)
    with pytest.raises(AuditError, match="ran back"):
        stock.settle(1.0)


def test_a_mix_is_taken_out_as_it_lies():
    """6 t of a and 2 t of b; 4 t are burnt: 3 and 1 are left. 4 t of b: 3 and 5."""
    bunker = Bunker()
    bunker.tip(0.0, 6.0, ((0, 1.0),), 60.0)
    bunker.tip(0.0, 2.0, ((1, 1.0),), 4.0)
    bunker.outflow = 4.0
    bunker.settle(1.0)
    bunker.outflow = 0.0
    assert bunker.contents() == pytest.approx({0: 3.0, 1: 1.0})
    assert bunker.lhv == pytest.approx(8.0)
    bunker.tip(1.0, 4.0, ((1, 1.0),), 8.0)
    assert bunker.contents() == pytest.approx({0: 3.0, 1: 5.0})
    assert bunker.taken() == pytest.approx({0: 3.0, 1: 1.0})


@given(st.lists(st.tuples(st.integers(0, 2), st.floats(0.1, 9.0), st.floats(0, 3))))
def test_contents_add_up_to_the_level(loads):
    bunker = Bunker()
    bunker.outflow = 3.0
    now = 0.0
    for k, tonnes, gap in loads:
        now += gap
        bunker.settle(now)
        bunker.tip(now, tonnes, ((k, 0.25), (3, 0.75)), tonnes * k)
    assert sum(bunker.contents().values()) == pytest.approx(bunker.level, abs=1e-9)
    tipped = sum(bunker.tipped.values())
    assert tipped == pytest.approx(bunker.left + bunker.level, abs=1e-9)


def test_a_line_is_limited_by_heat():
    """100 GJ/h at 20 GJ/t are 5 t/h, not 12."""
    lines = Lines([Rating(12.0, 100.0)] * 2)
    assert lines.speed(20.0) == 10.0
    assert lines.speed(math.nan) == 24.0


def test_two_reasons_to_stand_still_are_one_outage():
    lines = Lines([Rating(1.0)])
    lines.stop(1.0, 0)
    lines.stop(2.0, 0)
    lines.start(3.0, 0)
    assert lines.up == 0
    lines.start(5.0, 0)
    lines.settle(10.0)
    assert lines.up == 1
    assert lines.up_h == pytest.approx(6.0)


def test_on_off_bunker_without_limit():
    """theta = 0.005 - 0.002 = 0.003 per t, so the mean stock is 151.515 t."""
    free = on_off_bunker(100, 125, 20, 2, math.inf)
    assert free.mean_stock == pytest.approx(151.515, abs=1e-3)
    assert 1 - free.empty == pytest.approx(0.454545, abs=1e-6)
    assert free.diverted == 0.0


def test_on_off_bunker_with_300_t():
    bunker = on_off_bunker(100, 125, 20, 2, 300)
    assert bunker.mean_stock == pytest.approx(49.1124, abs=1e-4)


def test_on_off_bunker_where_decay_vanishes():
    """theta = 0 is no special case: the neighbours of it agree."""
    speed = 100 + 0.05 / (0.5 / 100)  # l/(c - r) = m/r
    at = on_off_bunker(100, speed, 20, 2, 300)
    near = on_off_bunker(100, speed * (1 + 1e-7), 20, 2, 300)
    assert at.diverted == pytest.approx(near.diverted, rel=1e-4)
    assert at.mean_stock == pytest.approx(near.mean_stock, rel=1e-4)


def test_a_bigger_bunker_diverts_less():
    shares = [on_off_bunker(100, 125, 20, 2, b).diverted for b in (0, 50, 300, 900)]
    assert (np.diff(shares) < 0).all()
    assert shares[0] == pytest.approx(2 / 22)  # no bunker: the share of downtime
