"""Heating values against published correlations and measurements."""

import pytest

from wasteplan.waste.heating_value import (
    heating_value_khan_abu_ghararah,
    hhv_channiwala_parikh,
    hhv_dulong,
    lhv_as_received,
    lhv_from_hhv,
)


@pytest.mark.parametrize(
    ("carbon", "hydrogen", "oxygen", "expected"),
    [
        pytest.param(0.8563, 0.1437, 0.0, 49.747, id="dulong_pe"),
        pytest.param(0.6250, 0.0420, 0.3330, 21.212, id="dulong_pet"),
        pytest.param(0.4445, 0.0622, 0.4934, 15.121, id="dulong_cellulose"),
    ],
)
def test_dulong(carbon: float, hydrogen: float, oxygen: float, expected: float) -> None:
    assert hhv_dulong(carbon, hydrogen, oxygen) == pytest.approx(expected, rel=1e-3)


def test_channiwala_cellulose() -> None:
    found = hhv_channiwala_parikh(0.4445, 0.0622, 0.4934)
    assert found == pytest.approx(17.740, rel=1e-3)


def test_channiwala_counts_every_element() -> None:
    """1 % of nitrogen, sulphur and ash: -0.0151 + 0.1005 - 0.0211 = 0.0643 MJ/kg."""
    without = hhv_channiwala_parikh(0.5, 0.06, 0.4)
    with_them = hhv_channiwala_parikh(0.5, 0.06, 0.4, 0.01, 0.01, 0.01)
    assert with_them - without == pytest.approx(0.0643, abs=1e-12)


def test_khan_abu_gharah() -> None:
    """0.051 (20 + 3.6 x 40) + 0.352 x 8 = 8.364 + 2.816 = 11.180 MJ/kg."""
    found = heating_value_khan_abu_ghararah(0.20, 0.40, 0.08)
    assert found == pytest.approx(11.180, abs=1e-6)


def test_lhv_consistency_with_the_phnom_penh_measurement() -> None:
    """HHV 10.03 less 2.443 x (9 x 0.07 x 0.3589 + 0.6092) is 7.99; published 7.77."""
    found = lhv_from_hhv(10.03, 0.07 * 0.3589, 0.6092)
    assert found == pytest.approx(7.99, abs=0.005)
    assert found == pytest.approx(7.77, abs=0.3)


def test_pure_water_takes_its_heat_of_evaporation() -> None:
    assert lhv_as_received(20.0, moisture=1.0) == -2.443
    assert lhv_as_received(20.0, moisture=0.0) == 20.0
