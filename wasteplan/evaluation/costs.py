"""Resource costs of a plan, year by year, by term, place and who bears them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from wasteplan.errors import WasteplanError
from wasteplan.evaluation.assets import CENTRE, OUTLET, Asset
from wasteplan.evaluation.books import EFFLUENT, Books, per_year, technology_of
from wasteplan.evaluation.flows import summed
from wasteplan.evaluation.following import Lots, total
from wasteplan.evaluation.lots import Floats
from wasteplan.evaluation.part_load import lost_kwh
from wasteplan.evaluation.result import COST_COLUMNS
from wasteplan.network.haulage import Vehicle
from wasteplan.scenario.derived import owner, price
from wasteplan.units import weakest

HAUL = "haul"


@dataclass(frozen=True, order=True)
class Account:
    """What a line of the cost table is about."""

    period: int
    term: str
    place: str
    technology: str
    actor: str
    status: str


Entry = tuple[Account, Floats]
"""An account and what is booked in each year of its period.  [money/y]"""


def costs(books: Books, *others: Iterator[Entry]) -> pd.DataFrame:
    """The cost table (see `COST_COLUMNS`); its present values sum to the system cost.

    Parameters
    ----------
    others
        Entries of measures, and of the carbon price if it counts.

    Raises
    ------
    WasteplanError
        A cost is not a number, because a property it needs is unknown.
    """
    sums: dict[tuple[Account, bool], Floats] = {}
    families = (_capital, _operation, _haul, _sales)
    for entries in (*(family(books) for family in families), *others):
        for account, amounts in entries:
            if np.isnan(amounts).any():
                raise WasteplanError(
                    f"{account.term} of {account.place} is unknown: a property of what "
                    "it takes (heating value, carbon) is not given"
                )
            if not amounts.any():
                continue
            key = (account, bool(amounts.sum() < 0))  # costs and revenues stay apart
            sums[key] = sums[key] + amounts if key in sums else amounts
    return _frame(books, sums)


def _frame(books: Books, sums: dict[tuple[Account, bool], Floats]) -> pd.DataFrame:
    """The accounts, sorted, each spread over the years of its period."""
    order = sorted(sums)
    accounts = [account for account, _ in order]
    n_years = np.array([len(books.years[a.period]) for a in accounts], np.int64)
    year = [y for a in accounts for y in books.years[a.period]]
    discount = {y: books.discount(y) for span in books.years for y in span}
    amount = np.concatenate([np.zeros(0), *(sums[key] for key in order)])

    def column(values: list[str]) -> Any:
        return np.repeat(np.array(values, dtype=object), n_years)

    frame = pd.DataFrame(
        {
            "period": column([books.scenario.periods[a.period].id for a in accounts]),
            "year": np.array(year, np.int64),
            "term": column([a.term for a in accounts]),
            "place": column([a.place for a in accounts]),
            "technology": column([a.technology for a in accounts]),
            "actor": column([a.actor for a in accounts]),
            "amount": amount,
            "present_value": amount * np.array([discount[y] for y in year]),
            "status": column([a.status for a in accounts]),
        },
        columns=list(COST_COLUMNS),
    )
    return frame[frame["amount"] != 0].reset_index(drop=True)


def _capital(books: Books) -> Iterator[Entry]:
    """Capital and land charges, and fixed O&M while at work."""
    for plant, found in books.assets.items():
        actor = owner(books.scenario, plant)
        for asset in found:
            status = asset_status(books, asset)
            for t, span in enumerate(books.years):
                fixed = per_year(asset.fixed_om_per_y * asset.works[t], len(span))
                for term, amounts, column in (
                    ("capital", asset.capital_per_y[t], "capex"),
                    ("land", asset.land_per_y[t], "land"),
                    ("fixed_om", fixed, "fixed_om_per_y"),
                ):
                    where = CENTRE if asset.technology == CENTRE else term
                    account = Account(
                        t, where, plant, asset.technology, actor, status(column)
                    )
                    yield account, amounts


def asset_status(books: Books, asset: Asset) -> Callable[[str], str]:
    """The status of a cost column of an asset."""
    scenario, statuses = books.scenario, books.statuses
    if asset.technology == CENTRE:
        centre = scenario.centre[asset.site]
        return lambda column: statuses.cell("centres", centre, column)
    size = scenario.size[asset.technology, asset.size]
    technology = scenario.technology[asset.technology]

    def status(column: str) -> str:
        if column == "land":
            site = scenario.site[asset.site]
            return weakest(
                statuses.cell("sites", site, "land_cost_per_m2"),
                statuses.cell("sizes", size, "land_m2"),
            )
        known = statuses.cell("sizes", size, column)
        if column != "capex":
            return known
        life = statuses.cell("technologies", technology, "lifetime_y")
        return weakest(known, life)

    return status


def _operation(books: Books) -> Iterator[Entry]:
    """What tonnes cost and earn where they are treated."""
    for (t, place), lots in books.course.intake.items():
        if place in books.scenario.outlet:
            continue
        if place in books.scenario.centre:
            yield from _at_centre(books, t, place, lots)
        else:
            yield from _at_plant(books, t, place, lots)


def _at_centre(books: Books, t: int, place: str, lots: Lots) -> Iterator[Entry]:
    centre = books.scenario.centre[place]
    tonnes = total(lots, len(books.years[t]))
    actor = owner(books.scenario, place)

    def account(term: str, *statuses: str, column: str) -> Account:
        own = books.statuses.cell("centres", centre, column)
        return Account(t, term, place, CENTRE, actor, weakest(own, *statuses))

    yield (
        account(CENTRE, column="variable_om_per_t"),
        centre.variable_om_per_t * tonnes,
    )
    for item, per_t, column, term in (
        ("diesel", centre.diesel_l_per_t, "diesel_l_per_t", "fuel"),
        (
            "electricity_bought",
            centre.electricity_kwh_per_t,
            "electricity_kwh_per_t",
            "electricity",
        ),
    ):
        if per_t:
            amounts = per_t * tonnes * _prices(books, item, t)
            yield account(term, books.statuses.prices(item), column=column), amounts


def _at_plant(books: Books, t: int, place: str, lots: Lots) -> Iterator[Entry]:
    name = technology_of(place)
    technology = books.scenario.technology[name]
    actor = owner(books.scenario, place)
    tonnes = total(lots, len(books.years[t]))

    def account(term: str, column: str, *others: str) -> Account:
        own = books.statuses.cell("technologies", technology, column)
        return Account(t, term, place, name, actor, weakest(own, *others))

    variable = technology.variable_om_per_t or 0.0
    yield account("variable_om", "variable_om_per_t"), variable * tonnes
    after_care = technology.after_care_per_t
    yield account("after_care", "after_care_per_t"), after_care * tonnes
    for item, term, column, amount in _energy(books, t, place, lots):
        if np.any(amount != 0):
            amounts = amount * _prices(books, item, t)
            yield account(term, column, books.statuses.prices(item)), amounts


def _energy(
    books: Books, t: int, place: str, lots: Lots
) -> Iterator[tuple[str, str, str, Floats]]:
    """(price item, term, column behind it, cost-bearing quantity per year).

    Exports and use are summed lot by lot: what one lot exports is sold, what another
    uses is bought.
    """
    technology = technology_of(place)
    sold, bought, diesel, coal = (np.zeros(len(books.years[t])) for _ in range(4))
    for lot, tonnes in lots.items():
        work = books.intensities.performance(technology, lot.material)
        kwh = work.electricity_kwh_per_t - lost_kwh(books, t, place, lot)
        bought = bought - np.where(kwh < 0, kwh, 0.0) * tonnes
        sold = sold - np.where(kwh < 0, 0.0, kwh) * tonnes
        diesel = diesel + work.diesel_l_per_t * tonnes
        coal = coal - work.coal_displaced_gj_per_t * tonnes
    efficiency = "efficiency_electric_net"
    yield "electricity_sold", "electricity", efficiency, sold
    yield "electricity_bought", "electricity", "electricity_kwh_per_t", bought
    yield "diesel", "fuel", "diesel_l_per_t", diesel
    yield "coal", "fuel", "coal_displaced_gj_per_gj", coal


def _prices(books: Books, item: str, t: int) -> Floats:
    return np.array([price(books.scenario, item, y) for y in books.years[t]])


def _haul(books: Books) -> Iterator[Entry]:
    """What moving costs, by origin."""
    status = [_vehicle_status(books, v) for v in books.scenario.vehicles]
    index = books.course.index
    liquid = np.array([books.is_liquid(lot) for lot in index.lots], np.int64)
    for t, flows in enumerate(books.course.flows):
        trips = books.trips[t]
        hauled = np.flatnonzero(trips.is_hauled)
        groups, sums, _ = summed(
            trips.cost_per_t[hauled, None] * flows.tonnes[hauled],
            flows.origin[hauled],
            trips.vehicle[hauled],
            liquid[flows.lot[hauled]],
        )
        for (origin, vehicle, is_liquid), amounts in zip(groups, sums, strict=True):
            name = index.places[origin]
            actor, term = books.bearer(name), EFFLUENT if is_liquid else HAUL
            yield Account(t, term, name, HAUL, actor, status[vehicle]), amounts


def _vehicle_status(books: Books, vehicle: Vehicle) -> str:
    if vehicle.cost_per_t_km is not None:
        columns: tuple[str, ...] = ("cost_per_t_km",)
    else:
        columns = ("cost_per_km", "cost_per_h", "payload_t")
    return books.statuses.cells("vehicles", vehicle, *columns)


def _sales(books: Books) -> Iterator[Entry]:
    """What outlets pay (revenue) or charge; the sender earns or bears it."""
    places = books.course.index.places
    for t, flows in enumerate(books.course.flows):
        groups, sums, _ = summed(
            flows.tonnes, books.sender[flows.origin], flows.destination
        )
        for (sender, where), tonnes in zip(groups, sums, strict=True):
            outlet = books.scenario.outlet.get(places[where])
            if outlet is None:
                continue
            status = books.statuses.cell("outlets", outlet, "price_per_t")
            actor = books.bearer(places[sender])
            account = Account(t, "sales", outlet.id, OUTLET, actor, status)
            yield account, -outlet.price_per_t * tonnes
