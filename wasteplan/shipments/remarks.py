"""What a foreign format has no field for, carried in its free references.

The formats of other schemes let a document carry labelled remarks.  A table written
in such a format keeps its other columns there under labels that begin with
`wasteplan:`, so that it can be read back whole; other systems ignore them.
"""

from __future__ import annotations

import math
from collections.abc import Container, Iterable, Mapping
from datetime import datetime
from typing import Any

import pandas as pd

from wasteplan.shipments.json_reading import Node, utc
from wasteplan.shipments.table import COLUMNS
from wasteplan.tables import BOOLEANS

PREFIX = "wasteplan:"
UNKNOWN = "unknown"


def remarks(
    row: Mapping[str, Any],
    columns: Iterable[str],
    line: int | None = None,
    *,
    forced: Container[str] = (),
) -> list[tuple[str, str]]:
    """(label, text) of the columns of a row that are known.

    Parameters
    ----------
    row
        Values by column name.
    columns
        Columns to carry.
    line
        Number of the waste item, where one list serves all items of a document.
    forced
        Columns for which the format demands a value: that they are unknown is said.
    """
    mark = PREFIX if line is None else f"{PREFIX}{line}:"
    found = []
    for name in columns:
        value = row.get(name)
        if value is not None and not pd.isna(value):
            found.append((mark + name, _text(value)))
        elif name in forced:
            found.append((mark + name, UNKNOWN))
    return found


def remarked(
    node: Node,
    entries: Iterable[Node],
    label: str,
    text: str,
    line: int | None = None,
) -> dict[str, Any]:
    """The columns that remarks of ours carry; wrong values become problems.

    Parameters
    ----------
    node
        The document, for messages.
    entries
        The remarks.
    label, text
        Keys of the label and of the text in a remark.
    line
        Number of the waste item, as in `remarks`.
    """
    mark = PREFIX if line is None else f"{PREFIX}{line}:"
    found: dict[str, Any] = {}
    for entry in entries:
        name = entry.value.get(label)
        if not isinstance(name, str) or not name.startswith(mark):
            continue
        column = name.removeprefix(mark)
        value = entry.text(text)
        if column not in COLUMNS or value is None:
            continue
        if value == UNKNOWN:
            found[column] = None
            continue
        try:
            found[column] = _value(value, COLUMNS[column].kind)
        except ValueError:
            entry.tell(text, f"'{value}' is no {COLUMNS[column].kind} for {column}")
    return found


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    return repr(float(value)) if isinstance(value, float) else str(value)


def _value(text: str, kind: str) -> Any:
    """A text as the kind of its column."""
    if kind == "number":
        number = float(text)
        if not math.isfinite(number) or number < 0:
            raise ValueError(text)
        return number
    if kind == "time":
        return utc(datetime.fromisoformat(text))
    if kind == "flag":
        if text.lower() not in BOOLEANS:
            raise ValueError(text)
        return BOOLEANS[text.lower()]
    return text
