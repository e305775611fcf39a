import pytest
from hypothesis import given
from hypothesis import strategies as st

from wasteplan.errors import ConversionError
from wasteplan.finance.prices import (
    convert_money,
    money_factor,
    plant_cost_factor,
    value_in_year,
)


def test_exchange_first_then_the_index_of_the_target():
    """890 EUR2015 x 1.1095 = 987.455 USD2015; x 304.702/237.017 = 1269.44 USD2023."""
    converted = convert_money(890, "EUR", 2015, "USD", 2023)
    assert converted == pytest.approx(890 * 1.1095 * 304.702 / 237.017, rel=1e-12)
    assert converted == pytest.approx(1269.44, abs=0.01)


def test_the_order_matters_and_is_the_documented_one():
    """Index first (HICP 123.2/100), then 2023's rate 1.0813, would give 1185.6."""
    other_order = 890 * 1.232 * 1.0813
    assert convert_money(890, "EUR", 2015, "USD", 2023) != pytest.approx(
        other_order, rel=0.01
    )


def test_riel_to_dollar_of_the_same_year():
    """4,099 KHR2021 are one dollar; 40,990 KHR2021 in USD2023: 10 x 304.702/270.97."""
    assert convert_money(4099, "KHR", 2021, "USD", 2021) == pytest.approx(1.0)
    assert convert_money(40990, "KHR", 2021, "USD", 2023) == pytest.approx(
        10 * 304.702 / 270.97
    )


def test_pounds_to_riel_go_through_the_dollar():
    assert convert_money(1, "GBP", 2020, "KHR", 2020) == pytest.approx(1.2839 * 4093)


def test_dollar_to_euro():
    """100 USD2019 / 1.1195 x 123.2/104.8"""
    assert convert_money(100, "USD", 2019, "EUR", 2023) == pytest.approx(
        100 / 1.1195 * 123.2 / 104.8
    )


def test_a_missing_year_names_the_years_there_are():
    with pytest.raises(ConversionError, match=r"exchange rate for 2004.*2003, 2006"):
        convert_money(1, "EUR", 2004, "USD", 2006)
    with pytest.raises(ConversionError, match=r"USD price for 2030.*2025"):
        convert_money(1, "USD", 2023, "USD", 2030)


def test_the_riel_of_2025_has_no_rate():
    with pytest.raises(ConversionError, match=r"KHR exchange rate for 2025.*2024;"):
        convert_money(1, "KHR", 2025, "USD", 2025)


@pytest.mark.parametrize("currency", ["KHR", "GBP"])
def test_a_currency_without_an_index_cannot_be_escalated(currency):
    with pytest.raises(ConversionError, match=f"no price index for {currency}"):
        convert_money(1, "USD", 2019, currency, 2023)


def test_an_unknown_currency_is_named():
    with pytest.raises(ConversionError, match="'THB' is not known"):
        convert_money(1, "THB", 2020, "USD", 2020)


def test_nothing_to_convert_needs_no_row():
    assert convert_money(7.0, "THB", 2031, "THB", 2031) == 7.0


@given(
    amount=st.floats(-1e9, 1e9),
    year=st.sampled_from([2003, 2010, 2015, 2020, 2024]),
    currency=st.sampled_from(["EUR", "GBP", "KHR"]),
)
def test_there_and_back_in_one_year_is_the_same(amount, year, currency):
    there = convert_money(amount, "USD", year, currency, year)
    assert convert_money(there, currency, year, "USD", year) == pytest.approx(amount)


def test_a_recalled_exchange_rate_stays_marked():
    assert money_factor("KHR", 2019, "USD", 2023).status == "memory"
    assert money_factor("KHR", 2021, "USD", 2021).status == "read"
    assert money_factor("EUR", 2015, "USD", 2023).status == "derived"
    assert "EUR" in money_factor("EUR", 2015, "USD", 2023).text


def test_plant_cost_index_is_another_series():
    assert plant_cost_factor(2015, 2023) == pytest.approx(797.9 / 556.8)
    with pytest.raises(ConversionError, match="plant cost for 2025"):
        plant_cost_factor(2015, 2025)


def test_value_in_year_is_straight_between_and_flat_outside():
    points = {2025: 0.10, 2030: 0.20, 2040: 0.10}
    assert value_in_year(points, 2026) == pytest.approx(0.12)
    assert value_in_year(points, 2030) == 0.20
    assert value_in_year(points, 2035) == pytest.approx(0.15)
    assert value_in_year(points, 2000) == 0.10
    assert value_in_year(points, 2100) == 0.10
    with pytest.raises(ValueError, match="empty"):
        value_in_year({}, 2030)
