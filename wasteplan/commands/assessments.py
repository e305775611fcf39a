"""Commands on impacts: assess a plan, list the factors behind it."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wasteplan.commands.studies import plan_from
from wasteplan.commands.terminal import (
    Json,
    PlanPath,
    Quiet,
    ScenarioPath,
    print_json,
    print_table,
    rows_of,
    telling,
)
from wasteplan.errors import WasteplanError

if TYPE_CHECKING:
    import pandas as pd

    from wasteplan.lca.activities import LifeCycle
    from wasteplan.study.assess import Assessment


class Exchange(StrEnum):
    """Programs that a life cycle can be handed to."""

    openlca = "openlca"
    brightway = "brightway"


Methods = Annotated[
    list[str] | None,
    typer.Option("--method", help="Impact method; may be repeated [all]."),
]
Against = Annotated[
    list[Path] | None,
    typer.Option(
        "--against",
        help="Another plan: does the better one stay the better one? Repeatable.",
    ),
]
Simulated = Annotated[
    bool,
    typer.Option(
        "--simulated",
        help="Assess what the simulation of the output folder PLAN really did.",
    ),
]
Export = Annotated[
    Exchange | None,
    typer.Option("--export", help="Also write the life cycle to --out, for whom."),
]
ExportOut = Annotated[
    Path | None,
    typer.Option("--out", help="File (openlca: .zip) or folder (brightway)."),
]


def assess(
    scenario: ScenarioPath,
    plan: PlanPath,
    method: Methods = None,
    against: Against = None,
    simulated: Simulated = False,
    export: Export = None,
    out: ExportOut = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Impacts of a plan by method, stage, stream and period; methane by year."""
    from wasteplan.scenario.loading import load_scenario
    from wasteplan.study.assess import assess as assess_plan
    from wasteplan.study.assess import life_cycle_of
    from wasteplan.study.opening import opened
    from wasteplan.study.operated import operated_plan, trips_of
    from wasteplan.study.ranking import assumptions_of, ranking

    if (export is None) != (out is None):
        raise WasteplanError("--export and --out belong together: name both or none")
    with opened(scenario) as folder, telling(quiet) as said:
        case = load_scenario(folder)
        chosen = plan_from(plan, case)
        if simulated:
            operated = operated_plan(case, chosen, trips_of(plan))
            typer.echo(operated.summary(), err=True)
            chosen = operated.plan
        said.on_step("assess")
        found = assess_plan(case, chosen, methods=tuple(method or ()))
        ranks = None
        if against:
            said.on_step("rank")
            plans = {str(p): plan_from(p, case) for p in (plan, *against)}
            ranks = ranking(case, plans, assumptions_of(case))
        if export is not None and out is not None:
            said.on_step("export")
            cycle = life_cycle_of(case, chosen, found, tuple(method or ()))
            _export(export, out, cycle)
    if as_json:
        print_json(_as_json(found, ranks))
        return
    _print(found, ranks)


def _export(export: Exchange, out: Path, cycle: LifeCycle) -> None:
    from wasteplan.lca.brightway import write_brightway
    from wasteplan.lca.openlca import write_openlca

    if export == Exchange.openlca:
        write_openlca(out, cycle)
    else:
        write_brightway(out, cycle)


def _as_json(found: Assessment, ranks: pd.DataFrame | None) -> dict[str, object]:
    plain = (
        "scenario",
        "plan",
        "gwp",
        "system",
        "generated_t",
        "emitted_t_co2e",
        "avoided_t_co2e",
        "net_t_co2e",
        "share_on_assumption",
    )
    frames = (
        "stages",
        "periods",
        "impacts",
        "contributions",
        "inventory",
        "power",
        "window",
    )
    content: dict[str, object] = {name: getattr(found, name) for name in plain}
    content |= {name: rows_of(getattr(found, name)) for name in frames}
    if found.gas is not None:
        content["gas_by_year"] = rows_of(found.gas.table)
        content["gas_reconciliation"] = rows_of(found.gas.reconciliation())
    if ranks is not None:
        content["ranking"] = rows_of(ranks)
    return content


def _print(found: Assessment, ranks: pd.DataFrame | None) -> None:
    from wasteplan.lca.pollutants import LIMITS

    print_table(found.stages)
    print_table(found.periods)
    typer.echo(found.summary())
    typer.echo(f"\nimpacts over the horizon ({found.system}):")
    print_table(found.impacts.drop(columns=["name", "category"]))
    typer.echo(LIMITS)
    shown = list(found.impacts["method"])
    climate = f"gwp100_{found.gwp.lower()}"
    method = climate if climate in shown else shown[0]
    typer.echo(f"\ncontributions to {method}:")
    own = found.contributions[found.contributions["method"] == method]
    print_table(own.drop(columns=["method"]))
    if found.gas is not None:
        typer.echo("\nlandfill methane, yearly account against the committed one:")
        print_table(found.gas.reconciliation())
    if not found.power.empty:
        typer.echo("\nfossil carbon dioxide of power from waste, beside the grid:")
        print_table(found.power)
    if ranks is not None:
        typer.echo("\ndoes the least-emitting plan stay the least-emitting one?")
        print_table(ranks)


def elements(
    scenario: ScenarioPath,
    technology: Annotated[
        str, typer.Option("--technology", help="One technology [all].")
    ] = "",
    stream: Annotated[str, typer.Option("--stream", help="One stream [all].")] = "",
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Where every element of a tonne goes: streams through the technologies."""
    from wasteplan.scenario.loading import load_scenario
    from wasteplan.study.element_tables import element_tables
    from wasteplan.study.opening import opened

    with opened(scenario) as folder:
        tables = element_tables(load_scenario(folder), technology, stream)
    if as_json:
        print_json(
            {
                "balances": [
                    {"technology": t, "stream": s, "kg_per_t": rows_of(table)}
                    for (t, s), table in tables.items()
                ]
            }
        )
        return
    for (t, s), table in tables.items():
        typer.echo(f"{s} through {t} [kg/t as received]:")
        print_table(table)
        typer.echo("")


def factors(
    weak: Annotated[
        bool,
        typer.Option("--weak", help="List the rows from memory or assumption."),
    ] = False,
    file: Annotated[
        str, typer.Option("--file", help="One file, such as lca/emission_factors.csv.")
    ] = "",
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """The numbers of the package by file, and how each is known."""
    from wasteplan.study.known_numbers import (
        counts_by_file,
        packaged_numbers,
        weak_numbers,
    )
    from wasteplan.wording import did_you_mean

    counts = counts_by_file()
    rows = weak_numbers() if weak else packaged_numbers()
    if file:
        known = list(counts["file"])
        if file not in known:
            hint = did_you_mean(file, known) or f"; there are: {', '.join(known)}"
            raise WasteplanError(f"no file '{file}'{hint}")
        counts, rows = (t[t["file"] == file] for t in (counts, rows))
    if as_json:
        print_json({"files": rows_of(counts), "rows": rows_of(rows)})
        return
    print_table(counts)
    if weak or file:
        typer.echo("")
        print_table(rows.drop(columns=["note"]))
