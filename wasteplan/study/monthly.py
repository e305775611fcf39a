"""A year of shipments month by month: what was handed over, where it went, what is odd.

Reported and simulated shipments go through the same function.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from wasteplan.scenario.model import Scenario
from wasteplan.shipments.exceptions import KINDS, exceptions
from wasteplan.shipments.routes import FATES, NOT_DIVERTED
from wasteplan.shipments.table import ShipmentTable
from wasteplan.study.reported_loads import diverted, reported_loads
from wasteplan.study.shipment_reports import data_kind

MONTH_COLUMNS = {
    "year": "calendar year",
    "month": "1 to 12",
    "n_loads": "loads that generators handed over and that arrived",
    "waste_t": "their tonnes [t]",
    **{f"{fate}_t": f"of these by their first place: {fate} [t]" for fate in FATES},
    "onward_landfilled_t": "residues and loads of centres, landfilled [t]",
    "diversion_low": "what is stored or of unknown route counts as landfilled [-]",
    "diversion_high": "it counts as diverted [-]",
    "weighed_share": "of the tonnes [-]",
    "n_exceptions": "exceptions that stand since this month",
}


@dataclass(frozen=True, eq=False)
class Months:
    """Months with shipments.

    Attributes
    ----------
    data
        `reported`, `simulated` or `mixed`.
    table
        Columns of `MONTH_COLUMNS`, a row a month in which anything arrived.
    exceptions
        year, month, kind, n, amount_t; exceptions without a date are left out.
    """

    data: str
    table: pd.DataFrame
    exceptions: pd.DataFrame


def monthly(scenario: Scenario, table: ShipmentTable) -> Months:
    """Tonnes, fates, diversion and exceptions of every month.

    Tonnes are those that generators hand over: residues and what transfer stations
    send on would count twice.  What of that is landfilled in a month lowers the
    diversion of that month.
    """
    loads = reported_loads(scenario, table)
    odd = _exceptions(table)
    counts = odd.groupby(["year", "month"])["n"].sum().to_dict()
    rows = []
    for (year, month), found in loads.groupby(["year", "month"]):
        first = found[found["is_first"]]
        total = float(first["waste_t"].sum())
        by_fate: Any = first.groupby("fate")["waste_t"].sum()
        onward = found[~found["is_first"] & found["fate"].isin(NOT_DIVERTED)]
        weighed = float(first.loc[first["is_weighed"], "waste_t"].sum())
        rows.append(
            (
                year, month, len(first), total, *(by_fate.get(f, 0.0) for f in FATES),
                float(onward["waste_t"].sum()), *diverted(found, "", total),
                weighed / total if total > 0 else float("nan"),
                counts.get((year, month), 0),
            )
        )  # fmt: skip
    made = pd.DataFrame(rows, columns=list(MONTH_COLUMNS))
    return Months(data_kind(table), made, odd)


def _exceptions(table: ShipmentTable) -> pd.DataFrame:
    """Exceptions by the month since which they stand, kinds in their order."""
    found = exceptions(table)
    since = pd.to_datetime(found["since"])
    dated = found.assign(year=since.dt.year, month=since.dt.month)[since.notna()]
    dated["kind"] = pd.Categorical(dated["kind"], categories=list(KINDS), ordered=True)
    keys = ["year", "month", "kind"]
    grouped = dated.groupby(keys, observed=True)["amount_t"]
    made: Any = grouped.agg(n="size", amount_t="sum").reset_index()
    made["kind"] = made["kind"].astype(object)
    return pd.DataFrame(made.astype({"year": int, "month": int, "n": int}))
