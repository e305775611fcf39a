"""Constraint families about what the planner is asked to reach."""

from __future__ import annotations

import numpy as np
import pyomo.environ as pyo

from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.decisions import Term, at_work, opened, slack
from wasteplan.optimize.heat import heat_credit
from wasteplan.scenario.records import EMISSION_METRICS, Target
from wasteplan.superstructure.model import NO_REGIME, Floats

MILLION = 1e-6
KT_PER_T = 1e-3
LOST = ("landfill", "leakage")
"""What diversion does not count as diverted (docs/design.md)."""


def landfill_diversion(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """Landfilled, leaked and landfilled residues stay within (1 - rate) x generated.

    leaked + sum(throughput of what counts as lost) <= (1 - rate) x generated; >= for
    an upper limit.
    Generated and leaked tonnes are constants of a regime of measures: leakage answers
    to prices and penalties, which the planner changes only by measures.  What plants
    are known to turn away counts as lost, and a margin on top: both are 0 unless a
    simulation has found them.  Where the margin is negative, because the waste of the
    target fares better than its plants, the target also holds without both, and where
    there is a floor, that does.  [kt/y]
    """
    rows = rows_of_metric(data, ("landfill_diversion_rate",))
    on_paper = []

    def limit(m: pyo.ConcreteModel, k: int) -> object:
        target, t, side, rate = rows[k]
        total = tonnes_of(m, data, target, t, data.s.sources.generated_kt)
        total = total + sludge_made(m, data, t, target.region, target.stream)
        leaked = tonnes_of(m, data, target, t, data.s.sources.leaked_lost_kt)
        most = most_generated_kt(data, target, t)
        if most == 0:
            return pyo.Constraint.Skip
        feeds = counted_feeds(data, LOST, target.region, target.stream)
        lost = leaked + m.nothing + sum(m.throughput[f, t] for f in feeds)
        lost = lost + unplaced_kt(m, data, t, target.region, target.stream)
        room = slack(m, data, "landfill_diversion", target.id, t, most)
        if side == "min":
            in_vain, margin = _in_vain(m, data, target, t), _margin(data, target, t)
            floor = data.s.experience.floor.get((target.id, data.s.spans[t].id), rate)
            if margin < 0 or floor > rate:
                on_paper.append(lost <= (1 - max(floor, rate)) * total + room)
            return lost + in_vain <= (1 - rate - margin) * total + room
        return lost + room >= (1 - rate) * total

    m.landfill_diversion = pyo.Constraint(range(len(rows)), rule=limit)
    m.landfill_diversion_on_paper = pyo.ConstraintList()
    for row in on_paper:
        m.landfill_diversion_on_paper.add(row)


def _margin(data: PlanningData, target: Target, t: int) -> float:
    """What simulations of earlier plans say that a target loses besides.  [-]"""
    known, period = data.s.experience, data.s.spans[t].id
    more = known.target_margin.get((target.id, period), 0.0)
    return known.margin.get(period, 0.0) + more


def _in_vain(
    m: pyo.ConcreteModel, data: PlanningData, target: Target, t: int
) -> object:
    """What is sent to plants that will turn it away.  [kt/y]"""
    if not data.s.experience.lost_share:
        return 0.0
    kept = set(counted_feeds(data, LOST, target.region, target.stream))
    mine = counted_feeds(data, None, target.region, target.stream)
    shares = {f: data.lost_share(int(data.s.feeds.plant[f]), t) for f in mine}
    return sum(
        share * m.throughput[f, t]
        for f, share in shares.items()
        if share > 0 and f not in kept
    )


def recycling(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """What buyers and fates that count as recycling take >= rate x generated.  [kt/y]

    sum(throughput of buyers) + taken by trades >= rate x generated; <= for an upper
    limit.
    """
    rows = rows_of_metric(data, ("recycling_rate",))

    def limit(m: pyo.ConcreteModel, k: int) -> object:
        target, t, side, rate = rows[k]
        total = tonnes_of(m, data, target, t, data.s.sources.generated_kt)
        total = total + sludge_made(m, data, t, target.region, target.stream)
        traded = tonnes_of(m, data, target, t, data.s.sources.leaked_recycled_kt)
        most = most_generated_kt(data, target, t)
        if most == 0:
            return pyo.Constraint.Skip
        feeds = counted_feeds(data, ("recycling",), target.region, target.stream)
        recycled = traded + m.nothing + sum(m.throughput[f, t] for f in feeds)
        room = slack(m, data, "recycling", target.id, t, most)
        if side == "min":
            return recycled + room >= rate * total
        return recycled <= rate * total + room

    m.recycling = pyo.Constraint(range(len(rows)), rule=limit)


def emissions_cap(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """Emissions of treatment, hauls and leakage in the last year <= cap.  [kt CO2e/y]

    Direct emissions, or net of what is avoided elsewhere, as the target's metric says.
    """
    rows = rows_of_metric(data, EMISSION_METRICS)

    def limit(m: pyo.ConcreteModel, k: int) -> object:
        target, t, _, cap_t = rows[k]
        per_kt = data.emissions(t, credits=target.metric == "co2e_t_per_y")
        treated = sum(
            float(per_kt[f]) * m.throughput[f, t] for f in np.flatnonzero(per_kt)
        )
        leaked = float(data.s.leaked_co2e_kt[t]) + sum(
            float(regime.leaked_co2e_kt[t]) * at_work(m, data, r, t)
            for r, regime in enumerate(data.s.regimes)
            if regime.leaked_co2e_kt[t] != 0
        )
        total = treated + m.haul_co2[t] + leaked
        if target.metric == "co2e_t_per_y":
            total = total + heat_credit(m, data, t)
        cap = cap_t * KT_PER_T
        return total <= cap + slack(m, data, "emissions_cap", target.id, t, abs(cap))

    m.emissions_cap = pyo.Constraint(range(len(rows)), rule=limit)


def capex_budget(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """Money spent on construction for openings of a period <= its budget.  [M money]"""
    rows = rows_of_metric(data, ("capex",))

    def limit(m: pyo.ConcreteModel, k: int) -> object:
        target, t, _, most = rows[k]
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


def rows_of_metric(
    data: PlanningData, metrics: tuple[str, ...]
) -> list[tuple[Target, int, str, float]]:
    """Targets of some metrics, period by period, one row for each limit stated."""
    return [
        (target, t, side, float(value))
        for metric in metrics
        for target in data.s.scenario.targets
        if target.metric == metric
        for t, span in enumerate(data.s.spans)
        if not target.period or target.period == span.id
        for side, value in (("min", target.min), ("max", target.max))
        if value is not None
    ]


def counted_feeds(
    data: PlanningData,
    counts_as: tuple[str, ...] | None,
    region: str = "",
    stream: str = "",
) -> list[int]:
    """Feeds of plants that count so for diversion (None: any), of a scope or of all."""
    key = (counts_as, region, stream)
    if key not in data.counted:
        data.counted[key] = [
            f
            for f, p in enumerate(data.s.feeds.plant)
            if (counts_as is None or data.s.plants[p].counts_as in counts_as)
            and _in_scope(data, f, region, stream)
        ]
    return data.counted[key]


def sludge_made(
    m: pyo.ConcreteModel, data: PlanningData, t: int, region: str = "", stream: str = ""
) -> Term:
    """Solid waste that effluent plants put out.  [kt/y]

    It is generated where effluent is treated, so how much there is follows from the
    decisions.
    """
    return sum(
        share * m.throughput[f, t]
        for f, share in data.sludge_share.items()
        if _in_scope(data, f, region, stream)
    )


def unplaced_kt(
    m: pyo.ConcreteModel, data: PlanningData, t: int, region: str = "", stream: str = ""
) -> Term:
    """Solid waste that stays without a place, which only recourse allows.  [kt/y]"""
    if data.recourse is None:
        return 0.0
    s = data.s.sources
    is_solid = s.generated_kt.sum(axis=1) > 0
    places = zip(s.region, s.stream, is_solid, strict=True)
    solid = {(where, what) for where, what, counts in places if counts}
    return sum(
        m.unplaced[k, t]
        for k, scope in enumerate(data.scopes)
        if scope in solid and region in ("", scope[0]) and stream in ("", scope[1])
    )


def _in_scope(data: PlanningData, feed: int, region: str, stream: str) -> bool:
    scope = data.s.commodities[data.s.feeds.commodity[feed]].scope
    return region in ("", scope[0]) and stream in ("", scope[1])


def tonnes_of(
    m: pyo.ConcreteModel, data: PlanningData, target: Target, t: int, kt: Floats
) -> Term:
    """Tonnes of the sources that a target speaks of, by the regimes at work.  [kt/y]"""
    inside, regime = _inside(data, target), data.s.sources.regime
    total: Term = float(kt[inside & (regime == NO_REGIME), t].sum())
    for r in range(len(data.s.regimes)):
        amount = float(kt[inside & (regime == r), t].sum())
        if amount > 0:
            total = total + amount * at_work(m, data, r, t)
    return total


def most_generated_kt(data: PlanningData, target: Target, t: int) -> float:
    """The most that is generated under any regimes and choices.  [kt/y]"""
    inside, regime = _inside(data, target), data.s.sources.regime
    kt = data.s.sources.generated_kt[:, t]
    most = [
        max(float(kt[inside & (regime == r)].sum()) for r in of_class)
        for of_class in data.regimes_of.values()
    ]
    sludge = sum(
        share * float(data.reach_kt[f, t])
        for f, share in data.sludge_share.items()
        if _in_scope(data, f, target.region, target.stream)
    )
    return float(kt[inside & (regime == NO_REGIME)].sum()) + sum(most) + sludge


def _inside(data: PlanningData, target: Target) -> np.ndarray:
    """Which sources a target speaks of."""
    sources, key = data.s.sources, (target.region, target.stream)
    if key not in data.spoken_of:
        data.spoken_of[key] = np.array(
            [
                target.region in ("", region) and target.stream in ("", stream)
                for region, stream in zip(sources.region, sources.stream, strict=True)
            ],
            dtype=bool,
        )
    return data.spoken_of[key]
