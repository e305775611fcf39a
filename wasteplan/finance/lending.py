"""What a loan does year by year: draws, interest, fees, repayment, exchange.

Arrays have years on their last axis; leading axes are independent draws of chance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wasteplan.finance.funds import Fund

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class LoanYears:
    """A loan by year, in the scenario's money of the year.  [money]

    balance = opening + revaluation + drawn + capitalised - principal
    """

    exchange: Floats
    opening: Floats
    revaluation: Floats
    drawn: Floats
    capitalised: Floats
    fees: Floats
    guarantee: Floats
    """The part of the fees that falls due while debt is served."""
    interest: Floats
    principal: Floats
    balance: Floats


def loan_years(
    fund: Fund,
    draws: ArrayLike,
    *,
    works: NDArray[np.bool_],
    available: ArrayLike | None = None,
    added_interest: ArrayLike = 0.0,
    added_gain_per_y: ArrayLike = 0.0,
    worth: ArrayLike | None = None,
) -> LoanYears:
    """A loan from its first draw to its last payment.

    Draws and payments fall at the end of years.  Tenor and grace count from the first
    draw.  Interest is on what is owed at the start of a year; before the plant works it
    is added to the loan.  Principal is repaid from the first year of work after the
    grace to the end of the tenor: equal parts of the balance; an annuity; or sculpted,
    so that the cover A_y / service_y is the same in all years,
    cover = sum_y A_y (1 + i)^-(y - start) / balance; without any cash then, the same
    service in all years.  What is owed in another currency follows its exchange rate.

    Parameters
    ----------
    fund
        A loan.
    draws, available
        Drawn, and cash that a sculpted profile follows, by year.  [money of the year]
    works
        Whether the plant works, by year.
    added_interest, added_gain_per_y
        Added to the fund's own, one per draw of chance.  [1/y]
    worth
        Of the loan's currency by year, in any measure; None: it gains `gain_per_y`.

    Raises
    ------
    ValueError
        If the loan must be repaid before the plant works, or after the last year.

    100 at 10 % over 3 y with 1 y of grace:

    >>> from wasteplan.finance.loans import LoanTerms as Terms
    >>> fund = Fund("l", "commercial", 1.0, Terms(0.10, 3, 1))
    >>> years = loan_years(fund, [100.0, 0, 0, 0], works=np.array([0, 1, 1, 1], bool))
    >>> (years.interest + years.principal).round(1).tolist()
    [0.0, 10.0, 60.0, 55.0]
    """
    drawn, money = np.asarray(draws, float), _followed(fund, available)
    rates, first = _rates(fund, added_interest), _first_draw(drawn)
    gain = np.asarray(added_gain_per_y, float)
    gain = gain + (fund.gain_per_y if worth is None else 0.0)
    draws_of_chance = ((*gain.shape, 1), (*rates[0].shape, 1))
    shape = np.broadcast_shapes(drawn.shape, money.shape, *draws_of_chance)
    drawn = np.broadcast_to(drawn, shape)
    since = np.maximum(np.arange(shape[-1]) - first, 0)
    exchange = np.broadcast_to(_exchange(gain, since, first, worth), shape)
    if not drawn.any():
        return LoanYears(exchange, *(np.zeros(shape) for _ in range(9)))
    span, weights = (first, *_repayment_span(fund, first, works)), money / exchange
    owed = _in_own_currency(fund, drawn / exchange, span, works, rates, weights)
    return _in_money(fund, drawn, owed, exchange, first, works)


def _exchange(
    gain: Floats, since: NDArray[np.int64], first: int, worth: ArrayLike | None
) -> Floats:
    """Scenario's money per unit owed, relative to the first draw.  [-]"""
    grown = (1.0 + gain[..., None]) ** since
    if worth is None:
        return np.asarray(grown)
    path = np.asarray(worth, float)
    return np.asarray(grown * np.where(since > 0, path / path[first], 1.0))


def _followed(fund: Fund, available: ArrayLike | None) -> Floats:
    """The cash that repayment follows; nothing if it follows none."""
    if fund.repayment != "sculpted" or available is None:
        return np.zeros(1)
    return np.asarray(available, float).clip(min=0.0)


def _rates(fund: Fund, added: ArrayLike) -> tuple[Floats, Floats]:
    """Interest in the grace years and after.  [1/y]"""
    terms = fund.terms
    assert terms is not None
    more = np.asarray(added, float)
    grace = terms.interest_in_grace
    soft = terms.interest if grace is None else grace
    return np.asarray(soft + more), np.asarray(terms.interest + more)


