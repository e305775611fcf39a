"""Products of one tonne: by hand, at any moisture, and as laws on random cases."""

import numpy as np
import pytest

from wasteplan.errors import ScenarioError
from wasteplan.treatment.conversion import conversion, outputs
from wasteplan.treatment.records import Product, Technology, Yield
from wasteplan.waste.material import Material, ash, fraction_table, moisture
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


def rows(technology, fraction, component="all", moisture=None, **shares):
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


def two_city_table():
    return fraction_table(
        [Fraction(id=name) for name in [*TWO_CITY, "residue_ash"]], []
    )


def two_city_material(table):
    mass = np.zeros(len(table.ids))
    for name, (share, _, _) in TWO_CITY.items():
        mass[table.index[name]] = share
    return Material(mass, np.where(mass > 0, np.nan, 0.0))


def two_city_sorting(table):
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


def two_city_burner(table):
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


def test_two_city_composition_with_moisture_unknown():
    """Published case: 0.3775 recycled, raw ash 0.1641, ash of the residue 0.13861044."""
    table = two_city_table()
    raw = two_city_material(table)

    sorted_out = outputs(two_city_sorting(table), raw, table)
    burnt = outputs(two_city_burner(table), raw, table)
    residue = sorted_out["residue"][1]
    burnt_residue = outputs(two_city_burner(table), residue, table)

    assert sorted_out["recyclate"][0] == pytest.approx(0.3775, abs=1e-12)
    assert burnt["ash"][0] == pytest.approx(0.1641, abs=1e-12)
    assert burnt_residue["ash"][0] == pytest.approx(0.13861044176706824, abs=1e-12)
    assert burnt["flue_gas"][1] is None
    assert burnt["ash"][1].mass[table.index["residue_ash"]] == 1.0
