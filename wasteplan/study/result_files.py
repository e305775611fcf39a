"""The tables of a study as CSV files, the same bytes for the same result."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from wasteplan.evaluation.result import Evaluation
from wasteplan.plan.files import plan_text
from wasteplan.plan.records import Plan
from wasteplan.scenario.measures import measures
from wasteplan.scenario.model import Scenario
from wasteplan.study.answer import Result, headline
from wasteplan.study.lock_in import lock_in_table
from wasteplan.study.stress_des import STRESS_FILE, stress_des
from wasteplan.study.transition import transition_table
from wasteplan.study.wording import currency_unit

if TYPE_CHECKING:
    from wasteplan.sim.result import SimulationResult
    from wasteplan.study.loop_result import LoopResult

SIMULATION_MARK = "stocks.csv"  # only the output of a simulation has it
LOG_DECIMALS = 6  # of tonnes and hours
BUILD_COLUMNS = {
    "period": "period id",
    "opens": "first year of work",
    "action": "build or close",
    "site": "site or centre id; facility id for a closure",
    "name": "what the place is called",
    "technology": "technology id or `centre`",
    "size": "size id",
    "capacity_t_per_y": "nominal mass capacity [t/y]",
    "capex": "undiscounted [the scenario's currency]",
    "lon": "[deg]",
    "lat": "[deg]",
}
MEASURE_COLUMNS = {
    "period": "period id",
    "first_year": "of the period",
    "measure": "measure id",
    "kind": "segregation, prevention, awareness, enforcement, price_matching, or a way "
    "of integration",
    "generator_class": "where it works",
    "cost_per_y": "that does not depend on tonnes [money/y]",
}
KPI_COLUMNS = {
    "id": "indicator id",
    "label": "what it is",
    "period": "period id; empty for the horizon",
    "unit": "unit; money in the scenario's currency",
    "better": "less, more or empty",
    "planned": "value of the plan",
    "status_quo": "value of the status quo; empty without one",
    "difference": "planned less status quo",
    "simulated": "mean of the simulation; empty without one",
    "simulated_low": "lower end of the 95 % interval",
    "simulated_high": "upper end of the 95 % interval",
}
CASHFLOW_COLUMNS = {
    "year": "calendar year",
    "actor": "public, operator, generator, informal",
    "kind": "cost (inside the boundary) or transfer (between actors)",
    "item": "cost term or reason of the transfer",
    "counterparty": "the other actor of a transfer",
    "amount": "paid (+) or received (-) [money]",
    "present_value": "discounted to the base year [money]",
}


def write_tables(result: Result, folder: Path) -> None:
    """Write builds, flows, indicators, emissions, cash flow and who gains as CSV."""
    tables = {
        "builds": builds_table(result.scenario, result.plan),
        "flows": result.evaluation.flows,
        "kpis": kpi_table(result),
        "emissions": result.evaluation.emissions,
        "cashflow": cashflow_table(result.evaluation),
        "just_transition": transition_table(
            result.scenario, result.evaluation, result.baseline
        ),
    }
    locked = lock_in_table(result.scenario, result.plan, result.evaluation)
    if len(locked):
        tables["lock_in"] = locked
    if len(result.evaluation.informal):
        tables["informal"] = result.evaluation.informal
    if len(result.evaluation.effluent):
        tables["effluent"] = result.evaluation.effluent
    if result.plan.measures:
        tables["measures"] = measures_table(result.scenario, result.plan)
    write_frames(tables, folder)


def measures_table(scenario: Scenario, plan: Plan) -> pd.DataFrame:
    """What is at work at the source, by period (columns `MEASURE_COLUMNS`)."""
    known, first = measures(scenario), {p.id: p.first_year for p in scenario.periods}
    rows = [
        (
            m.period,
            first.get(m.period),
            m.measure,
            known[m.measure].rows[0].kind,
            known[m.measure].generator_class,
            known[m.measure].cost_per_y,
        )
        for m in plan.measures
        if m.measure in known
    ]
    table = pd.DataFrame(rows, columns=list(MEASURE_COLUMNS))
    return table.sort_values(["first_year", "measure"], ignore_index=True)


def simulation_frames(simulation: SimulationResult) -> dict[str, pd.DataFrame]:
    """The tables of a simulation by file name; logs to a gram and some ms."""
    return {
        "kpis": simulation.kpis,
        "plants": simulation.plants,
        "trips": simulation.trips.round(LOG_DECIMALS),
        "stocks": simulation.stocks.round(LOG_DECIMALS),
        "outages": simulation.outages.round(LOG_DECIMALS),
        "samples": simulation.samples,
        "fleets": simulation.fleets,
        "power_by_hour": simulation.by_hour,
        "diversion": simulation.diversion,
    }


def write_loop(loop: LoopResult, folder: Path) -> None:
    """Write `loop.csv`, and in `loop/` plants, gain and the plan of every round."""
    write_frames({"loop": loop.table()}, folder)
    below = folder / "loop"
    write_frames({"plants": loop.plants(), "gain": loop.gain_table()}, below)
    for one in loop.rounds:
        file = below / f"plan-round-{one.number}.json"
        file.write_bytes(plan_text(one.plan).encode())


def write_simulation(
    scenario: Scenario, plan: Plan, simulation: SimulationResult, folder: Path
) -> None:
    """All tables of a simulation and its STRESS-DES document."""
    write_frames(simulation_frames(simulation), folder)
    text = stress_des(scenario, plan, simulation)
    (folder / STRESS_FILE).write_bytes(text.encode("utf-8"))


def write_frames(frames: Mapping[str, pd.DataFrame], folder: Path) -> None:
    """Write data frames as `<name>.csv`, floats in full, line feeds."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in frames.items():
        text = frame.to_csv(index=False, lineterminator="\n")
        (folder / f"{name}.csv").write_bytes(text.encode("utf-8"))


