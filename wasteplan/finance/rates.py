"""Rates of interest: nominal, real, and blended over sources of funds."""

from __future__ import annotations

from wasteplan.finance.funds import Case


def real_rate(nominal: float, inflation: float) -> float:
    """A nominal interest rate in constant prices.  [1/y]

    r = (1 + i) / (1 + p) - 1 (Fisher 1930, The Theory of Interest)

    >>> round(real_rate(0.0712, 0.03), 6)
    0.04
    """
    return (1.0 + nominal) / (1.0 + inflation) - 1.0


def cost_of_capital(case: Case, equity_return: float) -> float:
    """Interest and return, weighted by share, nominal, before tax; grants are free.

    [1/y]

    Parameters
    ----------
    case
        Loans and grants; the rest is equity.
    equity_return
        Return that the owners ask.  [1/y]

    >>> from wasteplan.finance.funds import Fund
    >>> from wasteplan.finance.loans import LoanTerms
    >>> loan = Fund("l", "concessional", 0.75, LoanTerms(0.02, 20))
    >>> cost_of_capital(Case("half", (loan,)), 0.10)
    0.04
    """
    interest = sum(f.share * f.terms.interest for f in case.debt if f.terms)
    return interest + (1.0 - case.fund_share) * equity_return
