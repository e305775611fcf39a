"""A sweep of a target: one live model against a cold run for every level.

    python benchmarks/resolve.py scenarios/phnom-penh --points 50
    python benchmarks/resolve.py scenarios/two-city --points 50

First the seconds of the processor that changing numbers takes (targets, a price, all
tonnages), beside those of the first build and hand-over; solving is not in them.  Then
a diversion target of the last period is moved over `--points` levels, once with one
`planner`, once with `solve` on every level.  The planner takes the tightest level, the
loosest, and then halves: a plan for a tighter level fits a looser one, a bound of a
looser level holds for a tighter one.  Every plan passes `evaluate`, and the two costs
of a level may differ by their gaps only: the largest difference is printed beside them.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass, replace
from pathlib import Path

import wasteplan as wp
from wasteplan.errors import NoAnswer
from wasteplan.optimize.live import Live
from wasteplan.optimize.planner import grown, priced, targeted
from wasteplan.plan.records import Plan
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import Target

TARGET = "swept"
REPEATS = 15
"""Of every update and of the first build; medians are shown."""


@dataclass(frozen=True)
class Solved:
    """One level of the sweep."""

    level: float
    update_s: float
    solve_s: float
    plan: Plan | None


def swept(scenario: Scenario, start: float) -> Scenario:
    """The case with a diversion target of the last period that the sweep moves."""
    last = scenario.periods[-1].id
    rest = tuple(
        t
        for t in scenario.targets
        if (t.metric, t.period) != ("landfill_diversion_rate", last)
    )
    one = Target(id=TARGET, metric="landfill_diversion_rate", period=last, min=start)
    return replace(scenario, targets=(*rest, one))


def by_halves(n: int) -> list[int]:
    """The last, the first, then the middle of every piece."""
    order, pieces = [n - 1, 0], [(0, n - 1)]
    while pieces:
        low, high = pieces.pop(0)
        if high - low > 1:
            middle = (low + high) // 2
            order.append(middle)
            pieces += [(middle, high), (low, middle)]
    return order


def updates(scenario: Scenario) -> None:
    """How long changing numbers takes, the median of some."""
    builds = sorted(Live(scenario).first_build.cpu_s for _ in range(REPEATS))
    first = builds[REPEATS // 2]
    print(f"first build and hand-over: {first * 1e3:.1f} ms")
    print("| what | median | of first build | how | numbers | the first time |")
    print("|" + "---|" * 6)
    live, bad = Live(scenario), list[str]()
    price = next((p for p in scenario.prices), None)
    outlet = next((o for o in scenario.outlets if o.price_per_t), None)
    for name, of in {
        "targets": lambda k: targeted(scenario, {TARGET: 0.01 * k}, bad),
        "a price": price
        and (lambda k: priced(scenario, {price.item: price.value * (1 + k / 50)}, bad)),
        "an outlet's price": outlet
        and (
            lambda k: priced(
                scenario, {outlet.id: outlet.price_per_t * (1 + k / 50)}, bad
            )
        ),
        "all tonnages": lambda k: grown(scenario, {"*": 1 + k / 50}, bad),
        "one generator": lambda k: grown(
            scenario, {scenario.generation[0].generator: 1 + k / 50}, bad
        ),
    }.items():
        if of is None:
            continue
        begun = live.change(of(0.5)).cpu_s
        done = [live.change(of(k)) for k in range(1, REPEATS + 1)]
        took = sorted(d.cpu_s for d in done)[REPEATS // 2]
        how = "in place" if all(d.in_place for d in done) else "BUILT ANEW"
        print(
            f"| {name} | {took * 1e3:.2f} ms | {took / first:.1%} | {how} "
            f"| {done[-1].n_changed:,} | {begun * 1e3:.2f} ms |"
        )
        live.change(scenario)


def sweep(scenario: Scenario, levels: list[float]) -> list[Solved]:
    """Every level by one planner."""
    begun = time.process_time()
    planner = wp.planner(scenario)
    planner.live  # noqa: B018
    print(f"planner ready: {time.process_time() - begun:.3f} CPU s")
    found = []
    for i in by_halves(len(levels)):
        begun = time.process_time()
        planner.update(targets={TARGET: levels[i]})
        updated = time.process_time()
        try:
            plan = planner.solve(explains=False)
        except NoAnswer:
            plan = None
        end = time.process_time()
        found.append(Solved(levels[i], updated - begun, end - updated, plan))
    return sorted(found, key=lambda s: s.level)


def cold(scenario: Scenario, level: float) -> Solved:
    """One level by a run of its own."""
    begun = time.process_time()
    bad: list[str] = []
    case = targeted(scenario, {TARGET: level}, bad)
    try:
        plan = wp.solve(case, explains=False)
    except NoAnswer:
        plan = None
    return Solved(level, 0.0, time.process_time() - begun, plan)


def compared(scenario: Scenario, warm: list[Solved], every: int) -> None:
    """The two ways level by level, and their sums."""
    print("| level | update, ms | solve, s | cost, M | gap | cold, s | cost, M | gap |")
    print("|" + "---|" * 8)
    cold_s, n_cold, wrong = 0.0, 0, 0
    for k, one in enumerate(warm):
        case = targeted(scenario, {TARGET: one.level}, [])
        missed = wp.evaluate(case, one.plan).violations if one.plan is not None else ()
        if missed:
            wrong += 1
            print(f"level {one.level} misses {missed[0]}")
        other = cold(scenario, one.level) if k % every == 0 else None
        shown = [of(one.plan), ("-", "-", "-")]
        if other is not None:
            n_cold, cold_s = n_cold + 1, cold_s + other.solve_s
            shown[1] = (f"{other.solve_s:.2f}", *of(other.plan))
            wrong += not agree(one.plan, other.plan)
        print(
            f"| {one.level:.3f} | {one.update_s * 1e3:.1f} | {one.solve_s:.2f} "
            f"| {' | '.join(shown[0])} | {' | '.join(shown[1])} |",
            flush=True,
        )
    warm_s = sum(s.update_s + s.solve_s for s in warm)
    all_cold = cold_s / max(n_cold, 1) * len(warm)
    print(
        f"sum of {len(warm)}: updates {sum(s.update_s for s in warm):.2f} s, solves "
        f"{sum(s.solve_s for s in warm):.1f} s; cold {all_cold:.1f} s"
        f"{f' (from {n_cold} of them)' if n_cold < len(warm) else ''}; "
        f"ratio {warm_s / all_cold:.2f}; levels that disagree or fail: {wrong}"
    )


def of(plan: Plan | None) -> tuple[str, ...]:
    """Cost and gap of a plan."""
    if plan is None or plan.proof is None:
        return "no plan", "-"
    return f"{plan.proof.objective / 1e6:.3f}", f"{plan.proof.gap_of_gross:.2%}"


def agree(one: Plan | None, other: Plan | None) -> bool:
    """Whether each cost is above the other's bound: the same answer within the gaps."""
    if one is None or other is None:
        return one is other
    assert one.proof is not None
    assert other.proof is not None
    slack = 1e-6 * one.proof.gross_cost
    return (
        one.proof.objective >= other.proof.bound - slack
        and other.proof.objective >= one.proof.bound - slack
    )


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("scenario", type=Path)
    parser.add_argument("--points", type=int, default=50)
    parser.add_argument("--low", type=float, default=0.5)
    parser.add_argument("--high", type=float, default=0.85)
    parser.add_argument(
        "--every", type=int, default=1, help="cold runs of every so many levels only"
    )
    chosen = parser.parse_args()
    scenario = swept(wp.load_scenario(chosen.scenario), chosen.low)
    step = (chosen.high - chosen.low) / (chosen.points - 1)
    levels = [round(chosen.low + i * step, 6) for i in range(chosen.points)]
    wp.solve(scenario, explains=False)  # what is imported late is no part of a time
    updates(scenario)
    compared(scenario, sweep(scenario, levels), chosen.every)


if __name__ == "__main__":
    main()
