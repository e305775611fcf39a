"""What arrived, as reports or a simulation tell it, and how much of it was diverted."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from wasteplan.scenario.model import Scenario
from wasteplan.shipments.routes import NOT_DIVERTED, fates
from wasteplan.shipments.states import CANCELLED
from wasteplan.shipments.table import ShipmentTable
from wasteplan.study.simulated_shipments import ROUND


def reported_loads(
    scenario: Scenario, table: ShipmentTable, names: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Loads that arrived: when, where from, where to, what became of them.

    Parameters
    ----------
    names
        Name of a facility in the reports -> its id in the scenario.

    Returns
    -------
    DataFrame
        Columns year, month, day (of the year), region, origin, stream, facility,
        waste_t, is_weighed, fate, is_first (as it left its generator); the index is
        that of `table`.
    """
    moved = ~table["state"].isin([*CANCELLED, "reserved", "rejected", "in_transit"])
    at = table["received_at"].fillna(table["shipped_at"])
    rows = table[moved & at.notna() & table["quantity_t"].notna()]
    at = at[rows.index]
    region = {g: row.region for g, row in scenario.generator.items()}
    region |= {ROUND + r: r for r in set(region.values())}
    origin = rows["generator"].astype(object)
    home = pd.Series([region.get(g) for g in origin], rows.index, dtype=object)
    facility = rows["facility"].astype(object)
    return pd.DataFrame(
        {
            "year": at.dt.year,
            "month": at.dt.month,
            "day": at.dt.day_of_year,
            "region": home,
            "origin": origin,
            "stream": rows["stream"].astype(object),
            "facility": [(names or {}).get(f, f) for f in facility],
            "waste_t": rows["quantity_t"],
            "is_weighed": (rows["quantity_basis"] == "weighed").to_numpy(bool),
            "fate": pd.Series(fates(rows["route"]), index=rows.index).astype(object),
            "is_first": home.notna(),
        }
    )


def diverted(
    loads: pd.DataFrame, region: str, generated_t: float
) -> tuple[float, float]:
    """Diverted of all generated (low), and of what is reported (high).  [-]

    What is landfilled further on (residues, loads from transfer stations) is shared
    among regions by what they did not landfill at first.  At the low end, loads of
    unknown route count as lost, and loads to places that report nothing of what they
    send on.
    """
    first = loads[loads["is_first"]]
    seen = first[first["region"] == region] if region else first
    total = float(seen["waste_t"].sum())
    if total <= 0:
        return 0.0, float("nan")
    kept = _sum(seen, ~seen["fate"].isin(NOT_DIVERTED))
    kept_by_all = _sum(first, ~first["fate"].isin(NOT_DIVERTED))
    onward = loads[~loads["is_first"]]
    later = _sum(onward, onward["fate"].isin(NOT_DIVERTED))
    kept -= later * kept / kept_by_all if kept_by_all > 0 else 0.0
    silent = ~seen["facility"].isin(set(loads["origin"]))
    is_open = (seen["fate"] == "unknown") | ((seen["fate"] == "interim") & silent)
    sure = max(kept - _sum(seen, is_open), 0.0)
    return sure / max(generated_t, total), kept / total


def _sum(loads: pd.DataFrame, mask: pd.Series[bool]) -> float:
    return float(loads.loc[mask, "waste_t"].sum())
