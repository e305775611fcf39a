"""The exception report: what the parties must look at, row by row, with the fix."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd

from wasteplan.shipments.exception_rules import RULES, Asked, Tolerances
from wasteplan.shipments.records import Permit
from wasteplan.shipments.states import Clocks
from wasteplan.shipments.table import TIMES, ShipmentTable

KINDS: dict[str, str] = {
    "overdue_confirmation": "the facility confirms, or reports what differs",
    "overdue_correction": "the parties agree on one value and correct the record",
    "date_mismatch": "the parties compare their records and correct the wrong date",
    "vehicle_mismatch": "the carrier says which vehicle came",
    "quantity_mismatch": "weigh or recount; correct the wrong tonnage",
    "never_shipped": "the generator ships or cancels",
    "never_received": "the generator asks carrier and facility where the load is",
    "missing_density": "state the density, or weigh the load",
    "missing_quantity": "state a quantity with its unit",
    "duplicate": "keep one record and cancel the others",
    "over_permit": "the facility stops taking it, or shows a wider permit",
    "state_contradiction": "correct the state or the times",
}
"""Every kind of exception, and what is to be done."""

COLUMNS: dict[str, str] = {
    "kind": "one of KINDS",
    "id": "shipment",
    "document": "its document",
    "generator": "who handed it over",
    "facility": "who receives it",
    "message": "what is wrong, with values and units",
    "since": "time from which it stands",
    "amount_t": "tonnage concerned [t]",
    "fix": "what is to be done",
    "source_file": "file it was read from",
    "source_row": "row or document in that file",
}


def exceptions(
    table: ShipmentTable,
    *,
    now: datetime | None = None,
    clocks: Clocks | None = None,
    tolerances: Tolerances | None = None,
    permits: Iterable[Permit] = (),
) -> pd.DataFrame:
    """Everything in a table that someone must look at.

    Parameters
    ----------
    table
        The shipments; `quantity_t` and the parties' tonnages in tonnes.
    now
        The moment at which the clocks are read; by default the latest time in the
        table, so that a report does not depend on the day on which it is made.
    clocks, tolerances
        How long the parties may take, and how far they may differ.
    permits
        What facilities may take in a year.

    Returns
    -------
    pandas.DataFrame
        Columns as in `COLUMNS`, by kind in the order of `KINDS`, then by row.
    """
    at = pd.Timestamp(now) if now is not None else latest_time(table)
    asked = Asked(at, clocks or Clocks(), tolerances or Tolerances(), tuple(permits))
    parts = []
    for kind, rule in RULES.items():
        for mask, message, since in rule(table, asked):
            if mask.any():
                parts.append(_part(table, kind, mask, message, since))
    if not parts:
        return pd.DataFrame({name: pd.Series(dtype="object") for name in COLUMNS})
    return pd.concat(parts, ignore_index=True)


def exception_counts(report: pd.DataFrame) -> pd.DataFrame:
    """Number and tonnes of every kind, zeros included.

    Returns
    -------
    pandas.DataFrame
        `kind`, `n`, `amount_t`, `fix`; in the order of `KINDS`.
    """
    grouped = report.groupby("kind", observed=True)["amount_t"]
    n, amount_t = grouped.size(), grouped.sum()
    made = pd.DataFrame({"kind": list(KINDS)})
    made["n"] = made["kind"].map(n).fillna(0).astype(int)
    made["amount_t"] = made["kind"].map(amount_t).fillna(0.0).astype(float)
    made["fix"] = list(KINDS.values())
    return made


def latest_time(table: ShipmentTable) -> pd.Timestamp:
    """The latest time that any row reports; NaT for a table without times."""
    reported = [name for name in TIMES if name != "reserved_at"]
    latest = pd.Series([table[name].max() for name in reported]).max()
    return pd.Timestamp(latest)


def _part(
    table: ShipmentTable,
    kind: str,
    mask: np.ndarray,
    message: Callable[[Any], str],
    since: str,
) -> pd.DataFrame:
    """The rows of one rule as rows of the report."""
    rows = table[mask]
    made = {
        "kind": kind,
        "id": rows["id"],
        "document": rows["document"],
        "generator": rows["generator"].astype("object"),
        "facility": rows["facility"].astype("object"),
        "message": [message(row) for row in rows.itertuples()],
        "since": rows[since],
        "amount_t": rows["quantity_t"],
        "fix": KINDS[kind],
        "source_file": rows["source_file"].astype("object"),
        "source_row": rows["source_row"],
    }
    return pd.DataFrame(made)
