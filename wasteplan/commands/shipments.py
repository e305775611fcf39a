"""Commands on what shipments say: returns, planning input, agreement, simulation."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wasteplan.commands.monitoring import ScenarioOption
from wasteplan.commands.shipment_files import (
    ReadFormat,
    ShipmentsPath,
    file_written_whole,
    plain_rows,
    read,
    records_from,
)
from wasteplan.commands.terminal import (
    Json,
    Quiet,
    print_json,
    print_table,
    short_number,
    telling,
)
from wasteplan.errors import WasteplanError

if TYPE_CHECKING:
    import pandas as pd

    from wasteplan.shipments.self_check import SelfCheck
    from wasteplan.study.reports_to_plan import PlanInput

OutFolder = Annotated[
    Path, typer.Option("--out", help="Folder to write; replaced if it is such a one.")
]
SUMMARY = "shipments_report.json"
SOURCES = "sources.toml"
LEDGER = ("facility", "received_t", "sd_t")
FITS_SHOWN = (
    "generator",
    "stream",
    "year",
    "mean_t_per_y",
    "low_t_per_y",
    "high_t_per_y",
    "variation",
    "explained",
)
COVERAGE_SHOWN = (
    "zone",
    "stream",
    "reported_t",
    "generated_t",
    "coverage",
    "unreported_low_t",
    "unreported_high_t",
)
NO_SCORE = "This is a self-check. It is not a score of any brand's or scheme's module."


def report(
    path: ShipmentsPath,
    out: OutFolder,
    year: Annotated[
        int | None, typer.Option("--year", help="Calendar year [the last].")
    ] = None,
    pseudonymise: Annotated[
        Path | None,
        typer.Option("--pseudonymise", help="Key file: names become pseudonyms."),
    ] = None,
    form: ReadFormat = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Write generator report, facility ledger, flow matrix and diversion as CSV."""
    from wasteplan.scenario.writing import written_whole
    from wasteplan.shipments.privacy import pseudonymised, read_key
    from wasteplan.study.result_files import write_frames
    from wasteplan.study.shipment_reports import (
        data_kind,
        report_frames,
        years_moved,
    )

    key = None if pseudonymise is None else read_key(pseudonymise)
    with telling(quiet) as said:
        said.on_step("read")
        table = read(path, form)
        if key is not None:
            table = pseudonymised(table, key)
        asked = year or years_moved(table)[-1]
        frames = report_frames(table, asked)
        content = {
            "year": asked,
            "data": data_kind(table),
            "n_shipments": len(table),
            "is_pseudonymised": key is not None,
            "rows": {name: len(frame) for name, frame in frames.items()},
        }
        with written_whole(out, SUMMARY) as folder:
            write_frames(frames, folder)
            text = json.dumps(content, indent=2) + "\n"
            (folder / SUMMARY).write_text(text, encoding="utf-8")
    if as_json:
        print_json({"out": str(out), **content})
        return
    typer.echo(f"{out}: {asked}, {content['data']} data, {len(table):,} shipments")
    print_table(frames["diversion"][list(DIVERSION_SHOWN)])


DIVERSION_SHOWN = ("span", "t", "diversion_low", "diversion_high", "weighed_share")


