"""Tables of a simulation beside indicators and plants: fleets, power by hour."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from wasteplan.sim.case import Case
from wasteplan.sim.fleet_measures import FLEET_MEASURES
from wasteplan.sim.measures import Replication
from wasteplan.sim.statistics import interval

Runs = Sequence[tuple[Case, Sequence[Replication]]]


def fleet_table(runs: Runs) -> pd.DataFrame:
    """One row per period and fleet, with an interval for every measure."""
    rows = []
    for case, found in runs:
        for fleet in case.fleets:
            row: dict[str, object] = {
                "period": case.period,
                "depot": fleet.depot,
                "fleet": fleet.id,
                "trucks": fleet.owned or fleet.trucks,
            }
            for name in FLEET_MEASURES:
                i = interval([r.fleets[fleet.id][name] for r in found])
                row[name], row[f"{name}_half_width"] = i.mean, i.half_width
            rows.append(row)
    columns = ["period", "depot", "fleet", "trucks"]
    for name in FLEET_MEASURES:
        columns += [name, f"{name}_half_width"]
    return pd.DataFrame(rows, columns=columns)


def hour_table(runs: Runs) -> pd.DataFrame:
    """Power by plant and hour of the day, with an interval over replications.  [MW]"""
    rows = []
    for case, found in runs:
        for plant in {p: None for r in found for p in r.by_hour}:
            mine = [r.by_hour[plant] for r in found if plant in r.by_hour]
            for hour in range(len(mine[0])):
                i = interval([m[hour] for m in mine])
                rows.append((case.period, plant, hour, i.mean, i.half_width))
    columns = ["period", "plant", "hour", "mean_mw", "half_width_mw"]
    return pd.DataFrame(rows, columns=columns)
