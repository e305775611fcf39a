"""Two cities with a composition: residue and ash follow from the fractions.

Data of a university course case in Mg/d, here times 365; the optima were computed
independently: 28,886.3638 USD/d with a landfill of 200 Mg/d (landfill and burner open),
26,375.00 with one of 300 Mg/d (landfill alone).
"""

import pytest
from networks import (
    Acceptance,
    CompositionShare,
    Fraction,
    GeneratorClass,
    Outlet,
    Period,
    Product,
    Stream,
    Yield,
    distances,
    generator,
    make_scenario,
    settings,
    site,
    size,
    technology,
    waste,
)

from wasteplan.network.haulage import Leg, Vehicle
from wasteplan.optimize import solve

FRACTIONS = {  # mass share, ash share when burned, share recycled at the sorting plant
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
DAYS = 365


def two_cities(landfill_t_per_d: float):
    yields = []
    for name, (_, ash, recycled) in FRACTIONS.items():
        for k, output, share in (
            ("burner", "ash", ash),
            ("burner", "smoke", 1 - ash),
            ("sorter", "good", recycled),
            ("sorter", "rest", 1 - recycled),
        ):
            if share > 0:
                yields.append(
                    Yield(technology=k, fraction=name, output=output, share=share)
                )
    places = {"wte": "burner", "mrf": "sorter", "landfill": "cell"}
    accepted = {
        "burner": ("mixed", "rest"),
        "sorter": ("mixed",),
        "cell": ("mixed", "rest", "ash"),
    }
    return make_scenario(
        settings(),
        generators=(generator("city1"), generator("city2")),
        generator_classes=(GeneratorClass(id="plain"),),
        generation=(waste("city1", 100 * DAYS), waste("city2", 170 * DAYS)),
        streams=(Stream(id="mixed"),),
        fractions=(*(Fraction(id=f) for f in FRACTIONS), Fraction(id="cinder")),
        composition=tuple(
            CompositionShare(stream="mixed", fraction=f, share=share)
            for f, (share, _, _) in FRACTIONS.items()
        ),
        vehicles=(Vehicle(id="truck", cost_per_t_km=1.5),),
        legs=(Leg(id="all", vehicle="truck"),),
        sites=tuple(site(name, k) for name, k in places.items()),
        technologies=(
            technology("burner", "combustion", variable_om_per_t=60.0),
            technology("sorter", "sorting", variable_om_per_t=7.0),
            technology("cell", variable_om_per_t=50.0),
        ),
        sizes=(
            size("burner", 150.0 * DAYS, fixed=2500.0 * DAYS),
            size("sorter", 350.0 * DAYS, fixed=1500.0 * DAYS),
            size("cell", landfill_t_per_d * DAYS, fixed=2000.0 * DAYS),
        ),
        products=(
            Product(id="good", kind="recyclate"),
            Product(id="rest", kind="intermediate"),
            Product(id="ash", kind="residue", fraction="cinder"),
            Product(id="smoke", kind="release"),
        ),
        yields=tuple(yields),
        acceptance=tuple(
            Acceptance(technology=k, accepts=a)
            for k, names in accepted.items()
            for a in names
        ),
        outlets=(
            Outlet(
                id="shop", name="Shop", kind="buyer", accepts="good", price_per_t=-45
            ),
        ),
        periods=(Period(id="year", first_year=2024, last_year=2024),),
        distances=distances(
            {
                "city1": {"wte": 15, "mrf": 5, "landfill": 30},
                "city2": {"wte": 10, "mrf": 15, "landfill": 25},
                "wte": {"landfill": 18},
                "mrf": {"wte": 15, "landfill": 32, "shop": 0.0},
            }
        ),
    )


@pytest.mark.parametrize(
    ("landfill_t_per_d", "cost_per_d", "opened"),
    [
        (200.0, 28_886.363799497547, {"burner", "cell"}),
        (300.0, 26_375.0, {"cell"}),
    ],
)
def test_the_published_optimum_is_found(landfill_t_per_d, cost_per_d, opened):
    plan = solve(two_cities(landfill_t_per_d), gap=1e-9)

    assert plan.proof.objective / DAYS == pytest.approx(cost_per_d, rel=1e-6)
    assert {b.technology for b in plan.builds} == opened
