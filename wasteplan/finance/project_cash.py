"""A project's cash year by year, from real inputs to the cash of its owners.

Arrays have years on their last axis; leading axes are independent draws of chance.
"""

from __future__ import annotations

import numpy as np

from wasteplan.finance.annuity import discount_factor
from wasteplan.finance.funds import Case
from wasteplan.finance.lending import LoanYears, loan_years
from wasteplan.finance.project import (
    EXPENSES,
    REVENUES,
    Business,
    Floats,
    Project,
    ProjectCash,
    Shock,
)
from wasteplan.finance.taxation import taxable_profit, written_off
from wasteplan.units import DAYS_PER_YEAR

BOUGHT = ("variable_om", "energy", "residues")
"""Running cost that bears value-added tax; fixed operating cost counts as wages."""


def project_cash(
    project: Project,
    case: Case,
    business: Business,
    *,
    shock: Shock | None = None,
    added_fee: Floats | float = 0.0,
) -> ProjectCash:
    """Cash of a project under a financing case.

    Real lines are brought to money of their year; debt is nominal from the start.
    Funds pay their share of the capital cost of every year (land, replacement, fees,
    value-added tax and working capital are the owners').  Tax is on revenue less
    operating cost, interest, fees and straight-line depreciation of money spent
    (capital cost and renewal with their value-added tax, capitalised interest, less
    grants), less losses carried forward, never below 0.

    Parameters
    ----------
    project
        Real lines.
    case
        Who pays the capital cost.
    business
        Prices, tax, working capital.
    shock
        What differs from the plan.
    added_fee
        Added to the gate fee, per tonne.  [money/t, real]
    """
    moved = shock or Shock()
    rise = np.asarray(moved.inflation, float)
    level = business.level(project.years, rise)
    lines = _operation(project, business, moved, level, added_fee)
    lines["price_level"] = level
    available = sum(lines[r] for r in REVENUES) - sum(lines[e] for e in EXPENSES)
    _spending(project, lines, moved, level, business)
    available = available - lines["vat_running"]
    later = lines["replacement"] + lines["closure"] + lines["vat_later"]
    before_tax = available - later - lines["working_capital"]
    loans = _loans(project, case, lines, moved, level, before_tax)
    for name in ("drawn", "capitalised", "fees", "interest", "principal", "balance"):
        lines[name] = sum(
            (getattr(years, name) for _, years in loans), np.zeros_like(level)
        )
    _taxed(project, case, lines, available, business)
    lines["available"] = np.where(project.works, before_tax - lines["tax"], 0.0)
    _results(project, lines, loans, before_tax, level, business)
    base = business.level(np.array([business.base_year]), rise)[..., 0]
    return ProjectCash(project, case, lines, loans, base)


def _operation(
    project: Project,
    business: Business,
    shock: Shock,
    level: Floats,
    added_fee: Floats | float,
) -> dict[str, Floats]:
    """Revenue and operating cost by line.  [money of the year]"""

    def times(value: Floats | float) -> Floats:
        return np.asarray(value, float)[..., None]

    own = shock.intake.get(project.id, 1.0)
    real = project.real
    amount = times(shock.tonnes) * times(shock.waste) * times(own)
    cost = times(shock.operating)
    factors = {
        "electricity": amount * times(shock.electricity_price),
        "fuel_saved": amount * times(shock.fuel_price),
        "products": amount * times(shock.product_price),
        "carbon_credits": amount,
        "support": amount,
        "producer_fees": amount,
        "fixed_om": cost,
        "variable_om": cost * amount,
        "energy": cost * amount,
        "residues": cost * amount,
        "after_care": cost * amount,
    }
    lines = {name: real[name] * factor * level for name, factor in factors.items()}
    tonnes = project.tonnes * amount
    paid = np.maximum(tonnes, business.put_or_pay * project.planned_tonnes)
    fee = project.gate_fee * times(shock.gate_fee) + times(added_fee)
    lines["fee_unit"] = paid * level * project.works
    lines["gate_fees"] = fee * lines["fee_unit"]
    lines["tonnes_t"] = tonnes + 0.0 * level
    lines["electricity_mwh"] = project.electricity_mwh * amount + 0.0 * level
    return lines


