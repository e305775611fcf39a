"""The flows of a plan as a table."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from wasteplan.evaluation.books import Books
from wasteplan.evaluation.hauling import Trip
from wasteplan.evaluation.result import FLOW_COLUMNS

NOT_HAULED = Trip(math.nan, 0.0, math.nan, 0.0, "")


def flows(books: Books) -> pd.DataFrame:
    """The flow table (see `FLOW_COLUMNS`), lots of one origin and product added up."""
    sums: dict[tuple[object, ...], list[float]] = {}
    for flow in books.course.flows:
        hauled = books.hauling.is_hauled(flow)
        trip = books.hauling.trip(flow) if hauled else NOT_HAULED
        key: tuple[object, ...] = (
            books.scenario.periods[flow.period].id,
            flow.origin,
            flow.destination,
            flow.lot.stream,
            flow.lot.region,
            flow.lot.product,
            trip.distance_km,
            trip.vehicle,
            trip.truck_km_per_t,
        )
        total = sums.setdefault(_hashable(key), [0.0, 0.0])
        total[0] += float(flow.tonnes[-1])
        total[1] += float(np.sum(flow.tonnes))
    rows = []
    for key, (last_t, period_t) in sums.items():
        *names, km, vehicle, truck_km_per_t = key
        km, truck_km_per_t = _number(km), _number(truck_km_per_t)
        rows.append(
            (
                *names,
                last_t,
                period_t,
                km,
                vehicle,
                last_t * km,
                last_t * truck_km_per_t,
            )
        )
    return pd.DataFrame(rows, columns=list(FLOW_COLUMNS))


def _hashable(key: tuple[object, ...]) -> tuple[object, ...]:
    """NaN is unequal to itself, so None stands for it in a key."""
    return tuple(None if k != k else k for k in key)


def _number(value: object) -> float:
    return value if isinstance(value, float) else math.nan
