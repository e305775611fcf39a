"""Commands about more than one good plan: fronts and alternatives."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wasteplan.commands.terminal import (
    Cluster,
    Gap,
    Json,
    Quiet,
    ScenarioPath,
    Threads,
    TimeLimit,
    mapper_of,
    print_json,
    print_table,
    rows_of,
    telling,
    way_of,
    workers_of,
)
from wasteplan.errors import StoppedWithoutPlan

if TYPE_CHECKING:
    import pandas as pd

    from wasteplan.commands.terminal import Telling
    from wasteplan.plan.records import Plan
    from wasteplan.scenario.model import Scenario
    from wasteplan.study.ensemble import Way
    from wasteplan.study.front import Front

FrontAsked = tuple[tuple[str, ...], int, float | None, float | None]
"""Totals, points, gap and time limit [s]."""
Limits = tuple[float | None, float | None, int | None]
"""Gap, time limit [s] and threads, as asked."""
SHOWN_APART = ["builds", "plan", "misses"]


Apart = Annotated[
    int | None,
    typer.Option(
        "--workers",
        min=0,
        help="Search points apart from each other on so many processes (0: as many "
        "as processors, at most 4); without, one after another in this one.",
    ),
]


def pareto(
    scenario: ScenarioPath,
    totals: Annotated[
        str,
        typer.Option(
            "--totals",
            help="Two or three of cost_total, co2e_total_t, co2e_direct_total_t, "
            "landfilled_total_t, jobs_total, exposure_total, unsuited_total_t, "
            "exposure_largest_total, hosted_largest_total_t, diversion_rate_lowest, "
            "collected_rate_lowest; the first is made least (jobs, the lowest "
            "diversion and the lowest share collected: most) within "
            "limits on the others.",
        ),
    ] = "cost_total,co2e_total_t",
    points: Annotated[
        int, typer.Option("--points", min=2, help="Steps along each limited total.")
    ] = 7,
    out: Annotated[
        Path | None, typer.Option("--out", help="Output folder [out/<scenario>-front].")
    ] = None,
    gap: Gap = None,
    time_limit: TimeLimit = None,
    workers: Apart = None,
    cluster: Cluster = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Find what more of one good costs of another: an exact front of plans.

    Gap and time limit are those of each search. One after another, a search uses what
    those before have shown, and Ctrl-C keeps the points found; with --workers or
    --cluster the same command goes on from the points that are done.
    """
    from wasteplan.report.page import rendered
    from wasteplan.report.trade_offs import trade_off_document
    from wasteplan.scenario.loading import load_scenario
    from wasteplan.study.opening import opened, output_name
    from wasteplan.study.provenance import input_hashes
    from wasteplan.study.trade_off_files import front_found, write_trade_off
    from wasteplan.study.trade_off_tables import front_table

    target = out or Path("out") / f"{output_name(scenario)}-front"
    with opened(scenario) as folder, telling(quiet) as said:
        case, inputs = load_scenario(folder), input_hashes(scenario)
        names = tuple(name.strip() for name in totals.split(","))
        asked = (names, points, gap, time_limit)
        if workers is None and cluster is None:
            front = _swept(case, asked, said)
        else:
            said.on_step("the ends of the front")
            where = (workers_of(workers or 0), mapper_of(cluster, said))
            front = _apart(case, asked, way_of(target, "points", said, where))
        said.on_step("page and plans")
        table = front_table(case, front)
        found = front_found(case, inputs, front)
        write_trade_off(
            target, found, table, lambda: rendered(trade_off_document(case, found))
        )
    _say_front(front, table, target, as_json)


def _swept(case: Scenario, asked: FrontAsked, said: Telling) -> Front:
    from wasteplan.study.pareto import pareto as find_front

    totals, points, gap, time_limit = asked
    return find_front(
        case,
        totals,
        points=points,
        gap=gap,
        time_limit_s=time_limit,
        on_end=lambda name: said.on_step(f"the end of the front: best {name}"),
        progress=said.on_progress,
        on_point=lambda done, of, _: said.on_step(f"search {done} of {of} done"),
    )


def _apart(case: Scenario, asked: FrontAsked, way: Way) -> Front:
    from wasteplan.study.front_apart import pareto_apart

    totals, points, gap, time_limit = asked
    return pareto_apart(
        case, totals, points=points, gap=gap, time_limit_s=time_limit, way=way
    )


def _say_front(front: Front, table: pd.DataFrame, target: Path, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "out": str(target),
                "points": rows_of(table),
                "is_resolved": front.is_resolved,
                "was_stopped": front.was_stopped,
                "without_plan": len(front.without_plan),
                "undecided": len(front.undecided),
                "ends": {name: vars(end) for name, end in front.ends.items()},
            }
        )
        return
    print_table(table.drop(columns=SHOWN_APART))
    for row in rows_of(table):
        typer.echo(f"point {row['point']}: {row['builds']}")
        if row["misses"]:
            typer.echo(f"  with its real blends it misses: {row['misses']}")
    for line in _front_lines(front):
        typer.echo(line)
    typer.echo(f"page: {target / 'front.html'}")


