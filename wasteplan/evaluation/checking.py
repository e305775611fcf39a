"""What requirements are checked against, and how closely."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from wasteplan.evaluation.books import Books
from wasteplan.evaluation.facilities import PlantState

RELATIVE = 1e-5  # a solver meets its rows about so closely
ABSOLUTE = 2e-3  # t/y, m3: what is left of a solver's 1e-6 kt/y


@dataclass(frozen=True)
class Results:
    """What requirements are checked against."""

    books: Books
    states: tuple[PlantState, ...]
    waste: pd.DataFrame
    emissions: pd.DataFrame
    informal: pd.DataFrame

    def period(self, t: int) -> str:
        """The id of a period."""
        return self.books.scenario.periods[t].id


def is_above(value: float, limit: float, absolute: float = ABSOLUTE) -> bool:
    """Whether a value exceeds a limit by more than rounding."""
    return value > limit + max(RELATIVE * abs(limit), absolute)