def _first_draw(drawn: Floats) -> int:
    used = np.flatnonzero(drawn.reshape(-1, drawn.shape[-1]).any(axis=0))
    return int(used[0]) if len(used) else 0


def _repayment_span(
    fund: Fund, first: int, works: NDArray[np.bool_]
) -> tuple[int, int]:
    """First and last index of a year in which principal is repaid."""
    terms = fund.terms
    assert terms is not None
    opening = int(np.argmax(works)) if works.any() else len(works)
    start = max(first + terms.grace_y + 1, opening)
    end = first + terms.tenor_y
    if start > end:
        raise ValueError(
            f"{fund.id}: a tenor of {terms.tenor_y} y ends before the plant works"
        )
    if end >= len(works):
        raise ValueError(
            f"{fund.id}: a tenor of {terms.tenor_y} y ends after the last year"
        )
    return start, end


def _in_own_currency(
    fund: Fund,
    drawn: Floats,
    span: tuple[int, int, int],
    works: NDArray[np.bool_],
    rates: tuple[Floats, Floats],
    weights: Floats,
) -> dict[str, Floats]:
    """Interest, what is added, principal and balance in the currency of the loan."""
    first, start, end = span
    terms = fund.terms
    assert terms is not None
    names = ("interest", "capitalised", "principal", "balance")
    out = {name: np.zeros_like(drawn) for name in names}
    balance = np.zeros(drawn.shape[:-1])
    cover = np.ones_like(balance)
    for y in range(first, end + 1):
        rate = rates[0] if y <= first + terms.grace_y else rates[1]
        grown = balance * rate
        kind = "interest" if works[y] else "capitalised"
        out[kind][..., y] = grown
        if not works[y]:
            balance = balance + grown
        if y == start and fund.repayment == "sculpted":
            has_cash = (weights[..., start : end + 1] > 0).any(axis=-1, keepdims=True)
            weights = np.where(has_cash, weights, 1.0)
            cover = _cover(balance, weights[..., start : end + 1], rates[1])
        if start <= y:
            service = weights[..., y] / cover
            part = _part(fund, balance, rate, end + 1 - y, service)
            out["principal"][..., y] = part
            balance = balance - part
        balance = balance + drawn[..., y]
        out["balance"][..., y] = balance
    return out


def _part(
    fund: Fund, balance: Floats, rate: Floats, years_left: int, service: Floats
) -> Floats:
    """Principal of a year.  [money of the loan]"""
    if fund.repayment == "equal_principal":
        return balance / years_left
    if fund.repayment == "annuity":
        grown = np.expm1(years_left * np.log1p(rate))
        safe = np.where(grown > 0, grown, 1.0)
        share = np.where(grown > 0, rate / safe, 1.0 / years_left)
        return balance * share
    return balance.copy() if years_left == 1 else service - balance * rate


def _cover(balance: Floats, weights: Floats, rate: Floats) -> Floats:
    """The cover that a sculpted loan has in every year.  [-]"""
    ahead = np.arange(1, weights.shape[-1] + 1)
    worth = (weights * (1.0 + np.asarray(rate)[..., None]) ** -ahead).sum(axis=-1)
    return worth / np.where(balance > 0, balance, 1.0)


def _in_money(
    fund: Fund,
    drawn: Floats,
    owed: dict[str, Floats],
    exchange: Floats,
    first: int,
    works: NDArray[np.bool_],
) -> LoanYears:
    """The same in the scenario's money, with the fees."""
    balance = owed["balance"] * exchange
    opening = np.zeros_like(balance)
    opening[..., 1:] = balance[..., :-1]
    before = np.zeros_like(balance)
    before[..., 1:] = owed["balance"][..., :-1]
    total = drawn.sum(axis=-1, keepdims=True)
    undrawn = total - np.cumsum(drawn, axis=-1) + drawn
    late = np.arange(drawn.shape[-1]) > first
    guarantee = fund.guarantee_fee_per_y * before * exchange
    fees = guarantee + fund.commitment_fee_per_y * undrawn * late
    fees[..., first] += fund.upfront_fee * total[..., 0]
    return LoanYears(
        exchange=exchange,
        opening=opening,
        revaluation=before * exchange - opening,
        drawn=drawn,
        capitalised=owed["capitalised"] * exchange,
        fees=fees,
        guarantee=guarantee * works,
        interest=owed["interest"] * exchange,
        principal=owed["principal"] * exchange,
        balance=balance,
    )
