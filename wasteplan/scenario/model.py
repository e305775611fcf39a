"""The validated case: every table as records, with look-ups by id."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from wasteplan.network.haulage import Container, Fleet, Leg, Vehicle
from wasteplan.network.places import (
    Centre,
    Depot,
    Outlet,
    Site,
    SiteCriterion,
    WasteGenerator,
)
from wasteplan.network.roads import RoadDistance, RoadEdge, RoadNode
from wasteplan.scenario.measure_records import (
    InformalTrade,
    Integration,
    LeakageMeasure,
    Programme,
)
from wasteplan.scenario.money_records import MoneyRate, Recycler
from wasteplan.scenario.records import (
    Choice,
    Estimate,
    ExistingFacility,
    Fate,
    Generation,
    GeneratorClass,
    LeakageStep,
    Loan,
    Owner,
    Period,
    Price,
    Profile,
    ProvenanceLine,
    Range,
    Season,
    Target,
    YearlyFactor,
)
from wasteplan.scenario.settings import Settings
from wasteplan.treatment.records import (
    Acceptance,
    BlendLimit,
    LandfillPhase,
    Operation,
    PartLoad,
    Product,
    Size,
    Technology,
    Yield,
)
from wasteplan.units import Record
from wasteplan.waste.records import (
    CompositionShare,
    Fraction,
    FractionProperty,
    Stream,
)


class SourceEntry(Record):
    """One key of `sources.toml`."""

    id: str
    text: str
    url: str = ""


@dataclass(frozen=True)
class Scenario:
    """A validated case.  Immutable; a change is `dataclasses.replace`.

    Tables hold what the folder says *completed from the packaged catalogue*: an empty
    cell of a technology that names a catalogue entry is filled, and the fractions,
    products, yields and operations of the catalogue that the case needs are there.
    """

    settings: Settings
    folder: Path | None = None
    sources: tuple[SourceEntry, ...] = ()
    generators: tuple[WasteGenerator, ...] = ()
    generator_classes: tuple[GeneratorClass, ...] = ()
    generation: tuple[Generation, ...] = ()
    estimates: tuple[Estimate, ...] = ()
    streams: tuple[Stream, ...] = ()
    composition: tuple[CompositionShare, ...] = ()
    fractions: tuple[Fraction, ...] = ()
    fraction_properties: tuple[FractionProperty, ...] = ()
    containers: tuple[Container, ...] = ()
    fleets: tuple[Fleet, ...] = ()
    depots: tuple[Depot, ...] = ()
    vehicles: tuple[Vehicle, ...] = ()
    legs: tuple[Leg, ...] = ()
    centres: tuple[Centre, ...] = ()
    sites: tuple[Site, ...] = ()
    site_criteria: tuple[SiteCriterion, ...] = ()
    facilities: tuple[ExistingFacility, ...] = ()
    technologies: tuple[Technology, ...] = ()
    sizes: tuple[Size, ...] = ()
    products: tuple[Product, ...] = ()
    yields: tuple[Yield, ...] = ()
    acceptance: tuple[Acceptance, ...] = ()
    blend_limits: tuple[BlendLimit, ...] = ()
    operations: tuple[Operation, ...] = ()
    landfill_phases: tuple[LandfillPhase, ...] = ()
    part_load: tuple[PartLoad, ...] = ()
    outlets: tuple[Outlet, ...] = ()
    fates: tuple[Fate, ...] = ()
    leakage: tuple[LeakageStep, ...] = ()
    programmes: tuple[Programme, ...] = ()
    leakage_measures: tuple[LeakageMeasure, ...] = ()
    informal: tuple[InformalTrade, ...] = ()
    integration: tuple[Integration, ...] = ()
    periods: tuple[Period, ...] = ()
    targets: tuple[Target, ...] = ()
    choices: tuple[Choice, ...] = ()
    prices: tuple[Price, ...] = ()
    factors: tuple[YearlyFactor, ...] = ()
    owners: tuple[Owner, ...] = ()
    loans: tuple[Loan, ...] = ()
    rates: tuple[MoneyRate, ...] = ()
    recyclers: tuple[Recycler, ...] = ()
    profiles: tuple[Profile, ...] = ()
    seasons: tuple[Season, ...] = ()
    nodes: tuple[RoadNode, ...] = ()
    edges: tuple[RoadEdge, ...] = ()
    distances: tuple[RoadDistance, ...] = ()
    ranges: tuple[Range, ...] = ()
    provenance: tuple[ProvenanceLine, ...] = ()
    filled_cells: dict[tuple[str, str, str], str] = field(default_factory=dict)
    """(table, row id, column) of every cell the catalogue filled -> status."""
    catalogue_notes: tuple[str, ...] = ()
    """What may surprise in those cells: a size beyond a cost function's range."""

    @property
    def name(self) -> str:
        """The scenario's id."""
        return self.settings.scenario.name

    @cached_property
    def technology(self) -> dict[str, Technology]:
        """Technologies by id."""
        return {t.id: t for t in self.technologies}

    @cached_property
    def size(self) -> dict[tuple[str, str], Size]:
        """Sizes by (technology, size id)."""
        return {(s.technology, s.id): s for s in self.sizes}

    @cached_property
    def product(self) -> dict[str, Product]:
        """Products by id."""
        return {p.id: p for p in self.products}

    @cached_property
    def stream(self) -> dict[str, Stream]:
        """Streams by id."""
        return {s.id: s for s in self.streams}

    @cached_property
    def generator(self) -> dict[str, WasteGenerator]:
        """Waste generators by id."""
        return {g.id: g for g in self.generators}

    @cached_property
    def site(self) -> dict[str, Site]:
        """Sites by id."""
        return {s.id: s for s in self.sites}

    @cached_property
    def centre(self) -> dict[str, Centre]:
        """Centres by id."""
        return {c.id: c for c in self.centres}

    @cached_property
    def outlet(self) -> dict[str, Outlet]:
        """Outlets by id."""
        return {o.id: o for o in self.outlets}

    @cached_property
    def years(self) -> tuple[int, ...]:
        """All years of the horizon."""
        return tuple(
            y for p in self.periods for y in range(p.first_year, p.last_year + 1)
        )
