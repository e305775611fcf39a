"""Every element that goes into a process comes out of it, for random compositions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_catalogue_conversions import CONVERTING, PREPARED, TABLE, mix, takes

from wasteplan.treatment.conversion import outputs
from wasteplan.treatment.element_balance import (
    ELEMENTS,
    biogas_carbon_kg_per_t,
    element_balance,
    elements_of,
    landfill_balance,
)
from wasteplan.treatment.records import Technology
from wasteplan.waste.material import (
    Material,
    biogenic_carbon,
    chlorine,
    fossil_carbon,
    sulphur,
)

SOLID_KEYS = tuple(k for k in CONVERTING if not k.startswith("cetp"))
KEEPS_FRACTIONS = ("mrf_clean", "mrf_dirty", "textile_sorting", "plastic_recycling")
WET = "tropical_moist_wet"


@st.composite
def fed(draw: st.DrawFn, keys: tuple[str, ...]) -> tuple[str, Material]:
    key = draw(st.sampled_from(keys))
    names = draw(st.lists(st.sampled_from(takes(key)), min_size=1, max_size=6))
    parts = {
        name: (draw(st.floats(0.01, 1.0)), draw(st.floats(0.0, 0.9))) for name in names
    }
    return key, mix(parts)


@settings(max_examples=150, deadline=None)
@given(fed(SOLID_KEYS))
def test_every_element_is_somewhere(pair: tuple[str, Material]) -> None:
    key, material = pair
    found = element_balance(PREPARED[key], material, TABLE)
    known = ~np.isnan(found.into)
    assert known[[ELEMENTS.index("ash"), ELEMENTS.index("water")]].all()
    np.testing.assert_allclose(found.error[known], 0.0, atol=1e-9)
    assert np.isnan(found.out.sum(axis=0)[~known]).all()
    assert (found.out[:, :-1][:, known[:-1]] >= -1e-9).all()


@settings(max_examples=100, deadline=None)
@given(fed(SOLID_KEYS))
def test_elements_of_a_product_add_to_its_mass(pair: tuple[str, Material]) -> None:
    """Against the conversion, which knows nothing of elements."""
    key, material = pair
    found = element_balance(PREPARED[key], material, TABLE)
    masses = outputs(PREPARED[key], material, TABLE)
    for name, row in zip(found.outputs, found.out, strict=True):
        mass = 1000.0 * masses[name][0] if name in masses else 0.0
        if not np.isnan(row).any():
            assert row.sum() == pytest.approx(mass, abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(fed(KEEPS_FRACTIONS))
def test_sorted_products_hold_what_their_fractions_hold(
    pair: tuple[str, Material],
) -> None:
    """Mixing the fractions of a product gives the elements that the balance sent."""
    key, material = pair
    found = element_balance(PREPARED[key], material, TABLE)
    made = outputs(PREPARED[key], material, TABLE)
    of = {
        "carbon_fossil": fossil_carbon,
        "carbon_biogenic": biogenic_carbon,
        "sulphur": sulphur,
        "chlorine": chlorine,
    }
    for name, row in zip(found.outputs, found.out, strict=True):
        share, what = made.get(name, (0.0, None))
        if what is None or PREPARED[key].target[found.outputs.index(name)] is not None:
            continue
        for element, content in of.items():
            expected = 1000.0 * share * content(what, TABLE)
            sent = row[ELEMENTS.index(element)]
            assert sent == pytest.approx(expected, rel=1e-3, abs=1e-6, nan_ok=True)


def test_a_dry_tonne_of_polyester_in_a_burner_by_hand() -> None:
    """625 kg C, all fossil, 41.96 kg H, 333 kg O; all but the unburnt share is gas."""
    material = mix({"textile_polyester": (1.0, 0.0)})
    balance = element_balance(PREPARED["mass_burn_wte"], material, TABLE)
    table = balance.table()
    assert table.loc["in", "carbon_fossil"] == pytest.approx(625.0)
    assert table.loc["in", "hydrogen"] == pytest.approx(41.96)
    assert table.loc["in", "oxygen"] == pytest.approx(333.0)
    assert table.loc["in", "carbon_biogenic"] == 0.0
    burnt = PREPARED["mass_burn_wte"].component["combustible"]
    gas = balance.outputs.index("combustion_gas")
    share = burnt[TABLE.index["textile_polyester"], gas]
    assert table.loc["combustion_gas", "carbon_fossil"] == pytest.approx(625 * share)
    assert table.loc["combustion_gas", "ash"] == 0.0
    assert table.loc["bottom_ash", "ash"] > 0.0


def test_a_gas_holds_no_ash() -> None:
    for key, gas in (
        ("composting_windrow", "degradation_gas"),
        ("anaerobic_digestion", "biogas"),
    ):
        material = mix({"food": (1.0, 0.6)})
        table = element_balance(PREPARED[key], material, TABLE).table()
        assert table.loc[gas, "ash"] == 0.0
        assert table.loc[gas, "carbon_biogenic"] > 0.0


def test_the_biogas_that_is_sold_holds_less_carbon_than_the_balance_sends() -> None:
    """Two numbers of two sources: volume per tonne, and dry matter that is digested."""
    digester = Technology(id="d", kind="biological", biogas_m3_per_t_organic=123.975)
    material = mix({"food": (1.0, 0.75)})
    carbon = biogas_carbon_kg_per_t(digester, material, TABLE, WET)
    assert carbon == pytest.approx(66.37, abs=0.01)
    assert carbon < elements_of(material, TABLE).sum(axis=0)[1]


def test_a_landfill_keeps_what_does_not_rot() -> None:
    """Dry cotton: 444.5 kg C, half decomposes, all but exp(-7) of it in 100 years."""
    tip = Technology(id="tip", kind="disposal", methane_correction=1.0)
    cotton = mix({"textile_cotton": (1.0, 0.0)})
    table = landfill_balance(tip, cotton, TABLE, WET).table()
    gone = 444.5 * 0.5 * -np.expm1(-7.0)
    assert table.loc["landfill_gas", "carbon_biogenic"] == pytest.approx(gone)
    assert table.loc["kept", "carbon_biogenic"] == pytest.approx(444.5 - gone)
    assert table.loc["in less out"].abs().max() < 1e-9
    polyester = mix({"textile_polyester": (1.0, 0.0)})
    kept = landfill_balance(tip, polyester, TABLE, WET).table()
    assert kept.loc["landfill_gas"].sum() == 0.0
