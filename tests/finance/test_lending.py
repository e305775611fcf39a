"""Loans by year, worked by hand and against numpy-financial."""

import numpy as np
import numpy_financial as npf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wasteplan.finance.funds import Case, Fund, named_terms, terms_warnings
from wasteplan.finance.lending import loan_years
from wasteplan.finance.loans import LoanTerms, repayments
from wasteplan.finance.rates import cost_of_capital, real_rate


def fund(interest, tenor, grace=0, **more):
    return Fund("l", "commercial", 1.0, LoanTerms(interest, tenor, grace), **more)


def at_once(n: int) -> np.ndarray:
    """The plant works from the second year on."""
    return np.arange(n) >= 1


def draw(amount: float, n: int) -> np.ndarray:
    return np.eye(n)[0] * amount


def test_equal_principal_after_grace_is_the_schedule_of_the_grant_element():
    """1,000 at 2 % over 6 y with 2 of grace: 20, 20, then 250 + 20, 15, 10, 5."""
    years = loan_years(fund(0.02, 6, 2), draw(1000.0, 7), works=at_once(7))
    paid = years.interest + years.principal
    assert paid[1:].tolist() == pytest.approx([20, 20, 270, 265, 260, 255])
    known = repayments(1000.0, LoanTerms(0.02, 6, 2))
    assert paid[1:].tolist() == pytest.approx([p.total for p in known])


def test_interest_in_grace_is_its_own():
    """1 % in two years of grace, 1.5 % after, as a concessional lender asks."""
    terms = LoanTerms(0.015, 4, 2, interest_in_grace=0.01)
    years = loan_years(
        Fund("l", "concessional", 1.0, terms), draw(200.0, 5), works=at_once(5)
    )
    assert years.interest.tolist() == pytest.approx([0, 2.0, 2.0, 3.0, 1.5])


def test_an_annuity_is_numpy_financials():
    years = loan_years(
        fund(0.07, 12, repayment="annuity"), draw(1e6, 13), works=at_once(13)
    )
    each = np.arange(1, 13)
    assert years.interest[1:].tolist() == pytest.approx(
        (-npf.ipmt(0.07, each, 12, 1e6)).tolist()
    )
    assert years.principal[1:].tolist() == pytest.approx(
        (-npf.ppmt(0.07, each, 12, 1e6)).tolist()
    )


def test_an_annuity_without_interest_is_equal_parts():
    years = loan_years(
        fund(0.0, 4, repayment="annuity"), draw(100.0, 5), works=at_once(5)
    )
    assert years.principal[1:].tolist() == pytest.approx([25.0] * 4)


def test_a_sculpted_loan_has_the_same_cover_in_all_years():
    """PV of 40, 60, 50 at 10 % is 123.52; 100 owed: a cover of 1.2352 each year."""
    cash = np.array([0.0, 40.0, 60.0, 50.0])
    years = loan_years(
        fund(0.10, 3, repayment="sculpted"),
        draw(100.0, 4),
        works=at_once(4),
        available=cash,
    )
    cover = cash[1:] / (years.interest + years.principal)[1:]
    worth = npf.npv(0.10, cash)
    assert cover.tolist() == pytest.approx([worth / 100.0] * 3)
    assert years.balance[-1] == pytest.approx(0.0, abs=1e-9)


def test_without_cash_a_sculpted_loan_has_the_same_service_in_all_years():
    """100 at 10 % over 3 y: 40.21 a year."""
    years = loan_years(
        fund(0.1, 3, repayment="sculpted"),
        draw(100.0, 4),
        works=at_once(4),
        available=[0.0, -5.0, -5.0, 0.0],
    )
    service = (years.interest + years.principal)[1:]
    assert service.tolist() == pytest.approx([-npf.pmt(0.1, 3, 100.0)] * 3)
    assert years.balance[-1] == pytest.approx(0.0, abs=1e-9)


def test_a_path_of_exchange_is_followed():
    """200 -> 220 -> 209 per unit: up a tenth, then down a twentieth."""
    path = fund(0.0, 2, 1, currency="JPY", exchange_path=((2025, 200.0), (2027, 209.0)))
    assert path.worth(np.array([2025, 2026, 2027])).tolist() == [200.0, 204.5, 209.0]
    years = loan_years(
        path, draw(100.0, 3), works=at_once(3), worth=[200.0, 220.0, 209.0]
    )
    assert years.revaluation.tolist() == pytest.approx([0.0, 10.0, -5.5])
    assert years.principal.tolist() == pytest.approx([0.0, 0.0, 104.5])
    plain = loan_years(fund(0.0, 2, 1), draw(100.0, 3), works=at_once(3))
    moved = loan_years(
        path, draw(100.0, 3), works=at_once(3), worth=[1, 1, 1], added_gain_per_y=0.1
    )
    assert moved.principal[2] == pytest.approx(plain.principal[2] * 1.21)


