"""Commands on files of shipments: template, check, convert, new-key."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from wasteplan.commands.terminal import (
    EXIT_INPUT,
    Json,
    Quiet,
    print_json,
    print_table,
    short_number,
)
from wasteplan.errors import Problem, WasteplanError
from wasteplan.shipments.mistakes import ShipmentFileError

if TYPE_CHECKING:
    import pandas as pd

    from wasteplan.shipments.formats import Reading
    from wasteplan.shipments.states import Clocks
    from wasteplan.shipments.table import ShipmentTable
    from wasteplan.units import Record

R = TypeVar("R", bound="Record")

ROWS_SHOWN = 20
WORKBOOK = ".xlsx"


class Format(StrEnum):
    """The formats by their short names."""

    OWN = "own"
    US = "us"
    ENGLAND = "england"
    ALLBARO = "allbaro"


ENDINGS: dict[Format, tuple[str, ...]] = {
    Format.OWN: (".csv", WORKBOOK),
    Format.US: (".json", ".jsonl"),
    Format.ENGLAND: (".json", ".jsonl"),
    Format.ALLBARO: (".csv",),
}
FULL_NAMES = {
    Format.OWN: "own_csv",
    Format.US: "us_emanifest",
    Format.ENGLAND: "england_receipt",
    Format.ALLBARO: "allbaro",
}

ShipmentsPath = Annotated[
    Path, typer.Argument(help="File of shipments, or a folder of such files.")
]
ReadFormat = Annotated[
    Format | None,
    typer.Option("--format", help="Format; by default told from the file."),
]
WriteFormat = Annotated[Format, typer.Option("--format", help="Format to write.")]


def template(
    form: WriteFormat = Format.OWN,
    out: Annotated[
        Path | None, typer.Option("--out", help="File to write; else printed.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Give a form with one invented shipment, to be replaced (own: .csv or .xlsx)."""
    import tempfile

    from wasteplan.shipments.own_format import EXAMPLE, column_notes
    from wasteplan.shipments.records import Shipment, table_of

    table = table_of([Shipment.model_validate(EXAMPLE)])
    if out is not None:
        write_whole(table, out, form, is_new=True)
        content = {"file": str(out), "format": form.value}
        if as_json:
            print_json(content)
        else:
            typer.echo(f"{out}: one invented shipment; replace it by your own")
        return
    if as_json:
        names = ("name", "unit", "filled", "meaning")
        print_json(
            {"columns": [dict(zip(names, n, strict=True)) for n in column_notes()]}
        )
        return
    with tempfile.TemporaryDirectory(prefix="wasteplan-") as folder:
        path = Path(folder) / f"template{ENDINGS[form][0]}"
        write_whole(table, path, form)
        typer.echo(path.read_text(encoding="utf-8"), nl=False)


