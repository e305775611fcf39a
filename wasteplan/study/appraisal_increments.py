"""The plan less the status quo, by place, item and actor, in money and in welfare.

Every cost of the plan and of the status quo is a line with a place, an item and the
actor who bears it, once as it is paid and once at its shadow price.  Transfers (gate
fees, charges, taxes) and finance move money between actors and use nothing up: they
stand in the accounts of the actors and not here.  What no price holds is added: the
worth of labour elsewhere, and the damage by greenhouse gases.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from wasteplan.evaluation.result import Evaluation
from wasteplan.finance.annuity import discount_factor
from wasteplan.finance.appraisal_result import (
    COLLECTION,
    INCREMENT_COLUMNS,
    SYSTEM_COLUMNS,
)
from wasteplan.finance.project import Business
from wasteplan.scenario.derived import owner
from wasteplan.scenario.finance_settings import FinanceSettings
from wasteplan.scenario.model import Scenario
from wasteplan.study.facility_money import CENTRE, Ledgers
from wasteplan.study.facility_projects import reserves
from wasteplan.units import KG_PER_T

CAPITAL_TERMS = ("capital", "land")
CAPITAL_ITEMS = ("capex", "salvage", "replacement", "closure", "land")
ENERGY_ITEMS = ("electricity", "fuel", "heat")
TRADED_ITEMS = ("sales",)
WAGES, DAMAGE = "labour_revalued", "co2e_damage"
NAMES = {"capital": "capex"}
"""Items that a status quo has under another name."""

Line = tuple[int, str, str, str, float]
"""(year, place, actor, item, amount paid)."""


def resource_lines(ledgers: Ledgers) -> Iterator[Line]:
    """Costs of the plan as they are paid, capital apart from its yearly charge."""
    scenario = ledgers.scenario
    rate, horizon = scenario.settings.economics.discount_rate, scenario.years[-1]
    yield from _booked(ledgers.scenario, ledgers.evaluation, without=CAPITAL_TERMS)
    for stage in ledgers.stages:
        place, until = stage.place, stage.charged_until(horizon)
        actor = owner(scenario, place)
        if place in scenario.centre:  # its charge stands within term `centre`
            for year in range(stage.opening, until + 1):
                yield year, place, actor, CENTRE, -stage.charge(rate)
        for year, amount in stage.draws.items():
            yield year, place, actor, "capex", amount
        for name, amounts in reserves(scenario, stage, until).items():
            for year, amount in amounts.items():
                yield year, place, actor, name, amount
        yield horizon, place, actor, "salvage", -stage.salvage(rate, horizon)
        yield stage.opening - 1, place, actor, "land", stage.land
        yield until, place, actor, "land", -stage.land


def status_quo_lines(scenario: Scenario, baseline: Evaluation | None) -> Iterator[Line]:
    """Costs of the status quo; its capital, if any, as the evaluation charges it."""
    if baseline is not None:
        yield from _booked(scenario, baseline)


def _booked(
    scenario: Scenario, evaluation: Evaluation, without: tuple[str, ...] = ()
) -> Iterator[Line]:
    """Cost rows by place; the haul from generators is one place."""
    costs = evaluation.costs[~evaluation.costs["term"].isin(without)]
    origins = {g.id for g in scenario.generators}
    keys = ["year", "place", "actor", "term"]
    sums = costs.groupby(keys, sort=False)["amount"].sum().reset_index()
    for row in sums.itertuples():
        where = COLLECTION if row.place in origins else str(row.place)
        item = NAMES.get(str(row.term), str(row.term))
        amount = float(row.amount)  # type: ignore[arg-type]
        yield int(row.year), where, str(row.actor), item, amount  # type: ignore[arg-type]


def increment_lines(ledgers: Ledgers, baseline: Evaluation | None) -> pd.DataFrame:
    """Every line of plan and status quo with its worth at shadow prices.

    Returns
    -------
    DataFrame
        Columns year, place, actor, item, plan, status_quo (both as paid, real),
        factor, economic (of the difference).
    """
    scenario = ledgers.scenario
    settings = scenario.settings.finance
    keys = ["year", "place", "actor", "item"]
    sides = {
        "plan": resource_lines(ledgers),
        "status_quo": status_quo_lines(scenario, baseline),
    }
    parts = [
        pd.DataFrame(lines, columns=[*keys, side]).groupby(keys, sort=True).sum()
        for side, lines in sides.items()
    ]
    table = parts[0].join(parts[1], how="outer").fillna(0.0).reset_index()
    table["factor"] = [shadow_factor(str(i), settings) for i in table["item"]]
    table["economic"] = table["factor"] * (table["plan"] - table["status_quo"])
    outside = [*_wages(ledgers, baseline), *_damage(ledgers, baseline)]
    more = pd.DataFrame(outside, columns=[*keys, "economic"])
    more = more.assign(plan=0.0, status_quo=0.0, factor=np.nan)
    return pd.concat([table, more[list(table.columns)]], ignore_index=True)


def shadow_factor(item: str, settings: FinanceSettings) -> float:
    """Worth to the country of a unit of money spent on an item.  [x of financial]

    A carbon price is a charge for damage, which is counted apart; what is sold across
    the boundary is traded, and taken at its price.
    """
    if item == "carbon":
        return 0.0
    if item in CAPITAL_ITEMS:
        return settings.shadow_capex
    if item in ENERGY_ITEMS:
        return settings.shadow_energy
    return 1.0 if item in TRADED_ITEMS else settings.shadow_operating


def _wages(ledgers: Ledgers, baseline: Evaluation | None) -> Iterator[Line]:
    """What wages are worth less than they cost: jobs x wage x (shadow - factor)."""
    settings = ledgers.scenario.settings.finance
    wage, worth = settings.wage_per_y, settings.shadow_wage - settings.shadow_operating
    if not wage or settings.shadow_wage == 1.0 or baseline is None:
        return
    for evaluation, sign in ((ledgers.evaluation, 1.0), (baseline, -1.0)):
        rows = evaluation.facilities
        for row in rows[rows["jobs"] > 0].itertuples():
            paid = sign * float(row.jobs) * wage  # type: ignore[arg-type]
            place = str(row.plant)
            actor = owner(ledgers.scenario, place)
            for year in ledgers.span[str(row.period)]:
                yield year, place, actor, WAGES, worth * paid


def _damage(ledgers: Ledgers, baseline: Evaluation | None) -> Iterator[Line]:
    """Damage by CO2e emitted more than in the status quo, borne by everybody."""
    settings = ledgers.scenario.settings.finance
    if baseline is None:
        return
    for evaluation, sign in ((ledgers.evaluation, 1.0), (baseline, -1.0)):
        table = counted_emissions(evaluation, ledgers.scenario)
        sums = table.groupby(["year", "place"])["kg_co2e"].sum().reset_index()
        for row in sums.itertuples():
            emitted_t = float(row.kg_co2e) / KG_PER_T  # type: ignore[arg-type]
            cost = sign * settings.carbon_damage_per_t * emitted_t
            yield int(row.year), str(row.place), "everybody", DAMAGE, cost  # type: ignore[arg-type]


def counted_emissions(evaluation: Evaluation, scenario: Scenario) -> pd.DataFrame:
    """Rows of the emission table; without credits if they do not count."""
    table = evaluation.emissions
    if scenario.settings.assessment.credits:
        return table
    return table[~table["is_credit"].astype(bool)]


def increment_table(
    lines: pd.DataFrame, business: Business, *, has_status_quo: bool
) -> pd.DataFrame:
    """Present values by place, item and actor (`INCREMENT_COLUMNS`)."""
    factors = [_discount(business, int(y)) for y in lines["year"]]
    amounts = lines[["plan", "status_quo", "economic"]].mul(factors, axis=0)
    keys = ["place", "item", "actor", "factor"]
    table = pd.concat([lines[keys], amounts], axis=1)
    table = table.groupby(keys, sort=True, dropna=False).sum().reset_index()
    table["difference"] = table["plan"] - table["status_quo"]
    if not has_status_quo:
        table[["status_quo", "difference", "economic"]] = np.nan
    return table[list(INCREMENT_COLUMNS)]


def system_table(
    ledgers: Ledgers,
    baseline: Evaluation | None,
    business: Business,
    lines: pd.DataFrame,
) -> pd.DataFrame:
    """Cash cost and emissions by year beside the status quo (`SYSTEM_COLUMNS`)."""
    sums = lines.groupby("year")[["plan", "status_quo", "economic"]].sum()
    emitted = _co2e(ledgers.evaluation, ledgers.scenario)
    was = None if baseline is None else _co2e(baseline, ledgers.scenario)
    rows = []
    for year, (cost, old, economic) in zip(
        sums.index.tolist(), sums.to_numpy().tolist(), strict=True
    ):
        factor, co2e = _discount(business, year), emitted.get(year, 0.0)
        avoided = np.nan if was is None else was.get(year, 0.0) - co2e
        if was is None:
            old = economic = np.nan
        rows.append((year, cost, old, cost - old, economic, factor, co2e, avoided))
    return pd.DataFrame(rows, columns=list(SYSTEM_COLUMNS))


def _discount(business: Business, year: int) -> float:
    return discount_factor(business.discount_rate, year, business.base_year)


def _co2e(evaluation: Evaluation, scenario: Scenario) -> dict[int, float]:
    """Emitted by year, net of credits if they count.  [t CO2e]"""
    table = counted_emissions(evaluation, scenario)
    sums = table.groupby("year")["kg_co2e"].sum() / KG_PER_T
    return {int(y): float(a) for y, a in sums.items()}  # type: ignore[call-overload]
