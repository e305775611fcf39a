import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wasteplan.indicators.levelised import (
    gross_cost_present_value,
    levelised_cost_per_t,
    share_on_assumption,
)


def test_discounting_both_sides():
    """121 at the end of 2032 is 100 in 2030 at 10 %; tonnes 10 / 1.1 + 10 / 1.21."""
    present_t = 10 / 1.1 + 10 / 1.21
    found = levelised_cost_per_t(
        100.0, {2031: 10.0, 2032: 10.0}, rate=0.1, base_year=2030
    )
    assert found == pytest.approx(100 / present_t)


@given(
    unit_cost=st.floats(-100, 500),
    rate=st.floats(0, 0.3),
    tonnes=st.dictionaries(
        st.integers(2026, 2050), st.floats(1, 1e6), min_size=1, max_size=20
    ),
)
def test_a_constant_unit_cost_is_the_levelised_cost(unit_cost, rate, tonnes):
    cost = sum(unit_cost * t * (1 + rate) ** -(y - 2025) for y, t in tonnes.items())
    found = levelised_cost_per_t(cost, tonnes, rate=rate, base_year=2025)
    assert found == pytest.approx(unit_cost, abs=1e-6)


def test_no_waste_has_no_unit_cost():
    assert math.isnan(levelised_cost_per_t(5.0, {2030: 0.0}, rate=0.1, base_year=2030))


def test_gross_is_before_sales():
    table = pd.DataFrame({"present_value": [100.0, -30.0, 20.0]})
    assert gross_cost_present_value(table) == 120.0


def test_share_counts_sizes_not_signs():
    """60 assumed cost, 20 recalled sales, 20 read: 80 of 100 rests on weak numbers."""
    table = pd.DataFrame(
        {
            "present_value": [60.0, -20.0, 20.0],
            "status": ["assumption", "memory", "read"],
        }
    )
    assert share_on_assumption(table, "present_value") == 0.8


def test_a_missing_status_is_an_assumption():
    table = pd.DataFrame({"kg_co2e": [1.0, 1.0, 2.0], "status": ["", None, "derived"]})
    assert share_on_assumption(table, "kg_co2e") == 0.5


def test_an_empty_sum_has_no_share():
    table = pd.DataFrame({"kg_co2e": [0.0], "status": ["read"]})
    assert math.isnan(share_on_assumption(table, "kg_co2e"))
