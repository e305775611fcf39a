"""One tonne of a stream along treatment routes, before any plan is made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from wasteplan.errors import WasteplanError
from wasteplan.lca.emissions import outlet_credit, process_emissions
from wasteplan.lca.factors import gwp_factors
from wasteplan.lca.inventory import Emission
from wasteplan.scenario.derived import fractions, material
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.treating import treating
from wasteplan.treatment.conversion import conversion, outputs
from wasteplan.treatment.records import Technology
from wasteplan.waste.material import Material

COLUMNS = {
    "route": "as given",
    "at": "technology or outlet",
    "input": "stream or product that it takes",
    "t_per_t": "of that input per tonne of waste [t/t]",
    "stage": "process, electricity, landfill or avoided",
    "substance": "as in the inventory",
    "is_credit": "whether it is avoided elsewhere",
    "kg_per_t": "per tonne of waste [kg/t]",
    "co2e_kg_per_t": "per tonne of waste [kg CO2e/t]",
    "status": "weakest status of the factors behind it",
}


@dataclass(frozen=True)
class Route:
    """Where a stream and everything that is made of it goes.

    Attributes
    ----------
    name
        For tables and pictures.
    takes
        Id of the stream or of a product -> id of a technology or an outlet.
    """

    name: str
    takes: Mapping[str, str]


@dataclass(frozen=True)
class _Step:
    """A lot of material on its way."""

    item: str
    material: Material
    t_per_t: float
    passed: tuple[str, ...] = ()
    """Technologies that it comes from, first to last."""


def route_emissions(
    scenario: Scenario,
    stream: str,
    route: Route,
    *,
    grid_kg_co2e_per_kwh: float,
    waste: Material | None = None,
    cells: Mapping[str, Mapping[str, Any]] | None = None,
) -> pd.DataFrame:
    """Emissions of one tonne of a stream along a route, haul left out.

    The material is followed through every technology with its real composition; ash,
    rejects and fines are treated where the route says.  Factors are those of the
    assessment of a plan.

    Parameters
    ----------
    scenario
        Technologies, yields, outlets and settings.
    stream
        Id of the stream.
    route
        Where it and its products go.
    grid_kg_co2e_per_kwh
        Of electricity bought and replaced.  [kg CO2e/kWh]
    waste
        The tonne, if it is not as the scenario states it.
    cells
        Technology -> column -> value, instead of the scenario's.

    Returns
    -------
    DataFrame
        Columns as in `COLUMNS`.

    Raises
    ------
    WasteplanError
        If the route does not say where a product goes, names what is not there, or
        runs in a circle.
    """
    first = material(scenario, stream) if waste is None else waste
    start = _Step(stream, first, 1.0)
    rows = _followed(scenario, route, start, grid_kg_co2e_per_kwh, cells or {})
    return pd.DataFrame(rows, columns=list(COLUMNS))


def net_electricity_kwh_per_t(
    scenario: Scenario, technology: str, waste: Material
) -> float:
    """Net export of one tonne in a technology.  [kWh/t]"""
    row = scenario.technology[technology]
    return treating(scenario, row, waste).electricity_kwh_per_t


def compare_routes(tables: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Emitted, avoided and net by route.

    Columns route, emitted_kg_co2e_per_t, avoided_kg_co2e_per_t (positive) and
    net_kg_co2e_per_t, in the order given.
    """
    rows = []
    for table in tables:
        credit = table["is_credit"].to_numpy(bool)
        kg = table["co2e_kg_per_t"].to_numpy(float)
        emitted, avoided = kg[~credit].sum(), 0.0 - kg[credit].sum()
        rows.append((table["route"].iloc[0], emitted, avoided, emitted - avoided))
    names = [f"{n}_kg_co2e_per_t" for n in ("emitted", "avoided", "net")]
    return pd.DataFrame(rows, columns=["route", *names])


def _followed(
    scenario: Scenario,
    route: Route,
    start: _Step,
    grid: float,
    cells: Mapping[str, Mapping[str, Any]],
) -> list[tuple[Any, ...]]:
    """Rows of every taker that the material passes."""
    gwp = scenario.settings.assessment.gwp
    weights = {s: f.value for s, f in gwp_factors(gwp).items()}
    rows: list[tuple[Any, ...]] = []
    queue = [start]
    while queue:
        step = queue.pop()
        at = _taker(scenario, route, step.item)
        if at in scenario.outlet:
            found = outlet_credit(
                step.item,
                step.material,
                fractions(scenario),
                outlet_kind=scenario.outlet[at].kind,
                substitution_ratio=scenario.outlet[at].substitution_ratio,
            )
        else:
            _require_onward(route, at, step)
            changed = cells.get(at, {})
            technology = scenario.technology[at].model_copy(update=dict(changed))
            found = _treated(scenario, technology, step.material, grid)
            queue += _made(scenario, technology, step)
        rows += [_row(route.name, at, step, e, weights) for e in found]
    return rows


def _require_onward(route: Route, at: str, step: _Step) -> None:
    """Refuse a circle: its tonnes would never come to an end."""
    if at in step.passed:
        circle = " -> ".join((*step.passed[step.passed.index(at) :], at))
        raise WasteplanError(f"route '{route.name}' runs in a circle: {circle}")


def _taker(scenario: Scenario, route: Route, item: str) -> str:
    at = route.takes.get(item, "")
    if not at:
        raise WasteplanError(f"route '{route.name}' does not say where '{item}' goes")
    if at not in scenario.technology and at not in scenario.outlet:
        raise WasteplanError(
            f"route '{route.name}' sends '{item}' to '{at}', "
            "which is no technology and no outlet of the scenario"
        )
    return at


def _treated(
    scenario: Scenario, technology: Technology, waste: Material, grid: float
) -> tuple[Emission, ...]:
    settings = scenario.settings.assessment
    table = fractions(scenario)
    work = treating(scenario, technology, waste)
    return process_emissions(
        technology, waste, table, work, gwp=settings.gwp, grid_kg_co2e_per_kwh=grid
    )


def _made(scenario: Scenario, technology: Technology, step: _Step) -> list[_Step]:
    """What goes on from a technology; releases have left."""
    table = fractions(scenario)
    prepared = conversion(technology, scenario.yields, scenario.products, table)
    return [
        _Step(product, out, step.t_per_t * share, (*step.passed, technology.id))
        for product, (share, out) in outputs(prepared, step.material, table).items()
        if out is not None
    ]


def _row(
    route: str, at: str, step: _Step, found: Emission, weights: Mapping[str, float]
) -> tuple[Any, ...]:
    kg = found.kg_per_t * step.t_per_t
    co2e = kg * weights[found.substance]
    return (
        route,
        at,
        step.item,
        step.t_per_t,
        found.stage,
        found.substance,
        found.is_credit,
        kg,
        co2e,
        found.status,
    )
