"""Small cases with measures at the source, worked out on paper."""

from __future__ import annotations

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
    make_scenario,
    settings,
    site,
    size,
    standing,
    technology,
    two_generators,
    waste,
)

from wasteplan.scenario.measure_records import LeakageMeasure, Programme
from wasteplan.scenario.model import Scenario


def programme(name: str = "sort", **more: object) -> Programme:
    known = {
        "kind": "segregation",
        "generator_class": "plain",
        "fraction": "dry",
        "participation": 0.5,
        "capture": 0.8,
        "to_stream": "clean",
        "from_year": 2025,
    }
    return Programme(id=name, **{**known, **more})


def against(name: str, **more: object) -> LeakageMeasure:
    known = {"kind": "enforcement", "generator_class": "plain", "from_year": 2025}
    return LeakageMeasure(id=name, **{**known, **more})


def properties(name: str, moisture: float, lhv: float) -> tuple[FractionProperty, ...]:
    values = {"moisture_tropical_mixed": moisture, "lhv_dry_mj_per_kg": lhv}
    return tuple(
        FractionProperty(fraction=name, property=k, value=v) for k, v in values.items()
    )


MATERIALS: dict[str, object] = {
    "streams": (Stream(id="mixed"), Stream(id="clean")),
    "fractions": (Fraction(id="wet"), Fraction(id="dry")),
    "fraction_properties": (
        *properties("wet", 0.6, 16.0),
        *properties("dry", 0.1, 22.0),
    ),
    "composition": (
        CompositionShare(stream="mixed", fraction="wet", share=0.6),
        CompositionShare(stream="mixed", fraction="dry", share=0.4),
    ),
}
"""A stream of 60 % wet and 40 % dry waste; `clean` is only what programmes make."""


def with_programme(*programmes: Programme, **more: object) -> Scenario:
    """50 and 30 kt/y of mixed waste at 11 USD/t on the tip, haul included.

    A hall bales `clean` waste for nothing and sells it to a shop for 50 USD/t; haul to
    it costs 1 USD/t, on to the shop nothing.
    """
    tables: dict[str, object] = {
        **MATERIALS,
        "programmes": programmes,
        "acceptance": (
            Acceptance(technology="plant", accepts="mixed"),
            Acceptance(technology="tip", accepts="mixed"),
            Acceptance(technology="tip", accepts="clean"),
            Acceptance(technology="bale", accepts="clean"),
        ),
        "sites": (site("clean", "plant"), site("dump", ""), site("hall", "")),
        "technologies": (
            technology("plant", "storage", variable_om_per_t=40.0),
            technology("tip", variable_om_per_t=10.0),
            technology("bale", "sorting"),
        ),
        "sizes": (
            size("plant", 100_000.0),
            size("tip", 100_000.0),
            size("bale", 100_000.0),
        ),
        "facilities": (standing("dump", "tip"), standing("hall", "bale")),
        "products": (Product(id="good", kind="recyclate"),),
        "yields": (Yield(technology="bale", fraction="any", output="good", share=1.0),),
        "distances": distances(
            {
                "a": {"clean": 10.0, "dump": 10.0, "hall": 10.0},
                "b": {"clean": 10.0, "dump": 10.0, "hall": 10.0},
                "hall": {"shop": 0.0},
            }
        ),
        "outlets": (
            Outlet(
                id="shop", name="Shop", kind="buyer", accepts="good", price_per_t=50
            ),
        ),
        **more,
    }
    return two_generators(**tables)


def with_leakage(*measures: LeakageMeasure, **more: object) -> Scenario:
    """Of the 80 kt/y, 30 % are dumped; 10 % once the advantage falls below 5 USD/t.

    The legal route costs generators 8 USD/t, dumping nothing.
    """
    dumped = {"generator_class": "plain", "stream": "mixed", "fate": "ditch"}
    tables: dict[str, object] = {
        "generator_classes": (GeneratorClass(id="plain", legal_price_per_t=8.0),),
        "fates": (Fate(id="ditch", kind="dumping"),),
        "leakage": (
            LeakageStep(**dumped, advantage_min=5.0, share=0.3),
            LeakageStep(**dumped, share=0.1),
        ),
        "leakage_measures": measures,
    }
    return two_generators(**{**tables, **more})


__all__ = [
    "MATERIALS",
    "Acceptance",
    "CompositionShare",
    "Fate",
    "Fraction",
    "GeneratorClass",
    "LeakageStep",
    "Outlet",
    "Period",
    "Product",
    "Stream",
    "Target",
    "Yield",
    "against",
    "distances",
    "make_scenario",
    "programme",
    "properties",
    "settings",
    "site",
    "size",
    "standing",
    "technology",
    "two_generators",
    "waste",
    "with_leakage",
    "with_programme",
]
