import numpy_financial as npf
import pytest
import pyxirr
from hypothesis import given
from hypothesis import strategies as st

from wasteplan.finance.loans import (
    LoanTerms,
    grant_element,
    known_terms,
    repayments,
)


@pytest.mark.parametrize(
    ("case", "interest", "tenor", "grace", "expected"),
    [
        ("grant_element_0.01%/40y/10y", 0.0001, 40, 10, 68.41),
        ("grant_element_0.15%/40y/10y", 0.0015, 40, 10, 66.49),
        ("grant_element_1%/40y/15y", 0.01, 40, 15, 58.31),
        ("grant_element_2.5%/30y/10y", 0.025, 30, 10, 30.87),
        ("grant_element_1.5%/32y/8y", 0.015, 32, 8, 42.76),
        ("grant_element_8%/12y/2y", 0.08, 12, 2, -17.98),
    ],
)
def test_published_grant_elements(case, interest, tenor, grace, expected):
    terms = LoanTerms(interest, tenor, grace)
    found = 100 * grant_element(terms)
    assert found == pytest.approx(expected, abs=0.01)
    paid = [0.0, *(p.total for p in repayments(1.0, terms))]
    assert found == pytest.approx(100 * (1 - npf.npv(0.05, paid)))
    assert found == pytest.approx(100 * (1 - pyxirr.npv(0.05, paid)))


def test_a_small_loan_on_paper():
    """90 at 10 %, 4 y with 1 y grace: 9; 9 + 30; 6 + 30; 3 + 30."""
    payments = repayments(90.0, LoanTerms(0.10, 4, 1))
    assert [p.interest for p in payments] == pytest.approx([9, 9, 6, 3])
    assert [p.principal for p in payments] == pytest.approx([0, 30, 30, 30])
    assert payments[-1].balance == pytest.approx(0)


def test_a_lower_rate_in_grace_is_a_larger_gift():
    flat = LoanTerms(0.015, 32, 8)
    stepped = LoanTerms(0.015, 32, 8, interest_in_grace=0.01)
    # 0.5 % of the balance in 8 grace years, discounted at 5 %
    saved = 0.005 * (1 - 1.05**-8) / 0.05
    assert grant_element(stepped) - grant_element(flat) == pytest.approx(saved)


@given(
    rate=st.floats(0, 0.2),
    tenor=st.integers(1, 50),
    data=st.data(),
)
def test_a_loan_at_the_market_rate_is_no_gift(rate, tenor, data):
    grace = data.draw(st.integers(0, tenor - 1))
    assert grant_element(LoanTerms(rate, tenor, grace), rate) == pytest.approx(
        0, abs=1e-9
    )


def test_grace_must_end_before_the_loan():
    with pytest.raises(ValueError, match="grace of 10 y"):
        LoanTerms(0.01, 10, 10)


def test_packaged_terms():
    terms = known_terms()
    assert "private_equity" not in terms
    japan = terms["japan_oda_cambodia_2013"]
    assert 100 * grant_element(japan) == pytest.approx(68.4, abs=0.05)
    assert terms["korea_edcf_sovereign"].status == "memory"
    assert terms["adb_concessional_2020"].interest_in_grace == 0.01
