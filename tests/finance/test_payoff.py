"""Returns and payback against numpy-financial and pyxirr."""

import math

import numpy as np
import numpy_financial as npf
import pytest
import pyxirr
from hypothesis import given
from hypothesis import strategies as st

from wasteplan.finance.payoff import (
    modified_rate_of_return,
    payback_y,
    rate_of_return,
    where_zero,
    where_zeros,
)


def by_year(amounts):
    return dict(enumerate(amounts))


@given(
    put_in=st.floats(1.0, 100.0),
    back=st.lists(st.floats(0.5, 50.0), min_size=2, max_size=20),
)
def test_irr_is_that_of_the_libraries(put_in, back):
    cash = [-put_in, *back]
    found = rate_of_return(by_year(cash))
    assert npf.npv(found.value, cash) == pytest.approx(0, abs=1e-6 * put_in)
    expected = pyxirr.irr(cash)
    if expected is not None:
        assert found.value == pytest.approx(expected, rel=1e-6, abs=1e-8)


def test_one_rate_in_spite_of_three_signs():
    """-100, 300, -5: totals -100, 200, 195 turn once: the rate above 0 is the only."""
    found = rate_of_return({0: -100.0, 1: 300.0, 2: -5.0})
    assert found.value == pytest.approx(pyxirr.irr([-100.0, 300.0, -5.0]))


@pytest.mark.parametrize(
    ("cash", "why"),
    [
        ({}, "there is no cash"),
        ({0: 5.0}, "nothing is put in"),
        ({0: 5.0, 1: -6.0}, "a rate of borrowing"),
        ({0: -100.0, 1: 230.0, 2: -132.0}, "changes sign 2 times"),
        ({0: -100.0, 1: 60.0, 2: -30.0, 3: 50.0}, "no rate of 0 % or more fits"),
    ],
)
def test_no_rate_and_why(cash, why):
    """100 -> 230 -> 132: both 10 % and 20 % fit, so neither is given."""
    found = rate_of_return(cash)
    assert math.isnan(found.value)
    assert why in found.why


@given(
    cash=st.lists(st.floats(-50, 50).filter(lambda a: abs(a) > 0.1), min_size=3),
    finance=st.floats(0.01, 0.2),
    reinvest=st.floats(0.01, 0.2),
)
def test_mirr_is_that_of_numpy_financial(cash, finance, reinvest):
    found = modified_rate_of_return(
        by_year(cash), finance_rate=finance, reinvest_rate=reinvest
    )
    if min(cash) > 0 or max(cash) < 0:
        assert math.isnan(found.value)
        return
    expected = npf.mirr(np.array(cash), finance, reinvest)
    assert found.value == pytest.approx(expected)


def test_payback_counts_parts_of_years_and_relapses():
    """60 of 90 in year 2 are needed; a later loss undoes it until year 4."""
    assert payback_y({0: -100.0, 1: 40.0, 2: 90.0}).value == pytest.approx(1 + 60 / 90)
    relapse = {0: -100.0, 1: 150.0, 2: -100.0, 3: 0.0, 4: 100.0}
    assert payback_y(relapse).value == pytest.approx(3.5)
    assert "nothing is put in" in payback_y({0: 1.0}).why


def test_where_a_function_is_zero():
    assert where_zero(lambda x: 7 - x, 0, 1, widen=3).value == pytest.approx(7)
    assert where_zero(lambda x: 1 + x * x, 0, 1, widen=2).why == "none between 0 and 4"


@given(powers=st.lists(st.sampled_from([1, 2, 3, 5]), min_size=1, max_size=5))
def test_zeros_of_many_functions_at_once(powers):
    """x^n = 7 n between 0 and 1, widened upwards; against the root itself."""
    n = np.array(powers, float)
    found = where_zeros(
        lambda x: x**n - 7 * n, np.zeros(len(n)), np.ones(len(n)), widen=6
    )
    assert found.tolist() == pytest.approx(((7 * n) ** (1 / n)).tolist(), rel=1e-9)


def test_one_function_without_a_zero_does_not_disturb_the_others():
    lifted = np.array([0.0, 5.0])
    found = where_zeros(lambda x: (x - 1) ** 3 + lifted + 1, np.zeros(2), np.ones(2))
    assert found[0] == pytest.approx(0.0)
    assert math.isnan(found[1])
