"""The frame in which thousands of shipments travel: its columns and their meaning.

One row is one kind of waste on one document: a manifest with three waste lines is
three rows with the same `document`.  Text is categorical (group with
`observed=True`), unknown is missing (NaN, NaT, NA), never zero or an empty text.
Times are clock times without a zone; a reported time with an offset is put in UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import pandas as pd

ShipmentTable: TypeAlias = pd.DataFrame
"""A frame with exactly the columns of `COLUMNS`, in that order, index 0 to n - 1."""

Kind = Literal["text", "name", "number", "whole", "flag", "time"]

DTYPES: dict[str, Any] = {
    "text": "object",  # nearly every row has another value
    "name": "category",
    "number": "float64",
    "whole": "int64",
    "flag": "boolean",
    "time": "datetime64[ns]",
}

QUANTITY_BASES = ("weighed", "declared", "volume_x_density", "estimated")
"""How a tonnage came about, the most certain first."""

SIMULATED = "simulated"
"""The scheme of shipments that a simulation made."""

SIMULATED_NUMBER = "sim-"
"""How their numbers begin, for formats that cannot name a scheme."""

PARTY_SEPARATOR = ";"
"""Between the transporters of one shipment, in the order in which they carry it."""


@dataclass(frozen=True)
class TableColumn:
    """What stands in a column: its kind, unit and meaning."""

    kind: Kind
    unit: str
    meaning: str


def _column(kind: Kind, unit: str, meaning: str) -> TableColumn:
    return TableColumn(kind, unit, meaning)


COLUMNS: dict[str, TableColumn] = {
    "id": _column("text", "", "names the row; doubled ids are an exception"),
    "document": _column("text", "", "manifest, receipt or reservation it stands on"),
    "scheme": _column(
        "name", "", "own, us_emanifest, england_receipt, allbaro or simulated"
    ),
    "generator": _column("name", "", "who hands the waste over"),
    "transporters": _column("name", "", "carriers in order, split by `;`"),
    "facility": _column("name", "", "who receives it: plant id, permit or site"),
    "waste_code": _column("name", "", "codes of the waste in `code_scheme`, by `;`"),
    "code_scheme": _column("name", "", "EU_LoW, US_RCRA, KR, or of the user"),
    "stream": _column("name", "", "stream of the scenario, if known"),
    "is_hazardous": _column("flag", "", "as reported; NA unknown"),
    "quantity_t": _column("number", "t", "received_t, if missing declared_t"),
    "quantity_basis": _column("name", "", "basis of quantity_t: see QUANTITY_BASES"),
    "declared_t": _column("number", "t", "as the generator says"),
    "received_t": _column(
        "number", "t", "as the facility says, without what it sent on"
    ),
    "rejected_t": _column("number", "t", "refused by the facility"),
    "residue_t": _column("number", "t", "left in the container after unloading"),
    "quantity": _column("number", "quantity_unit", "as reported, before conversion"),
    "quantity_unit": _column("name", "", "unit of `quantity` as reported"),
    "density_kg_per_m3": _column("number", "kg/m3", "used where volume was reported"),
    "container": _column("name", "", "type of container as reported"),
    "n_containers": _column("number", "-", "number of containers"),
    "vehicle": _column("name", "", "as the generator or carrier says"),
    "received_vehicle": _column("name", "", "as the gate says"),
    "reserved_at": _column("time", "", "announced, or day for which it is planned"),
    "shipped_at": _column("time", "", "handed over, as the generator says"),
    "collected_at": _column("time", "", "taken over, as the first carrier says"),
    "received_at": _column("time", "", "arrived, as the facility says"),
    "confirmed_at": _column("time", "", "the facility confirmed or signed"),
    "treated_at": _column("time", "", "treated or disposed of"),
    "route": _column("name", "", "R1-R13, D1-D15, or code of the scheme (H132)"),
    "state": _column("name", "", "state of the shipment: see states.STATES"),
    "source_file": _column("name", "", "file it was read from"),
    "source_row": _column("whole", "row", "row (header is 1) or document in that file"),
}
"""Every column in order.  An unknown whole number is 0 (only `source_row`)."""

NAMES = tuple(n for n, c in COLUMNS.items() if c.kind == "name")
NUMBERS = tuple(n for n, c in COLUMNS.items() if c.kind == "number")
TIMES = tuple(n for n, c in COLUMNS.items() if c.kind == "time")


def shipment_table(
    columns: Mapping[str, Any], n_rows: int | None = None
) -> ShipmentTable:
    """A shipment table from the columns at hand; the others are unknown.

    `quantity_t` and `quantity_basis` follow from the two parties' tonnages where
    they are not given: what was received counts, otherwise what was declared.

    Parameters
    ----------
    columns
        Values by column name: arrays, lists or one value for all rows.
    n_rows
        Number of rows, needed only if every column is one value.

    Raises
    ------
    KeyError
        A name is no column of the table.

    >>> frame = shipment_table({"id": ["a", "b"], "declared_t": [2.0, 3.0],
    ...                         "received_t": [None, 2.5]})
    >>> frame["quantity_t"].tolist()
    [2.0, 2.5]
    """
    unknown = sorted(set(columns) - set(COLUMNS))
    if unknown:
        raise KeyError(f"no columns of a shipment table: {', '.join(unknown)}")
    index = pd.RangeIndex(_length(columns) if n_rows is None else n_rows)
    made = {}
    for name, column in COLUMNS.items():
        given = columns.get(name)
        if name == "source_row" and given is None:
            given = 0
        made[name] = as_kind(given, column.kind, index)
    if "quantity_t" not in columns:
        made["quantity_t"] = made["received_t"].fillna(made["declared_t"])
    if "quantity_basis" not in columns:
        made["quantity_basis"] = _basis(made["received_t"], made["declared_t"])
    return pd.DataFrame(made, index=index)


def as_kind(values: Any, kind: Kind, index: pd.RangeIndex) -> pd.Series[Any]:
    """Values as a column of the kind; one value stands for all rows."""
    if isinstance(values, pd.Series):
        values = values.array
    if kind == "name":
        names = pd.Series(values, index=index, dtype=DTYPES[kind])
        # one type of categories, so that any two tables can be joined
        plain = pd.Index(names.cat.categories, dtype=object)
        return names.cat.set_categories(plain, rename=True)
    if kind != "time":
        return pd.Series(values, index=index, dtype=DTYPES[kind])
    if values is None:
        return pd.Series(pd.NaT, index=index, dtype=DTYPES["time"])
    times = pd.Series(values, index=index)
    if times.dtype.kind != "M":
        times = pd.to_datetime(times, format="ISO8601")
    return times.astype(DTYPES["time"])


def concatenated(tables: list[ShipmentTable]) -> ShipmentTable:
    """Several tables one below the other, as one table."""
    if not tables:
        return shipment_table({}, n_rows=0)
    if len(tables) == 1:
        return tables[0]
    made: dict[str, Any] = {}
    for name, column in COLUMNS.items():
        parts = [t[name] for t in tables]
        if column.kind == "name":
            made[name] = pd.api.types.union_categoricals(
                [p.array for p in parts]  # type: ignore[misc]
            )
        else:
            made[name] = pd.concat(parts, ignore_index=True)
    return shipment_table(made)


def _length(columns: Mapping[str, Any]) -> int:
    """Rows of the first column that is no single value."""
    for values in columns.values():
        if hasattr(values, "__len__") and not isinstance(values, str):
            return len(values)
    return 0


def _basis(received: pd.Series[Any], declared: pd.Series[Any]) -> pd.Series[Any]:
    """Weighed where the facility gave a tonnage, declared where only the generator."""
    basis = pd.Series(None, index=received.index, dtype="object")
    basis[declared.notna()] = "declared"
    basis[received.notna()] = "weighed"
    return basis.astype("category")
