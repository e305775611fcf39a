"""The command that tells a simulated year as shipments."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wasteplan.commands.monitoring import plan_of
from wasteplan.commands.shipment_files import Format, WriteFormat, write_whole
from wasteplan.commands.terminal import (
    Days,
    Json,
    Quiet,
    ScenarioPath,
    Seed,
    print_json,
    short_number,
    telling,
)
from wasteplan.errors import WasteplanError


def simulate(
    scenario: ScenarioPath,
    out: Annotated[Path, typer.Option("--out", help="File of shipments to write.")],
    plan: Annotated[
        Path | None,
        typer.Argument(help="Plan file or output folder [the status quo]."),
    ] = None,
    form: WriteFormat = Format.OWN,
    period: Annotated[
        str | None, typer.Option("--period", help="Which period [the first].")
    ] = None,
    region: Annotated[
        list[str] | None,
        typer.Option("--region", help="Only what this region hands over [all]."),
    ] = None,
    part: Annotated[
        list[str] | None,
        typer.Option("--part", help="FACILITY=0.7 leaves out 30 % of its loads."),
    ] = None,
    days: Days = None,
    seed: Seed = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Write the shipments that a plan would make, each marked as simulated."""
    from wasteplan.scenario.loading import load_scenario
    from wasteplan.sim.simulating import simulate as simulate_plan
    from wasteplan.study.opening import opened
    from wasteplan.study.simulated_shipments import (
        of_regions,
        part_of,
        simulated_shipments,
    )

    kept = _shares(part or [])
    with opened(scenario) as folder, telling(quiet) as said:
        case = load_scenario(folder)
        chosen = plan_of(plan, case, folder)
        name = period or case.periods[0].id
        said.on_step("simulate")
        result = simulate_plan(
            case, chosen, period=name, replications=1, seed=seed, days=days
        )
        table = simulated_shipments(case, result.trips)
        table = of_regions(case, table, region) if region else table
        table = part_of(table, kept)
    write_whole(table, out, form)
    total = float(table["quantity_t"].sum())
    if as_json:
        content = {"out": str(out), "format": form.value, "data": "simulated"}
        print_json({**content, "period": name, "n_shipments": len(table), "t": total})
        return
    said_t = short_number(total)
    typer.echo(f"{out}: {len(table):,} simulated shipments, {said_t} t, period {name}")


def _shares(texts: list[str]) -> dict[str, float]:
    """Facility and share of every `FACILITY=SHARE`."""
    found = {}
    for text in texts:
        name, _, share = text.rpartition("=")
        try:
            found[name] = float(share)
        except ValueError:
            raise WasteplanError(f"--part {text}: write FACILITY=0.7") from None
    return found
