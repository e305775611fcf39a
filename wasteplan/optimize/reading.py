"""From a solution back to a plan: builds, closures, routes as shares."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pyomo.environ as pyo

from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.decisions import active, at_work, opened
from wasteplan.optimize.handover import Problem
from wasteplan.optimize.running import Outcome
from wasteplan.optimize.selling import all_sold
from wasteplan.plan.records import (
    RAW,
    Build,
    Closure,
    MeasureAtWork,
    Plan,
    Proof,
    Route,
)
from wasteplan.scenario.totals import COST, TOTALS
from wasteplan.superstructure.model import CENTRE, Floats, Option, Superstructure

MILLION = 1e6
SHARE_MIN = 1e-9  # smaller shares are rounding of the solver
SHARE_DECIMALS = 12


def read_plan(p: Problem, outcome: Outcome, name: str) -> Plan:
    """The plan of a solution, with its proof."""
    outcome = all_sold(p, outcome)
    assert outcome.solution is not None
    _load(p, outcome.solution)
    s = p.data.s
    head = s.scenario.settings.scenario
    return Plan(
        scenario=head.name,
        name=name,
        made_by="solve",
        measures=tuple(_measures(p)),
        builds=tuple(_builds(p)),
        closures=tuple(_closures(p)),
        routes=(
            *_first_routes(p, p.first_shares(outcome.solution)),
            *_later_routes(s, p.later_kt(outcome.solution)),
        ),
        proof=proof_of(p.data, outcome),
        first_year=s.spans[0].years[0],
    )


def discounted_tonnes(s: Superstructure) -> float:
    """Waste generated without measures, discounted as money is.  [t]"""
    none = [not regime.measures for regime in s.regimes] + [True]
    is_counted = np.array(none)[s.sources.regime]
    kt = s.sources.generated_kt[is_counted]
    weight = np.array(
        [
            [float(span.discount @ r) for span, r in zip(s.spans, o.ratio, strict=True)]
            for o in s.origins
        ]
    )
    return float((kt * weight[s.sources.origin[is_counted]]).sum()) * 1e3


def proof_of(data: PlanningData, outcome: Outcome) -> Proof:
    """Gap in the objective's unit, per tonne and as a share of its positive part."""
    tonnes, unit = discounted_tonnes(data.s), data.aim_unit
    gap = outcome.gap * unit
    status = outcome.status if outcome.status != "nothing" else "time_limit"
    named = data.s.scenario.settings.solve.objective
    return Proof(
        status=status,  # type: ignore[arg-type]
        objective=outcome.objective * unit,
        bound=min(outcome.bound, outcome.objective) * unit,
        gross_cost=outcome.gross * unit,
        gap=gap,
        gap_of_gross=gap / max(outcome.gross * unit, min(1.0, unit)),
        gap_per_t=gap / max(tonnes, 1.0),
        of=named,
        unit=TOTALS[named].unit if named in TOTALS else TOTALS[COST].unit,
    )


def _load(p: Problem, solution: Floats) -> None:
    """Put values into the Pyomo variables so that expressions can be read."""
    for variable in p.model.component_data_objects(pyo.Var):
        value = p.value(solution, variable)
        if variable.is_binary():
            value = float(round(value))
        variable.set_value(value, skip_validation=True)


def _builds(p: Problem) -> list[Build]:
    s = p.data.s
    found = []
    for o, option in enumerate(s.options):
        for t, span in enumerate(s.spans):
            if pyo.value(opened(p.model, p.data, o, t)) > 0.5:
                if _is_free(option) and not _is_used(p, option.plant, t):
                    continue  # a build that costs and does nothing is no advice
                plant = s.plants[option.plant]
                size = CENTRE if plant.technology == CENTRE else option.size
                found.append(
                    Build(
                        site=plant.place,
                        technology=plant.technology,
                        size=size,
                        period=span.id,
                    )
                )
    return found


def _measures(p: Problem) -> list[MeasureAtWork]:
    """Measures of the regimes that are chosen."""
    return [
        MeasureAtWork(measure=measure, period=span.id)
        for t, span in enumerate(p.data.s.spans)
        for r, regime in enumerate(p.data.s.regimes)
        if _is_chosen(p, r, t)
        for measure in regime.measures
    ]


def _is_chosen(p: Problem, regime: int, t: int) -> bool:
    return bool(pyo.value(at_work(p.model, p.data, regime, t)) > 0.5)


def _is_free(option: Option) -> bool:
    return not option.capital_m.any() and not option.fixed_om_m.any()


def _is_used(p: Problem, plant: int, since: int) -> bool:
    """Whether a plant takes anything from a period on."""
    return any(
        pyo.value(p.model.throughput[f, t]) > SHARE_MIN
        for f in p.data.feeds_of[plant]
        for t in p.data.periods
        if t >= since
    )


def _closures(p: Problem) -> list[Closure]:
    s = p.data.s
    found = []
    for o, option in enumerate(s.options):
        if not option.may_close:
            continue
        for t, span in enumerate(s.spans):
            stands = bool(option.works[0, t])
            if stands and pyo.value(active(p.model, p.data, o, t)) < 0.5:
                found.append(Closure(facility=option.facility, period=span.id))
                break
    return found


