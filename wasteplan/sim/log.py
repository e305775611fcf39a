"""The trip log: one row a haul, kept as columns."""

from __future__ import annotations

import numpy as np

from wasteplan.sim.number_rows import NumberRows

TIPPED = 0
CLOSED = 1
YARD_FULL = 2
BUNKER_FULL = 3
CENTRE_FULL = 4
UNTREATED = 5
AIRSPACE_FULL = 6
OUTLET_FULL = 7
BLEND = 8
REJECTED = 9
OUTCOMES = (
    "tipped",
    "gate_closed",
    "yard_full",
    "bunker_full",
    "centre_full",
    "untreated",
    "airspace_full",
    "outlet_full",
    "blend_limit",
    "rejected",
)
"""What became of a load where it arrived; `untreated`: no place was left for it."""

REFUSALS = (
    CLOSED, YARD_FULL, BUNKER_FULL, CENTRE_FULL, AIRSPACE_FULL, OUTLET_FULL, BLEND,
    REJECTED,
)  # fmt: skip

COLUMNS = {
    "origin": "place, generator or round the truck came from",
    "destination": "place where it arrived; `emergency` if nobody took the load",
    "carries": "stream or product",
    "vehicle": "vehicle id",
    "outcome": "tipped, or why it was turned away",
    "attempt": "places that turned the load away before",
    "tonnes": "load [t]",
    "truck_km": "there and back [km]",
    "start_h": "leaves the origin [h]",
    "arrive_h": "at the destination [h]",
    "tipped_h": "end of tipping, or of being refused [h]",
    "left_h": "leaves the destination [h]",
    "wait_h": "before bridges, bays and a closed gate [h]",
}
"""Hours count from the start of the warm-up."""

NUMBER = {name: i for i, name in enumerate(COLUMNS)}


class TripLog(NumberRows):
    """Rows appended one by one and kept as plain numbers, not as objects."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(len(COLUMNS))

    def trips(self) -> Trips:
        """All rows in the order of arrival (then of tipping, origin, destination)."""
        rows = self.table()
        order = _in_order_of_arrival(rows)
        found = np.empty(rows.shape, order="F")
        for i, column in enumerate(rows.T):
            found[:, i] = column[order]
        return Trips(found)


def _in_order_of_arrival(rows: np.ndarray) -> np.ndarray:
    """Numbers of the rows by arrival, tipping, origin, destination.

    Few trucks arrive at the same moment, so only those are sorted by all four.
    """
    arrival = rows[:, NUMBER["arrive_h"]]
    order = np.argsort(arrival, kind="stable")
    same = np.flatnonzero(np.diff(arrival[order]) == 0)
    if len(same):
        tied = np.union1d(same, same + 1)
        some = order[tied]
        keys = ("destination", "origin", "tipped_h", "arrive_h")
        inner = np.lexsort([rows[some, NUMBER[k]] for k in keys])
        order[tied] = some[inner]
    return order


class Trips:
    """A packed log; columns by name, each in one piece of memory."""

    __slots__ = ("rows",)

    def __init__(self, rows: np.ndarray) -> None:
        self.rows = np.asfortranarray(rows)

    def __getitem__(self, column: str) -> np.ndarray:
        return self.rows[:, NUMBER[column]]

    def __len__(self) -> int:
        return len(self.rows)

    def between(self, start_h: float, end_h: float) -> Trips:
        """Rows whose tipping (or refusal) lies in (start, end]."""
        done = self["tipped_h"]
        inside = (done > start_h) & (done <= end_h)
        return self if inside.all() else Trips(self.rows[inside])
