import numpy_financial as npf
import pytest
import pyxirr
from hypothesis import given
from hypothesis import strategies as st

from wasteplan.finance.annuity import (
    annuity_present_value,
    capital_recovery_factor,
    discount_factor,
    present_value,
    salvage_value,
)

RATES = st.floats(0.0, 0.3)
LIVES = st.integers(1, 60)


@pytest.mark.parametrize(
    ("case", "rate", "years", "expected"),
    [
        ("crf_0.01_40", 0.01, 40, 0.030456),
        ("crf_0.04_25", 0.04, 25, 0.064012),
        ("crf_0.08_20", 0.08, 20, 0.101852),
        ("crf_0.1_20", 0.10, 20, 0.11746),
        ("crf_0.1_25", 0.10, 25, 0.110168),
    ],
)
def test_published_capital_recovery_factors(case, rate, years, expected):
    found = capital_recovery_factor(rate, years)
    assert found == pytest.approx(expected, abs=1e-6)
    assert found == pytest.approx(-npf.pmt(rate, years, 1.0))
    assert found == pytest.approx(-pyxirr.pmt(rate, years, 1.0))


def test_no_interest_spreads_the_capital_evenly():
    """At r = 0 a plant of 25 years costs 1/25 a year, and nearly so at a tiny rate."""
    assert capital_recovery_factor(0.0, 25) == 0.04
    assert capital_recovery_factor(1e-8, 25) == pytest.approx(0.04, rel=1e-6)


@given(rate=RATES, years=LIVES)
def test_the_annuity_pays_back_the_capital(rate, years):
    charge = capital_recovery_factor(rate, years)
    paid = present_value(
        {2030 + y: charge for y in range(1, years + 1)}, rate=rate, base_year=2030
    )
    assert paid == pytest.approx(1.0, rel=1e-6)


@given(rate=RATES, years=LIVES, age=st.integers(0, 60))
def test_salvage_equals_charging_only_the_years_used(rate, years, age):
    """Capex now less salvage at age a = annuities of the first a years."""
    age = min(age, years)
    charge = capital_recovery_factor(rate, years)
    left = salvage_value(1.0, rate, years, age) * discount_factor(rate, age, 0)
    used = charge * annuity_present_value(rate, age)
    assert 1.0 - left == pytest.approx(used, abs=1e-9)


def test_the_end_of_the_base_year_is_not_discounted():
    assert discount_factor(0.09, 2026, 2026) == 1.0
    assert discount_factor(0.10, 2024, 2026) == pytest.approx(1.21)


@pytest.mark.parametrize("years", [0, -1])
def test_a_lifetime_must_be_positive(years):
    with pytest.raises(ValueError, match="lifetime"):
        capital_recovery_factor(0.1, years)


def test_a_rate_of_minus_everything_is_refused():
    with pytest.raises(ValueError, match="discount rate"):
        discount_factor(-1.0, 2030, 2026)
