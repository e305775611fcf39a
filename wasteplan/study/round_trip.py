"""There and back: simulate, report, read, reconcile, and compare with the scenario."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from wasteplan.plan.records import Plan
from wasteplan.scenario.derived import period_of, tonnage
from wasteplan.scenario.model import Scenario
from wasteplan.shipments.bridge import Pair
from wasteplan.shipments.formats import read_shipments, write_shipments
from wasteplan.shipments.reconciliation import Reconciliation
from wasteplan.shipments.table import ShipmentTable
from wasteplan.shipments.weighing import reconcile_shipments
from wasteplan.sim.simulating import simulate
from wasteplan.study.reports_to_plan import (
    collected_share,
    fit_pooled,
    members,
    pooled,
)
from wasteplan.study.simulated_shipments import simulated_shipments

ROUND_TRIP_COLUMNS = {
    "origin": "generator, or `region <id>` where rounds collect",
    "stream": "stream id",
    "scenario_t_per_y": "mean of the scenario after leakage [t/y]",
    "estimate_t_per_y": "from the shipments that were read back [t/y]",
    "low_t_per_y": "lower end of the interval [t/y]",
    "high_t_per_y": "upper end [t/y]",
    "deviation": "estimate / scenario - 1 [-]",
    "is_inside": "the scenario's mean lies in the interval; NA without one",
    "n_pickups": "days with pickups",
}
SUFFIX = {"own_xlsx": ".xlsx", "us_emanifest": ".json", "england_receipt": ".json"}


@dataclass(frozen=True, eq=False)
class RoundTrip:
    """What came back.

    Attributes
    ----------
    table
        Columns of `ROUND_TRIP_COLUMNS`.
    missing
        Generators and streams of the scenario that no shipment came from.
    """

    table: pd.DataFrame
    missing: tuple[Pair, ...]
    shipments: ShipmentTable
    reconciliation: Reconciliation
    level: float

    @property
    def share_inside(self) -> float:
        """Of the rows with an interval, those that hold the scenario's mean.  [-]"""
        return float(self.table["is_inside"].dropna().astype(float).mean())

    @property
    def total_deviation(self) -> float:
        """Of all tonnes together: estimate / scenario - 1.  [-]"""
        said = self.table["estimate_t_per_y"].sum()
        return float(said / self.table["scenario_t_per_y"].sum() - 1)


def round_trip(
    scenario: Scenario,
    plan: Plan,
    folder: str | Path,
    *,
    period: str | None = None,
    days: int | None = None,
    seed: int | None = None,
    file_format: str = "own_csv",
    declared_sd: float = 0.1,
    level: float = 0.95,
) -> RoundTrip:
    """Simulate a year, write its shipments, read them back and estimate generation.

    Parameters
    ----------
    folder
        Where the file of shipments is written.
    period
        The first one by default.
    days
        Length of the simulation, the scenario's by default.  [d]
    file_format
        One of `shipments.formats.WRITERS`.
    declared_sd
        Relative error of what generators declare.  [-]
    level
        Confidence of the intervals.  [-]
    """
    name = period or scenario.periods[0].id
    result = simulate(scenario, plan, period=name, replications=1, days=days, seed=seed)
    made = simulated_shipments(scenario, result.trips, declared_sd=declared_sd)
    path = Path(folder) / f"simulated{SUFFIX.get(file_format, '.csv')}"
    path.parent.mkdir(parents=True, exist_ok=True)
    write_shipments(made, path, file_format)
    read = read_shipments(path).checked(path.name)
    found, flows = reconcile_shipments(read, level=level)
    table = reconciled_table(read, flows)
    year = period_of(scenario, name).last_year
    rows, missing = _compared(scenario, table, year, level)
    return RoundTrip(rows, missing, read, found, level)


def reconciled_table(table: ShipmentTable, flows: pd.DataFrame) -> ShipmentTable:
    """Shipments whose tonnes add up to the reconciled flows.

    Every load of a generator, stream and facility changes by the same share.
    """
    keys = ["generator", "stream", "facility"]
    said = flows["received_t"].fillna(flows["declared_t"])
    factor = (flows["reconciled_t"] / said.where(said > 0)).fillna(1.0)
    factors = flows[keys].assign(factor=factor)
    names = table[keys].astype(object)
    joined: Any = names.where(names.notna(), "").merge(factors, on=keys, how="left")
    scale = joined["factor"].fillna(1.0).to_numpy()
    return table.assign(quantity_t=table["quantity_t"].to_numpy() * scale)


def _compared(
    scenario: Scenario, table: ShipmentTable, year: int, level: float
) -> tuple[pd.DataFrame, tuple[Pair, ...]]:
    table = pooled(scenario, table)
    fits = fit_pooled(scenario, table, level)
    years = fits.years[fits.years["year"] == year]
    seen: set[Pair] = set()
    rows = []
    for row in years.to_dict("records"):
        origin, stream = row["generator"], row["stream"]
        behind = members(scenario, origin, stream)
        seen |= {(g, stream) for g in behind}
        truth = sum(
            tonnage(scenario, g, stream, year)
            * collected_share(scenario, g, stream, year)
            for g in behind
        )
        if not behind:
            continue
        low, high = row["low_t_per_y"], row["high_t_per_y"]
        inside = pd.NA if np.isnan(low) else bool(low <= truth <= high)
        rows.append(
            (
                origin, stream, truth, row["mean_t_per_y"], low, high,
                row["mean_t_per_y"] / truth - 1, inside, row["n_pickups"],
            )
        )  # fmt: skip
    compared = pd.DataFrame(rows, columns=list(ROUND_TRIP_COLUMNS))
    pairs = {(r.generator, r.stream) for r in scenario.generation}
    return compared.astype({"is_inside": "boolean"}), tuple(sorted(pairs - seen))
