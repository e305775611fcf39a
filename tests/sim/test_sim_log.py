"""The packed log: order, windows, and memory given back."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from wasteplan.sim.log import COLUMNS, NUMBER, TripLog
from wasteplan.sim.number_rows import NumberRows

MOMENTS = st.integers(0, 3)  # many arrive at the same time


@settings(deadline=None)
@given(st.lists(st.tuples(MOMENTS, MOMENTS, MOMENTS, MOMENTS), max_size=40))
def test_rows_come_by_arrival_then_tipping_origin_destination(wanted):
    log = TripLog()
    for number, (arrive, tipped, origin, destination) in enumerate(wanted):
        row = [0.0] * len(COLUMNS)
        row[NUMBER["arrive_h"]], row[NUMBER["tipped_h"]] = arrive, tipped
        row[NUMBER["origin"]], row[NUMBER["destination"]] = origin, destination
        row[NUMBER["tonnes"]] = number
        log.append(tuple(row))
    table = log.trips()
    known = sorted(range(len(wanted)), key=lambda i: (*wanted[i], i))
    assert table["tonnes"].tolist() == known
    log.forget()
    assert len(log.trips()) == 0
    assert table["tonnes"].tolist() == known


def test_a_window_of_everything_is_the_log_itself():
    log = TripLog()
    for at in (1.0, 2.0):
        row = [0.0] * len(COLUMNS)
        row[NUMBER["tipped_h"]] = at
        log.append(tuple(row))
    table = log.trips()
    assert table.between(0.0, 2.0) is table
    np.testing.assert_array_equal(table.between(1.0, 2.0)["tipped_h"], [2.0])


def test_every_row_is_packed_once():
    rows = NumberRows(2)
    for number in range(3):
        rows.append((number, 0.5))
        rows.pack()
    rows.append((3, 0.5))
    assert rows.table().tolist() == [[n, 0.5] for n in range(4)]
