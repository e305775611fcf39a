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


def documents_of(
    table: ShipmentTable, shared: Sequence[str]
) -> Iterator[tuple[str, list[Row]]]:
    """The rows of every document, in the order of the table.

    A row without a document is one of its own, named by its id.  Rows of a document
    that differ in a column that a document says once are documents apart.

    Parameters
    ----------
    shared
        Columns that a document says once.
    """
    names = table["document"].where(table["document"].notna(), table["id"])
    plain = table.astype("object").where(table.notna(), None)
    found: dict[tuple[Any, ...], list[Row]] = {}
    for name, values in zip(names, plain.to_dict("records"), strict=True):
        row = {str(k): v for k, v in values.items()}
        key = (str(name), *(row[n] for n in shared))
        found.setdefault(key, []).append(row)
    for key, rows in found.items():
        yield key[0], rows
