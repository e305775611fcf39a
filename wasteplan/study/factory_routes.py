"""Where each factory's waste goes under two plans: who moves off landfill."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from wasteplan.evaluation.fates import ends
from wasteplan.evaluation.result import Evaluation
from wasteplan.scenario.derived import period_of, tonnage
from wasteplan.scenario.model import Scenario

FATE_OF_KIND = {
    "disposal": "landfill",
    "combustion": "energy_recovery",
    "co_processing": "energy_recovery",
    "recycling": "recycling",
    "biological": "recycling",
    "sorting": "recycling",
    "storage": "interim",
    "effluent": "interim",
}
FATE_OF_OUTLET = {
    "recycling": "recycling",
    "recovery": "energy_recovery",
    "landfill": "landfill",
    "leakage": "leakage",
}
COLUMNS = {
    "generator": "generator id",
    "stream": "stream id",
    "landfill_before": "share to landfill in the first plan [-]",
    "landfill_after": "share to landfill in the second plan [-]",
    "leakage_before": "share burnt, dumped or uncollected in the first plan [-]",
    "leakage_after": "share burnt, dumped or uncollected in the second plan [-]",
    "burnt_before": "share into energy recovery in the first plan [-]",
    "burnt_after": "share into energy recovery in the second plan [-]",
    "moves_off_landfill": "its landfill share falls below the limit",
}
SHOWN = ("landfill", "leakage", "energy_recovery")


def factory_routes(
    scenario: Scenario,
    before: Evaluation,
    after: Evaluation,
    period: str,
    *,
    landfill_max: float = 0.1,
) -> pd.DataFrame:
    """Shares of every generator and stream by fate, under both plans.

    The first treatment counts; through a collection centre, the waste of a generator
    goes where the centre's waste of its stream and region goes.  Residues of treatment
    are in the diversion of the plan, not here.

    Parameters
    ----------
    period
        Period whose last year is compared.
    landfill_max
        Share to landfill above which a generator is on landfill.  [-]

    Returns
    -------
    DataFrame
        Columns of `COLUMNS`.
    """
    first = _shares(scenario, before, period)
    second = _shares(scenario, after, period)
    parts = [first.add_suffix("_before"), second.add_suffix("_after")]
    both = pd.concat(parts, axis=1).sort_index().fillna(0.0)
    both = both.rename(columns=lambda c: c.replace("energy_recovery", "burnt"))
    both["moves_off_landfill"] = (both["landfill_before"] > landfill_max) & (
        both["landfill_after"] <= landfill_max
    )
    return both.reset_index()[list(COLUMNS)]


def factory_changes(
    scenario: Scenario,
    before: Evaluation,
    after: Evaluation,
    period: str,
    *,
    landfill_max: float = 0.1,
) -> pd.DataFrame:
    """`factory_routes` of all waste of every generator together, with its tonnes.

    Returns
    -------
    DataFrame
        `generator`, `waste_t_per_y` (of the period's last year), the shares of
        `COLUMNS` and `moves_off_landfill`.
    """
    routes = factory_routes(scenario, before, after, period)
    year = period_of(scenario, period).last_year
    shares = [c for c in COLUMNS if c.endswith(("_before", "_after"))]
    t = [
        tonnage(scenario, str(g), str(s), year)
        for g, s in zip(routes["generator"], routes["stream"], strict=True)
    ]
    amounts = routes[shares].mul(t, axis=0).assign(waste_t_per_y=t)
    amounts["generator"] = routes["generator"].astype(object)
    sums: Any = amounts.groupby("generator").sum()
    total = sums["waste_t_per_y"]
    sums[shares] = sums[shares].div(total.where(total > 0), axis=0)
    sums["moves_off_landfill"] = (sums["landfill_before"] > landfill_max) & (
        sums["landfill_after"] <= landfill_max
    )
    made = sums.reset_index()
    names = ["generator", "waste_t_per_y", *shares, "moves_off_landfill"]
    return pd.DataFrame(made[names])


def _shares(scenario: Scenario, evaluation: Evaluation, period: str) -> pd.DataFrame:
    """Share by fate; rows (generator, stream), columns `SHOWN`."""
    flows = evaluation.flows
    flows = flows[flows["period"] == period]
    fate = _fates(scenario)
    plain = flows[["origin", "destination", "stream", "region", "t_per_y"]].astype(
        dict.fromkeys(("origin", "destination", "stream", "region"), object)
    )
    handed = plain[plain["origin"].isin(list(scenario.generator))]
    centres = {c.id for c in scenario.centres}
    direct = handed[~handed["destination"].isin(centres)]
    arrived = [direct.assign(fate=direct["destination"].map(fate))]
    waiting = handed[handed["destination"].isin(centres)]
    onward = plain[plain["origin"].isin(centres)].copy()
    keys = ["origin", "stream", "region"]
    total: Any = onward.groupby(keys)["t_per_y"].transform("sum")
    onward["part"] = onward["t_per_y"] / total.where(total > 0)
    onward["fate"] = onward["destination"].map(fate)
    through = waiting.merge(
        onward[[*keys, "part", "fate"]],
        left_on=["destination", "stream", "region"],
        right_on=keys,
        how="left",
        suffixes=("", "_centre"),
    )
    arrived.append(through.assign(t_per_y=through["t_per_y"] * through["part"]))
    every = pd.concat(arrived)[["origin", "stream", "fate", "t_per_y"]]
    every["fate"] = every["fate"].fillna("interim")
    table: Any = every.groupby(["origin", "stream", "fate"])["t_per_y"].sum()
    wide = table.unstack("fate", fill_value=0.0)
    sums = wide.sum(axis=1).replace(0.0, np.nan)
    shares = wide.div(sums, axis=0).reindex(columns=list(SHOWN), fill_value=0.0)
    return pd.DataFrame(shares.rename_axis(["generator", "stream"]))


def _fates(scenario: Scenario) -> dict[str, str]:
    """Fate of every place where waste can be treated or lost."""
    found = {
        f"{site.id}.{t.id}": FATE_OF_KIND[t.kind]
        for site in scenario.sites
        for t in scenario.technologies
    }
    found |= {o.id: FATE_OF_OUTLET[o.counts_as] for o in scenario.outlets}
    return found | {name: end.counts_as for name, end in ends(scenario).items()}