def _front_lines(front: Front) -> list[str]:
    """How sure the front is, and what is missing from it."""
    from wasteplan.study.wording import three_digits

    lines = [
        f"{name}: found {three_digits(end.value)}, no plan has "
        f"{'more' if end.bound > end.value else 'less'} than {three_digits(end.bound)}"
        for name, end in front.ends.items()
    ]
    if front.was_stopped:
        lines.append("stopped: points are missing")
    if front.without_plan:
        lines.append(f"{len(front.without_plan)} sets of limits have no plan")
    if front.undecided:
        n = len(front.undecided)
        lines.append(f"at {n} sets of limits time ran out: allow more (--time-limit)")
    if front.steps and not front.is_resolved:
        known = [step.least for step in front.steps if step.least == step.least]
        shown = sum(least > 0 for least in known)
        lines.append(
            f"{shown} of {len(known)} steps from point to point are proved to "
            "cost more; for the others ask for a smaller --gap"
        )
    elif not front.is_resolved:
        lines.append("gaps are wider than some steps: ask for a smaller --gap")
    return lines


def alternatives(
    scenario: ScenarioPath,
    within: Annotated[
        str,
        typer.Option(
            "--within",
            help="What a plan may cost more than the best, of gross cost: 5% or 0.05.",
        ),
    ] = "5%",
    count: Annotated[
        int, typer.Option("--count", min=1, help="How many plans beside the best.")
    ] = 4,
    next_best: Annotated[
        bool,
        typer.Option("--next-best", help="The next cheapest, not the most different."),
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Output folder [out/<scenario>-alternatives]."),
    ] = None,
    gap: Gap = None,
    time_limit: TimeLimit = None,
    threads: Threads = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Find plans nearly as good as the best that build elsewhere or otherwise.

    Each builds as little as can be of what earlier ones build; of those, the cheapest.
    Gap and time limit are those of each search. Ctrl-C keeps the plans found.
    """
    from wasteplan.report.page import rendered
    from wasteplan.report.trade_offs import trade_off_document
    from wasteplan.scenario.loading import load_scenario
    from wasteplan.study.opening import opened, output_name
    from wasteplan.study.provenance import input_hashes
    from wasteplan.study.trade_off_files import alternatives_found, write_trade_off
    from wasteplan.study.trade_off_tables import alternatives_table

    share = None if next_best else share_of(within)
    target = out or Path("out") / f"{output_name(scenario)}-alternatives"
    with opened(scenario) as folder, telling(quiet) as said:
        case, inputs = load_scenario(folder), input_hashes(scenario)
        asked = (gap, time_limit, threads)
        plans, was_stopped = _plans(case, asked, count, share, said)
        said.on_step("page and plans")
        table = alternatives_table(case, plans)
        found = alternatives_found(case, inputs, plans, share, was_stopped)
        write_trade_off(
            target, found, table, lambda: rendered(trade_off_document(case, found))
        )
    if as_json:
        print_json(
            {"out": str(target), "plans": rows_of(table), "was_stopped": was_stopped}
        )
        return
    _say_alternatives(case, table, count, was_stopped)
    typer.echo(f"page: {target / 'alternatives.html'}")


def _say_alternatives(
    case: Scenario, table: pd.DataFrame, count: int, was_stopped: bool
) -> None:
    from wasteplan.study.naming import place_name

    columns = ["plan", "cost_total", "more_cost_total", "more_co2e_total_t"]
    print_table(table[[*columns, "more_landfilled_total_t", "gap", "diversion"]])
    for row in rows_of(table):
        typer.echo(f"{row['plan']}: {row['builds']}")
        for word, key in (("without", "left_out"), ("with", "instead")):
            names = "; ".join(place_name(case, p) for p in row[key].split())
            if names:
                typer.echo(f"  {word} {names}")
        if row["misses"]:
            typer.echo(f"  with its real blends it misses: {row['misses']}")
    if was_stopped:
        typer.echo(
            "stopped by hand or by the time limit of a search: plans may be missing"
        )
    elif len(table) - 1 < count:
        typer.echo(f"plans of this kind within reach: {len(table) - 1}, not {count}")


def _plans(
    case: Scenario, limits: Limits, count: int, share: float | None, said: Telling
) -> tuple[list[Plan], bool]:
    """The best plan and others, and whether it was stopped, by hand or by time.

    Without a share of cost, the next best.
    """
    from wasteplan.optimize.alternatives import about_cost, nearly_as_good, next_best
    from wasteplan.optimize.solving import solve, stop_of

    if share is not None:
        about_cost(case)
    stop = stop_of(case, *limits)
    said.on_step("the best plan")
    best = solve(
        case,
        gap=stop.gap_of_gross,
        time_limit_s=stop.time_limit_s,
        threads=stop.threads,
        progress=said.on_progress,
        name="best",
    )
    plans = [best]
    if _was_interrupted(best):
        return plans, True
    if share is None:
        others = next_best(case, best, count, stop, said.on_progress)
    else:
        others = nearly_as_good(
            case, best, count, share=share, stop=stop, progress=said.on_progress
        )
    try:
        for plan in others:
            plans.append(plan)
            said.on_step(f"{len(plans) - 1} of {count} found")
            if _was_interrupted(plan):
                return plans, True
    except (KeyboardInterrupt, StoppedWithoutPlan):
        return plans, True
    return plans, False


def _was_interrupted(plan: Plan) -> bool:
    return plan.proof is not None and plan.proof.status == "interrupted"


def share_of(text: str) -> float:
    """A share written as percent or number.

    >>> share_of("5%"), share_of("0.05")
    (0.05, 0.05)
    """
    number = text.strip().removesuffix("%")
    try:
        value = float(number) / (100.0 if number != text.strip() else 1.0)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no share: write 5% or 0.05") from None
    if not 0 <= value <= 1:
        raise typer.BadParameter(f"{text!r} is not between 0% and 100%")
    return value
