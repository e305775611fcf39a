"""How fast the gap of a planning problem closes, ingredient by ingredient.

    python benchmarks/planning.py scenarios/phnom-penh --seconds 40
    python benchmarks/planning.py --relatives --seconds 40 --gap 0.01

Each way of solving is run on one thread: the plain model, the model as shipped, and as
shipped without one ingredient.  Seconds are of the processor, so that other work on the
machine does not count.  The gap is a share of the gross cost, as in `[solve] gap`.

`--relatives`: seeded relatives of the scenario (`relatives.py`; more factories, more
candidate sites, more periods): the plain model, and `solve` with the first plan by a
dive and among what the relaxation uses (many factories: in groups either way); same
solver, same limit.  Beside bound and plan stand the seconds until there was a plan,
and until the gap was 3, 2 and 1 %.  A time beyond the limit is
what the search did before it asked the clock: one linear program of many hauls takes
long, and the solver does not listen during some of its steps.
"""

from __future__ import annotations

import argparse
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from relatives import relative

from wasteplan.errors import StoppedWithoutPlan
from wasteplan.optimize import model, running, searching
from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.handover import problem
from wasteplan.optimize.reading import MILLION
from wasteplan.optimize.running import Progress, Stop, Watch, run
from wasteplan.optimize.searching import Search, quick_start
from wasteplan.optimize.solving import answer_of
from wasteplan.optimize.takers import open_takers
from wasteplan.scenario.loading import load_scenario
from wasteplan.superstructure.assembly import superstructure
from wasteplan.superstructure.model import Superstructure

INGREDIENTS = ("open takers", "first plan", "early trust")
MARKS_S = (5.0, 10.0, 15.0, 20.0, 30.0, 40.0)
SOLVERS_OWN_TRUST = 8
FOREVER_S = 1e5
SHARES = (0.03, 0.02, 0.01)
WAYS = ("plain", "dive", "what the relaxation uses")
RELATIVES = (
    (30, 4, 3, 1),
    (30, 4, 13, 1),
    (300, 4, 3, 1),
    (3000, 4, 3, 1),
    (30, 10, 0, 1),
    (30, 4, 0, 1),
    (30, 4, 3, 2),
    (30, 4, 13, 2),
)
"""Factories, periods, further candidate sites, seed."""


@dataclass(frozen=True)
class Point:
    """Where a run stood after so many seconds of the processor."""

    cpu_s: float
    bound: float
    incumbent: float
    gap_of_gross: float


@contextmanager
def only(ingredients: frozenset[str]) -> Iterator[None]:
    """Leave the other ingredients out while solving."""
    rows, trust = model.CONSTRAINTS, running.TRIED_BEFORE_TRUSTED
    if "open takers" not in ingredients:
        rest = tuple(add for add in rows if add is not open_takers)
        model.CONSTRAINTS = rest  # type: ignore[assignment]
    if "early trust" not in ingredients:
        running.TRIED_BEFORE_TRUSTED = SOLVERS_OWN_TRUST
    try:
        yield
    finally:
        model.CONSTRAINTS, running.TRIED_BEFORE_TRUSTED = rows, trust


def measured(
    s: Superstructure, ingredients: frozenset[str], gap: float, seconds: float
) -> list[Point]:
    """Solve and note bound and incumbent twice a second."""
    points: list[Point] = []
    with only(ingredients):
        started = time.process_time()

        def note(p: Progress) -> None:
            cpu_s = time.process_time() - started
            incumbent = np.nan if p.incumbent is None else p.incumbent
            bound = np.nan if p.bound is None else p.bound
            share = np.nan if p.gap_of_gross is None else p.gap_of_gross
            points.append(Point(cpu_s, bound, incumbent, share))
            watch.interrupted = watch.interrupted or cpu_s > seconds

        p = problem(PlanningData(s))
        watch = Watch(p, Stop(gap, FOREVER_S), note)
        start = None
        if "first plan" in ingredients:
            start = quick_start(watch, p)
        end = run(watch, start)
        cpu_s = time.process_time() - started
    share = end.gap / max(end.gross, running.SMALL)
    return [*points, Point(cpu_s, end.bound, end.objective, share)]


@contextmanager
def diving_up_to(decisions: float) -> Iterator[None]:
    """The first plan by a dive up to so many decisions."""
    before = searching.DIVED_UP_TO
    searching.DIVED_UP_TO = decisions  # type: ignore[assignment]
    try:
        yield
    finally:
        searching.DIVED_UP_TO = before


