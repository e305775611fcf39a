"""The flows of a plan as a table."""

from __future__ import annotations

import numpy as np
import pandas as pd

from wasteplan.evaluation.books import Books
from wasteplan.evaluation.flows import summed
from wasteplan.evaluation.lots import Ints
from wasteplan.evaluation.result import FLOW_COLUMNS


def flow_table(books: Books) -> pd.DataFrame:
    """The flow table (see `FLOW_COLUMNS`), lots of one origin and product added up.

    Effluent on its way to treatment is in the effluent table instead.
    """
    index = books.course.index
    labels: dict[tuple[str, str, str], int] = {}
    label: Ints = np.array(
        [
            labels.setdefault((lot.stream, lot.region, lot.product), len(labels))
            for lot in index.lots
        ],
        np.int64,
    )
    solid = np.array([not books.is_liquid(lot) for lot in index.lots], bool)
    names = list(labels)
    parts = []
    for t, flows in enumerate(books.course.flows):
        trips = books.trips[t]
        own = np.flatnonzero(solid[flows.lot])
        groups, sums, first = summed(
            flows.tonnes[own],
            flows.origin[own],
            flows.destination[own],
            label[flows.lot[own]],
        )
        first = own[first]
        last_t = sums[:, -1]
        vehicle = trips.vehicle[first]
        parts.append(
            pd.DataFrame(
                {
                    "period": books.scenario.periods[t].id,
                    "origin": [index.places[o] for o, _, _ in groups],
                    "destination": [index.places[d] for _, d, _ in groups],
                    "stream": [names[n][0] for _, _, n in groups],
                    "region": [names[n][1] for _, _, n in groups],
                    "product": [names[n][2] for _, _, n in groups],
                    "t_per_y": last_t,
                    "t_in_period": sums.sum(axis=1),
                    "distance_km": trips.distance_km[first],
                    "vehicle": [
                        books.scenario.vehicles[v].id if v >= 0 else ""
                        for v in vehicle.tolist()
                    ],
                    "t_km_per_y": last_t * trips.distance_km[first],
                    "truck_km_per_y": last_t * trips.truck_km_per_t[first],
                },
                columns=list(FLOW_COLUMNS),
            )
        )
    return pd.concat(parts, ignore_index=True)
