"""Commands on scenario folders: check, diff, convert, schema, init."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from wasteplan.commands.terminal import (
    Json,
    Quiet,
    ScenarioPath,
    print_json,
)
from wasteplan.errors import WasteplanError

WORKBOOK = ".xlsx"


def check(scenario: ScenarioPath, as_json: Json = False, quiet: Quiet = False) -> None:
    """List every mistake of a scenario, or say what it stands on."""
    from wasteplan.scenario.loading import load_scenario
    from wasteplan.scenario.standing import as_json_values, standing
    from wasteplan.study.opening import opened

    with opened(scenario) as folder:
        found = standing(load_scenario(folder))
    if as_json:
        print_json({**as_json_values(found), "problems": []})
        return
    typer.echo(f"{scenario} is valid")
    if not quiet:
        typer.echo(found.summary())


def diff(before: ScenarioPath, after: ScenarioPath, as_json: Json = False) -> None:
    """List what differs between two scenarios: settings, rows, cells."""
    from wasteplan.scenario.difference import difference
    from wasteplan.scenario.loading import load_scenario
    from wasteplan.study.opening import opened
    from wasteplan.study.wording import currency_unit

    with opened(before) as a, opened(after) as b:
        old, new = load_scenario(a), load_scenario(b)
    currencies = {c.settings.scenario.currency for c in (old, new)}
    currency = currencies.pop() if len(currencies) == 1 else "money"
    found = [
        replace(d, unit=currency_unit(d.unit, currency)) for d in difference(old, new)
    ]
    if as_json:
        print_json({"differences": [vars(d) for d in found]})
        return
    for one in found:
        typer.echo(str(one))
    if not found:
        typer.echo("no difference")


def convert(
    source: Annotated[
        Path, typer.Argument(help="Scenario folder or workbook (.xlsx).")
    ],
    target: Annotated[Path, typer.Argument(help="Workbook or folder to write.")],
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace the target if it exists.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Turn a scenario folder into one workbook, or back, without loss."""
    from wasteplan.scenario.workbook import folder_to_workbook, workbook_to_folder

    to_workbook = target.suffix.lower() == WORKBOOK
    if to_workbook == (source.suffix.lower() == WORKBOOK):
        raise WasteplanError(
            f"one of {source} and {target} must end in {WORKBOOK}; the other is a "
            "folder"
        )
    if to_workbook:
        if target.exists() and not overwrite:
            raise WasteplanError(f"{target} exists; add --overwrite to replace it")
        raw = folder_to_workbook(source, target)
    else:
        raw = workbook_to_folder(source, target, overwrite)
    if as_json:
        print_json(
            {
                "target": str(target),
                "tables": {name: len(t.rows) for name, t in raw.tables.items()},
                "files": list(raw.files),
                "left_behind": raw.left_behind,
            }
        )
        return
    rows = sum(len(t.rows) for t in raw.tables.values())
    typer.echo(
        f"{target}: {len(raw.tables)} tables, {rows:,} rows, "
        f"{len(raw.files)} other files"
    )
    if to_workbook:
        typer.echo("comments in TOML files are not carried", err=True)
        heading = raw.settings.get("scenario", {})
        base = heading.get("extends") if isinstance(heading, dict) else None
        if base:
            typer.echo(
                f"warning: a variant; the workbook is complete only beside {base}",
                err=True,
            )
    for name in raw.left_behind:
        typer.echo(f"left behind, not text or too large: {name}", err=True)


def schema(
    table: Annotated[
        str, typer.Option("--table", help="One table, or `settings`; else all.")
    ] = "",
    as_json: Json = False,
) -> None:
    """List tables and columns with units, or print the JSON Schema (--json)."""
    from wasteplan.scenario.column_notes import column_notes
    from wasteplan.scenario.registry import TABLE, TABLES
    from wasteplan.scenario.schema import (
        scenario_schema,
        setting_sections,
        settings_schema,
        table_schema,
    )
    from wasteplan.wording import did_you_mean

    known = ("settings", *TABLE)
    if table and table not in known:
        hint = did_you_mean(table, known) or f"; tables are: {', '.join(known)}"
        raise WasteplanError(f"no table '{table}'{hint}")
    if as_json:
        one = settings_schema() if table == "settings" else None
        print_json(one or (table_schema(TABLE[table]) if table else scenario_schema()))
        return
    if table in ("", "settings"):
        for section, record in setting_sections().items():
            typer.echo(f"[{section}] of scenario.toml")
            for note in column_notes(record):
                typer.echo(f"  {note.name:<26} {note.text()}")
    for spec in TABLES:
        if table not in ("", spec.name):
            continue
        typer.echo(f"{spec.name}.csv: {spec.text}")
        for note in column_notes(spec.record):
            typer.echo(f"  {note.name:<26} {note.text()}")


def init(
    folder: Annotated[Path, typer.Argument(help="New folder for the study.")],
    as_json: Json = False,
) -> None:
    """Write a small valid study to start from."""
    from wasteplan.scenario.template import write_template

    names = write_template(folder)
    if as_json:
        print_json({"folder": str(folder), "files": names})
        return
    typer.echo(f"{folder}: {len(names)} files; read {folder}/README.md")
    typer.echo(f"next: wasteplan check {folder}")
    typer.echo(f"then: wasteplan run {folder}")
