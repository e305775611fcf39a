"""Which materials can exist: raw waste and every product of every conversion.

Outputs that every destination treats alike are pooled: walking up from the last
technologies, two commodities of one product, scope and growth are one if all takers
have the same coefficients and the same pooled outputs for both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from graphlib import TopologicalSorter

import numpy as np

from wasteplan.network.places import Centre
from wasteplan.plan.records import RAW
from wasteplan.scenario.derived import accepted_by, fractions
from wasteplan.scenario.model import Scenario
from wasteplan.superstructure.coefficients import (
    Coefficients,
    of_centre,
    of_outlet,
    of_technology,
)
from wasteplan.superstructure.model import Commodity, Origin
from wasteplan.treatment.conversion import Conversion, conversion, outputs
from wasteplan.units import words
from wasteplan.waste.material import FractionTable

MATERIAL_DECIMALS = 12  # mass shares closer than this are the same material
LOOSE = "loose"

Taker = tuple[str, str]
"""("technology" | "centre" | "outlet", id)."""


@dataclass
class Catalogue:
    """Commodities and what each taker makes of them, while it is being built."""

    scenario: Scenario
    table: FractionTable
    origins: tuple[Origin, ...]
    is_by_path: bool = False
    """Keep every origin apart, for comparison; otherwise equal materials are one."""
    commodities: list[Commodity] = field(default_factory=list)
    index: dict[tuple[object, ...], int] = field(default_factory=dict)
    takes: dict[Taker, dict[int, Coefficients]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    gives: dict[tuple[Taker, int], dict[int, float]] = field(default_factory=dict)

    def name(self, c: Commodity) -> str:
        """What acceptance tables call it: its stream while raw, else its product."""
        return self.origins[c.origins[0]].stream if c.product == RAW else c.product

    def add(self, commodity: Commodity) -> int:
        """The index of a commodity, new or known."""
        key = _key(commodity, self.is_by_path)
        if key in self.index:
            i = self.index[key]
            known = self.commodities[i]
            origins = tuple(sorted({*known.origins, *commodity.origins}))
            self.commodities[i] = replace(known, origins=origins)
            return i
        self.index[key] = len(self.commodities)
        self.commodities.append(commodity)
        return self.index[key]


def _key(c: Commodity, is_by_path: bool) -> tuple[object, ...]:
    """What makes a commodity itself before pooling; raw waste keeps its origin."""
    mass = np.round(c.material.mass, MATERIAL_DECIMALS).tobytes()
    water = np.round(c.material.water, MATERIAL_DECIMALS).tobytes()
    ratio = b"".join(r.tobytes() for r in c.ratio)
    origin = c.origins if is_by_path or c.product == RAW else ()
    return (c.product, c.state, c.scope, ratio, mass, water, origin)


def commodities(
    scenario: Scenario, origins: tuple[Origin, ...], *, by_path: bool = False
) -> Catalogue:
    """All commodities that can exist, with coefficients and conversions per taker."""
    book = Catalogue(scenario, fractions(scenario), origins, by_path)
    raw = [book.add(_raw(scenario, i, o)) for i, o in enumerate(origins)]
    for centre in scenario.centres:
        _into_centre(book, centre, raw)
    for technology in technologies_in_order(scenario):
        _into_technology(book, technology)
    for outlet in scenario.outlets:
        for i, c in enumerate(book.commodities):
            if book.name(c) in words(outlet.accepts):
                book.takes["outlet", outlet.id][i] = of_outlet(
                    scenario, outlet, c.product, c.material, book.table
                )
    return book


def _raw(scenario: Scenario, index: int, origin: Origin) -> Commodity:
    return Commodity(
        product=RAW,
        state=LOOSE,
        origins=(index,),
        scope=origin.scope,
        ratio=origin.ratio,
        material=origin.material,
        is_hazardous=scenario.stream[origin.stream].is_hazardous,
    )


def _into_centre(book: Catalogue, centre: Centre, raw: list[int]) -> None:
    """Raw loose waste comes in, the same waste in the centre's state goes out."""
    streams = words(centre.accepts)
    coefficients = of_centre(book.scenario, centre, book.table)
    for i in raw:
        commodity = book.commodities[i]
        if streams and book.name(commodity) not in streams:
            continue
        taker = ("centre", centre.id)
        book.takes[taker][i] = coefficients
        out = book.add(replace(commodity, state=centre.state_out))
        book.gives[taker, i] = {out: 1.0}


