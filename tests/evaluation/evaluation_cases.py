"""Small cases that can be worked out on paper.

Everything lies in one place (distance matrix), one truck at a flat rate serves all, and
two made-up materials are used: `dry` (20 MJ/kg dry, 10 % ash, all carbon fossil) and
`wet` (10 MJ/kg dry, 30 % ash, no fossil carbon), both without water.
"""

from __future__ import annotations

from typing import Any

from wasteplan.network.haulage import Leg, Vehicle
from wasteplan.network.places import Outlet, Site, WasteGenerator
from wasteplan.network.roads import RoadDistance
from wasteplan.plan.records import Build, Plan, Route
from wasteplan.scenario.assembly import make_scenario
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import (
    ExistingFacility,
    Generation,
    GeneratorClass,
    Period,
)
from wasteplan.scenario.settings import Economics, Heading, Roads, Settings
from wasteplan.treatment.records import Acceptance, Product, Size, Technology, Yield
from wasteplan.waste.records import CompositionShare, Fraction, FractionProperty, Stream

READ: dict[str, Any] = {"status": "read"}

PROPERTIES = {
    "dry": {
        "lhv_dry_mj_per_kg": 20.0,
        "ash_dry": 0.1,
        "carbon_dry": 0.5,
        "fossil_carbon_share": 1.0,
        "doc_dry": 0.0,
        "chlorine_dry": 0.01,
    },
    "wet": {
        "lhv_dry_mj_per_kg": 10.0,
        "ash_dry": 0.3,
        "carbon_dry": 0.4,
        "fossil_carbon_share": 0.0,
        "doc_dry": 0.2,
        "chlorine_dry": 0.0,
    },
    "ash": {
        "lhv_dry_mj_per_kg": 0.0,
        "ash_dry": 1.0,
        "carbon_dry": 0.0,
        "fossil_carbon_share": 0.0,
        "doc_dry": 0.0,
        "chlorine_dry": 0.0,
    },
}


def settings(*, rate: float = 0.0, **sections: Any) -> Settings:
    """Settings of a case in money of 2024."""
    return Settings(
        scenario=Heading(
            name="case",
            title="Case",
            currency="USD",
            price_year=2024,
            base_year=2024,
        ),
        economics=sections.pop("economics", Economics(discount_rate=rate)),
        roads=Roads(provider="matrix"),
        **sections,
    )


def generator(id: str, region: str = "here", kind: str = "town") -> WasteGenerator:
    return WasteGenerator(
        id=id, name=id, kind="municipality", generator_class=kind, region=region, **READ
    )


def tonnes(id: str, stream: str, t: float, growth: float = 0.0) -> Generation:
    return Generation(
        generator=id,
        stream=stream,
        year=2024,
        waste_t_per_y=t,
        growth_per_y=growth,
        **READ,
    )


def site(id: str, technologies: str = "", **more: Any) -> Site:
    return Site(
        id=id, name=id, region="here", technologies=technologies, **READ, **more
    )


def technology(id: str, kind: str, **more: Any) -> Technology:
    """A technology that costs and needs nothing unless said otherwise."""
    plain: dict[str, Any] = {
        "lifetime_y": 20,
        "lead_time_y": 0,
        "availability": 1,
        "variable_om_per_t": 0,
        "electricity_kwh_per_t": 0,
        "diesel_l_per_t": 0,
        "jobs_per_kt_per_y": 0,
    }
    if kind == "disposal":
        plain |= {
            "compaction_t_per_m3": 1.0,
            "cover_share": 0.0,
            "methane_correction": 1.0,
            "gas_capture": 0.0,
            "gas_to_engine": 0.0,
            "oxidation": 0.0,
        }
    return Technology(id=id, kind=kind, **(plain | READ | more))  # type: ignore[arg-type]


def size(of: str, id: str = "big", t: float = 1e6, **more: Any) -> Size:
    plain: dict[str, Any] = {"capex": 0, "fixed_om_per_y": 0}
    return Size(technology=of, id=id, capacity_t_per_y=t, **(plain | READ | more))


def outlet(id: str, accepts: str, **more: Any) -> Outlet:
    return Outlet(
        id=id, name=id, kind=more.pop("kind", "buyer"), accepts=accepts, **READ, **more
    )


def standing(of: str, at: str, size: str = "big", **more: Any) -> ExistingFacility:
    return ExistingFacility(
        id=f"{at}_{of}", site=at, technology=of, size=size, opened=2024, **READ, **more
    )


def splits(of: str, fraction: str = "any", **shares: float) -> list[Yield]:
    return [
        Yield(technology=of, fraction=fraction, output=product, share=share, **READ)
        for product, share in shares.items()
    ]


def takes(of: str, *names: str) -> list[Acceptance]:
    return [Acceptance(technology=of, accepts=name, **READ) for name in names]


def everywhere(km: float, *places: str) -> list[RoadDistance]:
    """All places `km` apart."""
    return [
        RoadDistance(origin=a, destination=b, distance_km=km, **READ)
        for i, a in enumerate(places)
        for b in places[i + 1 :]
    ]


def case(
    *,
    setting: Settings | None = None,
    streams: tuple[Stream, ...] | None = None,
    km: float = 10.0,
    rate_per_t_km: float = 1.0,
    **tables: Any,
) -> Scenario:
    """A scenario of streams `dry` and `wet`, each of the fraction of its name."""
    names = [
        row.id
        for t in ("generators", "sites", "centres", "outlets")
        for row in tables.get(t, ())
    ]
    rows: dict[str, Any] = {
        "generator_classes": [GeneratorClass(id="town", **READ)],
        "streams": streams
        or tuple(Stream(id=f, moisture_basis="ipcc", **READ) for f in ("dry", "wet")),
        "composition": [
            CompositionShare(stream=f, fraction=f, share=1, moisture=0, **READ)
            for f in ("dry", "wet")
        ],
        "fractions": [
            Fraction(id=f, decay_class="food" if f == "wet" else "none", **READ)
            for f in PROPERTIES
        ],
        "fraction_properties": [
            FractionProperty(fraction=f, property=name, value=value, **READ)  # type: ignore[arg-type]
            for f, values in PROPERTIES.items()
            for name, value in values.items()
        ],
        "vehicles": [Vehicle(id="truck", cost_per_t_km=rate_per_t_km, **READ)],
        "legs": [Leg(id="every", vehicle="truck", **READ)],
        "periods": [period("p1", 2025, 2025)],
        **tables,
    }
    if "distances" not in rows:
        rows["distances"] = everywhere(km, *names)
    return make_scenario(setting or settings(), check=False, **rows)


def period(id: str, first: int, last: int) -> Period:
    return Period(id=id, first_year=first, last_year=last, **READ)


def route(
    origin: str,
    destination: str,
    share: float = 1.0,
    product: str = "raw",
    stream: str = "",
    at: str = "p1",
) -> Route:
    return Route(
        period=at,
        origin=origin,
        stream=stream,
        product=product,
        destination=destination,
        share=share,
    )


def build(at: str, of: str, size: str = "big", period: str = "p1") -> Build:
    return Build(site=at, technology=of, size=size, period=period)


def plan(*routes: Route, **more: Any) -> Plan:
    return Plan(scenario="case", name="by hand", routes=routes, **more)


ASH = Product(id="slag", kind="residue", fraction="ash", **READ)
GAS = Product(id="gas", kind="release", **READ)
REST = Product(id="rest", kind="residue", **READ)
SOLD = Product(id="sold", kind="recyclate", **READ)
