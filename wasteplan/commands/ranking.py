"""The command that simulates several plans with the same chance and ranks them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wasteplan.commands.studies import plan_from
from wasteplan.commands.terminal import (
    Days,
    Json,
    Quiet,
    ScenarioPath,
    Seed,
    Workers,
    print_json,
    print_table,
    rows_of,
    telling,
    workers_of,
)

Plans = Annotated[
    list[Path],
    typer.Argument(help="Two or more plan files (.json) or output folders."),
]
Indifference = Annotated[
    float,
    typer.Option(
        "--indifference", min=0, help="Smallest difference of it that matters."
    ),
]
Indicator = Annotated[
    str, typer.Option("--indicator", help="Simulated indicator to rank by.")
]
Smallest = Annotated[
    bool, typer.Option("--smallest", help="The smallest value is best.")
]
Confidence = Annotated[
    float, typer.Option("--confidence", min=0, max=1, help="Of a right ranking.")
]
Most = Annotated[int, typer.Option("--replications-max", min=2, help="Of one plan.")]
Period = Annotated[str | None, typer.Option("--period", help="[the last one]")]


def rank(
    scenario: ScenarioPath,
    plans: Plans,
    indifference: Indifference = 0.01,
    indicator: Indicator = "landfill_diversion_rate",
    smallest: Smallest = False,
    confidence: Confidence = 0.95,
    replications_max: Most = 100,
    period: Period = None,
    seed: Seed = None,
    days: Days = None,
    workers: Workers = 0,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Simulate plans with the same chance: paired differences, and which is best."""
    from wasteplan.scenario.loading import load_scenario
    from wasteplan.sim.comparing import compare_simulated
    from wasteplan.study.opening import opened

    with opened(scenario) as folder, telling(quiet) as said:
        case = load_scenario(folder)
        named = {str(path): plan_from(path, case) for path in plans}
        said.on_step(f"simulate {len(named)} plans")
        found = compare_simulated(
            case,
            named,
            indicator=indicator,
            indifference=indifference,
            smallest_first=smallest,
            period=period,
            confidence=confidence,
            replications_max=replications_max,
            seed=seed,
            days=days,
            workers=workers_of(workers),
        )
    if as_json:
        print_json(
            {
                "indicator": found.indicator,
                "unit": found.unit,
                "period": found.period,
                "confidence": confidence,
                "decided": list(found.ranking.decided),
                "plans": rows_of(found.plans),
                "differences": rows_of(found.differences),
            }
        )
        return
    typer.echo(found.summary().splitlines()[0])
    print_table(found.plans)
    print_table(found.differences)
