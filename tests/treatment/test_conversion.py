"""Products of one tonne: by hand, at any moisture, and as laws on random cases."""

from typing import Any

import numpy as np
import pytest

from wasteplan.errors import ScenarioError
from wasteplan.treatment.conversion import Conversion, conversion, outputs
from wasteplan.treatment.records import Product, Technology, Yield
from wasteplan.waste.material import FractionTable, Material, fraction_table, moisture
from wasteplan.waste.records import Fraction, FractionProperty

TWO_CITY = {
    # fraction: (mass share, ash share when burned, share recycled at the sorting plant)
    "food": (0.15, 0.08, 0.0),
    "paper": (0.4, 0.07, 0.55),
    "plastics": (0.05, 0.05, 0.15),
    "textiles": (0.03, 0.1, 0.1),
    "rubber_leather": (0.02, 0.15, 0.0),
    "wood": (0.05, 0.02, 0.3),
    "yard": (0.18, 0.02, 0.4),
    "glass": (0.04, 1.0, 0.6),
    "ferrous": (0.02, 1.0, 0.75),
    "aluminium": (0.02, 1.0, 0.8),
    "other_metal": (0.01, 1.0, 0.5),
    "misc": (0.03, 0.7, 0.0),
}


def rows(
    technology: str,
    fraction: str,
    component: Any = "all",
    moisture: float | None = None,
    **shares: float,
) -> list[Yield]:
    return [
        Yield(
            technology=technology,
            fraction=fraction,
            component=component,
            output=output,
            share=share,
            moisture_assumed=moisture,
        )
        for output, share in shares.items()
    ]


def two_city_table() -> FractionTable:
    return fraction_table(
        [Fraction(id=name) for name in [*TWO_CITY, "residue_ash"]], []
    )


def two_city_material(table: FractionTable) -> Material:
    mass = np.zeros(len(table.ids))
    for name, (share, _, _) in TWO_CITY.items():
        mass[table.index[name]] = share
    return Material(mass, np.where(mass > 0, np.nan, 0.0))


def two_city_sorting(table: FractionTable) -> Conversion:
    made = [
        r
        for name, (_, _, recycled) in TWO_CITY.items()
        for r in rows("mrf", name, recyclate=recycled, residue=1 - recycled)
    ]
    products = [
        Product(id="recyclate", kind="recyclate"),
        Product(id="residue", kind="residue"),
    ]
    return conversion(Technology(id="mrf", kind="sorting"), made, products, table)


def two_city_burner(table: FractionTable) -> Conversion:
    made = [
        r
        for name, (_, ash_share, _) in TWO_CITY.items()
        for r in rows("wte", name, ash=ash_share, flue_gas=1 - ash_share)
    ]
    products = [
        Product(id="ash", kind="residue", fraction="residue_ash"),
        Product(id="flue_gas", kind="release"),
    ]
    return conversion(Technology(id="wte", kind="combustion"), made, products, table)


def test_two_city_composition_with_moisture_unknown() -> None:
    """Published case: 0.3775 recycled, raw ash 0.1641, ash of the residue 0.13861."""
    table = two_city_table()
    raw = two_city_material(table)

    sorted_out = outputs(two_city_sorting(table), raw, table)
    burnt = outputs(two_city_burner(table), raw, table)
    residue = solid(sorted_out, "residue")
    burnt_residue = outputs(two_city_burner(table), residue, table)

    assert sorted_out["recyclate"][0] == pytest.approx(0.3775, abs=1e-12)
    assert burnt["ash"][0] == pytest.approx(0.1641, abs=1e-12)
    assert burnt_residue["ash"][0] == pytest.approx(0.13861044176706824, abs=1e-12)
    assert burnt["flue_gas"][1] is None
    assert solid(burnt, "ash").mass[table.index["residue_ash"]] == 1.0


def small_table() -> FractionTable:
    """Wet food with 6 % ash, cloth with a child, and what comes out."""
    return fraction_table(
        [
            Fraction(id="food"),
            Fraction(id="cloth"),
            Fraction(id="cotton", parent="cloth"),
            Fraction(id="mystery"),
            Fraction(id="slag"),
            Fraction(id="water"),
        ],
        [
            FractionProperty(fraction="food", property="ash_dry", value=0.06),
            FractionProperty(fraction="cloth", property="ash_dry", value=0.03),
        ],
    )


def solid(found: dict[str, tuple[float, Material | None]], name: str) -> Material:
    """What a product is made of; it must not be a release."""
    material = found[name][1]
    assert material is not None
    return material


def mix(table: FractionTable, **parts: tuple[float, float]) -> Material:
    mass, water = np.zeros(len(table.ids)), np.zeros(len(table.ids))
    for name, (share, wet) in parts.items():
        mass[table.index[name]], water[table.index[name]] = share, wet
    return Material(mass, water)


