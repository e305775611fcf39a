"""What a plan builds and closes, the main measure first."""

from __future__ import annotations

from wasteplan.evaluation.books import EFFLUENT
from wasteplan.evaluation.result import Evaluation
from wasteplan.plan.records import Build, Plan, plant_id
from wasteplan.scenario.model import Scenario
from wasteplan.study.naming import place_name
from wasteplan.study.wording import is_known, tonnes_per_year

PLANTS_SHOWN = 5
CENTRE = "centre"


def builds_said(scenario: Scenario, plan: Plan, evaluation: Evaluation) -> str:
    """The plants that treat most, landfills and centres, what closes, measures."""
    plants: dict[str, list[Build]] = {}
    for build in plan.builds:
        plants.setdefault(_place(build), []).append(build)
    taken = _taken(evaluation)

    def importance(place: str) -> tuple[bool, float, float, str]:
        size = sum(capacity_t_per_y(scenario, b) for b in plants[place])
        return (
            _is_last(scenario, plants[place][0]),
            -taken.get(place, 0.0),
            -size,
            place,
        )

    order = sorted(plants, key=importance)
    said = [_one(scenario, place, plants[place]) for place in order[:PLANTS_SHOWN]]
    rest = len(order) - len(said)
    if rest:
        said.append(f"{rest} smaller {'one' if rest == 1 else 'ones'}")
    first_year = {p.id: p.first_year for p in scenario.periods}
    for closure in plan.closures:
        year = first_year.get(closure.period, closure.period)
        said.append(f"close {_facility(scenario, closure.facility)} from {year}")
    said += _at_the_source(plan, first_year)
    return "; ".join(said) or "nothing new; existing facilities carry the waste"


def _at_the_source(plan: Plan, first_year: dict[str, int]) -> list[str]:
    """Measures with the year in which each starts."""
    starts: dict[str, int] = {}
    for m in plan.measures:
        year = first_year.get(m.period, 0)
        starts[m.measure] = min(year, starts.get(m.measure, year))
    in_time = sorted(starts.items(), key=lambda item: (item[1], item[0]))
    return [f"{name.replace('_', ' ')} from {year}" for name, year in in_time]


def capacity_t_per_y(scenario: Scenario, build: Build) -> float:
    """Nominal capacity of a build; 0 if it is not known.  [t/y]"""
    centre = scenario.centre.get(build.site)
    if build.technology == CENTRE and centre is not None:
        return centre.throughput_max_t_per_y
    size = scenario.size.get((build.technology, build.size))
    return size.capacity_t_per_y if size else 0.0


def _place(build: Build) -> str:
    is_centre = build.technology == CENTRE
    return build.site if is_centre else plant_id(build.site, build.technology)


def _taken(evaluation: Evaluation) -> dict[str, float]:
    """Tonnes a year that each plant takes in its fullest period."""
    table = evaluation.facilities
    most = table.groupby("plant")["throughput_t_per_y"].max()
    return {str(p): float(t) for p, t in most.items() if is_known(float(t))}


def _is_last(scenario: Scenario, build: Build) -> bool:
    """Whether a build only passes waste on or buries it."""
    known = scenario.technology.get(build.technology)
    return build.technology == CENTRE or (
        known is not None and known.kind in ("disposal", "storage")
    )


def _one(scenario: Scenario, place: str, builds: list[Build]) -> str:
    """Name, then size and first year of each step of a plant."""
    first_year = {p.id: p.first_year for p in scenario.periods}
    steps = sorted(builds, key=lambda b: (first_year.get(b.period, 0), b.size))
    name = place_name(scenario, place)
    if steps[0].technology == CENTRE:
        name += " (centre)"
    known = scenario.technology.get(steps[0].technology)
    is_effluent = known is not None and known.kind == EFFLUENT
    sizes = " and ".join(
        f"{tonnes_per_year(capacity_t_per_y(scenario, b), is_effluent)} "
        f"from {first_year.get(b.period, b.period)}"
        for b in steps
    )
    return f"{name}, {sizes}"


def _facility(scenario: Scenario, id: str) -> str:
    for facility in scenario.facilities:
        if facility.id == id:
            return place_name(scenario, plant_id(facility.site, facility.technology))
    return place_name(scenario, id)
