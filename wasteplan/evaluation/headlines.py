"""Headline numbers of an evaluation, per period and overall."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pandas as pd

from wasteplan.evaluation.assets import OUTLET
from wasteplan.evaluation.books import Books
from wasteplan.evaluation.effluent import without_effluent
from wasteplan.evaluation.heat import heat_sold_gj
from wasteplan.evaluation.result import Kpi
from wasteplan.indicators.catalogue import INDICATORS, indicator
from wasteplan.indicators.headlines import (
    counted_emissions,
    horizon_headlines,
    period_headlines,
)
from wasteplan.indicators.operation import airspace_years
from wasteplan.units import KG_PER_T

DIRECT = "co2e_direct_t_per_y"
OF_SOLID_WASTE = ("cost_per_t", "co2e_kg_per_t")
"""Figures per tonne of solid waste: what effluent costs and emits is left out."""
HEAT_SOLD = "heat_sold_gj_per_y"
OVERALL = ""


def kpis(
    books: Books,
    *,
    flows: pd.DataFrame,
    costs: pd.DataFrame,
    emissions: pd.DataFrame,
    facilities: pd.DataFrame,
    waste: pd.DataFrame,
) -> tuple[Kpi, ...]:
    """All headlines, those of the whole horizon first.

    Costs and gases of the horizon are over all its years; its other figures are those
    of the last period.  Figures of a period are of its last year, its costs of all its
    years.
    """
    periods = [p.id for p in books.scenario.periods]
    credits = books.scenario.settings.assessment.credits
    tables = {"flows": flows, "facilities": facilities, "waste": waste}
    solid_costs, solid_gases = without_effluent(books, costs, emissions)
    overall = _horizon(books, costs, emissions, tables)
    if len(solid_costs) < len(costs) or len(solid_gases) < len(emissions):
        solid = _horizon(books, solid_costs, solid_gases, tables)
        overall.update({name: solid[name] for name in OF_SOLID_WASTE})
    overall["airspace_years"] = airspace_years(facilities, periods[-1])
    heat = heat_sold_gj(books)
    if heat:
        overall[HEAT_SOLD] = heat[len(periods) - 1]
    mark_unknown(overall, flows[flows["period"] == periods[-1]], emissions, credits)
    direct_t = _direct_t(emissions) / sum(map(len, books.years))
    found = [*_named(overall, OVERALL), _direct(direct_t, OVERALL)]
    for t, (period, span) in enumerate(zip(periods, books.years, strict=True)):
        which: Any = {**tables, "period": period, "credits": credits}
        own = period_headlines(emissions=emissions, **which)
        solid = period_headlines(emissions=solid_gases, **which)
        if heat:
            own[HEAT_SOLD] = heat[t]
        own["co2e_kg_per_t"] = solid["co2e_kg_per_t"]
        last = emissions[emissions["year"] == span[-1]]
        mark_unknown(own, flows[flows["period"] == period], last, credits)
        cost = costs.loc[costs["period"] == period, "present_value"]
        own["cost_present_value"] = float(cost.sum())
        own["gross_cost_present_value"] = float(cost[cost > 0].sum())
        found += _named(own, period)
        found.append(_direct(_direct_t(last), period))
    return tuple(found)


def _horizon(
    books: Books,
    costs: pd.DataFrame,
    emissions: pd.DataFrame,
    tables: dict[str, pd.DataFrame],
) -> dict[str, float]:
    settings = books.scenario.settings
    return horizon_headlines(
        costs=costs,
        emissions=emissions,
        tonnes=books.generated(),
        rate=settings.economics.discount_rate,
        base_year=settings.scenario.base_year,
        credits=settings.assessment.credits,
        **tables,
    )


def _named(values: dict[str, float], period: str) -> Iterator[Kpi]:
    for known in INDICATORS:
        if known.id in values:
            row = indicator(known.id)
            yield Kpi(row.id, row.label, values[row.id], row.unit, row.better, period)


def mark_unknown(
    values: dict[str, float],
    flows: pd.DataFrame,
    emissions: pd.DataFrame,
    credits: bool,
) -> None:
    """Set figures to NaN of which a part is unknown: a sum of the rest would flatter.

    Emissions are unknown where a fraction's carbon is, truck-kilometres where a vehicle
    has a flat rate and no payload.
    """
    if counted_emissions(emissions, credits)["kg_co2e"].isna().any():
        for name in ("co2e_t_per_y", "co2e_kg_per_t", "share_of_co2e_on_assumption"):
            if name in values:
                values[name] = math.nan
    hauled = flows[(flows["vehicle"] != "") & (flows["t_per_y"] > 0)]
    if hauled["truck_km_per_y"].isna().any():
        values["truck_km_per_y"] = math.nan


def _direct_t(emissions: pd.DataFrame) -> float:
    """Inside the boundary: no credits, and not what a buyer burns.  [t CO2e]"""
    inside = emissions["technology"] != OUTLET
    direct = emissions[inside & ~emissions["is_credit"].astype(bool)]
    return float(direct["kg_co2e"].sum(skipna=False)) / KG_PER_T


def _direct(value: float, period: str) -> Kpi:
    label = "Greenhouse gases inside the boundary, without credits"
    return Kpi(DIRECT, label, value, "t CO2e/y", "less", period)
