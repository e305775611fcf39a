"""The command that holds a plan against reports, and the plan that it takes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wasteplan.commands.shipment_files import (
    ReadFormat,
    ShipmentsPath,
    plain_rows,
    read,
)
from wasteplan.commands.studies import plan_from
from wasteplan.commands.terminal import (
    Json,
    PlanPath,
    Quiet,
    print_json,
    print_table,
    telling,
)
from wasteplan.errors import WasteplanError

if TYPE_CHECKING:
    from wasteplan.plan.records import Plan
    from wasteplan.scenario.model import Scenario

ScenarioOption = Annotated[
    Path, typer.Option("--scenario", help="Scenario folder or workbook (.xlsx).")
]
MONITORED = ("facilities", "generation", "targets", "sdg", "actions")


def monitor(
    plan: PlanPath,
    path: ShipmentsPath,
    scenario: ScenarioOption,
    below: Annotated[
        float, typer.Option("--below", min=0, max=1, help="Share below plan [-].")
    ] = 0.15,
    above: Annotated[
        float, typer.Option("--above", min=0, help="Share above plan [-].")
    ] = 0.15,
    at_least_t: Annotated[
        float, typer.Option("--at-least", min=0, help="Smallest difference [t].")
    ] = 100.0,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for all tables.")
    ] = None,
    form: ReadFormat = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Compare a plan with reported shipments, and say what to look at and re-plan."""
    from wasteplan.evaluation.evaluating import evaluate
    from wasteplan.scenario.loading import load_scenario
    from wasteplan.scenario.writing import written_whole
    from wasteplan.study.monitoring import Triggers
    from wasteplan.study.monitoring import monitor as compared
    from wasteplan.study.opening import opened
    from wasteplan.study.result_files import write_frames
    from wasteplan.study.shipment_reports import data_kind

    limits = Triggers(below=below, above=above, at_least_t=at_least_t)
    with opened(scenario) as folder, telling(quiet) as said:
        said.on_step("read")
        table = read(path, form)
        case = load_scenario(folder)
        said.on_step("evaluate")
        found = compared(
            case,
            evaluate(case, plan_of(plan, case, folder)),
            table,
            triggers=limits,
        )
    frames = {name: getattr(found, name) for name in MONITORED}
    if out is not None:
        with written_whole(out, "actions.csv") as temporary:
            write_frames(frames, temporary)
    if as_json:
        rows = {name: plain_rows(frame) for name, frame in frames.items()}
        print_json(
            {"data": data_kind(table), "reported_part": found.reported_part, **rows}
        )
        return
    for each, part in found.reported_part.items():
        typer.echo(f"{each}: {part:.0%} of the year, {data_kind(table)} data")
    for name in MONITORED:
        typer.echo(f"\n{name}:")
        print_table(frames[name])


def plan_of(path: Path | None, scenario: Scenario, folder: Path) -> Plan:
    """A plan file, the plan of a run's folder, or today's plan of the scenario."""
    from wasteplan.study.run import status_quo

    if path is not None:
        return plan_from(path, scenario)
    today = status_quo(scenario, folder)
    if today is None:
        raise WasteplanError(f"{scenario.name} has no status-quo plan; name a plan")
    return today
