"""A planning problem that stays with the solver while its numbers change.

Targets, prices and tonnages are changed as coefficients and bounds of the model the
solver already holds.  Where more changes than numbers, it is built anew.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, replace
from typing import Any

import highspy
import numpy as np

from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.handover import (
    Problem,
    hand_over,
    problem,
    solver,
)
from wasteplan.optimize.hauls_again import HaulsAgain
from wasteplan.optimize.own import Own
from wasteplan.optimize.rows_again import (
    FAMILY_OF_METRIC,
    READ_BY,
    WITH_SLUDGE,
    PatternMoved,
    Rows,
)
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.totals import COST
from wasteplan.superstructure.assembly import Assembled, assembled
from wasteplan.superstructure.experience import NO_EXPERIENCE, Experience
from wasteplan.superstructure.updating import Moved, moved

ENTRIES_SHARE = 0.02
"""Of all coefficients: if more have changed, the whole is handed over in one piece.
Changing one by itself takes the solver as long as reading fifty."""
STAY = (
    *("periods", "options_of", "feeds_of", "regimes_of", "capacity_max_kt", "scopes"),
    *("is_always_open", "outputs", "sludge_share", "discounted_years", "aim"),
    *("years_of_commodity", "haul_totals", "aim_unit", "conversions", "arrivals"),
    "spoken_of",
)
"""Derived numbers that no change in place moves."""


@dataclass(frozen=True)
class Updated:
    """What an update did, and the seconds of the processor it took."""

    cpu_s: float
    in_place: bool
    n_changed: int = 0
    """Costs, bounds and coefficients handed to the solver."""


class Live:
    """A problem and the solver that holds it.

    Parameters
    ----------
    scenario
        A validated case.
    experience, own
        As for `solve`; a problem with own constraints is built anew at every change,
        because they may read anything.
    """

    def __init__(
        self,
        scenario: Scenario,
        experience: Experience = NO_EXPERIENCE,
        own: Sequence[Own] = (),
    ) -> None:
        self.experience, self.own = experience, tuple(own)
        started = time.process_time()
        self._build(scenario)
        self.first_build = Updated(time.process_time() - started, in_place=False)

    def _build(self, scenario: Scenario) -> None:
        self.parts: Assembled = assembled(scenario, experience=self.experience)
        self.problem = problem(PlanningData(self.parts.s, own=self.own))
        self.rows, self.hauls = Rows(self.problem), HaulsAgain(self.problem)
        self.h = solver(self.problem)
        self.generation = getattr(self, "generation", 0) + 1

    @property
    def scenario(self) -> Scenario:
        """The case as it is now."""
        return self.parts.s.scenario

    def change(self, scenario: Scenario) -> Updated:
        """Make the problem that of another scenario, in place where that can be."""
        started = time.process_time()
        n = self._change_in_place(scenario)
        if n is None:
            self._build(scenario)
        return Updated(time.process_time() - started, n is not None, n or 0)

    def _change_in_place(self, scenario: Scenario) -> int | None:
        """How many numbers were handed over; None if it cannot be done."""
        if self.own or not self.rows.are_known:
            return None
        found = moved(self.parts, scenario)
        if found is None:
            return None
        try:
            now = self._numbers(found)
        except PatternMoved:
            return None
        n = hand_over_changes(self.h, self.problem, now)
        self.parts, self.problem = found.parts, now
        return n

    def _numbers(self, found: Moved) -> Problem:
        """The problem with its numbers as they are after a change."""
        old, tables = self.problem, found.tables
        data = PlanningData(found.parts.s, counted=old.data.counted)
        for name in STAY:
            if name in old.data.__dict__:
                data.__dict__[name] = old.data.__dict__[name]
        if "generation" not in tables and "reach_kt" in old.data.__dict__:
            data.__dict__["reach_kt"] = old.data.reach_kt
            data.__dict__["is_there"] = old.data.is_there
        if "generation" in tables and data.aim.keys() != {COST}:
            raise PatternMoved("objective")  # leaked waste moves its constant
        p = _copied(old, data)
        if not (data.is_there == old.data.is_there).all():
            raise PatternMoved("collect_everything")
        if tables & {"prices", "outlets", "generation"}:
            _costs(p, old)
        counts = self.scenario.settings.economics.count_carbon
        paid = "prices" in tables and counts
        if "generation" in tables or paid:
            self.hauls.write(p, prices_moved=paid)
        if "generation" in tables:
            _reach(p)
            self.rows.material_bounds(p)
        for family, in_full in self._families(found).items():
            self.rows.write_again(family, data, p, in_full=in_full)
        return p

    def _families(self, found: Moved) -> dict[Any, bool]:
        """Families that read what has changed -> whether all of what they wrote may."""
        metrics = {str(t.metric) for t in self.scenario.targets}
        if not metrics <= FAMILY_OF_METRIC.keys():
            raise PatternMoved(", ".join(metrics - FAMILY_OF_METRIC.keys()))
        asked: dict[Any, bool] = {}
        for name in sorted(metrics):
            family = FAMILY_OF_METRIC[name]
            read = found.tables & READ_BY[family.__name__]
            by_level = name in found.targets
            in_full = by_level and family.__name__ in WITH_SLUDGE
            in_full = in_full and bool(self.problem.data.sludge_share)
            in_full = in_full or bool(read - {"generation"})
            if by_level or read:
                asked[family] = asked.get(family, False) or in_full
        return asked


def _copied(old: Problem, data: PlanningData) -> Problem:
    """The same problem with arrays of its own; the pattern of the matrix is shared."""
    matrix = copy(old.matrix)
    matrix.data = old.matrix.data.copy()
    p = replace(
        old,
        data=data,
        cost=old.cost.copy(),
        gross=old.gross.copy(),
        lower=old.lower,
        upper=old.upper.copy(),
        matrix=matrix,
        row_lower=old.row_lower.copy(),
        row_upper=old.row_upper.copy(),
    )
    for name in ("row_of", "feed_columns", "regime_columns"):
        p.__dict__[name] = getattr(old, name)
    return p


def _costs(p: Problem, old: Problem) -> None:
    """What is paid for throughput and measures, and the constant.  [M money]"""
    weight = p.data.aim.get(COST, 0.0)
    if not weight:
        return
    s, before, taken = p.data.s, old.data.s, p.feed_columns[0]
    at = p.regime_columns
    can = at >= 0
    now = np.array([r.cost_m for r in s.regimes]).reshape(at.shape)
    if p.data.aim.keys() == {COST}:  # nothing else is in these columns
        p.cost[taken], p.gross[taken] = weight * s.feeds.cost, s.feeds.gross
        p.cost[at[can]] = weight * now[can]
        gross = np.array([r.gross_m for r in s.regimes]).reshape(at.shape)
        p.gross[at[can]] = gross[can]
    else:
        then = np.array([r.cost_m for r in before.regimes]).reshape(at.shape)
        p.cost[taken] += weight * (s.feeds.cost - before.feeds.cost)
        p.cost[at[can]] += weight * (now - then)[can]
        for moved_columns in (taken, at[can]):
            p.gross[moved_columns] = np.maximum(p.cost[moved_columns], 0.0)
    p.offset = p.offset_beside + weight * s.constant_m


def _reach(p: Problem) -> None:
    """The most that can arrive, as the upper bound of throughput.  [kt/y]"""
    p.upper[p.feed_columns[0]] = p.data.reach_kt


def hand_over_changes(h: highspy.Highs, old: Problem, now: Problem) -> int:
    """Tell the solver what differs; how many numbers that were."""
    n = 0
    cost = np.flatnonzero(old.cost != now.cost).astype(np.int32)
    if len(cost):
        h.changeColsCost(len(cost), cost, now.cost[cost])
    bound = np.flatnonzero((old.lower != now.lower) | (old.upper != now.upper))
    if len(bound):
        which = bound.astype(np.int32)
        h.changeColsBounds(len(bound), which, now.lower[bound], now.upper[bound])
    low, high = old.row_lower != now.row_lower, old.row_upper != now.row_upper
    rows = np.flatnonzero(low | high)
    for i in rows:
        h.changeRowBounds(int(i), float(now.row_lower[i]), float(now.row_upper[i]))
    if old.offset != now.offset:
        h.changeObjectiveOffset(now.offset)
    entries = np.flatnonzero(old.matrix.data != now.matrix.data)
    n = len(cost) + len(bound) + len(rows) + len(entries)
    if len(entries) > ENTRIES_SHARE * now.matrix.nnz:
        hand_over(h, now)
        return n
    row = np.searchsorted(now.matrix.indptr, entries, side="right") - 1
    column, value = now.matrix.indices[entries], now.matrix.data[entries]
    for i, j, v in zip(row.tolist(), column.tolist(), value.tolist(), strict=True):
        h.changeCoeff(i, j, v)
    return n
