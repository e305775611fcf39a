"""The routes of a plan, checked and ready to be asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from graphlib import CycleError, TopologicalSorter

from wasteplan.errors import PlanError
from wasteplan.plan.records import RAW, Plan, Route
from wasteplan.scenario.model import Scenario

SHARE_SUM_TOLERANCE = 1e-6
SHOWN_MAX = 20  # mistakes listed in one message

Shares = tuple[tuple[str, float], ...]
"""Destinations with their shares, which sum to 1."""
Key = tuple[str, str, str]
"""(period, origin, product)."""


class Routing:
    """Shares by (period, origin, product) and by whom they are for."""

    def __init__(self, scenario: Scenario, plan: Plan) -> None:
        raise_all(plan, _unknown(scenario, plan.routes))
        rows: dict[Key, dict[str, list[tuple[str, float]]]] = {}
        self._links: dict[str, dict[str, set[str]]] = defaultdict(dict)
        for r in plan.routes:
            by_tag = rows.setdefault((r.period, r.origin, r.product), {})
            by_tag.setdefault(r.stream, []).append((r.destination, r.share))
            if r.share > 0:
                feeders = self._links[r.period].setdefault(r.destination, set())
                if r.origin not in scenario.generator:
                    feeders.add(r.origin)
        raise_all(plan, _unequal(rows))
        self._shares: dict[Key, dict[str, Shares]] = {
            key: {tag: _exact(parts) for tag, parts in by_tag.items()}
            for key, by_tag in rows.items()
        }

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
        for destination, feeders in sorted(self._links[period].items()):
            sorter.add(destination, *sorted(feeders))
        try:
            return tuple(sorter.static_order())
        except CycleError as circle:
            path = " -> ".join(reversed(circle.args[1]))
            raise PlanError(f"routes of {period} run in a circle: {path}") from circle


def _exact(parts: Sequence[tuple[str, float]]) -> Shares:
    """Shares scaled to sum to 1 exactly, so that no mass is lost to rounding."""
    if len(parts) == 1:
        return ((parts[0][0], 1.0),)
    total = sum(share for _, share in parts)
    sums: dict[str, float] = defaultdict(float)
    for destination, share in parts:
        sums[destination] += share / total
    return tuple((d, s) for d, s in sums.items() if s > 0)


def _unequal(rows: dict[Key, dict[str, list[tuple[str, float]]]]) -> Iterator[str]:
    """Shares that do not add up to 1."""
    for (period, origin, product), by_tag in rows.items():
        for stream, parts in by_tag.items():
            total = sum(share for _, share in parts)
            if abs(total - 1.0) > SHARE_SUM_TOLERANCE:
                what = f"{product} of {stream}" if stream else product
                yield f"{period}, {origin}, {what}: shares sum to {total:.6g}, not 1"


def raise_all(plan: Plan, problems: Iterable[str]) -> None:
    """One error with every problem of a plan, if there is any.

    Raises
    ------
    PlanError
        With up to `SHOWN_MAX` of them and the number of all.
    """
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


def _unknown(scenario: Scenario, routes: Sequence[Route]) -> Iterator[str]:
    """What routes name that does not exist; names are looked up once each."""
    periods = {r.period for r in routes} - {p.id for p in scenario.periods}
    origins = {
        o
        for o in {r.origin for r in routes} - scenario.generator.keys()
        if o not in scenario.centre and not is_plant(scenario, o)
    }
    ends = {
        d
        for d in {r.destination for r in routes}
        if d not in scenario.centre
        and d not in scenario.outlet
        and not is_plant(scenario, d)
    }
    tags = {r.stream for r in routes} - {""}
    streams = {t for t in tags if t.partition("@")[0] not in scenario.stream}
    products = {r.product for r in routes} - {RAW} - scenario.product.keys()
    for r in routes:
        where = f"{r.period}, {r.origin} -> {r.destination}"
        if r.period in periods:
            yield f"{where}: no period '{r.period}'"
        if r.origin in origins:
            yield f"{where}: no generator, centre or plant '{r.origin}'"
        if r.destination in ends:
            yield f"{where}: no plant, centre or outlet '{r.destination}'"
        if r.stream in streams:
            yield f"{where}: no stream '{r.stream.partition('@')[0]}'"
        if r.product in products:
            yield f"{where}: no product '{r.product}'"
        if r.product != RAW and r.origin in scenario.generator:
            yield f"{where}: a generator hands over '{RAW}', not '{r.product}'"
