"""First-order decay against published and closed-form series."""

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wasteplan.treatment.decay import (
    CLIMATES,
    committed_methane_kg_per_t,
    decay_rate_per_y,
    methane_after_deposit,
    methane_by_year,
    methane_of_material,
    methane_potential_t_per_t,
)
from wasteplan.treatment.gas import parameter
from wasteplan.treatment.landgem import landgem_methane_m3_per_y
from wasteplan.waste.material import FractionTable, Material
from wasteplan.waste.packaged import packaged_table

WET = "tropical_moist_wet"
# IPCC default degradable carbon of wet waste, and the decay class
IPCC = {
    "food": (0.15, "food"),
    "garden": (0.20, "garden"),
    "paper": (0.40, "paper_textiles"),
    "wood": (0.43, "wood_straw"),
    "textiles": (0.24, "paper_textiles"),
    "nappies": (0.24, "garden"),
}


@pytest.mark.parametrize(
    ("waste", "potential", "series"),
    [
        pytest.param(
            "food",
            50.0,
            [16.4840, 11.0496, 3.3281, 0.4504, 0.0082],
            id="fod_single_food",
        ),
        pytest.param(
            "garden",
            66.6667,
            [10.4223, 8.7930, 5.2801, 2.2568, 0.4123],
            id="fod_single_garden",
        ),
        pytest.param(
            "paper",
            133.3333,
            [9.0142, 8.4047, 6.8128, 4.8009, 2.3840],
            id="fod_single_paper",
        ),
        pytest.param(
            "wood",
            143.3333,
            [4.9299, 4.7603, 4.2858, 3.5978, 2.5353],
            id="fod_single_wood",
        ),
        pytest.param(
            "textiles",
            80.0,
            [5.4085, 5.0428, 4.0877, 2.8805, 1.4304],
            id="fod_single_textiles",
        ),
        pytest.param(
            "nappies",
            80.0,
            [12.5068, 10.5516, 6.3362, 2.7082, 0.4947],
            id="fod_single_nappies",
        ),
    ],
)
def test_one_deposit_of_1000_t(
    waste: str, potential: float, series: list[float]
) -> None:
    carbon, decay_class = IPCC[waste]
    made = 1000 * methane_potential_t_per_t(carbon, 0.5)
    rate = decay_rate_per_y(decay_class, WET)

    assert made == pytest.approx(potential, abs=1e-4)
    found = methane_after_deposit(made, rate, [1, 2, 5, 10, 20])
    np.testing.assert_allclose(found, series, atol=1e-4)


def test_fod_mixed_unmanaged() -> None:
    """100 kt/y for 20 years in a deep dump (MCF 0.8), rest of the mix inert."""
    mix = {
        "food": 0.50,
        "garden": 0.06,
        "paper": 0.09,
        "wood": 0.02,
        "textiles": 0.03,
        "nappies": 0.02,
    }
    years = [1, 5, 10, 20, 21, 30, 40, 60]
    total = np.zeros(len(years))
    for waste, share in mix.items():
        carbon, decay_class = IPCC[waste]
        total += methane_by_year(
            dict.fromkeys(range(20), 100000.0 * share),
            methane_potential_t_per_t(carbon, 0.5, methane_correction=0.8),
            decay_rate_per_y(decay_class, WET),
            years,
        )
    expected = [
        815.168,
        2362.865,
        2977.185,
        3415.748,
        2626.261,
        628.082,
        286.480,
        81.730,
    ]
    np.testing.assert_allclose(total, expected, atol=1e-3)


@pytest.mark.parametrize(
    ("rate", "potential", "expected"),
    [
        pytest.param(
            0.05,
            170.0,
            [827028.8, 3750993.6, 6672270.3, 4046936.5, 2454591.1],
            id="landgem_caa_conventional",
        ),
        pytest.param(
            0.04,
            100.0,
            [391321.9, 1809069.5, 3290210.3, 2205493.9, 1478386.8],
            id="landgem_inventory_conventional",
        ),
    ],
)
def test_landgem(rate: float, potential: float, expected: list[float]) -> None:
    found = [
        landgem_methane_m3_per_y(100_000, 10, rate, potential, year)
        for year in (1, 5, 10, 20, 30)
    ]
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def one(table: FractionTable, fraction: str, moisture: float) -> Material:
    mass, water = np.zeros(len(table.ids)), np.zeros(len(table.ids))
    mass[table.index[fraction]] = 1.0
    water[table.index[fraction]] = moisture
    return Material(mass, water)