def test_fees_on_what_is_committed_undrawn_and_guaranteed():
    """60 + 40 committed: 1 % up front on 100, 0.5 % on 40 undrawn, 2 % on the balance.

    In the second year 60 are owed and 40 are not yet drawn: 0.2 + 1.2.
    """
    years = loan_years(
        fund(
            0.0,
            4,
            1,
            upfront_fee=0.01,
            commitment_fee_per_y=0.005,
            guarantee_fee_per_y=0.02,
        ),
        [60.0, 40.0, 0.0, 0.0, 0.0],
        works=np.array([0, 0, 1, 1, 1], bool),
    )
    assert years.fees[:3].tolist() == pytest.approx([1.0, 0.2 + 1.2, 2.0])
    assert years.guarantee[:3].tolist() == pytest.approx([0.0, 0.0, 2.0])


def test_a_currency_that_gains_makes_the_loan_dearer():
    """100 owed in a currency that gains 10 % a year: 110 after one, 121 after two."""
    years = loan_years(
        fund(0.0, 2, 1, currency="JPY", gain_per_y=0.10),
        draw(100.0, 3),
        works=at_once(3),
    )
    assert years.principal.tolist() == pytest.approx([0.0, 0.0, 121.0])
    assert years.revaluation.tolist() == pytest.approx([0.0, 10.0, 11.0])
    moved = years.opening + years.revaluation + years.drawn + years.capitalised
    assert (moved - years.principal).tolist() == pytest.approx(years.balance.tolist())


def test_draws_of_chance_are_independent():
    """Two chances at once are the two worked alone."""
    amounts = np.array([draw(100.0, 5), draw(50.0, 5)])
    both = loan_years(
        fund(0.05, 4, 1),
        amounts,
        works=at_once(5),
        added_interest=np.array([0.0, 0.02]),
    )
    for i, more in enumerate((0.0, 0.02)):
        alone = loan_years(fund(0.05 + more, 4, 1), amounts[i], works=at_once(5))
        assert both.interest[i].tolist() == pytest.approx(alone.interest.tolist())


@pytest.mark.parametrize(
    ("tenor", "n", "words"),
    [(1, 6, "ends before the plant works"), (9, 6, "ends after the last year")],
)
def test_a_tenor_must_fit(tenor, n, words):
    with pytest.raises(ValueError, match=words):
        loan_years(fund(0.05, tenor), draw(1.0, n), works=np.arange(n) >= 3)


@given(
    interest=st.floats(0, 0.2),
    tenor=st.integers(3, 15),
    grace=st.integers(0, 5),
    wait=st.integers(1, 3),
    gain=st.floats(-0.05, 0.05),
    repayment=st.sampled_from(["equal_principal", "annuity", "sculpted"]),
)
def test_a_loan_is_worth_what_was_lent(interest, tenor, grace, wait, gain, repayment):
    """At the loan's own rate and exchange, payments are worth the draws."""
    grace = min(grace, tenor - wait) if tenor > wait else 0
    n = tenor + 1
    works = np.arange(n) >= wait
    years = loan_years(
        fund(interest, tenor, grace, repayment=repayment, gain_per_y=gain),
        draw(100.0, n),
        works=works,
        available=np.where(works, 30.0, 0.0),
    )
    rate = (1 + interest) * (1 + gain) - 1
    worth = ((years.interest + years.principal) * (1 + rate) ** -np.arange(n)).sum()
    assert worth == pytest.approx(100.0)
    assert years.balance[-1] == pytest.approx(0.0, abs=1e-6)


def test_cost_of_capital_and_real_rate():
    """70 % at 4 %, 10 % given, 20 % at 16 %: 6 %.  8 % at 3 % inflation: 4.854 %."""
    funds = (
        Fund("loan", "commercial", 0.7, LoanTerms(0.04, 20)),
        Fund("gift", "grant", 0.1),
    )
    assert cost_of_capital(Case("mix", funds), 0.16) == pytest.approx(0.06)
    assert real_rate(0.08, 0.03) == pytest.approx(0.048544, abs=1e-6)


def test_funds_that_cannot_be():
    with pytest.raises(ValueError, match="needs terms"):
        Fund("l", "commercial", 0.5)
    with pytest.raises(ValueError, match="not within 0 to 1"):
        Fund("g", "grant", 1.5)
    with pytest.raises(ValueError, match=r"bear 120.0%"):
        Case("c", (Fund("g", "grant", 0.6), Fund("h", "grant", 0.6)))
    with pytest.raises(KeyError, match="there are adb_concessional"):
        named_terms("bank")


def test_weak_and_old_terms_are_named():
    current = named_terms("adb_concessional_2020")
    assert terms_warnings([current], 2022) == ()
    assert terms_warnings([current], 2026)[0].startswith("adb_concessional_2020: terms")
    recalled = terms_warnings([named_terms("korea_edpf")], 2024)
    assert recalled[0].startswith("korea_edpf: terms are memory")
