"""Where something can work: plants, centres, outlets, and the sizes of each."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from wasteplan.finance.annuity import capital_recovery_factor
from wasteplan.network.places import Centre, Site
from wasteplan.plan.records import plant_id
from wasteplan.scenario.derived import (
    build_works_in,
    facility_works_in,
    opening_is_possible,
)
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import ExistingFacility
from wasteplan.superstructure.model import CENTRE, OUTLET, Floats, Option, Plant, Span
from wasteplan.treatment.records import Size, Technology
from wasteplan.units import words

MILLION = 1e-6
KT_PER_T = 1e-3

COUNTS = {
    "disposal": "landfill",
    "combustion": "recovery",
    "co_processing": "recovery",
}


def plants(scenario: Scenario) -> tuple[Plant, ...]:
    """Plants in order of sites, then centres, then outlets."""
    found: list[Plant] = []
    for site in scenario.sites:
        standing = [f.technology for f in scenario.facilities if f.site == site.id]
        candidates = [] if is_excluded(scenario, site) else words(site.technologies)
        for k in dict.fromkeys([*standing, *candidates]):
            kind = scenario.technology[k].kind
            name = plant_id(site.id, k)
            found.append(Plant(name, site.id, k, kind, COUNTS.get(kind, "")))
    for c in scenario.centres:
        found.append(Plant(c.id, c.id, CENTRE, "storage", ""))
    for o in scenario.outlets:
        found.append(Plant(o.id, o.id, OUTLET, OUTLET, o.counts_as))
    return tuple(found)


def is_excluded(scenario: Scenario, site: Site) -> bool:
    """Whether an exclusion criterion rules the site out for new facilities."""
    return any(
        (c.min is not None and c.value < c.min)
        or (c.max is not None and c.value > c.max)
        for c in scenario.site_criteria
        if c.site == site.id and c.kind == "exclusion"
    )


def options(
    scenario: Scenario, found: tuple[Plant, ...], periods: tuple[Span, ...]
) -> tuple[Option, ...]:
    """Existing facilities and every size that may be built, by plant."""
    made: list[Option] = []
    for p, plant in enumerate(found):
        if plant.technology == OUTLET:
            continue
        if plant.technology == CENTRE:
            made.append(_centre(scenario, p, scenario.centre[plant.id], periods))
            continue
        technology = scenario.technology[plant.technology]
        site = scenario.site[plant.place]
        for f in scenario.facilities:
            if (f.site, f.technology) == (site.id, technology.id):
                made.append(_existing(scenario, p, f, technology, periods))
        if technology.id in words(site.technologies) and not is_excluded(
            scenario, site
        ):
            for size in scenario.sizes:
                if size.technology == technology.id:
                    made += _candidates(scenario, p, site, technology, size, periods)
    return tuple(made)


def _rating(technology: Technology, size: Size) -> tuple[float, float | None, float]:
    """Available mass capacity [kt/y], heat capacity [TJ/y], least load [TJ or kt]."""
    available_kt = size.capacity_t_per_y * KT_PER_T * (technology.availability or 1.0)
    load_min = technology.load_min or 0.0
    if size.lhv_design_mj_per_kg is None:
        return available_kt, None, load_min * available_kt
    heat_tj = available_kt * size.lhv_design_mj_per_kg
    return available_kt * technology.mass_overload_max, heat_tj, load_min * heat_tj


def capital_by_opening(
    scenario: Scenario,
    periods: tuple[Span, ...],
    capex: float,
    lifetime_y: float,
    land_value: float,
) -> Floats:
    """Present value of the yearly capital and land charges within the horizon.

    capex x CRF(r, n) + r x land, every year from opening to the end of life or horizon.

    Returns
    -------
    array, shape (periods,)
        For an opening in each period.  [M money]
    """
    rate = scenario.settings.economics.discount_rate
    yearly = capex * capital_recovery_factor(rate, lifetime_y) + rate * land_value
    years = np.concatenate([p.years for p in periods])
    discount = np.concatenate([p.discount for p in periods])
    charged = [
        (years >= p.years[0]) & (years <= p.years[0] + lifetime_y - 1) for p in periods
    ]
    return np.array([yearly * discount[c].sum() * MILLION for c in charged])


def _fixed(periods: tuple[Span, ...], fixed_om_per_y: float) -> Floats:
    return np.array([fixed_om_per_y * p.discount.sum() * MILLION for p in periods])


def _works(
    scenario: Scenario, lifetime_y: float, periods: tuple[Span, ...]
) -> np.ndarray:
    return np.array(
        [
            [
                t >= o
                and build_works_in(scenario, lifetime_y, opened.years[0], span.id)
                for t, span in enumerate(periods)
            ]
            for o, opened in enumerate(periods)
        ]
    )


def _candidates(
    scenario: Scenario,
    plant: int,
    site: Site,
    technology: Technology,
    size: Size,
    periods: tuple[Span, ...],
) -> list[Option]:
    """A size as an option; a module as one option for each time it may be built."""
    first = _candidate(scenario, plant, site, technology, size, periods)
    if not size.module_of:
        return [first]
    return [
        replace(first, id=f"{first.id}~{k + 1}", module_of=size.module_of, copy=k)
        for k in range(size.modules_max)
    ]


def _candidate(
    scenario: Scenario,
    plant: int,
    site: Site,
    technology: Technology,
    size: Size,
    periods: tuple[Span, ...],
) -> Option:
    capacity, heat, least = _rating(technology, size)
    lifetime = technology.lifetime_y or math.inf
    land = size.land_m2 * site.land_cost_per_m2
    capital = capital_by_opening(scenario, periods, size.capex or 0.0, lifetime, land)
    return Option(
        id=f"{plant_id(site.id, technology.id)}.{size.id}",
        plant=plant,
        size=size.id,
        facility="",
        capacity_kt=capacity,
        heat_capacity_tj=heat,
        heat_min_tj=least,
        airspace_1000m3=(size.airspace_m3 or 0.0) * KT_PER_T,
        capex_m=(size.capex or 0.0) * MILLION,
        may_open=tuple(
            opening_is_possible(scenario, technology.id, p.id)
            and (site.opens_from is None or p.years[0] >= site.opens_from)
            for p in periods
        ),
        works=_works(scenario, lifetime, periods),
        capital_m=capital,
        fixed_om_m=_fixed(periods, size.fixed_om_per_y or 0.0),
    )


def _existing(
    scenario: Scenario,
    plant: int,
    facility: ExistingFacility,
    technology: Technology,
    periods: tuple[Span, ...],
) -> Option:
    size = scenario.size[technology.id, facility.size]
    capacity, heat, least = _rating(technology, size)
    at_work = [facility_works_in(scenario, facility, p.id) for p in periods]
    works = np.zeros((len(periods), len(periods)), dtype=bool)
    works[0] = at_work
    left = facility.airspace_left_m3
    return Option(
        id=facility.id,
        plant=plant,
        size=facility.size,
        facility=facility.id,
        capacity_kt=capacity,
        heat_capacity_tj=heat,
        heat_min_tj=least,
        airspace_1000m3=(left if left is not None else size.airspace_m3 or 0.0)
        * KT_PER_T,
        capex_m=0.0,
        may_open=(True, *(False for _ in periods[1:])),
        works=works,
        capital_m=np.zeros(len(periods)),
        fixed_om_m=_fixed(periods, size.fixed_om_per_y or 0.0),
        may_close=facility.may_close,
    )


def _centre(
    scenario: Scenario, plant: int, centre: Centre, periods: tuple[Span, ...]
) -> Option:
    n = len(periods)
    works = _works(scenario, centre.lifetime_y, periods)
    may_open = [opening_is_possible(scenario, centre.id, p.id) for p in periods]
    capital = capital_by_opening(
        scenario, periods, centre.capex, centre.lifetime_y, 0.0
    )
    if centre.is_existing:  # sunk, and assumed to be kept in repair by its fixed cost
        works = np.zeros((n, n), dtype=bool)
        works[0] = True
        may_open = [True, *(False for _ in periods[1:])]
        capital = np.zeros(n)
    return Option(
        id=centre.id,
        plant=plant,
        size=CENTRE,
        facility=centre.id if centre.is_existing else "",
        capacity_kt=centre.throughput_max_t_per_y * KT_PER_T,
        heat_capacity_tj=None,
        heat_min_tj=0.0,
        airspace_1000m3=0.0,
        capex_m=0.0 if centre.is_existing else centre.capex * MILLION,
        may_open=tuple(may_open),
        works=works,
        capital_m=capital,
        fixed_om_m=_fixed(periods, centre.fixed_om_per_y),
    )
