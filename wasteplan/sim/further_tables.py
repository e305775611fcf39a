"""Tables of a simulation beside indicators and plants: fleets, power by hour."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from wasteplan.sim.case import Case
from wasteplan.sim.fleet_measures import FLEET_MEASURES
from wasteplan.sim.measures import Replication
from wasteplan.sim.statistics import interval
from wasteplan.units import DAYS_PER_YEAR

DIVERSION_COLUMNS = {
    "period": "period id",
    "region": "where it was generated; empty: in all regions",
    "stream": "empty: all streams",
    "generated_t": "t/y",
    "landfill_diversion_rate": "mean over replications",
    "half_width": "of the 95 % interval; NaN with one replication",
    "n": "replications with a value",
}

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


def diversion_table(runs: Runs) -> pd.DataFrame:
    """Landfill diversion by region and stream, with an interval over replications."""
    rows = []
    for case, found in runs:
        for region, stream in {s: None for r in found for s in r.diverted}:
            mine = [r.diverted[region, stream] for r in found]
            generated = interval([d.generated for d in mine]).mean
            i = interval([d.rate for d in mine])
            yearly = generated * DAYS_PER_YEAR / case.days
            rows.append(
                (case.period, region, stream, yearly, i.mean, i.half_width, i.n)
            )
    return pd.DataFrame(rows, columns=list(DIVERSION_COLUMNS))


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
