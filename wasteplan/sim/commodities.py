"""Which materials can come up in a period: raw waste and all that plants make of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from graphlib import TopologicalSorter

import numpy as np

from wasteplan.plan.records import RAW
from wasteplan.scenario.derived import accepted_by, fractions
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.treating import treating
from wasteplan.sim.case import Commodity, Made
from wasteplan.treatment.conversion import conversion, outputs
from wasteplan.treatment.part_load import relative_efficiency
from wasteplan.treatment.records import Technology
from wasteplan.units import KG_PER_T
from wasteplan.waste.material import Material, lhv_mj_per_kg

DECIMALS = 12  # mass shares closer than this are the same material


@dataclass
class Catalogue:
    """Commodities by number, and what each technology makes of each."""

    scenario: Scenario
    commodities: list[Commodity] = field(default_factory=list)
    materials: list[Material] = field(default_factory=list)
    made: dict[str, dict[int, tuple[Made, ...]]] = field(default_factory=dict)
    electricity_mwh_per_t: dict[str, dict[int, float]] = field(default_factory=dict)
    low_load_mwh_per_t: dict[str, dict[int, float]] = field(default_factory=dict)
    """What a tonne makes less at minimum load."""
    _index: dict[tuple[object, ...], int] = field(default_factory=dict)

    def add(
        self, name: str, product: str, origin: str, what: Material, hazardous: bool
    ) -> int:
        """The number of a commodity, new or known."""
        mass, water = (np.round(a, DECIMALS).tobytes() for a in (what.mass, what.water))
        key = (name, product, origin, mass, water)
        if key not in self._index:
            self._index[key] = len(self.commodities)
            lhv = lhv_mj_per_kg(what, fractions(self.scenario))  # MJ/kg = GJ/t
            self.commodities.append(Commodity(name, product, origin, lhv, hazardous))
            self.materials.append(what)
        return self._index[key]

    def raw(self, stream: str, region: str, what: Material) -> int:
        """The number of a stream as generators (of a region) hand it over."""
        origin = f"{stream}@{region}" if region else stream
        hazardous = self.scenario.stream[stream].is_hazardous
        return self.add(stream, RAW, origin, what, hazardous)


def close(book: Catalogue, technologies: list[str]) -> None:
    """Follow every raw commodity through every technology that accepts it.

    Technologies are taken in an order in which products come before their takers.
    """
    for name in in_order(book.scenario, technologies):
        _convert(book, name)


def in_order(scenario: Scenario, technologies: list[str]) -> list[str]:
    """Technologies sorted so that the makers of what one accepts come before it."""
    makes: dict[str, set[str]] = {t: set() for t in technologies}
    for row in scenario.yields:
        if row.technology in makes:
            makes[row.technology].add(row.output)
    order: TopologicalSorter[str] = TopologicalSorter()
    for taker in sorted(makes):
        accepted = accepted_by(scenario, taker)
        order.add(taker, *(m for m in sorted(makes) if makes[m] & accepted))
    return list(order.static_order())


def _convert(book: Catalogue, name: str) -> None:
    scenario = book.scenario
    technology = scenario.technology[name]
    table = fractions(scenario)
    prepared = conversion(technology, scenario.yields, scenario.products, table)
    accepted = accepted_by(scenario, name)
    made: dict[int, tuple[Made, ...]] = {}
    electricity: dict[int, float] = {}
    less: dict[int, float] = {}
    lost = _lost_at_minimum(scenario, technology)
    for k in range(len(book.commodities)):
        c, what = book.commodities[k], book.materials[k]
        if c.name not in accepted:
            continue
        if c.is_hazardous and not technology.accepts_hazardous:
            continue
        parts = []
        for product, (share, out) in outputs(prepared, what, table).items():
            row = scenario.product[product]
            number = None
            if row.kind != "release" and out is not None:
                number = book.add(product, product, c.origin, out, row.is_hazardous)
            parts.append(Made(product, share, number))
        made[k] = tuple(parts)
        done = treating(scenario, technology, what)
        electricity[k] = done.electricity_kwh_per_t / KG_PER_T  # kWh -> MWh
        less[k] = lost * done.made_kwh_per_t / KG_PER_T if lost else 0.0
    book.made[name] = made
    book.electricity_mwh_per_t[name] = electricity
    book.low_load_mwh_per_t[name] = less if lost else {}


def _lost_at_minimum(scenario: Scenario, technology: Technology) -> float:
    """Share of the electricity of full load that is not made at minimum load.  [-]"""
    points = [p for p in scenario.part_load if p.technology == technology.id]
    least = np.array([technology.load_min or 0.0])
    return float(1.0 - relative_efficiency(points, least)[0])


def accepted_names(book: Catalogue, technology: str) -> frozenset[str]:
    """Names of the commodities that a technology takes, hazard considered."""
    return frozenset(book.commodities[k].name for k in book.made[technology])
