"""What a cell with a range may hold: bounds of its column, values to choose."""

from __future__ import annotations

import math
from functools import lru_cache

from pydantic.fields import FieldInfo

from wasteplan.tables import annotation_parts
from wasteplan.units import Record, words

Bounds = tuple[float, float]


@lru_cache(maxsize=1024)
def allowed(record: type[Record], column: str) -> Bounds:
    """The least and the most that a column of a table may hold.

    >>> from wasteplan.waste.records import CompositionShare
    >>> allowed(CompositionShare, "share")
    (0.0, 1.0)
    """
    field = record.model_fields[column]
    low, high = -math.inf, math.inf
    for mark in _marks(field):
        if (least := getattr(mark, "ge", None)) is not None:
            low = max(low, float(least))
        if (above := getattr(mark, "gt", None)) is not None:
            low = max(low, math.nextafter(float(above), math.inf))
        if (most := getattr(mark, "le", None)) is not None:
            high = min(high, float(most))
        if (below := getattr(mark, "lt", None)) is not None:
            high = min(high, math.nextafter(float(below), -math.inf))
    return low, high


def _marks(field: FieldInfo) -> list[object]:
    found: list[object] = []
    for part in (*field.metadata, *annotation_parts(field.annotation)):
        found += part.metadata if isinstance(part, FieldInfo) else [part]
    return found


def discrete_values(text: str) -> dict[float, float]:
    """Value -> weight of a list such as `0.5:2 0.7` (a weight left out is 1).

    Raises
    ------
    ValueError
        If a part is no number, a weight is not above 0 or a value stands twice.

    >>> discrete_values("0.5:2 0.7")
    {0.5: 2.0, 0.7: 1.0}
    """
    found: dict[float, float] = {}
    for word in words(text):
        value_text, _, weight_text = word.partition(":")
        try:
            value, weight = float(value_text), float(weight_text or 1.0)
        except ValueError:
            raise ValueError(f"'{word}' is not value or value:weight") from None
        if not (math.isfinite(value) and 0 < weight < math.inf):
            raise ValueError(f"'{word}': a weight is above 0, a value finite")
        if value in found:
            raise ValueError(f"{value:g} stands twice")
        found[value] = weight
    return found
