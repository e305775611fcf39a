"""What a foreign format has no field for, carried in its free references.

The formats of other schemes let a document carry labelled remarks.  A table written
in such a format keeps its other columns there under labels that begin with
`wasteplan:`, so that it can be read back whole; other systems ignore them.
"""

from __future__ import annotations

import math
from datetime import datetime
from functools import lru_cache
from typing import Any

from wasteplan.shipments.json_reading import EARLIEST, LATEST, Node, utc
from wasteplan.shipments.quantities import UNITS
from wasteplan.shipments.states import STATES
from wasteplan.shipments.table import COLUMNS, QUANTITY_BASES
from wasteplan.tables import BOOLEANS

PREFIX = "wasteplan:"
UNKNOWN = "unknown"
FOUND = ("quantity_t", "source_file", "source_row")
"""Columns that reading finds by itself: no document can say them."""

WORDS = {
    "state": STATES,
    "quantity_basis": QUANTITY_BASES,
    "quantity_unit": UNITS,
}
AS_WRITTEN = frozenset(
    name
    for name, column in COLUMNS.items()
    if column.kind in ("name", "text") and name not in (*WORDS, *FOUND)
)
"""Columns whose text is the value."""


def label_of(column: str, line: int | None = None) -> str:
    """The label under which a column is carried.

    Parameters
    ----------
    column
        Column to carry.
    line
        Number of the waste item, where one list serves all items of a document.

    >>> label_of("vehicle", 2)
    'wasteplan:2:vehicle'
    """
    return PREFIX + (column if line is None else f"{line}:{column}")


def remark_text(value: Any) -> str:
    """A value as a remark says it; None is said to be unknown."""
    if value is None:
        return UNKNOWN
    if isinstance(value, datetime):
        return value.isoformat()
    return repr(float(value)) if isinstance(value, float) else str(value)


def remarked(
    node: Node, key: str, label: str, text: str, line: int | None = None
) -> dict[str, Any]:
    """The columns that remarks of ours carry; wrong values become problems.

    Parameters
    ----------
    node, key
        Where the list of remarks stands.
    label, text
        Keys of the label and of the text in a remark.
    line
        Number of the waste item, as in `label_of`.
    """
    entries = node.value.get(key)
    if not isinstance(entries, list):
        node.nodes(key)  # tells what else it is
        return {}
    ours = _labels(line)
    found: dict[str, Any] = {}
    for place, entry in enumerate(entries):
        if not isinstance(entry, dict):
            node.tell(f"{key}[{place}]", "is no object")
            continue
        column = ours.get(str(entry.get(label)))
        value = entry.get(text)
        if column is None or value is None:
            continue
        if value == UNKNOWN:
            found[column] = None
        elif column in AS_WRITTEN and isinstance(value, str) and value:
            found[column] = value
        else:
            try:
                found[column] = _value(value, column)
            except (ValueError, OverflowError):
                message = f"'{value}' is no {COLUMNS[column].kind} for {column}"
                node.below(entry, key, place).tell(text, message)
    return found


@lru_cache(maxsize=256)
def _labels(line: int | None) -> dict[str, str]:
    """The column of every label of ours; what reading itself finds has none."""
    return {label_of(name, line): name for name in COLUMNS if name not in FOUND}


def _value(text: Any, column: str) -> Any:
    """A text as the kind of its column."""
    kind = COLUMNS[column].kind
    if not isinstance(text, str) or not text or text not in WORDS.get(column, (text,)):
        raise ValueError(text)
    if kind in ("name", "text"):
        return text
    if kind == "time":
        time = utc(datetime.fromisoformat(text))
        if not EARLIEST <= time <= LATEST:
            raise ValueError(text)
        return time
    if kind == "flag":
        if text.lower() not in BOOLEANS:
            raise ValueError(text)
        return BOOLEANS[text.lower()]
    number = float(text)
    if not math.isfinite(number) or number < 0:
        raise ValueError(text)
    return number
