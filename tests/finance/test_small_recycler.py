"""A small recycler on paper: see the docstring of `recycler_year` for the base."""

from dataclasses import replace

import pytest

from wasteplan.finance.small_recycler import SmallRecycler, recycler_year

SHOP = SmallRecycler(
    feedstock_price_per_t=100.0,
    yield_share=0.8,
    product_price_per_t=300.0,
    variable_cost_per_t=40.0,
    fixed_cost_per_y=20_000.0,
    capex=50_000.0,
    lifetime_y=10.0,
    rate=0.0,
    quality_loss=0.1,
)


def test_break_even_leaves_nothing():
    tonnes = recycler_year(SHOP, 500.0).break_even_t_per_y.value
    assert recycler_year(SHOP, tonnes).profit == pytest.approx(0.0, abs=1e-9)


def test_working_capital_is_stock_and_unpaid_bills():
    """73 days of feedstock, 36.5 of bills: 0.2 x 100 + 0.1 x 216 = 41.6 per t/y.

    At 12 % a year that is 5 a tonne.
    """
    slow = replace(SHOP, stock_d=73.0, credit_d=36.5, rate=0.12)
    year = recycler_year(slow, 500.0)
    assert year.working_capital == pytest.approx(41.6 * 500)
    assert year.margin_per_t == pytest.approx(76.0 - 0.12 * 41.6)


def test_a_price_that_leaves_no_margin():
    """Waste at 180: 216 - 180 - 40 < 0."""
    year = recycler_year(replace(SHOP, feedstock_price_per_t=180.0), 500.0)
    assert year.profit < 0
    assert year.break_even_t_per_y.why == "every tonne loses money: no scale helps"


@pytest.mark.parametrize(
    ("support", "worth"),
    [
        ({"grant": 50_000.0}, 5_000.0),
        ({"result_payment_per_t": 10.0}, 5_000.0),
        ({"credit_per_t": 10.0}, 4_000.0),
        ({"default_share": 0.2, "guarantee_share": 1.0}, 0.0),
    ],
)
def test_what_support_is_worth(support, worth):
    """Equipment given: 5,000 a year; 10 a tonne bought: 5,000; sold: 0.8 of it."""
    base = recycler_year(SHOP, 500.0).profit
    assert recycler_year(replace(SHOP, **support), 500.0).profit == pytest.approx(
        base + worth
    )


def test_inputs_that_cannot_be():
    with pytest.raises(ValueError, match=r"quality_loss is 1.2"):
        replace(SHOP, quality_loss=1.2)
    with pytest.raises(ValueError, match="larger than the equipment"):
        replace(SHOP, grant=60_000.0)
