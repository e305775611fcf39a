"""Which requirements a plan does not meet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from wasteplan.evaluation import plant_requirements as plant
from wasteplan.evaluation import site_requirements as site
from wasteplan.evaluation.checking import ABSOLUTE, RELATIVE, Results, is_above
from wasteplan.evaluation.lots import UNROUTED
from wasteplan.evaluation.result import Violation
from wasteplan.indicators.diversion import diversion_rates


def violations(results: Results) -> tuple[Violation, ...]:
    """All requirements that are not met, family by family."""
    return tuple(v for check in CHECKS for v in check(results))


def routing(r: Results) -> Iterator[Violation]:
    """Everything that does not leak is taken somewhere."""
    index = r.books.course.index
    for t, flows in enumerate(r.books.course.flows):
        lost: dict[str, float] = defaultdict(float)
        for k in np.flatnonzero(flows.destination == index.place(UNROUTED)):
            lot = index.lots[flows.lot[k]]
            origin = index.places[flows.origin[k]]
            lost[f"{origin}: {lot.name}"] += float(flows.tonnes[k, -1])
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
        for t, period in enumerate(r.books.scenario.periods):
            if target.period not in ("", period.id):
                continue
            if target.metric == "capex":
                value = sum(
                    a.capex
                    for found in r.books.assets.values()
                    for a in found
                    if a.opened == t
                )
                unit, absolute = "money", 1.0
            else:
                value = _diversion(r.waste, period.id, target.region, target.stream)
                unit, absolute = "-", 1e-6
            for limit, sign in ((target.max, 1.0), (target.min, -1.0)):
                if limit is not None and is_above(sign * value, sign * limit, absolute):
                    yield Violation(
                        target.metric, target.id, period.id, value, limit, unit
                    )


def _diversion(waste: pd.DataFrame, period: str, region: str, stream: str) -> float:
    inside = waste["period"] == period
    if region:
        inside &= waste["region"] == region
    if stream:
        inside &= waste["stream"] == stream
    return float(diversion_rates(waste[inside]).iloc[0]["landfill_diversion_rate"])


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
    targets,
)
