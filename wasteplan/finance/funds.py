"""Sources of funds: terms with fees, a currency and a time to draw; by name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from wasteplan.finance.loans import LoanTerms, known_terms
from wasteplan.finance.price_level import Path
from wasteplan.finance.prices import value_in_year
from wasteplan.units import WEAK_STATUSES

FundKind = Literal["grant", "concessional", "commercial", "equity"]
Repayment = Literal["equal_principal", "annuity", "sculpted"]

CONCESSIONAL_BELOW = 0.05  # nominal interest; the rate that grant elements discount at
TERMS_AGE_MAX_Y = 3  # older published terms are called dated


@dataclass(frozen=True)
class Fund:
    """A source that bears a share of the capital cost; what no fund bears is equity.

    Tenor and grace count from the end of the year of the first draw.  Fees and
    interest are shares a year of what they are charged on; `gain_per_y` is how much
    the fund's currency gains on the scenario's every year.
    """

    id: str
    kind: FundKind
    share: float
    terms: LoanTerms | None = None
    repayment: Repayment = "equal_principal"
    upfront_fee: float = 0.0
    commitment_fee_per_y: float = 0.0
    guarantee_fee_per_y: float = 0.0
    currency: str = ""
    gain_per_y: float = 0.0
    available_from: int | None = None
    available_until: int | None = None
    exchange_path: Path = ()
    """Worth of the currency in some years, in place of `gain_per_y`."""

    def __post_init__(self) -> None:
        if not 0 <= self.share <= 1:
            raise ValueError(f"{self.id}: a share of {self.share} is not within 0 to 1")
        if self.is_debt and self.terms is None:
            raise ValueError(f"{self.id}: a loan needs terms")

    @property
    def is_debt(self) -> bool:
        """Whether it has to be paid back."""
        return self.kind in ("concessional", "commercial")

    def worth(self, years: NDArray[np.int64]) -> NDArray[np.float64] | None:
        """Worth of its currency by year; None if no path is known."""
        if not self.exchange_path:
            return None
        known = dict(self.exchange_path)
        return np.array([value_in_year(known, int(y)) for y in years])

    def is_available(self, year: int) -> bool:
        """Whether a loan may be signed in a year."""
        opens = self.available_from is None or self.available_from <= year
        return opens and (self.available_until is None or year <= self.available_until)


@dataclass(frozen=True)
class Case:
    """A way to finance: funds side by side; the rest of the cost is equity."""

    name: str
    funds: tuple[Fund, ...] = ()
    title: str = ""

    def __post_init__(self) -> None:
        if self.fund_share > 1 + 1e-9:
            raise ValueError(
                f"{self.name}: funds bear {self.fund_share:.1%} of the capital cost"
            )

    @property
    def fund_share(self) -> float:
        """Share of grants and loans.  [-]"""
        return sum(f.share for f in self.funds if f.kind != "equity")

    @property
    def debt(self) -> tuple[Fund, ...]:
        """The loans."""
        return tuple(f for f in self.funds if f.is_debt)

    @property
    def grant_share(self) -> float:
        """[-]"""
        return sum(f.share for f in self.funds if f.kind == "grant")


def kind_of(terms: LoanTerms) -> FundKind:
    """Concessional if its interest is below the rate of the grant element."""
    is_soft = terms.interest < CONCESSIONAL_BELOW and terms.tenor_y > 15
    return "concessional" if is_soft else "commercial"


def named_terms(name: str) -> LoanTerms:
    """Packaged terms by name.

    Raises
    ------
    KeyError
        If there are none; the message lists those that there are.
    """
    known = known_terms()
    if name not in known:
        raise KeyError(f"no terms '{name}': there are {', '.join(sorted(known))}")
    return known[name]


def terms_warnings(terms: Sequence[LoanTerms], year: int) -> tuple[str, ...]:
    """What to know before using terms: from memory or assumed, or of another time.

    Parameters
    ----------
    terms
        As shipped or stated.
    year
        Year in which they are used.

    >>> terms_warnings([named_terms("china_exim_pbc_2009")], 2024)
    ('china_exim_pbc_2009: terms of 2009, not known to hold in 2024',)
    """
    found = []
    for row in terms:
        dated = re.search(r"(?:19|20)\d\d", f"{row.id} {row.name}")
        if dated and year - int(dated.group()) > TERMS_AGE_MAX_Y:
            found.append(
                f"{row.id}: terms of {dated.group()}, not known to hold in {year}"
            )
        if row.status in WEAK_STATUSES:
            note = f" ({row.note})" if row.note else ""
            found.append(f"{row.id}: terms are {row.status}{note}")
    return tuple(dict.fromkeys(found))
