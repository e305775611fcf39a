"""Mixing on paper, unknowns, and the laws of mass, carbon and linearity."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wasteplan.errors import ScenarioError
from wasteplan.waste.material import (
    FractionTable,
    Material,
    ash,
    biogenic_carbon,
    blend,
    blend_property,
    chlorine,
    degradable_carbon,
    fossil_carbon,
    fraction_table,
    lhv_mj_per_kg,
    moisture,
    sulphur,
    total_carbon,
)
from wasteplan.waste.packaged import packaged_table
from wasteplan.waste.records import Fraction, FractionProperty

CO2_PER_C = 44 / 12


def mix(table: FractionTable, **parts: tuple[float, float]) -> Material:
    """Fraction -> (mass share, moisture)."""
    mass, water = np.zeros(len(table.ids)), np.zeros(len(table.ids))
    for name, (share, wet) in parts.items():
        mass[table.index[name]], water[table.index[name]] = share, wet
    return Material(mass, water)


def small_table() -> FractionTable:
    """Wet stuff of 20 MJ/kg dry and 10 % ash; stone that is all ash."""
    values: dict[str, dict[str, float]] = {
        "stuff": {
            "lhv_dry_mj_per_kg": 20,
            "ash_dry": 0.1,
            "carbon_dry": 0.5,
            "fossil_carbon_share": 0.2,
            "doc_dry": 0.3,
        },
        "stone": {"lhv_dry_mj_per_kg": 0, "ash_dry": 1, "carbon_dry": 0},
    }
    return fraction_table(
        [Fraction(id="stuff"), Fraction(id="stone")],
        [
            FractionProperty.model_validate({"fraction": f, "property": p, "value": v})
            for f, row in values.items()
            for p, v in row.items()
        ],
    )


def test_a_mix_on_paper() -> None:
    """0.8 t of stuff at 50 % water and 0.2 t of dry stone.

    LHV 0.8 (0.5 x 20 - 2.443 x 0.5) = 7.0228; ash 0.4 x 0.1 + 0.2 = 0.24; carbon
    0.4 x 0.5 = 0.2, of it 0.04 fossil and 0.16 biogenic; degradable 0.4 x 0.3 = 0.12.
    """
    table = small_table()
    material = mix(table, stuff=(0.8, 0.5), stone=(0.2, 0.0))

    assert moisture(material) == pytest.approx(0.4)
    assert lhv_mj_per_kg(material, table) == pytest.approx(7.0228)
    assert ash(material, table) == pytest.approx(0.24)
    assert fossil_carbon(material, table) == pytest.approx(0.04)
    assert biogenic_carbon(material, table) == pytest.approx(0.16)
    assert degradable_carbon(material, table) == pytest.approx(0.12)


def test_unknown_stays_unknown_unless_the_fraction_is_absent() -> None:
    """Chlorine of stuff is unknown, so that of any mix with it is."""
    table = small_table()
    assert math.isnan(chlorine(mix(table, stuff=(1.0, 0.5)), table))
    assert math.isnan(sulphur(mix(table, stuff=(1.0, 0.5)), table))
    wet_unknown = mix(table, stuff=(0.5, math.nan), stone=(0.5, 0.0))
    assert math.isnan(lhv_mj_per_kg(wet_unknown, table))
    only_stone = mix(table, stone=(1.0, 0.1))
    assert fossil_carbon(only_stone, table) == 0.0  # no carbon: no unknown share
    assert ash(only_stone, table) == pytest.approx(0.9)


def test_a_child_has_what_it_does_not_state_from_its_nearest_ancestor() -> None:
    table = fraction_table(
        [
            Fraction(id="shirt", parent="cotton"),
            Fraction(id="cotton", parent="cloth"),
            Fraction(id="cloth", decay_class="paper_textiles"),
        ],
        [
            FractionProperty(fraction="cloth", property="ash_dry", value=0.03),
            FractionProperty(fraction="cloth", property="carbon_dry", value=0.5),
            FractionProperty(fraction="cotton", property="carbon_dry", value=0.4445),
        ],
    )
    shirt = table.index["shirt"]
    assert table.values["ash_dry"][shirt] == 0.03
    assert table.values["carbon_dry"][shirt] == 0.4445
    assert table.decay_class[shirt] == "paper_textiles"
    assert table.ancestry("shirt") == ("shirt", "cotton", "cloth")


def test_a_circle_of_parents_is_named() -> None:
    rows = [Fraction(id="a", parent="b"), Fraction(id="b", parent="a")]
    with pytest.raises(ScenarioError, match="a -> b -> a"):
        fraction_table(rows, [])


def test_an_unknown_parent_or_fraction_is_named() -> None:
    with pytest.raises(ScenarioError, match=r"no fraction 'textile'.*'textiles'"):
        fraction_table(
            [Fraction(id="textiles"), Fraction(id="a", parent="textile")], []
        )
    row = FractionProperty(fraction="food", property="ash_dry", value=0.1)
    with pytest.raises(ScenarioError, match="no fraction 'food'"):
        fraction_table([Fraction(id="foot")], [row])


def test_fossil_blend() -> None:
    """65/35 polyester and cotton, dry.

    Carbon 0.65 x 0.625 + 0.35 x 0.4445 = 0.56183, of it 0.40625 fossil: 72.31 %, that
    is 1489.6 kg fossil CO2 per t dry in a burner; only the cotton, 0.155575, can rot.
    """
    table = packaged_table()
    dry = mix(table, textile_polyester=(0.65, 0.0), textile_cotton=(0.35, 0.0))
    fossil = fossil_carbon(dry, table)

    assert fossil / total_carbon(dry, table) == pytest.approx(0.7231, abs=1e-4)
    assert 1000 * fossil * CO2_PER_C == pytest.approx(1489.6, rel=1e-4)
    assert degradable_carbon(dry, table) == pytest.approx(0.35 * 0.4445, abs=1e-12)


def test_the_packaged_blend_is_its_fibres() -> None:
    table = packaged_table()
    fibres = mix(table, textile_polyester=(0.65, 0.09), textile_cotton=(0.35, 0.09))
    blended = mix(table, textile_blend_65pes_35co=(1.0, 0.09))
    for of in (fossil_carbon, biogenic_carbon, degradable_carbon, lhv_mj_per_kg):
        assert of(blended, table) == pytest.approx(of(fibres, table), rel=1e-4)


def test_a_blend_needs_something() -> None:
    material = mix(small_table(), stone=(1.0, 0.0))
    for tonnes in ([0.0], [-1.0], [1.0, 1.0]):
        with pytest.raises(ValueError, match="one tonnage"):
            blend([material], tonnes)


names = st.sampled_from(packaged_table().ids)
shares = st.floats(0.01, 1.0)
wetness = st.floats(0.0, 0.95)


@st.composite
def materials(draw: st.DrawFn) -> Material:
    """A random mix of up to six packaged fractions."""
    table = packaged_table()
    chosen = draw(st.lists(names, min_size=1, max_size=6, unique=True))
    amounts = [draw(shares) for _ in chosen]
    parts = {
        name: (amount / sum(amounts), draw(wetness))
        for name, amount in zip(chosen, amounts, strict=True)
    }
    return mix(table, **parts)


@given(materials())
def test_fossil_and_biogenic_make_the_total_and_degradable_is_in_biogenic(
    material: Material,
) -> None:
    table = packaged_table()
    fossil = fossil_carbon(material, table)
    biogenic = biogenic_carbon(material, table)
    total = total_carbon(material, table)
    degradable = degradable_carbon(material, table)
    if not math.isnan(fossil):
        assert fossil + biogenic == pytest.approx(total, abs=1e-12)
        if not math.isnan(degradable):
            assert degradable <= biogenic + 1e-12


@given(materials(), materials(), st.floats(0.1, 10), st.floats(0.1, 10))
def test_every_property_of_a_blend_is_the_mean_by_mass(
    one: Material, other: Material, t_one: float, t_other: float
) -> None:
    table = packaged_table()
    mixed = blend([one, other], [t_one, t_other])
    assert mixed.mass.sum() == pytest.approx(1.0, abs=1e-12)
    share = t_one / (t_one + t_other)
    for name in ("lhv_mj_per_kg", "moisture", "ash", "chlorine", "fossil_carbon"):
        expected = share * blend_property(one, table, name)
        expected += (1 - share) * blend_property(other, table, name)
        found = blend_property(mixed, table, name)
        assert found == pytest.approx(expected, abs=1e-9, nan_ok=True)
