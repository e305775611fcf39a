"""A planning problem that stays with the solver while its numbers change.

Targets, prices and tonnages are changed as coefficients and bounds of the model the
solver already holds.  Where more changes than numbers, it is built anew.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import highspy
import numpy as np
from scipy import sparse

from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.handover import (
    Problem,
    hand_over,
    hauls_of,
    problem,
    solver,
    stacked,
)
from wasteplan.optimize.own import Own
from wasteplan.optimize.rows_again import FAMILY_OF_METRIC, PatternMoved, Rows
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.totals import COST
from wasteplan.superstructure.assembly import Assembled, assembled
from wasteplan.superstructure.experience import NO_EXPERIENCE, Experience
from wasteplan.superstructure.updating import Moved, moved

ENTRIES_MAX = 20_000
"""More changed coefficients than these are handed over in one piece."""
STAY = (
    *("periods", "options_of", "feeds_of", "regimes_of", "capacity_max_kt", "scopes"),
    *("is_always_open", "outputs", "sludge_share", "discounted_years", "aim"),
    *("years_of_commodity", "haul_totals", "aim_unit", "counted"),
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
        self.rows = Rows(self.problem)
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
        data = PlanningData(found.parts.s)
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
        if self._moves_hauls(tables):
            _hauls(p, old)
        if "generation" in tables:
            _reach(p)
            self.rows.material_bounds(p)
        for family in self._families(found):
            self.rows.write_again(family, data, p)
        return p

    def _moves_hauls(self, tables: frozenset[str]) -> bool:
        counts = self.scenario.settings.economics.count_carbon
        return "generation" in tables or ("prices" in tables and counts)

    def _families(self, found: Moved) -> list[object]:
        """Families that read what has changed, each once."""
        if found.tables - {"targets"}:
            metrics = {str(t.metric) for t in self.scenario.targets}
        else:
            metrics = set(found.targets)
        if not metrics <= FAMILY_OF_METRIC.keys():
            raise PatternMoved(", ".join(metrics - FAMILY_OF_METRIC.keys()))
        return list({FAMILY_OF_METRIC[name]: None for name in sorted(metrics)})


def _copied(old: Problem, data: PlanningData) -> Problem:
    """The same problem with arrays of its own; the pattern of the matrix is shared."""
    a = old.matrix
    matrix = sparse.csr_matrix(a.shape)
    matrix.data, matrix.indices, matrix.indptr = a.data.copy(), a.indices, a.indptr
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
        constraints=list(old.constraints),
    )
    p.__dict__ |= {"row_of": old.row_of, "feed_columns": old.feed_columns}
    return p


def _costs(p: Problem, old: Problem) -> None:
    """What is paid for throughput and measures, and the constant.  [M money]"""
    weight = p.data.aim.get(COST, 0.0)
    if not weight:
        return
    s, before = p.data.s, old.data.s
    is_cost = p.data.aim.keys() == {COST}
    taken = p.feed_columns[0]
    p.cost[taken] += weight * (s.feeds.cost - before.feeds.cost)
    p.gross[taken] = s.feeds.gross if is_cost else np.maximum(p.cost[taken], 0.0)
    for (r, t), variable in p.model.regime.items():
        j = p.column_of[id(variable)]
        p.cost[j] += weight * (s.regimes[r].cost_m[t] - before.regimes[r].cost_m[t])
        p.gross[j] = s.regimes[r].gross_m[t] if is_cost else max(float(p.cost[j]), 0.0)
    p.offset += weight * (s.constant_m - before.constant_m)


def _hauls(p: Problem, old: Problem) -> None:
    """The haul block, worked out again."""
    block = hauls_of(p.model, p.data, p.column_of)
    weight = p.data.aim.get(COST, 0.0)
    p.cost[p.n_before :] = weight * block.cost
    p.gross[p.n_before :] = weight * block.gross
    p.upper[p.n_before :] = block.upper
    n_top = len(p.row_lower) - old.block.rows.n
    if block.rows.n != old.block.rows.n:
        raise PatternMoved("hauls")
    nothing = (np.zeros(0, dtype=np.int32),) * 2
    none = np.zeros(0)
    bottom, low, high = stacked(((*nothing, none), none, none), block, len(p.cost))
    start = p.matrix.indptr[n_top]
    same = np.array_equal(bottom.indices, p.matrix.indices[start:])
    if not same or not np.array_equal(bottom.indptr + start, p.matrix.indptr[n_top:]):
        raise PatternMoved("hauls")
    p.matrix.data[start:] = bottom.data
    p.row_lower[n_top:], p.row_upper[n_top:] = low, high
    p.block = block


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
    if len(entries) > ENTRIES_MAX:
        hand_over(h, now)
        return n
    row = np.searchsorted(now.matrix.indptr, entries, side="right") - 1
    column, value = now.matrix.indices[entries], now.matrix.data[entries]
    for i, j, v in zip(row.tolist(), column.tolist(), value.tolist(), strict=True):
        h.changeCoeff(i, j, v)
    return n
