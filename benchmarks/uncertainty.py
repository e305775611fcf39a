"""Time of 1,000 samples of the evaluated plan of phnom-penh, by step and in all.

    python benchmarks/uncertainty.py [SAMPLES] [WORKERS]

The plan is the one that `solve` finds (a few tens of seconds). Printed: processor time
of finding, drawing, making and evaluating a sample in one process, then wall and
processor time of the whole study through the public function, with as many workers as
asked, and its speed-up over one.
"""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

from wasteplan.evaluation.evaluating import evaluate
from wasteplan.optimize.solving import solve
from wasteplan.scenario.loading import load_scenario
from wasteplan.scenario.sampled import sample_of
from wasteplan.scenario.sampling import draw
from wasteplan.scenario.uncertain import uncertain_numbers
from wasteplan.study.ensemble import Way
from wasteplan.study.uncertainty import uncertainty

FOLDER = Path(__file__).parents[1] / "scenarios" / "phnom-penh"
ONE_BY_ONE = 40  # samples timed step by step


def cpu_s() -> float:
    """Processor time of this process and of those that it has waited for."""
    times = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(sum(resource.getrusage(who)[:2]) for who in times)


def steps() -> None:
    """Processor time of each step of a sample, in this process."""
    case = load_scenario(FOLDER)
    plan = solve(case)
    start = time.process_time()
    numbers = uncertain_numbers(case)
    print(f"find {len(numbers)} numbers: {1e3 * (time.process_time() - start):.1f} ms")
    start = time.process_time()
    samples = draw(numbers, 1000, seed=1)
    assert samples.values.shape[0] == 1000
    print(f"draw 1,000 samples: {1e3 * (time.process_time() - start):.1f} ms")
    start = time.process_time()
    moved = [sample_of(case, samples, i) for i in range(ONE_BY_ONE)]
    each = (time.process_time() - start) / ONE_BY_ONE
    print(f"make a sample: {1e3 * each:.1f} ms")
    for compare in (True, False):
        start = time.process_time()
        for one in moved:
            evaluate(one, plan, compare=compare)
        each = (time.process_time() - start) / ONE_BY_ONE
        what = "with" if compare else "without"
        print(f"evaluate a sample {what} the relaxed model: {1e3 * each:.1f} ms")


def whole(n: int, workers: int) -> None:
    """Wall and processor time of the study."""
    case = load_scenario(FOLDER)
    plan = solve(case)
    wall = {}
    for count in dict.fromkeys((workers, 1)):
        start, used = time.perf_counter(), cpu_s()
        found = uncertainty(case, {"plan": plan}, samples=n, way=Way(workers=count))
        wall[count] = time.perf_counter() - start
        print(
            f"{n:,} samples, {count} worker(s): {wall[count]:.1f} s wall, "
            f"{cpu_s() - used:.1f} s of processors, {len(found.failed)} without answer"
        )
    print(f"speed-up on {workers} workers: {wall[1] / wall[workers]:.2f}")


if __name__ == "__main__":
    asked = [int(a) for a in sys.argv[1:]]
    steps()
    whole(asked[0] if asked else 1000, asked[1] if len(asked) > 1 else 2)