def _spending(
    project: Project,
    lines: dict[str, Floats],
    shock: Shock,
    level: Floats,
    business: Business,
) -> None:
    """Capital lines and working capital.  [money of the year]"""
    more = np.asarray(shock.capex, float)[..., None] * level
    lines["capex"] = project.capex * more
    lines["land"] = project.land * level
    lines["replacement"] = project.real["replacement"] * more
    lines["closure"] = project.real["closure"] * more
    lines["salvage"] = project.salvage * more
    rate = business.vat_unrecovered
    lines["vat_capex"] = rate * lines["capex"]
    lines["vat_later"] = rate * (lines["replacement"] + lines["closure"])
    bought = sum((lines[e] for e in BOUGHT), np.zeros_like(level))
    lines["vat_running"] = rate * bought
    lines["vat"] = lines["vat_capex"] + lines["vat_later"] + lines["vat_running"]
    spent = sum(lines[e] for e in EXPENSES) * project.works
    held = np.zeros_like(spent)  # ready when the year that needs it begins
    held[..., :-1] = business.working_capital_d / DAYS_PER_YEAR * spent[..., 1:]
    lines["working_capital"] = np.diff(held, axis=-1, prepend=0.0)


def _loans(
    project: Project,
    case: Case,
    lines: dict[str, Floats],
    shock: Shock,
    level: Floats,
    available: Floats,
) -> tuple[tuple[str, LoanYears], ...]:
    more = np.asarray(shock.capex, float)[..., None] * level
    total = project.capex.sum()
    found = []
    for fund in case.debt:
        for opening, cost in project.stages:
            part = cost.sum() / total if total > 0 else 0.0
            years = loan_years(
                fund,
                fund.share * cost * more,
                works=project.years >= opening,
                available=available * part,
                added_interest=shock.interest,
                added_gain_per_y=shock.gain if fund.currency else 0.0,
                worth=fund.worth(project.years),
            )
            found.append((fund.id, years))
    return tuple(found)


def _taxed(
    project: Project,
    case: Case,
    lines: dict[str, Floats],
    available: Floats,
    business: Business,
) -> None:
    """Grants, depreciation, profit and tax.  [money of the year]"""
    lines["grant"] = case.grant_share * lines["capex"]
    spent = lines["capex"] * (1.0 - case.grant_share) + lines["vat_capex"]
    renewed = (1.0 + business.vat_unrecovered) * lines["replacement"]
    spent = spent + lines["capitalised"] + renewed
    lines["depreciation"] = written_off(
        spent, project.years, project.opening, business.depreciation_y
    )
    profit = available - lines["interest"] - lines["fees"] - lines["depreciation"]
    lines["profit"] = profit
    taxed = taxable_profit(profit, business.loss_carry_forward_y)
    lines["loss_used"] = np.maximum(profit, 0.0) - taxed
    lines["tax"] = tax_rate(project, business) * taxed


def tax_rate(project: Project, business: Business) -> float:
    """Rate on profit; public facilities pay none.  [-]"""
    return business.tax_rate if project.is_taxed else 0.0


def _results(
    project: Project,
    lines: dict[str, Floats],
    loans: tuple[tuple[str, LoanYears], ...],
    before_tax: Floats,
    level: Floats,
    business: Business,
) -> None:
    """Cash of project and owners, cover, and what it is worth in real money."""
    capital = lines["capex"] + lines["vat_capex"] + lines["land"] - lines["salvage"]
    lines["project"] = before_tax - capital - lines["tax"]
    guarantee = sum((y.guarantee for _, y in loans), np.zeros_like(level))
    service = lines["interest"] + lines["principal"]
    lines["debt_service"] = service + guarantee
    lines["dscr"] = covered(lines["available"], lines["debt_service"])
    lines["equity"] = lines["project"] + lines["grant"] + lines["drawn"]
    lines["equity"] = lines["equity"] - lines["fees"] - service
    lines["discount_factor"] = np.array(
        [
            discount_factor(business.discount_rate, int(y), business.base_year)
            for y in project.years
        ]
    )
    lines["project_real"] = lines["project"] / level
    lines["equity_real"] = lines["equity"] / level


def covered(available: Floats, due: Floats) -> Floats:
    """Cash over debt service in the years that have any, else NaN.  [-]"""
    is_due = due > 1e-9 * np.maximum(due.max(axis=-1, keepdims=True), 1e-9)
    return np.where(is_due, available / np.where(is_due, due, 1.0), np.nan)


def owners_npv(cash: ProjectCash, business: Business) -> Floats:
    """Present value of the owners' cash at the return they ask.  [money, real]

    NPV = sum_y E_y (1 + k)^-(y - base) in nominal money, then in money of the price
    year.
    """
    return np.asarray((cash["equity"] * owners_factor(cash, business)).sum(axis=-1))


def owners_factor(cash: ProjectCash, business: Business) -> Floats:
    """Worth of the owners' nominal money of a year, real, in the base year.  [-]"""
    wait = cash.project.years - float(business.base_year)
    factor = (1.0 + business.return_target) ** -wait
    return np.asarray(factor / cash.base_level[..., None])


def project_npv(cash: ProjectCash) -> Floats:
    """Present value of the project before finance, after tax.  [money, real]"""
    return np.asarray((cash["project_real"] * cash["discount_factor"]).sum(axis=-1))
