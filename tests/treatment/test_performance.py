"""What a technology uses and gives per tonne, by hand."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wasteplan.treatment.performance import performance
from wasteplan.treatment.records import Technology
from wasteplan.waste.material import Material, blend
from wasteplan.waste.packaged import packaged_table

WET = "tropical_moist_wet"
TABLE = packaged_table()


def mix(**parts: tuple[float, float]) -> Material:
    mass, water = np.zeros(len(TABLE.ids)), np.zeros(len(TABLE.ids))
    for name, (share, wet) in parts.items():
        mass[TABLE.index[name]], water[TABLE.index[name]] = share, wet
    return Material(mass, water)


def test_a_burner_on_cotton() -> None:
    """Dry cotton of 16.37 MJ/kg at 18 %: 16,370 x 0.18 / 3.6 = 818.5 kWh, 20 used."""
    burner = Technology(
        id="wte",
        kind="combustion",
        efficiency_electric_net=0.18,
        electricity_kwh_per_t=20,
    )
    found = performance(burner, mix(textile_cotton=(1.0, 0.0)), TABLE, WET)
    assert found.heat_mj_per_t == pytest.approx(16_370)
    assert found.electricity_kwh_per_t == pytest.approx(798.5)
    assert found.methane_committed_kg_per_t == 0.0
    assert found.airspace_m3_per_t == 0.0


def test_a_kiln_displaces_coal() -> None:
    """16.37 GJ/t x 0.9."""
    kiln = Technology(id="kiln", kind="co_processing", coal_displaced_gj_per_gj=0.9)
    found = performance(kiln, mix(textile_cotton=(1.0, 0.0)), TABLE, WET)
    assert found.coal_displaced_gj_per_t == pytest.approx(14.733)
    assert found.electricity_kwh_per_t == 0.0


def test_a_digester_digests_the_organic_part() -> None:
    """0.8 t of food x 124 m3 x 0.6 x 35.9 MJ/m3 x 0.288 / 3.6 = 170.94 kWh."""
    digester = Technology(
        id="ad",
        kind="biological",
        biogas_m3_per_t_organic=124,
        efficiency_electric_net=0.288,
    )
    found = performance(
        digester, mix(food=(0.8, 0.75), plastics=(0.2, 0.2)), TABLE, WET
    )
    assert found.biogas_m3_per_t == pytest.approx(99.2)
    assert found.electricity_kwh_per_t == pytest.approx(170.94, abs=0.01)


def test_a_landfill_with_gas_engines() -> None:
    """148.0316 kg of methane per t of dry cotton: half captured, 90 % of it to engines.

    Emitted 74.0158 x 0.9 = 66.6142 kg after oxidation; engines burn 66.6142 kg of
    35.9 / 0.714 = 50.2801 MJ/kg at 36.5 %: 339.59 kWh. Airspace 1.15 / 0.85.
    """
    landfill = Technology(
        id="landfill",
        kind="disposal",
        compaction_t_per_m3=0.85,
        cover_share=0.15,
        methane_correction=1.0,
        gas_capture=0.5,
        gas_to_engine=0.9,
        oxidation=0.1,
        efficiency_electric_net=0.365,
    )
    found = performance(landfill, mix(textile_cotton=(1.0, 0.0)), TABLE, WET)
    assert found.methane_committed_kg_per_t == pytest.approx(66.6142, abs=1e-3)
    assert found.methane_captured_kg_per_t == pytest.approx(74.0158, abs=1e-3)
    assert found.electricity_kwh_per_t == pytest.approx(339.59, abs=0.01)
    assert found.airspace_m3_per_t == pytest.approx(1.15 / 0.85)


def test_unknown_heat_is_unknown_electricity_but_only_where_it_is_needed() -> None:
    burner = Technology(id="wte", kind="combustion", efficiency_electric_net=0.2)
    sorter = Technology(id="sort", kind="sorting", electricity_kwh_per_t=25)
    unknown = mix(compost=(1.0, 0.45))
    assert math.isnan(performance(burner, unknown, TABLE, WET).electricity_kwh_per_t)
    found = performance(sorter, unknown, TABLE, WET)
    assert math.isnan(found.heat_mj_per_t)
    assert found.electricity_kwh_per_t == -25
    assert found.coal_displaced_gj_per_t == 0.0


@given(st.floats(0, 1), st.sampled_from(["combustion", "disposal", "biological"]))
def test_a_blend_performs_as_the_mean_of_its_parts(share: float, kind: str) -> None:
    technology = Technology(
        id="t",
        kind=kind,  # type: ignore[arg-type]
        efficiency_electric_net=0.3,
        biogas_m3_per_t_organic=100,
        gas_capture=0.4,
        gas_to_engine=1.0,
        compaction_t_per_m3=0.8,
    )
    one, other = mix(food=(1.0, 0.7)), mix(paper=(0.6, 0.1), plastics=(0.4, 0.0))
    mixed = performance(technology, blend([one, other], [share, 1 - share]), TABLE, WET)
    parts = [performance(technology, m, TABLE, WET) for m in (one, other)]
    for name in vars(mixed):
        expected = share * getattr(parts[0], name)
        expected += (1 - share) * getattr(parts[1], name)
        assert getattr(mixed, name) == pytest.approx(expected, rel=1e-9, abs=1e-9)
