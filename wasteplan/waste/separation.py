"""Taking fractions out of a stream: what is taken, and what is left.

A tonne of a stream is a table of parts: rows are the fractions that its composition
lists, columns the fractions they consist of (a textile listed as such consists of its
fibres).  Water stays with the fraction it is in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import numpy as np

from wasteplan.waste.material import Floats, FractionTable, Material
from wasteplan.waste.records import CompositionShare

NOTHING = 1e-12


def parts_of(
    stream: str, shares: Iterable[CompositionShare], table: FractionTable
) -> tuple[tuple[str, ...], Floats]:
    """Listed fractions of a stream, and their mass by fraction.

    Parameters
    ----------
    stream, shares, table
        As for `stream_material`; rows of other streams are passed over.

    Returns
    -------
    tuple of str, array of shape (listed, fractions)
        t per t of the stream; the sum over rows is the mass of the material.
    """
    own = [s for s in shares if s.stream == stream]
    mixes: dict[str, list[CompositionShare]] = defaultdict(list)
    for row in own:
        if row.within:
            mixes[row.within].append(row)
    listed = [row for row in own if not row.within]
    mass = np.zeros((len(listed), len(table.ids)))
    for i, row in enumerate(listed):
        mix = mixes.get(row.fraction, ())
        total = sum(part.share for part in mix)
        for part in mix:
            mass[i, table.index[part.fraction]] += row.share * part.share / total
        if not mix:
            mass[i, table.index[row.fraction]] += row.share
    return tuple(row.fraction for row in listed), mass / mass.sum()


def is_of(fraction: str, listed: tuple[str, ...], table: FractionTable) -> np.ndarray:
    """Which parts are of a fraction: as listed, as what it consists of, or by kind.

    Returns
    -------
    array of bool, shape (listed, fractions)
    """
    rows = np.array([fraction in table.ancestry(name) for name in listed], dtype=bool)
    columns = np.array([fraction in table.ancestry(name) for name in table.ids])
    return np.asarray(rows[:, None] | columns[None, :])


def mixed(mass: Floats, water: Floats) -> Material:
    """The material of some tonnes by fraction; `water` is t per t of each fraction."""
    total = mass.sum()
    return Material(mass / total, np.where(mass > NOTHING * total, water, 0.0))
