"""What more revenue is worth to owners and lenders: the fee or tariff needed.

Debt does not depend on revenue unless a loan is sculpted to cash, so a fee moves only
revenue, tax and what follows from them.  A sculpted loan is worked out again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np

from wasteplan.finance.funds import Case
from wasteplan.finance.payoff import NONE, Figure, where_zero
from wasteplan.finance.project import Business, Floats, Project, ProjectCash, Shock
from wasteplan.finance.project_cash import (
    covered,
    owners_factor,
    owners_npv,
    project_cash,
    tax_rate,
)
from wasteplan.finance.taxation import taxable_profit

FEE, TARIFF = "fee_unit", "electricity"
NO_DEBT = "there is no debt"
NO_TONNES = "it takes no tonnes while it works"


class Answer(Protocol):
    """Owners' NPV and lowest cover of several projects for more of a revenue."""

    def owners(self, more: Floats | float) -> Floats:
        """NPV of all owners.  [money, real]"""

    def cover(self, more: Floats | float) -> Floats:
        """Lowest cover of the service of all loans together.  [-]"""


class Added:
    """More revenue on top of cash that is known; debt stays as it is.

    Parameters
    ----------
    cashes
        Of one case; years on the last axis, draws of chance before it.
    business
        Its rules.
    unit
        Line that a unit more is a multiple of: `fee_unit` for the gate fee (a unit is 1
        money/t, real), `electricity` for the tariff (a unit is the whole tariff).
    """

    def __init__(
        self, cashes: Sequence[ProjectCash], business: Business, unit: str = FEE
    ) -> None:
        self._carry_y = business.loss_carry_forward_y
        self._works = np.stack([c.project.works for c in cashes])
        shape = np.broadcast_shapes(*(c["profit"].shape for c in cashes))

        def stacked(name: str) -> Floats:
            """Projects on the axis before the years."""
            lines = [np.broadcast_to(c[name], shape) for c in cashes]
            return np.stack(lines, axis=-2)

        self._unit, self._profit = stacked(unit), stacked("profit")
        self._tax, self._available = stacked("tax"), stacked("available")
        self._rate = np.array([[tax_rate(c.project, business)] for c in cashes])
        self._factor = owners_factor(cashes[0], business)
        self._npv = sum(owners_npv(c, business) for c in cashes)
        self._due = np.sum([c["debt_service"] for c in cashes], axis=0)

    def _kept(self, more: Floats | float) -> Floats:
        """What of the revenue is left after tax, by project and year.  [money]"""
        added = np.asarray(more, float)[..., None, None] * self._unit
        taxed = taxable_profit(self._profit + added, self._carry_y)
        return np.asarray(added - (self._rate * taxed - self._tax))

    def owners(self, more: Floats | float) -> Floats:
        """NPV of all owners.  [money, real]"""
        kept = self._kept(more).sum(axis=-2)
        return np.asarray(self._npv + (kept * self._factor).sum(axis=-1))

    def cover(self, more: Floats | float) -> Floats:
        """Lowest cover of the service of all loans together.  [-]"""
        kept = np.where(self._works, self._kept(more), 0.0)
        available = (self._available + kept).sum(axis=-2)
        return lowest(covered(available, self._due))


class Repeated:
    """More revenue where a loan follows the cash: everything is worked out again."""

    def __init__(
        self,
        cashes: Sequence[ProjectCash],
        business: Business,
        unit: str = FEE,
        shock: Shock | None = None,
    ) -> None:
        self._pairs = [(c.project, c.case) for c in cashes]
        self._business, self._unit = business, unit
        self._shock = shock or Shock()

    def _cashes(self, more: Floats | float) -> list[ProjectCash]:
        shock, fee = self._shock, more
        if self._unit == TARIFF:
            fee = 0.0
            price = shock.electricity_price * (1.0 + np.asarray(more, float))
            shock = shock.with_electricity(price)
        return [
            project_cash(p, case, self._business, shock=shock, added_fee=fee)
            for p, case in self._pairs
        ]

    def owners(self, more: Floats | float) -> Floats:
        """NPV of all owners.  [money, real]"""
        found = [owners_npv(c, self._business) for c in self._cashes(more)]
        return np.asarray(sum(found), np.float64)

    def cover(self, more: Floats | float) -> Floats:
        """Lowest cover of the service of all loans together.  [-]"""
        cashes = self._cashes(more)
        available = sum(c["available"] for c in cashes)
        due = sum(c["debt_service"] for c in cashes)
        return lowest(covered(np.asarray(available), np.asarray(due)))


def more_revenue(
    cashes: Sequence[ProjectCash],
    business: Business,
    unit: str = FEE,
    shock: Shock | None = None,
) -> Answer:
    """The way to find what more revenue does, quick where that is exact.

    Parameters
    ----------
    cashes, business, unit
        As for `Added`.
    shock
        What the cashes were made with.
    """
    if any(f.repayment == "sculpted" for c in cashes for f in c.case.debt):
        return Repeated(cashes, business, unit, shock)
    return Added(cashes, business, unit)


def lowest(cover: Floats) -> Floats:
    """Lowest cover of any year; NaN without debt.  [-]"""
    found = np.where(np.isnan(cover), np.inf, cover).min(axis=-1)
    return np.where(np.isinf(found), np.nan, found)


def added_fee_needed(
    projects: Sequence[Project],
    cases: Sequence[Case],
    business: Business,
    *,
    dscr: float | None = None,
    cashes: Sequence[ProjectCash] = (),
) -> Figure:
    """What the gate fee must rise by for a target: return on equity, or cover.

    [money/t, real; negative: it could fall]

    Parameters
    ----------
    projects
        One, or several that are pooled: all of them raise the fee.
    cases, business
        Who finances each of them, what return is asked.
    dscr
        The lowest cover that lenders accept; None: the return on equity is the target.
    cashes
        Of these projects, if they are known already.
    """
    if not any(p.tonnes.any() for p in projects):
        return Figure(NONE, NO_TONNES)
    if dscr is not None and not any(case.debt for case in cases):
        return Figure(NONE, NO_DEBT)
    pairs = zip(projects, cases, strict=True)
    known = cashes or [project_cash(p, c, business) for p, c in pairs]
    answer = more_revenue(known, business)

    def gap(fee: float) -> float:
        if dscr is None:
            return float(answer.owners(fee))
        return float(answer.cover(fee)) - dscr

    tonnes = max(float(np.sum([p.tonnes for p in projects], axis=0).max()), 1.0)
    scale = max(sum(float(p.capex.sum()) for p in projects) / tonnes, 1.0)
    return where_zero(gap, _bracket(gap, -scale), scale, widen=12)


def _bracket(gap: Callable[[float], float], low: float) -> float:
    """A fee so low that the target is missed."""
    for _ in range(12):
        if gap(low) < 0:
            return low
        low *= 2.0
    return low


def tariff_factor_needed(cashes: Sequence[ProjectCash], business: Business) -> Figure:
    """The electricity tariff that gives the return, as a multiple of the plan's."""
    if not any(np.any(c["electricity"]) for c in cashes):
        return Figure(NONE, "it sells no electricity")
    answer = more_revenue(cashes, business, TARIFF)
    return where_zero(lambda x: float(answer.owners(x - 1.0)), 0.0, 2.0, widen=8)