def answered(s: Superstructure, gap: float, seconds: float) -> list[Point]:
    """What `solve` does, stopped by Ctrl-C at so many seconds."""
    points: list[Point] = []
    started = time.process_time()

    def note(p: Progress) -> None:
        cpu_s = time.process_time() - started
        if p.incumbent is not None:
            bound = -np.inf if p.bound is None else p.bound
            share = np.inf if p.gap_of_gross is None else p.gap_of_gross
            points.append(Point(cpu_s, bound, p.incumbent, share))
        if cpu_s > seconds:
            signal.raise_signal(signal.SIGINT)

    search = Search(Stop(gap, 5 * seconds), note, explains=False)
    try:
        proof = answer_of(s, search, "measured").proof
    except StoppedWithoutPlan:
        return [Point(time.process_time() - started, -np.inf, np.inf, np.inf)]
    assert proof is not None
    cpu_s = time.process_time() - started
    bound, cost = proof.bound / MILLION, proof.objective / MILLION
    return [*points, Point(cpu_s, bound, cost, proof.gap_of_gross)]


def relatives(gap: float, seconds: float) -> None:
    """Every relative in every way."""
    heads = ("factories", "periods", "binaries", "seed", "way", "first plan, s")
    marks = tuple(f"{share:.0%}, s" for share in SHARES)
    ends = ("end, s", "bound, M", "incumbent, M", "gap")
    print(f"| {' | '.join((*heads, *marks, *ends))} |")
    print("|" + "---|" * len((*heads, *marks, *ends)))
    for n, n_periods, n_more, seed in RELATIVES:
        with tempfile.TemporaryDirectory() as name:
            folder = relative(Path(name) / "case", n, n_periods, n_more, seed)
            s = superstructure(load_scenario(folder))
        binaries = int(problem(PlanningData(s)).is_integer.sum())
        for way in WAYS:
            if way == "plain":
                points = measured(s, frozenset[str](), gap, seconds)
            else:
                with diving_up_to(np.inf if way == "dive" else 0):
                    points = answered(s, gap, seconds)
            print(
                f"| {n:,} | {n_periods} | {binaries} | {seed} | {way} {line(points)}",
                flush=True,
            )


def line(points: list[Point]) -> str:
    """Seconds to a plan and to each share, and the end."""
    end = points[-1]
    found = [p.cpu_s for p in points if np.isfinite(p.incumbent)]
    cells = [f"{found[0]:.1f}" if found else "-"]
    for share in SHARES:
        there = [p.cpu_s for p in points if p.gap_of_gross <= share]
        cells.append(f"{there[0]:.1f}" if there else "-")
    cells += [f"{end.cpu_s:.1f}", f"{end.bound:.2f}", f"{end.incumbent:.2f}"]
    return f"| {' | '.join(cells)} | {end.gap_of_gross:.1%} |"


def row(name: str, points: list[Point]) -> str:
    """One line of the table: the gap at each mark, then the end."""
    end = points[-1]
    cells = []
    for mark in MARKS_S:
        known = [p for p in points if p.cpu_s <= mark]
        reached = end.cpu_s < mark or not known
        share = np.nan if reached else known[-1].gap_of_gross
        cells.append("-" if np.isnan(share) else f"{share:.1%}")
    last = f"{end.cpu_s:.1f} | {end.bound:.2f} | {end.incumbent:.2f}"
    return f"| {name} | {' | '.join(cells)} | {last} | {end.gap_of_gross:.1%} |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("scenario", type=Path, nargs="?")
    parser.add_argument("--relatives", action="store_true")
    parser.add_argument("--seconds", type=float, default=40.0, help="per run")
    parser.add_argument("--gap", type=float, default=0.01, help="stop at this gap")
    chosen = parser.parse_args()
    if chosen.relatives or chosen.scenario is None:
        relatives(chosen.gap, chosen.seconds)
        return
    s = superstructure(load_scenario(chosen.scenario))
    whole = frozenset(INGREDIENTS)
    ways = {"plain": frozenset[str](), "as shipped": whole}
    ways |= {f"without {one}": whole - {one} for one in INGREDIENTS}
    marks = " | ".join(f"{mark:.0f} s" for mark in MARKS_S)
    print(f"| | {marks} | end, s | bound, M | incumbent, M | gap |")
    print("|" + "---|" * (len(MARKS_S) + 5))
    for name, ingredients in ways.items():
        points = measured(s, ingredients, chosen.gap, chosen.seconds)
        print(row(name, points), flush=True)


if __name__ == "__main__":
    main()
