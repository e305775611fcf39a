"""The routes of a plan, checked and ready to be asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from graphlib import CycleError, TopologicalSorter

from wasteplan.errors import PlanError
from wasteplan.plan.records import RAW, Plan, Route
from wasteplan.scenario.model import Scenario

SHARE_SUM_TOLERANCE = 1e-6
SHOWN_MAX = 20  # mistakes listed in one message

Shares = tuple[tuple[str, float], ...]
"""Destinations with their shares, which sum to 1."""


class Routing:
    """Shares by (period, origin, product) and by whom they are for."""

    def __init__(self, scenario: Scenario, plan: Plan) -> None:
        check_routes(scenario, plan)
        groups: dict[tuple[str, str, str], dict[str, list[Route]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for route in plan.routes:
            groups[route.period, route.origin, route.product][route.stream].append(
                route
            )
        self._shares: dict[tuple[str, str, str], dict[str, Shares]] = {
            key: {tag: _exact(rows) for tag, rows in by_tag.items()}
            for key, by_tag in groups.items()
        }
        self._links: dict[str, dict[str, set[str]]] = defaultdict(dict)
        for route in sorted(plan.routes, key=lambda r: (r.destination, r.origin)):
            if route.share > 0:
                feeders = self._links[route.period].setdefault(route.destination, set())
                if route.origin not in scenario.generator:
                    feeders.add(route.origin)

    def shares(
        self, period: str, origin: str, product: str, stream: str, region: str
    ) -> Shares | None:
        """Where an origin's part goes: the route that names most of it; None without.

        A route for `stream@region` goes before one for the stream, and that before one
        for the whole output.
        """
        by_tag = self._shares.get((period, origin, product))
        if by_tag is None:
            return None
        for tag in (f"{stream}@{region}", stream, ""):
            if tag in by_tag:
                return by_tag[tag]
        return None

    def order(self, period: str) -> tuple[str, ...]:
        """Centres, plants and outlets of a period, each after what feeds it.

        Raises
        ------
        PlanError
            Routes run in a circle; it is named.
        """
        sorter: TopologicalSorter[str] = TopologicalSorter()
        for destination, feeders in self._links[period].items():
            sorter.add(destination, *sorted(feeders))
        try:
            return tuple(sorter.static_order())
        except CycleError as circle:
            path = " -> ".join(reversed(circle.args[1]))
            raise PlanError(f"routes of {period} run in a circle: {path}") from circle


def _exact(rows: Sequence[Route]) -> Shares:
    """Shares scaled to sum to 1 exactly, so that no mass is lost to rounding."""
    total = sum(r.share for r in rows)
    sums: dict[str, float] = defaultdict(float)
    for row in rows:
        sums[row.destination] += row.share / total
    return tuple((d, s) for d, s in sums.items() if s > 0)


def check_routes(scenario: Scenario, plan: Plan) -> None:
    """Every route names things that exist, and shares add up.

    Raises
    ------
    PlanError
        With all problems.
    """
    problems = [p for r in plan.routes for p in _unknown(scenario, r)]
    sums: dict[tuple[str, str, str, str], float] = defaultdict(float)
    for r in plan.routes:
        sums[r.period, r.origin, r.stream, r.product] += r.share
    for (period, origin, stream, product), total in sums.items():
        if abs(total - 1.0) > SHARE_SUM_TOLERANCE:
            what = f"{product} of {stream}" if stream else product
            problems.append(
                f"{period}, {origin}, {what}: shares sum to {total:.6g}, not 1"
            )
    raise_all(plan, problems)


def raise_all(plan: Plan, problems: Iterable[str]) -> None:
    """One error with every problem of a plan, if there is any."""
    found = sorted(set(problems))
    if not found:
        return
    shown = found[:SHOWN_MAX]
    if len(found) > SHOWN_MAX:
        shown.append(f"and {len(found) - SHOWN_MAX} more")
    n = len(found)
    head = f"plan '{plan.name}' has {n} problem{'s' if n != 1 else ''}"
    raise PlanError("\n".join([head, *(f"  {p}" for p in shown)]))


def is_plant(scenario: Scenario, name: str) -> bool:
    """Whether a name is `site.technology` of a site and technology that exist."""
    site, _, technology = name.partition(".")
    return site in scenario.site and technology in scenario.technology


def _unknown(scenario: Scenario, route: Route) -> Iterable[str]:
    where = f"{route.period}, {route.origin} -> {route.destination}"
    if route.period not in {p.id for p in scenario.periods}:
        yield f"{where}: no period '{route.period}'"
    is_generator = route.origin in scenario.generator
    if not (
        is_generator
        or route.origin in scenario.centre
        or is_plant(scenario, route.origin)
    ):
        yield f"{where}: no generator, centre or plant '{route.origin}'"
    if not (
        route.destination in scenario.centre
        or route.destination in scenario.outlet
        or is_plant(scenario, route.destination)
    ):
        yield f"{where}: no plant, centre or outlet '{route.destination}'"
    stream = route.stream.partition("@")[0]
    if stream and stream not in scenario.stream:
        yield f"{where}: no stream '{stream}'"
    if route.product != RAW and route.product not in scenario.product:
        yield f"{where}: no product '{route.product}'"
    if is_generator and route.product != RAW:
        yield f"{where}: a generator hands over '{RAW}', not '{route.product}'"
