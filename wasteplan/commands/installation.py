"""Commands about the installation and about results: doctor, rerun, selftest."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from wasteplan.commands.studies import trade_offs_in
from wasteplan.commands.terminal import (
    EXIT_BUG,
    Json,
    Quiet,
    Workers,
    print_json,
    telling,
    watch_of,
    workers_of,
)


def doctor(
    out: Annotated[
        Path, typer.Option("--out", help="Where results shall be written.")
    ] = Path(),
    as_json: Json = False,
) -> None:
    """Look whether this installation can work: versions, extras, solver, folder."""
    from wasteplan.study.doctor import examine

    found = examine(out)
    if as_json:
        print_json({"findings": [vars(f) for f in found]})
    else:
        for f in found:
            mark = "ok" if f.is_well else "MISSING" if f.is_needed else "absent"
            typer.echo(f"{mark:<8} {f.subject:<12} {f.text}")
    if not all(f.is_well for f in found if f.is_needed):
        raise typer.Exit(EXIT_BUG)


def rerun(
    folder: Annotated[Path, typer.Argument(help="Output folder of a run.")],
    out: Annotated[
        Path | None, typer.Option("--out", help="Keep the new output here.")
    ] = None,
    workers: Workers = 0,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Run a study again from its provenance; exit 1 if a file comes out different."""
    from functools import partial

    from wasteplan.commands.shipment_files import read
    from wasteplan.report.writing import write_report
    from wasteplan.study.rerun import rerun as rerun_study
    from wasteplan.study.rerun import scenario_of, shipments_of, trade_offs_of

    shown = shipments_of(folder)
    table = None if shown is None else read(shown)
    trade_offs = trade_offs_in(scenario_of(folder), trade_offs_of(folder))
    with telling(quiet) as said:
        again = rerun_study(
            folder,
            write_report=partial(write_report, shipments=table, trade_offs=trade_offs),
            watch=watch_of(said, workers),
            into=out,
        )
    if as_json:
        fields = ("same", "different", "versions_changed")
        print_json({name: getattr(again, name) for name in fields})
    else:
        n = len(again.same) + len(again.different)
        typer.echo(f"{len(again.same)} of {n} files are the same, byte by byte")
        for what, names in (
            ("different", again.different),
            ("other version", again.versions_changed),
        ):
            for name in names:
                typer.echo(f"{what}: {name}")
    if not again.is_same:
        raise typer.Exit(EXIT_BUG)


def selftest(workers: Workers = 0, as_json: Json = False, quiet: Quiet = False) -> None:
    """Check the simulator against closed forms and the starter study against paper."""
    from wasteplan.report.writing import write_report
    from wasteplan.scenario.template import write_template
    from wasteplan.sim.selftesting import selftest as simulator_selftest
    from wasteplan.study.run import run
    from wasteplan.study.starter import agreement

    with telling(quiet) as said, tempfile.TemporaryDirectory() as parent:
        table = simulator_selftest(
            workers=workers_of(workers),
            progress=lambda case: said.on_step(f"closed form {case}"),
        )
        write_template(Path(parent) / "starter")
        done = run(
            Path(parent) / "starter",
            Path(parent) / "out",
            write_report=write_report,
            watch=watch_of(said),
        )
        study = agreement(done)
    passed = table.passed and study.is_same
    if as_json:
        rows = [vars(r) for r in table.rows]
        print_json({"passed": passed, "simulator": rows, "starter": vars(study)})
    else:
        typer.echo(table.summary())
        typer.echo(str(study))
    if not passed:
        raise typer.Exit(EXIT_BUG)
