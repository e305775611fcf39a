"""A country at once: groups of sources, with a bound that holds for every source.

Sources with nearly the same hauls are planned as one group, with their tonnes and the
mean of their costs.  With tonnes w, member costs c, shares x, group shares y (the mean
of x) and any cost m of the group,

    sum_g w_g sum_f c_gf x_gf = w sum_f m_f y_f + sum_g w_g sum_f (c_gf - m_f) x_gf
                             >= w sum_f m_f y_f + sum_g w_g min_f (c_gf - m_f),

for the shares of a member sum to 1.  So for every m, a bound on the plan of groups that
pays m, plus the last sum, is a bound on the plan of all sources (bounds of this kind:
Zipkin, 1980, Bounds for aggregating nodes in network problems, Mathematical Programming
19, 155-177).  Here m is the mean, made lower for hauls that the relaxation shows to be
far from worth while: that costs the bound of the relaxation nothing and hides less.

And a plan of groups is a plan of all sources: each is sent as its group is.  Plants
then take the same, and at the mean of the costs it costs the same.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from wasteplan.errors import NoAnswer, StoppedWithoutPlan
from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.first_plan import Trials
from wasteplan.optimize.handover import Problem, problem, solver
from wasteplan.optimize.haul_block import unit_cost
from wasteplan.optimize.running import (
    Outcome,
    Watch,
    fixed_builds,
    listening,
    run,
)
from wasteplan.superstructure.alike import Group, grouped
from wasteplan.superstructure.clustering import joined
from wasteplan.superstructure.model import Floats, Ints, Superstructure

GROUPS = 200
ROUGH = 20
UP_FROM, DOWN = 0.6, 0.3
CORE = 1e-4
"""Of the mean unit cost: a haul with a reduced cost below this may be used."""


@dataclass(frozen=True)
class Aggregated:
    """The problem of groups, and what may be hidden in it."""

    problem: Problem
    """Groups pay the mean of their members: a plan costs what it costs for all."""
    bounding: Problem
    """Groups pay less for hauls that are not worth while."""
    error_m: float
    """The cost of all sources is at least that of `bounding` less this.  [M money]"""
    groups: list[Group]
    rough: Problem
    """A few groups at the mean of their costs, for a quick start."""


def aggregated(s: Superstructure, n_groups: int = GROUPS) -> Aggregated:
    """The problem of about so many groups, with its error."""
    data = PlanningData(s)
    groups = _groups(s, data, n_groups)
    rough = _joined(s, _groups(s, data, ROUGH))
    p = _joined(s, groups)
    table = _Costs(s, data, groups, p)
    cost, gross = p.cost.copy(), p.gross.copy()
    for t, g, columns in table.columns():
        cost[columns] = table.kt[g][:, t] @ table.unit(g, t)
        gross[columns] = np.maximum(cost[columns], 0.0)
    p = replace(p, cost=cost, gross=gross)
    bounding, error = lowered(p, table)
    return Aggregated(p, bounding, error, groups, rough)


def _joined(s: Superstructure, groups: list[Group]) -> Problem:
    label = np.zeros(len(s.sources.stream), dtype=np.int64)
    for number, group in enumerate(groups):
        label[group.members] = number
    return problem(PlanningData(joined(s, label)))


def _groups(s: Superstructure, data: PlanningData, n: int) -> list[Group]:
    """Groups by what a tonne costs in all periods together."""
    commodity = np.zeros(len(s.sources.stream), dtype=np.int64)
    commodity[s.first.tail] = s.first.commodity
    per_t = data.discounted_years[commodity] * 1e-3
    weight = (s.sources.collected_kt * per_t).sum(axis=1)
    return grouped(s, n, lambda arcs: s.first.cost_per_t[arcs], weight)


class _Costs:
    """Costs of members, period by period."""

    def __init__(
        self, s: Superstructure, data: PlanningData, groups: list[Group], p: Problem
    ) -> None:
        self.s, self.groups, self.n_periods = s, groups, s.n_periods
        self.kt = [s.sources.collected_kt[g.members] for g in groups]
        every = np.arange(len(s.commodities))
        one, none = np.ones(len(every)), np.zeros(len(every))
        self.per_t = unit_cost(data, every, one, none)
        self.per_kg = unit_cost(data, every, none, one)
        count = np.bincount(p.data.s.first.tail, minlength=len(groups))
        self.start = np.concatenate([[0], np.cumsum(count)])
        self.before, self.n_first = p.n_before, p.block.n_first

    def unit(self, g: int, t: int) -> Floats:
        """(members, feeds): present value of a kt of the last year.  [M/(kt/y)]"""
        arcs = self.groups[g].arcs
        c = int(self.s.first.commodity[arcs[0, 0]])
        out = self.per_t[c, t] * self.s.first.cost_per_t[arcs]
        if self.per_kg[c, t]:
            out = out + self.per_kg[c, t] * self.s.first.co2_kg_per_t[arcs]
        return np.asarray(out)

    def columns(self) -> list[tuple[int, int, Ints]]:
        """(period, group, its columns), where the group has waste."""
        return [
            (
                t,
                g,
                self.before
                + t * self.n_first
                + np.arange(self.start[g], self.start[g + 1]),
            )
            for g in range(len(self.groups))
            for t in range(self.n_periods)
            if self.kt[g][:, t].sum() > 0
        ]


def lowered(p: Problem, table: _Costs) -> tuple[Problem, float]:
    """Costs of groups that hide little, and what they still hide.  [M money]

    A haul is made cheaper by no more than its reduced cost in the relaxation, so the
    relaxation costs the same, and by no more than it takes for no member to prefer it.
    Whatever the numbers of the relaxation are, the bound holds.
    """
    h = solver(p, as_lp=True)
    h.setOptionValue("solver", "ipm")
    h.setOptionValue("run_crossover", "off")
    h.run()
    reduced = np.maximum(np.array(h.getSolution().col_dual), 0.0)
    if len(reduced) != len(p.cost):
        reduced = np.zeros(len(p.cost))
    cost, error = p.cost.copy(), 0.0
    for t, g, columns in table.columns():
        kt = table.kt[g][:, t]
        total, unit = float(kt.sum()), table.unit(g, t)
        away = unit - p.cost[columns] / total
        room = reduced[columns] / total
        is_core = room <= CORE * float(np.abs(unit).mean())
        best = away[:, is_core].min(axis=1) if is_core.any() else away.min(axis=1)
        needed = np.maximum((best[:, None] - away).max(axis=0), 0.0)
        less = np.minimum(room, needed)
        cost[columns] -= total * less
        error -= float(kt @ (away + less).min(axis=1))
    return replace(p, cost=cost), error


def searched(found: Aggregated, watch: Watch) -> Outcome:
    """A plan of groups, and a bound for all sources.

    Raises
    ------
    NoAnswer, StoppedWithoutPlan
        As for `solve`.
    """
    p = found.problem
    start = _start(found, watch)
    if start is not None:  # at what the bounding problem makes of the same flows
        watch.best, watch.best_value = (
            start,
            float(found.bounding.cost @ start + found.bounding.offset),
        )
    outcome = run(watch, start)
    if outcome.status == "infeasible":
        raise NoAnswer("no plan meets all requirements (seen on groups of sources)")
    best = outcome.solution if outcome.solution is not None else start
    if best is None:
        raise StoppedWithoutPlan("stopped before any plan of groups was found")
    tried = [fixed_builds(p, x) for x in (best, start) if x is not None]
    exact = min(tried, key=lambda o: o.objective)
    bound = min(outcome.bound - found.error_m, exact.objective)
    gap = (exact.objective - bound) / max(exact.gross, 1e-9)
    status = "gap" if gap <= watch.stop.gap_of_gross else "time_limit"
    if watch.interrupted:
        status = "interrupted"
    return replace(exact, status=status, bound=bound)


def _start(found: Aggregated, watch: Watch) -> Floats | None:
    """Exact flows for decisions that a relaxation of far fewer groups suggests."""
    rough = found.rough
    with listening(watch):
        best = in_batches(Trials(rough, lambda: watch.interrupted))
    if best is None:
        return None
    guess = np.zeros(len(found.problem.cost))
    guess[: rough.n_before] = best[: rough.n_before]
    return fixed_builds(found.problem, guess).solution


def in_batches(trials: Trials) -> Floats | None:
    """Round a relaxed solution many decisions at a time, the surest ones first.

    All from `UP_FROM` on go up; if there are none, the lower `DOWN` of the others go
    down.  A batch that leaves nothing feasible is halved, a single one turned round.
    """
    whole = np.flatnonzero(trials.problem.is_integer)
    while not trials.is_enough():
        x = trials.solution()[whole]
        free = np.array([int(c) not in trials.fixed for c in whole])
        if not free.any():
            return trials.solution()
        up = np.flatnonzero(free & (x >= UP_FROM))
        goes_up = len(up) > 0
        order = np.flatnonzero(free)[np.argsort(x[free], kind="stable")]
        batch = up if goes_up else order[: max(1, int(DOWN * len(order)))]
        while True:
            columns = whole[batch].tolist()
            trials.fix(dict.fromkeys(columns, float(goes_up)))
            if np.isfinite(trials.cost()):
                break
            for column in columns:
                trials.free(column)
            if len(batch) > 1:
                batch = batch[: len(batch) // 2]
                continue
            trials.fix(dict.fromkeys(columns, float(not goes_up)))
            if not np.isfinite(trials.cost()):
                return None
            break
    return None
