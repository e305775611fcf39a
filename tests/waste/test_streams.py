"""From composition rows to a material: the Phnom Penh case, mixes, calibration."""

import math

import numpy as np
import pytest

from wasteplan.errors import ScenarioError
from wasteplan.waste.material import (
    degradable_carbon,
    fossil_carbon,
    lhv_mj_per_kg,
    moisture,
    total_carbon,
)
from wasteplan.waste.packaged import packaged_table
from wasteplan.waste.records import CompositionShare, Stream
from wasteplan.waste.streams import calibration, stream_material

PHNOM_PENH = {
    "food": 0.492,
    "plastics": 0.211,
    "paper": 0.09,
    "textiles": 0.03,
    "garden": 0.06,
    "wood": 0.02,
    "rubber_leather": 0.01,
    "nappies": 0.02,
    "glass": 0.017,
    "metal": 0.01,
    "other_inert": 0.04,
}


def rows(within: str = "", of: str = "s", /, **parts: float) -> list[CompositionShare]:
    return [
        CompositionShare(stream=of, fraction=f, share=share, within=within)
        for f, share in parts.items()
    ]


def test_lhv_phnom_penh_with_the_moisture_of_mixed_tropical_waste() -> None:
    """Model 8.39 MJ/kg, measured 7.77: inside 7.0 to 9.0."""
    table = packaged_table()
    material = stream_material(Stream(id="s"), rows(**PHNOM_PENH), table)
    assert lhv_mj_per_kg(material, table) == pytest.approx(8.39, abs=0.005)


def test_lhv_phnom_penh_with_ipcc_moisture_is_far_too_high() -> None:
    """The published 11.97 MJ/kg takes 2.442 MJ/kg for evaporation; here it is 2.443."""
    table = packaged_table()
    stream = Stream(id="s", moisture_basis="ipcc")
    material = stream_material(stream, rows(**PHNOM_PENH), table)
    as_published = lhv_mj_per_kg(material, table) + 0.001 * moisture(material)
    assert round(as_published, 2) == 11.97


def test_one_factor_on_moisture_meets_the_measurement() -> None:
    table = packaged_table()
    free = stream_material(Stream(id="s"), rows(**PHNOM_PENH), table)
    stream = Stream(id="s", lhv_measured_mj_per_kg=7.77)
    met = stream_material(stream, rows(**PHNOM_PENH), table)
    found = calibration(stream, free, table)

    assert lhv_mj_per_kg(met, table) == pytest.approx(7.77, abs=1e-9)
    assert found.lhv_before_mj_per_kg == pytest.approx(8.39, abs=0.005)
    there = free.mass > 0
    np.testing.assert_allclose(
        met.water[there] / free.water[there], found.moisture_factor
    )
    assert 1.0 < found.moisture_factor < 1.1
    np.testing.assert_array_equal(met.mass, free.mass)


@pytest.mark.parametrize("measured", [1.0, 25.0])
def test_a_measurement_out_of_reach_is_explained(measured: float) -> None:
    """Neither bone dry nor at 95 % water can this mix give 25 or 1 MJ/kg."""
    stream = Stream(id="s", lhv_measured_mj_per_kg=measured)
    with pytest.raises(ScenarioError, match="cannot be met by moisture alone"):
        stream_material(stream, rows(**PHNOM_PENH), packaged_table())


def test_calibration_needs_known_properties() -> None:
    stream = Stream(id="s", lhv_measured_mj_per_kg=10.0)
    with pytest.raises(ScenarioError, match="compost is unknown"):
        stream_material(stream, rows(food=0.5, compost=0.5), packaged_table())


def test_a_fibre_mix_is_of_dry_mass_at_the_moisture_of_the_cloth() -> None:
    """0.8 t of cloth at 9 % water as 65/35: 0.52 and 0.28 t, each with 9 % water."""
    table = packaged_table()
    stream = Stream(id="s", moisture_basis="dry_industrial")
    composition = [
        *rows(textiles=0.8, paper=0.2),
        *rows("textiles", textile_polyester=0.65, textile_cotton=0.35),
    ]
    material = stream_material(stream, composition, table)
    index = table.index

    assert material.mass[index["textiles"]] == 0.0
    assert material.mass[index["textile_polyester"]] == pytest.approx(0.52)
    assert material.mass[index["textile_cotton"]] == pytest.approx(0.28)
    assert material.water[index["textile_cotton"]] == pytest.approx(0.09)
    assert material.mass.sum() == pytest.approx(1.0, abs=1e-12)


def test_polyester_neither_rots_nor_turns_biogenic() -> None:
    """The 65/35 cloth as a stream: 72.31 % of carbon is fossil, only cotton rots."""
    table = packaged_table()
    composition = [
        *rows(textiles=1.0),
        *rows("textiles", textile_polyester=0.65, textile_cotton=0.35),
    ]
    stream = Stream(id="s", moisture_basis="dry_industrial")
    material = stream_material(stream, composition, table)
    dry = 1 - moisture(material)

    fossil = fossil_carbon(material, table)
    assert fossil / total_carbon(material, table) == pytest.approx(0.7231, abs=1e-4)
    assert 1000 * fossil / dry * 44 / 12 == pytest.approx(1489.6, rel=1e-4)
    assert degradable_carbon(material, table) / dry == pytest.approx(0.35 * 0.4445)


def test_a_stated_moisture_goes_before_the_basis() -> None:
    row = CompositionShare(stream="s", fraction="food", share=1.0, moisture=0.6)
    material = stream_material(Stream(id="s"), [row], packaged_table())
    assert moisture(material) == 0.6


def test_moisture_without_a_row_is_unknown() -> None:
    table = packaged_table()
    composition = rows(compost=0.0, polymer_pvc=1.0)
    known = stream_material(Stream(id="s"), composition, table)
    assert moisture(known) == 0.22  # that of plastics, its parent
    unknown = table.values["moisture_tropical_mixed"].copy()
    unknown[table.index["polymer_pvc"]] = math.nan
    values = {**table.values, "moisture_tropical_mixed": unknown}
    without = type(table)(
        table.ids, table.index, table.parent, values, table.decay_class
    )
    assert math.isnan(moisture(stream_material(Stream(id="s"), composition, without)))


@pytest.mark.parametrize(
    ("composition", "message"),
    [
        (rows(food=0.5, paper=0.4), "sum to 0.9, not 1"),
        (rows(foot=1.0), "no fraction 'foot'.*'food'"),
        (
            [*rows(food=1.0), *rows("textiles", textile_cotton=1.0)],
            "no 'textiles' to be mixed within",
        ),
        (
            [*rows(textiles=1.0), *rows("textiles", textile_cotton=0.5)],
            "within 'textiles' of 's' sum to 0.5",
        ),
        (
            [
                *rows(textiles=1.0),
                CompositionShare(
                    stream="s",
                    fraction="textile_cotton",
                    share=1.0,
                    within="textiles",
                    moisture=0.1,
                ),
            ],
            "moisture belongs to 'textiles'",
        ),
    ],
)
def test_mistakes_are_named(composition: list[CompositionShare], message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        stream_material(Stream(id="s"), composition, packaged_table())


def test_rows_of_other_streams_are_passed_over() -> None:
    composition = [*rows(food=1.0), *rows("", "other", paper=1.0)]
    material = stream_material(Stream(id="s"), composition, packaged_table())
    assert material.mass[packaged_table().index["food"]] == 1.0
