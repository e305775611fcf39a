"""What one tonne costs where it is taken: quantities first, prices on top.

Quantities do not move with prices, so a price can change without the rest being worked
out again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wasteplan.errors import WasteplanError
from wasteplan.scenario.derived import factor, grid_item, price
from wasteplan.scenario.model import Scenario
from wasteplan.superstructure.coefficients import Coefficients
from wasteplan.superstructure.commodities import Catalogue, Taker
from wasteplan.superstructure.model import (
    CENTRE,
    OUTLET,
    Floats,
    Ints,
    Plant,
    Span,
)

MONEY_PER_T_TO_M_PER_KT = 1e-3
T_PER_KG = 1e-3


@dataclass(frozen=True)
class CostDrivers:
    """Quantities behind the cost of a tonne, one row a (taker, commodity)."""

    which: Ints
    """(feeds,): the row of each feed."""
    plants: tuple[Plant, ...]
    """A plant of each row."""
    ratio: tuple[tuple[Floats, ...], ...]
    """Per row and period: tonnes of each year over the last year's.  [-]"""
    fixed_per_t: Floats
    """(rows, 2): variable O&M and after-care.  [money/t]"""
    diesel_l: Floats
    coal_gj: Floats
    """What of a displaced fuel a tonne saves."""
    electricity_kwh: Floats
    """Net export."""
    direct_kg: Floats
    direct_kg_per_grid: Floats


def pairs_of(
    book: Catalogue, plants: tuple[Plant, ...]
) -> list[tuple[int, int, Taker]]:
    """(plant, commodity, taker) of every feed, in order of plants."""
    pairs: list[tuple[int, int, Taker]] = []
    for p, plant in enumerate(plants):
        taker = _taker(plant)
        pairs += [(p, c, taker) for c in sorted(book.takes[taker])]
    return pairs


def _taker(plant: Plant) -> Taker:
    if plant.technology == CENTRE:
        return ("centre", plant.id)
    if plant.technology == OUTLET:
        return ("outlet", plant.id)
    return ("technology", plant.technology)


def cost_drivers(
    scenario: Scenario, book: Catalogue, plants: tuple[Plant, ...]
) -> CostDrivers:
    """The quantities of every feed.

    Raises
    ------
    WasteplanError
        If one that money depends on is unknown.
    """
    rows: dict[tuple[Taker, int], int] = {}
    which, first = [], []
    for p, c, taker in pairs_of(book, plants):
        if (taker, c) not in rows:
            rows[taker, c] = len(rows)
            first.append((plants[p], book.takes[taker][c], book.commodities[c].ratio))
        which.append(rows[taker, c])
    numbers = np.array([_quantities(scenario, p, has) for p, has, _ in first])
    table = numbers.reshape(len(first), 7)
    return CostDrivers(
        np.array(which, dtype=np.int64),
        tuple(plant for plant, _, _ in first),
        tuple(ratio for _, _, ratio in first),
        table[:, :2],
        *table[:, 2:].T,
    )


def _quantities(scenario: Scenario, plant: Plant, has: Coefficients) -> list[float]:
    """One row of the drivers; what is sold beyond the boundary has a price alone."""
    if plant.technology == OUTLET:
        return [0.0] * 7
    if plant.technology == CENTRE:
        fixed = [scenario.centre[plant.id].variable_om_per_t, 0.0]
    else:
        technology = scenario.technology[plant.technology]
        fixed = [technology.variable_om_per_t or 0.0, technology.after_care_per_t]
    carbon = [0.0, 0.0]
    if scenario.settings.economics.count_carbon:
        carbon = [_known(has.direct_kg, plant, "carbon"), has.direct_kg_per_grid]
    return [
        *fixed,
        has.diesel_l,
        _known(has.coal_gj, plant, "heat"),
        _known(has.electricity_kwh, plant, "electricity"),
        *carbon,
    ]


def _known(value: float, plant: Plant, what: str) -> float:
    """The value, or an error if money depends on it and it is unknown."""
    if np.isnan(value):
        raise WasteplanError(
            f"{plant.id}: the {what} of what it may take is unknown, and money depends "
            "on it: give the heating value and carbon of its fractions"
        )
    return value


def feed_costs(
    scenario: Scenario, drivers: CostDrivers, periods: tuple[Span, ...]
) -> tuple[Floats, Floats]:
    """(feeds, periods) twice: present value per kt of the last year, net and gross.

    sum over years of discount x (tonnes over the last year's) x sum of items; gross
    takes the positive items alone.  [M money/(kt/y)]
    """
    shape = (len(drivers.plants), len(periods))
    net, gross = np.zeros(shape), np.zeros(shape)
    for t, span in enumerate(periods):
        items = _items(scenario, drivers, span.years)
        each, positive = items.sum(axis=2), np.maximum(items, 0.0).sum(axis=2)
        for i, ratio in enumerate(drivers.ratio):
            weight = span.discount * ratio[t] * MONEY_PER_T_TO_M_PER_KT
            net[i, t], gross[i, t] = weight @ each[i], weight @ positive[i]
    return net[drivers.which], gross[drivers.which]


def _items(scenario: Scenario, drivers: CostDrivers, years: tuple[int, ...]) -> Floats:
    """(rows, years, 6): cost items of one tonne, revenue negative.  [money/t]"""
    d, n = drivers, len(drivers.plants)

    def paid(item: str, amount: Floats) -> Floats:
        if not (amount != 0).any():  # the price may be missing: nothing needs it
            return np.zeros((n, len(years)))
        return amount[:, None] * np.array([price(scenario, item, y) for y in years])

    kwh = d.electricity_kwh
    sold = paid("electricity_sold", -np.maximum(kwh, 0.0))
    bought = paid("electricity_bought", -np.minimum(kwh, 0.0))
    carbon = np.zeros((n, len(years)))
    if scenario.settings.economics.count_carbon:
        slope = float(np.nanmax(np.abs(d.direct_kg_per_grid), initial=0.0))
        grid = [grid_factor(scenario, slope, y, is_credit=False) for y in years]
        kg = d.direct_kg[:, None] + d.direct_kg_per_grid[:, None] * np.array(grid)
        prices = np.array([price(scenario, "carbon", y) for y in years])
        carbon = kg * T_PER_KG * prices
    first = np.repeat(d.fixed_per_t[:, :1], len(years), axis=1)
    for i, plant in enumerate(d.plants):
        if plant.technology == OUTLET:
            first[i] = -scenario.outlet[plant.id].price_per_t
    return np.stack(
        [
            first,
            np.repeat(d.fixed_per_t[:, 1:], len(years), axis=1),
            paid("diesel", d.diesel_l),
            paid("coal", -d.coal_gj),
            sold + bought,
            carbon,
        ],
        axis=2,
    )


def grid_factor(
    scenario: Scenario, slope: float, year: int, *, is_credit: bool
) -> float:
    """The grid factor, looked up only where it matters and is known.  [kg CO2e/kWh]"""
    if not abs(slope) > 0:  # none, or unknown (NaN)
        return 0.0
    return factor(scenario, grid_item(scenario, is_credit=is_credit), year)
