"""The life of a deposit by its age, against closed forms and by hand."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wasteplan.treatment.element_balance import ELEMENTS, landfill_balance
from wasteplan.treatment.landfill import (
    SHARES,
    gas_steps,
    leachate,
    packaged_phases,
    phases_of,
    steps,
)
from wasteplan.treatment.performance import performance
from wasteplan.treatment.records import LandfillPhase, PhaseQuantity, Technology
from wasteplan.waste.material import Material
from wasteplan.waste.packaged import packaged_table

WET = "tropical_moist_wet"
TABLE = packaged_table()
K = 0.4  # food in the wet tropics


def mix(**parts: float) -> Material:
    """Fractions at 60 % water."""
    mass, water = np.zeros(len(TABLE.ids)), np.zeros(len(TABLE.ids))
    for name, share in parts.items():
        mass[TABLE.index[name]], water[TABLE.index[name]] = share, 0.6
    return Material(mass, water)


def rows(quantity: PhaseQuantity, **values: float) -> list[LandfillPhase]:
    """`y2=0.5`: 0.5 from the second year on."""
    return [
        LandfillPhase(phases="mine", quantity=quantity, from_y=float(y[1:]), value=v)
        for y, v in values.items()
    ]


def tip(**cells: object) -> Technology:
    plain = {"compaction_t_per_m3": 0.8, "cover_share": 0.2, "methane_correction": 1.0}
    return Technology(id="tip", kind="disposal", **(plain | cells))  # type: ignore[arg-type]


def test_three_steps_of_capture_and_two_of_oxidation_in_closed_form() -> None:
    """None to age 2, half to 5, 0.8 after; a tenth oxidised to 5, 0.35 after.

    Food makes L0 = 1000 x 0.4 x DOC 0.38 x 0.5 x 0.5 x 16/12 kg/t, e^-0.4x of it later.
    """
    phases = rows("gas_capture", y2=0.5, y5=0.8) + rows("oxidation", y0=0.1, y5=0.35)
    found = performance(tip(), mix(food=1.0), TABLE, WET, phases=phases)
    doc = TABLE.values["doc_dry"][TABLE.index["food"]]
    whole = 1000 * 0.4 * doc * 0.5 * 0.5 * 16 / 12
    e = [math.exp(-K * age) for age in (0, 2, 5, 100)]
    formed = [whole * (a - b) for a, b in itertools.pairwise(e)]
    captured = 0.5 * formed[1] + 0.8 * formed[2]
    emitted = 0.9 * formed[0] + 0.9 * 0.5 * formed[1] + 0.65 * 0.2 * formed[2]
    assert found.methane_captured_kg_per_t == pytest.approx(captured, rel=1e-12)
    assert found.methane_committed_kg_per_t == pytest.approx(emitted, rel=1e-12)


def test_one_step_is_the_columns_of_the_technology() -> None:
    """Phases that say what gas_capture, its span and oxidation say change nothing."""
    columns = tip(
        gas_capture=0.6, gas_capture_from_y=2, gas_capture_until_y=12, oxidation=0.1
    )
    phases = rows("gas_capture", y2=0.6, y12=0.0)
    with_phases = performance(
        tip(oxidation=0.1), mix(food=0.5, wood=0.5), TABLE, WET, phases=phases
    )
    without = performance(columns, mix(food=0.5, wood=0.5), TABLE, WET)
    for name, value in vars(without).items():
        assert getattr(with_phases, name) == pytest.approx(value, rel=1e-12), name
    assert [s.capture for s in gas_steps(columns)] == [0.0, 0.6, 0.0]


def test_capture_later_catches_less_of_what_rots_soon() -> None:
    """Wells from age 5 on miss 1 - e^-2 of the gas of food, 1 - e^-0.175 of wood."""
    late = rows("gas_capture", y5=1.0)
    for fraction, rate in (("food", 0.4), ("wood", 0.035)):
        found = performance(tip(), mix(**{fraction: 1.0}), TABLE, WET, phases=late)
        whole = found.methane_captured_kg_per_t + found.methane_committed_kg_per_t
        missed = -math.expm1(-5 * rate) / -math.expm1(-100 * rate)
        assert found.methane_committed_kg_per_t / whole == pytest.approx(missed)


def test_leachate_by_hand() -> None:
    """1.5 m3 of ground per t / 15 m = 0.1 m2; 2 m of rain: 0.2 m3/y.

    0.25 of it for 4 years, 0.1 for 16, nothing later: 0.2 + 0.32 = 0.52 m3.  BOD 10
    then 1 kg/m3 from age 4: 2.32 kg, 0.998 collected, 0.97 of that removed.
    COD 20 for all ages: 10.4 kg.
    """
    phases = (
        rows("rain_share", y0=0.25, y4=0.1, y20=0.0)
        + rows("bod_kg_per_m3", y0=10.0, y4=1.0)
        + rows("cod_kg_per_m3", y0=20.0)
    )
    found = leachate(tip(waste_height_m=15.0), phases, 2000.0, 1.5)
    removed = 2.32 * 0.998 * 0.97
    assert found.m3 == pytest.approx(0.52)
    assert found.collected_m3 == pytest.approx(0.52 * 0.998)
    assert found.bod_removed_kg == pytest.approx(removed)
    assert found.treatment_kwh == pytest.approx(removed * 1.00107)
    assert found.cod_kg == pytest.approx(10.4 * (1 - 0.998 * 0.8))
    assert found.nitrogen_kg == 0.0


def test_leachate_costs_a_landfill_electricity_and_a_dump_none() -> None:
    phases = [p for p in packaged_phases() if p.phases == "us_typical"]
    lined = tip(waste_height_m=15.0, electricity_kwh_per_t=2.0)
    dump = tip(waste_height_m=15.0, leachate_collected=0.0)
    treated = performance(
        lined, mix(food=1.0), TABLE, WET, phases=phases, rain_mm_per_y=1400.0
    )
    open_ = performance(
        dump, mix(food=1.0), TABLE, WET, phases=phases, rain_mm_per_y=1400.0
    )
    assert treated.electricity_kwh_per_t < -2.0
    assert open_.electricity_kwh_per_t == 0.0
    assert treated.leachate_m3_per_t == open_.leachate_m3_per_t > 0
    assert open_.cod_kg_per_t == pytest.approx(
        treated.cod_kg_per_t / (1 - 0.998 * 0.8), rel=1e-12
    )


def test_no_rain_no_height_or_no_phases_no_leachate() -> None:
    phases = rows("rain_share", y0=0.2)
    assert leachate(tip(waste_height_m=10.0), phases, None, 1.5).m3 == 0.0
    assert leachate(tip(), phases, 1000.0, 1.5).m3 == 0.0
    assert leachate(tip(waste_height_m=10.0), (), 1000.0, 1.5).m3 == 0.0
    burner = Technology(id="wte", kind="combustion", efficiency_electric_net=0.2)
    found = performance(
        burner, mix(food=1.0), TABLE, WET, phases=phases, rain_mm_per_y=1000.0
    )
    assert found.leachate_m3_per_t == 0.0


def test_the_packaged_phases_are_sound() -> None:
    """Shares within 0 and 1, ages in order, a source and a status each."""
    names = {p.phases for p in packaged_phases()}
    assert names == {"us_typical", "us_best", "us_worst", "us_california"}
    assert all(p.value <= 1 for p in packaged_phases() if p.quantity in SHARES)
    assert all(p.source and p.status for p in packaged_phases())
    for name in names:
        found = phases_of(tip(landfill_phases=name))
        covered = steps(found, "gas_capture")
        assert covered is not None
        assert max(s.value for s in covered) == 0.9
        assert covered[-1].value == 0.0  # flares are shut off
    with pytest.raises(KeyError, match="us_typical"):
        phases_of(tip(landfill_phases="us_typicl"))


@given(
    st.lists(st.floats(0.01, 1), min_size=3, max_size=3),
    st.floats(200, 4000),
    st.floats(5, 60),
)
def test_elements_of_a_deposit_with_leachate_close(
    shares: list[float], rain: float, height: float
) -> None:
    """Gas, leachate and what is kept are what went in, element by element."""
    weight = np.array(shares) / sum(shares)
    waste = mix(food=weight[0], paper=weight[1], garden=weight[2])
    landfill = tip(landfill_phases="us_typical", waste_height_m=height)
    phases = phases_of(landfill)
    found = landfill_balance(
        landfill, waste, TABLE, WET, phases=phases, rain_mm_per_y=rain
    )
    known = ~np.isnan(found.into)
    assert np.abs(found.error[known]).max() < 1e-9
    nitrogen = ELEMENTS.index("nitrogen")
    assert known[nitrogen]
    leached = found.out[found.outputs.index("leachate"), nitrogen]
    water = leachate(landfill, phases, rain, 1.5)
    there = found.into[nitrogen]
    assert leached == pytest.approx(min(water.nitrogen_leached_kg, there))
    assert water.nitrogen_kg < water.nitrogen_leached_kg
    known[ELEMENTS.index("rest")] = False  # may be below zero
    assert (found.out[:, known] >= -1e-12).all()


def test_leachate_takes_no_more_nitrogen_than_there_is() -> None:
    """Polyethylene has none: none is leached, though as much water runs through."""
    landfill = tip(landfill_phases="us_typical", waste_height_m=10.0)
    phases = phases_of(landfill)
    done = performance(
        landfill, mix(polymer_polyethylene=1.0), TABLE, WET, "ipcc2006", phases, 1500.0
    )
    food = performance(landfill, mix(food=1.0), TABLE, WET, "ipcc2006", phases, 1500.0)
    assert done.leachate_m3_per_t == food.leachate_m3_per_t > 0
    assert done.nitrogen_kg_per_t == 0 < food.nitrogen_kg_per_t


def test_gas_of_landgem_is_in_no_carbon_balance() -> None:
    """LandGEM's gas can hold more carbon than the waste: unknown, never negative."""
    found = landfill_balance(tip(), mix(food=1.0), TABLE, WET, "landgem_caa")
    assert np.isnan(found.out[:, :2]).all()
    assert found.out[-1, ELEMENTS.index("nitrogen")] == found.into[4] > 0
