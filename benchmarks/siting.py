"""How far siting problems are proved: every instance beside the plain model.

    python benchmarks/siting.py                          # 25 instances, split
    python benchmarks/siting.py --single --seconds 60
    python benchmarks/siting.py --ratios 3 10 --seeds 1 --plain-seconds 0
    python benchmarks/siting.py --sites 200 --generators 20000 --ratios 5 --seeds 1

Every instance goes through the public `solve` as a scenario (`siting_cases.py`), then
the plain model on the same solver in the same run: the same `solve` without prices,
pegging and the small program, without clusters and without a first plan, with the
redundant row that capacity suffices.  A run is stopped as Ctrl-C does, when the process
has used its seconds of the processor, so other work on the machine does not count.
Building the model is counted.  Results are appended to a file as they come; a run that
was stopped continues there.  Gaps are shares of the gross cost.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import pyomo.environ as pyo
from siting_cases import siting_case

from wasteplan.errors import StoppedWithoutPlan
from wasteplan.optimize import Progress, model, searching, solve
from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.decisions import active

RATIOS, SEEDS = (1.5, 2.0, 3.0, 5.0, 10.0), (1, 2, 3, 4, 5)
GAP = 1e-4
NO_LIMIT_S = 1e5
OURS, PLAIN = "as shipped", "plain"


@dataclass(frozen=True)
class Case:
    """An instance and how to solve it."""

    way: str
    ratio: float
    seed: int
    is_single: bool
    n_sites: int
    n_generators: int
    cpu_s: float

    @property
    def key(self) -> str:
        """What it is known by in the file of results."""
        return json.dumps(asdict(self), sort_keys=True)


@dataclass(frozen=True)
class Result:
    """Where a run ended."""

    status: str
    cpu_s: float
    first_s: float
    """Until the gap was 0.5 %; inf if it never was.  [s of the processor]"""
    bound_m: float
    cost_m: float
    gap: float


def enough_capacity(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """Redundant: all capacity at work is at least all waste.  [kt/y]"""
    options = range(len(data.s.options))

    def limit(m: pyo.ConcreteModel, t: int) -> object:
        need = float(data.s.sources.collected_kt[:, t].sum())
        room = (data.s.options[o].capacity_kt * active(m, data, o, t) for o in options)
        return sum(room) >= need

    m.enough_capacity = pyo.Constraint(m.PERIODS, rule=limit)


@contextmanager
def the_plain_model() -> Iterator[None]:
    """Leave out what is beyond the model, and add the redundant row."""
    kept = model.CONSTRAINTS, searching.siting_of, searching._start
    model.CONSTRAINTS = (*model.CONSTRAINTS, enough_capacity)  # type: ignore[assignment]
    searching.siting_of = lambda _: None
    searching._start = lambda *_: None
    try:
        yield
    finally:
        model.CONSTRAINTS, searching.siting_of, searching._start = kept


def measured(case: Case) -> Result:
    """Solve one instance in this process."""
    scenario = siting_case(
        case.ratio,
        case.seed,
        case.n_sites,
        case.n_generators,
        single=case.is_single,
    )
    started, first_s, bound = time.process_time(), float("inf"), float("-inf")

    def heed(progress: Progress) -> None:
        nonlocal first_s, bound
        cpu_s = time.process_time() - started
        bound = max(bound, progress.bound or bound)
        if progress.gap_of_gross is not None and progress.gap_of_gross <= 0.005:
            first_s = min(first_s, cpu_s)

    def stop_in_time() -> None:
        while time.process_time() - started < case.cpu_s:
            time.sleep(0.2)
        signal.raise_signal(signal.SIGINT)

    def run() -> Result:
        threading.Thread(target=stop_in_time, daemon=True).start()
        try:
            plan = solve(scenario, gap=GAP, time_limit_s=NO_LIMIT_S, progress=heed)
        except StoppedWithoutPlan:
            cpu_s = time.process_time() - started
            return Result("no plan", cpu_s, first_s, bound, float("inf"), float("inf"))
        proof = plan.proof
        assert proof is not None
        cpu_s = time.process_time() - started
        soon = min(first_s, cpu_s) if proof.gap_of_gross <= 0.005 else float("inf")
        cost = proof.objective / 1e6
        return Result(
            proof.status, cpu_s, soon, proof.bound / 1e6, cost, proof.gap_of_gross
        )

    if case.way == OURS:
        return run()
    with the_plain_model():
        return run()


def rows(cases: list[Case], found: dict[str, Result]) -> Iterator[str]:
    """Lines of the table, one an instance."""
    ways = list(dict.fromkeys(c.way for c in cases))
    head = [f"{w}: s | to 0.5 % | cost, M | bound, M | gap" for w in ways]
    yield f"| ratio | seed | {' | '.join(head)} |"
    yield "|" + "---|" * (2 + 5 * len(ways))
    for ratio, seed in dict.fromkeys((c.ratio, c.seed) for c in cases):
        cells = []
        for way in ways:
            of = [c for c in cases if (c.ratio, c.seed, c.way) == (ratio, seed, way)]
            r = found.get(of[0].key) if of else None
            cells.append(_cells(r) if r else "- | - | - | - | -")
        yield f"| {ratio:g} | {seed} | {' | '.join(cells)} |"
    for way in ways:
        done = [found[c.key] for c in cases if c.way == way and c.key in found]
        proved = sum(r.gap <= GAP for r in done)
        close = sum(r.gap <= 0.005 for r in done)
        yield f"{way}: {len(done)} run, {close} within 0.5 %, {proved} proved to {GAP}"


def _cells(r: Result) -> str:
    soon = "-" if r.first_s == float("inf") else f"{r.first_s:.1f}"
    gap = "no plan" if r.gap == float("inf") else f"{r.gap:.3%}"
    return f"{r.cpu_s:.1f} | {soon} | {r.cost_m:.4f} | {r.bound_m:.4f} | {gap}"


def known(file: Path) -> dict[str, Result]:
    """Results of earlier runs."""
    if not file.exists():
        return {}
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    return {line["case"]: Result(**line["result"]) for line in lines}


def main() -> None:
    """Run what is missing and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ratios", type=float, nargs="+", default=RATIOS)
    parser.add_argument("--seeds", type=int, nargs="+", default=SEEDS)
    parser.add_argument("--single", action="store_true", help="one place a generator")
    parser.add_argument("--sites", type=int, default=100)
    parser.add_argument("--generators", type=int, default=1_000)
    parser.add_argument("--seconds", type=float, default=300.0, help="of the processor")
    parser.add_argument(
        "--plain-seconds", type=float, default=120.0, help="0: leave out"
    )
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("siting-results.jsonl"))
    chosen = parser.parse_args()
    limits = {OURS: chosen.seconds, PLAIN: chosen.plain_seconds}
    size = chosen.single, chosen.sites, chosen.generators
    cases = [
        Case(way, ratio, seed, *size, limit)
        for way, limit in limits.items()
        for seed in chosen.seeds
        for ratio in chosen.ratios
        if limit > 0
    ]
    found = known(chosen.out)
    context = multiprocessing.get_context("spawn")
    missing = [c for c in cases if c.key not in found]
    with ProcessPoolExecutor(
        chosen.processes, mp_context=context, max_tasks_per_child=1
    ) as pool:
        jobs = {pool.submit(measured, case): case for case in missing}
        for job in as_completed(jobs):
            case, found[jobs[job].key] = jobs[job], job.result()
            line = {"case": case.key, "result": asdict(found[case.key])}
            with chosen.out.open("a") as out:
                out.write(json.dumps(line) + "\n")
            what = f"{case.way} {case.ratio:g} {case.seed}"
            print(f"{what}: {_cells(found[case.key])}", flush=True)
    print("\n".join(rows(cases, found)))


if __name__ == "__main__":
    main()
