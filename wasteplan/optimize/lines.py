"""Rows of a constraint family read as columns and numbers, without expressions.

A family is a function that speaks of `m.throughput[f, t]` and adds a constraint to `m`.
Here `m` stands in for the Pyomo model: a variable is a column of the solver, a sum of
variables a list of columns, and a constraint a row.  The family stays the one place
where its formula is written; writing its rows again costs a twentieth of what
building and compiling expressions does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyomo.environ as pyo

Items = list[tuple[int, float]]
"""Columns with their coefficients."""


class Line:
    """A sum of columns, each times a number, and a number."""

    __slots__ = ("constant", "items")
    __array_ufunc__ = None
    """So that numbers of numpy leave arithmetic to this class."""

    def __init__(self, items: Items, constant: float = 0.0) -> None:
        self.items, self.constant = items, constant

    def __add__(self, other: Line | float) -> Line:
        if isinstance(other, Line):
            return Line(self.items + other.items, self.constant + other.constant)
        return Line(self.items, self.constant + other)

    __radd__ = __add__

    def __mul__(self, factor: float) -> Line:
        return Line([(j, factor * v) for j, v in self.items], factor * self.constant)

    __rmul__ = __mul__

    def __neg__(self) -> Line:
        return self * -1.0

    def __sub__(self, other: Line | float) -> Line:
        return self + -other

    def __rsub__(self, other: float) -> Line:
        return -self + other

    def __le__(self, other: Line | float) -> Row:
        less = self - other
        return Row(less.items, -np.inf, -less.constant)

    def __ge__(self, other: Line | float) -> Row:
        if isinstance(other, Line):  # as Pyomo turns what has variables on both sides
            return other <= self
        less = self - other
        return Row(less.items, -less.constant, np.inf)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the solver: columns that add up to something within limits."""

    items: Items
    lower: float
    upper: float

    def values(self) -> dict[int, float]:
        """Column -> its coefficient, those that vanish left out."""
        found: dict[int, float] = {}
        for j, v in self.items:
            found[j] = found.get(j, 0.0) + v
        return {j: v for j, v in found.items() if v != 0}


class _List:
    """Stands in for `pyo.ConstraintList`: numbered from 1."""

    def __init__(self) -> None:
        self.rows: dict[Any, Row] = {}

    def add(self, row: Row) -> None:
        self.rows[len(self.rows) + 1] = row


class Nothing:
    """Variables whose coefficients are known not to move: sums of no columns."""

    line = Line([])

    def __getitem__(self, index: object) -> Line:
        return self.line


class StandIn:
    """A model whose variables are columns, and which keeps the rows of a family.

    Parameters
    ----------
    model, column_of
        A planning model, and id of its variable -> column.
    left_out
        Names of variables that are no column: rows are told without them.
    """

    def __init__(
        self,
        model: pyo.ConcreteModel,
        column_of: dict[int, int],
        left_out: Iterable[str] = (),
    ) -> None:
        known: dict[str, Any] = dict.fromkeys(left_out, Nothing())
        parts = {"known": known, "model": model, "column_of": column_of, "found": {}}
        for name, part in parts.items():
            object.__setattr__(self, f"_{name}", part)

    def __getattr__(self, name: str) -> Any:
        for known in (self._found, self._known):
            if name in known:
                return known[name]
        component = getattr(self._model, name)
        if getattr(component, "ctype", None) is not pyo.Var:
            return component
        self._known[name] = _columns(component, self._column_of)
        return self._known[name]

    def __setattr__(self, name: str, value: Any) -> None:
        if isinstance(value, pyo.ConstraintList):
            self._found[name] = _List()
            return
        told = {k: value.rule(self, k) for k in value.index_set()}
        self._found[name] = {
            k: row for k, row in told.items() if row is not pyo.Constraint.Skip
        }

    def rows_of(self, family: Any, data: Any) -> Iterator[tuple[str, dict[Any, Row]]]:
        """Name and rows, by index, of everything that a family adds."""
        self._found.clear()
        family(self, data)
        for name, rows in self._found.items():
            yield name, rows.rows if isinstance(rows, _List) else rows


def _columns(variable: pyo.Var, column_of: dict[int, int]) -> Any:
    """A line for a variable, or one for each of its indices."""
    if not variable.is_indexed():
        return Line([(column_of[id(variable)], 1.0)])
    return {k: Line([(column_of[id(v)], 1.0)]) for k, v in variable.items()}
