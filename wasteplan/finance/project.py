"""A project's cash year by year, from real inputs to the cash of its owners.

Arrays have years on their last axis; leading axes are independent draws of chance.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from wasteplan.finance.annuity import discount_factor
from wasteplan.finance.funds import Case
from wasteplan.finance.lending import LoanYears, loan_years
from wasteplan.units import DAYS_PER_YEAR

Floats = NDArray[np.float64]

REVENUES = (
    "gate_fees",
    "electricity",
    "fuel_saved",
    "products",
    "carbon_credits",
    "support",
)
EXPENSES = ("fixed_om", "variable_om", "energy", "residues", "after_care")


@dataclass(frozen=True, eq=False)
class Project:
    """What a facility costs and earns in money of the price year, by year.

    `real` holds the lines of `REVENUES` (but gate fees) and `EXPENSES`, and
    `replacement` and `closure` (set aside for them).  All falls at the end of its year.
    """

    id: str
    years: NDArray[np.int64]
    stages: tuple[tuple[int, Floats], ...]
    """Opening year and capital cost by year of each thing built.  [money, real]"""
    last_work: int
    """Last year of work."""
    horizon: int
    """Last year of the plan; later ones repeat it."""
    real: Mapping[str, Floats]
    tonnes: Floats
    planned_tonnes: Floats
    gate_fee: Floats
    """Per tonne, by year.  [money/t, real]"""
    land: Floats
    """Bought (+) and given back (-).  [money, real]"""
    salvage: Floats
    electricity_mwh: Floats
    is_taxed: bool = True

    @property
    def opening(self) -> int:
        """First year of work."""
        return min(opening for opening, _ in self.stages)

    @property
    def works(self) -> NDArray[np.bool_]:
        """Whether it works, by year."""
        return (self.years >= self.opening) & (self.years <= self.last_work)

    @property
    def capex(self) -> Floats:
        """Of all stages, by year.  [money, real]"""
        return np.sum([cost for _, cost in self.stages], axis=0)


@dataclass(frozen=True)
class Business:
    """Rules that all projects of an appraisal share; rates are shares a year."""

    price_year: int
    base_year: int
    discount_rate: float
    """Real."""
    inflation: float = 0.0
    return_target: float = 0.16
    """Nominal, on equity."""
    tax_rate: float = 0.0
    depreciation_y: int = 20
    working_capital_d: float = 0.0
    put_or_pay: float = 0.0
    """Share of planned tonnes that is paid at the gate in any case."""


@dataclass(frozen=True)
class Shock:
    """What chance or a what-if changes; numbers, or arrays of draws.  [multiples]

    `inflation`, `interest` and `gain` are added to the planned rates.  [1/y]
    """

    capex: Floats | float = 1.0
    operating: Floats | float = 1.0
    tonnes: Floats | float = 1.0
    electricity_price: Floats | float = 1.0
    fuel_price: Floats | float = 1.0
    product_price: Floats | float = 1.0
    gate_fee: Floats | float = 1.0
    inflation: Floats | float = 0.0
    interest: Floats | float = 0.0
    gain: Floats | float = 0.0


@dataclass(frozen=True, eq=False)
class ProjectCash:
    """Nominal cash by year under a case: `lines` as in `CASH_COLUMNS`."""

    project: Project
    case: Case
    lines: dict[str, Floats]
    loans: tuple[tuple[str, LoanYears], ...] = field(default_factory=tuple)
    """Id of the fund and the loan, one for each stage."""

    def __getitem__(self, name: str) -> Floats:
        return self.lines[name]


def price_level(
    years: NDArray[np.int64], inflation: Floats | float, price_year: int
) -> Floats:
    """Money of a year per money of the price year.  [-]

    p_y = (1 + i)^(y - price year)

    >>> price_level(np.array([2024, 2026]), 0.10, 2024).round(2).tolist()
    [1.0, 1.21]
    """
    base = 1.0 + np.asarray(inflation, float)[..., None]
    return np.asarray(base ** (years - price_year))


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
    Funds pay their share of the capital cost of every year (land, replacement, fees
    and working capital are the owners').  Tax is on revenue less operating cost,
    interest, fees and straight-line depreciation of money spent (capital cost and
    capitalised interest less grants), never below 0; losses are not carried forward.

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
    level = price_level(
        project.years,
        business.inflation + np.asarray(moved.inflation, float),
        business.price_year,
    )
    lines = _operation(project, business, moved, level, added_fee)
    lines["price_level"] = level
    available = sum(lines[r] for r in REVENUES) - sum(lines[e] for e in EXPENSES)
    _spending(project, lines, moved, level, business)
    before_tax = available - lines["replacement"] - lines["closure"]
    before_tax = before_tax - lines["working_capital"]
    loans = _loans(project, case, lines, moved, level, before_tax)
    for name in ("drawn", "capitalised", "fees", "interest", "principal", "balance"):
        lines[name] = sum(
            (getattr(years, name) for _, years in loans), np.zeros_like(level)
        )
    lines["grant"] = case.grant_share * lines["capex"]
    lines["depreciation"] = _depreciation(project, case, lines, business)
    profit = available - lines["interest"] - lines["fees"] - lines["depreciation"]
    rate = business.tax_rate if project.is_taxed else 0.0
    lines["tax"] = rate * np.maximum(profit, 0.0)
    lines["available"] = np.where(project.works, before_tax - lines["tax"], 0.0)
    _results(project, lines, loans, before_tax, level, business)
    return ProjectCash(project, case, lines, loans)


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

    real, amount = project.real, times(shock.tonnes)
    cost = times(shock.operating)
    factors = {
        "electricity": amount * times(shock.electricity_price),
        "fuel_saved": amount * times(shock.fuel_price),
        "products": amount * times(shock.product_price),
        "carbon_credits": amount,
        "support": amount,
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
    lines["gate_fees"] = fee * paid * level * project.works
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
            )
            found.append((fund.id, years))
    return tuple(found)


def _depreciation(
    project: Project, case: Case, lines: dict[str, Floats], business: Business
) -> Floats:
    """Straight line from the opening, or from the year of later spending."""
    spent = lines["capex"] * (1.0 - case.grant_share)
    spent = spent + lines["capitalised"] + lines["replacement"]
    years, life = project.years, business.depreciation_y
    start = np.maximum(years + 1, project.opening)[:, None]
    runs = (years >= start) & (years < start + life)  # year of spending by year
    return np.asarray(spent @ runs / life)


def _results(
    project: Project,
    lines: dict[str, Floats],
    loans: tuple[tuple[str, LoanYears], ...],
    before_tax: Floats,
    level: Floats,
    business: Business,
) -> None:
    """Cash of project and owners, cover, and what it is worth in real money."""
    capital = lines["capex"] + lines["land"] - lines["salvage"]
    lines["project"] = before_tax - capital - lines["tax"]
    guarantee = sum((y.guarantee for _, y in loans), np.zeros_like(level))
    service = lines["interest"] + lines["principal"]
    due = service + guarantee
    is_due = due > 1e-9 * np.maximum(due.max(axis=-1, keepdims=True), 1e-9)
    lines["dscr"] = _ratio(lines["available"], due, is_due)
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


def _ratio(part: Floats, whole: Floats, is_given: NDArray[np.bool_]) -> Floats:
    """Part / whole where it is given, else NaN."""
    safe = np.where(is_given, whole, 1.0)
    return np.asarray(np.where(is_given, part / safe, np.nan), np.float64)


def owners_npv(cash: ProjectCash, business: Business) -> Floats:
    """Present value of the owners' cash at the return they ask.  [money, real]

    NPV = sum_y E_y (1 + k)^-(y - base) in nominal money, then in money of the price
    year.
    """
    base, years = business.base_year, cash.project.years
    factor = (1.0 + business.return_target) ** -(years - float(base))
    level = price_level(
        np.array([base]), _inflation_of(cash, business), business.price_year
    )
    worth = (cash["equity"] * factor).sum(axis=-1)
    return np.asarray(worth / level[..., 0])


def _inflation_of(cash: ProjectCash, business: Business) -> Floats:
    """The inflation a cash flow was made with; draws of chance may differ."""
    level = cash["price_level"]
    if level.shape[-1] < 2:
        return np.asarray(business.inflation)
    return np.asarray(level[..., 1] / level[..., 0] - 1.0)


def project_npv(cash: ProjectCash) -> Floats:
    """Present value of the project before finance, after tax.  [money, real]"""
    return np.asarray((cash["project_real"] * cash["discount_factor"]).sum(axis=-1))


def lowest_cover(cash: ProjectCash) -> Floats:
    """Lowest cover of debt service of any year; NaN without debt.  [-]"""
    cover = cash["dscr"]
    found = np.where(np.isnan(cover), np.inf, cover).min(axis=-1)
    return np.where(np.isinf(found), np.nan, found)
