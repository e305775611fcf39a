"""Published optima: OR-Library warehouses and the two-city network."""

from pathlib import Path

import pytest
from orlib import warehouses

from wasteplan.optimize import solve
from wasteplan.scenario.loading import load_scenario

CASES = {  # capacity, fixed cost, published optimum
    "cap41": (5_000, 7_500, 1_040_444.375),
    "cap42": (5_000, 12_500, 1_098_000.45),
    "cap43": (5_000, 17_500, 1_153_000.45),
    "cap51": (10_000, 17_500, 1_025_208.225),
    "cap61": (15_000, 7_500, 932_615.75),
    "cap62": (15_000, 12_500, 977_799.4),
    "cap64": (15_000, 25_000, 1_045_650.25),
    "cap71": (58_268, 7_500, 932_615.75),
    "cap73": (58_268, 17_500, 1_010_641.45),
    "cap74": (58_268, 25_000, 1_034_976.975),
}


@pytest.mark.parametrize("case", CASES)
def test_the_published_optimum_is_found(case):
    capacity, fixed, optimum = CASES[case]

    plan = solve(warehouses(capacity, fixed), gap=1e-8)

    assert plan.proof.objective == pytest.approx(optimum, rel=1e-6)
    assert plan.proof.bound == pytest.approx(optimum, rel=1e-6)


def test_two_cities():
    """26,881.25 USD/d, with the published flows."""
    folder = Path(__file__).parents[2] / "scenarios" / "two-city"

    plan = solve(load_scenario(folder), gap=1e-8)

    assert plan.proof.objective / 365 == pytest.approx(26_881.25, rel=1e-9)
    routes = {(r.origin, r.product, r.destination): r.share for r in plan.routes}
    assert routes["city1", "raw", "mrf.mrf"] == pytest.approx(1.0)
    assert routes["city2", "raw", "landfill.landfill"] == pytest.approx(1.0)
    assert routes["mrf.mrf", "mrf_residue", "wte.wte"] == pytest.approx(37.5 / 60)
    assert routes["mrf.mrf", "mrf_residue", "landfill.landfill"] == pytest.approx(
        22.5 / 60
    )
