"""Declared against weighed: shipments as a network of measured flows.

Every (generator, stream, facility) is a flow.  What its loads were declared at and what
they weighed are two measurements of it; what the facility's own ledger says of its
intake is a third, joined by the balance at the gate.  Loads that only one side knows
are flows of their own, so that sums are compared over the same loads.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Mapping
from functools import lru_cache
from importlib import resources
from typing import Annotated, Any, NamedTuple

import numpy as np
import pandas as pd
from pydantic import Field

from wasteplan.shipments.reconciliation import (
    BALANCE_COLUMNS,
    MEASUREMENT_COLUMNS,
    Reconciliation,
    UnfitMeasurements,
    reconcile,
)
from wasteplan.shipments.states import CANCELLED
from wasteplan.shipments.table import QUANTITY_BASES, ShipmentTable
from wasteplan.units import Amount, Record, Unit

LEDGER_COLUMNS = {
    "facility": "as in the shipments",
    "received_t": "intake by the facility's own books [t]",
    "sd_t": "its standard error [t]; without it, that of one weighing of all",
}
SD_MIN_T = 1e-6  # a sum of zero loads is not known better than this


class QuantityError(Record):
    """Relative standard errors of a tonnage, by how it came about."""

    basis: str
    each_load: Annotated[Amount, Unit("-")]
    """Differs from load to load; it averages out over many."""
    all_loads: Annotated[float, Field(ge=0), Unit("-")]
    """The same for all loads of a flow (a density, a scale); it does not."""

    def sd_t(self, tonnes: Any, tonnes_squared: Any) -> Any:
        """Standard error of a sum of loads, from sum q and sum q^2.  [t]

        sd^2 = each^2 sum q^2 + all^2 (sum q)^2

        >>> error = QuantityError(basis="weighed", each_load=0.03, all_loads=0.04)
        >>> float(error.sd_t(10.0, 100.0))  # one load of 10 t: 5 %
        0.5
        """
        return np.sqrt(
            self.each_load**2 * tonnes_squared + self.all_loads**2 * tonnes**2
        )


@lru_cache(maxsize=1)
def quantity_errors() -> dict[str, QuantityError]:
    """The packaged errors by basis; assumptions, to be replaced by own experience."""
    folder = resources.files("wasteplan.shipments") / "data"
    text = (folder / "quantity_errors.csv").read_text(encoding="utf-8")
    names = QuantityError.model_fields
    return {
        row["basis"]: QuantityError(**{k: row[k] for k in names})  # type: ignore[arg-type]
        for row in csv.DictReader(text.splitlines())
    }


class MeasuredNetwork(NamedTuple):
    """Frames that `reconcile` takes, and the flows by generator, stream, facility."""

    measurements: pd.DataFrame
    balances: pd.DataFrame
    flows: pd.DataFrame


def reconcile_shipments(
    table: ShipmentTable,
    ledger: pd.DataFrame | None = None,
    *,
    pass_through: Mapping[str, float] | None = None,
    errors: Mapping[str, QuantityError] | None = None,
    level: float = 0.95,
) -> tuple[Reconciliation, pd.DataFrame]:
    """Declared against weighed tonnes of all shipments that moved.

    Parameters
    ----------
    table
        Shipments; drafts, cancelled and refused ones do not count.
    ledger
        Columns of `LEDGER_COLUMNS`: what facilities say they took in all.
    pass_through
        Place that only hands on what it takes (a transfer station) -> standard error
        of the change of its stock over the time of the shipments.  [t]
    errors
        Relative errors by basis of a quantity; the packaged ones by default.

    Returns
    -------
    reconciliation, flows
        Flows: columns generator, stream, facility, declared_t, received_t,
        reconciled_t, sd_t, adjustment_t (against what was received, otherwise
        declared).

    Raises
    ------
    UnfitMeasurements
        There is no shipment with a tonnage.
    """
    network = measured_network(
        table, ledger, pass_through=pass_through or {}, errors=errors
    )
    found = reconcile(network.measurements, network.balances, level=level)
    return found, _flow_result(network.flows, found)


def measured_network(
    table: ShipmentTable,
    ledger: pd.DataFrame | None = None,
    *,
    pass_through: Mapping[str, float],
    errors: Mapping[str, QuantityError] | None = None,
) -> MeasuredNetwork:
    """Flows, their measurements and the balances at gates (see the module)."""
    known = quantity_errors() if errors is None else errors
    loads = _loads(table)
    if loads.empty:
        raise UnfitMeasurements("no shipment that moved has a tonnage")
    flows = _flows(loads)
    gates = set() if ledger is None else set(ledger["facility"].astype(str))
    gates |= set(pass_through)
    measured = [
        _measured(loads, flows, side, known) for side in ("declared", "weighed")
    ]
    if ledger is not None:
        measured.append(_ledger_rows(ledger, known["weighed"]))
    if pass_through:
        measured.append(_stock_rows(pass_through))
    return MeasuredNetwork(
        pd.concat(measured, ignore_index=True)[list(MEASUREMENT_COLUMNS)],
        _balances(flows, gates, pass_through),
        flows,
    )


def _loads(table: ShipmentTable) -> pd.DataFrame:
    """Loads that moved, with names as text, and what is known of each."""
    moved = ~table["state"].isin([*CANCELLED, "reserved", "rejected"])
    loads = table.loc[moved & table["quantity_t"].notna()]
    both = loads["declared_t"].notna() & loads["received_t"].notna()
    seen = np.where(
        both, "both", np.where(loads["received_t"].notna(), "weighed", "declared")
    )
    names = {
        name: loads[name].astype(object).where(loads[name].notna(), "")
        for name in ("generator", "stream", "facility")
    }
    basis = loads["quantity_basis"].astype(object)
    by_volume = loads["density_kg_per_m3"].notna()
    guess = np.where(by_volume, "volume_x_density", "declared")
    declared = loads["declared_t"]
    if (seen == "declared").any():
        declared = declared.fillna(
            loads["quantity_t"].where(pd.Series(seen == "declared", index=loads.index))
        )
    known = basis.isin(QUANTITY_BASES)
    received = np.where(known, basis, "weighed")
    return pd.DataFrame(
        {
            **names,
            "seen": seen,
            "declared": declared,
            "weighed": loads["received_t"],
            "declared_basis": np.where((seen == "declared") & known, basis, guess),
            "weighed_basis": np.where(received == "declared", "weighed", received),
        }
    ).reset_index(drop=True)


def _flows(loads: pd.DataFrame) -> pd.DataFrame:
    """One row a flow, with the sums of both sides.  [t]"""
    keys = ["generator", "stream", "facility", "seen"]
    sums: Any = loads.groupby(keys, sort=True)[["declared", "weighed"]]
    flows = sums.sum(min_count=1).reset_index()
    flows["flow"] = [
        f"{g}>{f}:{s}" + ("" if k == "both" else f" ({k} only)")
        for g, s, f, k in flows[keys].itertuples(index=False)
    ]
    return flows


def _measured(
    loads: pd.DataFrame,
    flows: pd.DataFrame,
    side: str,
    errors: Mapping[str, QuantityError],
) -> pd.DataFrame:
    """One measurement of each flow by one side; variances of all bases add up."""
    loads = loads[loads[side].notna()]
    keys = ["generator", "stream", "facility", "seen"]
    squared = loads.assign(squared=loads[side] ** 2)
    sums: Any = squared.groupby([*keys, f"{side}_basis"])[[side, "squared"]].sum()
    sums = sums.reset_index()
    sums["variance"] = 0.0
    for basis, rows in sums.groupby(f"{side}_basis"):
        sd = errors[str(basis)].sd_t(rows[side], rows["squared"])
        sums.loc[rows.index, "variance"] = sd**2
    joined = sums.groupby(keys)[[side, "variance"]].sum().reset_index()
    joined = joined.merge(flows[[*keys, "flow"]], on=keys)
    return pd.DataFrame(
        {
            "id": side + " " + joined["flow"],
            "flow": joined["flow"],
            "value_t": joined[side],
            "sd_t": np.maximum(np.sqrt(joined["variance"]), SD_MIN_T),
        }
    )


def _ledger_rows(ledger: pd.DataFrame, error: QuantityError) -> pd.DataFrame:
    tonnes = ledger["received_t"].astype(float)
    sd = pd.Series(error.sd_t(tonnes, 0.0), index=ledger.index)
    if "sd_t" in ledger:
        sd = ledger["sd_t"].astype(float).fillna(sd)
    names = ledger["facility"].astype(str)
    return pd.DataFrame(
        {
            "id": "ledger " + names,
            "flow": "intake " + names,
            "value_t": tonnes,
            "sd_t": np.maximum(sd, SD_MIN_T),
        }
    )


def _stock_rows(pass_through: Mapping[str, float]) -> pd.DataFrame:
    """Stock drawn down and built up: each measured as 0 with half the variance."""
    rows = [
        (f"{what} {place}", f"{what} {place}", 0.0, max(sd / 2**0.5, SD_MIN_T))
        for place, sd in pass_through.items()
        for what in ("stock out of", "stock into")
    ]
    return pd.DataFrame(rows, columns=list(MEASUREMENT_COLUMNS))


def _balances(
    flows: pd.DataFrame, gates: Collection[str], pass_through: Mapping[str, float]
) -> pd.DataFrame:
    """At a gate all arriving flows are the intake; what passes through goes on."""
    parts = []
    arriving = flows[flows["facility"].isin(gates)]
    parts.append(_rows("gate " + arriving["facility"], arriving["flow"], 1))
    names = pd.Series(sorted(gates), dtype=object)
    parts.append(_rows("gate " + names, "intake " + names, -1))
    through = pd.Series(sorted(pass_through), dtype=object)
    leaving = flows[flows["generator"].isin(pass_through)]
    parts.append(_rows("place " + leaving["generator"], leaving["flow"], -1))
    for flow, sign in (("intake ", 1), ("stock out of ", 1), ("stock into ", -1)):
        parts.append(_rows("place " + through, flow + through, sign))
    return pd.concat(parts, ignore_index=True)


def _rows(node: pd.Series[Any], flow: pd.Series[Any], sign: int) -> pd.DataFrame:
    columns = [node.to_numpy(), flow.to_numpy(), np.full(len(node), sign)]
    return pd.DataFrame(dict(zip(BALANCE_COLUMNS, columns, strict=True)))


def _flow_result(flows: pd.DataFrame, found: Reconciliation) -> pd.DataFrame:
    """Reconciled tonnes by generator, stream and facility, all loads together."""
    values = found.flows.set_index("flow")
    table = flows.assign(
        reconciled_t=values["reconciled_t"].reindex(flows["flow"]).to_numpy(),
        variance=values["sd_t"].reindex(flows["flow"]).to_numpy() ** 2,
        said=flows["weighed"].fillna(flows["declared"]),
    )
    keys = ["generator", "stream", "facility"]
    columns = ["declared", "weighed", "reconciled_t", "variance", "said"]
    sums: Any = table.groupby(keys)[columns].sum(min_count=1).reset_index()
    return pd.DataFrame(
        {
            **{k: sums[k] for k in keys},
            "declared_t": sums["declared"],
            "received_t": sums["weighed"],
            "reconciled_t": sums["reconciled_t"],
            "sd_t": np.sqrt(sums["variance"]),
            "adjustment_t": sums["reconciled_t"] - sums["said"],
        }
    )