def builds_table(scenario: Scenario, plan: Plan) -> pd.DataFrame:
    """What is built and closed, in the order of time (columns `BUILD_COLUMNS`)."""
    first_year = {p.id: p.first_year for p in scenario.periods}
    rows = []
    for build in plan.builds:
        centre = scenario.centre.get(build.site)
        size = scenario.size.get((build.technology, build.size))
        place = centre or scenario.site.get(build.site)
        capacity = size.capacity_t_per_y if size else None
        capex = size.capex if size else None
        if centre is not None:
            capacity, capex = centre.throughput_max_t_per_y, centre.capex
        rows.append(
            {
                **build.model_dump(),
                "opens": first_year.get(build.period),
                "action": "build",
                "name": place.name if place else "",
                "capacity_t_per_y": capacity,
                "capex": capex,
                "lon": place.lon if place else None,
                "lat": place.lat if place else None,
            }
        )
    for closure in plan.closures:
        year = first_year.get(closure.period)
        row = {"period": closure.period, "opens": year, "action": "close"}
        rows.append({**row, "site": closure.facility})
    table = pd.DataFrame(rows, columns=list(BUILD_COLUMNS))
    return table.sort_values(["opens", "action", "site", "technology", "size"])


def kpi_table(result: Result) -> pd.DataFrame:
    """Every indicator, planned, of the status quo and simulated (`KPI_COLUMNS`).

    Indicators that only the simulation knows follow at the end.
    """
    simulated = _simulated(result)
    rows = []
    for kpi in result.evaluation.kpis:
        before = None
        if result.baseline is not None:
            before = headline(result.baseline, kpi.id, kpi.period)
        rows.append(
            {
                **simulated.pop((kpi.id, kpi.period), {}),
                "id": kpi.id,
                "label": kpi.label,
                "period": kpi.period,
                "unit": currency_unit(kpi.unit, result.currency),
                "better": kpi.better,
                "planned": kpi.value,
                "status_quo": before,
                "difference": None if before is None else kpi.value - before,
            }
        )
    rows += [
        {"id": id, "period": period, **row} for (id, period), row in simulated.items()
    ]
    return pd.DataFrame(rows, columns=list(KPI_COLUMNS))


def cashflow_table(evaluation: Evaluation) -> pd.DataFrame:
    """Yearly costs and transfers of every actor (columns `CASHFLOW_COLUMNS`).

    A transfer stands twice, with opposite signs, so that the sum over all actors is
    the system cost.
    """
    keys = ["year", "actor", "kind", "item", "counterparty"]
    costs = evaluation.costs.rename(columns={"term": "item"})
    costs = costs.assign(kind="cost", counterparty="")
    paid = evaluation.transfers.rename(
        columns={"from_actor": "actor", "to_actor": "counterparty", "reason": "item"}
    ).assign(kind="transfer")
    received = evaluation.transfers.rename(
        columns={"to_actor": "actor", "from_actor": "counterparty", "reason": "item"}
    ).assign(kind="transfer")
    sums = ["amount", "present_value"]
    received[sums] = -received[sums]
    parts = [part[[*keys, *sums]] for part in (costs, paid, received) if len(part)]
    if not parts:
        return pd.DataFrame(columns=list(CASHFLOW_COLUMNS))
    table = pd.concat(parts).groupby(keys, sort=True, as_index=False)[sums].sum()
    return table[list(CASHFLOW_COLUMNS)]


def _simulated(result: Result) -> dict[tuple[str, str], dict[str, object]]:
    if result.simulation is None:
        return {}
    return {
        (str(row["id"]), str(row["period"])): {
            "label": row["label"],
            "unit": row["unit"],
            "simulated": row["mean"],
            "simulated_low": row["low"],
            "simulated_high": row["high"],
        }
        for row in result.simulation.kpis.to_dict("records")
    }
