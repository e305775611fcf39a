"""Burning against the IPCC equation and the pocket calculator."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wasteplan.treatment.combustion import (
    biogenic_co2_kg_per_t,
    burnable_t_per_y,
    burns_without_support_fuel,
    electricity_kwh,
    fossil_co2_kg_per_t,
    heat_gj,
    net_of_own_use,
)


@pytest.mark.parametrize(
    ("dry", "carbon", "fossil_share", "fossil", "biogenic"),
    [
        pytest.param(1.0, 0.75, 1.0, 2750.00, 0.00, id="incin_co2_plastics"),
        pytest.param(0.8, 0.5, 0.2, 293.33, 1173.33, id="incin_co2_textiles"),
        pytest.param(0.9, 0.46, 0.01, 15.18, 1502.82, id="incin_co2_paper"),
        pytest.param(0.84, 0.67, 0.2, 412.72, 1650.88, id="incin_co2_rubber_leather"),
        pytest.param(0.4, 0.7, 0.1, 102.67, 924.00, id="incin_co2_nappies"),
        pytest.param(0.4, 0.38, 0.0, 0.00, 557.33, id="incin_co2_food"),
        pytest.param(0.4, 0.49, 0.0, 0.00, 718.67, id="incin_co2_garden"),
        pytest.param(0.85, 0.5, 0.0, 0.00, 1558.33, id="incin_co2_wood"),
        pytest.param(0.9, 0.03, 1.0, 99.00, 0.00, id="incin_co2_other_inert"),
    ],
)
def test_co2_of_one_wet_tonne(
    dry: float, carbon: float, fossil_share: float, fossil: float, biogenic: float
) -> None:
    found = fossil_co2_kg_per_t(dry, carbon, fossil_share)
    assert found == pytest.approx(fossil, abs=0.01)
    found = biogenic_co2_kg_per_t(dry, carbon, fossil_share)
    assert found == pytest.approx(biogenic, abs=0.01)


def test_unburnt_carbon_is_no_co2() -> None:
    """Open burning oxidises 58 %: 0.58 x 2750 = 1595 kg."""
    assert fossil_co2_kg_per_t(1.0, 0.75, 1.0, 0.58) == pytest.approx(1595.0)


def test_heat_and_electricity() -> None:
    """200 t of 9 MJ/kg hold 1,800 GJ; 27 % of it is 135,000 kWh, 15 % own use."""
    assert heat_gj(200, 9.0) == pytest.approx(1800)
    gross = electricity_kwh(200, 9.0, 0.27)
    assert gross == pytest.approx(135_000)
    assert net_of_own_use(gross, 0.15) == pytest.approx(114_750)


def test_published_plants_lie_in_the_usual_range() -> None:
    """Can Tho, 7.5 MW on 400 t/d: 450 kWh/t, as 7 MJ/kg at 23 % gross would give."""
    assert pytest.approx(450) == 7.5 * 24 * 1000 / 400
    assert 350 < electricity_kwh(1.0, 7.0, 0.23) < 650


@pytest.mark.parametrize(
    ("lowest", "mean", "burns"),
    [(6.0, 7.0, True), (5.9, 8.0, False), (6.5, 6.9, False)],
)
def test_support_fuel(lowest: float, mean: float, burns: bool) -> None:
    assert burns_without_support_fuel(lowest, mean) is burns


def test_rich_waste_fills_the_boiler_before_the_grate() -> None:
    """17 MJ/kg in a line for 10.6: 62 % of the tonnes; 8 MJ/kg: 110 % and no more."""
    assert burnable_t_per_y(100, 10.6, 17.0) == pytest.approx(100 * 10.6 / 17)
    assert burnable_t_per_y(100, 10.6, 10.6) == pytest.approx(100)
    assert burnable_t_per_y(100, 10.6, 8.0) == pytest.approx(110)
    assert burnable_t_per_y(100, 10.6, -1.0) == pytest.approx(110)


@given(st.floats(1, 1e6), st.floats(5, 15), st.floats(0.1, 40))
def test_neither_rating_is_exceeded(
    nameplate: float, lhv_design: float, lhv: float
) -> None:
    found = burnable_t_per_y(nameplate, lhv_design, lhv)
    assert found <= 1.1 * nameplate * (1 + 1e-12)
    assert found * lhv <= nameplate * lhv_design * (1 + 1e-12)
