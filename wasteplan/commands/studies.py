"""Commands that ask something of a scenario: run, solve, simulate, evaluate."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from wasteplan.commands.terminal import (
    Cluster,
    Days,
    Gap,
    HalfWidth,
    Json,
    PlanPath,
    Quiet,
    Replications,
    ReplicationsMax,
    ScenarioPath,
    Seed,
    SteadyState,
    Threads,
    TimeLimit,
    Workers,
    kind_of,
    leave_if_missed,
    mapper_of,
    print_json,
    print_table,
    rows_of,
    telling,
    watch_of,
    workers_of,
)

if TYPE_CHECKING:
    from wasteplan.plan.records import Plan
    from wasteplan.scenario.model import Scenario
    from wasteplan.sim.result import SimulationResult
    from wasteplan.study.trade_off_files import Found

PLAN_FILE = "plan.json"


class Grain(StrEnum):
    """What a row of the log of a simulation is."""

    TRIPS = "trips"
    PICKUPS = "pickups"


class LogForm(StrEnum):
    """How the log of a simulation is written."""

    CSV = "csv"
    PARQUET = "parquet"
    OCEL = "ocel"


FORMATS: dict[LogForm, Literal["csv", "parquet", "ocel"]] = {
    LogForm.CSV: "csv",
    LogForm.PARQUET: "parquet",
    LogForm.OCEL: "ocel",
}


def solve(
    scenario: ScenarioPath,
    out: Annotated[Path, typer.Option("--out", help="Plan file to write.")] = Path(
        PLAN_FILE
    ),
    gap: Gap = None,
    time_limit: TimeLimit = None,
    threads: Threads = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Find the cheapest plan with its proof, and write it."""
    from wasteplan.evaluation.evaluating import evaluate
    from wasteplan.optimize.solving import solve as solve_scenario
    from wasteplan.plan.files import write_plan
    from wasteplan.scenario.loading import load_scenario
    from wasteplan.study.broken import broken_requirements
    from wasteplan.study.opening import opened

    with opened(scenario) as folder, telling(quiet) as said:
        said.on_step("solve")
        case = load_scenario(folder)
        plan = solve_scenario(
            case,
            gap=gap,
            time_limit_s=time_limit,
            threads=threads,
            progress=said.on_progress,
        )
    write_plan(plan, out)
    found = evaluate(case, plan, compare=False, headlines=False)
    missed = broken_requirements(case, found)
    if as_json:
        shown = plan.model_dump(exclude={"routes"})
        print_json({"plan": str(out), "missed": missed, **shown})
    else:
        _print_solved(plan, case.settings.scenario.currency)
        typer.echo(f"plan: {out}")
    leave_if_missed(missed, out, as_json)


def _print_solved(plan: Plan, currency: str) -> None:
    """What is built and closed, the objective and the proof."""
    from wasteplan.study.answer import proof_text
    from wasteplan.study.naming import AIMS
    from wasteplan.study.wording import amount

    for build in plan.builds:
        what = f"{build.technology} {build.size} at {build.site}"
        typer.echo(f"build {what}, period {build.period}")
    for closure in plan.closures:
        typer.echo(f"close {closure.facility}, period {closure.period}")
    if plan.proof is not None:
        is_money = plan.proof.of in ("cost_total", "weighted")
        total = amount(plan.proof.objective, currency if is_money else plan.proof.unit)
        what = AIMS.get(plan.proof.of, "cost")
        typer.echo(f"{what}: {total}{' present value' if is_money else ''}")
    typer.echo(f"proof: {proof_text(plan.proof, currency)}")


OnePeriod = Annotated[str | None, typer.Option("--period", help="One period only.")]
TablesFolder = Annotated[
    Path | None, typer.Option("--out", help="Folder for all tables.")
]


