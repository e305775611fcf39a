"""Running the solver: progress, a stated gap, and Ctrl-C that keeps the incumbent."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from types import FrameType

import highspy
import numpy as np

from wasteplan.optimize.handover import Arrays, Problem, solver
from wasteplan.superstructure.model import Floats

REPORT_EVERY_S = 0.5
INTEGER_TOLERANCE = 1e-6
TRIED_BEFORE_TRUSTED = 1
"""Trial branchings before a decision's past effect is trusted: linear programs with
hauls take long, so few (benchmarks/README.md)."""
OTHER_STARTS = ("mip_heuristic_run_rens", "mip_heuristic_run_root_reduced_cost")
"""Searches for a first solution, of no use to a run that brings a good one."""
PROVED = 1e-6  # a gap asked for below this is a proof
SMALL = 1e-9  # of a million: nobody plans to a thousandth of a cent


@dataclass(frozen=True)
class Progress:
    """Where a long solve stands.  Money in millions, present value."""

    time_s: float
    step: str
    incumbent: float | None = None
    bound: float | None = None
    gap_of_gross: float | None = None


@dataclass(frozen=True)
class Stop:
    """When to stop: gap as a share of the gross cost, time, threads."""

    gap_of_gross: float
    time_limit_s: float
    threads: int = 1


@dataclass(frozen=True)
class Outcome:
    """What a run of the solver found."""

    status: str
    """optimal, gap, time_limit, interrupted, infeasible, unbounded or nothing."""
    solution: Floats | None
    objective: float
    bound: float
    gross: float

    @property
    def gap(self) -> float:
        """Objective less bound, never below 0.  [M money]"""
        return max(0.0, self.objective - self.bound)


@dataclass
class Watch:
    """What the callbacks share while the solver runs."""

    problem: Problem | Arrays
    stop: Stop
    progress: Callable[[Progress], None] | None
    started: float = field(default_factory=time.monotonic)
    step: str = "solve"
    best: Floats | None = None
    best_value: float = np.inf
    interrupted: bool = False
    reached_gap: bool = False
    last_report: float = -np.inf
    known_bound: float = -np.inf
    """What no plan can undercut, as shown before the run.  [M money]"""

    @property
    def elapsed_s(self) -> float:
        """Seconds since the question was asked."""
        return time.monotonic() - self.started

    def left_s(self) -> float:
        """Seconds left of the time limit."""
        return max(0.1, self.stop.time_limit_s - self.elapsed_s)

    @property
    def is_over(self) -> bool:
        """Whether nothing more should be begun."""
        return self.interrupted or self.elapsed_s >= self.stop.time_limit_s

    def improved(self, event: highspy.HighsCallbackEvent) -> None:
        """Keep the incumbent: it is what an interrupted run returns."""
        value = float(event.data_out.objective_function_value)
        if value < self.best_value:
            self.best = np.array(event.data_out.mip_solution, dtype=float)
            self.best_value = value

    def check(self, event: highspy.HighsCallbackEvent) -> None:
        """Tell how far it is, and stop at the gap or when asked to."""
        bound = max(float(event.data_out.mip_dual_bound), self.known_bound)
        gap = self.gap_of_gross(bound)
        if self.progress and self.elapsed_s - self.last_report >= REPORT_EVERY_S:
            self.last_report = self.elapsed_s
            shown = self.best_value if np.isfinite(self.best_value) else None
            low = bound if np.isfinite(bound) else None
            self.progress(Progress(self.elapsed_s, self.step, shown, low, gap))
        if gap is not None and gap <= self.stop.gap_of_gross:
            self.reached_gap = True
        event.interrupt(self.interrupted or self.reached_gap)  # else it would remain

    def obey(self, event: highspy.HighsCallbackEvent) -> None:
        """Stop a linear program when asked to."""
        event.interrupt(self.interrupted)

    def gap_of_gross(self, bound: float) -> float | None:
        """(incumbent - bound) / gross cost of the incumbent; None without one."""
        if self.best is None or not np.isfinite(bound):
            return None
        gross = self.problem.gross_cost(self.best)
        return max(0.0, self.best_value - bound) / max(gross, SMALL)


@contextmanager
def listening(watch: Watch) -> Iterator[None]:
    """Turn Ctrl-C into a request to stop; the solver itself would swallow it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ask(_signal: int, _frame: FrameType | None) -> None:
        watch.interrupted = True

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def run(
    watch: Watch, start: Floats | None = None, held: highspy.Highs | None = None
) -> Outcome:
    """Solve the problem of a watch, from a start if there is one.

    `held` is a solver that has the problem already.  The solver runs in a thread of its
    own so that Python's signal handling stays alive.
    """
    p = watch.problem
    h = solver(p) if held is None else held
    h.clearSolver()
    h.setOptionValue("threads", watch.stop.threads)
    h.setOptionValue("time_limit", h.getRunTime() + watch.left_s())
    h.setOptionValue("mip_rel_gap", 1e-6)
    h.setOptionValue("mip_abs_gap", SMALL)
    h.setOptionValue("random_seed", 0)
    h.setOptionValue("mip_pscost_minreliable", TRIED_BEFORE_TRUSTED)
    for other in OTHER_STARTS:
        h.setOptionValue(other, start is None)
    if start is not None:
        given = highspy.HighsSolution()
        given.col_value = list(start)
        h.setSolution(given)
    h.cbMipImprovingSolution.subscribe(watch.improved)
    h.cbMipInterrupt.subscribe(watch.check)
    h.cbSimplexInterrupt.subscribe(watch.obey)
    h.cbIpmInterrupt.subscribe(watch.obey)
    with listening(watch):
        run_beside(h)
    for called in (
        h.cbMipImprovingSolution,
        h.cbMipInterrupt,
        h.cbSimplexInterrupt,
        h.cbIpmInterrupt,
    ):
        called.clear()
    outcome = _outcome(h, watch)
    known = min(watch.known_bound, outcome.objective)
    return replace(outcome, bound=max(outcome.bound, known))


