"""A plan against what is reported: by facility, region and target, and what to re-plan.

Planned tonnes of a year are those of the period's last year in proportion to what the
generators behind them produce.  A report that ends within a year is compared with the
part of the year that has passed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
import pandas as pd
from pydantic import Field

from wasteplan.errors import WasteplanError
from wasteplan.evaluation.fates import ends
from wasteplan.evaluation.result import Evaluation
from wasteplan.indicators.sdg import CONTROL_LEVELS, Control
from wasteplan.scenario.derived import tonnage
from wasteplan.scenario.model import Scenario
from wasteplan.shipments.table import ShipmentTable
from wasteplan.study.replanning import replanning
from wasteplan.study.reported_loads import reported_loads
from wasteplan.study.sdg_reporting import sdg_rows
from wasteplan.study.target_monitoring import period_in, target_rows
from wasteplan.units import DAYS_PER_YEAR, Amount, Record, Share, Unit

FACILITY_COLUMNS = {
    "year": "calendar year",
    "facility": "plant, centre or outlet id",
    "planned_t": "for the part of the year that is reported [t]",
    "reported_t": "received [t]",
    "deviation": "reported / planned - 1 [-]; NaN if nothing is planned",
    "trigger": "below plan, above plan, not in the plan, nothing reported or empty",
}
GENERATION_COLUMNS = {
    "year": "calendar year",
    "region": "region of the generators",
    "stream": "stream id",
    "planned_t": "collected by the plan, for the reported part of the year [t]",
    "reported_t": "shipped [t]",
    "deviation": "reported / planned - 1 [-]",
    "trigger": "`below plan`, `above plan` or ''",
}


class Triggers(Record):
    """How far a report may leave the plan before something is to be done."""

    below: Annotated[Share, Unit("-")] = 0.15
    above: Annotated[Amount, Unit("-")] = 0.15
    at_least_t: Annotated[float, Field(ge=0), Unit("t")] = 100.0
    """Smaller differences set nothing off, whatever their share."""


@dataclass(frozen=True, eq=False)
class Monitoring:
    """Planned against reported; frames with the columns of the constants above."""

    facilities: pd.DataFrame
    generation: pd.DataFrame
    targets: pd.DataFrame
    actions: pd.DataFrame
    sdg: pd.DataFrame
    reported_part: Mapping[int, float]
    """Year -> part of it that the reports cover.  [-]"""


def monitor(
    scenario: Scenario,
    evaluation: Evaluation,
    table: ShipmentTable,
    *,
    facility_names: Mapping[str, str] | None = None,
    triggers: Triggers | None = None,
    control: Mapping[str, Control] | None = None,
    municipal_streams: frozenset[str] = frozenset(),
) -> Monitoring:
    """Compare a plan with reported shipments, year by year.

    Parameters
    ----------
    scenario, evaluation
        The case, and the plan evaluated on it.
    table
        Shipments; names of streams and regions' generators as in the scenario.
    facility_names
        Name in the reports -> plant, centre or outlet id, where they differ.
    control
        Control level of facilities, as assessed on the spot; the rest is unknown.
    municipal_streams
        Streams that are municipal waste (SDG 11.6.1).

    Raises
    ------
    WasteplanError
        No shipment lies in a year of the plan, or a control level is none.
    """
    wrong = sorted(set((control or {}).values()) - set(CONTROL_LEVELS))
    if wrong:
        known = ", ".join(CONTROL_LEVELS)
        raise WasteplanError(f"'{wrong[0]}' is no control level; there are {known}")
    limits = triggers or Triggers()
    loads = reported_loads(scenario, table, facility_names or {})
    part = _reported_part(scenario, loads)
    loads = loads[loads["year"].isin(list(part))]
    made = [
        (
            _facilities(scenario, evaluation, loads, year, share, limits),
            _generation(scenario, evaluation, loads, year, share, limits),
        )
        for year, share in part.items()
    ]
    facilities = pd.concat([f for f, _ in made], ignore_index=True)
    generation = pd.concat([g for _, g in made], ignore_index=True)
    targets = target_rows(scenario, evaluation, loads, part)
    return Monitoring(
        facilities=facilities,
        generation=generation,
        targets=targets,
        actions=replanning(facilities, generation, targets),
        sdg=sdg_rows(scenario, loads, part, control or {}, municipal_streams),
        reported_part=part,
    )


def _reported_part(scenario: Scenario, loads: pd.DataFrame) -> dict[int, float]:
    """Years of the plan with reports, and their covered part; the last may be cut."""
    first = min(p.first_year for p in scenario.periods)
    last = max(p.last_year for p in scenario.periods)
    inside = loads[loads["year"].between(first, last)]
    if inside.empty:
        raise WasteplanError(f"no shipment arrived between {first} and {last}")
    years = sorted(int(y) for y in inside["year"].unique())
    part = dict.fromkeys(years, 1.0)
    end = int(inside.loc[inside["year"] == years[-1], "day"].max())
    if end < DAYS_PER_YEAR - 7:  # a quiet week at the end of the year is no cut
        part[years[-1]] = end / DAYS_PER_YEAR
    return part


def _planned(scenario: Scenario, evaluation: Evaluation, year: int) -> pd.DataFrame:
    """Flows of the plan in a year: those of the last year scaled by generation."""
    period = period_in(scenario, year)
    flows = evaluation.flows[evaluation.flows["period"] == period.id]
    pairs: dict[tuple[str, str], list[str]] = {}
    for generator, stream in dict.fromkeys(
        (r.generator, r.stream) for r in scenario.generation
    ):
        home = scenario.generator[generator].region
        pairs.setdefault((home, stream), []).append(generator)
    scale = {}
    for (home, stream), generators in pairs.items():
        then = sum(tonnage(scenario, g, stream, period.last_year) for g in generators)
        now = sum(tonnage(scenario, g, stream, year) for g in generators)
        scale[home, stream] = now / then if then > 0 else 0.0
    factors = [
        scale.get(pair, 1.0)
        for pair in zip(flows["region"], flows["stream"], strict=True)
    ]
    return flows.assign(planned_t=flows["t_per_y"] * np.array(factors))


def _facilities(
    scenario: Scenario,
    evaluation: Evaluation,
    loads: pd.DataFrame,
    year: int,
    part: float,
    limits: Triggers,
) -> pd.DataFrame:
    """Planned against received, for every place that either of them names."""
    flows = _planned(scenario, evaluation, year)
    flows = flows[~flows["destination"].isin(list(ends(scenario)))]
    planned: Any = flows.groupby("destination", observed=True)["planned_t"].sum() * part
    rows = loads[loads["year"] == year]
    reported: Any = rows.groupby("facility")["waste_t"].sum()
    table = pd.DataFrame({"planned_t": planned, "reported_t": reported}).fillna(0.0)
    table = table[(table > 0).any(axis=1)].sort_index()
    table["deviation"] = _deviation(table)
    table["trigger"] = _triggered(table, limits)
    away = table["trigger"] != ""
    table.loc[away & (table["planned_t"] == 0), "trigger"] = "not in the plan"
    table.loc[away & (table["reported_t"] == 0), "trigger"] = "nothing reported"
    table = table.rename_axis("facility").reset_index()
    return table.assign(year=year)[list(FACILITY_COLUMNS)]


def _generation(
    scenario: Scenario,
    evaluation: Evaluation,
    loads: pd.DataFrame,
    year: int,
    part: float,
    limits: Triggers,
) -> pd.DataFrame:
    """What generators hand over, planned against reported, by region and stream."""
    flows = _planned(scenario, evaluation, year)
    fate_ids = list(ends(scenario))
    first = flows["origin"].isin(list(scenario.generator))
    first &= ~flows["destination"].isin(fate_ids)
    keys = ["region", "stream"]
    planned: Any = flows[first].groupby(keys, observed=True)["planned_t"].sum() * part
    rows = loads[(loads["year"] == year) & loads["is_first"]]
    reported: Any = rows.groupby(keys)["waste_t"].sum()
    table = pd.DataFrame({"planned_t": planned, "reported_t": reported}).fillna(0.0)
    table["deviation"] = _deviation(table)
    table["trigger"] = _triggered(table, limits)
    table = table.rename_axis(keys).reset_index()
    return table.assign(year=year)[list(GENERATION_COLUMNS)]


def _deviation(table: pd.DataFrame) -> pd.Series[Any]:
    return table["reported_t"] / table["planned_t"].where(table["planned_t"] > 0) - 1


def _triggered(table: pd.DataFrame, limits: Triggers) -> np.ndarray:
    change = table["reported_t"] - table["planned_t"]
    large = change.abs() >= limits.at_least_t
    low = large & (change < -limits.below * table["planned_t"])
    high = large & (change > limits.above * table["planned_t"])
    return np.select([low, high], ["below plan", "above plan"], default="")