def plan_input(
    path: ShipmentsPath,
    scenario: ScenarioOption,
    out: OutFolder,
    form: ReadFormat = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Estimate generation and profiles from reports, as tables of a scenario."""
    from wasteplan.scenario.loading import load_scenario
    from wasteplan.scenario.writing import written_whole
    from wasteplan.study.opening import opened
    from wasteplan.study.reports_to_plan import plan_input as estimated
    from wasteplan.study.result_files import write_frames
    from wasteplan.study.shipment_reports import data_kind, harmless

    with opened(scenario) as place, telling(quiet) as said:
        said.on_step("read")
        table = read(path, form)
        case = load_scenario(place)
        said.on_step("estimate")
        kind = data_kind(table)
        found = estimated(case, table, source=f"{kind}_shipments")
        tables = {
            "generation": found.generation,
            "profiles": found.profiles,
            "silent": found.silent,
            "coverage": found.coverage,
            "fits": found.fits.years,
            "trends": found.fits.trends,
            "seasons": found.fits.seasons,
        }
        kept = {
            name: harmless(frame)
            for name, frame in tables.items()
            if not frame.empty or name == "generation"
        }
        with written_whole(out, "generation.csv") as folder:
            write_frames(kept, folder)
            text = f"Generation estimated from {len(table)} {kind} shipments."
            entry = f'[{kind}_shipments]\ntext = "{text}"\n'
            (folder / SOURCES).write_text(entry, encoding="utf-8")
    if as_json:
        rows = {name: plain_rows(frame) for name, frame in tables.items()}
        print_json({"out": str(out), "data": kind, "unknown": found.unknown, **rows})
        return
    _tell_input(out, kind, found)


def reconcile(
    path: ShipmentsPath,
    ledger: Annotated[
        Path | None,
        typer.Option("--ledger", help="CSV facility,received_t[,sd_t] of own books."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="CSV file for all flows.")
    ] = None,
    form: ReadFormat = None,
    as_json: Json = False,
) -> None:
    """Weigh declared against received tonnes (and ledgers); name gross errors."""
    from wasteplan.shipments.weighing import reconcile_shipments
    from wasteplan.study.shipment_reports import harmless

    books = None if ledger is None else _ledger(ledger)
    found, flows = reconcile_shipments(read(path, form), books)
    if out is not None:
        with file_written_whole(out) as temporary:
            harmless(flows).to_csv(temporary, index=False, lineterminator="\n")
    wrong = found.gross_errors
    if as_json:
        print_json(
            {
                "flows": plain_rows(flows),
                "gross_errors": plain_rows(wrong),
                "chi_square": found.chi_square,
                "degrees_of_freedom": found.degrees_of_freedom,
                "p_value": found.p_value,
                "adjusted_t": found.adjusted_t,
            }
        )
        return
    print_table(flows)
    typer.echo(
        f"changed in all: {short_number(found.adjusted_t)} t; chi-square "
        f"{short_number(found.chi_square)} with {found.degrees_of_freedom} degrees of "
        f"freedom, p {short_number(found.p_value)}"
    )
    for row in wrong.to_dict("records"):
        alike = row["cannot_be_told_from"]
        other = f"; as likely {alike}" if alike else ""
        value, likely = short_number(row["value_t"]), short_number(row["reconciled_t"])
        typer.echo(f"gross error: {row['id']}: {value} t, likely {likely} t{other}")


def self_check(
    path: ShipmentsPath,
    generator: Annotated[str, typer.Option("--generator", help="Which factory.")],
    year: Annotated[int, typer.Option("--year", help="Which calendar year.")],
    output: Annotated[
        Path | None, typer.Option("--output", help="CSV year,units of what it makes.")
    ] = None,
    targets: Annotated[
        Path | None,
        typer.Option(
            "--targets", help="CSV stream,baseline_year,target_year,reduction."
        ),
    ] = None,
    answers: Annotated[
        Path | None,
        typer.Option("--answers", help="CSV question,answer,document,date,note."),
    ] = None,
    after: Annotated[
        Path | None,
        typer.Option("--after", help="Its shipments under a plan, set beside."),
    ] = None,
    form: ReadFormat = None,
    as_json: Json = False,
) -> None:
    """Put a factory's year in the order of a facility self-assessment (no score)."""
    from wasteplan.shipments.readiness import Evidence
    from wasteplan.shipments.self_check import Output, WasteTarget
    from wasteplan.shipments.self_check import self_check as checked
    from wasteplan.shipments.self_check_change import moves_off_landfill
    from wasteplan.study.shipment_reports import data_kind

    said = {
        "output": records_from(output, Output, ("year",)),
        "targets": records_from(targets, WasteTarget, ("stream", "target_year")),
        "answers": records_from(answers, Evidence, ("question",)),
    }
    table = read(path, form)
    found = checked(table, generator, year, **said)  # type: ignore[arg-type]
    _moved_in(found)
    then = None
    if after is not None:
        then = checked(read(after, form), generator, year, **said)  # type: ignore[arg-type]
        _moved_in(then)
    if as_json:
        content = {
            "generator": generator,
            "year": year,
            "data": data_kind(table),
            "note": NO_SCORE,
            **_check_content(found),
        }
        if then is not None:
            content["after"] = _check_content(then)
            content["moves_off_landfill"] = moves_off_landfill(found, then)
        print_json(content)
        return
    typer.echo(f"{generator}, {year}, {data_kind(table)} data")
    _tell_check(found)
    if then is not None:
        _tell_change(found, then)


def _moved_in(found: SelfCheck) -> None:
    """Refuse a year in which the factory handed nothing over."""
    years = sorted({int(y) for y in found.streams["year"]})
    if found.year not in years:
        listed = ", ".join(map(str, years))
        raise WasteplanError(
            f"no shipment of '{found.generator}' moved in {found.year}; some did in "
            f"{listed}"
        )


def _check_content(found: SelfCheck) -> dict[str, Any]:
    """A self-check for JSON."""
    names = ("streams", "routes", "progress", "readiness")
    return {
        "diversion": vars(found.diversion),
        "diversion_without_incineration": vars(found.diversion_without_incineration),
        **{name: plain_rows(getattr(found, name)) for name in names},
    }


def _tell_input(out: Path, kind: str, found: PlanInput) -> None:
    fits = found.fits.years
    print_table(fits.loc[~fits["generator"].isin(found.unknown), list(FITS_SHOWN)])
    typer.echo("")
    print_table(found.coverage[list(COVERAGE_SHOWN)])
    typer.echo(f"{out}: {len(found.generation)} rows of generation from {kind} data")
    if kind != "reported":
        typer.echo("simulated data is no evidence: do not plan on it", err=True)
    if not found.silent.empty:
        typer.echo(f"{len(found.silent)} without a report, estimated in silent.csv")
    for name in found.unknown:
        typer.echo(f"left out, not in the scenario: {name}", err=True)
    typer.echo(f"put [{kind}_shipments] of {SOURCES} into the scenario's, too")


def _tell_check(found: SelfCheck) -> None:
    now = found.streams[found.streams["year"] == found.year]
    print_table(now.drop(columns="year"))
    typer.echo("")
    print_table(found.routes)
    for text, range_ in (
        ("kept out of landfill", found.diversion),
        ("the same, burning not counted", found.diversion_without_incineration),
    ):
        typer.echo(f"{text}: {range_.low:.1%} to {range_.high:.1%}")
    if not found.progress.empty:
        typer.echo("")
        print_table(found.progress)
    typer.echo("")
    for row in found.readiness.to_dict("records"):
        typer.echo(f"[{row['level']}] {row['answer']:<8} {row['text']}")
        typer.echo(f"{'':13}{row['question']}: {row['evidence']}")
    typer.echo(NO_SCORE)


def _tell_change(before: SelfCheck, after: SelfCheck) -> None:
    from wasteplan.shipments.self_check_change import (
        LANDFILL_MAX,
        moves_off_landfill,
        self_check_change,
    )

    typer.echo("")
    print_table(self_check_change(before, after))
    moves = "moves" if moves_off_landfill(before, after) else "does not move"
    limit = f"(on it: more than {LANDFILL_MAX:.0%} of its waste)"
    typer.echo(f"{before.generator} {moves} off landfill {limit}")
    unknown = after.diversion.high - after.diversion.low
    if moves == "moves" and after.diversion.low < 1 - LANDFILL_MAX:
        typer.echo(f"not shown for sure: the last step of {unknown:.1%} is unknown")


def _ledger(path: Path) -> pd.DataFrame:
    import pandas as pd

    from wasteplan.study.shipment_reports import Intake

    rows = records_from(path, Intake, ("facility",))
    frame = pd.DataFrame([r.model_dump() for r in rows], columns=list(LEDGER))
    return frame.astype({"received_t": float, "sd_t": float})
