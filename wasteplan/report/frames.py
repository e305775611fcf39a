"""Reading data frames as plain rows and sums."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd


def rows(frame: pd.DataFrame) -> Iterator[Any]:
    """The rows of a frame, with its columns as attributes.

    >>> [r.t for r in rows(pd.DataFrame({"t": [1, 2]}))]
    [1, 2]
    """
    yield from frame.itertuples(index=False)


def sums(
    frame: pd.DataFrame, keys: Sequence[str], value: str
) -> dict[tuple[Any, ...], float]:
    """Sums of a column by the values of the key columns, in sorted order.

    >>> frame = pd.DataFrame({"a": ["x", "x", "y"], "t": [1.0, 2.0, 4.0]})
    >>> sums(frame, ["a"], "t")
    {('x',): 3.0, ('y',): 4.0}
    """
    grouped = frame.groupby(list(keys), sort=True, dropna=False)[value].sum()
    found = grouped.reset_index()
    return {
        tuple(row[:-1]): float(row[-1])
        for row in found.itertuples(index=False, name=None)
    }


def largest_first(amounts: dict[Any, float]) -> list[tuple[Any, float]]:
    """Keys and amounts, the largest first, equal ones in their order.

    >>> largest_first({"a": 1.0, "b": 3.0})
    [('b', 3.0), ('a', 1.0)]
    """
    return sorted(amounts.items(), key=lambda item: -item[1])
