"""Handover records in the manner of Korea's Allbaro, as CSV.

The shape of this table is ASSUMED.  It follows public descriptions of the system
(three parties each report date, vehicle and quantity of the same handover; the
receiver confirms within two days; differences are to be put right within three): the
columns, their names and their words are this project's, not those of an export.

| column | meaning |
|---|---|
| handover_no | number of the handover record; `sim-...`: a simulation made it |
| discharger_no | who hands over |
| waste_code, waste_name | code of the waste and its name |
| is_designated | 1: designated (hazardous) waste |
| reserved_date | day announced |
| handover_date, handover_kg, handover_vehicle | as the discharger says |
| carrier_no, carried_date, carried_kg | as the carrier says; carriers split by `;` |
| handler_no, accepted_date, accepted_kg, accepted_vehicle | as the handler says |
| rejected_kg | refused by the handler |
| confirmed_date, treated_date | confirmed and treated by the handler |
| method | recovery or disposal code (R1-R13, D1-D15) |
| status | state, in the words of `STATE_OF_STATUS` |

`discharger_name`, `carrier_name`, `handler_name`, `driver_name`, `contact` may stand in
the file and are never read.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from wasteplan.errors import Problem
from wasteplan.shipments.checking import Checker, missing_column, texts_of
from wasteplan.shipments.completing import completed
from wasteplan.shipments.csv_columns import TextColumns, read_csv_columns
from wasteplan.shipments.table import (
    SIMULATED,
    SIMULATED_NUMBER,
    ShipmentTable,
    shipment_table,
)
from wasteplan.units import KG_PER_T

SCHEME = "allbaro"
CODE_SCHEME = "KR"
TIME_FORMAT = "%Y-%m-%dT%H:%M:%S"

NAME_OF_COLUMN = {
    "discharger_no": "generator",
    "waste_code": "waste_code",
    "waste_name": "stream",
    "handover_vehicle": "vehicle",
    "carrier_no": "transporters",
    "handler_no": "facility",
    "accepted_vehicle": "received_vehicle",
    "method": "route",
}
TIME_OF_COLUMN = {
    "reserved_date": "reserved_at",
    "handover_date": "shipped_at",
    "carried_date": "collected_at",
    "accepted_date": "received_at",
    "confirmed_date": "confirmed_at",
    "treated_date": "treated_at",
}
MASS_OF_COLUMN = {
    "handover_kg": "declared_t",
    "accepted_kg": "received_t",
    "rejected_kg": "rejected_t",
}
STATE_OF_STATUS = {
    "draft": "draft",
    "reserved": "reserved",
    "handed_over": "in_transit",
    "accepted": "received",
    "confirmed": "confirmed",
    "treated": "treated",
    "cancelled": "cancelled",
    "rejected": "rejected",
    "mismatch": "mismatch",
    "overdue": "overdue",
    "corrected": "corrected",
}
STATUS_OF_STATE = {state: status for status, state in STATE_OF_STATUS.items()}
NEVER_READ = (
    "discharger_name",
    "carrier_name",
    "handler_name",
    "driver_name",
    "contact",
)
COLUMNS_READ = (
    "handover_no",
    "discharger_no",
    "waste_code",
    "waste_name",
    "is_designated",
    "reserved_date",
    "handover_date",
    "handover_kg",
    "handover_vehicle",
    "carrier_no",
    "carried_date",
    "carried_kg",
    "handler_no",
    "accepted_date",
    "accepted_kg",
    "accepted_vehicle",
    "rejected_kg",
    "confirmed_date",
    "treated_date",
    "method",
    "status",
)
REQUIRED = ("handover_no", "discharger_no", "waste_code", "handler_no")


def read_allbaro(path: Path, file: str, problems: list[Problem]) -> ShipmentTable:
    """Shipments of a CSV file of handovers (shape assumed: see the module).

    Parameters
    ----------
    path, file
        The file on disk and its name in messages.
    problems
        What is wrong is added here.
    """
    known = (*COLUMNS_READ, *NEVER_READ)
    text = read_csv_columns(
        path, file=file, known=known, required=REQUIRED, problems=problems
    )
    if text is None:
        return shipment_table({}, n_rows=0)
    return _table(text, file, problems)


def _table(text: TextColumns, file: str, problems: list[Problem]) -> ShipmentTable:
    """Check the columns and put them under our names."""
    n = len(text.rows)
    checker = Checker(file, text.rows)

    def column(name: str) -> pd.Categorical:
        return text.columns[name] if name in text.columns else missing_column(n)

    for name in REQUIRED:
        checker.required(column(name), name, "every handover needs one")
    made: dict[str, Any] = {
        "scheme": _schemes(column("handover_no")),
        "code_scheme": CODE_SCHEME,
        "source_file": file,
        "source_row": text.rows,
        "id": np.asarray(column("handover_no"), dtype=object),
        "document": np.asarray(column("handover_no"), dtype=object),
        "is_hazardous": checker.flags(column("is_designated"), "is_designated"),
        "state": checker.choices(column("status"), "status", STATE_OF_STATUS),
    }
    for theirs, ours in NAME_OF_COLUMN.items():
        made[ours] = column(theirs)
    for theirs, ours in TIME_OF_COLUMN.items():
        made[ours] = checker.times(column(theirs), theirs)
    for theirs, ours in MASS_OF_COLUMN.items():
        made[ours] = checker.numbers(column(theirs), theirs, unit="kg") / KG_PER_T
    carried = checker.numbers(column("carried_kg"), "carried_kg", unit="kg") / KG_PER_T
    made["declared_t"] = np.where(
        np.isnan(made["declared_t"]), carried, made["declared_t"]
    )
    problems.extend(checker.problems)
    return completed(made, n)


def _schemes(numbers: pd.Categorical) -> pd.Categorical:
    """Simulated or of this scheme, as the number of each handover says."""
    is_made = np.array([t.startswith(SIMULATED_NUMBER) for t in texts_of(numbers)])
    codes = np.append(is_made, False)[numbers.codes].astype("int8")
    names = pd.Index([SCHEME, SIMULATED], dtype=object)
    return pd.Categorical.from_codes(codes, categories=names)


def write_allbaro(table: ShipmentTable, path: Path) -> None:
    """Write a table as handovers, masses in kg; `stream` goes into `waste_name`.

    Volumes, containers, residues and the basis of a tonnage have no column and are
    lost; a volume with a density is written as its mass.
    """
    made: dict[str, Any] = dict.fromkeys(COLUMNS_READ)
    made["handover_no"] = table["id"]
    made["is_designated"] = table["is_hazardous"].astype("Int8")
    made["status"] = table["state"].astype("object").map(STATUS_OF_STATE)
    for theirs, ours in NAME_OF_COLUMN.items():
        made[theirs] = table[ours].astype("object")
    for theirs, ours in TIME_OF_COLUMN.items():
        made[theirs] = table[ours].dt.strftime(TIME_FORMAT)
    for theirs, ours in MASS_OF_COLUMN.items():
        made[theirs] = (table[ours] * KG_PER_T).round(3)  # to the gram
    frame = pd.DataFrame(made, index=table.index)
    frame.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")