def burner(table: FractionTable) -> Conversion:
    made = [
        *rows("wte", "any", "water", vapour=1.0),
        *rows("wte", "any", "ash", slag=0.9, dust=0.1),
        *rows("wte", "any", "combustible", flue_gas=0.99, slag=0.01),
    ]
    products = [
        Product(id="vapour", kind="release", fraction="water"),
        Product(id="flue_gas", kind="release", moisture=0.0),
        Product(id="slag", kind="residue", fraction="slag"),
        Product(id="dust", kind="residue", fraction="slag"),
    ]
    return conversion(Technology(id="wte", kind="combustion"), made, products, table)


def test_components_hold_at_any_moisture() -> None:
    """Food at 80 % water: 0.2 t dry with 0.012 ash and 0.188 combustible.

    Slag 0.9 x 0.012 + 0.01 x 0.188 = 0.01268, dust 0.0012, gas 0.18612, vapour 0.8.
    """
    table = small_table()
    found = outputs(burner(table), mix(table, food=(1.0, 0.8)), table)

    assert found["slag"][0] == pytest.approx(0.01268)
    assert found["dust"][0] == pytest.approx(0.0012)
    assert found["flue_gas"][0] == pytest.approx(0.18612)
    assert found["vapour"] == (pytest.approx(0.8), None)
    assert moisture(solid(found, "slag")) == 0.0  # dry, without quench water


def test_ash_of_textiles_is_their_own_not_a_flat_share() -> None:
    """0.09 of water and 3 % ash of the rest: 36 kg of residue a tonne, not 255 kg."""
    table = small_table()
    found = outputs(burner(table), mix(table, cotton=(1.0, 0.09)), table)
    ash_kg = 0.91 * 0.03
    assert found["slag"][0] + found["dust"][0] == pytest.approx(
        ash_kg + 0.01 * (0.91 - ash_kg)
    )


def fuel_plant(table: FractionTable) -> Conversion:
    made = rows("plant", "food", moisture=0.75, fuel=0.0375, vapour=0.0825, fines=0.88)
    products = [
        Product(id="fuel", kind="fuel", moisture=0.2),
        Product(id="vapour", kind="release", fraction="water"),
        Product(id="fines", kind="intermediate"),
    ]
    return conversion(Technology(id="plant", kind="sorting"), made, products, table)


def test_drying_at_the_moisture_the_rows_were_written_for() -> None:
    """12 % of the dry matter to fuel at 20 % water: the rows themselves."""
    table = small_table()
    found = outputs(fuel_plant(table), mix(table, food=(1.0, 0.75)), table)
    assert found["fuel"][0] == pytest.approx(0.0375)
    assert found["vapour"][0] == pytest.approx(0.0825)
    assert found["fines"][0] == pytest.approx(0.88)
    assert moisture(solid(found, "fuel")) == pytest.approx(0.2)
    assert moisture(solid(found, "fines")) == pytest.approx(0.75)


def test_drier_input_gives_more_fuel_and_less_vapour() -> None:
    """Food at 50 % water: 0.06 t of dry matter to 0.075 t of fuel.

    The fines take 0.88 with their water; of the 0.06 t of water that came with the
    fuel's dry matter 0.015 stays and 0.045 t evaporates.
    """
    table = small_table()
    found = outputs(fuel_plant(table), mix(table, food=(1.0, 0.5)), table)
    assert found["fuel"][0] == pytest.approx(0.075)
    assert found["vapour"][0] == pytest.approx(0.045)
    assert found["fines"][0] == pytest.approx(0.88)


def test_input_drier_than_the_product_is_not_wetted() -> None:
    """Food at 10 % water: the fuel keeps 10 %, nothing evaporates."""
    table = small_table()
    found = outputs(fuel_plant(table), mix(table, food=(1.0, 0.1)), table)
    assert found["fuel"][0] == pytest.approx(0.12)
    assert "vapour" not in found
    assert moisture(solid(found, "fuel")) == pytest.approx(0.1)


def test_with_moisture_unknown_the_rows_are_taken_as_written() -> None:
    table = small_table()
    found = outputs(fuel_plant(table), mix(table, food=(1.0, np.nan)), table)
    assert found["fuel"][0] == pytest.approx(0.0375)
    assert np.isnan(moisture(solid(found, "fuel")))


def test_no_more_water_leaves_than_there_is() -> None:
    """2 % moisture loss stated; cloth with 1 % water loses that and no more."""
    table = small_table()
    made = rows("tear", "cloth", fibre=0.98, loss=0.02)
    products = [
        Product(id="fibre", kind="recyclate"),
        Product(id="loss", kind="release", fraction="water"),
    ]
    prepared = conversion(
        Technology(id="tear", kind="recycling"), made, products, table
    )
    wet = outputs(prepared, mix(table, cotton=(1.0, 0.09)), table)
    dry = outputs(prepared, mix(table, cotton=(1.0, 0.01)), table)
    assert wet["fibre"][0] == pytest.approx(0.98)
    assert moisture(solid(wet, "fibre")) == pytest.approx(0.07 / 0.98)
    assert dry["fibre"][0] == pytest.approx(0.99)
    assert moisture(solid(dry, "fibre")) == pytest.approx(0.0)


