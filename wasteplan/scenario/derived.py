"""What follows from a scenario's rows: pure look-ups that several rooms share.

Every function takes the scenario first and ids after it.  Answers that cost more than a
glance are kept with the scenario object, which never changes.
"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np

from wasteplan.errors import WasteplanError
from wasteplan.finance.prices import convert_money, value_in_year
from wasteplan.scenario.hauls import (
    Hauls,
    density_kg_per_m3,
    distances,
    haul,
    origin_kind,
    place,
    roads_of,
    state_leaving,
)
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import ExistingFacility, Generation, Period
from wasteplan.scenario.remembering import remembered
from wasteplan.waste.material import FractionTable, Material, fraction_table
from wasteplan.waste.streams import stream_material

GRID = "grid_kg_co2e_per_kwh"
HEAT_SOLD = "heat_sold"
"""The price of heat, per GJ."""
HEAT_FACTOR = "heat_kg_co2e_per_gj"
"""What the heat that buyers made before emitted."""
GRID_MARGINAL = "grid_marginal_kg_co2e_per_kwh"

__all__ = [
    "ACTORS",
    "Actor",
    "Hauls",
    "MissingItem",
    "accepted_by",
    "build_works_in",
    "density_kg_per_m3",
    "distances",
    "facility_of",
    "facility_works_in",
    "factor",
    "fractions",
    "grid_item",
    "haul",
    "leakage_shares",
    "material",
    "opening_is_possible",
    "origin_kind",
    "outlet_works_in",
    "owner",
    "period_of",
    "place",
    "price",
    "roads_of",
    "site_is_open_in",
    "state_leaving",
    "tonnage",
]

Actor = Literal["public", "operator", "generator", "informal"]
ACTORS: tuple[Actor, ...] = get_args(Actor)


class MissingItem(WasteplanError):
    """A price or factor that a calculation needs has no row."""


# Time -------------------------------------------------------------------------------


def period_of(scenario: Scenario, period: str | Period) -> Period:
    """The period by id; a `Period` is returned as it is.  KeyError if unknown."""
    if isinstance(period, Period):
        return period
    return _periods(scenario)[period]


@remembered
def _periods(scenario: Scenario) -> dict[str, Period]:
    return {p.id: p for p in scenario.periods}


def opening_is_possible(
    scenario: Scenario, technology_or_centre: str, period: str | Period
) -> bool:
    """Whether what is decided in the base year can open when the period starts.

    first_year >= base_year + lead_time_y.  A technology without a lead time needs none.
    """
    first = period_of(scenario, period).first_year
    if technology_or_centre in scenario.centre:
        lead = scenario.centre[technology_or_centre].lead_time_y
    else:
        lead = scenario.technology[technology_or_centre].lead_time_y or 0.0
    return first >= scenario.settings.scenario.base_year + lead


def build_works_in(
    scenario: Scenario, lifetime_y: float, opened_year: int, period: str | Period
) -> bool:
    """Whether what opens in a year works in every year of the period.

    opened_year <= first_year and last_year <= opened_year + lifetime - 1.
    """
    span = period_of(scenario, period)
    last = opened_year + lifetime_y - 1
    return opened_year <= span.first_year and span.last_year <= last


def facility_works_in(
    scenario: Scenario, facility: str | ExistingFacility, period: str | Period
) -> bool:
    """Whether an existing facility, if not closed by the plan, works in the period.

    opened <= first_year and last_year <= min(opened + lifetime - 1, closes_after).  A
    technology without a lifetime lasts until `closes_after`.
    """
    row = facility_of(scenario, facility)
    span = period_of(scenario, period)
    lifetime = scenario.technology[row.technology].lifetime_y
    last = float("inf") if lifetime is None else row.opened + lifetime - 1
    if row.closes_after is not None:
        last = min(last, row.closes_after)
    return row.opened <= span.first_year and span.last_year <= last


def facility_of(
    scenario: Scenario, facility: str | ExistingFacility
) -> ExistingFacility:
    """The existing facility by id; a row is returned as it is."""
    if isinstance(facility, ExistingFacility):
        return facility
    return _facilities(scenario)[facility]


@remembered
def _facilities(scenario: Scenario) -> dict[str, ExistingFacility]:
    return {f.id: f for f in scenario.facilities}


def site_is_open_in(scenario: Scenario, site: str, period: str | Period) -> bool:
    """Whether a new facility may stand on the site from the period's first year."""
    opens = scenario.site[site].opens_from
    return opens is None or opens <= period_of(scenario, period).first_year


def outlet_works_in(scenario: Scenario, outlet: str, period: str | Period) -> bool:
    """Whether an outlet takes material in every year of the period."""
    row = scenario.outlet[outlet]
    span = period_of(scenario, period)
    opens = row.opens_from is None or row.opens_from <= span.first_year
    return opens and (row.closes_after is None or span.last_year <= row.closes_after)


# Waste ------------------------------------------------------------------------------


@remembered
def _generation_rows(
    scenario: Scenario,
) -> dict[tuple[str, str], tuple[Generation, ...]]:
    """Rows of each (generator, stream), by year."""
    found: dict[tuple[str, str], list[Generation]] = {}
    for row in scenario.generation:
        found.setdefault((row.generator, row.stream), []).append(row)
    return {k: tuple(sorted(v, key=lambda r: r.year)) for k, v in found.items()}


