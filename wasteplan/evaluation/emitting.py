"""Greenhouse gases of a plan, year by year, by stage and place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from wasteplan.evaluation.assets import CENTRE, OUTLET
from wasteplan.evaluation.books import EFFLUENT, Books, technology_of
from wasteplan.evaluation.costs import HAUL, Account, Entry
from wasteplan.evaluation.fates import ends
from wasteplan.evaluation.flows import summed
from wasteplan.evaluation.heat import heat_factors, heat_sales, heat_status
from wasteplan.evaluation.intensities import EmissionKind, EmissionLine
from wasteplan.evaluation.lots import Floats, Lot
from wasteplan.evaluation.part_load import lost_kwh, lost_lines
from wasteplan.evaluation.result import EMISSION_COLUMNS
from wasteplan.lca.emissions import haul_emissions
from wasteplan.lca.factors import gwp_factors
from wasteplan.plan.records import RAW
from wasteplan.scenario.derived import factor, grid_item, price
from wasteplan.units import KG_PER_T

UNCOLLECTED = "uncollected"
PUBLIC = "public"
METHANE = "ch4"
"""The emission table does not tell fossil from biogenic methane; the inventory does."""


@dataclass(frozen=True)
class Release:
    """What a line of the emission table is about."""

    period: int
    place: str
    technology: str
    stream: str
    """Stream that the waste came from."""
    is_raw: bool
    """As generated, not an output of a plant; a haul of it: from its generator."""
    is_inside: bool
    """Whether it happens inside the boundary; a buyer's kiln does not."""
    kind: EmissionKind


Emitted = dict[Release, Floats]
"""A substance in every year of the period.  [kg/y]"""


def emitted(books: Books) -> Emitted:
    """All emissions and credits of a plan, by substance, before characterisation."""
    sums: Emitted = {}
    grid: dict[tuple[int, bool], Floats] = {}
    for family in (_treatment, _leakage, _haulage):
        for release, line, tonnes in family(books):
            kg: Floats = line.fixed_kg * tonnes
            if line.per_grid_kg:
                key = (release.period, release.kind.is_credit)
                if key not in grid:
                    grid[key] = _grid(books, *key)
                kg = kg + line.per_grid_kg * grid[key] * tonnes
            sums[release] = sums[release] + kg if release in sums else kg
    for release, kg in _heat_credits(books):
        sums[release] = sums[release] + kg if release in sums else kg
    return sums


def _heat_credits(books: Books) -> Iterator[tuple[Release, Floats]]:
    """What buyers of heat no longer burn, by plant and stream."""
    for sale in heat_sales(books):
        name = technology_of(sale.plant)
        kind = EmissionKind("avoided", "co2e", True, heat_status(books, name))
        raw = sale.lot.product == RAW
        release = Release(
            sale.period, sale.plant, name, sale.lot.stream, raw, True, kind
        )
        yield release, -sale.gj * heat_factors(books, sale.period)


def _grid(books: Books, period: int, is_credit: bool) -> Floats:
    """The grid factor of every year of a period.  [kg CO2e/kWh]"""
    item = grid_item(books.scenario, is_credit=is_credit)
    return np.array([factor(books.scenario, item, y) for y in books.years[period]])


def emissions(books: Books, found: Emitted) -> pd.DataFrame:
    """The emission table (see `EMISSION_COLUMNS`)."""
    periods = books.scenario.periods
    warming = gwp_factors(books.scenario.settings.assessment.gwp)
    sums: dict[tuple[object, ...], float] = defaultdict(float)
    for r, amounts in found.items():
        substance = r.kind.substance
        co2e = amounts * warming[substance].value
        for year, kg in zip(books.years[r.period], co2e, strict=True):
            key = (
                periods[r.period].id,
                year,
                r.kind.stage,
                r.place,
                r.technology,
                METHANE if substance.startswith(METHANE) else substance,
                r.kind.is_credit,
                r.kind.status,
            )
            sums[key] += float(kg)
    rows = [(*key[:-1], kg, key[-1]) for key, kg in sums.items() if kg != 0]
    frame = pd.DataFrame(rows, columns=list(EMISSION_COLUMNS))
    by = ["year", "stage", "place", "technology", "substance", "status"]
    return frame.sort_values(by, kind="stable", ignore_index=True)


def carbon_costs(books: Books, found: Emitted) -> Iterator[Entry]:
    """Damage cost of direct emissions inside the boundary, if the scenario counts it.

    The public bears it.  Credits and what buyers emit are left out.
    """
    if not books.scenario.settings.economics.count_carbon:
        return
    status = books.statuses.prices("carbon")
    warming = gwp_factors(books.scenario.settings.assessment.gwp)
    for r, kg in found.items():
        if r.kind.is_credit or not r.is_inside:
            continue
        years = books.years[r.period]
        prices = np.array([price(books.scenario, "carbon", y) for y in years])
        account = Account(r.period, "carbon", r.place, r.technology, PUBLIC, status)
        yield account, kg * warming[r.kind.substance].value / KG_PER_T * prices