def test_the_nearest_ancestor_has_the_rows() -> None:
    """Cotton without rows of its own is sorted as cloth; with rows, by its own."""
    table = small_table()
    products = [Product(id=p, kind="intermediate") for p in ("good", "bad")]
    sorter = Technology(id="sort", kind="sorting")
    made = [*rows("sort", "cloth", good=0.7, bad=0.3), *rows("sort", "any", bad=1.0)]
    parent = conversion(sorter, made, products, table)
    own = conversion(
        sorter, [*made, *rows("sort", "cotton", good=0.8, bad=0.2)], products, table
    )
    cotton, food = mix(table, cotton=(1.0, 0.1)), mix(table, food=(1.0, 0.8))

    assert outputs(parent, cotton, table)["good"][0] == pytest.approx(0.7)
    assert outputs(own, cotton, table)["good"][0] == pytest.approx(0.8)
    rejected = outputs(parent, food, table)
    assert list(rejected) == ["bad"]
    assert rejected["bad"][0] == 1.0
    np.testing.assert_array_equal(solid(rejected, "bad").mass, food.mass)
    np.testing.assert_allclose(solid(rejected, "bad").water, food.water)


def test_a_landfill_makes_nothing() -> None:
    table = small_table()
    prepared = conversion(Technology(id="dump", kind="disposal"), [], [], table)
    assert outputs(prepared, mix(table, food=(1.0, 0.8)), table) == {}


def with_reagents(products: list[Product]) -> Conversion:
    burner = Technology(id="t", kind="combustion", reagent_t_per_t=0.01)
    made = rows("t", "any", gas=0.97, residue=0.03)
    return conversion(burner, made, products, reagent_table())


def reagent_table() -> FractionTable:
    return fraction_table([Fraction(id="food"), Fraction(id="fly_ash")], [])


def test_reagents_leave_with_the_fly_ash() -> None:
    """1 t and 0.01 t of lime: 0.97 gas, 0.04 residue, of which 0.03 x 0.2 is water."""
    gas = Product(id="gas", kind="release")
    ash = Product(id="residue", kind="residue", fraction="fly_ash")
    table = reagent_table()
    found = outputs(with_reagents([gas, ash]), mix(table, food=(1.0, 0.2)), table)
    assert found["gas"] == (pytest.approx(0.97), None)
    share, residue = found["residue"]
    assert share == pytest.approx(0.04)
    assert sum(s for s, _ in found.values()) == pytest.approx(1.01, abs=1e-12)
    assert residue is not None
    assert moisture(residue) == pytest.approx(0.03 * 0.2 / 0.04)


def test_reagents_need_a_fly_ash_to_leave_with() -> None:
    products = [Product(id=p, kind="residue") for p in ("gas", "residue")]
    with pytest.raises(ScenarioError, match="no output of fraction 'fly_ash'"):
        with_reagents(products)


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (rows("t", "food", out=0.9), "shares of t, food, all sum to 0.9"),
        (rows("t", "food", other=1.0), "no product 'other'"),
        (rows("t", "any", "ash", out=1.0), "but not for water, combustible"),
        (
            [
                *rows("t", "food", moisture=0.7, out=0.5),
                *rows("t", "food", moisture=0.8, out2=0.5),
            ],
            "assume different moistures",
        ),
    ],
)
def test_mistakes_in_yields_are_named(made: list[Yield], message: str) -> None:
    products = [Product(id=p, kind="residue") for p in ("out", "out2")]
    with pytest.raises(ScenarioError, match=message):
        conversion(Technology(id="t", kind="sorting"), made, products, small_table())


def test_a_fraction_without_rows_and_unknown_ash_are_named() -> None:
    table = small_table()
    made = rows("t", "food", out=1.0)
    product = [Product(id="out", kind="residue")]
    prepared = conversion(Technology(id="t", kind="sorting"), made, product, table)
    with pytest.raises(ScenarioError, match="'t' has no yields for 'cloth'"):
        outputs(prepared, mix(table, cloth=(1.0, 0.1)), table)
    with pytest.raises(ScenarioError, match="ash_dry of 'mystery' unknown"):
        outputs(burner(table), mix(table, mystery=(1.0, 0.1)), table)
    with pytest.raises(ScenarioError, match="moisture of 'food' unknown"):
        outputs(burner(table), mix(table, food=(1.0, np.nan)), table)
