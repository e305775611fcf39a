"""What can be wrong with reported shipments, and how it is told."""

from __future__ import annotations

from collections.abc import Sequence

from wasteplan.errors import Problem, WasteplanError

LISTED_MAX = 1000
"""Rows listed for one mistake of one column; beyond it they are counted."""


class ShipmentError(WasteplanError):
    """Base of what can be wrong with shipments."""


class IllegalTransition(ShipmentError):
    """A shipment cannot go from the state it is in to the one asked for."""


class ShipmentFileError(ShipmentError):
    """Files of shipments hold mistakes; all of them are listed."""

    def __init__(self, where: str, problems: Sequence[Problem]) -> None:
        self.where = where
        self.problems = in_order(problems)
        n = len(self.problems)
        head = f"{where} has {n} problem{'s' if n != 1 else ''}"
        super().__init__("\n".join([head, *(f"  {p}" for p in self.problems)]))


def in_order(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """The problems by file, row and field, each once."""
    return tuple(
        sorted(set(problems), key=lambda p: (p.file, p.row or 0, p.field, p.message))
    )