def test_committed_methane_of_dry_cotton_on_paper() -> None:
    """0.4445 kg C/kg all of it degradable, half decomposes, half of that is methane.

    L0 = 0.4445 x 0.5 x 0.5 x 16/12 = 0.148167 t/t; in 100 years at k = 0.07 all but
    exp(-7) = 0.0009119 of it: 148.0316 kg/t.
    """
    table = packaged_table()
    found = committed_methane_kg_per_t(
        one(table, "textile_cotton", 0.0), table, WET, 1.0
    )
    assert found == pytest.approx(148.0316, abs=1e-3)


def test_polyester_leather_and_ash_make_no_methane() -> None:
    table = packaged_table()
    for name in ("textile_polyester", "plastics", "rubber_leather", "bottom_ash"):
        material = one(table, name, 0.1)
        assert committed_methane_kg_per_t(material, table, WET, 1.0) == 0.0


def test_unknown_degradable_carbon_of_decaying_waste_is_unknown_methane() -> None:
    table = packaged_table()
    found = committed_methane_kg_per_t(one(table, "rdf", 0.2), table, WET, 1.0)
    assert math.isnan(found)


def test_an_unknown_climate_is_named() -> None:
    with pytest.raises(KeyError, match=re.escape("no climate 'tropical'")):
        decay_rate_per_y("food", "tropical")


fractions = st.sampled_from(["food", "garden", "paper", "wood", "textile_cotton"])


@given(fractions, st.floats(0, 0.9), st.sampled_from(CLIMATES), st.floats(0, 1))
def test_the_yearly_series_sums_to_what_is_committed(
    fraction: str, moisture: float, climate: str, correction: float
) -> None:
    table = packaged_table()
    material = one(table, fraction, moisture)
    years = np.arange(0.0, 101.0)
    series = methane_of_material(material, table, climate, correction, years)
    committed = committed_methane_kg_per_t(material, table, climate, correction)

    assert series.sum() == pytest.approx(committed, rel=1e-9, abs=1e-9)
    assert series[0] == 0.0
    assert (series >= 0).all()


@pytest.mark.parametrize(
    ("mode", "row"),
    [
        ("landgem_caa", "CAA conventional"),
        ("landgem_inventory", "inventory conventional"),
    ],
)
def test_landgem_mode_is_landgem_with_smaller_steps(mode: str, row: str) -> None:
    """100,000 t/y for ten years: within 0.3 % of the model's ten parts a year.

    Its parts are k / 10 exp(-k t) at the later of ten ages, the closed form is their
    limit: above them by k / 20 at most.
    """
    table = packaged_table()
    material = one(table, "paper", 0.2)
    rate, potential = parameter("landgem_k", row), parameter("landgem_l0", row)
    for year in (1, 5, 10, 20, 30):
        ages = np.array([year - y for y in range(10)], dtype=float)
        per_t = methane_of_material(material, table, WET, 1.0, ages, mode)
        m3 = 100_000 * per_t.sum() / 0.66708  # 16.043 g over 24.05 l at 20 C
        model = landgem_methane_m3_per_y(100_000, 10, rate, potential, year)
        assert m3 == pytest.approx(model, rel=rate / 20 + 1e-4)
        assert m3 > model * (1 - 1e-9)


def test_landgem_takes_inert_waste_off() -> None:
    """Half glass: half the potential, 100 m3 x 0.667 kg/m3 (20 C) of the rest."""
    table = packaged_table()
    mass, water = np.zeros(len(table.ids)), np.zeros(len(table.ids))
    mass[table.index["glass"]] = mass[table.index["plastics"]] = 0.5
    found = committed_methane_kg_per_t(
        Material(mass, water), table, WET, 1.0, guidelines="landgem_inventory"
    )
    whole = 50 * 16.043 / (8.314 * 293 / 101.3) * -math.expm1(-0.04 * 100)
    assert found == pytest.approx(whole, rel=5e-4)
