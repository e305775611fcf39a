"""The command that holds a plan against reports, and the plan that it takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wasteplan.commands.shipment_files import (
    ReadFormat,
    ShipmentsPath,
    plain_rows,
    read,
    records_from,
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
from wasteplan.wording import did_you_mean

if TYPE_CHECKING:
    import pandas as pd

    from wasteplan.indicators.sdg import Control
    from wasteplan.plan.records import Plan
    from wasteplan.scenario.model import Scenario
    from wasteplan.shipments.table import ShipmentTable
    from wasteplan.study.monitoring import Monitoring, Triggers

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
    control: Annotated[
        Path | None,
        typer.Option("--control", help="CSV facility,control[,note] (SDG 11.6.1)."),
    ] = None,
    municipal: Annotated[
        list[str] | None,
        typer.Option("--municipal", help="A stream that is municipal waste."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for all tables.")
    ] = None,
    form: ReadFormat = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Compare a plan with reported shipments, and say what to look at and re-plan."""
    from wasteplan.scenario.writing import written_whole
    from wasteplan.study.monitoring import Triggers
    from wasteplan.study.opening import opened
    from wasteplan.study.result_files import write_frames
    from wasteplan.study.sdg_reporting import AssessedFacility
    from wasteplan.study.shipment_reports import data_kind

    assessed = records_from(control, AssessedFacility, ("facility",))
    levels = {row.facility: row.control for row in assessed}
    limits = Triggers(below=below, above=above, at_least_t=at_least_t)
    with opened(scenario) as folder, telling(quiet) as said:
        said.on_step("read")
        table = read(path, form)
        said.on_step("evaluate")
        found = _compared(folder, plan, table, limits, levels, municipal or [])
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
    _tell(frames)


def _compared(
    folder: Path,
    plan: Path,
    table: ShipmentTable,
    limits: Triggers,
    levels: Mapping[str, Control],
    municipal: Sequence[str],
) -> Monitoring:
    """The plan, evaluated on the scenario of the folder, against the shipments."""
    from wasteplan.evaluation.evaluating import evaluate
    from wasteplan.scenario.loading import load_scenario
    from wasteplan.study.monitoring import monitor as compared

    case = load_scenario(folder)
    return compared(
        case,
        evaluate(case, plan_of(plan, case, folder)),
        table,
        triggers=limits,
        control=levels,
        municipal_streams=_streams(case, municipal),
    )


def _tell(frames: dict[str, pd.DataFrame]) -> None:
    for name, frame in frames.items():
        typer.echo(f"\n{name}:")
        print_table(frame)


def plan_of(path: Path | None, scenario: Scenario, folder: Path) -> Plan:
    """A plan file, the plan of a run's folder, or today's plan of the scenario."""
    from wasteplan.study.run import status_quo

    if path is not None:
        return plan_from(path, scenario)
    today = status_quo(scenario, folder)
    if today is None:
        raise WasteplanError(f"{scenario.name} has no status-quo plan; name a plan")
    return today


def _streams(scenario: Scenario, names: Sequence[str]) -> frozenset[str]:
    """Streams of the scenario; a WasteplanError for one that it does not have."""
    known = [s.id for s in scenario.streams]
    for name in names:
        if name not in known:
            hint = did_you_mean(name, known)
            raise WasteplanError(f"--municipal {name}: no such stream{hint}")
    return frozenset(names)
