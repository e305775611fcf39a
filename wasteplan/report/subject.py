"""What a report is about: case, plan and evaluation, and how things are called."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from wasteplan.evaluation.result import Evaluation
from wasteplan.network.places import Centre, Outlet, Site, WasteGenerator
from wasteplan.plan.records import Plan
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import Period
from wasteplan.shipments.table import ShipmentTable
from wasteplan.study.naming import region_name

if TYPE_CHECKING:
    from wasteplan.finance.appraisal_result import AppraisalResult
    from wasteplan.sim.result import SimulationResult
    from wasteplan.study.assess import Assessment
    from wasteplan.study.loop_result import LoopResult
    from wasteplan.study.trade_off_files import Found

KIND_NAMES = {
    "generator": "Waste generators",
    "centre": "Collection and transfer centres",
    "sorting": "Sorting",
    "recycling": "Recycling",
    "biological": "Composting and digestion",
    "combustion": "Waste to energy",
    "co_processing": "Co-processing",
    "storage": "Storage",
    "disposal": "Landfills and dumps",
    "buyer": "Recyclate buyers",
    "kiln": "Licensed kilns",
    "export": "Export",
    "outlet_disposal": "Disposal across the boundary",
    "leakage": "Leakage",
    "informal": "Informal recycling",
    "release": "Released to air and water",
}
"""What a place is, in reading order; the keys also choose colours."""

FATE_NAMES = {
    "open_burning": "Open burning",
    "dumping": "Dumping",
    "kiln": "Unlicensed kilns",
    "informal": "Informal buyers",
    "uncollected": "Uncollected",
}


@dataclass(frozen=True)
class Subject:
    """The inputs of a report with look-ups for names, kinds and places."""

    scenario: Scenario
    plan: Plan
    evaluation: Evaluation
    baseline: Evaluation | None = None
    simulation: SimulationResult | None = None
    answer: str = ""
    appraisal: AppraisalResult | None = None
    loop: LoopResult | None = None
    shipments: ShipmentTable | None = None
    """Reported ones; None shows those of the simulation instead."""
    assessment: Assessment | None = None
    trade_offs: tuple[Found, ...] = ()
    """Fronts, alternatives and switch points of this scenario."""

    @property
    def periods(self) -> tuple[Period, ...]:
        """The periods in time order."""
        return self.scenario.periods

    @cached_property
    def period_ids(self) -> tuple[str, ...]:
        """Ids of the periods in time order."""
        return tuple(p.id for p in self.periods)

    def period_label(self, period: str) -> str:
        """Years of a period as people write them."""
        for p in self.periods:
            if p.id == period:
                return years_text(p)
        return period or "all years"

    def years_span(self, periods: Iterable[str]) -> str:
        """Years of several periods, neighbours joined."""
        chosen = set(periods)
        spans: list[list[int]] = []
        for p in self.periods:
            if p.id not in chosen:
                continue
            if spans and spans[-1][1] == p.first_year - 1:
                spans[-1][1] = p.last_year
            else:
                spans.append([p.first_year, p.last_year])
        return ", ".join(_span_text(first, last) for first, last in spans)

    def last_year(self, period: str) -> int | None:
        """The last year of a period."""
        return next((p.last_year for p in self.periods if p.id == period), None)

    def years_in(self, period: str) -> int:
        """Number of years of a period."""
        return next(
            (p.last_year - p.first_year + 1 for p in self.periods if p.id == period), 1
        )

    @property
    def currency(self) -> str:
        """The currency's three letters."""
        return self.scenario.settings.scenario.currency

    @property
    def money(self) -> str:
        """Currency and price year."""
        heading = self.scenario.settings.scenario
        return f"{heading.currency} of {heading.price_year}"

    def name(self, place: str) -> str:
        """What a generator, centre, plant, outlet, site or fate is called."""
        if place in self._names:
            return self._names[place]
        site, _, technology = place.partition(".")
        if technology:
            return f"{self._names.get(site, site)}: {self.technology_name(technology)}"
        return place

    def two_names(self, place: str) -> tuple[str, str]:
        """What stands there and where: a plant's technology and its site's name."""
        site, _, technology = place.partition(".")
        if technology:
            return self.technology_name(technology), self._names.get(site, site)
        return self.name(place), "Centre" if self.kind(place) == "centre" else ""

    def region_name(self, region: str) -> str:
        """What a region is called."""
        return region_name(region)

    def technology_name(self, technology: str) -> str:
        """What a technology is called."""
        known = self.scenario.technology.get(technology)
        if known is not None and known.name:
            return known.name
        words = {"centre": "Centre", "outlet": "Outlet", "haul": "Haul"}
        return words.get(technology, words_of(technology))

    def stream_name(self, stream: str) -> str:
        """What a stream is called."""
        known = self.scenario.stream.get(stream)
        return known.name if known is not None and known.name else words_of(stream)

    def product_name(self, product: str) -> str:
        """What a product is called; untreated waste is called so."""
        if product == "raw":
            return "Untreated waste"
        known = self.scenario.product.get(product)
        return known.name if known is not None and known.name else words_of(product)

    def kind(self, place: str) -> str:
        """Which of `KIND_NAMES` a place is; empty if it is unknown."""
        if place in self._kinds:
            return self._kinds[place]
        technology = self.scenario.technology.get(place.partition(".")[2])
        return technology.kind if technology is not None else ""

    def position(self, place: str) -> tuple[float, float] | None:
        """Longitude and latitude of a place; None if it has none.  [deg]"""
        found = self._positions.get(place)
        return found or self._positions.get(place.partition(".")[0])

    @cached_property
    def _names(self) -> dict[str, str]:
        case = self.scenario
        names = {f.id: f.name or FATE_NAMES[f.kind] for f in case.fates}
        names |= {row.id: words_of(row.id) for row in case.informal}
        for place in self._located:
            names[place.id] = place.name or place.id
        return names

    @cached_property
    def _kinds(self) -> dict[str, str]:
        case = self.scenario
        kinds = {
            f.id: "informal" if f.counts_as == "recycling" else "leakage"
            for f in case.fates
        }
        kinds |= {row.id: "informal" for row in case.informal}
        for outlet in case.outlets:
            is_disposal = outlet.kind == "disposal"
            kinds[outlet.id] = "outlet_disposal" if is_disposal else outlet.kind
        kinds |= {c.id: "centre" for c in case.centres}
        return kinds | {g.id: "generator" for g in case.generators}

    @cached_property
    def _positions(self) -> dict[str, tuple[float, float]]:
        return {
            place.id: (place.lon, place.lat)
            for place in self._located
            if place.lon is not None and place.lat is not None
        }

    @property
    def _located(self) -> tuple[Site | Outlet | Centre | WasteGenerator, ...]:
        case = self.scenario
        return (*case.sites, *case.outlets, *case.centres, *case.generators)


def years_text(period: Period) -> str:
    """Years of a period.

    >>> years_text(Period(id="p1", first_year=2026, last_year=2030))
    '2026–2030'
    """
    return _span_text(period.first_year, period.last_year)


def _span_text(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}–{last}"


def rank(kind: str) -> int:
    """Place of a kind in the reading order of `KIND_NAMES`."""
    order = list(KIND_NAMES)
    return order.index(kind) if kind in order else len(order)


def words_of(id: str) -> str:
    """A readable form of an id that has no name.

    >>> words_of("bottom_ash")
    'Bottom ash'
    """
    return id.replace("_", " ").strip().capitalize()
