"""Indicators of a project under a financing case, each with why it may not exist."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from wasteplan.finance.annuity import present_value
from wasteplan.finance.funds import Case
from wasteplan.finance.lending import Floats
from wasteplan.finance.loans import GRANT_DISCOUNT_RATE
from wasteplan.finance.more_revenue import (
    NO_DEBT,
    NO_TONNES,
    added_fee_needed,
    lowest,
    tariff_factor_needed,
)
from wasteplan.finance.payoff import (
    NONE,
    Figure,
    modified_rate_of_return,
    payback_y,
    rate_of_return,
)
from wasteplan.finance.project import (
    EXPENSES,
    REVENUES,
    Business,
    Project,
    ProjectCash,
)
from wasteplan.finance.project_cash import (
    covered,
    owners_npv,
    project_cash,
    project_npv,
)
from wasteplan.units import KG_PER_T

OTHERS_SERVE = "running it costs more than it earns: others serve its debt"
"""Beside a cover that is negative in all years; its size then says nothing."""
Projects = Sequence[Project]
Cases = Sequence[Case]


@dataclass(frozen=True)
class Measure:
    """An indicator of a case and a place."""

    id: str
    label: str
    value: float
    unit: str
    why: str = ""


def pooled(cashes: Sequence[ProjectCash]) -> ProjectCash:
    """Several projects as one: their cash added up, the cover of them together.

    Parameters
    ----------
    cashes
        Of one case, over the same years.
    """
    first = cashes[0]
    same = {"price_level", "discount_factor", "dscr"}
    lines = {
        name: (
            first[name]
            if name in same
            else np.asarray(sum(cash[name] for cash in cashes), np.float64)
        )
        for name in first.lines
    }
    lines["dscr"] = covered(lines["available"], lines["debt_service"])
    together = tuple(loan for cash in cashes for loan in cash.loans)
    return ProjectCash(first.project, first.case, lines, together, first.base_level)


def measures(cash: ProjectCash, business: Business) -> list[Measure]:
    """Value, returns, payback, cover and levelised cost (one dimension only).

    NPV and returns of the project are real and before finance; those of the owners
    nominal and after it.
    """
    years = [int(y) for y in cash.project.years]

    def by_year(values: Floats) -> dict[int, float]:
        return dict(zip(years, np.asarray(values, float).tolist(), strict=True))

    project, equity = by_year(cash["project_real"]), by_year(cash["equity"])
    rate, target = business.discount_rate, business.return_target
    found = [
        ("npv", "NPV of the project, real", Figure(float(project_npv(cash))), "money"),
        ("irr", "IRR of the project, real", rate_of_return(project), "1/y"),
        ("mirr", "MIRR of the project, real", _mirr(project, rate), "1/y"),
        ("payback_y", "payback of the project", payback_y(project), "y"),
        ("equity_npv", "NPV of the owners", Figure(_owners(cash, business)), "money"),
        ("equity_irr", "IRR of the owners, nominal", rate_of_return(equity), "1/y"),
        ("equity_mirr", "MIRR of the owners, nominal", _mirr(equity, target), "1/y"),
        ("equity_payback_y", "payback of the owners", payback_y(equity), "y"),
    ]
    found += _cover(cash)
    found += _levelised(cash, business)
    return [Measure(i, text, f.value, unit, f.why) for i, text, f, unit in found]


def _owners(cash: ProjectCash, business: Business) -> float:
    return float(owners_npv(cash, business))


def _mirr(cash: dict[int, float], rate: float) -> Figure:
    return modified_rate_of_return(cash, finance_rate=rate, reinvest_rate=rate)


def _cover(cash: ProjectCash) -> list[tuple[str, str, Figure, str]]:
    """Lowest and mean cover, loan-life cover; debt owed at most."""
    cover = cash["dscr"]
    has_debt = bool(np.isfinite(cover).any())
    why = "" if has_debt else NO_DEBT
    low = float(lowest(cash["dscr"])) if has_debt else NONE
    mean = float(np.nanmean(cover)) if has_debt else NONE
    llcr = loan_life_cover(cash) if has_debt else NONE
    if has_debt and (cash["available"][np.isfinite(cover)] <= 0).all():
        why = OTHERS_SERVE
    return [
        ("dscr_min", "lowest DSCR", Figure(low, why), "-"),
        ("dscr_mean", "mean DSCR", Figure(mean, why), "-"),
        ("llcr", "loan-life cover when most is owed", Figure(llcr, why), "-"),
        ("debt_max", "debt at most", Figure(float(cash["balance"].max())), "money"),
    ]


def loan_life_cover(cash: ProjectCash) -> float:
    """Worth of the cash available over what is left of the loans, per unit owed.  [-]

    LLCR = sum_y A_y (1 + i)^-(y - start) / D_start from the end of the year in which
    most is owed to the last debt service, at the mean interest i that is paid then.
    """
    owed, due = cash["balance"], np.flatnonzero(np.isfinite(cash["dscr"]))
    start, end = int(np.argmax(owed)), int(due[-1])
    if end <= start:
        return NONE
    after = slice(start + 1, end + 1)
    rate = float(cash["interest"][after].sum() / owed[start:end].sum())
    ahead = np.arange(1, end - start + 1)
    worth = (cash["available"][after] * (1.0 + rate) ** -ahead).sum()
    return float(worth / owed[start])


def _levelised(
    cash: ProjectCash, business: Business
) -> list[tuple[str, str, Figure, str]]:
    """Cost per tonne and per kWh, real, before tax and finance."""
    factor, level = cash["discount_factor"], cash["price_level"]
    spent = sum(cash[e] for e in EXPENSES) + cash["capex"] + cash["land"]
    spent = spent + cash["replacement"] + cash["closure"] - cash["salvage"]
    sold = sum(cash[r] for r in REVENUES if r not in ("gate_fees", "electricity"))
    gross = float((spent / level * factor).sum())
    other = float((sold / level * factor).sum())
    power = float((cash["electricity"] / level * factor).sum())
    fees = float((cash["gate_fees"] / level * factor).sum())
    tonnes = float((cash["tonnes_t"] * factor).sum())
    kwh = KG_PER_T * float((cash["electricity_mwh"] * factor).sum())
    per_t = Figure(gross / tonnes) if tonnes > 0 else Figure(NONE, NO_TONNES)
    net = Figure((gross - other - power) / tonnes) if tonnes > 0 else per_t
    per_kwh = Figure(NONE, "it sells no electricity")
    if kwh > 0:
        per_kwh = Figure((gross - other - fees) / kwh)
    return [
        ("levelised_cost_per_t", "levelised gross cost", per_t, "money/t"),
        ("levelised_net_cost_per_t", "levelised cost after sales", net, "money/t"),
        ("levelised_cost_per_kwh", "levelised cost of power", per_kwh, "money/kWh"),
    ]


def fee_measures(
    projects: Projects,
    cases: Cases,
    business: Business,
    *,
    dscr: float,
    fee_now: float,
    cashes: Sequence[ProjectCash] = (),
) -> list[Measure]:
    """Gate fee, tariff and grant that the targets need.

    Parameters
    ----------
    projects
        One, or several pooled.
    dscr
        Lowest cover that lenders accept.  [-]
    fee_now
        Mean gate fee of the plan.  [money/t, real]
    cashes
        Of these projects, if they are known already.
    """
    pairs = zip(projects, cases, strict=True)
    known = cashes or [project_cash(p, c, business) for p, c in pairs]
    for_return = added_fee_needed(projects, cases, business, cashes=known)
    for_cover = added_fee_needed(projects, cases, business, dscr=dscr, cashes=known)
    tariff = tariff_factor_needed(known, business)
    grant = viability_gap(known, business)
    words = "gate fee needed for the"
    return [
        Measure("gate_fee", "gate fee of the plan", fee_now, "money/t"),
        Measure(
            "gate_fee_for_return",
            f"{words} return on equity",
            fee_now + for_return.value,
            "money/t",
            for_return.why,
        ),
        Measure(
            "gate_fee_for_dscr",
            f"{words} lowest DSCR",
            fee_now + for_cover.value,
            "money/t",
            for_cover.why,
        ),
        Measure(
            "tariff_factor",
            "electricity tariff needed, multiple of the plan's",
            tariff.value,
            "x",
            tariff.why,
        ),
        Measure(
            "viability_gap_grant",
            "grant at the first draw that gives the return",
            grant.value,
            "money",
            grant.why,
        ),
    ]


def viability_gap(cashes: Sequence[ProjectCash], business: Business) -> Figure:
    """Money given in the year of the first draw that makes the owners' NPV 0.

    [money of the price year]; 0 when they earn the return without it.
    """
    projects = [cash.project for cash in cashes]
    worth = sum(_owners(cash, business) for cash in cashes)
    capex = np.sum([p.capex for p in projects], axis=0)
    if not capex.any():
        return Figure(NONE, "nothing is built")
    year = int(projects[0].years[np.flatnonzero(capex)[0]])
    wait = year - business.base_year
    then, base = business.level(np.array([year, business.base_year]))
    growth = (1.0 + business.return_target) ** wait / (then / base)
    return Figure(max(0.0, -worth) * float(growth))


def grant_element_of(loan_service: Floats, drawn: Floats) -> Figure:
    """Share of what was drawn that is a gift at 5 %, as it is drawn and repaid.  [-]

    GE = 1 - PV(interest + principal + fees) / PV(draws)

    Parameters
    ----------
    loan_service, drawn
        By year.  [money of the year]
    """
    every = range(len(drawn))
    paid = dict(zip(every, loan_service.tolist(), strict=True))
    given = dict(zip(every, drawn.tolist(), strict=True))
    worth = present_value(given, rate=GRANT_DISCOUNT_RATE, base_year=0)
    if worth <= 0:
        return Figure(NONE, NO_DEBT)
    owed = present_value(paid, rate=GRANT_DISCOUNT_RATE, base_year=0)
    return Figure(1.0 - owed / worth)
