"""Which requirements a plan does not meet."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterator

import numpy as np

from wasteplan.evaluation import plant_requirements as plant
from wasteplan.evaluation import site_requirements as site
from wasteplan.evaluation.burdens import burden_reached
from wasteplan.evaluation.checking import ABSOLUTE, RELATIVE, Results, is_above
from wasteplan.evaluation.horizon import total
from wasteplan.evaluation.lots import UNROUTED
from wasteplan.evaluation.measures import misused
from wasteplan.evaluation.reaching import (
    SHARE,
    UNITS,
    informal_income,
    reached_in,
)
from wasteplan.evaluation.result import Evaluation, Violation
from wasteplan.plan.records import plant_id
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import (
    BURDEN_METRICS,
    HORIZON_METRICS,
    INFORMAL_METRICS,
    SHARE_METRICS,
)
from wasteplan.scenario.totals import TOTALS

CENTRE = "centre"


def violations(results: Results) -> tuple[Violation, ...]:
    """All requirements that are not met, family by family."""
    return tuple(v for check in CHECKS for v in check(results))


def routing(r: Results) -> Iterator[Violation]:
    """Everything that does not leak is taken somewhere, in every year."""
    index = r.books.course.index
    for t, flows in enumerate(r.books.course.flows):
        lost: dict[str, float] = defaultdict(float)
        for k in np.flatnonzero(flows.destination == index.place(UNROUTED)):
            lot = index.lots[flows.lot[k]]
            origin = index.places[flows.origin[k]]
            lost[f"{origin}: {lot.name}"] += float(flows.tonnes[k].max())
        for where, tonnes in lost.items():
            if tonnes > ABSOLUTE:
                yield Violation(
                    "everything_is_routed", where, r.period(t), tonnes, 0.0, "t/y"
                )


def service_distance(r: Results) -> Iterator[Violation]:
    """First hauls are no longer than the settings allow."""
    limit = r.books.scenario.settings.solve.service_distance_max_km
    if limit is None:
        return
    places = r.books.course.index.places
    for t, flows in enumerate(r.books.course.flows):
        km = r.books.trips[t].distance_km
        far = (km > limit * (1 + RELATIVE)) & (flows.tonnes[:, -1] > 0)
        for k in np.flatnonzero(far):
            origin = places[flows.origin[k]]
            if origin in r.books.scenario.generator:
                where = f"{origin} -> {places[flows.destination[k]]}"
                yield Violation(
                    "service_distance", where, r.period(t), float(km[k]), limit, "km"
                )


def targets(r: Results) -> Iterator[Violation]:
    """What the planner is asked to reach, in the last year of each period."""
    for target in r.books.scenario.targets:
        for period in r.books.scenario.periods:
            if target.period not in ("", period.id):
                continue
            if target.metric in (*HORIZON_METRICS, *BURDEN_METRICS):
                continue
            if target.metric in INFORMAL_METRICS:
                value = informal_income(r.informal, target, period.id)
            else:
                value = reached_in(
                    r.books.scenario,
                    r.books.plan,
                    r.waste,
                    r.emissions,
                    target,
                    period.id,
                )
            if value is None:
                continue
            unit = UNITS[target.metric]
            absolute = 1e-6 if unit == SHARE else 1.0
            for limit, sign in ((target.max, 1.0), (target.min, -1.0)):
                if limit is not None and is_above(sign * value, sign * limit, absolute):
                    yield Violation(
                        target.metric, target.id, period.id, value, limit, unit
                    )


def horizon_limits(scenario: Scenario, found: Evaluation) -> Iterator[Violation]:
    """What adds up over all years stays within its limit."""
    for target in scenario.targets:
        if target.metric not in HORIZON_METRICS:
            continue
        sign = TOTALS[target.metric].sign
        limit = target.max if sign > 0 else target.min
        if limit is None:
            continue
        value, unit = total(scenario, target.metric, found), UNITS[target.metric]
        absolute = 1e-6 if unit == SHARE else 1.0
        if math.isnan(value) or is_above(sign * value, sign * limit, absolute):
            yield Violation(target.metric, target.id, "", value, limit, unit)


def burden_limits(scenario: Scenario, found: Evaluation) -> Iterator[Violation]:
    """Jobs and the spread of burdens stay within their limits, in each period."""
    for target in scenario.targets:
        if target.metric not in ("jobs", *SHARE_METRICS):
            continue
        for period in scenario.periods:
            value = burden_reached(scenario, found, target.metric, period.id)
            if target.period not in ("", period.id) or value is None:
                continue
            sign = -1.0 if target.metric == "jobs" else 1.0
            limit = target.min if target.metric == "jobs" else target.max
            if limit is not None and (
                math.isnan(value) or is_above(sign * value, sign * limit, 1e-6)
            ):
                unit = UNITS[target.metric]
                yield Violation(target.metric, target.id, period.id, value, limit, unit)


def choices(r: Results) -> Iterator[Violation]:
    """What the planner forced works, what is forbidden did not open."""
    scenario = r.books.scenario
    for choice in scenario.choices:
        plant = choice.site
        if choice.technology != CENTRE:
            plant = plant_id(choice.site, choice.technology)
        found = [
            a
            for a in r.books.assets.get(plant, ())
            if choice.size in ("", a.size) and a.opened >= 0
        ]
        first = 0
        if choice.period:
            first = [p.id for p in scenario.periods].index(choice.period)
        for t, period in enumerate(scenario.periods):
            if choice.choice == "force" and t >= first:
                if not any(a.works[t] for a in found):
                    yield Violation("forced", plant, period.id, 0.0, 1.0, "facilities")
            elif choice.choice == "forbid" and choice.period in ("", period.id):
                n = float(sum(a.opened == t for a in found))
                if n:
                    yield Violation("forbidden", plant, period.id, n, 0.0, "facilities")


def single_sourcing(r: Results) -> Iterator[Violation]:
    """Every generator's stream goes to one place in a period, if that is asked."""
    if not r.books.scenario.settings.solve.single_sourcing:
        return
    seen: dict[tuple[str, str, str], int] = defaultdict(int)
    for route in r.books.plan.routes:
        if route.origin in r.books.scenario.generator and route.share > RELATIVE:
            seen[route.origin, route.stream, route.period] += 1
    for (origin, stream, period), n in seen.items():
        if n > 1:
            where = f"{origin}: {stream}"
            yield Violation("single_sourcing", where, period, n, 1.0, "places")


CHECKS: tuple[Callable[[Results], Iterator[Violation]], ...] = (
    plant.mass_capacity,
    plant.heat_capacity,
    plant.minimum_load,
    plant.blend_limits,
    plant.airspace,
    plant.acceptance,
    plant.outlet_limits,
    routing,
    service_distance,
    site.site_permit,
    site.site_airspace,
    site.builds,
    site.sizes,
    site.scores,
    targets,
    choices,
    single_sourcing,
    misused,
)