def technologies_in_order(scenario: Scenario) -> list[str]:
    """Technologies that stand or may be built, sorted so that outputs come later."""
    used = {w for s in scenario.sites for w in words(s.technologies)}
    used |= {f.technology for f in scenario.facilities}
    makes: dict[str, set[str]] = defaultdict(set)
    for y in scenario.yields:
        makes[y.technology].add(y.output)
    order: TopologicalSorter[str] = TopologicalSorter()
    for k in sorted(used):
        order.add(k)
        for other in sorted(used):
            if makes[other] & accepted_by(scenario, k):
                order.add(k, other)
    return list(order.static_order())


def _into_technology(book: Catalogue, name: str) -> None:
    scenario = book.scenario
    technology = scenario.technology[name]
    prepared: Conversion = conversion(
        technology, scenario.yields, scenario.products, book.table
    )
    accepted = accepted_by(scenario, name)
    taker = ("technology", name)
    for i in range(len(book.commodities)):
        c = book.commodities[i]
        if book.name(c) not in accepted:
            continue
        if c.is_hazardous and not technology.accepts_hazardous:
            continue
        book.takes[taker][i] = of_technology(
            scenario, technology, c.material, book.table
        )
        book.gives[taker, i] = _converted(book, prepared, c)


def _converted(book: Catalogue, prepared: Conversion, c: Commodity) -> dict[int, float]:
    """Output commodities of one tonne of an input, releases left out."""
    given: dict[int, float] = {}
    for product, (share, out) in outputs(prepared, c.material, book.table).items():
        record = book.scenario.product[product]
        if record.kind == "release" or out is None or share <= 0:
            continue
        made = replace(
            c,
            product=product,
            state=record.state,
            material=out,
            is_hazardous=record.is_hazardous,
        )
        i = book.add(made)
        given[i] = given.get(i, 0.0) + share
    return given


def pool(book: Catalogue) -> Catalogue:
    """The same catalogue with commodities merged that no destination can tell apart."""
    takers_of: dict[int, list[Taker]] = defaultdict(list)
    for taker, taken in book.takes.items():
        for i in taken:
            takers_of[i].append(taker)
    signatures: dict[int, tuple[object, ...]] = {}
    numbers: dict[tuple[object, ...], int] = {}

    def number(i: int) -> int:
        if i not in signatures:
            signatures[i] = _signature(book, i, takers_of[i], number)
        return numbers.setdefault(signatures[i], len(numbers))

    groups = [number(i) for i in range(len(book.commodities))]
    return _merged(book, groups)


def _signature(
    book: Catalogue, i: int, takers: list[Taker], number: Callable[[int], int]
) -> tuple[object, ...]:
    c = book.commodities[i]
    ratio = b"".join(r.tobytes() for r in c.ratio)
    origin = c.origins if c.product == RAW else ()
    seen = []
    for taker in sorted(takers):
        given = book.gives.get((taker, i), {})
        outs = sorted((number(j), round(share, 10)) for j, share in given.items())
        seen.append((taker, book.takes[taker][i].signature(), tuple(outs)))
    return (c.product, c.state, c.scope, ratio, origin, tuple(seen))


def _merged(book: Catalogue, groups: list[int]) -> Catalogue:
    """Keep the first commodity of every group and re-number what refers to them."""
    order = {g: n for n, g in enumerate(dict.fromkeys(groups))}
    new = [order[g] for g in groups]
    merged = Catalogue(book.scenario, book.table, book.origins)
    for i, c in enumerate(book.commodities):
        n = new[i]
        if n == len(merged.commodities):
            merged.commodities.append(c)
        else:
            known = merged.commodities[n]
            origins = tuple(sorted({*known.origins, *c.origins}))
            merged.commodities[n] = replace(known, origins=origins)
    for taker, taken in book.takes.items():
        for i, coefficients in taken.items():
            merged.takes[taker].setdefault(new[i], coefficients)
    for (taker, i), given in book.gives.items():
        out: dict[int, float] = {}
        for j, share in given.items():
            out[new[j]] = out.get(new[j], 0.0) + share
        merged.gives.setdefault((taker, new[i]), out)
    return merged
