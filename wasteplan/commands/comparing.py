"""Commands that put runs side by side."""

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
    from wasteplan.study.side_by_side import SideBySide

Folders = Annotated[
    list[Path], typer.Argument(help="Output folders; the first is the reference.")
]
Weights = Annotated[
    str | None,
    typer.Option(
        "--weights",
        help="What counts how much, such as cost_present_value=3,jobs=1 [equal weights "
        "of cost, emissions, diversion, recycling, jobs].",
    ),
]
CompareOut = Annotated[
    Path | None,
    typer.Option("--out", help="Also write a page with pictures and all tables."),
]


def compare(
    folders: Folders,
    weights: Weights = None,
    out: CompareOut = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Put the results of several runs side by side, and rank them.

    The page (--out) has waterfalls of cost and emissions, small maps, the ranking with
    how sure it is, and simulated differences with intervals.
    """
    from wasteplan.study.choosing import parse_weights
    from wasteplan.study.side_by_side import side_by_side

    with telling(quiet) as said:
        said.on_step("reading the runs")
        asked = None if weights is None else parse_weights(weights)
        found = side_by_side(folders, asked)
        if out is not None:
            said.on_step("the page")
            _write(found, out)
    if as_json:
        print_json(_documents(found))
        return
    _print(found)
    if out is not None:
        from wasteplan.study.side_by_side import PAGE

        typer.echo(f"\npage: {out / PAGE}")


def _write(found: SideBySide, out: Path) -> None:
    from wasteplan.report.comparison import comparison_document
    from wasteplan.report.page import rendered
    from wasteplan.study.side_by_side import write_side_by_side

    write_side_by_side(found, out, lambda: rendered(comparison_document(found)))


def _documents(found: SideBySide) -> dict[str, object]:
    side = found.comparison
    return {
        "kpis": rows_of(side.kpis),
        "builds": rows_of(side.builds),
        "proofs": rows_of(side.proofs),
        "warnings": side.warnings,
        "ranking": rows_of(found.choice.ranking),
        "weights": dict(found.choice.weights),
        "cost": rows_of(found.cost),
        "emissions": rows_of(found.emissions),
        "simulated": rows_of(found.simulated),
    }


def _print(found: SideBySide) -> None:
    from wasteplan.study.compare import left_out_text

    side = found.comparison
    for warning in side.warnings:
        typer.echo(f"warning: {warning}")
    print_table(side.telling.drop(columns=["id", "better"]))
    if said := left_out_text(side):
        typer.echo(said)
    typer.echo("\nproof (present value):")
    print_table(side.proofs)
    typer.echo("\nbuilt or closed differently (years of opening, of closing):")
    print_table(side.building_differs)
    weights = ", ".join(f"{i} {w:.0%}" for i, w in found.choice.weights.items())
    typer.echo(f"\nranking by {weights}:")
    print_table(found.choice.ranking)
    if len(level := found.choice.leaders) > 1:
        typer.echo(f"level by these weights: {', '.join(level)}")
