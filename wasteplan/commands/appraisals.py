"""The command that appraises an investment."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wasteplan.commands.terminal import (
    Json,
    Quiet,
    print_json,
    print_table,
    rows_of,
    telling,
)

if TYPE_CHECKING:
    from wasteplan.finance.appraisal_result import AppraisalResult

Terms = Annotated[
    list[str] | None,
    typer.Option(
        "--terms", help="Packaged loan terms or a case of loans.csv; may be repeated."
    ),
]
PLAN_FILE = "plan.json"
TABLES = (
    "cash",
    "loans",
    "actors",
    "system",
    "indicators",
    "side_by_side",
    "fee_curve",
    "inputs",
    "checks",
    "increments",
    "recyclers",
    "lender",
)
RISK_TABLES = (
    "tornado",
    "switching",
    "stories",
    "chances",
    "convergence",
    "sample",
    "supply",
)


def appraise(
    run: Annotated[Path, typer.Argument(help="Output folder of a run, or a scenario.")],
    plan: Annotated[
        Path | None,
        typer.Argument(help="Plan file or output folder, if the first is a scenario."),
    ] = None,
    terms: Terms = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Also write all tables here as CSV.")
    ] = None,
    no_risk: Annotated[
        bool, typer.Option("--no-risk", help="Leave chance and tornado out.")
    ] = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Appraise what a plan builds: loans, cover, gate fee needed, chance of loss."""
    from wasteplan.evaluation.evaluating import evaluate
    from wasteplan.plan.files import read_plan
    from wasteplan.scenario.loading import load_scenario
    from wasteplan.study.appraisal_intake import stored_simulation
    from wasteplan.study.appraising import appraise as appraise_plan
    from wasteplan.study.opening import opened
    from wasteplan.study.rerun import scenario_of
    from wasteplan.study.run import status_quo

    scenario, chosen = (scenario_of(run), run) if plan is None else (run, plan)
    with opened(scenario) as folder, telling(quiet) as said:
        said.on_step("read")
        case = load_scenario(folder)
        file = chosen / PLAN_FILE if chosen.is_dir() else chosen
        solved = read_plan(file)
        said.on_step("evaluate")
        evaluation = evaluate(case, solved)
        today = status_quo(case, folder)
        baseline = evaluate(case, today) if today is not None else None
        said.on_step("appraise")
        found = appraise_plan(
            case,
            solved,
            evaluation,
            baseline=baseline,
            cases=tuple(terms or ()),
            simulation=stored_simulation(chosen),
            risk=not no_risk,
        )
    if found is None:
        typer.echo("the plan builds nothing that costs money: nothing to appraise")
        return
    if out is not None:
        _write(found, out)
    if as_json:
        print_json({name: rows_of(getattr(found, name)) for name in TABLES})
    else:
        _print(found)


def _print(found: AppraisalResult) -> None:
    from wasteplan.study.appraisal_text import (
        account_lines,
        case_lines,
        fee_lines,
        heading,
        missing_lines,
        recycler_lines,
        unanswered,
    )

    typer.echo(heading(found))
    typer.echo("\nAll that is built, case by case:")
    print_table(case_lines(found))
    typer.echo(f"\nGate fee needed for the return on equity [{found.currency}/t]:")
    print_table(fee_lines(found))
    typer.echo("\nWho bears it, over the plan's years (received: negative):")
    print_table(account_lines(found))
    if found.risk is not None:
        first = found.risk.tornado
        first = first[(first["place"] == "all") & (first["case"] == found.cases[0])]
        columns = ["driver", "low", "high", "unit", "npv_low", "npv_high", "status"]
        typer.echo(f"\nWhat moves the owners' NPV most ({found.cases[0]}):")
        print_table(first[columns])
    if not found.recyclers.empty:
        typer.echo("\nSmall recyclers as businesses:")
        print_table(recycler_lines(found))
    typer.echo("\nA lender will also ask what no model answers:")
    for line in unanswered(found):
        typer.echo(f"  {line}")
    typer.echo("")
    for line in missing_lines(found):
        typer.echo(line)
    for warning in found.warnings:
        typer.echo(f"note: {warning}")
    for check in found.checks[~found.checks["holds"]]["check"]:
        typer.echo(f"BROKEN: {check}")


def _write(found: AppraisalResult, out: Path) -> None:
    from wasteplan.study.result_files import write_frames

    frames = {name: getattr(found, name) for name in TABLES}
    if found.risk is not None:
        frames |= {name: getattr(found.risk, name) for name in RISK_TABLES}
    write_frames(frames, out)