def run_beside(h: highspy.Highs) -> None:
    """Run in a worker thread and wait, waking often enough to notice a signal."""
    worker = threading.Thread(target=h.run, daemon=True)
    worker.start()
    while worker.is_alive():
        worker.join(0.05)


def run_watched(h: highspy.Highs, watch: Watch) -> None:
    """Run a linear program that Ctrl-C stops."""
    h.setOptionValue("threads", watch.stop.threads)
    h.cbSimplexInterrupt.subscribe(watch.obey)
    h.cbIpmInterrupt.subscribe(watch.obey)
    with listening(watch):
        run_beside(h)
    h.cbSimplexInterrupt.clear()
    h.cbIpmInterrupt.clear()


def _outcome(h: highspy.Highs, watch: Watch) -> Outcome:
    """Read the status first, the numbers only where the status allows."""
    status = h.getModelStatus()
    kinds = highspy.HighsModelStatus
    if status in (kinds.kInfeasible, kinds.kUnboundedOrInfeasible):
        return Outcome("infeasible", None, np.inf, np.inf, 0.0)
    if status == kinds.kUnbounded:
        return Outcome("unbounded", None, -np.inf, -np.inf, 0.0)
    info = h.getInfo()
    is_mip = bool(watch.problem.is_integer.any())
    if status == kinds.kOptimal:
        solution = np.array(h.getSolution().col_value)
        value = float(info.objective_function_value)
        bound = float(info.mip_dual_bound) if is_mip else value
        gross = watch.problem.gross_cost(solution)
        return Outcome("optimal", solution, value, min(bound, value), gross)
    kept = _incumbent(h, watch)
    name = "interrupted" if watch.interrupted else "time_limit"
    if watch.reached_gap and not watch.interrupted:
        name = "gap" if watch.stop.gap_of_gross > PROVED else "optimal"
    if kept is None:
        return Outcome("nothing", None, np.inf, -np.inf, 0.0)
    value = float(watch.problem.cost @ kept) + watch.problem.offset
    gross = watch.problem.gross_cost(kept)
    return Outcome(name, kept, value, float(info.mip_dual_bound), gross)


def _incumbent(h: highspy.Highs, watch: Watch) -> Floats | None:
    """The best solution known when the run stopped early."""
    feasible = int(h.getInfo().primal_solution_status) == 2  # kSolutionStatusFeasible
    if feasible:
        return np.array(h.getSolution().col_value)
    return watch.best


def relaxed_bound(p: Problem) -> float:
    """Cost of the linear relaxation, which no plan can beat.  [M money]"""
    h = solver(p, as_lp=True)
    h.run()
    if h.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return -np.inf
    return float(h.getInfo().objective_function_value)


def fixed_builds(p: Problem, solution: Floats) -> Outcome:
    """Exact flows for given decisions: the linear program with the integers fixed."""
    lower, upper = p.lower.copy(), p.upper.copy()
    p_lower, p_upper = p.lower, p.upper
    rounded = np.round(solution[p.is_integer])
    lower[p.is_integer] = upper[p.is_integer] = rounded
    try:
        p.lower, p.upper = lower, upper
        h = solver(p, as_lp=True)
        h.run()
    finally:
        p.lower, p.upper = p_lower, p_upper
    if h.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return Outcome("infeasible", None, np.inf, np.inf, 0.0)
    found = np.array(h.getSolution().col_value)
    value = float(h.getInfo().objective_function_value)
    return Outcome("optimal", found, value, value, p.gross_cost(found))
