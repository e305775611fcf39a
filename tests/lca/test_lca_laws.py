"""Laws of the inventory for random materials and technologies."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wasteplan.lca.contributions import (
    characterisation,
    characterise,
    contributions,
    inventory_matrix,
)
from wasteplan.lca.emissions import (
    co2e_kg_per_t,
    fate_emissions,
    outlet_credit,
    process_emissions,
)
from wasteplan.treatment.performance import performance
from wasteplan.treatment.records import Technology
from wasteplan.waste.material import Material, blend
from wasteplan.waste.packaged import packaged_table

TABLE = packaged_table()
KNOWN = (
    "food",
    "garden",
    "paper",
    "wood",
    "plastics",
    "glass",
    "metal",
    "textile_polyester",
    "textile_cotton",
    "sludge",
)
CLIMATE = "tropical_moist_wet"
TECHNOLOGIES = (
    Technology(id="burner", kind="combustion", efficiency_electric_net=0.22),
    Technology(id="kiln", kind="co_processing", coal_displaced_gj_per_gj=0.9),
    Technology(id="yard", kind="biological", diesel_l_per_t=3),
    Technology(
        id="digester",
        kind="biological",
        biogas_m3_per_t_organic=120,
        efficiency_electric_net=0.36,
    ),
    Technology(
        id="landfill",
        kind="disposal",
        methane_correction=1.0,
        gas_capture=0.5,
        gas_to_engine=0.5,
        efficiency_electric_net=0.36,
        oxidation=0.1,
    ),
    Technology(id="sorter", kind="sorting", electricity_kwh_per_t=30),
)


@st.composite
def materials(draw):
    weights = draw(
        st.lists(st.floats(0, 1), min_size=len(KNOWN), max_size=len(KNOWN)).filter(
            lambda w: sum(w) > 0.1
        )
    )
    wet = draw(st.lists(st.floats(0, 0.8), min_size=len(KNOWN), max_size=len(KNOWN)))
    mass, water = np.zeros(len(TABLE.ids)), np.zeros(len(TABLE.ids))
    for fraction, weight, moisture in zip(KNOWN, weights, wet, strict=True):
        mass[TABLE.index[fraction]] = weight / sum(weights)
        water[TABLE.index[fraction]] = moisture if weight > 0 else 0.0
    return Material(mass, water)


def emissions(technology, material):
    done = performance(technology, material, TABLE, CLIMATE)
    return process_emissions(
        technology, material, TABLE, done, gwp="AR6", grid_kg_co2e_per_kwh=0.5
    )


def total(found, credits=True):
    return co2e_kg_per_t(found, "AR6", credits)


@settings(max_examples=30, deadline=None)
@given(
    a=materials(),
    b=materials(),
    share=st.floats(0.01, 0.99),
    technology=st.sampled_from(TECHNOLOGIES),
)
def test_a_blend_emits_the_mean_of_its_parts(a, b, share, technology):
    mixed = total(emissions(technology, blend([a, b], [share, 1 - share])))
    parts = share * total(emissions(technology, a)) + (1 - share) * total(
        emissions(technology, b)
    )
    assert mixed == pytest.approx(parts, abs=1e-6)


@settings(max_examples=30, deadline=None)
@given(
    a=materials(),
    b=materials(),
    share=st.floats(0.01, 0.99),
    fate=st.sampled_from(["open_burning", "dumping", "kiln", "uncollected"]),
)
def test_leaked_blends_emit_the_mean_too(a, b, share, fate):
    def leaked(material):
        return total(fate_emissions(fate, material, TABLE))

    mixed = leaked(blend([a, b], [share, 1 - share]))
    assert mixed == pytest.approx(share * leaked(a) + (1 - share) * leaked(b), abs=1e-6)


@settings(max_examples=30, deadline=None)
@given(material=materials(), technology=st.sampled_from(TECHNOLOGIES))
def test_only_credits_and_coal_not_burnt_are_negative(material, technology):
    found = emissions(technology, material)
    assert total(found, credits=False) >= total(found) - 1e-9
    assert all(e.kg_per_t < 0 for e in found if e.is_credit)
    saved = [e for e in found if e.kg_per_t < 0 and not e.is_credit]
    assert not saved or technology.kind == "co_processing"
    assert {(e.stage, e.substance) for e in saved} <= {("process", "co2_fossil")}


@settings(max_examples=30, deadline=None)
@given(material=materials())
def test_selling_recyclate_never_emits(material):
    assert total(outlet_credit("recyclate", material, TABLE)) <= 0


@settings(max_examples=20, deadline=None)
@given(found=st.lists(materials(), min_size=1, max_size=4))
def test_the_matrix_product_is_the_sum_over_emissions(found):
    activities = [emissions(TECHNOLOGIES[0], m) for m in found]
    impacts = characterise(
        inventory_matrix(activities), characterisation(["AR4", "AR5", "AR6"])
    )
    assert impacts.shape == (len(found), 3)
    for row, activity in zip(impacts, activities, strict=True):
        for value, gwp in zip(row, ("AR4", "AR5", "AR6"), strict=True):
            assert value == pytest.approx(co2e_kg_per_t(activity, gwp, True))


def test_contributions_by_stage():
    """800 + 200 - 500 kg: shares of 1,500 kg of magnitudes."""
    table = pd.DataFrame(
        {
            "stage": ["process", "haul", "avoided", "process"],
            "is_credit": [False, False, True, False],
            "kg_co2e": [500.0, 200.0, -500.0, 300.0],
        }
    )
    found = contributions(table)
    assert found["stage"].tolist() == ["process", "avoided", "haul"]
    assert found["kg_co2e"].tolist() == [800.0, -500.0, 200.0]
    assert found["share"].tolist() == pytest.approx([8 / 15, 5 / 15, 2 / 15])
    direct = contributions(table, credits=False)
    assert direct["kg_co2e"].sum() == 1000.0
