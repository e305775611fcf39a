"""Loans: what is paid when, and how much of it is a gift."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from functools import cache

from wasteplan.waste.packaged import packaged_text

GRANT_DISCOUNT_RATE = 0.05
"""Rate of the IMF and World Bank for the grant element.  [1/y]"""


@dataclass(frozen=True)
class LoanTerms:
    """Terms of a source of funds; interest as a share a year, times in years."""

    interest: float
    tenor_y: int
    grace_y: int = 0
    interest_in_grace: float | None = None
    id: str = ""
    name: str = ""
    status: str = "assumption"
    source: str = ""
    note: str = ""
    interest_low: float | None = None
    interest_high: float | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.grace_y < self.tenor_y:
            raise ValueError(
                f"a grace of {self.grace_y} y does not fit a tenor of {self.tenor_y} y"
            )


@dataclass(frozen=True)
class Payment:
    """What is owed at the end of a year after the draw."""

    year: int
    interest: float
    principal: float
    balance: float

    @property
    def total(self) -> float:
        """Interest and principal.  [money]"""
        return self.interest + self.principal


def repayments(amount: float, terms: LoanTerms) -> tuple[Payment, ...]:
    """Yearly payments: interest in the grace years, then equal parts of principal.

    Parameters
    ----------
    amount
        Drawn at the start of year 1.  [money]
    terms
        Interest, tenor (grace included) and grace.

    >>> [round(p.total, 1) for p in repayments(100.0, LoanTerms(0.10, 3, 1))]
    [10.0, 60.0, 55.0]
    """
    part = amount / (terms.tenor_y - terms.grace_y)
    balance = amount
    found = []
    for year in range(1, terms.tenor_y + 1):
        in_grace = year <= terms.grace_y
        special = terms.interest_in_grace if in_grace else None
        interest = balance * (terms.interest if special is None else special)
        principal = 0.0 if in_grace else part
        balance -= principal
        found.append(Payment(year, interest, principal, balance))
    return tuple(found)


def grant_element(
    terms: LoanTerms, discount_rate: float = GRANT_DISCOUNT_RATE
) -> float:
    """Share of a loan that is a gift, compared with a market rate.  [-]

    GE = 1 - sum over years of payment_y (1 + r)^-y / amount

    with yearly payments (World Bank and IMF, debt sustainability framework: 5 %).
    Negative when the loan is dearer than the discount rate.

    >>> round(100 * grant_element(LoanTerms(0.0001, 40, 10)), 2)
    68.41
    """
    paid = sum(
        p.total * (1.0 + discount_rate) ** -p.year for p in repayments(1.0, terms)
    )
    return 1.0 - paid


@cache
def known_terms() -> dict[str, LoanTerms]:
    """Packaged terms of lenders by id; those without a tenor (equity) are left out."""
    text = packaged_text("wasteplan.finance", "finance_terms.csv")
    reader = csv.DictReader(io.StringIO(text))
    return {row["id"]: _terms(row) for row in reader if row["tenor_y"]}


def _terms(row: dict[str, str]) -> LoanTerms:
    in_grace = row["interest_in_grace"]
    return LoanTerms(
        interest=float(row["interest"]),
        tenor_y=int(row["tenor_y"]),
        grace_y=int(row["grace_y"]),
        interest_in_grace=float(in_grace) if in_grace else None,
        id=row["id"],
        name=row["name"],
        status=row["status"],
        source=row["source"],
        note=row["note"],
        interest_low=float(row["interest_low"]) if row["interest_low"] else None,
        interest_high=float(row["interest_high"]) if row["interest_high"] else None,
    )
