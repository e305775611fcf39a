"""Indicators that compare with the status quo: of each facility, and of the system."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from wasteplan.finance.measures import Measure
from wasteplan.finance.payoff import (
    NONE,
    Figure,
    modified_rate_of_return,
    payback_y,
    rate_of_return,
)
from wasteplan.finance.project import Business, ProjectCash
from wasteplan.finance.project_cash import owners_npv, project_npv
from wasteplan.study.financed import Financed

NO_STATUS_QUO = "there is no status quo to compare with"
NOTHING_THERE = "nothing stands there in the status quo: all of it is incremental"


def incremental(
    one: Financed, business: Business, today: Mapping[str, ProjectCash] | None
) -> Iterator[Measure]:
    """What the owners of a facility have more than if today went on.

    The facility's cash less that of what stands at its place in the status quo, which
    pays for itself.  What the rest of the system is spared belongs to the plan as a
    whole and to no single facility; the table of increments has it by place.

    Parameters
    ----------
    one
        A case with one facility or all of them.
    business
        Prices and targets.
    today
        Cash of the status quo by place; None without a status quo.
    """
    labels = (
        ("npv_incremental", "NPV of the project against the status quo", "money"),
        ("irr_incremental", "IRR of the project against the status quo", "1/y"),
        ("equity_npv_incremental", "NPV of the owners against the status quo", "money"),
    )
    if today is None:
        for id, label, unit in labels:
            yield Measure(id, label, NONE, unit, NO_STATUS_QUO)
        return
    before = [today[p.id] for p in one.projects]
    is_new = not any(np.any(cash["project"]) for cash in before)
    old = sum(float(project_npv(cash)) for cash in before)
    old_owners = sum(float(owners_npv(cash, business)) for cash in before)
    more = one.pool["project_real"] - sum(cash["project_real"] for cash in before)
    years = one.pool.project.years.tolist()
    rate = rate_of_return(dict(zip(years, more.tolist(), strict=True)))
    npv = float(project_npv(one.pool)) - old
    owners = sum(float(owners_npv(cash, business)) for cash in one.cashes) - old_owners
    why = NOTHING_THERE if is_new else ""
    figures = (
        *(Figure(npv, why), Figure(rate.value, rate.why or why)),
        Figure(owners, why),
    )
    for (id, label, unit), figure in zip(labels, figures, strict=True):
        yield Measure(id, label, figure.value, unit, figure.why)


def of_system(system: pd.DataFrame, business: Business) -> Iterator[Measure]:
    """Incremental to the status quo: cost, economic value, cost of CO2e avoided."""
    factor = system["discount_factor"]
    cost = float((system["plan_real"] * factor).sum())
    yield Measure("system_cost", "cash cost of the plan", cost, "money")
    more = float((system["difference_real"] * factor).sum(skipna=False))
    why = NO_STATUS_QUO if math.isnan(more) else ""
    yield Measure("incremental_cost", "more than the status quo", more, "money", why)
    yield from _economic(system, business, why)
    avoided = float(system["co2e_avoided_t"].sum(skipna=False))
    label = "CO2e avoided against the status quo"
    yield Measure("co2e_avoided", label, avoided, "t CO2e", why)
    label = "cost per tonne of CO2e avoided, undiscounted tonnes"
    if not why and avoided <= 0:
        why = "the plan avoids no CO2e against the status quo"
    value = NONE if why else more / avoided
    yield Measure("cost_per_t_co2e", label, value, "money/t CO2e", why)


def _economic(system: pd.DataFrame, business: Business, why: str) -> Iterator[Measure]:
    """Worth to the country: shadow prices, externalities, no transfers; real."""
    words = "against the status quo, shadow prices, CO2e damage"
    factor = system["discount_factor"]
    worth = 0.0 - float((system["economic_real"] * factor).sum(skipna=False))
    yield Measure("economic_npv", f"economic NPV {words}", worth, "money", why)
    flows = zip(system["year"], -system["economic_real"], strict=True)
    cash = {int(y): float(a) for y, a in flows}
    rate = business.discount_rate
    for id, label, unit, find in (
        ("economic_irr", "economic IRR", "1/y", rate_of_return),
        (
            "economic_mirr",
            "economic MIRR",
            "1/y",
            lambda c: modified_rate_of_return(c, finance_rate=rate, reinvest_rate=rate),
        ),
        ("economic_payback_y", "economic payback", "y", payback_y),
    ):
        found = Figure(NONE, why) if why else find(cash)
        label = f"{label} against the status quo, real"
        yield Measure(id, label, found.value, unit, found.why)
