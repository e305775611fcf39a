import pytest
from hypothesis import given
from hypothesis import strategies as st

from wasteplan.finance.annuity import present_value
from wasteplan.finance.returns import (
    debt_service_cover,
    internal_rate_of_return,
    loan_life_cover,
)


def test_doubling_in_one_year_is_a_hundred_per_cent():
    assert internal_rate_of_return({2030: -5.0, 2031: 10.0}) == pytest.approx(1.0)


@given(rate=st.floats(-0.5, 2.0), years=st.integers(1, 30))
def test_it_finds_the_rate_that_made_the_cash(rate, years):
    cash = {0: -((1.0 + rate) ** -years) * 100.0, years: 100.0}
    found = internal_rate_of_return(cash)
    assert found == pytest.approx(rate, abs=1e-6)
    left = present_value(cash, rate=found, base_year=0)
    assert left / cash[0] == pytest.approx(0, abs=1e-9)  # as a share of what was paid


@pytest.mark.parametrize("cash", [{0: 1.0, 1: 2.0}, {0: -1.0, 1: 3.0, 2: -1.0}, {}])
def test_no_single_rate_is_reported_as_such(cash):
    with pytest.raises(ValueError, match="no single rate"):
        internal_rate_of_return(cash)


def test_cover_looks_at_years_with_debt_only():
    assert debt_service_cover({1: 5, 2: 30}, {2: 20, 3: 0}) == {2: 1.5}


def test_loan_life_cover_stops_with_the_loan():
    cash = {1: 10.0, 2: 10.0, 3: 1000.0}
    assert loan_life_cover(cash, {1: 8, 2: 8}, rate=0, base_year=0) == 1.25
    with pytest.raises(ValueError, match="debt service"):
        loan_life_cover(cash, {}, rate=0, base_year=0)
