"""What is uncertain in an appraisal, with ranges from the data where there are any."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal

from wasteplan.finance.chance import Driver
from wasteplan.plan.records import Plan
from wasteplan.scenario.derived import leakage_shares, tonnage
from wasteplan.scenario.hauls import solid_pairs
from wasteplan.scenario.model import Scenario
from wasteplan.study.appraisal_intake import Simulated
from wasteplan.study.financed import Financed
from wasteplan.units import weakest

ASSUMED = {
    "capex": (0.85, 1.0, 1.3),
    "operating": (0.85, 1.0, 1.25),
    "waste": (0.9, 1.0, 1.05),
    "tonnes": (0.7, 1.0, 1.0),
    "electricity_price": (0.8, 1.0, 1.1),
    "fuel_price": (0.7, 1.0, 1.3),
    "product_price": (0.6, 1.0, 1.3),
    "inflation": (-0.015, 0.0, 0.02),
    "interest": (-0.005, 0.0, 0.02),
    "gain": (-0.01, 0.0, 0.03),
}
"""Ranges where the data have none; rates are added, the rest are multiples."""

ADDED = ("inflation", "interest", "gain")
GROUPS = (
    ("capex", "operating"),
    ("electricity_price", "fuel_price", "operating"),
    ("inflation", "interest"),
)
"""Drivers that move together: dear building and running, energy prices, money."""
OURS = "range assumed by the program"
Response = Literal["low", "central", "high"]
WAYS: tuple[Response, Response] = ("low", "high")


def drivers(
    scenario: Scenario,
    plan: Plan,
    one: Financed,
    simulation: Simulated | None = None,
) -> tuple[Driver, ...]:
    """Drivers of a case, all relative to the plan.

    Capital cost by `capex_low` and `capex_high` of what is built; prices by the rows of
    `ranges.csv`; waste by the ranges of `generation.csv`, else by the simulation; what
    others take of it by the response of `leakage.csv`; interest by the range of the
    terms; the rest is assumed.
    """
    found = [
        _capex(scenario, plan),
        _driver("operating"),
        _waste(scenario, simulation),
        _tonnes(scenario),
        _price(scenario, "electricity_price", "electricity_sold"),
        _price(scenario, "fuel_price", "coal"),
        _products(scenario),
        _driver("inflation"),
        _interest(one),
    ]
    if any(fund.currency for case in one.cases for fund in case.debt):
        found.append(_driver("gain"))
    return tuple(found)


def _driver(
    name: str,
    low: float | None = None,
    high: float | None = None,
    status: str = "assumption",
    source: str = OURS,
) -> Driver:
    """A driver; a side without data is assumed."""
    lower, planned, upper = ASSUMED[name]
    return Driver(
        name,
        min(planned, lower if low is None else low),
        planned,
        max(planned, upper if high is None else high),
        "1/y" if name in ADDED else "x",
        status,
        source,
    )


def _capex(scenario: Scenario, plan: Plan) -> Driver:
    total = low = high = 0.0
    statuses = []
    default = ASSUMED["capex"]
    for build in plan.builds:
        size = scenario.size.get((build.technology, build.size))
        if size is None or not size.capex:
            continue
        total += size.capex
        least, most = size.capex_low, size.capex_high
        low += size.capex * default[0] if least is None else least
        high += size.capex * default[2] if most is None else most
        statuses.append(size.status if least is not None else "assumption")
    if total == 0:
        return _driver("capex")
    source = "sizes: capex_low, capex_high"
    return _driver("capex", low / total, high / total, weakest(*statuses), source)


def _price(scenario: Scenario, name: str, item: str) -> Driver:
    rows = {f"{p.item}/{p.year}": p.value for p in scenario.prices if p.item == item}
    for row in scenario.ranges:
        value = rows.get(row.row) if row.table == "prices" else None
        if value:
            source = f"ranges: {row.row}"
            return _driver(
                name, row.low / value, row.high / value, weakest(row.status), source
            )
    return _driver(name)


def _products(scenario: Scenario) -> Driver:
    """The mean of the ranges of outlets, weighted by price."""
    found = [
        (scenario.outlet[row.row].price_per_t, row)
        for row in scenario.ranges
        if row.table == "outlets" and row.column == "price_per_t"
        if scenario.outlet.get(row.row) and scenario.outlet[row.row].price_per_t > 0
    ]
    if not found:
        return _driver("product_price")
    total = sum(price for price, _ in found)
    return _driver(
        "product_price",
        sum(row.low for _, row in found) / total,
        sum(row.high for _, row in found) / total,
        weakest(*(row.status for _, row in found)),
        "ranges: outlets",
    )


def _waste(scenario: Scenario, simulation: Simulated | None) -> Driver:
    """How much waste there is: the low and high of the generation rows.

    Without those, two standard deviations of the simulated total.  A plant cannot take
    much more than it was built for, so the high end is cut.
    """
    most = ASSUMED["waste"][2]
    rows = [r for r in scenario.generation if r.low_t_per_y is not None]
    if rows:
        middle = sum(r.waste_t_per_y for r in rows)
        low = sum(r.low_t_per_y or 0.0 for r in rows) / middle
        known = [r for r in rows if r.high_t_per_y is not None]
        high = sum(r.high_t_per_y or 0.0 for r in known) / (
            sum(r.waste_t_per_y for r in known) or math.nan
        )
        status = weakest(*(r.status for r in rows))
        return _driver("waste", low, min(high, most), status, "generation")
    spread = 0.0 if simulation is None else simulated_spread(simulation)
    if not spread:
        return _driver("waste")
    high = min(1.0 + spread, most)
    return _driver("waste", 1.0 - spread, high, "derived", "simulation")


def _tonnes(scenario: Scenario) -> Driver:
    """What kilns, informal buyers and burning leave: the response at its ends.

    Collected waste of the last period at the high and low variant of `leakage.csv`,
    over that at the planned one.  Never narrower than assumed below: prices of buyers
    can rise beyond the table.
    """
    if not scenario.leakage:
        return _driver("tonnes")
    planned = _collected_t(scenario)
    if planned <= 0:
        return _driver("tonnes")
    ends = [_collected_t(_responding(scenario, way)) / planned for way in WAYS]
    low = min(ASSUMED["tonnes"][0], *ends)
    status = weakest(*(r.status for r in scenario.leakage))
    high = min(max(1.0, *ends), ASSUMED["waste"][2])
    return _driver("tonnes", low, high, status, "leakage, range assumed")


def _responding(scenario: Scenario, way: Response) -> Scenario:
    leakage = scenario.settings.leakage.model_copy(update={"response": way})
    settings = scenario.settings.model_copy(update={"leakage": leakage})
    return replace(scenario, settings=settings)


def _collected_t(scenario: Scenario) -> float:
    """Waste that reaches the legal route in the last year.  [t/y]"""
    last, year = scenario.periods[-1], scenario.years[-1]
    classes = {g.id: g.generator_class for g in scenario.generators}
    total = 0.0
    for generator, stream in solid_pairs(scenario):
        own = classes.get(generator, "")
        leaked = sum(leakage_shares(scenario, own, stream, last).values())
        total += (1.0 - leaked) * tonnage(scenario, generator, stream, year)
    return total


def simulated_spread(simulation: Simulated) -> float:
    """Two standard deviations of the simulated total over its mean.  [-]"""
    table = simulation.kpis
    rows = table[(table["id"] == "generated_t") & table["half_width"].notna()]
    if rows.empty:
        return 0.0
    # half width of the mean = t s / sqrt(n); 2 is close to t for many replications
    deviation = rows["half_width"] / 2.0 * rows["n"] ** 0.5
    return float((2.0 * deviation / rows["mean"]).max())


def _interest(one: Financed) -> Driver:
    """The widest range of the case's loan terms."""
    terms = [f.terms for case in one.cases for f in case.debt if f.terms is not None]
    lows = _known(
        t.interest_low - t.interest for t in terms if t.interest_low is not None
    )
    highs = _known(
        t.interest_high - t.interest for t in terms if t.interest_high is not None
    )
    if not lows and not highs:
        return _driver("interest")
    status = weakest(*(t.status for t in terms))
    least, most = ASSUMED["interest"][0], ASSUMED["interest"][2]
    low = min(lows) if lows else max(least, -min(t.interest for t in terms))
    return _driver("interest", low, max([*highs, most]), status, "range of the terms")


def _known(values: Iterable[float]) -> list[float]:
    return list(values)


def groups(names: Sequence[str]) -> list[list[str]]:
    """Groups of drivers that move together, of those that there are."""
    return [[n for n in group if n in names] for group in GROUPS]
