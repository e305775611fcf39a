"""Documents in JSON as a table and back, in one way for every scheme that has them.

A scheme says how a document becomes rows, how rows become a document, and where a
remark goes.  What a written document does not say of a row by itself is found by
reading it as it would be read, and carried in remarks (see `remarks`), so that a table
comes back whole.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from wasteplan.errors import Problem
from wasteplan.shipments.completing import completed
from wasteplan.shipments.json_reading import Node, documents
from wasteplan.shipments.json_stream import LINES_SUFFIXES
from wasteplan.shipments.remarks import FOUND, remark_text
from wasteplan.shipments.table import (
    COLUMNS,
    NAMES,
    TIMES,
    ShipmentTable,
    concatenated,
    shipment_table,
)

Row = dict[str, Any]
BATCH_ROWS = 20_000  # held as Python objects at a time, some 1.5 kB each
REPORTED = tuple(n for n in COLUMNS if n not in FOUND)


@dataclass(frozen=True)
class DocumentScheme:
    """How the documents of a scheme and rows of a table become each other.

    Attributes
    ----------
    rows_of
        The rows that a document tells, one after the other.
    document_of
        A document (as JSON) from its running number, its name and its rows.
    remark
        Adds a text under a column's name to a waste line (from 1) of a document.
    shared
        Columns that a document says once.
    """

    rows_of: Callable[[Node], Iterable[Row]]
    document_of: Callable[[int, str, list[Row]], dict[str, Any]]
    remark: Callable[[dict[str, Any], int, str, str], None]
    shared: tuple[str, ...]


def read_documents(
    rows_of: Callable[[Node], Iterable[Row]],
    path: Path,
    file: str,
    problems: list[Problem],
) -> ShipmentTable:
    """Shipments of a file of documents (one, a list, or one a line).

    Parameters
    ----------
    rows_of
        The rows that a document tells.
    path, file
        The file on disk and its name in messages.
    problems
        What is wrong is added here; a row number is the number of the document.
    """
    tables: list[ShipmentTable] = []
    rows: list[Row] = []
    for document in documents(path, file, problems):
        rows.extend(rows_of(document))
        if len(rows) >= BATCH_ROWS:
            tables.append(table_of_rows(rows))
            rows = []
    if rows:
        tables.append(table_of_rows(rows))
    return concatenated(tables)


def write_documents(scheme: DocumentScheme, table: ShipmentTable, path: Path) -> None:
    """Write a table as documents, one a line: a list, or bare lines for `.jsonl`."""
    is_list = path.suffix.lower() not in LINES_SUFFIXES
    first, between, last = ("[\n", ",\n", "\n]\n") if is_list else ("", "\n", "\n")
    with path.open("w", encoding="utf-8", newline="\n") as text:
        text.write(first if len(table) or is_list else "")
        at = 0
        for batch, names in _batches(table, scheme.shared):
            for made in _with_remarks(scheme, batch, names, at):
                text.write(between if at else "")
                text.write(json.dumps(made, ensure_ascii=False, separators=(",", ":")))
                at += 1
        text.write(last if at or is_list else "")


def table_of_rows(rows: Sequence[Mapping[str, Any]]) -> ShipmentTable:
    """A completed table; a column that a row does not have is unknown in it."""
    if not rows:
        return shipment_table({}, n_rows=0)
    return completed(_columns_of(rows), len(rows))


def _columns_of(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The columns that any row has, each as its kind."""
    columns: dict[str, Any] = {}
    for name, column in COLUMNS.items():
        values = [row.get(name) for row in rows]
        if values.count(None) == len(values) or name == "quantity_t":
            continue
        if column.kind == "name":
            columns[name] = pd.Categorical(pd.Series(values, dtype="object"))
        elif column.kind == "time":
            columns[name] = pd.Series(values, dtype="datetime64[ns]")
        else:
            columns[name] = values
    return columns


def _batches(
    table: ShipmentTable, shared: Sequence[str]
) -> Iterator[tuple[ShipmentTable, np.ndarray]]:
    """The table piece by piece, a document's rows together, with document numbers.

    A row without a document is one of its own, named by its id.  Rows of a document
    that differ in a column that a document says once are documents apart.  Documents
    come in the order of their first rows.
    """
    names = table["document"].where(table["document"].notna(), table["id"])
    number = pd.factorize(names.astype(str))[0]
    for name in shared:
        column = table[name]
        if name in NAMES:
            codes = pd.Categorical(column).codes.astype("int64") + 1
        else:
            codes = pd.factorize(column, use_na_sentinel=False)[0]
        number = pd.factorize(number * (codes.max(initial=0) + 1) + codes)[0]
    order = np.argsort(number, kind="stable")
    number = number[order]
    ends = np.flatnonzero(np.diff(number, append=-1)) + 1
    start = 0
    while start < len(order):
        end = int(ends[np.searchsorted(ends, min(start + BATCH_ROWS, len(order)))])
        rows = order[start:end]
        yield table.iloc[rows].reset_index(drop=True), number[start:end]
        start = end


def _with_remarks(
    scheme: DocumentScheme, batch: ShipmentTable, number: np.ndarray, at: int
) -> list[dict[str, Any]]:
    """The documents of a batch, with what they do not say by themselves as remarks."""
    rows = _plain_rows(batch)
    made: list[dict[str, Any]] = []
    places: list[tuple[dict[str, Any], int]] = []
    for _, group in groupby(range(len(rows)), key=lambda i: number[i]):
        of_document = [rows[i] for i in group]
        name = str(of_document[0]["document"] or of_document[0]["id"])
        document = scheme.document_of(at + len(made) + 1, name, of_document)
        places += [(document, line) for line in range(1, len(of_document) + 1)]
        made.append(document)
    said = _said_by(scheme, made)
    for name in REPORTED:
        for i in _differing(batch[name], said[name]):
            document, line = places[i]
            scheme.remark(document, line, name, remark_text(rows[i][name]))
    return made


def _said_by(scheme: DocumentScheme, made: list[dict[str, Any]]) -> ShipmentTable:
    """What documents say when they are read, before anything is completed."""
    nodes = (Node(d, "", i, []) for i, d in enumerate(made, start=1))
    rows = [row for node in nodes for row in scheme.rows_of(node)]
    unknown = dict.fromkeys(REPORTED) | {"quantity_t": None}
    return shipment_table(unknown | _columns_of(rows), len(rows))


def _differing(given: pd.Series[Any], said: pd.Series[Any]) -> np.ndarray:
    """Positions at which two columns say different things; unknown equals unknown."""
    ours, theirs = given.astype(object).to_numpy(), said.astype(object).to_numpy()
    unknown, unsaid = given.isna().to_numpy(), said.isna().to_numpy()
    both = ~unknown & ~unsaid
    differs = unknown != unsaid
    differs[both] = ours[both] != theirs[both]
    return np.flatnonzero(differs)


def _plain_rows(table: ShipmentTable) -> list[Row]:
    """The rows as plain values: None where unknown, times without a zone."""
    columns: dict[str, list[Any]] = {}
    for name in table.columns:
        if name in TIMES:  # numpy gives None for no time
            times = table[name].to_numpy().astype("datetime64[us]")
            columns[name] = times.astype(object).tolist()
        else:
            plain = table[name].astype(object)
            columns[name] = plain.where(table[name].notna(), None).tolist()
    return [
        dict(zip(columns, values, strict=True))
        for values in zip(*columns.values(), strict=True)
    ]
