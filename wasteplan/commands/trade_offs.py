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

if TYPE_CHECKING:
    import pandas as pd

    from wasteplan.commands.terminal import Telling
    from wasteplan.plan.records import Plan
    from wasteplan.scenario.model import Scenario
    from wasteplan.study.ensemble import Way
    from wasteplan.study.pareto import Front

FrontAsked = tuple[tuple[str, ...], int, float | None, float | None]
"""Totals, points, gap and time limit [s]."""
Limits = tuple[float | None, float | None, int | None]
"""Gap, time limit [s] and threads, as asked."""
SHOWN_APART = ["builds", "plan"]


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
            "exposure_largest_total, hosted_largest_total_t, diversion_rate_lowest; "
            "the first is made least (jobs and the lowest diversion: most) within "
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
    from wasteplan.report.trade_offs import front_document
    from wasteplan.scenario.loading import load_scenario
    from wasteplan.study.opening import opened, output_name
    from wasteplan.study.trade_off_files import front_table, write_trade_off

    target = out or Path("out") / f"{output_name(scenario)}-front"
    with opened(scenario) as folder, telling(quiet) as said:
        case = load_scenario(folder)
        said.on_step("the ends of the front")
        names = tuple(name.strip() for name in totals.split(","))
        asked = (names, points, gap, time_limit)
        if workers is None and cluster is None:
            front = _swept(case, asked, said)
        else:
            where = (workers_of(workers or 0), mapper_of(cluster, said))
            front = _apart(case, asked, way_of(target, "points", said, where))
        table = front_table(case, front)
        write_trade_off(
            target,
            table,
            {f"point_{k:02}": p.plan for k, p in enumerate(front.points, start=1)},
            lambda: rendered(front_document(case, front, table)),
            "front",
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
            }
        )
        return
    print_table(table.drop(columns=SHOWN_APART))
    for row in rows_of(table):
        typer.echo(f"point {row['point']}: {row['builds']}")
    if front.was_stopped:
        typer.echo("stopped: points are missing")
    if not front.is_resolved:
        typer.echo("gaps are wider than some steps: ask for a smaller --gap")
    typer.echo(f"page: {target / 'front.html'}")


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
    from wasteplan.report.trade_offs import alternatives_document
    from wasteplan.scenario.loading import load_scenario
    from wasteplan.study.opening import opened, output_name
    from wasteplan.study.trade_off_files import alternatives_table, write_trade_off

    share = None if next_best else share_of(within)
    target = out or Path("out") / f"{output_name(scenario)}-alternatives"
    with opened(scenario) as folder, telling(quiet) as said:
        case = load_scenario(folder)
        plans = _plans(case, (gap, time_limit, threads), count, share, said)
        table = alternatives_table(case, plans)
        write_trade_off(
            target,
            table,
            {p.name: p for p in plans},
            lambda: rendered(alternatives_document(case, table)),
            "alternatives",
        )
    if as_json:
        print_json({"out": str(target), "plans": rows_of(table)})
        return
    columns = ["plan", "cost_total", "more_cost_total", "more_co2e_total_t"]
    print_table(table[[*columns, "more_landfilled_total_t", "gap", "diversion"]])
    for row in rows_of(table):
        typer.echo(f"{row['plan']}: {row['builds']}")
    if len(plans) - 1 < count:
        typer.echo(f"plans of this kind within reach: {len(plans) - 1}, not {count}")
    typer.echo(f"page: {target / 'alternatives.html'}")


def _plans(
    case: Scenario, limits: Limits, count: int, share: float | None, said: Telling
) -> list[Plan]:
    """The best plan and others; without a share of cost, the next best."""
    from wasteplan.optimize.alternatives import nearly_as_good, next_best
    from wasteplan.optimize.solving import solve, stop_of

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
    if share is None:
        others = next_best(case, best, count, stop)
    else:
        others = nearly_as_good(case, best, count, share=share, stop=stop)
    try:
        for plan in others:
            plans.append(plan)
            said.on_step(f"{len(plans) - 1} of {count} found")
    except KeyboardInterrupt:
        typer.echo("stopped: fewer plans than asked for", err=True)
    return plans


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
