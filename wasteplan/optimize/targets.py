"""Constraint families about what the planner is asked to reach."""

from __future__ import annotations

import numpy as np
import pyomo.environ as pyo

from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.decisions import opened, slack
from wasteplan.scenario.records import Target

MILLION = 1e-6
LOST = ("landfill", "leakage")
"""What diversion does not count as diverted (docs/design.md)."""


def landfill_diversion(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """Landfilled, leaked and landfilled residues stay within (1 - rate) x generated.

    Leakage is a constant here: it answers to prices and penalties, not to the planner.
    [kt/y]
    """
    rows = _rows(data, "landfill_diversion_rate", "min")

    def limit(m: pyo.ConcreteModel, k: int) -> object:
        target, t, rate = rows[k]
        generated, leaked = _tonnes(data, target, t)
        landfilled = [
            m.throughput[f, t] for f in lost_feeds(data, target.region, target.stream)
        ]
        if not landfilled or generated == 0:
            return pyo.Constraint.Skip
        room = (1 - rate) * generated + slack(
            m, data, "landfill_diversion", target.id, t, generated
        )
        return sum(landfilled) + leaked <= room

    m.landfill_diversion = pyo.Constraint(range(len(rows)), rule=limit)


def capex_budget(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """Money spent on construction for openings of a period <= its budget.  [M money]"""
    rows = _rows(data, "capex", "max")

    def limit(m: pyo.ConcreteModel, k: int) -> object:
        target, t, most = rows[k]
        spent = [
            option.capex_m * opened(m, data, o, t)
            for o, option in enumerate(data.s.options)
            if option.capex_m > 0 and not option.facility and option.may_open[t]
        ]
        if not spent:
            return pyo.Constraint.Skip
        room = most * MILLION + slack(
            m, data, "capex_budget", target.id, t, most * MILLION
        )
        return sum(spent) <= room

    m.capex_budget = pyo.Constraint(range(len(rows)), rule=limit)


def _rows(
    data: PlanningData, metric: str, side: str
) -> list[tuple[Target, int, float]]:
    """Targets of a metric, period by period."""
    return [
        (target, t, float(getattr(target, side)))
        for target in data.s.scenario.targets
        if target.metric == metric and getattr(target, side) is not None
        for t, span in enumerate(data.s.spans)
        if not target.period or target.period == span.id
    ]


def lost_feeds(data: PlanningData, region: str = "", stream: str = "") -> list[int]:
    """Feeds that count as not diverted, of one region and stream or of all."""
    found = []
    for f, p in enumerate(data.s.feeds.plant):
        if data.s.plants[p].counts_as not in LOST:
            continue
        scope = data.s.commodities[data.s.feeds.commodity[f]].scope
        if region in ("", scope[0]) and stream in ("", scope[1]):
            found.append(f)
    return found


def _tonnes(data: PlanningData, target: Target, t: int) -> tuple[float, float]:
    """Generated and leaked waste that a target speaks of.  [kt/y]"""
    sources = data.s.sources
    inside = np.array(
        [
            target.region in ("", region) and target.stream in ("", stream)
            for region, stream in zip(sources.region, sources.stream, strict=True)
        ],
        dtype=bool,
    )
    generated = float(sources.generated_kt[inside, t].sum())
    return generated, float(sources.leaked_lost_kt[inside, t].sum())
