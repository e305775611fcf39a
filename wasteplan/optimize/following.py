"""A plan that is fixed, followed in a sample: the best flows it leaves."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

import highspy
import numpy as np

from wasteplan.errors import NoAnswer
from wasteplan.optimize.first_stage import columns_of
from wasteplan.optimize.handover import Problem, solver
from wasteplan.optimize.infeasibility import Relaxation, relaxations
from wasteplan.optimize.missing import miss_columns
from wasteplan.superstructure.model import Floats, Ints


@dataclass(frozen=True, eq=False)
class Followed:
    """How a fixed plan fares in a sample."""

    cost: float
    """Without the price of misses.  [M money]"""
    missed_price: float
    """Price of what is missed.  [M money]"""
    solution: Floats
    problem: Problem

    @cached_property
    def missed(self) -> tuple[Relaxation, ...]:
        """What is missed, where, when and by how much."""
        return relaxations(self.problem, self.solution)

    @property
    def total(self) -> float:
        """Cost and price of misses.  [M money]"""
        return self.cost + self.missed_price


@dataclass
class Flows:
    """A sample whose first decisions are fixed again and again; the solver is kept.

    Each linear program starts from the last one of its sample, so a further plan
    costs little.
    """

    problem: Problem
    names: tuple[str, ...]
    h: highspy.Highs = field(init=False)
    columns: Ints = field(init=False)
    misses: Ints = field(init=False)
    is_strict: bool = False

    def __post_init__(self) -> None:
        """Hand the sample over once; whole decisions that follow later stay whole."""
        p = self.problem
        self.columns = columns_of(p, self.names)
        self.misses = miss_columns(p)
        later = p.is_integer.copy()
        later[self.columns] = False
        self.h = solver(replace(p, is_integer=later))
        self.h.setOptionValue("threads", 1)

    def follow(self, decisions: Floats, *, must_meet: bool = False) -> Followed | None:
        """The best flows under given decisions.

        Parameters
        ----------
        decisions
            (decisions,): in the order of the names.
        must_meet
            Nothing may be missed; else misses are priced.

        Returns
        -------
        Followed or None
            None if nothing may be missed and something is.

        Raises
        ------
        NoAnswer
            The decisions clash with each other.
        """
        self._fix(np.round(decisions), must_meet)
        self.h.run()
        if self.h.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            if must_meet:
                return None
            raise NoAnswer(
                f"{self.problem.data.s.scenario.name}: the decisions cannot stand "
                "together in this sample"
            )
        return self._read(np.array(self.h.getSolution().col_value))

    def _fix(self, decisions: Floats, is_strict: bool) -> None:
        for column, value in zip(self.columns, decisions, strict=True):
            self.h.changeColBounds(int(column), float(value), float(value))
        if is_strict != self.is_strict:
            for column in self.misses:
                most = 0.0 if is_strict else float(self.problem.upper[column])
                self.h.changeColBounds(int(column), 0.0, most)
            self.is_strict = is_strict

    def _read(self, solution: Floats) -> Followed:
        p = self.problem
        price = float(p.cost[self.misses] @ solution[self.misses])
        total = float(p.cost @ solution) + p.offset
        return Followed(total - price, price, solution, p)
