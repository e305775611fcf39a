"""A table from rows found one by one (documents are read so), and back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from wasteplan.shipments.completing import completed
from wasteplan.shipments.table import COLUMNS, ShipmentTable, shipment_table

Row = dict[str, Any]


def table_of_rows(rows: Sequence[Mapping[str, Any]]) -> ShipmentTable:
    """A completed table; a column that a row does not have is unknown in it."""
    if not rows:
        return shipment_table({}, n_rows=0)
    columns: dict[str, Any] = {}
    for name, column in COLUMNS.items():
        values = [row.get(name) for row in rows]
        if all(v is None for v in values) or name == "quantity_t":
            continue
        if column.kind == "name":
            columns[name] = pd.Categorical(pd.Series(values, dtype="object"))
        elif column.kind == "time":
            columns[name] = pd.Series(values, dtype="datetime64[ns]")
        else:
            columns[name] = values
    return completed(columns, len(rows))


def documents_of(table: ShipmentTable) -> Iterator[tuple[str, list[Row]]]:
    """The rows of every document, in the order of the table.

    A row without a document is one of its own, named by its id.
    """
    names = table["document"].where(table["document"].notna(), table["id"])
    plain = table.astype("object").where(table.notna(), None)
    found: dict[str, list[Row]] = {}
    for name, row in zip(names, plain.to_dict("records"), strict=True):
        found.setdefault(str(name), []).append({str(k): v for k, v in row.items()})
    yield from found.items()
