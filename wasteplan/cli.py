"""The command line: which commands there are, each with an example.

Heavy libraries are imported by the command that needs them, so that help is quick.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Annotated

import typer

from wasteplan.commands import (
    appraisals,
    assessments,
    comparing,
    explanations,
    hedging,
    installation,
    monitoring,
    ranking,
    robust,
    runs,
    scenarios,
    shipment_files,
    shipment_simulation,
    shipments,
    studies,
    switching,
    trade_offs,
    uncertainty,
)
from wasteplan.commands.terminal import guarded

COMMANDS: tuple[tuple[Callable[..., None], str], ...] = (
    (runs.run, "run scenarios/two-city --out out/two-city"),
    (runs.loop, "loop scenarios/two-city-breakdowns --replications 10"),
    (scenarios.check, "check scenarios/two-city"),
    (studies.solve, "solve scenarios/two-city --out plan.json"),
    (studies.simulate, "simulate scenarios/two-city out/two-city"),
    (ranking.rank, "rank scenarios/two-city out/two-city other.json"),
    (studies.evaluate, "evaluate scenarios/two-city plan.json"),
    (
        assessments.assess,
        "assess scenarios/phnom-penh out/phnom-penh --method gwp100_ar6",
    ),
    (
        assessments.elements,
        "elements scenarios/phnom-penh --technology mass_burn_wte",
    ),
    (assessments.factors, "factors --weak --file lca/emission_factors.csv"),
    (appraisals.appraise, "appraise out/phnom-penh --out out/appraisal"),
    (studies.report, "report scenarios/two-city plan.json --out out/a"),
    (explanations.explain, "explain scenarios/two-city plan.json --steps"),
    (switching.switch, "switch scenarios/two-city waste --factors 0.8,1,1.2"),
    (
        trade_offs.pareto,
        "pareto scenarios/two-city --totals cost_total,landfilled_total_t",
    ),
    (trade_offs.alternatives, "alternatives scenarios/phnom-penh --within 5%"),
    (robust.robust, "robust scenarios/two-city-uncertain --samples 20"),
    (hedging.hedge, "hedge scenarios/two-city-uncertain --samples 20"),
    (
        uncertainty.uncertainty,
        "uncertainty scenarios/phnom-penh out/phnom-penh --samples 1000",
    ),
    (uncertainty.sample, "sample scenarios/phnom-penh --number 7"),
    (
        comparing.compare,
        "compare out/a out/b --weights cost_present_value=3,jobs=1 --out out/c",
    ),
    (monitoring.monitor, "monitor plan.json reports --scenario scenarios/two-city"),
    (scenarios.diff, "diff scenarios/phnom-penh scenarios/phnom-penh-high-growth"),
    (scenarios.convert, "convert scenarios/two-city two-city.xlsx"),
    (scenarios.schema, "schema --table sizes"),
    (scenarios.init, "init my-study"),
    (installation.doctor, "doctor --out out"),
    (installation.rerun, "rerun out/two-city"),
    (installation.selftest, "selftest"),
)
"""Every command and the arguments of its example."""

SHIPMENT_COMMANDS: tuple[tuple[Callable[..., None], str], ...] = (
    (shipment_files.template, "template --format own --out shipments.xlsx"),
    (shipment_files.check, "check reports --out exceptions.csv"),
    (shipments.report, "report reports --out out/returns --pseudonymise my.key"),
    (shipment_files.convert, "convert shipments.csv manifests.json --to us"),
    (
        shipments.plan_input,
        "plan-input reports --scenario scenarios/phnom-penh --out out/input",
    ),
    (shipments.reconcile, "reconcile reports --ledger books.csv"),
    (shipments.self_check, "self-check reports --generator factory_1 --year 2025"),
    (
        shipment_simulation.simulate,
        "simulate scenarios/phnom-penh --format own --out simulated.csv --days 60",
    ),
    (shipment_files.new_key, "new-key my.key"),
)
"""The same for the commands of the group `shipments`."""

app = typer.Typer(
    name="wasteplan",
    help="Plan, prove and simulate waste-facility networks. Results go to stdout, "
    "progress to stderr. Exit codes: 0 an answer, 1 a bug, 2 bad input, 3 no answer "
    "(infeasible, or the best plan misses a requirement: it is written and told), "
    "4 stopped without a plan.",
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

shipment_app = typer.Typer(
    name="shipments",
    help="Waste on the move, reported or simulated: check, returns, planning input.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
for command, example in SHIPMENT_COMMANDS:
    shipment_app.command(epilog=f"Example: wasteplan shipments {example}")(
        guarded(command)
    )
app.add_typer(shipment_app)
