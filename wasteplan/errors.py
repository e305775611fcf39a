"""What can go wrong, as a short catalogue with one base class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class WasteplanError(Exception):
    """Base of every error a user can mend; its text names the thing and the fix."""

    exit_code = 2


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake in the input: where it is, what is wrong, how to mend it."""

    file: str
    row: int | None
    field: str
    message: str

    def __str__(self) -> str:
        row = f" row {self.row}" if self.row is not None else ""
        field = f", {self.field}" if self.field else ""
        return f"{self.file}{row}{field}: {self.message}"


class ScenarioError(WasteplanError):
    """The scenario folder or workbook holds mistakes; all of them are listed."""

    def __init__(self, where: str, problems: Sequence[Problem]) -> None:
        self.where = where
        self.problems = tuple(sorted(set(problems), key=_order))
        n = len(self.problems)
        head = f"{where} has {n} problem{'s' if n != 1 else ''}"
        super().__init__("\n".join([head, *(f"  {p}" for p in self.problems)]))


class PlanError(WasteplanError):
    """A plan does not fit its scenario: unknown place, shares that do not add up."""


class PlanDisagreement(WasteplanError):
    """The independent evaluation of a solved plan disagrees with the solver."""

    exit_code = 1


class NoAnswer(WasteplanError):
    """The question has no answer: the requirements cannot hold together."""

    exit_code = 3


class StoppedWithoutPlan(WasteplanError):
    """The run was stopped (time limit or Ctrl-C) before any plan was found."""

    exit_code = 4

    def __init__(self, text: str, *, by_hand: bool = False) -> None:
        self.by_hand = by_hand
        super().__init__(text)


class AuditError(WasteplanError):
    """A simulation run broke a conservation law or a stock limit."""

    exit_code = 1


class ConversionError(WasteplanError):
    """A price or unit cannot be converted: no index row, or unlike units."""


def _order(problem: Problem) -> tuple[str, int, str, str]:
    return (problem.file, problem.row or 0, problem.field, problem.message)
