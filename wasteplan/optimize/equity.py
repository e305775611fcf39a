"""Constraint families about who is served worst and who bears most."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pyomo.environ as pyo

from wasteplan.errors import WasteplanError
from wasteplan.optimize.burdens import hosted_by, people_in_thousands, treated
from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.decisions import Term, slack
from wasteplan.optimize.targets import (
    LOST,
    counted_feeds,
    most_generated_kt,
    rows_of_metric,
    tonnes_of,
)
from wasteplan.scenario.records import SHARE_METRICS, Target
from wasteplan.scenario.totals import asked_totals
from wasteplan.superstructure.model import NO_REGIME, Floats

PERCENT = 100.0
HOSTED = "hosted_largest_total_t"
EXPOSED = "exposure_largest_total"
LOWEST = "diversion_rate_lowest"
COLLECTED = "collected_rate_lowest"


def burden_spread(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """No region of sites bears more than its share of what is treated.

    `hosted_share_largest`: kt treated in the region <= max x kt treated in all
    [kt/y]; `exposure_share_largest`: the same, times people beside each site
    [M person t/y].  In the last year of a period.  For totals that are asked for:
    largest >= what the region has over all years.
    """
    rows = [
        (target, t, region, most)
        for target, t, _, most in rows_of_metric(data, SHARE_METRICS)
        for region in host_regions(data)
    ]

    def limit(m: pyo.ConcreteModel, k: int) -> object:
        target, t, region, most = rows[k]
        weight = burden(data, target.metric)
        own = treated(m, data, weight * hosted_by(data, region), t)
        size = float(weight.max(initial=0.0)) * _most_kt(data, t)
        room = slack(m, data, "burden_spread", target.id, t, size)
        return own + m.nothing <= most * treated(m, data, weight, t) + room

    asked = [x for x in (EXPOSED, HOSTED) if x in asked_totals(data.s.scenario)]
    m.largest = pyo.Var(asked, domain=pyo.NonNegativeReals)

    def largest(m: pyo.ConcreteModel, name: str, region: str) -> object:
        weight = burden(data, name) * hosted_by(data, region)
        return m.largest[name] >= treated(m, data, weight)

    m.burden_spread = pyo.Constraint(range(len(rows)), rule=limit)
    m.largest_burden = pyo.Constraint(asked, host_regions(data), rule=largest)


def worst_served(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """The lowest diversion of any region is below that of each, in each period.

    lowest/100 x generated + lost <= generated  [kt/y], lowest in percentage points.
    Tonnes under measures depend on the regime at work: lowest x regime is a variable of
    its own, kept exact by product <= 100 x regime and sum(products of a class) =
    lowest.
    """
    if LOWEST in asked_totals(data.s.scenario) and data.sludge_share:
        raise WasteplanError(
            "the lowest diversion of a region cannot be planned for together with "
            "effluent, whose sludge is waste that depends on the plan: set a target "
            "for each region instead"
        )

    def lost(target: Target, t: int) -> Term:
        feeds = counted_feeds(data, LOST, target.region)
        leaked = tonnes_of(m, data, target, t, data.s.sources.leaked_lost_kt)
        return leaked + sum(m.throughput[f, t] for f in feeds)

    _lowest_rate(m, data, LOWEST, lost)


def worst_collected(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """The lowest share collected of any region is below that of each, in each period.

    collected/100 x generated + uncollected <= generated  [kt/y], in percentage points;
    uncollected is what is burnt, dumped or left where it arises.  Both are constants of
    a regime of measures, so that measures alone decide; products as in `worst_served`.
    """

    def uncollected(target: Target, t: int) -> Term:
        return tonnes_of(m, data, target, t, data.s.sources.uncollected_kt)

    _lowest_rate(m, data, COLLECTED, uncollected)


NAMES = {
    LOWEST: ("lowest", "worst_served"),
    COLLECTED: ("collected", "worst_collected"),
}
"""Total -> its variable and its rows."""


def _lowest_rate(
    m: pyo.ConcreteModel,
    data: PlanningData,
    name: str,
    missing: Callable[[Target, int], Term],
) -> None:
    """A rate below that of every region and period, and its products with regimes.

    Parameters
    ----------
    missing
        What a region lacks of the rate in a period.  [kt/y]
    """
    short, family = NAMES[name]
    is_asked = name in asked_totals(data.s.scenario)
    rate = pyo.Var([name] if is_asked else [], bounds=(0, PERCENT))
    setattr(m, short, rate)
    in_use = list(m.REGIMES) if is_asked else []
    under = pyo.Var(in_use, bounds=(0, PERCENT))
    setattr(m, f"{short}_under", under)
    rows = list(served_regions(data)) if is_asked else []

    def below(m: pyo.ConcreteModel, k: int) -> object:
        target, t = rows[k]
        reached = _times(data, target, t, rate[name], under) / PERCENT
        whole = tonnes_of(m, data, target, t, data.s.sources.generated_kt)
        return reached + missing(target, t) <= whole

    def only_if(m: pyo.ConcreteModel, r: int, t: int) -> object:
        return under[r, t] <= PERCENT * m.regime[r, t]

    def whole(m: pyo.ConcreteModel, kind: str, t: int) -> object:
        if not is_asked:
            return pyo.Constraint.Skip
        parts = [under[r, t] for r in data.regimes_of[kind] if (r, t) in m.regime]
        return sum(parts) == rate[name]

    classes = list(data.regimes_of)
    setattr(m, family, pyo.Constraint(range(len(rows)), rule=below))
    setattr(m, f"{short}_if_regime", pyo.Constraint(in_use, rule=only_if))
    by_regime = pyo.Constraint(classes, m.PERIODS, rule=whole)
    setattr(m, f"{short}_by_regime", by_regime)


def _times(
    data: PlanningData, target: Target, t: int, rate: Term, under: pyo.Var
) -> Term:
    """Generated tonnes of a region times a rate.  [kt/y x %]"""
    sources, regime = data.s.sources, data.s.sources.regime
    inside = np.array([region == target.region for region in sources.region])
    kt = np.where(inside, sources.generated_kt[:, t], 0.0)
    found = float(kt[regime == NO_REGIME].sum()) * rate
    for r in range(len(data.s.regimes)):
        amount = float(kt[regime == r].sum())
        if amount > 0 and (r, t) in under:
            found = found + amount * under[r, t]
    return found


def diversion_lowest(m: pyo.ConcreteModel, data: PlanningData) -> Term:
    """The lowest diversion of any region in any period.  [percentage points]"""
    return _asked(m.lowest, LOWEST)


def collected_lowest(m: pyo.ConcreteModel, data: PlanningData) -> Term:
    """The lowest share collected of any region in any period.  [percentage points]"""
    return _asked(m.collected, COLLECTED)


def hosted_largest(m: pyo.ConcreteModel, data: PlanningData) -> Term:
    """What is treated in the region of sites that treats most, all years.  [kt]"""
    return _asked(m.largest, HOSTED)


def exposure_largest(m: pyo.ConcreteModel, data: PlanningData) -> Term:
    """Exposure in the region of sites that has most, all years.  [M person t]"""
    return _asked(m.largest, EXPOSED)


def _asked(variable: pyo.Var, name: str) -> Term:
    if name not in variable:
        raise WasteplanError(
            f"{name} is only there if it is the objective or a target limits it"
        )
    return variable[name]


def burden(data: PlanningData, metric: str) -> Floats:
    """(plants,): what a tonne treated weighs: 1, or people beside the site."""
    if metric.startswith("exposure"):
        return people_in_thousands(data)
    return np.asarray(sum(hosted_by(data, r) for r in host_regions(data)))


def host_regions(data: PlanningData) -> tuple[str, ...]:
    """Regions with sites, in order of sites."""
    return tuple(dict.fromkeys(s.region for s in data.s.scenario.sites))


def served_regions(data: PlanningData) -> Iterator[tuple[Target, int]]:
    """Each region with waste, and period, as the scope of a target."""
    for region in dict.fromkeys(data.s.sources.region):
        scope = Target(id=region, metric="landfill_diversion_rate", region=region)
        for t in data.periods:
            if most_generated_kt(data, scope, t) > 0:
                yield scope, t


def _most_kt(data: PlanningData, t: int) -> float:
    """All that plants could take in a period's last year.  [kt/y]"""
    return float(data.reach_kt[:, t].sum())
