"""The options of a scenario as arrays: sources, commodities, plants, feeds, hauls.

Model units are kt/y, millions of money, TJ and thousand m3, so that the matrix of the
optimizer is well scaled.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from wasteplan.scenario.model import Scenario
from wasteplan.superstructure.experience import NO_EXPERIENCE, Experience
from wasteplan.waste.material import Material

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CENTRE = "centre"
OUTLET = "outlet"


@dataclass(frozen=True)
class Span:
    """A period with its years and discount factors."""

    id: str
    years: tuple[int, ...]
    discount: Floats
    """Per year of the period.  [-]"""

    @property
    def last_year(self) -> int:
        """The year in which capacity and targets hold."""
        return self.years[-1]


@dataclass(frozen=True)
class Origin:
    """Waste that behaves alike: same stream, growth, and region if regions matter."""

    stream: str
    regions: frozenset[str]
    scope: tuple[str, str]
    """(region, stream) as far as targets tell them apart, else empty text."""
    ratio: tuple[Floats, ...]
    """Per period: tonnes of each year over tonnes of the last year.  [-]"""
    material: Material


@dataclass(frozen=True)
class Regime:
    """Measures that a class of generators may work under in a period, as one option."""

    generator_class: str
    measures: tuple[str, ...]
    may_work: tuple[bool, ...]
    """Per period."""
    cost_m: Floats
    """(periods,): present value of the measures and of what goes with the waste that is
    not collected.  [M money]"""
    gross_m: Floats
    """(periods,): the positive cost items alone.  [M money]"""
    leaked_co2e_kt: Floats
    """(periods,): direct emissions of leaked waste, last year.  [kt CO2e/y]"""
    leaked_co2e_total_kt: Floats
    """(periods,): direct emissions of leaked waste, all years.  [kt CO2e]"""
    incomes_m: Mapping[str, Floats] = field(default_factory=dict)
    """Informal trade -> (periods,): income from the class, last year.  [M money/y]"""

    @property
    def name(self) -> str:
        """Readable name for messages."""
        return f"{self.generator_class}: {', '.join(self.measures) or 'no measures'}"


NO_REGIME = -1
"""The regime of sources whose class has no measures: they are always there."""


@dataclass(frozen=True)
class Sources:
    """A stream that a generator sets out under a regime of its class, one row each.

    Tonnes are those under the regime.  Without measures: a generator's stream.
    """

    generator: tuple[str, ...]
    stream: tuple[str, ...]
    region: tuple[str, ...]
    origin: Ints
    regime: Ints
    """Index into the regimes, or `NO_REGIME`."""
    twin: Ints
    """Sources with the same number are one stream under regimes that exclude each
    other."""
    collected_kt: Floats
    """(sources, periods), last year, after leakage.  [kt/y]"""
    generated_kt: Floats
    """(sources, periods), solid waste of the last year; 0 for effluent.  [kt/y]"""
    leaked_lost_kt: Floats
    """(sources, periods), to fates that count as leakage, last year.  [kt/y]"""
    leaked_recycled_kt: Floats
    """(sources, periods), to fates that count as recycling, last year.  [kt/y]"""
    uncollected_kt: Floats
    """(sources, periods), burnt, dumped or left where it arises, last year; 0 unless
    the share collected is asked for.  [kt/y]"""
    members: tuple[tuple[str, ...], ...] = ()
    """Generators behind each source where sources are groups; else empty."""


@dataclass(frozen=True)
class Commodity:
    """A product of one or several origins that every destination treats alike."""

    product: str
    state: str
    origins: tuple[int, ...]
    scope: tuple[str, str]
    ratio: tuple[Floats, ...]
    material: Material
    is_hazardous: bool

    @property
    def name(self) -> str:
        """Readable name for messages."""
        where = "@".join(w for w in (self.scope[1], self.scope[0]) if w)
        return f"{self.product}({where or len(self.origins)})"


@dataclass(frozen=True)
class Plant:
    """All capacity of a technology at a site, a centre, or an outlet."""

    id: str
    place: str
    technology: str
    kind: str
    counts_as: str
    """`landfill`, `leakage`, `recycling`, `recovery` or empty, for diversion."""


@dataclass(frozen=True)
class Option:
    """A size that can be built at a plant, or an existing facility."""

    id: str
    plant: int
    size: str
    facility: str
    """Id of the existing facility, empty for a candidate."""
    capacity_kt: float
    """Available mass capacity, overload included.  [kt/y]"""
    heat_capacity_tj: float | None
    heat_min_tj: float
    """Least thermal input, or mass without heat rating, at work.  [TJ/y or kt/y]"""
    airspace_1000m3: float
    capex_m: float
    may_open: tuple[bool, ...]
    """Per period: may start work in that period (existing: only the first)."""
    works: NDArray[np.bool_]
    """(opened in, at work in): periods."""
    capital_m: Floats
    """Present value of capital and land if opened in each period.  [M money]"""
    fixed_om_m: Floats
    """Present value of fixed O&M of each period at work.  [M money]"""
    may_close: bool = False
    module_of: str = ""
    """The size whose further line this is; empty for a size of its own."""
    copy: int = 0
    """Number of the line among equal ones at the plant, from 0."""


@dataclass(frozen=True)
class Feeds:
    """A commodity that a plant can take; the columns of throughput."""

    plant: Ints
    commodity: Ints
    cost: Floats
    """(feeds, periods): present value per kt of the last year.  [M money/(kt/y)]"""
    gross: Floats
    """(feeds, periods): the positive cost items alone.  [M money/(kt/y)]"""
    heat: Floats
    """Thermal input; NaN if unknown.  [TJ/kt]"""
    heat_to_sell: Floats
    """Heat that could be sold; NaN if unknown.  [TJ/kt]"""
    electricity: Floats
    """Net export.  [GWh/kt]"""
    emissions: Floats
    """(feeds, periods): direct, last year.  [kt CO2e/kt]"""
    credits: Floats
    """(feeds, periods): avoided, last year (negative).  [kt CO2e/kt]"""
    emissions_total: Floats
    """(feeds, periods): direct, all years of a period.  [kt CO2e/(kt/y)]"""
    credits_total: Floats
    """(feeds, periods): avoided, all years of a period.  [kt CO2e/(kt/y)]"""
    airspace: Floats
    """Volume taken.  [1000 m3/kt]"""
    years: Floats
    """(feeds, periods): tonnes of the period per last-year tonne.  [-]"""
    out_feed: Ints
    out_commodity: Ints
    out_share: Floats
    """Conversion triplets: one kt into `out_feed` gives `out_share` kt.  [-]"""


@dataclass(frozen=True)
class Hauls:
    """Arcs from a tail (source, or plant and commodity) into a feed."""

    tail: Ints
    """Source index (first hauls) or plant index (later hauls)."""
    commodity: Ints
    feed: Ints
    cost_per_t: Floats
    co2_kg_per_t: Floats
    distance_km: Floats

    def __len__(self) -> int:
        """Return the number of arcs."""
        return len(self.feed)


@dataclass(frozen=True)
class HeatMarket:
    """The buyers of heat at one site.

    A site sells the heat its plants make, as far as its buyers want it: sold in a year
    is the lesser of both, and what is left is cooled away.
    """

    site: str
    plants: tuple[int, ...]
    demand_tj_per_y: float
    worth_m: tuple[Floats, ...]
    """Per period: present value of a terajoule sold in each year.  [M money/TJ]"""
    avoided_kt: tuple[Floats, ...]
    """Per period: emissions avoided by a terajoule in each year.  [kt CO2e/TJ]"""


@dataclass(frozen=True)
class Superstructure:
    """All options of a scenario."""

    scenario: Scenario
    spans: tuple[Span, ...]
    origins: tuple[Origin, ...]
    sources: Sources
    commodities: tuple[Commodity, ...]
    plants: tuple[Plant, ...]
    options: tuple[Option, ...]
    feeds: Feeds
    first: Hauls
    later: Hauls
    leaked_co2e_kt: Floats
    """(periods,): direct emissions of leaked waste of classes without measures, last
    year.  [kt CO2e/y]"""
    leaked_co2e_total_kt: float = 0.0
    """Direct emissions of leaked waste of classes without measures, all years.
    [kt CO2e]"""
    heat_markets: tuple[HeatMarket, ...] = ()
    regimes: tuple[Regime, ...] = ()
    """Of all classes with measures, those of a class one after the other."""
    incomes_m: Mapping[str, Floats] = field(default_factory=dict)
    """Informal trade -> (periods,): income from classes without measures, last year.
    [M money/y]"""
    constant_m: float = 0.0
    """Cost that no decision changes.  [M money, present value]"""
    notes: tuple[str, ...] = field(default_factory=tuple)
    experience: Experience = NO_EXPERIENCE
    """How plants and targets are to be read, if plans have been simulated."""

    @property
    def n_periods(self) -> int:
        """The number of periods."""
        return len(self.spans)