def _first_routes(p: Problem, shares: Floats) -> list[Route]:
    found, s = [], p.data.s
    for t, span in enumerate(s.spans):
        totals = np.zeros(len(s.sources.stream))
        chosen = [_is_chosen(p, r, t) for r in range(len(s.regimes))] + [True]
        is_there = np.array(chosen)[s.sources.regime[s.first.tail]]
        kept = np.where((shares[t] > SHARE_MIN) & is_there, shares[t], 0.0)
        np.add.at(totals, s.first.tail, kept)
        for a in np.flatnonzero(kept):
            source = s.first.tail[a]
            name = s.sources.generator[source]
            members = s.sources.members[source] if s.sources.members else (name,)
            found += [
                Route(
                    period=span.id,
                    origin=member,
                    stream=s.sources.stream[source],
                    product=RAW,
                    destination=s.plants[s.feeds.plant[s.first.feed[a]]].id,
                    share=_share(kept[a] / totals[source]),
                )
                for member in members
            ]
    return found


def _share(value: float) -> float:
    return float(min(1.0, round(value, SHARE_DECIMALS)))


def _later_routes(s: Superstructure, kt: Floats) -> list[Route]:
    found: list[Route] = []
    for t, span in enumerate(s.spans):
        flows: dict[tuple[int, str], dict[int, dict[int, float]]] = defaultdict(
            lambda: defaultdict(lambda: defaultdict(float))
        )
        for a in np.flatnonzero(kt[t] > 0):
            product = s.commodities[s.later.commodity[a]].product
            where = int(s.feeds.plant[s.later.feed[a]])
            of_output = flows[int(s.later.tail[a]), product]
            of_output[int(s.later.commodity[a])][where] += float(kt[t, a])
        for (p, product), by_commodity in sorted(flows.items()):
            found += _routes_of_output(s, span.id, p, product, by_commodity)
    return found


def _routes_of_output(
    s: Superstructure,
    period: str,
    p: int,
    product: str,
    by_commodity: dict[int, dict[int, float]],
) -> list[Route]:
    """One set of routes for the blend if all commodities agree, else one per origin."""
    shares = {c: _shares(sent) for c, sent in by_commodity.items()}
    shares = {c: share for c, share in shares.items() if share}
    if not shares:
        return []
    first = next(iter(shares.values()))
    agree = all(_same(first, other) for other in shares.values())
    parts = {"": first} if agree else _by_origin(s, by_commodity)
    origin = s.plants[p].id
    return [
        Route(
            period=period,
            origin=origin,
            stream=stream,
            product=product,
            destination=s.plants[d].id,
            share=_share(share),
        )
        for stream, part in sorted(parts.items())
        for d, share in sorted(part.items())
    ]


def routes_tell_all(s: Superstructure, p: Problem, outcome: Outcome) -> bool:
    """Whether routes by origin say exactly what a solution does.

    Two commodities of one origin (it came by two paths, or grows at two rates) that are
    sent to different shares are one route; then the plan is not the solution.
    """
    assert outcome.solution is not None
    kt = p.later_kt(outcome.solution)
    for t in range(s.n_periods):
        sent: dict[tuple[int, int], dict[int, float]] = defaultdict(
            lambda: defaultdict(float)
        )
        for a in np.flatnonzero(kt[t] > 0):
            where = int(s.feeds.plant[s.later.feed[a]])
            key = (int(s.later.tail[a]), int(s.later.commodity[a]))
            sent[key][where] += float(kt[t, a])
        seen: dict[tuple[int, str, str, str], dict[int, float]] = {}
        for (plant, c), places in sent.items():
            share, commodity = _shares(places), s.commodities[c]
            for origin in commodity.origins if share else ():
                for region in s.origins[origin].regions:
                    stream = s.origins[origin].stream
                    known = seen.setdefault(
                        (plant, commodity.product, stream, region), share
                    )
                    if not _same(known, share):
                        return False
    return True


def _shares(sent: dict[int, float]) -> dict[int, float]:
    total = sum(sent.values())
    if total <= SHARE_MIN:
        return {}
    kept = {d: v for d, v in sent.items() if v > SHARE_MIN * total}
    whole = sum(kept.values())
    return {d: v / whole for d, v in kept.items()}


def _same(a: dict[int, float], b: dict[int, float]) -> bool:
    return a.keys() == b.keys() and all(abs(a[d] - b[d]) < 1e-9 for d in a)


def _by_origin(
    s: Superstructure, by_commodity: dict[int, dict[int, float]]
) -> dict[str, dict[int, float]]:
    """Shares per `stream@region`, tonnes of several commodities of one origin added."""
    sent: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for c, destinations in by_commodity.items():
        for origin in s.commodities[c].origins:
            for region in sorted(s.origins[origin].regions):
                name = f"{s.origins[origin].stream}@{region}"
                for d, value in destinations.items():
                    sent[name][d] += value
    return {name: _shares(part) for name, part in sent.items() if _shares(part)}
