"""What recyclate replaces: planner and evaluation credit the same share of it."""

import pytest
from evaluation_cases import (
    READ,
    case,
    generator,
    outlet,
    plan,
    route,
    site,
    size,
    splits,
    standing,
    takes,
    technology,
    tonnes,
)

from wasteplan.evaluation.evaluating import evaluate
from wasteplan.scenario.derived import fractions, material
from wasteplan.superstructure.coefficients import of_outlet
from wasteplan.treatment.records import Product

STEEL = 2017.0  # kg CO2e avoided by a tonne of scrap, as the package has it


@pytest.mark.parametrize("ratio", [1.0, 0.6, 0.0])
def test_six_tenths_of_the_credit_at_a_ratio_of_six_tenths(ratio: float) -> None:
    """100 t a year through a magnet to a buyer."""
    scenario = case(
        generators=[generator("town")],
        generation=[tonnes("town", "dry", 100.0)],
        sites=[site("works", "magnet")],
        technologies=[technology("magnet", "sorting")],
        sizes=[size("magnet")],
        facilities=[standing("magnet", "works")],
        acceptance=takes("magnet", "dry"),
        products=[Product(id="recyclate_metal", kind="recyclate", **READ)],
        yields=splits("magnet", recyclate_metal=1.0),
        outlets=[outlet("buyer", "recyclate_metal", substitution_ratio=ratio)],
    )
    mine = plan(
        route("town", "works.magnet"),
        route("works.magnet", "buyer", product="recyclate_metal"),
    )
    rows = evaluate(scenario, mine).emissions
    avoided = float(rows.loc[rows["stage"] == "avoided", "kg_co2e"].sum())
    planned = of_outlet(
        scenario,
        scenario.outlet["buyer"],
        "recyclate_metal",
        material(scenario, "dry"),
        fractions(scenario),
    )
    assert avoided == pytest.approx(-100 * STEEL * ratio, rel=1e-9, abs=1e-9)
    assert 100 * planned.credit_kg == pytest.approx(avoided, rel=1e-9, abs=1e-9)
