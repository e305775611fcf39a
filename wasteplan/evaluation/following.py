"""Material followed through a plan: generators, centres, plants, ways out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

import numpy as np

from wasteplan.evaluation.lots import (
    BURNING_KINDS,
    UNROUTED,
    Floats,
    Lot,
    Materials,
    Source,
)
from wasteplan.evaluation.routing import Routing, Shares
from wasteplan.plan.records import RAW
from wasteplan.scenario.model import Scenario

Lots = dict[Lot, Floats]
"""Tonnes of each lot in every year of a period.  [t/y]"""

SAME_SHARE = 1e-9  # closer shares are rounding


@dataclass(frozen=True)
class Flow:
    """Tonnes of a lot on their way in a period; `tonnes` per year.  [t/y]"""

    period: int
    origin: str
    destination: str
    lot: Lot
    tonnes: Floats


@dataclass
class Course:
    """Where everything went."""

    flows: list[Flow] = field(default_factory=list)
    intake: dict[tuple[int, str], Lots] = field(default_factory=dict)
    """(period, place) -> what came in."""
    released: list[tuple[int, str, Lot, Floats]] = field(default_factory=list)
    """(period, plant, lot it came from, tonnes) that left the solid system."""
    mixed: set[tuple[int, str, str]] = field(default_factory=set)
    """(period, place, product) whose origins the plan sends to different places."""


Group = Callable[[Lot], str]


def follow(
    scenario: Scenario,
    materials: Materials,
    sources: Iterable[Source],
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
    every = tuple(sources)
    for t, period in enumerate(scenario.periods):
        walk = _Walk(scenario, materials, routing, course, t, period.id, blends)
        for source in every:
            walk.leave_generator(source)
        for place in routing.order(period.id):
            walk.pass_through(place)
    return course


@dataclass
class _Walk:
    """One period on its way."""

    scenario: Scenario
    materials: Materials
    routing: Routing
    course: Course
    t: int
    period: str
    blends: bool
    waiting: dict[str, Lots] = field(default_factory=lambda: defaultdict(dict))

    def leave_generator(self, source: Source) -> None:
        """Leakage first, then the routes share what is left."""
        tonnes = source.tonnes[self.t]
        if not tonnes.any():
            return
        for fate, share in source.leaked[self.t].items():
            if share > 0:
                self._move(source.generator, fate, source.lot, share * tonnes)
        kept = source.kept(self.t) * tonnes
        if source.kept(self.t) > 0:
            self._send(source.generator, {source.lot: kept}, lambda lot: lot.stream)

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
        burns = technology.kind in BURNING_KINDS
        out: Lots = {}
        for lot, tonnes in lots.items():
            if technology.kind == "disposal":
                break  # what is deposited stays
            made = self.materials.made(technology.id, lot.material)
            if not made:
                self.course.released.append((self.t, plant, lot, tonnes))
            for output in made:
                if output.material is None or (
                    self.scenario.product[output.product].kind == "release"
                ):
                    amount = output.share * tonnes
                    self.course.released.append((self.t, plant, lot, amount))
                    continue
                made_lot = Lot(
                    lot.stream,
                    lot.region,
                    output.product,
                    self.scenario.product[output.product].state,
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
        self.course.flows.append(Flow(self.t, origin, destination, lot, tonnes))
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


def raw_only(lots: Lots) -> Lots:
    """The untreated waste among lots."""
    return {lot: tonnes for lot, tonnes in lots.items() if lot.product == RAW}
