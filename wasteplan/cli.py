"""The command line: which commands there are, each with an example.

Heavy libraries are imported by the command that needs them, so that help is quick.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Annotated

import typer

from wasteplan.commands import installation, scenarios, studies
from wasteplan.commands.terminal import guarded

COMMANDS: tuple[tuple[Callable[..., None], str], ...] = (
    (studies.run, "run scenarios/two-city --out out/two-city"),
    (scenarios.check, "check scenarios/two-city"),
    (studies.solve, "solve scenarios/two-city --out plan.json"),
    (studies.simulate, "simulate scenarios/two-city out/two-city"),
    (studies.evaluate, "evaluate scenarios/two-city plan.json"),
    (studies.assess, "assess scenarios/two-city out/two-city"),
    (studies.report, "report scenarios/two-city plan.json --out out/a"),
    (studies.compare, "compare out/base out/carbon-price"),
    (scenarios.diff, "diff scenarios/base scenarios/base-high-growth"),
    (scenarios.convert, "convert scenarios/two-city two-city.xlsx"),
    (scenarios.schema, "schema --table sizes"),
    (scenarios.init, "init my-study"),
    (installation.doctor, "doctor --out out"),
    (installation.rerun, "rerun out/two-city"),
    (installation.selftest, "selftest"),
)
"""Every command and the arguments of its example."""

app = typer.Typer(
    name="wasteplan",
    help="Plan, prove and simulate waste-facility networks. Results go to stdout, "
    "progress to stderr. Exit codes: 0 an answer, 1 a bug, 2 bad input, 3 no answer "
    "(infeasible), 4 stopped without a plan.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(vars(sys.modules["wasteplan"])["__version__"])
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="Show the version."
        ),
    ] = False,
) -> None:
    """Options before the command."""


for command, example in COMMANDS:
    app.command(epilog=f"Example: wasteplan {example}")(guarded(command))
