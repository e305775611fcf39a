"""What plants, centres and outlets can take."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator

from wasteplan.evaluation.assets import CENTRE
from wasteplan.evaluation.books import Books
from wasteplan.evaluation.checking import ABSOLUTE, Results, is_above
from wasteplan.evaluation.following import Lots
from wasteplan.evaluation.lots import Lot
from wasteplan.evaluation.result import Violation
from wasteplan.plan.records import RAW
from wasteplan.scenario.derived import (
    accepted_by,
    outlet_works_in,
)
from wasteplan.scenario.seasons import in_season, season_ids, season_of
from wasteplan.units import words
from wasteplan.waste.material import Material, blend, blend_property


def mass_capacity(r: Results) -> Iterator[Violation]:
    """No plant takes more than its mass capacity (overload included); centres too."""
    for s in r.states:
        if is_above(s.throughput_t, s.mass_max_t):
            name = "centre_throughput" if s.technology == CENTRE else "mass_capacity"
            if not s.at_work:
                name = "plant_works"
            yield Violation(
                name, s.plant, r.period(s.period), s.throughput_t, s.mass_max_t, "t/y"
            )


def heat_capacity(r: Results) -> Iterator[Violation]:
    """No burner takes more heat than its rating; unknown heat is a violation."""
    for s in r.states:
        if math.isnan(s.heat_max_tj) or not s.throughput_t:
            continue
        if math.isnan(s.heat_tj) or is_above(s.heat_tj, s.heat_max_tj, 1e-5):
            yield Violation(
                "heat_capacity",
                s.plant,
                r.period(s.period),
                s.heat_tj,
                s.heat_max_tj,
                "TJ/y",
            )


def minimum_load(r: Results) -> Iterator[Violation]:
    """What works is fed at least its least load: heat if it has a rating."""
    for s in r.states:
        heated = not math.isnan(s.heat_max_tj)
        load = s.heat_tj if heated else s.throughput_t
        if is_above(s.load_min, load, 1e-5 if heated else ABSOLUTE):
            unit = "TJ/y" if heated else "t/y"
            yield Violation(
                "minimum_load", s.plant, r.period(s.period), load, s.load_min, unit
            )


def blend_limits(r: Results) -> Iterator[Violation]:
    """The mean of a property over all that a plant takes stays within its limits.

    In every season, if the scenario has any.
    """
    intensities = r.books.intensities
    for s in r.states:
        rows = [
            b for b in r.books.scenario.blend_limits if b.technology == s.technology
        ]
        if not rows or s.throughput_t <= ABSOLUTE:
            continue
        parts = {lot: float(t[-1]) for lot, t in s.lots.items() if t[-1] > 0}
        for season in season_ids(r.books.scenario):
            mix = _blend_in(r.books, parts, season)
            for row in rows:
                value = blend_property(mix, intensities.materials.table, row.property)
                name = f"blend_{row.property}{f' ({season})' if season else ''}"
                unit = "MJ/kg" if row.property == "lhv_mj_per_kg" else "kg/kg"
                for limit, sign in ((row.max, 1.0), (row.min, -1.0)):
                    if limit is None:
                        continue
                    if math.isnan(value) or is_above(sign * value, sign * limit, 1e-9):
                        where = (s.plant, r.period(s.period))
                        yield Violation(name, *where, value, limit, unit)


def _blend_in(books: Books, parts: dict[Lot, float], season: str) -> Material:
    """What comes together in a season; only raw waste changes with it."""
    materials, tonnes = [], []
    for lot, t in parts.items():
        is_raw = lot.product == RAW
        row = season_of(books.scenario, season, lot.stream if is_raw else "")
        material = books.intensities.materials.all[lot.material]
        materials.append(in_season(material, row) if is_raw else material)
        tonnes.append(t * row.waste_share)
    return blend(materials, tonnes)


def airspace(r: Results) -> Iterator[Violation]:
    """Landfills take no more than the room left in the cells that work."""
    for s in r.states:
        volume = s.airspace_used_m3 + s.airspace_left_m3
        if is_above(s.airspace_used_m3, volume):
            yield Violation(
                "airspace",
                s.plant,
                r.period(s.period),
                s.airspace_used_m3,
                volume,
                "m3",
            )


def acceptance(r: Results) -> Iterator[Violation]:
    """Plants, centres and outlets take only what they accept, hazardous or not."""
    scenario = r.books.scenario
    for s in r.states:
        for name, tonnes, lot in _by_name(s.lots):
            if s.technology == CENTRE:
                streams = words(scenario.centre[s.plant].accepts)
                accepted = lot.product == RAW and (not streams or name in streams)
                consents = True
            else:
                accepted = name in accepted_by(scenario, s.technology)
                consents = scenario.technology[s.technology].accepts_hazardous
            where = f"{s.plant}: {name}"
            if not accepted:
                yield Violation(
                    "acceptance", where, r.period(s.period), tonnes, 0.0, "t/y"
                )
            if _is_hazardous(r.books, lot) and not consents:
                yield Violation(
                    "hazardous_consent", where, r.period(s.period), tonnes, 0.0, "t/y"
                )
    for (t, place), lots in r.books.course.intake.items():
        if place not in scenario.outlet:
            continue
        taken = words(scenario.outlet[place].accepts)
        for name, tonnes, _ in _by_name(lots):
            if name not in taken:
                yield Violation(
                    "acceptance", f"{place}: {name}", r.period(t), tonnes, 0.0, "t/y"
                )


def _by_name(lots: Lots) -> Iterator[tuple[str, float, Lot]]:
    """(what it is called, tonnes of the last year, one of its lots)."""
    sums: dict[str, float] = defaultdict(float)
    example: dict[str, Lot] = {}
    for lot, tonnes in lots.items():
        sums[lot.name] += float(tonnes[-1])
        example[lot.name] = lot
    for name, last_t in sums.items():
        if last_t > ABSOLUTE:
            yield name, last_t, example[name]


def _is_hazardous(books: Books, lot: Lot) -> bool:
    if lot.product == RAW:
        return books.scenario.stream[lot.stream].is_hazardous
    return books.scenario.product[lot.product].is_hazardous


def outlet_limits(r: Results) -> Iterator[Violation]:
    """Outlets take no more than their limit, and nothing while they are closed."""
    for (t, place), lots in r.books.course.intake.items():
        outlet = r.books.scenario.outlet.get(place)
        if outlet is None:
            continue
        taken = sum(float(tonnes[-1]) for tonnes in lots.values())
        is_open = outlet_works_in(r.books.scenario, place, r.period(t))
        limit = math.inf if outlet.limit_t_per_y is None else outlet.limit_t_per_y
        limit = limit if is_open else 0.0
        if is_above(taken, limit):
            yield Violation("outlet_limit", place, r.period(t), taken, limit, "t/y")
