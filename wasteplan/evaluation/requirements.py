"""Which requirements a plan does not meet."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from wasteplan.evaluation.assets import CENTRE
from wasteplan.evaluation.books import Books
from wasteplan.evaluation.facilities import PlantState
from wasteplan.evaluation.following import Lots
from wasteplan.evaluation.lots import UNROUTED, Lot
from wasteplan.evaluation.result import Violation
from wasteplan.indicators.diversion import diversion_rates
from wasteplan.plan.records import RAW
from wasteplan.scenario.derived import (
    accepted_by,
    opening_is_possible,
    outlet_works_in,
    site_is_open_in,
)
from wasteplan.units import words
from wasteplan.waste.material import blend, blend_property

RELATIVE = 1e-5  # a solver meets its rows about so closely
ABSOLUTE = 2e-3  # t/y, m3: what is left of a solver's 1e-6 kt/y


@dataclass(frozen=True)
class Results:
    """What requirements are checked against."""

    books: Books
    states: tuple[PlantState, ...]
    waste: pd.DataFrame

    def period(self, t: int) -> str:
        """The id of a period."""
        return self.books.scenario.periods[t].id


def is_above(value: float, limit: float, absolute: float = ABSOLUTE) -> bool:
    """Whether a value exceeds a limit by more than rounding."""
    return value > limit + max(RELATIVE * abs(limit), absolute)


def violations(results: Results) -> tuple[Violation, ...]:
    """All requirements that are not met, family by family."""
    return tuple(v for check in CHECKS for v in check(results))


def mass_capacity(r: Results) -> Iterator[Violation]:
    """No plant takes more than its mass capacity (overload included); centres too."""
    for s in r.states:
        if is_above(s.throughput_t, s.mass_max_t):
            name = "centre_throughput" if s.technology == CENTRE else "mass_capacity"
            if not s.at_work:
                name = "plant_works"
            yield Violation(
                name, s.plant, r.period(s.period), s.throughput_t, s.mass_max_t, "t/y"
            )


def heat_capacity(r: Results) -> Iterator[Violation]:
    """No burner takes more heat than its rating; unknown heat is a violation."""
    for s in r.states:
        if math.isnan(s.heat_max_tj) or not s.throughput_t:
            continue
        if math.isnan(s.heat_tj) or is_above(s.heat_tj, s.heat_max_tj, 1e-5):
            yield Violation(
                "heat_capacity",
                s.plant,
                r.period(s.period),
                s.heat_tj,
                s.heat_max_tj,
                "TJ/y",
            )


def minimum_load(r: Results) -> Iterator[Violation]:
    """What works is fed at least its least load: heat if it has a rating."""
    for s in r.states:
        heated = not math.isnan(s.heat_max_tj)
        load = s.heat_tj if heated else s.throughput_t
        if is_above(s.load_min, load, 1e-5 if heated else ABSOLUTE):
            unit = "TJ/y" if heated else "t/y"
            yield Violation(
                "minimum_load", s.plant, r.period(s.period), load, s.load_min, unit
            )


def blend_limits(r: Results) -> Iterator[Violation]:
    """The mean of a property over all that a plant takes stays within its limits."""
    intensities = r.books.intensities
    for s in r.states:
        rows = [
            b for b in r.books.scenario.blend_limits if b.technology == s.technology
        ]
        if not rows or s.throughput_t <= ABSOLUTE:
            continue
        parts = {lot: t for lot, t in s.lots.items() if t[-1] > 0}
        mix = blend(
            [intensities.materials.all[lot.material] for lot in parts],
            [float(t[-1]) for t in parts.values()],
        )
        for row in rows:
            value = blend_property(mix, intensities.materials.table, row.property)
            unit = "MJ/kg" if row.property == "lhv_mj_per_kg" else "kg/kg"
            for limit, sign in ((row.max, 1.0), (row.min, -1.0)):
                if limit is None:
                    continue
                if math.isnan(value) or is_above(sign * value, sign * limit, 1e-9):
                    yield Violation(
                        f"blend_{row.property}",
                        s.plant,
                        r.period(s.period),
                        value,
                        limit,
                        unit,
                    )


def airspace(r: Results) -> Iterator[Violation]:
    """Landfills take no more than the volume opened so far."""
    for s in r.states:
        volume = s.airspace_used_m3 + s.airspace_left_m3
        if is_above(s.airspace_used_m3, volume):
            yield Violation(
                "airspace",
                s.plant,
                r.period(s.period),
                s.airspace_used_m3,
                volume,
                "m3",
            )


def acceptance(r: Results) -> Iterator[Violation]:
    """Plants, centres and outlets take only what they accept, hazardous or not."""
    scenario = r.books.scenario
    for s in r.states:
        for name, tonnes, lot in _by_name(s.lots):
            if s.technology == CENTRE:
                streams = words(scenario.centre[s.plant].accepts)
                accepted = lot.product == RAW and (not streams or name in streams)
                consents = True
            else:
                accepted = name in accepted_by(scenario, s.technology)
                consents = scenario.technology[s.technology].accepts_hazardous
            where = f"{s.plant}: {name}"
            if not accepted:
                yield Violation(
                    "acceptance", where, r.period(s.period), tonnes, 0.0, "t/y"
                )
            if _is_hazardous(r.books, lot) and not consents:
                yield Violation(
                    "hazardous_consent", where, r.period(s.period), tonnes, 0.0, "t/y"
                )
    for (t, place), lots in r.books.course.intake.items():
        if place not in scenario.outlet:
            continue
        taken = words(scenario.outlet[place].accepts)
        for name, tonnes, _ in _by_name(lots):
            if name not in taken:
                yield Violation(
                    "acceptance", f"{place}: {name}", r.period(t), tonnes, 0.0, "t/y"
                )


def _by_name(lots: Lots) -> Iterator[tuple[str, float, Lot]]:
    """(what it is called, tonnes of the last year, one of its lots)."""
    sums: dict[str, float] = defaultdict(float)
    example: dict[str, Lot] = {}
    for lot, tonnes in lots.items():
        sums[lot.name] += float(tonnes[-1])
        example[lot.name] = lot
    for name, last_t in sums.items():
        if last_t > ABSOLUTE:
            yield name, last_t, example[name]


def _is_hazardous(books: Books, lot: Lot) -> bool:
    if lot.product == RAW:
        return books.scenario.stream[lot.stream].is_hazardous
    return books.scenario.product[lot.product].is_hazardous


def outlet_limits(r: Results) -> Iterator[Violation]:
    """Outlets take no more than their limit, and nothing while they are closed."""
    for (t, place), lots in r.books.course.intake.items():
        outlet = r.books.scenario.outlet.get(place)
        if outlet is None:
            continue
        taken = sum(float(tonnes[-1]) for tonnes in lots.values())
        is_open = outlet_works_in(r.books.scenario, place, r.period(t))
        limit = math.inf if outlet.limit_t_per_y is None else outlet.limit_t_per_y
        limit = limit if is_open else 0.0
        if is_above(taken, limit):
            yield Violation("outlet_limit", place, r.period(t), taken, limit, "t/y")


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


def site_permit(r: Results) -> Iterator[Violation]:
    """All plants of a site together stay within its permit and its room."""
    tonnes: dict[tuple[int, str], float] = defaultdict(float)
    at_work: dict[tuple[int, str], set[str]] = defaultdict(set)
    for s in r.states:
        if s.technology != CENTRE:
            tonnes[s.period, s.site] += s.throughput_t
            if s.at_work:
                at_work[s.period, s.site].add(s.technology)
    for (t, site), taken in tonnes.items():
        row = r.books.scenario.site[site]
        permit = row.permit_t_per_y
        if permit is not None and is_above(taken, permit):
            yield Violation("site_permit", site, r.period(t), taken, permit, "t/y")
        n = len(at_work[t, site])
        if n > row.facilities_max:
            yield Violation(
                "site_room", site, r.period(t), n, row.facilities_max, "technologies"
            )


def site_airspace(r: Results) -> Iterator[Violation]:
    """All cells opened on a site fit its airspace."""
    for site in r.books.scenario.sites:
        if site.airspace_m3 is None:
            continue
        opened = [
            a
            for found in r.books.assets.values()
            for a in found
            if a.site == site.id and a.build and not math.isnan(a.airspace_m3)
        ]
        for t in sorted({a.opened for a in opened}):
            volume = sum(a.airspace_m3 for a in opened if a.opened <= t)
            if is_above(volume, site.airspace_m3):
                yield Violation(
                    "site_airspace",
                    site.id,
                    r.period(t),
                    volume,
                    site.airspace_m3,
                    "m3",
                )


def builds(r: Results) -> Iterator[Violation]:
    """What is built is allowed there, has had its lead time, and may be closed."""
    scenario = r.books.scenario
    base_year = scenario.settings.scenario.base_year
    for build in r.books.plan.builds:
        first = next(p.first_year for p in scenario.periods if p.id == build.period)
        name = build.site if build.site in scenario.centre else build.technology
        if not opening_is_possible(scenario, name, build.period):
            lead = _lead_time_y(r.books, name)
            yield Violation(
                "lead_time",
                build.site,
                build.period,
                first,
                math.ceil(base_year + lead),
                "year",
            )
        if build.site in scenario.centre:
            continue
        site = scenario.site[build.site]
        if not site_is_open_in(scenario, site.id, build.period):
            yield Violation(
                "site_opens",
                site.id,
                build.period,
                first,
                site.opens_from or first,
                "year",
            )
        if build.technology not in words(site.technologies):
            where = f"{site.id}: {build.technology}"
            yield Violation("site_allows", where, build.period, 1, 0, "builds")
        for c in scenario.site_criteria:
            if c.site != site.id or c.kind != "exclusion":
                continue
            for limit, sign in ((c.max, 1.0), (c.min, -1.0)):
                if limit is not None and sign * c.value > sign * limit:
                    where = f"{site.id}: {c.criterion}"
                    yield Violation(
                        "site_exclusion", where, build.period, c.value, limit, ""
                    )
    may_close = {f.id: f.may_close for f in scenario.facilities}
    for closure in r.books.plan.closures:
        if not may_close[closure.facility]:
            yield Violation(
                "closing", closure.facility, closure.period, 1, 0, "closures"
            )


def _lead_time_y(books: Books, name: str) -> float:
    if name in books.scenario.centre:
        return books.scenario.centre[name].lead_time_y
    return books.scenario.technology[name].lead_time_y or 0.0


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
    mass_capacity,
    heat_capacity,
    minimum_load,
    blend_limits,
    airspace,
    acceptance,
    outlet_limits,
    routing,
    service_distance,
    site_permit,
    site_airspace,
    builds,
    targets,
)
