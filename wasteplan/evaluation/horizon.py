"""What adds up over all years: cost, emissions, landfilled tonnes, and objectives."""

from __future__ import annotations

import pandas as pd

from wasteplan.evaluation.assets import OUTLET
from wasteplan.evaluation.burdens import BURDENS
from wasteplan.evaluation.lots import UNROUTED
from wasteplan.evaluation.result import Evaluation
from wasteplan.plan.records import plant_id
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.totals import COST, TOTALS, WEIGHTED, weights
from wasteplan.units import KG_PER_T

LOST = ("landfill", "leakage")


def total(scenario: Scenario, metric: str, tables: Evaluation) -> float:
    """A metric of `HORIZON_METRICS`.  [money, t CO2e or t over all years]

    Raises
    ------
    KeyError
        The metric is no total.
    """
    if metric == "cost_total":
        return tables.cost_present_value
    if metric == "landfilled_total_t":
        return landfilled_t(scenario, tables.flows)
    if metric in BURDENS:
        return BURDENS[metric](scenario, tables)
    credits = {"co2e_total_t": True, "co2e_direct_total_t": False}[metric]
    return emitted_t(tables.emissions, credits=credits)


def emitted_t(emissions: pd.DataFrame, *, credits: bool) -> float:
    """Emissions of all years: net of credits, or inside the boundary.  [t CO2e]"""
    part = emissions
    if not credits:  # what buyers burn is beyond the boundary
        inside = emissions["technology"] != OUTLET
        part = emissions[inside & ~emissions["is_credit"].astype(bool)]
    return float(part["kg_co2e"].sum(skipna=False)) / KG_PER_T


def landfilled_t(scenario: Scenario, flows: pd.DataFrame) -> float:
    """What diversion does not count as diverted, over all years.  [t]

    Waste and residues to landfills and dumps, and waste lost to leakage.
    """
    lost = {f.id for f in scenario.fates if f.counts_as in LOST}
    lost |= {o.id for o in scenario.outlets if o.counts_as in LOST}
    disposal = {t.id for t in scenario.technologies if t.kind == "disposal"}
    lost |= {plant_id(s.id, t) for s in scenario.sites for t in disposal}
    counted = flows["destination"].isin(lost | {UNROUTED})
    return float(flows.loc[counted, "t_in_period"].sum())


def objective_value(scenario: Scenario, tables: Evaluation) -> float:
    """What the scenario asks to be made least.  [money, t CO2e, t, ...]

    What is made most is negative.  The weighted objective is the cost and the weights
    times their totals, jobs being subtracted.
    """
    chosen = scenario.settings.solve
    if chosen.objective != WEIGHTED:
        sign = TOTALS[chosen.objective].sign
        return sign * total(scenario, chosen.objective, tables)
    value = total(scenario, COST, tables)
    for metric, weight in weights(chosen).items():
        value += weight * total(scenario, metric, tables)
    return value
