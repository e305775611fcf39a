"""Random small networks with sorting, burning, residues, growth and two periods."""

from __future__ import annotations

import numpy as np
from networks import (
    Acceptance,
    CompositionShare,
    Fate,
    Fraction,
    FractionProperty,
    GeneratorClass,
    LeakageStep,
    Outlet,
    Period,
    Product,
    Stream,
    Target,
    Yield,
    distances,
    generator,
    make_scenario,
    settings,
    site,
    size,
    standing,
    technology,
    waste,
)

from wasteplan.network.haulage import Leg, Vehicle
from wasteplan.network.places import Centre, Site
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import ExistingFacility
from wasteplan.treatment.records import Size


def random_network(seed: int, *, tip_stands: bool = True) -> Scenario:
    """3-5 generators, 2 streams, a sorter, a burner, a tip, a centre, a buyer.

    The tip stands with room for everything, or is opened cell by cell.
    """
    chance = np.random.default_rng(seed)
    names = [f"g{i}" for i in range(int(chance.integers(3, 6)))]
    places = ["sort", "burn", "tip", "hub", "shop"]

    def km() -> float:
        return float(np.round(chance.uniform(2, 60), 2))

    rows = {n: {p: km() for p in places} for n in names}
    for i, p in enumerate(places):
        rows[p] = {q: km() for q in places[i + 1 :]}
    wet, dry = chance.uniform(0.3, 0.6), chance.uniform(0.05, 0.2)
    share = float(np.round(chance.uniform(0.2, 0.8), 3))
    tip, cells, facilities = _tip(tip_stands)
    growth = [float(np.round(g, 3)) for g in chance.uniform(-0.02, 0.05, 2)]
    return make_scenario(
        settings(rate=0.06),
        generators=tuple(generator(n, f"r{i % 2}") for i, n in enumerate(names)),
        generator_classes=(GeneratorClass(id="plain"),),
        generation=tuple(
            waste(n, float(np.round(chance.uniform(2e3, 4e4), 1)), growth[i % 2], s)
            for i, n in enumerate(names)
            for s in ("mixed", "clean")
        ),
        streams=(Stream(id="mixed"), Stream(id="clean")),
        fractions=(Fraction(id="wet"), Fraction(id="dry"), Fraction(id="cinder")),
        fraction_properties=(
            *_properties("wet", wet, 8.0, 0.2),
            *_properties("dry", dry, 22.0, 0.05),
            *_properties("cinder", 0.0, 0.0, 1.0),
        ),
        composition=(
            CompositionShare(stream="mixed", fraction="wet", share=share),
            CompositionShare(stream="mixed", fraction="dry", share=1 - share),
            CompositionShare(stream="clean", fraction="wet", share=0.1),
            CompositionShare(stream="clean", fraction="dry", share=0.9),
        ),
        vehicles=(Vehicle(id="truck", cost_per_t_km=0.12),),
        legs=(Leg(id="all", vehicle="truck"),),
        sites=(site("sort", "sorter"), site("burn", "burner"), tip),
        centres=(
            Centre(
                id="hub",
                name="Hub",
                region="r0",
                throughput_max_t_per_y=60_000,
                capex=2e5,
                lead_time_y=0,
                variable_om_per_t=1.0,
            ),
        ),
        technologies=(
            technology("sorter", "sorting", variable_om_per_t=9.0),
            technology("burner", "combustion", variable_om_per_t=25.0, load_min=0.3),
            technology("cell", variable_om_per_t=6.0, compaction_t_per_m3=0.9),
        ),
        sizes=(
            size("sorter", 60_000.0, 3e6, 1e5),
            size("burner", 40_000.0, 1.5e7, 3e5, lhv_design_mj_per_kg=10.0),
            size("burner", 90_000.0, 2.6e7, 5e5, id="big", lhv_design_mj_per_kg=10.0),
            *cells,
        ),
        facilities=facilities,
        products=(
            Product(id="good", kind="recyclate"),
            Product(id="rest", kind="intermediate"),
            Product(id="ash", kind="residue", fraction="cinder", moisture=0.0),
            Product(id="smoke", kind="release"),
        ),
        yields=(
            Yield(technology="sorter", fraction="wet", output="rest", share=1.0),
            Yield(technology="sorter", fraction="dry", output="good", share=0.4),
            Yield(technology="sorter", fraction="dry", output="rest", share=0.6),
            Yield(
                technology="burner",
                fraction="any",
                component="water",
                output="smoke",
                share=1.0,
            ),
            Yield(
                technology="burner",
                fraction="any",
                component="combustible",
                output="smoke",
                share=1.0,
            ),
            Yield(
                technology="burner",
                fraction="any",
                component="ash",
                output="ash",
                share=1.0,
            ),
        ),
        acceptance=tuple(
            Acceptance(technology=k, accepts=a)
            for k, accepted in {
                "sorter": ("mixed", "clean"),
                "burner": ("mixed", "clean", "rest"),
                "cell": ("mixed", "clean", "rest", "ash"),
            }.items()
            for a in accepted
        ),
        outlets=(
            Outlet(
                id="shop", name="Shop", kind="buyer", accepts="good", price_per_t=60
            ),
        ),
        fates=(Fate(id="away", kind="dumping"),),
        leakage=(
            LeakageStep(
                generator_class="plain", stream="mixed", fate="away", share=0.05
            ),
        ),
        periods=(
            Period(id="p1", first_year=2025, last_year=2027),
            Period(id="p2", first_year=2028, last_year=2032),
        ),
        targets=(
            Target(
                id="div",
                metric="landfill_diversion_rate",
                min=float(np.round(chance.uniform(0.1, 0.5), 2)),
                period="p2",
                region="r0" if chance.random() < 0.5 else "",
            ),
        ),
        distances=distances(rows),
    )


def _tip(stands: bool) -> tuple[Site, tuple[Size, ...], tuple[ExistingFacility, ...]]:
    if stands:
        tip = standing("tip", "cell", airspace_left_m3=2e6)
        return site("tip", ""), (size("cell", 1e6),), (tip,)
    cells = (
        size("cell", 1e6, 3e7, 1e5, airspace_m3=4e5),
        size("cell", 1e6, 4e7, 1e5, id="wide", airspace_m3=1.5e6),
    )
    return site("tip", "cell"), cells, ()


def _properties(
    name: str, moisture: float, lhv: float, ash: float
) -> tuple[FractionProperty, ...]:
    carbon = 0.02 * lhv  # about what fuels hold: 0.2 of 10 MJ/kg, 0.45 of 22 MJ/kg
    values = {
        "moisture_tropical_mixed": moisture,
        "lhv_dry_mj_per_kg": lhv,
        "ash_dry": ash,
        "carbon_dry": carbon,
        "fossil_carbon_share": 0.8 if name == "dry" else 0.0,
        "doc_dry": 0.1 * carbon,
    }
    return tuple(
        FractionProperty(fraction=name, property=k, value=float(np.round(v, 4)))
        for k, v in values.items()
    )
