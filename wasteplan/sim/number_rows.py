"""Rows of plain numbers, written one by one: little work a row, little memory."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable
from struct import pack

import numpy as np


class NumberRows:
    """A growing table of floats.

    A row is appended to a list, which is the cheapest there is; `pack`, called now
    and then, turns the list into eight bytes a number.

    Parameters
    ----------
    width
        Numbers in a row.

    >>> rows = NumberRows(2)
    >>> rows.append((1, 2.5))
    >>> rows.table()
    array([[1. , 2.5]])
    """

    __slots__ = ("_fresh", "_packed", "append", "width")

    append: Callable[[Iterable[float]], None]

    def __init__(self, width: int) -> None:
        self.width = width
        self.forget()

    def pack(self) -> None:
        """Turn what has come since the last call into plain numbers."""
        fresh = self._fresh
        if fresh:  # twice as fast as an array made of the list
            self._packed.frombytes(pack(f"{len(fresh)}d", *fresh))
            fresh.clear()

    def table(self) -> np.ndarray:
        """All rows, shape (n, width); no more can be written while it is in use."""
        self.pack()
        if not self._packed:
            return np.empty((0, self.width))
        return np.frombuffer(self._packed).reshape(-1, self.width)

    def forget(self) -> None:
        """Give the memory back and begin anew."""
        self._packed = array("d")
        self._fresh: list[float] = []
        self.append = self._fresh.extend
