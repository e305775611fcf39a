"""Material followed through a plan: generators, centres, plants, ways out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from wasteplan.evaluation.flows import Collector, Flows, Index, summed
from wasteplan.evaluation.lots import (
    BURNING_KINDS,
    UNROUTED,
    Floats,
    Lot,
    Materials,
    period_years,
)
from wasteplan.evaluation.routing import Routing, Shares
from wasteplan.evaluation.sources import Sources
from wasteplan.scenario.model import Scenario

Lots = dict[Lot, Floats]
"""Tonnes of each lot in every year of a period.  [t/y]"""

SAME_SHARE = 1e-9  # closer shares are rounding

Group = Callable[[Lot], str]


@dataclass
class Course:
    """Where everything went."""

    index: Index = field(default_factory=Index)
    flows: list[Flows] = field(default_factory=list)
    """Per period."""
    intake: dict[tuple[int, str], Lots] = field(default_factory=dict)
    """(period, place) -> what came in."""
    released: list[tuple[int, str, Lot, Floats]] = field(default_factory=list)
    """(period, plant, lot it came from, tonnes) that left the solid system."""
    mixed: set[tuple[int, str, str]] = field(default_factory=set)
    """(period, place, product) whose origins the plan sends to different places."""


def follow(
    scenario: Scenario,
    materials: Materials,
    sources: Sources,
    routing: Routing,
    *,
    blends: bool,
) -> Course:
    """Send every source through the routes.

    Conversions are linear in the material, so each origin's part of a blend can be
    followed on its own; what a plant cannot do is *send* the parts of one output to
    different places.  With `blends`, such shares are replaced by the plant's mean,
    weighted by the tonnes of the period's last year.

    Parameters
    ----------
    blends
        True: outputs leave as they are, a blend.  False: as the plan says.
    """
    course = Course()
    years = period_years(scenario)
    for t, period in enumerate(scenario.periods):
        collector = Collector(len(years[t]))
        _leave_generators(course.index, collector, sources, routing, t, period.id)
        walk = _Walk(
            scenario, materials, routing, course, collector, t, period.id, blends
        )
        walk.take_in()
        for place in routing.order(period.id):
            walk.pass_through(place)
        course.flows.append(collector.flows())
    return course


def _leave_generators(
    index: Index,
    collector: Collector,
    sources: Sources,
    routing: Routing,
    t: int,
    period: str,
) -> None:
    """First hauls: leakage first, then the routes share what is left."""
    origin = np.array([index.place(g) for g in sources.generator], np.int64)
    lot = np.array([index.lot(found) for found in sources.lot], np.int64)
    tonnes = sources.tonnes[t]
    for fate, share in sources.leaked[t].items():
        leaks = np.flatnonzero((share > 0) & tonnes.any(axis=1))
        where = np.full(len(leaks), index.place(fate), np.int64)
        collector.add(
            origin[leaks], where, lot[leaks], share[leaks, None] * tonnes[leaks]
        )
    kept = sources.kept(t)
    rows: list[int] = []
    ends: list[int] = []
    parts: list[float] = []
    for s in np.flatnonzero((kept > 0) & tonnes.any(axis=1)).tolist():
        own = sources.lot[s]
        shares = routing.shares(
            period, sources.generator[s], own.product, own.stream, own.region
        )
        for destination, part in shares or ((UNROUTED, 1.0),):
            rows.append(s)
            ends.append(index.place(destination))
            parts.append(part)
    row = np.array(rows, np.int64)
    given = np.array(parts, float) * kept[row]
    collector.add(
        origin[row], np.array(ends, np.int64), lot[row], given[:, None] * tonnes[row]
    )


@dataclass
class _Walk:
    """One period on its way."""

    scenario: Scenario
    materials: Materials
    routing: Routing
    course: Course
    collector: Collector
    t: int
    period: str
    blends: bool
    waiting: dict[str, Lots] = field(default_factory=lambda: defaultdict(dict))

    def take_in(self) -> None:
        """Let what has left the generators wait at its destinations."""
        flows = self.collector.flows()
        groups, sums, _ = summed(flows.tonnes, flows.destination, flows.lot)
        for (where, lot), tonnes in zip(groups, sums, strict=True):
            index = self.course.index
            self.waiting[index.places[where]][index.lots[lot]] = tonnes

    def pass_through(self, place: str) -> None:
        """Take in what waits at a place, convert it, and send the outputs on."""
        lots = self.waiting.pop(place, {})
        if not lots:
            return
        self.course.intake[self.t, place] = lots
        if place in self.scenario.outlet:
            return
        if place in self.scenario.centre:
            centre = self.scenario.centre[place]
            out: Lots = {}
            for lot, tonnes in lots.items():
                _add(out, replace(lot, state=centre.state_out), tonnes)
            mixes = centre.mixes_streams
            self._send(place, out, lambda lot: "" if mixes else lot.stream)
            return
        self._send(place, self._convert(place, lots), lambda lot: lot.product)

    def _convert(self, plant: str, lots: Lots) -> Lots:
        technology = self.scenario.technology[plant.partition(".")[2]]
        if technology.kind == "disposal":
            return {}  # what is deposited stays
        burns = technology.kind in BURNING_KINDS
        out: Lots = {}
        for lot, tonnes in lots.items():
            made = self.materials.made(technology.id, lot.material)
            if not made:
                self.course.released.append((self.t, plant, lot, tonnes))
            for output in made:
                product = self.scenario.product[output.product]
                if output.material is None or product.kind == "release":
                    amount = output.share * tonnes
                    self.course.released.append((self.t, plant, lot, amount))
                    continue
                made_lot = Lot(
                    lot.stream,
                    lot.region,
                    output.product,
                    product.state,
                    output.material,
                    lot.was_burnt or burns,
                )
                _add(out, made_lot, output.share * tonnes)
        return out

    def _send(self, origin: str, lots: Lots, group: Group) -> None:
        groups: dict[str, Lots] = defaultdict(dict)
        for lot, tonnes in lots.items():
            groups[group(lot)][lot] = tonnes
        for members in groups.values():
            shares = {lot: self._shares(origin, lot) for lot in members}
            routed = {lot: s for lot, s in shares.items() if s is not None}
            mean = _mean(members, routed)
            differs = any(_differ(s, mean) for s in routed.values())
            if differs:
                product = next(iter(members)).product
                self.course.mixed.add((self.t, origin, product))
            for lot, tonnes in members.items():
                own = mean if differs and self.blends else routed.get(lot, mean)
                for destination, share in own:
                    self._move(origin, destination, lot, share * tonnes)

    def _shares(self, origin: str, lot: Lot) -> Shares | None:
        return self.routing.shares(
            self.period, origin, lot.product, lot.stream, lot.region
        )

    def _move(self, origin: str, destination: str, lot: Lot, tonnes: Floats) -> None:
        index = self.course.index
        self.collector.add_one(
            index.place(origin), index.place(destination), index.lot(lot), tonnes
        )
        if destination != UNROUTED:
            _add(self.waiting[destination], lot, tonnes)


def _add(lots: Lots, lot: Lot, tonnes: Floats) -> None:
    lots[lot] = lots[lot] + tonnes if lot in lots else tonnes


def _mean(members: Lots, routed: dict[Lot, Shares]) -> Shares:
    """Shares of a blend: the mean of its parts, by tonnes of the last year.

    Parts without a route of their own leave with the others; without any route nothing
    is taken anywhere.
    """
    if not routed:
        return ((UNROUTED, 1.0),)
    weights = {lot: float(members[lot][-1]) for lot in routed}
    if sum(weights.values()) <= 0:
        weights = {lot: float(members[lot].sum()) for lot in routed}
    total = sum(weights.values())
    if total <= 0:
        return next(iter(routed.values()))
    sums: dict[str, float] = defaultdict(float)
    for lot, shares in routed.items():
        for destination, share in shares:
            sums[destination] += share * weights[lot] / total
    return tuple((d, s) for d, s in sums.items() if s > 0)


def _differ(one: Shares, other: Shares) -> bool:
    a, b = dict(one), dict(other)
    return any(abs(a.get(d, 0.0) - b.get(d, 0.0)) > SAME_SHARE for d in {*a, *b})


def total(lots: Lots, n_years: int) -> Floats:
    """Tonnes of all lots together.  [t/y]"""
    return np.sum([*lots.values(), np.zeros(n_years)], axis=0)
