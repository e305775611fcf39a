"""The fewest requirements that cannot hold together, by their names in the scenario.

The set is irreducible: without any one of its members there is a plan.  Beside it, if
the linear relaxation tells, the plants whose capacity or conversion stands against it.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import highspy
import numpy as np

from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.handover import Problem, solver
from wasteplan.optimize.holding import posed
from wasteplan.optimize.horizon import ALL_YEARS
from wasteplan.optimize.infeasibility import WORDS
from wasteplan.optimize.running import run_beside
from wasteplan.superstructure.model import OUTLET, Ints

COLLECT = "collect_everything"
POLICY = (
    "landfill_diversion",
    "recycling",
    "emissions_cap",
    "horizon_limit",
    "capex_budget",
    "forced",
    "informal_income",
    "jobs_floor",
    "suitable_sites",
    "burden_spread",
    COLLECT,
)
"""Where several sets clash, one with these is shown: they are what a planner asks."""
OF_PLANTS = {
    "mass_capacity": "capacity of",
    "heat_capacity": "thermal rating of",
    "blend_limits": "limits on the blend at",
    "one_size": "one size only of",
}
"""Families whose index starts with a plant, as they are named in the explanation."""

IRREDUCIBLE_LP = int(highspy.IisStrategy.kIisStrategyFromLp) | int(
    highspy.IisStrategy.kIisStrategyIrreducible
)


@dataclass(frozen=True)
class Requirement:
    """One requirement of the scenario, and the columns that let it give way."""

    family: str
    place: str
    period: str
    columns: tuple[int, ...]

    @property
    def key(self) -> tuple[str, str, str]:
        """Family, place (id of a target, site, stream, ...) and period."""
        return self.family, self.place, self.period


@dataclass(frozen=True)
class Clash:
    """Requirements that cannot hold together, and what stands against them."""

    requirements: tuple[Requirement, ...]
    against: tuple[str, ...] = ()
    """Plants whose capacity or blend the linear relaxation names, if it is enough."""
    is_irreducible: bool = True
    """False if the time did not suffice to try each without the others."""


@dataclass
class _Trial:
    """Whether there is a plan when only some requirements are enforced."""

    p: Problem
    everything: Sequence[Requirement]
    until: float
    in_time: bool = True
    known: dict[frozenset[tuple[str, str, str]], bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.lp = solver(replace(self.p, cost=np.zeros(len(self.p.cost))), as_lp=True)
        self.mip = solver(replace(self.p, cost=np.zeros(len(self.p.cost))))

    def clashes(self, enforced: Sequence[Requirement]) -> bool:
        """True only if it is proved that no plan meets all that is enforced."""
        key = frozenset(r.key for r in enforced)
        if key not in self.known:
            self.known[key] = self._try(enforced)
        return self.known[key]

    def _try(self, enforced: Sequence[Requirement]) -> bool:
        kinds = highspy.HighsModelStatus
        for h in (self.lp, self.mip):
            left = self.until - time.monotonic()
            if left <= 0:
                self.in_time = False
                return False
            self.enforce(h, enforced)
            h.setOptionValue("time_limit", h.getRunTime() + left)
            run_beside(h)
            status = h.getModelStatus()
            if status in (kinds.kInfeasible, kinds.kUnboundedOrInfeasible):
                return True
            if status != kinds.kOptimal:
                self.in_time = False
                return False
        return False

    def enforce(self, h: highspy.Highs, enforced: Sequence[Requirement]) -> None:
        """Let all but some requirements give way."""
        fixed = {column for r in enforced for column in r.columns}
        columns = np.array(
            [c for r in self.everything for c in r.columns], dtype=np.int32
        )
        upper = np.array([0.0 if c in fixed else np.inf for c in columns])
        h.changeColsBounds(len(columns), columns, np.zeros(len(columns)), upper)


def clash(data: PlanningData, time_limit_s: float) -> Clash | None:
    """An irreducible set of requirements that cannot hold together.

    Found by halving (QuickXplain, Junker 2004, AAAI-04 pp. 167-172): each trial asks
    the solver whether any plan meets a subset of the requirements.

    Parameters
    ----------
    time_limit_s
        For all trials.  A trial that is cut off counts as having a plan, so that the
        set may be too small to clash: it is then not returned.  [s]

    Returns
    -------
    Clash or None
        None if nothing clashes or the time did not suffice.
    """
    p = posed(replace(data, is_elastic=True, own=()))
    found = requirements(p)
    trial = _Trial(p, found, time.monotonic() + time_limit_s)
    if not trial.clashes(found):
        return None
    smallest = _quick(trial, [], False, found)
    if not trial.clashes(smallest):
        return None
    return Clash(
        tuple(sorted(smallest, key=_rank)),
        _against(trial, smallest),
        is_irreducible=trial.in_time,
    )


def lines_of(found: Clash) -> list[str]:
    """The clash as lines for a planner."""
    if len(found.requirements) == 1:
        lines = ["This alone cannot be met, whatever else gives way:"]
    elif found.is_irreducible:
        lines = ["These cannot hold together; without any one of them there is a plan:"]
    else:
        lines = ["These cannot hold together; time did not suffice to find fewer:"]
    named: dict[tuple[str, str], list[str]] = {}
    for r in found.requirements:
        named.setdefault((r.family, r.place), []).append(r.period)
    for (family, place), spans in named.items():
        head = WORDS.get(family, family)
        if family == COLLECT:
            head = "a place for all waste of"
        lines.append(f"  - {head} '{place}' in {', '.join(spans)}")
    if found.against:
        lines.append(f"  while {' and '.join(found.against)} cannot give way")
    return lines


def requirements(p: Problem) -> list[Requirement]:
    """All that may give way, what a planner asks for first."""
    found = []
    for variable, about in zip(
        p.model.slack.values(), p.model.slack_names, strict=True
    ):
        span = "all years"
        if about.period != ALL_YEARS:
            span = p.data.s.spans[about.period].id
        column = p.column_of[id(variable)]
        found.append(Requirement(about.family, about.place, span, (column,)))
    return sorted([*_merged(found), *_collected(p)], key=_rank)


def _merged(parts: list[Requirement]) -> list[Requirement]:
    """Rows of one requirement in one period are one requirement."""
    together: dict[tuple[str, str, str], tuple[int, ...]] = {}
    for part in parts:
        together[part.key] = together.get(part.key, ()) + part.columns
    return [Requirement(*key, columns) for key, columns in together.items()]


def _collected(p: Problem) -> list[Requirement]:
    """That all waste of a stream in a period finds a place."""
    s, n = p.data.s, p.block.n_unserved
    start = len(p.cost) - n * s.n_periods
    found = []
    for t, span in enumerate(s.spans):
        columns: dict[str, list[int]] = {}
        for i in np.flatnonzero(p.data.is_there[:, t]):
            column = start + t * n + int(i)
            columns.setdefault(s.sources.stream[i], []).append(column)
        for stream, some in sorted(columns.items()):
            found.append(Requirement(COLLECT, stream, span.id, tuple(some)))
    return found


def _rank(r: Requirement) -> tuple[int, str, str, str]:
    place = POLICY.index(r.family) if r.family in POLICY else len(POLICY)
    return place, *r.key


def _quick(
    trial: _Trial,
    background: list[Requirement],
    is_new: bool,
    rest: list[Requirement],
) -> list[Requirement]:
    """The part of `rest` that clashes with the background, as small as can be."""
    if is_new and trial.clashes(background):
        return []
    if len(rest) == 1:
        return rest
    half = len(rest) // 2
    first, second = rest[:half], rest[half:]
    later = _quick(trial, [*background, *first], True, second)
    earlier = _quick(trial, [*background, *later], bool(later), first)
    return [*earlier, *later]


def _against(trial: _Trial, clashing: Sequence[Requirement]) -> tuple[str, ...]:
    """Plants in an irreducible set of rows of the linear relaxation, if it clashes."""
    h = trial.lp
    trial.enforce(h, clashing)
    h.run()
    if h.getModelStatus() != highspy.HighsModelStatus.kInfeasible:
        return ()
    h.setOptionValue("iis_strategy", IRREDUCIBLE_LP)
    h.setOptionValue("iis_time_limit", max(0.1, trial.until - time.monotonic()))
    _, rows = h.getIis()
    return tuple(sorted(_plants(trial.p, np.array(rows.row_index_, dtype=np.int64))))


def _plants(p: Problem, rows: Ints) -> set[str]:
    found = set()
    for row in rows:
        if row >= len(p.constraints):
            continue  # hauls: balances that always hold
        family = p.constraints[row].parent_component().local_name
        if family in OF_PLANTS:
            index = p.constraints[row].index()
            plant, span = p.data.s.plants[index[0]], p.data.s.spans[index[-1]]
            if plant.technology != OUTLET:  # its limit is a requirement of its own
                found.add(f"the {OF_PLANTS[family]} '{plant.id}' in {span.id}")
    return found