@dataclass(frozen=True)
class Load:
    """Tonnes of one lot that a place takes in, or that leak to a fate."""

    period: int
    place: str
    name: str
    """Technology id, `centre`, `outlet`, or kind of fate."""
    lot: Lot
    tonnes: Floats
    """Shape (years of the period,).  [t/y]"""
    lines: tuple[EmissionLine, ...]


def treated(books: Books) -> Iterator[Load]:
    """What plants, centres and outlets take in."""
    scenario, intensities = books.scenario, books.intensities
    for (t, place), lots in books.course.intake.items():
        for lot, tonnes in lots.items():
            if place in scenario.outlet:
                lines, name = intensities.at_outlet(place, lot), OUTLET
            elif place in scenario.centre:
                lines = intensities.at_centre(scenario.centre[place])
                name = CENTRE
            else:
                name = technology_of(place)
                lines = intensities.at_technology(name, lot.material)
            yield Load(t, place, name, lot, tonnes, lines)


def leaked(books: Books) -> Iterator[Load]:
    """What leaks, by fate; unrouted waste is not collected."""
    kinds = {name: end.kind for name, end in ends(books.scenario).items()}
    index = books.course.index
    for t, flows in enumerate(books.course.flows):
        leaks = np.flatnonzero(~books.trips[t].is_hauled)
        groups, sums, _ = summed(
            flows.tonnes[leaks], flows.destination[leaks], flows.lot[leaks]
        )
        for (where, number), tonnes in zip(groups, sums, strict=True):
            fate, lot = index.places[where], index.lots[number]
            kind = kinds.get(fate, UNCOLLECTED)
            lines = books.intensities.at_fate(kind, lot.material)
            yield Load(t, fate, kind, lot, tonnes, lines)


def _treatment(books: Books) -> Iterator[tuple[Release, EmissionLine, Floats]]:
    for load in treated(books):
        inside = load.place not in books.scenario.outlet
        for line in load.lines:
            yield _release(load, inside, line.kind), line, load.tonnes
        for line, kwh in _part_load(books, load):
            yield _release(load, inside, line.kind), line, load.tonnes * kwh


def _part_load(books: Books, load: Load) -> Iterator[tuple[EmissionLine, Floats]]:
    """Electricity that part load takes, as credit not earned or power bought."""
    if load.name not in books.scenario.technology:
        return
    lost = lost_kwh(books, load.period, load.place, load.lot)
    if isinstance(lost, float):
        return
    work = books.intensities.performance(load.name, load.lot.material)
    yield from lost_lines(load.lines, work.electricity_kwh_per_t, lost)


def _leakage(books: Books) -> Iterator[tuple[Release, EmissionLine, Floats]]:
    for load in leaked(books):
        for line in load.lines:
            yield _release(load, True, line.kind), line, load.tonnes


def _release(load: Load, is_inside: bool, kind: EmissionKind) -> Release:
    return Release(
        load.period,
        load.place,
        load.name,
        load.lot.stream,
        load.lot.product == RAW,
        is_inside,
        kind,
    )


def _haulage(books: Books) -> Iterator[tuple[Release, EmissionLine, Floats]]:
    vehicles, index = books.scenario.vehicles, books.course.index
    collects = np.array([p in books.scenario.generator for p in index.places], bool)
    streams = list(dict.fromkeys(lot.stream for lot in index.lots))
    stream_of = np.array([streams.index(lot.stream) for lot in index.lots], np.int64)
    liquid = {lot.stream for lot in index.lots if books.is_liquid(lot)}
    for t, flows in enumerate(books.course.flows):
        trips = books.trips[t]
        hauled = np.flatnonzero(trips.is_hauled)
        groups, sums, _ = summed(
            trips.co2_kg_per_t[hauled, None] * flows.tonnes[hauled],
            trips.vehicle[hauled],
            stream_of[flows.lot[hauled]],
            collects[flows.origin[hauled]].astype(np.int64),
        )
        for (number, stream, first), kg in zip(groups, sums, strict=True):
            row = vehicles[number]
            status = books.statuses.cell("vehicles", row, "co2_kg_per_km")
            for e in haul_emissions(1.0, status):
                is_liquid = first and streams[stream] in liquid
                stage = EFFLUENT if is_liquid else e.stage
                kind = EmissionKind(stage, e.substance, e.is_credit, e.status)
                line = EmissionLine(kind, e.kg_per_t, 0.0)
                release = Release(
                    t, HAUL, HAUL, streams[stream], bool(first), True, kind
                )
                yield release, line, kg
