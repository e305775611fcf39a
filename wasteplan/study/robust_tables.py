"""Robust siting as tables: samples side by side, and where samples build."""

from __future__ import annotations

import math
from collections import defaultdict

import numpy as np
import pandas as pd

from wasteplan.optimize.alternatives import openings_of, plants_of
from wasteplan.optimize.infeasibility import WORDS, Relaxation
from wasteplan.optimize.two_stage import OwnBest
from wasteplan.scenario.model import Scenario
from wasteplan.study.naming import period_name, place_name
from wasteplan.study.robust import Robust
from wasteplan.study.wording import some_of, three_digits

MILLION = 1e6
KT = 1e3
MISSES_SHOWN = 3
UNITS = {
    "landfill_diversion": (KT, "t/y"),
    "recycling": (KT, "t/y"),
    "emissions_cap": (KT, "t CO2e/y"),
    "collect_everything": (KT, "t/y"),
    "capex_budget": (MILLION, "money"),
    "informal_income": (MILLION, "money/y"),
    "minimum_load": (1.0, "TJ/y or kt/y"),
}
"""Family -> units a planner reads per unit of the model, and their name."""


def sample_table(found: Robust) -> pd.DataFrame:
    """A row a sample: what each plan costs, misses and regrets there.

    Returns
    -------
    DataFrame
        Columns sample (from 1), chance, `central_cost`, `robust_cost`, `own_best_cost`
        (misses priced), `central_regret`, `robust_regret` (money, present value),
        `central_missed`, `robust_missed` (text, empty if nothing).
    """
    own = found.own_totals
    rows = []
    for k in range(found.n_samples):
        at_central, at_robust = found.at_central[k], found.found.followed[k]
        rows.append(
            {
                "sample": k + 1,
                "chance": float(found.chances[k]),
                "central_cost": at_central.total * MILLION,
                "robust_cost": at_robust.total * MILLION,
                "own_best_cost": own[k] * MILLION,
                "central_regret": _regret(at_central.total, own[k]),
                "robust_regret": _regret(at_robust.total, own[k]),
                "central_missed": missed_text(found.scenario, at_central.missed),
                "robust_missed": missed_text(found.scenario, at_robust.missed),
            }
        )
    return pd.DataFrame(rows)


def _regret(total: float, own: float) -> float:
    """What a plan costs more than the best for the sample, 0 where it is rounding.

    [M money] in, [money] out.

    >>> _regret(3.0, 1.8), _regret(2.0, 2.0 + 1e-12)
    (1200000.0, 0.0)
    """
    is_same = math.isclose(total, own, rel_tol=1e-9)
    return 0.0 if is_same else (total - own) * MILLION


def missed_text(scenario: Scenario, missed: tuple[Relaxation, ...]) -> str:
    """What is missed, where, when and by how much.

    Text for nothing is empty.
    """
    return some_of([miss_text(scenario, m) for m in missed], MISSES_SHOWN)


def miss_text(scenario: Scenario, miss: Relaxation) -> str:
    """One requirement that is missed."""
    size, unit = UNITS.get(miss.family, (1.0, ""))
    amount = f"{three_digits(miss.amount * size)} {unit}".strip()
    when = period_name(scenario, miss.period)
    if miss.family == "collect_everything":
        where = f" from {miss.place}" if miss.place else ""
        return f"no place for {amount}{where} in {when}"
    what = WORDS.get(miss.family, miss.family)
    return f"{what} '{miss.place}' in {when} by {amount}"


def site_table(found: Robust) -> pd.DataFrame:
    """A row a plant that some plan builds: how many samples alone would build it.

    Returns
    -------
    DataFrame
        Columns plant, name, lon, lat, n_chosen, n_samples, share, sizes
        (size: times), first_periods (period: times), cost_low and cost_high (of the
        samples' own best plans that build it; money, present value), in_robust,
        in_central.  The most often chosen come first.
    """
    chosen: dict[str, list[OwnBest]] = defaultdict(list)
    for own in found.own:
        for plant in plants_of(own.plan):
            chosen[plant].append(own)
    robust, central = plants_of(found.plan), plants_of(found.central)
    for plant in robust | central:
        chosen.setdefault(plant, [])
    n = len(found.own)
    order = sorted(chosen, key=lambda plant: (-len(chosen[plant]), plant))
    rows = [
        _site_row(found, plant, chosen[plant], n)
        | {"in_robust": plant in robust, "in_central": plant in central}
        for plant in order
    ]
    return pd.DataFrame(rows)


def _site_row(
    found: Robust, plant: str, by: list[OwnBest], n: int
) -> dict[str, object]:
    sizes: dict[str, int] = defaultdict(int)
    firsts: dict[str, int] = defaultdict(int)
    periods = {p.id: k for k, p in enumerate(found.scenario.periods)}
    for own in by:
        mine = [x for x in openings_of(own.plan) if x[0] == plant]
        for size in sorted({x[1] for x in mine}):
            sizes[size] += 1
        firsts[min((x[2] for x in mine), key=lambda p: periods[p])] += 1
    place = plant.partition(".")[0]
    known = found.scenario.site.get(place) or found.scenario.centre.get(place)
    costs = np.array([own.total for own in by]) * MILLION
    return {
        "plant": plant,
        "name": place_name(found.scenario, plant),
        "lon": getattr(known, "lon", None),
        "lat": getattr(known, "lat", None),
        "n_chosen": len(by),
        "n_samples": n,
        "share": len(by) / n,
        "sizes": _counted(sizes),
        "first_periods": _counted(firsts),
        "cost_low": float(costs.min()) if len(costs) else float("nan"),
        "cost_high": float(costs.max()) if len(costs) else float("nan"),
    }


def _counted(times: dict[str, int]) -> str:
    order = sorted(times, key=lambda name: (-times[name], name))
    return "; ".join(f"{name}: {times[name]}" for name in order)