def simulate(
    scenario: ScenarioPath,
    plan: PlanPath,
    period: OnePeriod = None,
    seed: Seed = None,
    replications: Replications = None,
    days: Days = None,
    half_width: HalfWidth = None,
    replications_max: ReplicationsMax = None,
    steady_state: SteadyState = None,
    workers: Workers = 0,
    cluster: Cluster = None,
    out: TablesFolder = None,
    log: Annotated[
        Grain, typer.Option("--log", help="Rows of the log: trips, or pickups too.")
    ] = Grain.TRIPS,
    form: Annotated[
        LogForm, typer.Option("--format", help="Format of the log.")
    ] = LogForm.CSV,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Run a plan hour by hour and print its indicators with intervals.

    wasteplan simulate scenarios/two-city plan.json --out sim --log pickups
    """
    from wasteplan.evaluation.evaluating import evaluate as evaluate_plan
    from wasteplan.scenario.loading import load_scenario
    from wasteplan.scenario.writing import written_whole
    from wasteplan.sim.simulating import simulate as simulate_plan
    from wasteplan.study.opening import opened
    from wasteplan.study.result_files import SIMULATION_MARK
    from wasteplan.study.simulation_log import can_be_written

    can_be_written(log.value, FORMATS[form], out is not None)
    with ExitStack() as stack, opened(scenario) as folder, telling(quiet) as said:
        temporary = None
        if out is not None:
            temporary = stack.enter_context(written_whole(out, SIMULATION_MARK))
        case = load_scenario(folder)
        chosen = plan_from(plan, case)
        evaluate_plan(case, chosen)  # names every mistake of a plan
        said.on_step("simulate")
        result = simulate_plan(
            case,
            chosen,
            period=period,
            replications=replications,
            seed=seed,
            workers=workers_of(workers),
            mapper=mapper_of(cluster, said),
            days=days,
            half_width_target=half_width,
            replications_max=replications_max,
            kind=kind_of(steady_state),
            progress=None if quiet else said.on_simulated,
        )
        if temporary is not None:
            _write_simulation(case, chosen, result, temporary, log, form)
    _tell(result, as_json)


def _tell(result: SimulationResult, as_json: bool) -> None:
    """Print what a simulation found."""
    from wasteplan.study.wording import interval_end

    if as_json:
        print_json({"sampling": result.sampling, "kpis": rows_of(result.kpis)})
        return
    typer.echo(result.sampling)
    kpis = result.kpis
    ends = zip(kpis["low"], kpis["mean"], kpis["unit"], strict=True)
    print_table(kpis.assign(low=[interval_end(*end) for end in ends]))


def _write_simulation(
    case: Scenario,
    plan: Plan,
    result: SimulationResult,
    folder: Path,
    log: Grain,
    form: LogForm,
) -> None:
    """The tables, with the log in the format asked for."""
    from wasteplan.sim.pickups import pickups
    from wasteplan.study.result_files import write_simulation
    from wasteplan.study.simulation_log import write_pickups, write_trips

    write_simulation(case, plan, result, folder)
    log_format = FORMATS[form]
    if form is not LogForm.CSV:
        (folder / "trips.csv").unlink()
        write_trips(case, result.trips, folder, log_format)
    if log is Grain.PICKUPS:
        names = result.kpis["period"].unique()
        period = str(names[0]) if len(names) == 1 else None
        rows = pickups(case, plan, period=period, seed=result.seed, days=result.days)
        write_pickups(rows, folder, log_format)


def evaluate(
    scenario: ScenarioPath, plan: PlanPath, as_json: Json = False, quiet: Quiet = False
) -> None:
    """Recompute a plan year by year: indicators, and what it breaks."""
    import pandas as pd

    from wasteplan.evaluation.evaluating import evaluate as evaluate_plan
    from wasteplan.scenario.loading import load_scenario
    from wasteplan.study.broken import broken_requirements
    from wasteplan.study.opening import opened
    from wasteplan.study.wording import currency_unit

    with opened(scenario) as folder:
        case = load_scenario(folder)
        found = evaluate_plan(case, plan_from(plan, case))
    columns = ["id", "label", "period", "value", "unit", "better"]
    kpis = pd.DataFrame([vars(k) for k in found.kpis], columns=columns)
    currency = case.settings.scenario.currency
    kpis["unit"] = [currency_unit(unit, currency) for unit in kpis["unit"]]
    if as_json:
        broken = [vars(v) for v in found.violations]
        print_json({"kpis": rows_of(kpis), "violations": broken})
        return
    for sentence in broken_requirements(case, found):
        typer.echo(f"broken: {sentence}")
    if not found.violations:
        typer.echo("keeps every requirement of the scenario")
    typer.echo("")
    print_table(kpis.drop(columns=["id", "better"]))


def report(
    scenario: ScenarioPath,
    plan: PlanPath,
    out: Annotated[Path, typer.Option("--out", help="Output folder.")],
    simulation: Annotated[
        bool, typer.Option("--simulate", help="Simulate the plan as well.")
    ] = False,
    shipments: Annotated[
        Path | None,
        typer.Option("--shipments", help="Reported ones, to show month by month."),
    ] = None,
    trade_offs: Annotated[
        list[Path] | None,
        typer.Option(
            "--with",
            help="Output folder of pareto, alternatives or switch, to show as a "
            "chapter; may be given several times.",
        ),
    ] = None,
    workers: Workers = 0,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Write the output folder of a plan that exists already."""
    from functools import partial

    from wasteplan.commands.shipment_files import read
    from wasteplan.report.writing import write_report
    from wasteplan.study.provenance import Options
    from wasteplan.study.run import run as run_study

    table = None if shipments is None else read(shipments)
    shown = tuple(trade_offs or ())
    found = trade_offs_in(scenario, shown)
    with telling(quiet) as said:
        done = run_study(
            scenario,
            out,
            options=Options(simulate=simulation),
            plan=plan_from(plan),
            write_report=partial(write_report, shipments=table, trade_offs=found),
            watch=watch_of(said, workers),
            shipments=shipments,
            trade_offs=shown,
        )
    if as_json:
        print_json({"out": str(done.out), "answer": done.answer.lines})
    else:
        typer.echo(str(done.answer))


def trade_offs_in(scenario: Path, folders: Sequence[Path]) -> tuple[Found, ...]:
    """What pareto, alternatives and switch wrote, for the scenario they are about."""
    if not folders:
        return ()
    from wasteplan.scenario.loading import load_scenario
    from wasteplan.study.opening import opened
    from wasteplan.study.provenance import input_hashes
    from wasteplan.study.trade_off_files import read_trade_off

    with opened(scenario) as place:
        case, inputs = load_scenario(place), input_hashes(scenario)
        return tuple(read_trade_off(folder, case, inputs) for folder in folders)


def plan_from(path: Path, scenario: Scenario | None = None) -> Plan:
    """A plan file, or the plan in the output folder of a run.

    A plan made for another scenario, such as the base of a variant, is taken with a
    warning.
    """
    from wasteplan.plan.files import read_plan

    plan = read_plan(path / PLAN_FILE if path.is_dir() else path)
    if scenario is not None and plan.scenario != scenario.name:
        text = f"warning: {path} was made for {plan.scenario}, not {scenario.name}"
        typer.echo(text, err=True)
    return plan
