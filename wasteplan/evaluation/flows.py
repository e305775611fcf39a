"""Flows of a period as columns of numbers, and sums over them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from wasteplan.evaluation.lots import Floats, Ints, Lot


@dataclass(frozen=True)
class Flows:
    """Flows of one period; every array has one entry a flow."""

    origin: Ints
    """Index into `Index.places`."""
    destination: Ints
    lot: Ints
    """Index into `Index.lots`."""
    tonnes: Floats
    """Shape (flows, years).  [t/y]"""

    def __len__(self) -> int:
        """The number of flows."""
        return len(self.origin)


@dataclass
class Index:
    """Numbers for places and lots."""

    places: list[str] = field(default_factory=list)
    lots: list[Lot] = field(default_factory=list)
    _place: dict[str, int] = field(default_factory=dict)
    _lot: dict[Lot, int] = field(default_factory=dict)

    def place(self, name: str) -> int:
        """The number of a place, new or known."""
        if name not in self._place:
            self._place[name] = len(self.places)
            self.places.append(name)
        return self._place[name]

    def lot(self, lot: Lot) -> int:
        """The number of a lot, new or known."""
        if lot not in self._lot:
            self._lot[lot] = len(self.lots)
            self.lots.append(lot)
        return self._lot[lot]


@dataclass
class Collector:
    """Gathers blocks of flows and puts them together."""

    n_years: int
    blocks: list[Flows] = field(default_factory=list)

    def add(self, origin: Ints, destination: Ints, lot: Ints, tonnes: Floats) -> None:
        """A block of flows."""
        self.blocks.append(Flows(origin, destination, lot, tonnes))

    def add_one(self, origin: int, destination: int, lot: int, tonnes: Floats) -> None:
        """A single flow."""
        self.add(
            np.array([origin]), np.array([destination]), np.array([lot]), tonnes[None]
        )

    def flows(self) -> Flows:
        """All flows so far."""
        none = np.zeros(0, np.int64)
        empty = Flows(none, none, none, np.zeros((0, self.n_years)))
        blocks = [empty, *self.blocks]
        return Flows(
            np.concatenate([b.origin for b in blocks]),
            np.concatenate([b.destination for b in blocks]),
            np.concatenate([b.lot for b in blocks]),
            np.concatenate([b.tonnes for b in blocks]),
        )


def summed(amounts: Floats, *keys: Ints) -> tuple[list[tuple[int, ...]], Floats, Ints]:
    """Sums of rows that share all their keys, in the order of first appearance.

    Parameters
    ----------
    amounts
        Shape (n, years).
    keys
        Each of shape (n,), not negative.

    Returns
    -------
    groups, sums, first
        The keys of each group, its sum over rows (groups, years), and the first row.

    >>> groups, sums, _ = summed(np.array([[1.0], [2.0], [4.0]]), np.array([7, 5, 7]))
    >>> groups, sums.tolist()
    ([(7,), (5,)], [[5.0], [2.0]])
    """
    if not len(amounts):
        return [], amounts, np.zeros(0, np.int64)
    code = np.zeros(len(amounts), np.int64)
    for key in keys:
        code = code * (int(key.max()) + 1) + key
    _, first, inverse = np.unique(code, return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    sums = np.zeros((len(order), amounts.shape[1]))
    np.add.at(sums, rank[inverse], amounts)
    first = first[order]
    groups = list(zip(*(key[first].tolist() for key in keys), strict=True))
    return groups, sums, first
