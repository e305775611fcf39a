"""What each plant can take, and what one kiloton of it costs, emits and gives."""

from __future__ import annotations

import numpy as np

from wasteplan.scenario.model import Scenario
from wasteplan.superstructure.coefficients import Coefficients
from wasteplan.superstructure.commodities import Catalogue, Taker
from wasteplan.superstructure.feed_costs import (
    T_PER_KG,
    CostDrivers,
    feed_costs,
    grid_factor,
    pairs_of,
)
from wasteplan.superstructure.model import Feeds, Floats, Plant, Span


def feeds(
    scenario: Scenario,
    book: Catalogue,
    plants: tuple[Plant, ...],
    periods: tuple[Span, ...],
    drivers: CostDrivers,
) -> Feeds:
    """Every (plant, commodity) pair with its coefficients, in order of plants."""
    pairs = pairs_of(book, plants)
    n, m = len(pairs), len(periods)
    cost, gross = feed_costs(scenario, drivers, periods)
    years = np.zeros((n, m))
    gases = np.zeros((4, n, m))
    heat, electricity, airspace, to_sell = (np.zeros(n) for _ in range(4))
    triplets: list[tuple[int, int, float]] = []
    known: dict[tuple[Taker, int], Floats] = {}
    for f, (_, c, taker) in enumerate(pairs):
        has = book.takes[taker][c]
        ratio = book.commodities[c].ratio
        key = (taker, c)
        if key not in known:
            known[key] = _emissions(scenario, has, ratio, periods)
        gases[:, f] = known[key]
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
            grid = [
                grid_factor(scenario, slope, y, is_credit=is_credit) for y in span.years
            ]
            per_t = (fixed + slope * np.array(grid)) * T_PER_KG
            out[i, t], out[i + 2, t] = per_t[-1], per_t @ r
    return out
