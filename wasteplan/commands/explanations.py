"""The command that says why: what requirements cost at the margin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from wasteplan.commands.studies import plan_from
from wasteplan.commands.terminal import (
    Gap,
    Json,
    PlanPath,
    Quiet,
    ScenarioPath,
    TimeLimit,
    print_json,
    print_table,
    rows_of,
    telling,
)

if TYPE_CHECKING:
    import pandas as pd

    from wasteplan.plan.records import Plan
    from wasteplan.scenario.model import Scenario

NOT_BOUND = (
    "No plant that ends waste has a minimum load or a contract: recycling more leaves "
    "none of them short."
)


def explain(
    scenario: ScenarioPath,
    plan: PlanPath,
    steps: Annotated[
        bool,
        typer.Option(
            "--steps", help="Also move each target one step and decide all anew."
        ),
    ] = False,
    recycling: Annotated[
        float | None,
        typer.Option(
            "--recycling",
            min=0.0,
            max=1.0,
            help="Also say whether plants would lack waste if this share of all waste "
            "were recycled, by year (without it: at the recycling targets).",
        ),
    ] = None,
    gap: Gap = None,
    time_limit: TimeLimit = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Say what targets, capacities, permits and limits cost at the margin.

    Prices are those of the plan's builds: where sizes overshoot a target its price is
    0, and --steps says what a step really costs.
    """
    from wasteplan.scenario.loading import load_scenario
    from wasteplan.study import explaining
    from wasteplan.study.opening import opened

    with opened(scenario) as folder, telling(quiet) as said:
        case = load_scenario(folder)
        chosen = plan_from(plan, case)
        said.on_step("prices")
        table = explaining.prices_of(case, chosen)
        moved = []
        if steps:
            moved = explaining.steps(
                case, chosen, gap=gap, time_limit_s=time_limit, on_step=said.on_step
            )
        locked = _lock_in(case, chosen, recycling)
    if as_json:
        found = {"prices": rows_of(table), "steps": [vars(s) for s in moved]}
        print_json({**found, "lock_in": rows_of(locked)})
        return
    for text in table["says"]:
        typer.echo(f"{text}.")
    if table.empty:
        typer.echo("nothing binds: no requirement has a price")
    if steps and not moved:
        typer.echo("no step to make: the scenario has no targets")
    for step in moved:
        typer.echo(f"{step.target} at {step.limit:g}, all decided anew: {step.says}.")
    if locked.empty and recycling is not None:
        typer.echo(NOT_BOUND)
    _say_lock_in(locked)


def _lock_in(case: Scenario, plan: Plan, recycling: float | None) -> pd.DataFrame:
    from wasteplan.evaluation.evaluating import evaluate
    from wasteplan.study.lock_in import lock_in_table

    asked = None if recycling is None else dict.fromkeys(case.years, recycling)
    return lock_in_table(case, plan, evaluate(case, plan), asked)


def _say_lock_in(locked: pd.DataFrame) -> None:
    if locked.empty:
        return
    from wasteplan.study.lock_in import lock_in_said

    typer.echo("")
    typer.echo(f"{lock_in_said(locked)}.")
    print_table(locked)
