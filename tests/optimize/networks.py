"""Small networks for the planning model, made in memory."""

from __future__ import annotations

from itertools import product as pairs

from wasteplan.network.haulage import Leg, Vehicle
from wasteplan.network.places import Outlet, Site, WasteGenerator
from wasteplan.network.roads import RoadDistance
from wasteplan.scenario.assembly import make_scenario
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import (
    ExistingFacility,
    Fate,
    Generation,
    GeneratorClass,
    LeakageStep,
    Period,
    Target,
)
from wasteplan.scenario.settings import (
    Economics,
    Heading,
    Roads,
    Settings,
    SolveSettings,
)
from wasteplan.treatment.records import (
    Acceptance,
    BlendLimit,
    Product,
    Size,
    Technology,
    Yield,
)
from wasteplan.waste.records import (
    CompositionShare,
    Fraction,
    FractionProperty,
    Stream,
)

SOLVE = SolveSettings(gap=1e-9, time_limit_s=60)


def settings(rate: float = 0.0, solve: SolveSettings = SOLVE) -> Settings:
    return Settings(
        scenario=Heading(
            name="small", title="Small", currency="USD", price_year=2024, base_year=2024
        ),
        economics=Economics(discount_rate=rate),
        roads=Roads(provider="matrix"),
        solve=solve,
    )


def generator(name: str, region: str = "r") -> WasteGenerator:
    return WasteGenerator(
        id=name, name=name, kind="cluster", generator_class="plain", region=region
    )


def waste(name: str, t: float, growth: float = 0.0, stream: str = "mixed"):
    return Generation(
        generator=name, stream=stream, year=2024, waste_t_per_y=t, growth_per_y=growth
    )


def site(name: str, technologies: str, **more: object) -> Site:
    return Site(id=name, name=name, region="r", technologies=technologies, **more)


def technology(name: str, kind: str = "disposal", **more: object) -> Technology:
    known = {
        "lifetime_y": 30,
        "lead_time_y": 0,
        "availability": 1.0,
        "variable_om_per_t": 0.0,
        "electricity_kwh_per_t": 0.0,
        "diesel_l_per_t": 0.0,
        "jobs_per_kt_per_y": 0.0,
    }
    return Technology(id=name, kind=kind, **{**known, **more})


def size(of: str, t: float, capex: float = 0.0, fixed: float = 0.0, **more: object):
    return Size(
        technology=of,
        id=more.pop("id", "only"),
        capacity_t_per_y=t,
        capex=capex,
        fixed_om_per_y=fixed,
        **more,
    )


def standing(name: str, of: str, **more: object) -> ExistingFacility:
    return ExistingFacility(
        id=f"{name}_{of}",
        site=name,
        technology=of,
        size=more.pop("size", "only"),
        opened=2020,
        **more,
    )


TWO_YEARS = (
    Period(id="p1", first_year=2025, last_year=2025),
    Period(id="p2", first_year=2026, last_year=2026),
)


def sorts(plant: str, good: float = 0.4) -> dict[str, object]:
    """Tables of a plant that turns out a good product for sale, and a rest."""
    shares = {"good": good, "rest": 1 - good}
    return {
        "products": (
            Product(id="good", kind="recyclate"),
            Product(id="rest", kind="intermediate"),
        ),
        "yields": tuple(
            Yield(technology=plant, fraction="any", output=output, share=share)
            for output, share in shares.items()
        ),
    }


def distances(origins: dict[str, dict[str, float]]) -> tuple[RoadDistance, ...]:
    return tuple(
        RoadDistance(origin=o, destination=d, distance_km=km)
        for o, row in origins.items()
        for d, km in row.items()
    )


def two_generators(**more: object) -> Scenario:
    """Two generators of 50 and 30 kt/y; a clean plant (40 USD/t) and a dump (10 USD/t).

    All distances are 10 km at 0.1 USD/(t km): haul costs 1 USD/t everywhere.
    """
    target = more.pop("diversion", None)
    tables: dict[str, object] = {
        "generators": (generator("a"), generator("b")),
        "generator_classes": (GeneratorClass(id="plain"),),
        "generation": (waste("a", 50_000.0), waste("b", 30_000.0)),
        "streams": (Stream(id="mixed"),),
        "fractions": (Fraction(id="stuff"),),
        "composition": (CompositionShare(stream="mixed", fraction="stuff", share=1.0),),
        "vehicles": (Vehicle(id="truck", cost_per_t_km=0.1),),
        "legs": (Leg(id="all", vehicle="truck"),),
        "sites": (site("clean", "plant"), site("dump", "")),
        "technologies": (
            technology("plant", "storage", variable_om_per_t=40.0),
            technology("tip", variable_om_per_t=10.0),
        ),
        "sizes": (size("plant", 100_000.0), size("tip", 100_000.0)),
        "facilities": (standing("dump", "tip"),),
        "acceptance": (
            Acceptance(technology="plant", accepts="mixed"),
            Acceptance(technology="tip", accepts="mixed"),
        ),
        "periods": (Period(id="p1", first_year=2025, last_year=2025),),
        "distances": distances(
            {"a": {"clean": 10.0, "dump": 10.0}, "b": {"clean": 10.0, "dump": 10.0}}
        ),
        "targets": ()
        if target is None
        else (Target(id="div", metric="landfill_diversion_rate", min=target),),
    }
    chosen = more.pop("settings", settings())
    return make_scenario(chosen, **{**tables, **more})


__all__ = [
    "Acceptance",
    "BlendLimit",
    "CompositionShare",
    "Fate",
    "Fraction",
    "FractionProperty",
    "GeneratorClass",
    "LeakageStep",
    "Outlet",
    "Period",
    "Product",
    "Stream",
    "Target",
    "Yield",
    "distances",
    "generator",
    "make_scenario",
    "pairs",
    "settings",
    "site",
    "size",
    "standing",
    "technology",
    "two_generators",
    "waste",
]
