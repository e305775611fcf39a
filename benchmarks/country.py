"""A country at once: 45,283 generated generators, 60 sites, 4 streams, 5 periods.

    python benchmarks/country.py                   # full size, 5 minutes of search
    python benchmarks/country.py --generators 3000 --seconds 60

The folder is generated (`country_folder.py`; nothing in it is real).  `solve` plans it
in groups of sources with nearly the same hauls: the bound holds for every source, the
plan sends every source its own way, and `evaluate` judges it.  Printed: each step with
cost, bound, seconds of the processor and of the clock, peak memory; what was grouped,
and what that hides.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from pathlib import Path

from country_folder import country_folder

import wasteplan as wp
from wasteplan.optimize import grouped_answer
from wasteplan.optimize.running import Progress


def main() -> None:
    """Print the line of the case."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--generators", type=int, default=45_283)
    parser.add_argument("--groups", type=int, default=grouped_answer.GROUPS)
    parser.add_argument("--seconds", type=float, default=300.0, help="of the clock")
    parser.add_argument("--threads", type=int, default=2)
    chosen = parser.parse_args()
    grouped_answer.HAULS_FROM = 1  # smaller cases are planned in groups too here
    grouped_answer.answer_in_groups.__defaults__ = (chosen.groups,)
    begun, clock = time.process_time(), time.monotonic()

    def spent() -> str:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
        cpu, wall = time.process_time() - begun, time.monotonic() - clock
        return f"{cpu:.0f} CPU s, {wall:.0f} s, {peak:.2f} GB"

    def note(p: Progress) -> None:
        is_new, now = p.step != note.step, time.monotonic()  # type: ignore[attr-defined]
        if p.bound is not None and (is_new or now - note.last > 20):  # type: ignore[attr-defined]
            note.last, note.step = now, p.step  # type: ignore[attr-defined]
            print(f"  {p.step}: {p.incumbent} >= {p.bound:.1f}; {spent()}", flush=True)

    note.last, note.step = 0.0, ""  # type: ignore[attr-defined]
    with tempfile.TemporaryDirectory() as name:
        folder = country_folder(Path(name) / "country", chosen.generators)
        begun, clock = time.process_time(), time.monotonic()
        scenario = wp.load_scenario(folder)
        print(f"read and checked: {spent()}", flush=True)
        plan = wp.solve(
            scenario,
            time_limit_s=chosen.seconds,
            threads=chosen.threads,
            progress=note,
        )
        print(f"solved: {spent()}", flush=True)
        found = wp.evaluate(scenario, plan)
        print(f"evaluated: {spent()}; violations: {len(found.violations)}")
    proof = plan.proof
    assert proof is not None
    print(
        f"{len(plan.routes):,} routes; cost {proof.objective / 1e6:.2f} M, bound "
        f"{proof.bound / 1e6:.2f} M, gap {proof.gap_of_gross:.2%} of gross "
        f"{proof.gross_cost / 1e6:.0f} M ({proof.status})\n{proof.note}"
    )


if __name__ == "__main__":
    main()
