"""How waste burns: heating value, support fuel and derating, by hand."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "optimize"))

from networks import FractionProperty, size, technology, two_generators

from wasteplan.scenario.burning import burning
from wasteplan.scenario.loading import load_scenario


def burner(lhv_dry: float, moisture: float):
    return two_generators(
        technologies=(technology("plant", "combustion"), technology("tip")),
        sizes=(
            size("plant", 60_000.0, lhv_design_mj_per_kg=10.6),
            size("tip", 100_000.0),
        ),
        fraction_properties=(
            FractionProperty(
                fraction="stuff", property="moisture_tropical_mixed", value=moisture
            ),
            FractionProperty(
                fraction="stuff", property="lhv_dry_mj_per_kg", value=lhv_dry
            ),
            FractionProperty(fraction="stuff", property="ash_dry", value=0.1),
        ),
        check=False,
    )


def test_dry_waste_is_derated_by_heat():
    """19 x 0.9 - 2.443 x 0.1 = 16.8557 MJ/kg: 60,000 x 10.6 / 16.8557 = 37,732 t/y."""
    (line,) = burning(burner(19.0, 0.1))

    assert line.lhv_mj_per_kg == pytest.approx(16.8557)
    assert line.is_autothermal
    assert line.burnable_t_per_y == pytest.approx(60_000 * 10.6 / 16.8557)


def test_wet_waste_needs_support_fuel_and_stops_at_the_grate():
    """19 x 0.4 - 2.443 x 0.6 = 6.1342 MJ/kg: below 7; mass 1.1 x 60,000 t/y."""
    (line,) = burning(burner(19.0, 0.6))

    assert line.lhv_mj_per_kg == pytest.approx(6.1342)
    assert not line.is_autothermal
    assert line.burnable_t_per_y == pytest.approx(66_000)


def test_the_claimed_plant_cannot_burn_its_nameplate_of_garment_waste():
    """60 kt/y at 10.6 MJ/kg is 636 TJ/y; garment waste is far richer than 10.6."""
    scenario = load_scenario(Path(__file__).parents[2] / "scenarios" / "phnom-penh")

    lines = [b for b in burning(scenario) if b.capacity_t_per_y == 60_000]

    assert lines
    for line in lines:
        assert line.lhv_mj_per_kg > 10.6
        assert line.is_autothermal
        assert line.burnable_t_per_y * line.lhv_mj_per_kg == pytest.approx(636e3)
