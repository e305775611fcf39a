"""What an appraisal returns: documented tables of cash, loans, indicators and risk.

Money is in the scenario's currency.  A column is *nominal* (money of its year) unless
its name ends in `_real` (money of the price year): nominal = real x `price_level`.
Present values are real money of the price year, valued at the end of the base year,
discounted at the real rate.  Every amount falls at the end of its year.  A figure that
does not exist is NaN, and the table says why.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from wasteplan.finance.funds import Case
    from wasteplan.finance.project import Business, Project

POOL = "all"
"""Name of all financed facilities together, in the column `place`."""
SYSTEM = "system"
COLLECTION = "collection"
"""Name of the haul from generators, a service without a place."""

CASH_COLUMNS = {
    "case": "financing case",
    "place": "plant or centre id, or `all` financed facilities together",
    "year": "calendar year",
    "phase": "construction, operation, extended (after the horizon) or closed",
    "price_level": "money of the year per money of the price year [-]",
    "tonnes_t": "taken in [t/y]",
    "electricity_mwh": "exported [MWh/y]",
    "capex": "construction paid, land apart",
    "land": "land bought; negative when it is given back at its real value",
    "replacement": "set aside for the renewal of parts",
    "closure": "set aside for the end of work",
    "salvage": "worth left at the end of the horizon, received",
    "gate_fees": "received at the gate",
    "electricity": "electricity sold",
    "fuel_saved": "coal replaced by waste, and heat sold",
    "products": "recyclates, fuel, compost sold (negative: paid to be rid of them)",
    "carbon_credits": "received",
    "support": "results-based payments received",
    "producer_fees": "producer-responsibility fees and product credits received",
    "fixed_om": "paid",
    "variable_om": "paid",
    "energy": "electricity and fuel bought, paid",
    "residues": "haul of outputs and gate fees for them, paid",
    "after_care": "paid into the after-care fund",
    "working_capital": "put in; negative when set free",
    "vat": "value-added tax that is not given back, paid",
    "depreciation": "straight line, of money spent (no cash)",
    "loss_used": "losses of years before set against profit (no cash)",
    "tax": "on profit after interest, depreciation and losses used, paid",
    "project": "cash of the project after tax, before finance",
    "grant": "received",
    "drawn": "loans drawn",
    "capitalised": "interest added to the loans during construction (no cash)",
    "fees": "up-front, commitment and guarantee fees, paid",
    "interest": "paid",
    "principal": "repaid",
    "balance": "owed at the end of the year",
    "available": "cash available for debt service, after tax",
    "dscr": "available / (interest + principal + guarantee fees) [-]; NaN no service",
    "equity": "cash of the owners: project + grant + drawn - fees - service",
    "discount_factor": "real, to the end of the base year [-]",
    "project_real": "`project` in money of the price year",
    "equity_real": "`equity` in money of the price year",
}
"""Cash of every case and financed facility by year [money, nominal, if not said]."""

LOAN_COLUMNS = {
    "case": "financing case",
    "place": "plant or centre id",
    "tranche": "name of the loan, or `grant`, `equity`",
    "kind": "grant, concessional, commercial or equity",
    "currency": "currency the loan is owed in",
    "year": "calendar year",
    "exchange": "scenario's money per unit owed, relative to the first draw [-]",
    "opening": "owed at the start of the year, at the year's exchange",
    "revaluation": "change of what is owed because the exchange moved",
    "drawn": "drawn at the end of the year",
    "capitalised": "interest added to the loan",
    "fees": "up-front, commitment and guarantee fee, paid",
    "interest": "paid",
    "principal": "repaid",
    "balance": "owed at the end of the year",
}
"""Every tranche by year [money, nominal]: balance = opening + revaluation + drawn +
capitalised - principal."""

ACTOR_COLUMNS = {
    "case": "financing case",
    "year": "calendar year",
    "actor": "public, operator, generator, informal, lender, donor, producers or "
    "carbon_market",
    "kind": "resource (has no other side), transfer or finance (they sum to 0)",
    "item": "capex, salvage, land, a cost term, or reason of the payment",
    "counterparty": "the other side of a transfer or of finance, else empty",
    "amount_real": "paid (+) or received (-) [money, price year]",
    "present_value": "discounted to the base year [money, price year]",
    "status_quo_real": "the same in the status quo; NaN without one",
    "difference_real": "plan less status quo",
    "difference_present_value": "discounted to the base year",
}
"""Accounts of the actors over the horizon; their sum is the cash cost of the system."""

INCREMENT_COLUMNS = {
    "place": "plant, centre, outlet or fate id; `collection`, the haul from generators",
    "item": "capex, salvage, land, replacement, closure, a cost term; labour_revalued "
    "and co2e_damage, which nobody pays",
    "actor": "who bears it",
    "plan": "of the plan",
    "status_quo": "of the status quo; NaN without one",
    "difference": "plan less status quo: the financial increment",
    "factor": "shadow price over the financial one [-]; NaN for what nobody pays",
    "economic": "the difference at its shadow price; costs positive",
}
"""Increments to the status quo [money, present value]; `difference` sums to the
incremental cost of the system, `economic` to minus its economic NPV."""

RECYCLER_COLUMNS = {
    "recycler": "id",
    "support": "`none`, `as stated`, or one instrument alone",
    "margin_per_t": "what a tonne bought leaves [money/t]",
    "profit_per_y": "after fixed cost, equipment and interest [money/y]",
    "working_capital": "money tied up in stock and unpaid bills [money]",
    "break_even_t_per_y": "throughput without profit or loss [t/y]; NaN: none",
    "npv": "over the life of the equipment [money]",
    "feedstock_price_max_per_t": "what it can pay without a loss [money/t]",
    "default_share_max": "of sales unpaid without a loss [-]; NaN: a loss already",
    "support_per_y": "what the support costs who gives it [money/y]",
    "why": "why a figure does not exist",
}
"""Small recyclers as businesses, without support, with it, and by instrument."""

LENDER_COLUMNS = {
    "question": "what a lender asks",
    "answer": "what the appraisal says, or that it does not know",
    "value": "figure behind the answer; NaN: none",
    "unit": "unit",
    "is_answered": "False: the model does not hold it, ask for papers",
}

SYSTEM_COLUMNS = {
    "year": "calendar year",
    "plan_real": "cash cost of the plan [money, price year]",
    "status_quo_real": "cash cost of the status quo; NaN without one",
    "difference_real": "plan less status quo",
    "economic_real": "the difference at shadow prices with damage by CO2e",
    "discount_factor": "real [-]",
    "co2e_t": "emitted by the plan, net of credits if they count [t CO2e]",
    "co2e_avoided_t": "status quo less plan [t CO2e]; NaN without one",
}
"""The system by year, over the horizon."""

INDICATOR_COLUMNS = {
    "case": "financing case",
    "place": "facility id, `all` or `system`",
    "id": "indicator",
    "label": "in words",
    "value": "NaN: there is none",
    "unit": "unit",
    "why": "why there is no value, or what to know about it",
}

CASE_COLUMNS = {
    "id": "indicator, or `terms.*`",
    "label": "in words",
    "unit": "unit",
    "place": "facility id or `all`",
    "<case>": "one column a case",
}
"""`side_by_side`: cases beside each other."""

INPUT_COLUMNS = {
    "name": "setting, term or driver",
    "value": "number or word",
    "unit": "unit",
    "status": "read, secondary, derived, memory, assumption or stated",
    "source": "key or words",
    "note": "what to know",
}

CHECK_COLUMNS = {
    "check": "what must hold",
    "value": "one side [money or -]",
    "expected": "the other side",
    "difference": "value - expected",
    "holds": "True or False",
}

TORNADO_COLUMNS = {
    "case": "financing case",
    "place": "facility id or `all`",
    "driver": "what is moved, all else as planned",
    "low": "low value of the driver, relative to the plan (or as its unit says)",
    "high": "high value",
    "unit": "x (multiple of the plan) or 1/y (added)",
    "npv_low": "NPV of the owners at the driver's low value [money]",
    "npv_base": "as planned",
    "npv_high": "at the high value",
    "swing": "|npv_high - npv_low|; rows are sorted by it",
    "status": "of the range",
    "source": "where the range is from",
}

SWITCHING_COLUMNS = {
    "case": "financing case",
    "place": "facility id or `all`",
    "driver": "what is moved, all else as planned",
    "unit": "x or 1/y",
    "base": "value of the plan",
    "switching": "value at which the owners' NPV is 0; NaN if none in reach",
    "change": "switching / base - 1, or the difference",
    "is_in_range": "whether it lies within the driver's range",
    "why": "why there is none",
}

CHANCE_COLUMNS = {
    "case": "financing case",
    "place": "facility id or `all`",
    "fees": "`stated`: today's gate fees; `needed`: those the target return needs",
    "draws": "number of draws",
    "seed": "seed",
    "npv_mean": "NPV of the owners [money]",
    "npv_p05": "5 % of draws are below",
    "npv_p50": "median",
    "npv_p95": "95 % of draws are below",
    "probability_npv_below_0": "[-]",
    "probability_dscr_below_limit": "lowest DSCR below the lenders' limit [-]",
    "dscr_limit": "[-]",
    "standard_error": "of the probability that NPV < 0 [-]",
}

CONVERGENCE_COLUMNS = {
    "case": "financing case",
    "place": "facility id or `all`",
    "fees": "stated or needed",
    "draws": "draws counted so far",
    "npv_mean": "[money]",
    "standard_error": "of the mean [money]",
    "probability_npv_below_0": "[-]",
}

SAMPLE_COLUMNS = {
    "case": "financing case",
    "place": "`all`",
    "fees": "stated or needed",
    "draw": "number from 0",
    "npv": "of the owners [money]",
    "dscr_min": "[-]; NaN without debt",
}

STORY_COLUMNS = {
    "story": "scenario table: what happens",
    "case": "financing case",
    "place": "`all`",
    "npv": "of the owners [money]",
    "equity_irr": "nominal [1/y]; NaN: none",
    "dscr_min": "[-]",
    "gate_fee_needed": "mean, price year [money/t]",
}

SUPPLY_COLUMNS = {
    "case": "financing case",
    "place": "facility id",
    "fees": "gate fee per tonne, price year [money/t]",
    "tonnes_planned_t": "first full year of work [t/y]",
    "tonnes_low_t": "low end of the range [t/y]",
    "put_or_pay": "share of planned tonnes that is paid in any case [-]",
    "paid_for_nothing_per_y": "public pays for tonnes that do not come [money/y]",
    "npv_without": "owners' NPV at the low tonnage, no put-or-pay [money]",
    "npv_with": "with the put-or-pay of the settings [money]",
    "put_or_pay_needed": "share that keeps the lowest DSCR at the lenders' limit [-]",
    "simulated_mean": "intake of the simulation over the plan's [-]; NaN unknown",
    "simulated_deviation": "standard deviation of a year's intake, same measure [-]",
}

FEE_CURVE_COLUMNS = {
    "case": "financing case",
    "place": "facility id or `all`",
    "interest": "nominal interest of the debt [1/y]",
    "tenor_y": "[y]",
    "grace_y": "[y]",
    "gate_fee_needed": "for the target return, price year [money/t]",
}


@dataclass(frozen=True, eq=False)
class Risk:
    """What can go wrong, and how likely it is; tables as their `*_COLUMNS` say."""

    tornado: pd.DataFrame
    switching: pd.DataFrame
    stories: pd.DataFrame
    chances: pd.DataFrame
    convergence: pd.DataFrame
    sample: pd.DataFrame
    supply: pd.DataFrame
    correlations: pd.DataFrame
    """Drivers by drivers [-]."""


@dataclass(frozen=True, eq=False)
class Basis:
    """What the cash was made from, so that a sheet can calculate it again."""

    projects: tuple[Project, ...]
    cases: tuple[tuple[Case, ...], ...]
    """For each case of the result, what each of the projects gets of it."""
    business: Business
    dscr_target: float = float("nan")
    """Cover that the gate fee needed is to give.  [-]"""
    dscr_limit: float = float("nan")
    """Lowest cover that the lenders accept.  [-]"""


@dataclass(frozen=True, eq=False)
class AppraisalResult:
    """The appraisal of a plan under one or several financing cases."""

    scenario: str
    plan: str
    currency: str
    price_year: int
    base_year: int
    discount_rate: float
    """Real.  [1/y]"""
    inflation: float
    """[1/y]"""
    cases: tuple[str, ...]
    """The first one is the base case."""
    places: tuple[str, ...]
    """Financed facilities, `all` excluded."""
    place_names: dict[str, str]
    cash: pd.DataFrame
    loans: pd.DataFrame
    actors: pd.DataFrame
    system: pd.DataFrame
    indicators: pd.DataFrame
    side_by_side: pd.DataFrame
    fee_curve: pd.DataFrame
    inputs: pd.DataFrame
    checks: pd.DataFrame
    increments: pd.DataFrame = field(default_factory=pd.DataFrame)
    recyclers: pd.DataFrame = field(default_factory=pd.DataFrame)
    lender: pd.DataFrame = field(default_factory=pd.DataFrame)
    risk: Risk | None = None
    warnings: tuple[str, ...] = field(default_factory=tuple)
    basis: Basis | None = None
    """Fills the workbook's live financial sheets; without it there are none."""

    def price_rise(self) -> str:
        """How prices rise, in words: one rate, or the ends of a stated path."""
        path = self.basis.business.inflation_path if self.basis is not None else ()
        if not path:
            return f"{self.inflation:.1%} a year"
        (first, then), (last, at_last) = path[0], path[-1]
        if first == last:
            return f"{then:.1%} a year"
        return f"{then:.1%} a year in {first}, {at_last:.1%} in {last}"

    def indicator(self, id: str, place: str = POOL, case: str = "") -> float:
        """One figure; KeyError if there is no such row.  NaN if it does not exist."""
        table = self.indicators
        chosen = case or self.cases[0]
        found = table[
            (table["case"] == chosen) & (table["place"] == place) & (table["id"] == id)
        ]
        if found.empty:
            raise KeyError(f"no indicator {id!r} of {place!r} in case {chosen!r}")
        return float(found["value"].iloc[0])
