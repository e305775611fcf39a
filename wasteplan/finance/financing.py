"""Financing of one project: draws, interest during construction, debt, tax, returns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from wasteplan.finance.loans import LoanTerms, repayments
from wasteplan.finance.returns import (
    debt_service_cover,
    internal_rate_of_return,
    loan_life_cover,
)

CASH_COLUMNS = {
    "year": "calendar year",
    "capex": "paid for construction [money]",
    "operating": "revenue less operating cost [money]",
    "drawn": "loans drawn [money]",
    "interest": "paid on loans [money]",
    "principal": "repaid [money]",
    "tax": "[money]",
    "project": "operating - capex - tax [money]",
    "equity": "project + drawn - interest - principal [money]",
}


@dataclass(frozen=True)
class Tranche:
    """A lender's part of the capital cost; what no tranche covers is equity."""

    terms: LoanTerms
    share: float


@dataclass(frozen=True)
class Appraisal:
    """The cash of a project and what it says; NaN where a figure does not exist."""

    cash: pd.DataFrame
    project_irr: float
    equity_irr: float
    cover_min: float
    loan_life_cover: float


def real_rate(nominal: float, inflation: float) -> float:
    """A nominal interest rate in constant prices.  [1/y]

    r = (1 + i) / (1 + p) - 1 (Fisher 1930, The Theory of Interest)

    >>> round(real_rate(0.0712, 0.03), 6)
    0.04
    """
    return (1.0 + nominal) / (1.0 + inflation) - 1.0


def blended_rate(tranches: Sequence[Tranche], equity_return: float) -> float:
    """Cost of capital, weighted by share, before tax.  [1/y]

    Parameters
    ----------
    tranches
        Loans; the rest is equity.
    equity_return
        Return that the owner asks.  [1/y]

    >>> loan = Tranche(LoanTerms(0.02, 20), 0.75)
    >>> blended_rate([loan], 0.10)
    0.04
    """
    _check(tranches)
    borrowed = sum(t.share for t in tranches)
    interest = sum(t.share * t.terms.interest for t in tranches)
    return interest + (1.0 - borrowed) * equity_return


def interest_during_construction(
    draws: Mapping[int, float], rate: float, opening: int
) -> float:
    """Interest that grows on draws until the plant opens.  [money]

    sum_y d_y ((1 + i)^(opening - 1 - y) - 1): a draw at the end of its year, the first
    year of work bears its interest itself.

    Parameters
    ----------
    draws
        Loan drawn by year.  [money]
    rate
        [1/y]
    opening
        First year of work.  [year]

    100 drawn at the end of 2028 grow for 2029; the plant opens in 2030:

    >>> round(interest_during_construction({2028: 100.0}, 0.1, 2030), 6)
    10.0
    """
    return sum(
        amount * ((1.0 + rate) ** (opening - 1 - year) - 1.0)
        for year, amount in draws.items()
    )


def appraise_project(
    *,
    capex: Mapping[int, float],
    operating: Mapping[int, float],
    tranches: Sequence[Tranche],
    opening: int,
    tax_rate: float = 0.0,
    depreciation_y: int = 20,
    rate: float = 0.0,
) -> Appraisal:
    """Cash of a project year by year, its returns and its cover of debt.

    Loans are drawn with the capital cost; interest during construction is added to the
    balance; repayment, grace included, runs from the first year of work.  Tax is on
    operating cash less interest and straight-line depreciation, never below 0; losses
    are not carried forward.

    Parameters
    ----------
    capex, operating
        Capital cost before `opening`; revenue less operating cost, gate fees included;
        by year.  [money]
    tranches
        Loans with shares of capex.
    opening
        First year of work.  [year]
    tax_rate, depreciation_y
        [-], [y]
    rate
        Discount rate of the loan-life cover.  [1/y]

    Raises
    ------
    ValueError
        If capex falls in a year of work or the shares exceed 1.
    """
    _check(tranches)
    late = [y for y, amount in capex.items() if amount and y >= opening]
    if late:
        raise ValueError(f"capital cost in {late[0]}, but work begins in {opening}")
    interest, principal = _service(capex, tranches, opening)
    borrowed_share = sum(t.share for t in tranches)
    written_off = sum(capex.values()) / depreciation_y
    last = max([opening, *capex, *operating, *interest])
    rows = []
    for year in range(min([opening, *capex]), last + 1):
        cost, made = capex.get(year, 0.0), operating.get(year, 0.0)
        paid, repaid = interest.get(year, 0.0), principal.get(year, 0.0)
        drawn = cost * borrowed_share
        works = opening <= year < opening + depreciation_y
        tax = tax_rate * max(made - paid - written_off * works, 0.0)
        equity = made - cost - tax + drawn - paid - repaid
        rows.append(
            (year, cost, made, drawn, paid, repaid, tax, made - cost - tax, equity)
        )
    cash = pd.DataFrame(rows, columns=list(CASH_COLUMNS))
    return _appraisal(cash, opening, rate)


def _service(
    capex: Mapping[int, float], tranches: Sequence[Tranche], opening: int
) -> tuple[dict[int, float], dict[int, float]]:
    """Interest and principal by calendar year.  [money]"""
    interest: dict[int, float] = {}
    principal: dict[int, float] = {}
    for tranche in tranches:
        draws = {y: tranche.share * amount for y, amount in capex.items()}
        growing = tranche.terms.interest_in_grace
        rate = tranche.terms.interest if growing is None else growing
        grown = interest_during_construction(draws, rate, opening)
        for payment in repayments(sum(draws.values()) + grown, tranche.terms):
            year = opening - 1 + payment.year
            interest[year] = interest.get(year, 0.0) + payment.interest
            principal[year] = principal.get(year, 0.0) + payment.principal
    return interest, principal


def _appraisal(cash: pd.DataFrame, opening: int, rate: float) -> Appraisal:
    available = _by_year(cash, cash["operating"] - cash["tax"])
    service = _by_year(cash, cash["interest"] + cash["principal"])
    cover = debt_service_cover(available, service)
    has_debt = bool(cover)
    return Appraisal(
        cash=cash,
        project_irr=_rate(_by_year(cash, cash["project"])),
        equity_irr=_rate(_by_year(cash, cash["equity"])),
        cover_min=min(cover.values()) if has_debt else float("nan"),
        loan_life_cover=loan_life_cover(
            available, service, rate=rate, base_year=opening
        )
        if has_debt
        else float("nan"),
    )


def _by_year(cash: pd.DataFrame, amounts: pd.Series) -> dict[int, float]:
    return {int(y): float(a) for y, a in zip(cash["year"], amounts, strict=True)}


def _rate(cash: Mapping[int, float]) -> float:
    try:
        return internal_rate_of_return(cash)
    except ValueError:
        return float("nan")


def _check(tranches: Sequence[Tranche]) -> None:
    borrowed = sum(t.share for t in tranches)
    if borrowed > 1.0 + 1e-9 or any(t.share < 0 for t in tranches):
        raise ValueError(f"loans cover {borrowed:.1%} of the capital cost, not 0-100 %")