def tonnage(scenario: Scenario, generator: str, stream: str, year: int) -> float:
    """Waste of a generator and stream in a year.  [t/y]

    Straight lines between the years of its rows, constant before the first, growth of
    the last row after it: w(y) = w_n (1 + g_n)^(y - y_n).  0 without a row.
    """
    rows = _generation_rows(scenario).get((generator, stream), ())
    if not rows:
        return 0.0
    last = rows[-1]
    if year >= last.year:
        return last.waste_t_per_y * (1 + last.growth_per_y) ** (year - last.year)
    return value_in_year({r.year: r.waste_t_per_y for r in rows}, year)


@remembered
def leakage_shares(
    scenario: Scenario,
    generator_class: str,
    stream: str,
    period: str | Period,
    penalties_added: tuple[tuple[str, float], ...] = (),
    paid_per_t: float = 0.0,
) -> dict[str, float]:
    """Share of a class's stream that goes to each fate in a period.  [-]

    The advantage of a fate is the price it pays + the legal price of the class - the
    expected penalty, in the period's last year (a penalty with `penalty_from` counts
    from that year on).  Of the rows of the response, the one with the highest
    `advantage_min` not above the advantage applies (an empty one always fits), in the
    low, central or high variant of the settings.  Fates without rows are absent.

    Parameters
    ----------
    penalties_added
        What measures add to the expected penalty: (fate, or empty for all; money/t).
    paid_per_t
        What measures pay generators towards the legal route.  [money/t]
    """
    year = period_of(scenario, period).last_year
    response = scenario.settings.leakage.response
    legal = {c.id: c.legal_price_per_t for c in scenario.generator_classes}
    fates = {f.id: f for f in scenario.fates}
    best: dict[str, tuple[float, float]] = {}
    for step in scenario.leakage:
        if (step.generator_class, step.stream) != (generator_class, stream):
            continue
        fate = fates[step.fate]
        punished = fate.penalty_from is None or year >= fate.penalty_from
        penalty = fate.expected_penalty_per_t if punished else 0.0
        penalty += sum(more for f, more in penalties_added if f in ("", fate.id))
        legal_price = legal.get(generator_class, 0.0) - paid_per_t
        advantage = fate.price_paid_per_t + legal_price - penalty
        bound = -np.inf if step.advantage_min is None else step.advantage_min
        if bound > advantage:
            continue
        bounds = {"low": step.low, "central": step.share, "high": step.high}
        share = bounds[response]
        share = step.share if share is None else share
        if step.fate not in best or bound > best[step.fate][0]:
            best[step.fate] = (bound, share)
    return {fate: share for fate, (_, share) in best.items()}


@remembered
def fractions(scenario: Scenario) -> FractionTable:
    """The fractions of the scenario with their properties as arrays."""
    return fraction_table(scenario.fractions, scenario.fraction_properties)


@remembered
def material(scenario: Scenario, stream: str) -> Material:
    """One tonne of a stream, fraction by fraction, with its water."""
    rows = [r for r in scenario.composition if r.stream == stream]
    return stream_material(scenario.stream[stream], rows, fractions(scenario))


@remembered
def described_streams(scenario: Scenario) -> frozenset[str]:
    """Streams with a composition; what programmes keep apart follows from the rest."""
    return frozenset(r.stream for r in scenario.composition)


@remembered
def accepted_by(scenario: Scenario, technology: str) -> frozenset[str]:
    """Ids of the streams and products that a technology takes."""
    rows = scenario.acceptance
    return frozenset(r.accepts for r in rows if r.technology == technology)


# Money and factors ------------------------------------------------------------------


def price(scenario: Scenario, item: str, year: int) -> float:
    """A price in the scenario's currency and price year.  [money per kWh, l, t or GJ]

    Straight lines between its years, outside them the nearest.

    Raises
    ------
    MissingItem
        If the item has no row in `prices.csv`.
    """
    return value_in_year(_points(scenario, "prices", item), year)


def factor(scenario: Scenario, item: str, year: int) -> float:
    """A yearly physical factor, between years and outside them as for prices.

    Raises
    ------
    MissingItem
        If the item has no row in `factors.csv`.
    """
    return value_in_year(_points(scenario, "factors", item), year)


def grid_item(scenario: Scenario, *, is_credit: bool) -> str:
    """The item of `factors.csv` for electricity: credits may be marginal."""
    is_marginal = scenario.settings.assessment.electricity_credit == "marginal"
    return GRID_MARGINAL if is_credit and is_marginal else GRID


@remembered
def _points(scenario: Scenario, table: str, item: str) -> dict[int, float]:
    """Year -> value of a price (converted) or factor."""
    head = scenario.settings.scenario
    if table == "factors":
        points = {r.year: r.value for r in scenario.factors if r.item == item}
    else:
        points = {
            r.year: convert_money(
                r.value, r.currency, r.price_year, head.currency, head.price_year
            )
            for r in scenario.prices
            if r.item == item
        }
    if not points:
        raise MissingItem(f"{scenario.name}: {table}.csv has no row for '{item}'")
    return points


@remembered
def owner(scenario: Scenario, place: str) -> Actor:
    """Who owns and pays for a plant (`site.technology`), technology or centre.

    The row in `owners.csv`, or the `owner` that a centre states; without them a plant
    belongs to an operator, and a centre, as part of collection, to the public.
    """
    name = place.rpartition(".")[2]
    for row in scenario.owners:
        if row.technology_or_centre == name:
            return row.actor
    if name not in scenario.centre:
        return "operator"
    stated = scenario.centre[name].owner
    return next((actor for actor in ACTORS if actor == stated), "public")
