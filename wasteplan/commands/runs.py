"""Commands that run a whole study: solve, simulate, report; once or in a loop."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wasteplan.commands.terminal import (
    Cluster,
    Days,
    Gap,
    Json,
    Quiet,
    Replications,
    ScenarioPath,
    Seed,
    Threads,
    TimeLimit,
    Workers,
    leave_if_missed,
    print_json,
    print_table,
    rows_of,
    telling,
    watch_of,
)
from wasteplan.errors import WasteplanError

if TYPE_CHECKING:
    from wasteplan.study.provenance import Options
    from wasteplan.study.run import Run

OUT = "out"


def run(
    scenario: ScenarioPath,
    out: Annotated[
        Path | None, typer.Option("--out", help="Output folder [out/<scenario>].")
    ] = None,
    gap: Gap = None,
    time_limit: TimeLimit = None,
    threads: Threads = None,
    seed: Seed = None,
    replications: Replications = None,
    days: Days = None,
    workers: Workers = 0,
    cluster: Cluster = None,
    no_simulation: Annotated[
        bool, typer.Option("--no-simulation", help="Leave the simulation out.")
    ] = False,
    loop: Annotated[
        bool,
        typer.Option("--loop", help="Plan and simulate in turn until both agree."),
    ] = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Solve, evaluate, simulate and report a scenario; print the answer."""
    from wasteplan.study.provenance import Options

    if loop and no_simulation:
        raise WasteplanError("--loop needs the simulation: leave --no-simulation out")
    options = Options(
        gap, time_limit, threads, not no_simulation, seed, replications, days, loop
    )
    done = done_run(scenario, out, options, (workers, cluster), quiet)
    if as_json:
        from wasteplan.study.result_files import kpi_table

        proof = done.result.plan.proof
        print_json(
            {
                "out": str(done.out),
                "answer": done.answer.lines,
                "note": done.note,
                "missed": missed_by(done),
                "proof": proof.model_dump() if proof else None,
                "builds": [b.model_dump() for b in done.result.plan.builds],
                "kpis": rows_of(kpi_table(done.result)),
                "loop": loop_json(done),
            }
        )
    else:
        typer.echo(str(done.answer))
        if done.note:
            typer.echo(f"note: {done.note}")
    leave_if_missed(missed_by(done), done.out, as_json)


def loop(
    scenario: ScenarioPath,
    out: Annotated[
        Path | None, typer.Option("--out", help="Output folder [out/<scenario>].")
    ] = None,
    gap: Gap = None,
    time_limit: TimeLimit = None,
    threads: Threads = None,
    seed: Seed = None,
    replications: Replications = None,
    days: Days = None,
    workers: Workers = 0,
    cluster: Cluster = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Plan, simulate, learn and plan again until both agree; print every round.

    Sites and sizes change only if they must or if that saves more than the gap. It
    says which targets are met, missed, or cannot be told with so many replications,
    and which cannot be met in practice, with what can be reached. Rounds, tolerance
    and the time limit of later solves are in `[loop]` of the scenario. Ctrl-C keeps
    the best plan so far.
    """
    from wasteplan.study.loop_text import ending_text, round_lines
    from wasteplan.study.provenance import Options

    options = Options(gap, time_limit, threads, True, seed, replications, days, True)
    done = done_run(scenario, out, options, (workers, cluster), quiet)
    found = done.result.loop
    if as_json:
        print_json(
            {
                "out": str(done.out),
                "answer": done.answer.lines,
                "note": done.note,
                "missed": missed_by(done),
                **(loop_json(done) or {}),
            }
        )
    else:
        if found is not None:
            print_table(round_lines(done.result.scenario, found))
            typer.echo(f"* kept. {ending_text(found)}\n")
        typer.echo(str(done.answer))
        if done.note:
            typer.echo(f"note: {done.note}")
    leave_if_missed(missed_by(done), done.out, as_json)


def missed_by(done: Run) -> list[str]:
    """Requirements that the plan of a run misses, one sentence each."""
    from wasteplan.study.broken import broken_requirements

    return broken_requirements(done.result.scenario, done.result.evaluation)


def done_run(
    scenario: Path,
    out: Path | None,
    options: Options,
    where: tuple[int, str | None],
    is_quiet: bool,
) -> Run:
    """Run a study into its output folder, telling its progress.

    `where` is on how many processes, or on which cluster, replications are run.
    """
    from wasteplan.report.writing import write_report
    from wasteplan.study.opening import output_name
    from wasteplan.study.run import run as run_study

    with telling(is_quiet) as said:
        return run_study(
            scenario,
            out or Path(OUT) / output_name(scenario),
            options=options,
            write_report=write_report,
            watch=watch_of(said, *where),
        )


def loop_json(done: Run) -> dict[str, Any] | None:
    """The loop of a run for JSON; None if there was none."""
    found = done.result.loop
    if found is None:
        return None
    return {
        "ending": found.ending,
        "kept_round": found.kept.number,
        "rounds": rows_of(found.table()),
        "gain": rows_of(found.gain_table()),
    }
