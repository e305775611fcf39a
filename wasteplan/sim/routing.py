"""What a plan has at work in a period, and where it sends things."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from wasteplan.errors import PlanError
from wasteplan.evaluation.routing import Routing as Reading
from wasteplan.plan.records import RAW, Plan, plant_id
from wasteplan.scenario.derived import (
    build_works_in,
    facility_works_in,
    outlet_works_in,
    period_of,
)
from wasteplan.scenario.model import Scenario
from wasteplan.treatment.records import Size


class Routing:
    """Shares of one period by origin and product, read as the evaluation reads them."""

    def __init__(self, scenario: Scenario, plan: Plan, period: str) -> None:
        self._scenario, self._period = scenario, period
        self._read = Reading(scenario, plan)
        used = [r for r in plan.routes if r.period == period and r.share > 0]
        self.tells_regions = any("@" in r.stream for r in used) or any(
            t.region for t in scenario.targets
        )
        self.destinations = {r.destination for r in used}

    def of_generator(self, generator: str, stream: str) -> dict[str, float]:
        """Shares of a generator's stream by destination; empty without a route."""
        region = self._scenario.generator[generator].region
        found = self._read.shares(self._period, generator, RAW, stream, region)
        return dict(found or ())

    def of_output(self, origin: str, product: str, material: str) -> dict[str, float]:
        """Shares of what a place puts out, for the part that came from a material.

        `material` is `stream` or `stream@region`. Empty for a part that the plan does
        not name: it leaves with those it names (`Sharing`).
        """
        stream, _, region = material.partition("@")
        found = self._read.shares(self._period, origin, product, stream, region)
        return dict(found or ())


def sizes_at_work(
    scenario: Scenario, plan: Plan, period: str
) -> dict[str, tuple[Size, ...]]:
    """Sizes at work by plant id, existing ones first."""
    order = [p.id for p in scenario.periods]
    now = order.index(period)
    closed = {c.facility for c in plan.closures if order.index(c.period) <= now}
    found: dict[str, list[Size]] = defaultdict(list)
    for f in scenario.facilities:
        if f.id not in closed and facility_works_in(scenario, f, period):
            size = scenario.size[f.technology, f.size]
            found[plant_id(f.site, f.technology)].append(size)
    for b in plan.builds:
        if b.site in scenario.centre or order.index(b.period) > now:
            continue
        lifetime = scenario.technology[b.technology].lifetime_y or float("inf")
        opened = period_of(scenario, b.period).first_year
        if build_works_in(scenario, lifetime, opened, period):
            size = scenario.size[b.technology, b.size]
            found[plant_id(b.site, b.technology)].append(size)
    sites = {s.id: i for i, s in enumerate(scenario.sites)}
    inside = sorted(found, key=lambda p: (sites[p.partition(".")[0]], p))
    return {plant: tuple(found[plant]) for plant in inside}


def centres_at_work(scenario: Scenario, plan: Plan, period: str) -> tuple[str, ...]:
    """Centres that stand or that the plan has built by then."""
    order = [p.id for p in scenario.periods]
    built = set()
    for b in plan.builds:
        if b.site not in scenario.centre or order.index(b.period) > order.index(period):
            continue
        lifetime = scenario.centre[b.site].lifetime_y
        opened = period_of(scenario, b.period).first_year
        if build_works_in(scenario, lifetime, opened, period):
            built.add(b.site)
    return tuple(c.id for c in scenario.centres if c.is_existing or c.id in built)


def outlets_at_work(scenario: Scenario, period: str) -> tuple[str, ...]:
    """Outlets open in the whole period."""
    return tuple(
        o.id for o in scenario.outlets if outlet_works_in(scenario, o.id, period)
    )


def check_destinations(
    plan: Plan, period: str, routing: Routing, at_work: Iterable[str]
) -> None:
    """Every destination of a route is at work.

    Raises
    ------
    PlanError
        With the places that the plan sends to although nothing works there.
    """
    missing = sorted(routing.destinations - set(at_work))
    if missing:
        raise PlanError(
            f"plan '{plan.name}' sends material in {period} to places that do not work "
            f"then: {', '.join(missing[:10])}"
        )
