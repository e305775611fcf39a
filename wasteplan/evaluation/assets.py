"""What stands where and works when: existing facilities, builds, closures."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wasteplan.evaluation.lots import Floats, period_years
from wasteplan.evaluation.routing import raise_all
from wasteplan.finance.annuity import capital_recovery_factor
from wasteplan.plan.records import Build, Plan, plant_id
from wasteplan.scenario.derived import build_works_in, facility_works_in
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import ExistingFacility
from wasteplan.treatment.records import Size

CENTRE = "centre"
OUTLET = "outlet"


@dataclass(frozen=True)
class Asset:
    """A size of a technology, or a centre, that stands or is built."""

    plant: str
    site: str
    technology: str
    size: str
    build: Build | None
    """None for what stands today."""
    works: NDArray[np.bool_]
    """Per period."""
    opened: int
    """Period of the opening; -1 before the horizon."""
    mass_max_t_per_y: float
    """Overload included.  [t/y]"""
    nominal_t_per_y: float
    heat_max_tj_per_y: float
    """NaN without a heat rating."""
    load_min: float
    """TJ/y with a heat rating, else t/y."""
    airspace_m3: float
    """NaN unknown or no landfill."""
    capex: float
    capital_per_y: tuple[Floats, ...]
    """Per period: charge of each year.  [money/y]"""
    land_per_y: tuple[Floats, ...]
    fixed_om_per_y: float


def assets(scenario: Scenario, plan: Plan) -> tuple[Asset, ...]:
    """Everything that stands or is built, in order of existing, then builds.

    Raises
    ------
    PlanError
        Builds or closures name what does not exist; all are listed.
    """
    raise_all(plan, _unknown(scenario, plan))
    found = [_existing(scenario, plan, f) for f in scenario.facilities]
    found += [
        _existing_centre(scenario, c.id) for c in scenario.centres if c.is_existing
    ]
    for build in plan.builds:
        make = _built_centre if build.site in scenario.centre else _built
        found.append(make(scenario, build))
    return tuple(found)


def by_plant(found: tuple[Asset, ...]) -> dict[str, list[Asset]]:
    """Assets of every plant and centre."""
    plants: dict[str, list[Asset]] = defaultdict(list)
    for asset in found:
        plants[asset.plant].append(asset)
    return dict(plants)


def _unknown(scenario: Scenario, plan: Plan) -> Iterator[str]:
    periods = {p.id for p in scenario.periods}
    for build in plan.builds:
        where = f"build {build.site}, {build.technology}, {build.size}, {build.period}"
        if build.period not in periods:
            yield f"{where}: no period '{build.period}'"
        if build.site in scenario.centre:
            if scenario.centre[build.site].is_existing:
                yield f"{where}: the centre stands already"
        elif build.site not in scenario.site:
            yield f"{where}: no site or centre '{build.site}'"
        elif (build.technology, build.size) not in scenario.size:
            yield f"{where}: no size '{build.size}' of '{build.technology}'"
    facilities = {f.id for f in scenario.facilities}
    for closure in plan.closures:
        if closure.facility not in facilities:
            yield f"closure: no facility '{closure.facility}'"
        if closure.period not in periods:
            yield f"closure of {closure.facility}: no period '{closure.period}'"


def _index(scenario: Scenario, period: str) -> int:
    return [p.id for p in scenario.periods].index(period)


def _existing(scenario: Scenario, plan: Plan, row: ExistingFacility) -> Asset:
    ends = [_index(scenario, c.period) for c in plan.closures if c.facility == row.id]
    closed = min(ends, default=len(scenario.periods))
    works = [
        t < closed and facility_works_in(scenario, row, p)
        for t, p in enumerate(scenario.periods)
    ]
    size = scenario.size[row.technology, row.size]
    left = row.airspace_left_m3
    none = tuple(np.zeros(len(span)) for span in period_years(scenario))
    return Asset(
        plant=plant_id(row.site, row.technology),
        site=row.site,
        technology=row.technology,
        size=row.size,
        build=None,
        works=np.array(works, bool),
        opened=-1,
        airspace_m3=_number(left if left is not None else size.airspace_m3),
        capex=0.0,
        capital_per_y=none,
        land_per_y=none,
        fixed_om_per_y=size.fixed_om_per_y or 0.0,
        **_rating(scenario, size),
    )


def _built(scenario: Scenario, build: Build) -> Asset:
    size = scenario.size[build.technology, build.size]
    lifetime = scenario.technology[build.technology].lifetime_y or math.inf
    rate = scenario.settings.economics.discount_rate
    land = size.land_m2 * scenario.site[build.site].land_cost_per_m2
    opened = _index(scenario, build.period)
    years = charged_years(scenario, opened, lifetime)
    yearly = (size.capex or 0.0) * capital_recovery_factor(rate, lifetime)
    return Asset(
        plant=plant_id(build.site, build.technology),
        site=build.site,
        technology=build.technology,
        size=build.size,
        build=build,
        works=_works(scenario, opened, lifetime),
        opened=opened,
        airspace_m3=_number(size.airspace_m3),
        capex=size.capex or 0.0,
        capital_per_y=tuple(yearly * y for y in years),
        land_per_y=tuple(rate * land * y for y in years),
        fixed_om_per_y=size.fixed_om_per_y or 0.0,
        **_rating(scenario, size),
    )


def _built_centre(scenario: Scenario, build: Build) -> Asset:
    centre = scenario.centre[build.site]
    rate = scenario.settings.economics.discount_rate
    opened = _index(scenario, build.period)
    years = charged_years(scenario, opened, centre.lifetime_y)
    yearly = centre.capex * capital_recovery_factor(rate, centre.lifetime_y)
    return _centre(
        scenario,
        centre.id,
        build=build,
        works=_works(scenario, opened, centre.lifetime_y),
        opened=opened,
        capex=centre.capex,
        capital=tuple(yearly * y for y in years),
    )


def _existing_centre(scenario: Scenario, id: str) -> Asset:
    none = tuple(np.zeros(len(span)) for span in period_years(scenario))
    works = np.ones(len(scenario.periods), bool)
    return _centre(
        scenario, id, build=None, works=works, opened=-1, capex=0.0, capital=none
    )


def _centre(
    scenario: Scenario,
    id: str,
    *,
    build: Build | None,
    works: NDArray[np.bool_],
    opened: int,
    capex: float,
    capital: tuple[Floats, ...],
) -> Asset:
    centre = scenario.centre[id]
    return Asset(
        plant=id,
        site=id,
        technology=CENTRE,
        size=CENTRE,
        build=build,
        works=works,
        opened=opened,
        mass_max_t_per_y=centre.throughput_max_t_per_y,
        nominal_t_per_y=centre.throughput_max_t_per_y,
        heat_max_tj_per_y=math.nan,
        load_min=0.0,
        airspace_m3=math.nan,
        capex=capex,
        capital_per_y=capital,
        land_per_y=tuple(np.zeros_like(c) for c in capital),
        fixed_om_per_y=centre.fixed_om_per_y,
    )


def charged_years(
    scenario: Scenario, opened: int, lifetime_y: float
) -> tuple[Floats, ...]:
    """1 in every year from opening to the end of life or horizon, per period.  [-]"""
    first = scenario.periods[opened].first_year
    return tuple(
        np.array([float(first <= y <= first + lifetime_y - 1) for y in span])
        for span in period_years(scenario)
    )


def _works(scenario: Scenario, opened: int, lifetime_y: float) -> NDArray[np.bool_]:
    first = scenario.periods[opened].first_year
    return np.array(
        [build_works_in(scenario, lifetime_y, first, p) for p in scenario.periods], bool
    )


def _rating(scenario: Scenario, size: Size) -> dict[str, float]:
    """Mass and heat limits; availability is applied here and nowhere else."""
    technology = scenario.technology[size.technology]
    available_t = size.capacity_t_per_y * (technology.availability or 1.0)
    least = technology.load_min or 0.0
    if size.lhv_design_mj_per_kg is None:
        return {
            "nominal_t_per_y": size.capacity_t_per_y,
            "mass_max_t_per_y": available_t,
            "heat_max_tj_per_y": math.nan,
            "load_min": least * available_t,
        }
    heat_tj = available_t * size.lhv_design_mj_per_kg * 1e-3  # 1 t x MJ/kg = 1 GJ
    return {
        "nominal_t_per_y": size.capacity_t_per_y,
        "mass_max_t_per_y": available_t * technology.mass_overload_max,
        "heat_max_tj_per_y": heat_tj,
        "load_min": least * heat_tj,
    }


def _number(value: float | None) -> float:
    return math.nan if value is None else value
