"""What each plant can take, and what one kiloton of it costs, emits and gives."""

from __future__ import annotations

import numpy as np

from wasteplan.errors import WasteplanError
from wasteplan.network.places import Outlet
from wasteplan.scenario.derived import factor, grid_item, price
from wasteplan.scenario.model import Scenario
from wasteplan.superstructure.coefficients import Coefficients
from wasteplan.superstructure.commodities import Catalogue, Taker
from wasteplan.superstructure.model import (
    CENTRE,
    OUTLET,
    Feeds,
    Floats,
    Plant,
    Span,
)

MONEY_PER_T_TO_M_PER_KT = 1e-3
T_PER_KG = 1e-3


def feeds(
    scenario: Scenario,
    book: Catalogue,
    plants: tuple[Plant, ...],
    periods: tuple[Span, ...],
) -> Feeds:
    """Every (plant, commodity) pair with its coefficients, in order of plants."""
    pairs: list[tuple[int, int, Taker]] = []
    for p, plant in enumerate(plants):
        taker = _taker(plant)
        pairs += [(p, c, taker) for c in sorted(book.takes[taker])]
    n, m = len(pairs), len(periods)
    cost, gross, years = np.zeros((n, m)), np.zeros((n, m)), np.zeros((n, m))
    gases = np.zeros((4, n, m))
    heat, electricity, airspace, to_sell = (np.zeros(n) for _ in range(4))
    triplets: list[tuple[int, int, float]] = []
    known: dict[tuple[object, ...], tuple[Floats, Floats, Floats]] = {}
    for f, (p, c, taker) in enumerate(pairs):
        has = book.takes[taker][c]
        ratio = book.commodities[c].ratio
        key = (taker, c)
        if key not in known:
            known[key] = (
                *_costs(scenario, plants[p], has, ratio, periods),
                _emissions(scenario, has, ratio, periods),
            )
        cost[f], gross[f], gases[:, f] = known[key]
        years[f] = [r.sum() for r in ratio]
        heat[f] = has.heat_mj * 1e-3  # 1 MJ/t is 1e-3 TJ/kt
        to_sell[f] = has.heat_to_sell_mj * 1e-3
        electricity[f] = has.electricity_kwh * 1e-3  # 1 kWh/t is 1e-3 GWh/kt
        airspace[f] = has.airspace_m3
        given = book.gives.get((taker, c), {})
        triplets += [(f, out, share) for out, share in sorted(given.items())]
    return Feeds(
        plant=np.array([p for p, _, _ in pairs], dtype=np.int64),
        commodity=np.array([c for _, c, _ in pairs], dtype=np.int64),
        cost=cost,
        gross=gross,
        heat=heat,
        heat_to_sell=to_sell,
        electricity=electricity,
        emissions=gases[0],
        credits=gases[1],
        emissions_total=gases[2],
        credits_total=gases[3],
        airspace=airspace,
        years=years,
        out_feed=np.array([f for f, _, _ in triplets], dtype=np.int64),
        out_commodity=np.array([c for _, c, _ in triplets], dtype=np.int64),
        out_share=np.array([s for _, _, s in triplets], dtype=np.float64),
    )


def _taker(plant: Plant) -> Taker:
    if plant.technology == CENTRE:
        return ("centre", plant.id)
    if plant.technology == OUTLET:
        return ("outlet", plant.id)
    return ("technology", plant.technology)


def yearly_items(
    scenario: Scenario, plant: Plant, has: Coefficients, year: int
) -> tuple[float, ...]:
    """Cost items of one tonne in a year, revenue negative.  [money/t]"""
    if plant.technology == OUTLET:
        outlet: Outlet = scenario.outlet[plant.id]
        return (-outlet.price_per_t,)
    if plant.technology == CENTRE:
        fixed = (scenario.centre[plant.id].variable_om_per_t, 0.0)
    else:
        technology = scenario.technology[plant.technology]
        fixed = (technology.variable_om_per_t or 0.0, technology.after_care_per_t)
    diesel = has.diesel_l * price(scenario, "diesel", year) if has.diesel_l else 0.0
    coal_gj = _known(has.coal_gj, plant, "heat")
    coal = -coal_gj * price(scenario, "coal", year) if coal_gj else 0.0
    return (
        *fixed,
        diesel,
        coal,
        _electricity(scenario, _known(has.electricity_kwh, plant, "electricity"), year),
        _carbon(scenario, plant, has, year),
    )


def _known(value: float, plant: Plant, what: str) -> float:
    """The value, or an error if money depends on it and it is unknown."""
    if np.isnan(value):
        raise WasteplanError(
            f"{plant.id}: the {what} of what it may take is unknown, and money depends "
            "on it: give the heating value and carbon of its fractions"
        )
    return value


def _electricity(scenario: Scenario, kwh: float, year: int) -> float:
    if kwh > 0:
        return -kwh * price(scenario, "electricity_sold", year)
    return -kwh * price(scenario, "electricity_bought", year) if kwh < 0 else 0.0


def _carbon(scenario: Scenario, plant: Plant, has: Coefficients, year: int) -> float:
    if not scenario.settings.economics.count_carbon:
        return 0.0
    grid = _grid(scenario, has.direct_kg_per_grid, year, is_credit=False)
    kg = _known(has.direct_kg, plant, "carbon") + has.direct_kg_per_grid * grid
    return kg * T_PER_KG * price(scenario, "carbon", year)


def _grid(scenario: Scenario, slope: float, year: int, *, is_credit: bool) -> float:
    """The grid factor, looked up only where it matters and is known.  [kg CO2e/kWh]"""
    if not abs(slope) > 0:  # none, or unknown (NaN)
        return 0.0
    return factor(scenario, grid_item(scenario, is_credit=is_credit), year)


def _costs(
    scenario: Scenario,
    plant: Plant,
    has: Coefficients,
    ratio: tuple[Floats, ...],
    periods: tuple[Span, ...],
) -> tuple[Floats, Floats]:
    """Present value per kt of the last year: net, and of the positive items alone."""
    net, gross = [], []
    for span, r in zip(periods, ratio, strict=True):
        items = np.array([yearly_items(scenario, plant, has, y) for y in span.years])
        weight = span.discount * r * MONEY_PER_T_TO_M_PER_KT
        net.append(float(weight @ items.sum(axis=1)))
        gross.append(float(weight @ np.maximum(items, 0.0).sum(axis=1)))
    return np.array(net), np.array(gross)


def _emissions(
    scenario: Scenario,
    has: Coefficients,
    ratio: tuple[Floats, ...],
    periods: tuple[Span, ...],
) -> Floats:
    """(4, periods): direct and avoided emissions, last year, then all years.

    The first two in kt CO2e/kt, the others in kt CO2e per kt/y of the last year.
    """
    kinds = (
        (has.direct_kg, has.direct_kg_per_grid, False),
        (has.credit_kg, has.credit_kg_per_grid, True),
    )
    out = np.zeros((4, len(periods)))
    for t, (span, r) in enumerate(zip(periods, ratio, strict=True)):
        for i, (fixed, slope, is_credit) in enumerate(kinds):
            grid = [_grid(scenario, slope, y, is_credit=is_credit) for y in span.years]
            per_t = (fixed + slope * np.array(grid)) * T_PER_KG
            out[i, t], out[i + 2, t] = per_t[-1], per_t @ r
    return out
