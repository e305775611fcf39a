"""The command that finds where the plan changes."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wasteplan.commands.terminal import (
    Gap,
    Json,
    Quiet,
    ScenarioPath,
    TimeLimit,
    print_json,
    telling,
)

if TYPE_CHECKING:
    from wasteplan.commands.terminal import Telling
    from wasteplan.scenario.model import Scenario
    from wasteplan.study.switch_drivers import Driver
    from wasteplan.study.switch_points import Switches

Asked = tuple[tuple["Driver", tuple[float, ...]], ...]
"""Drivers with the factors or levels at which plans are searched."""


def switch(
    scenario: ScenarioPath,
    drivers: Annotated[
        list[str],
        typer.Argument(
            metavar="DRIVER...",
            help="What moves, one or several: waste, electricity_sold, "
            "electricity_bought, diesel, carbon, coal, heat_sold, or gate:OUTLET, all "
            "by --factors; or a price by levels, as in carbon=0,25,50,100.",
        ),
    ],
    factors: Annotated[
        str, typer.Option("--factors", help="Where to look, separated by commas.")
    ] = "0.5,0.75,1,1.25,1.5,2",
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Output folder [out/<scenario>-switches]."),
    ] = None,
    gap: Gap = None,
    time_limit: TimeLimit = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Find at which price or tonnage other plants are built.

    Between plans that are known the crossing is exact; how much cheaper an unknown one
    could be, the gap says. A carbon price is counted even if the scenario leaves it
    out. Ctrl-C keeps what is known.

    Example: wasteplan switch scenarios/phnom-penh waste carbon=0,50,100
    """
    from wasteplan.report.page import rendered
    from wasteplan.report.trade_offs import trade_off_document
    from wasteplan.scenario.loading import load_scenario
    from wasteplan.study.opening import opened, output_name
    from wasteplan.study.provenance import input_hashes
    from wasteplan.study.trade_off_files import switches_found, write_trade_off
    from wasteplan.study.trade_off_tables import switch_table

    target = out or Path("out") / f"{output_name(scenario)}-switches"
    asked = tuple(_asked(text, factors) for text in drivers)
    with opened(scenario) as folder, telling(quiet) as said:
        case, inputs = load_scenario(folder), input_hashes(scenario)
        found = _found(case, asked, (gap, time_limit), said)
        said.on_step("page")
        kept = switches_found(case, inputs, found)
        write_trade_off(
            target,
            kept,
            switch_table(found),
            lambda: rendered(trade_off_document(case, kept)),
        )
    if as_json:
        print_json({"out": str(target), "drivers": [_plain(one) for one in found]})
        return
    for one in found:
        _say(case, one)
    typer.echo(f"page: {target / 'switches.html'}")


def _found(
    case: Scenario,
    asked: Asked,
    limits: tuple[float | None, float | None],
    said: Telling,
) -> list[Switches]:
    """The switches of each driver; one planner remembers what others have shown."""
    from wasteplan.optimize.planner import planner
    from wasteplan.study.switch_drivers import checked
    from wasteplan.study.switch_points import switch_points

    for driver, _ in asked:
        checked(case, driver)
    gap, time_limit_s = limits
    again = planner(case, gap=gap, time_limit_s=time_limit_s, progress=said.on_progress)
    found: list[Switches] = []
    for driver, levels in asked:

        def tell(level: float, driver: Driver = driver) -> None:
            said.on_step(f"{driver.name} {driver.said(level)}")

        try:
            one = switch_points(case, driver, levels=levels, again=again, on_level=tell)
        except KeyboardInterrupt:
            if not found:
                raise
            break
        found.append(one)
        if one.was_stopped:
            break
    return found


def _say(case: Scenario, one: Switches) -> None:
    from wasteplan.report.switches import driver_name, no_plan_said
    from wasteplan.study.naming import place_name
    from wasteplan.study.wording import money

    currency = case.settings.scenario.currency
    name = driver_name(case, one.driver)
    said = one.driver.said
    if one.without_plan:
        at = no_plan_said(one)
        typer.echo(f"{name}: no plan meets all requirements {at}")
    if one.undecided:
        at = ", ".join(map(said, one.undecided))
        typer.echo(f"{name}: time ran out before there was a plan at {at}")
    if one.was_stopped:
        typer.echo(f"{name}: stopped, switches are missing")
    if not one.switches and not one.was_stopped and one.levels:
        low, high = one.levels[0].level, one.levels[-1].level
        typer.echo(
            f"{name}: from {said(low)} to {said(high)} the same plants are the "
            f"cheapest known (gap {money(one.widest_gap, currency)})"
        )
    for s in one.switches:
        drops = "; ".join(place_name(case, p) for p in s.drops) or "nothing"
        adds = "; ".join(place_name(case, p) for p in s.adds) or "nothing"
        kept = "the old plants would not meet all requirements"
        if math.isfinite(s.saves):
            kept = f"keeping the old ones would cost {money(s.saves, currency)} more"
        typer.echo(
            f"{name} between {said(s.below)} and {said(s.above)}: drops {drops}; adds "
            f"{adds}; at {said(s.at)} {kept} (gap {money(s.gap, currency)})"
        )


def _plain(one: Switches) -> dict[str, Any]:
    return {
        "driver": one.driver.name,
        "is_level": one.driver.is_level,
        "levels": [vars(level) for level in one.levels],
        "switches": [vars(s) for s in one.switches],
        "no_plan_at": one.without_plan,
        "undecided_at": one.undecided,
        "was_stopped": one.was_stopped,
    }


def _asked(text: str, factors: str) -> tuple[Driver, tuple[float, ...]]:
    """A driver as it is written, with its levels or the factors."""
    from wasteplan.study.switch_drivers import Driver

    name, has_levels, levels = text.partition("=")
    numbers = _numbers(levels if has_levels else factors)
    if not has_levels and min(numbers) <= 0:
        raise typer.BadParameter(f"{factors!r}: factors are above 0")
    return Driver(name, bool(has_levels)), tuple(numbers)


def _numbers(text: str) -> list[float]:
    try:
        found = [float(part) for part in text.split(",")]
    except ValueError:
        raise typer.BadParameter(f"{text!r}: numbers separated by commas") from None
    if len(set(found)) < 2 or not all(map(math.isfinite, found)):
        raise typer.BadParameter(f"{text!r}: at least two different numbers")
    return found
