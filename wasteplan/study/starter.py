"""The starter study against its published answer, for the self-test."""

from __future__ import annotations

from dataclasses import dataclass

from wasteplan.study.run import Run
from wasteplan.units import DAYS_PER_YEAR

PUBLISHED_COST_PER_DAY = 26_881.25  # USD/d, of the two-city teaching case
TOLERANCE = 1e-6  # relative


@dataclass(frozen=True)
class Agreement:
    """Cost of the starter study, as published and as found."""

    expected: float
    """[money/y]"""
    found: float
    """[money/y]"""

    @property
    def is_same(self) -> bool:
        """Both agree to the digits that are published."""
        return abs(self.found - self.expected) <= TOLERANCE * self.expected

    def __str__(self) -> str:
        verdict = "pass" if self.is_same else "FAIL"
        return (
            f"starter study: published {self.expected:,.2f}, found {self.found:,.2f} "
            f"USD a year  {verdict}"
        )


def agreement(run: Run) -> Agreement:
    """The cost of a finished run of the starter study beside the published one."""
    expected = PUBLISHED_COST_PER_DAY * DAYS_PER_YEAR
    return Agreement(expected, run.result.evaluation.cost_present_value)
