"""Two food works and a town, worked out on paper.

Each works has 10,000 m3/y at 4 kg COD/m3: 40 t COD.  On site: 8,000 a year, 0.5 a m3
and 1 kWh at 0.1; aerobic, 90 % removed, 10 kg of cake a m3.  Central plant: 10,000 a
year and 0.2 a m3; a reactor, MCF 0.8, 80 % removed, three quarters of the gas flared,
5 kg of cake a m3.  Discharge: free, nothing removed.  Pipes 0.02 a m3 km, trucks 0.02 a
t km, all ways to the landfill 5 km; the landfill 40 a tonne.  The town has 1,000 t of
solid waste.
"""

from __future__ import annotations

from typing import Any

from evaluation_cases import (
    PROPERTIES,
    READ,
    case,
    generator,
    site,
    size,
    splits,
    standing,
    takes,
    technology,
    tonnes,
)

from wasteplan.network.roads import RoadDistance
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import Price, Target, YearlyFactor
from wasteplan.treatment.records import Product
from wasteplan.waste.records import (
    CompositionShare,
    Fraction,
    FractionProperty,
    Stream,
)

WORKS = ("a", "b")
WATER = "brew"
"""Fraction and stream of the effluent."""


def two_works(
    central_km: float = 10.0, *, forced: bool = True, **more: Any
) -> Scenario:
    """The case; `forced` leaves no untreated discharge."""
    properties = {
        **PROPERTIES,
        WATER: {
            "cod_kg_per_t": 4.0,
            "bod_kg_per_t": 2.0,
            "lhv_dry_mj_per_kg": 0.0,
            "ash_dry": 0.1,
            "carbon_dry": 0.4,
            "fossil_carbon_share": 0.0,
            "doc_dry": 0.4,
            "chlorine_dry": 0.0,
        },
    }
    sites = [site(f"at_{w}", "on_site") for w in WORKS]
    sites += [site("estate", "central"), site("tip", "landfill")]
    standing_rows = [standing("landfill", "tip")]
    treatments = [
        technology(
            "on_site",
            "effluent",
            lifetime_y=1,
            variable_om_per_t=0.5,
            cod_removal=0.9,
            methane_correction=0.0,
            electricity_kwh_per_t=1.0,
        ),
        technology(
            "central",
            "effluent",
            lifetime_y=1,
            variable_om_per_t=0.2,
            cod_removal=0.8,
            methane_correction=0.8,
            gas_capture=0.75,
        ),
        technology("landfill", "disposal", variable_om_per_t=40),
    ]
    sizes = [
        size("on_site", t=20_000, capex=8_000),
        size("central", t=40_000, capex=10_000),
        size("landfill"),
    ]
    accepted = [*takes("on_site", WATER), *takes("central", WATER)]
    if not forced:
        treatments.append(
            technology("discharge", "effluent", cod_removal=0.0, methane_correction=0.0)
        )
        sizes.append(size("discharge"))
        accepted += takes("discharge", WATER)
        standing_rows += [standing("discharge", f"at_{w}") for w in WORKS]
    tables: dict[str, Any] = {
        "generators": [generator("a"), generator("b"), generator("town")],
        "generation": [
            tonnes("a", WATER, 10_000),
            tonnes("b", WATER, 10_000),
            tonnes("town", "dry", 1_000),
        ],
        "streams": (
            Stream(id="dry", moisture_basis="ipcc", **READ),
            Stream(id=WATER, is_effluent=True, moisture_basis="ipcc", **READ),
        ),
        "composition": [
            CompositionShare(stream=s, fraction=s, share=1, moisture=m, **READ)
            for s, m in (("dry", 0.0), (WATER, 0.99))
        ],
        "fractions": [Fraction(id=f, **READ) for f in properties],
        "fraction_properties": [
            FractionProperty(fraction=f, property=name, value=value, **READ)  # type: ignore[arg-type]
            for f, values in properties.items()
            for name, value in values.items()
        ],
        "sites": sites,
        "technologies": treatments,
        "sizes": sizes,
        "facilities": standing_rows,
        "products": [
            Product(id="clean", kind="release", **READ),
            Product(id="cake", kind="residue", fraction="ash", moisture=0.8, **READ),
        ],
        "yields": [
            *splits("on_site", clean=0.99, cake=0.01),
            *splits("central", clean=0.995, cake=0.005),
            *(splits("discharge", clean=1.0) if not forced else []),
        ],
        "acceptance": [*accepted, *takes("landfill", "dry", "cake")],
        "distances": _distances(central_km),
        "prices": [
            Price(
                item="electricity_bought",
                year=2024,
                value=0.1,
                currency="USD",
                price_year=2024,
                **READ,
            )
        ],
        "factors": [
            YearlyFactor(item="grid_kg_co2e_per_kwh", year=2024, value=0.5, **READ)
        ],
        **more,
    }
    return case(rate_per_t_km=0.02, **tables)


def diversion_target(rate: float) -> Target:
    """At least so much of solid waste away from the landfill."""
    return Target(
        id="divert", metric="landfill_diversion_rate", period="p1", min=rate, **READ
    )


def _distances(central_km: float) -> list[RoadDistance]:
    rows = {("a", "at_a"): 0.0, ("b", "at_b"): 0.0}
    rows |= {(w, "estate"): central_km for w in WORKS}
    rows |= {("a", "at_b"): 500.0, ("b", "at_a"): 500.0}
    rows |= {(p, "tip"): 5.0 for p in ("town", "at_a", "at_b", "estate")}
    return [
        RoadDistance(origin=o, destination=d, distance_km=km, **READ)
        for (o, d), km in rows.items()
    ]
