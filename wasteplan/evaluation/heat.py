"""Heat sold, year by year: what plants of a site make, as far as its buyers want it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from wasteplan.evaluation.books import Books, technology_of
from wasteplan.evaluation.costs import Account, Entry
from wasteplan.evaluation.lots import Floats, Lot
from wasteplan.scenario.derived import HEAT_FACTOR, HEAT_SOLD, factor, owner, price
from wasteplan.units import weakest

MJ_PER_GJ = 1e3
HEAT = "heat"
"""Term of costs."""


@dataclass(frozen=True)
class HeatSale:
    """Heat of one lot that a plant sells."""

    period: int
    plant: str
    lot: Lot
    gj: Floats
    """In every year of the period.  [GJ/y]"""


def heat_sales(books: Books) -> Iterator[HeatSale]:
    """What each plant sells of what it makes.

    Sold at a site in a year = min(made there, demand of the site); each lot has the
    same share of its heat sold.
    """
    for site in books.scenario.sites:
        if not site.heat_demand_gj_per_y:
            continue
        for t in range(len(books.years)):
            made = list(_made(books, t, site.id))
            if not made:
                continue
            total = np.sum([gj for _, _, gj in made], axis=0)
            # unknown heat (NaN) stays unknown
            share = np.minimum(
                1.0,
                np.divide(
                    site.heat_demand_gj_per_y,
                    total,
                    out=np.ones_like(total),
                    where=total != 0,
                ),
            )
            for plant, lot, gj in made:
                yield HeatSale(t, plant, lot, share * gj)


def _made(books: Books, t: int, site: str) -> Iterator[tuple[str, Lot, Floats]]:
    """(plant, lot, heat to sell in every year) of a site.  [GJ/y]"""
    for (period, place), lots in books.course.intake.items():
        if period != t or place.partition(".")[0] != site:
            continue
        name = technology_of(place)
        row = books.scenario.technology.get(name)
        if row is None or not row.efficiency_heat_net:
            continue
        for lot, tonnes in lots.items():
            work = books.intensities.performance(name, lot.material)
            yield place, lot, work.heat_to_sell_mj_per_t / MJ_PER_GJ * tonnes


def heat_sold_gj(books: Books) -> dict[int, float]:
    """Sold in the last year of each period; empty if no site has buyers.  [GJ/y]"""
    if not any(s.heat_demand_gj_per_y for s in books.scenario.sites):
        return {}
    found = dict.fromkeys(range(len(books.years)), 0.0)
    for sale in heat_sales(books):
        found[sale.period] += float(sale.gj[-1])
    return found


def heat_income(books: Books) -> Iterator[Entry]:
    """What buyers pay for heat, to the owner of the plant."""
    status = books.statuses.prices(HEAT_SOLD)
    for sale in heat_sales(books):
        name = technology_of(sale.plant)
        row = books.scenario.technology[name]
        known = books.statuses.cell("technologies", row, "efficiency_heat_net")
        prices = [price(books.scenario, HEAT_SOLD, y) for y in books.years[sale.period]]
        account = Account(
            sale.period,
            HEAT,
            sale.plant,
            name,
            owner(books.scenario, sale.plant),
            weakest(known, status),
        )
        yield account, -sale.gj * np.array(prices)


def heat_factors(books: Books, period: int) -> Floats:
    """What a gigajoule sold avoids, in every year of a period.  [kg CO2e/GJ]"""
    years = books.years[period]
    return np.array([factor(books.scenario, HEAT_FACTOR, y) for y in years])


def heat_status(books: Books, technology: str) -> str:
    """How the credit of heat from a technology is known."""
    row = books.scenario.technology[technology]
    cell = books.statuses.cell("technologies", row, "efficiency_heat_net")
    return weakest(cell, books.statuses.factors(HEAT_FACTOR))