def check(
    path: ShipmentsPath,
    form: ReadFormat = None,
    now: Annotated[
        datetime | None,
        typer.Option("--now", help="Clocks at this moment [latest time in the data]."),
    ] = None,
    permits: Annotated[
        Path | None, typer.Option("--permits", help="CSV of permits of facilities.")
    ] = None,
    clock: Annotated[
        list[str] | None,
        typer.Option(
            "--clock",
            help="ship_days, transit_days, confirm_days, fix_days: confirm_days=3.",
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="CSV file for all exceptions.")
    ] = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """List every mistake of the files (exit code 2), and what the parties must mend."""
    from wasteplan.shipments.exceptions import exception_counts, exceptions
    from wasteplan.shipments.records import Permit
    from wasteplan.study.shipment_reports import data_kind, harmless

    key = ("facility", "waste_code", "first_year")
    limits, clocks = records_from(permits, Permit, key), clocks_from(clock or [])
    reading = reading_of(path, form)
    found = exceptions(reading.table, now=now, permits=limits, clocks=clocks)
    counts = exception_counts(found)
    if out is not None:
        with file_written_whole(out) as temporary:
            harmless(found).to_csv(temporary, index=False, lineterminator="\n")
    if as_json:
        print_json(
            {
                "n_shipments": len(reading.table),
                "t": float(reading.table["quantity_t"].sum()),
                "data": data_kind(reading.table),
                "problems": [vars(p) for p in reading.problems],
                "counts": plain_rows(counts),
                "exceptions": plain_rows(found),
                "exit_code": EXIT_INPUT if reading.problems else 0,
            }
        )
    else:
        _tell_check(path, reading, found, counts, quiet)
    if reading.problems:
        if not as_json:
            error = ShipmentFileError(str(path), reading.problems)
            typer.echo(str(error), err=True)
        raise typer.Exit(EXIT_INPUT)


def clocks_from(texts: Sequence[str]) -> Clocks:
    """The clocks, those named (`confirm_days=3`) set; all mistakes at once."""
    from pydantic import ValidationError

    from wasteplan.shipments.states import Clocks
    from wasteplan.wording import did_you_mean

    halves = (text.partition("=") for text in texts)
    stated = {name.strip(): days.strip() for name, _, days in halves}
    names = Clocks.model_fields
    wrong = [
        f"--clock {name}: none of {', '.join(names)}{did_you_mean(name, names)}"
        for name in stated
        if name not in names
    ]
    days = {name: text for name, text in stated.items() if name in names}
    try:
        clocks = Clocks.model_validate_strings(days)
    except ValidationError as error:
        wrong += [
            f"--clock {e['loc'][0]}={e['input']}: must be days, 0 or more, as "
            f"{e['loc'][0]}=3"
            for e in error.errors()
        ]
    if wrong:
        raise WasteplanError("\n".join(wrong))
    return clocks


def convert(
    source: ShipmentsPath,
    target: Annotated[Path, typer.Argument(help="File to write.")],
    to: Annotated[
        Format | None,
        typer.Option("--to", help="Format to write; .csv and .xlsx are own."),
    ] = None,
    form: ReadFormat = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace the target if it exists.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Write shipments in another format, and say what it has no room for."""
    from wasteplan.shipments.formats import read_shipments

    wanted = to or _format_of_name(target)
    if target.exists() and not overwrite:
        raise WasteplanError(f"{target} exists; name a new file or add --overwrite")
    table = read(source, form)
    write_whole(table, target, wanted)
    back = read_shipments(target, file_format=full_name(wanted, target)).table
    kept = table[table["id"].isin(back["id"])]
    lost = [
        name
        for name in table.columns
        if name not in ("source_file", "source_row", "id", "document")
        and kept[name].notna().sum() > back[name].notna().sum()
    ]
    if _has_simulated(table) and not _has_simulated(back):
        lost.append("scheme (that it is simulated)")
    if as_json:
        print_json(
            {
                "target": str(target),
                "format": wanted.value,
                "n_shipments": len(table),
                "n_written": len(back),
                "left_behind": lost,
            }
        )
        return
    typer.echo(f"{target}: {len(back):,} of {len(table):,} shipments, {wanted.value}")
    if len(back) < len(table):
        n_out = len(table) - len(back)
        typer.echo(f"left out, never received: {n_out:,} shipments", err=True)
    for name in lost:
        typer.echo(f"left behind, wholly or in part: {name}", err=True)


def new_key(
    keyfile: Annotated[Path, typer.Argument(help="New file for the key.")],
    as_json: Json = False,
) -> None:
    """Write a secret key for pseudonyms that only you can read; keep it apart."""
    from wasteplan.shipments.privacy import new_key_file

    new_key_file(keyfile)
    if as_json:
        print_json({"key_file": str(keyfile)})
    else:
        typer.echo(f"{keyfile}: a new key; without it no pseudonym can be made again")


# What the commands share ------------------------------------------------------------


def full_name(form: Format, path: Path) -> str:
    """The name of a format in the tables of readers and writers."""
    is_book = form is Format.OWN and path.suffix.lower() == WORKBOOK
    return "own_xlsx" if is_book else FULL_NAMES[form]


def reading_of(path: Path, form: Format | None = None) -> Reading:
    """Shipments and mistakes of a file or folder."""
    from wasteplan.shipments.formats import read_shipments

    # a folder in the own format may hold CSV and workbooks: each tells its own
    told = None if form is None or (form is Format.OWN and path.is_dir()) else form
    return read_shipments(path, file_format=told and full_name(told, path))


def read(path: Path, form: Format | None = None) -> ShipmentTable:
    """Shipments of a file or folder; a ShipmentFileError with all mistakes."""
    return reading_of(path, form).checked(str(path))


def write_whole(
    table: ShipmentTable, path: Path, form: Format, *, is_new: bool = False
) -> None:
    """Write shipments; the file is there whole or not at all."""
    from wasteplan.shipments.formats import write_shipments

    if path.suffix.lower() not in ENDINGS[form]:
        endings = " or ".join(ENDINGS[form])
        raise WasteplanError(
            f"{path}: a file in the format {form.value} ends in {endings}"
        )
    if is_new and path.exists():
        raise WasteplanError(f"{path} exists; name a new file")
    with file_written_whole(path) as temporary:
        write_shipments(table, temporary, full_name(form, path))


@contextmanager
def file_written_whole(path: Path) -> Iterator[Path]:
    """A temporary name in the same folder that becomes `path` when all is written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.stem}-{os.getpid()}{path.suffix}")
    try:
        yield temporary
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def records_from(path: Path | None, record: type[R], key: Sequence[str]) -> list[R]:
    """Rows of a CSV file as records; a ShipmentFileError with all mistakes."""
    from wasteplan.tables import read_table

    if path is None:
        return []
    problems: list[Problem] = []
    rows = read_table(path, record, key, file=path.name, problems=problems)
    if problems:
        raise ShipmentFileError(str(path), problems)
    return [row.record for row in rows if row.record is not None]


def plain_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame for JSON; what is unknown is null."""
    plain = frame.astype(object).where(frame.notna(), None)
    return plain.to_dict("records")  # type: ignore[return-value]


def _tell_check(
    path: Path,
    reading: Reading,
    found: pd.DataFrame,
    counts: pd.DataFrame,
    quiet: bool,
) -> None:
    from wasteplan.study.shipment_reports import data_kind

    table = reading.table
    total = short_number(float(table["quantity_t"].sum()))
    kind = data_kind(table)
    typer.echo(f"{path}: {len(table):,} shipments, {total} t, {kind}")
    if found.empty:
        typer.echo("nothing to check" if table.empty else "no exceptions")
        return
    print_table(counts[counts["n"] > 0])
    if quiet:
        return
    typer.echo("")
    print_table(found.head(ROWS_SHOWN)[["id", "kind", "message"]])
    if len(found) > ROWS_SHOWN:
        more = len(found) - ROWS_SHOWN
        typer.echo(f"and {more:,} more; --out FILE.csv lists all")


def _format_of_name(path: Path) -> Format:
    if path.suffix.lower() in ENDINGS[Format.OWN]:
        return Format.OWN
    raise WasteplanError(f"{path}: say in which format with --to us or --to england")


def _has_simulated(table: ShipmentTable) -> bool:
    from wasteplan.study.shipment_reports import data_kind

    return data_kind(table) != "reported"
