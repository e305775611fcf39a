"""A town, a burner, a dump; a centre if wanted.  100 t a day, 10 t a truck."""

from wasteplan.network.haulage import Container, Fleet, Leg, Vehicle
from wasteplan.network.places import Centre, Depot, Outlet, Site, WasteGenerator
from wasteplan.network.roads import RoadDistance
from wasteplan.plan.records import Plan, Route
from wasteplan.scenario.assembly import make_scenario
from wasteplan.scenario.records import (
    ExistingFacility,
    Fate,
    Generation,
    GeneratorClass,
    LeakageStep,
    Period,
    Price,
    Profile,
    YearlyFactor,
)
from wasteplan.scenario.settings import (
    Economics,
    Heading,
    Roads,
    Settings,
    SimulationSettings,
)
from wasteplan.treatment.records import (
    Acceptance,
    Operation,
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

PLACES = ("town", "village", "yard", "hill", "valley", "pit", "buyer", "depot")
ASH = 0.2  # t of ash per t burnt


def settings(**simulation):
    wanted = {"seed": 7, "replications": 2, "days": 28, "warm_up_d": 7, **simulation}
    return Settings(
        scenario=Heading(
            name="small", title="Small", currency="USD", price_year=2023, base_year=2029
        ),
        economics=Economics(discount_rate=0.0),
        roads=Roads(provider="matrix", speed_km_per_h=40.0),
        simulation=SimulationSettings(**wanted),
    )


def tables(
    *,
    town_t_per_y=36_500.0,
    village_t_per_y=3_650.0,
    burner_t_per_y=73_000.0,
    lhv_design=None,
    burner=None,
    dump=None,
    fleet=None,
    containers=None,
    leaks=0.0,
    centre=None,
    second_burner=False,
    season=None,
):
    """Records by table; `burner`, `dump`, `fleet`, `containers` are row keywords."""
    km = {p: i * 5.0 for i, p in enumerate(PLACES)}
    operations = [
        Operation(technology=t, **row)
        for t, row in (("burner", burner), ("dump", dump))
        if row is not None
    ]
    sites = {"hill": "burner", "valley": "burner", "pit": "dump"}
    standing = ["hill", "pit", *(["valley"] if second_burner else [])]
    return {
        "generators": [
            WasteGenerator(
                id=g, name=g, kind="municipality", generator_class="homes", region=r
            )
            for g, r in (("town", "north"), ("village", "south"))
        ],
        "generator_classes": [GeneratorClass(id="homes")],
        "generation": [
            Generation(
                generator=g,
                stream="msw",
                year=2030,
                waste_t_per_y=t,
                profile="season" if season else "",
            )
            for g, t in (("town", town_t_per_y), ("village", village_t_per_y))
        ],
        "profiles": [
            Profile(profile="season", kind=kind, index=i, factor=f)
            for (kind, i), f in (season or {}).items()
        ],
        "streams": [
            Stream(
                id="msw",
                density_loose_kg_per_m3=200.0,
                density_compacted_kg_per_m3=500.0,
                density_baled_kg_per_m3=500.0,
            )
        ],
        "composition": [CompositionShare(stream="msw", fraction="mixed", share=1.0)],
        "fractions": [Fraction(id="mixed"), Fraction(id="cinder")],
        "fraction_properties": [
            FractionProperty(fraction=f, property=p, value=v)
            for f, p, v in (
                ("mixed", "moisture_tropical_mixed", 0.5),
                ("mixed", "lhv_dry_mj_per_kg", 22.443),
                ("cinder", "moisture_tropical_mixed", 0.0),
                ("cinder", "lhv_dry_mj_per_kg", 0.0),
                *(
                    (f, p, v)
                    for f, share in (("mixed", 0.4), ("cinder", 0.0))
                    for p, v in (
                        ("carbon_dry", share),
                        ("fossil_carbon_share", 0.5),
                        ("doc_dry", share / 2),
                        ("ash_dry", 0.1),
                        ("nitrogen_dry", 0.0),
                        ("sulphur_dry", 0.0),
                    )
                ),
            )
        ],
        "vehicles": [
            Vehicle(
                id="truck",
                payload_t=10.0,
                cost_per_km=1.0,
                load_time_h=0.5,
                unload_time_h=0.25,
            ),
            Vehicle(id="trailer", payload_t=20.0, cost_per_km=1.0),
        ],
        "legs": [
            Leg(id="rounds", origin="homes", vehicle="truck"),
            Leg(id="bulk", vehicle="trailer"),
        ],
        "depots": [Depot(id="depot", name="depot")],
        "fleets": [Fleet(id="trucks", depot="depot", vehicle="truck", **fleet)]
        if fleet
        else [],
        "containers": [
            Container(id="bins", generator_class="homes", stream="msw", **containers)
        ]
        if containers
        else [],
        "centres": [
            Centre(id="yard", name="yard", region="north", is_existing=True, **centre)
        ]
        if centre is not None
        else [],
        "sites": [
            Site(id=s, name=s, region="north", technologies=t) for s, t in sites.items()
        ],
        "facilities": [
            ExistingFacility(
                id=f"{s}_now", site=s, technology=sites[s], size="one", opened=2020
            )
            for s in standing
        ],
        "technologies": [
            Technology(
                id="burner",
                kind="combustion",
                lifetime_y=30,
                availability=1.0,
                efficiency_electric_net=0.2,
            ),
            Technology(id="dump", kind="disposal", lifetime_y=50, availability=1.0),
        ],
        "sizes": [
            Size(
                technology="burner",
                id="one",
                capacity_t_per_y=burner_t_per_y,
                lhv_design_mj_per_kg=lhv_design,
                capex=1.0,
                fixed_om_per_y=1.0,
            ),
            Size(
                technology="dump",
                id="one",
                capacity_t_per_y=1e6,
                capex=1.0,
                fixed_om_per_y=1.0,
            ),
        ],
        "products": [
            Product(id="flue", kind="release"),
            Product(id="slag", kind="residue", fraction="cinder"),
        ],
        "yields": [
            Yield(technology="burner", fraction="any", output=o, share=s)
            for o, s in (("flue", 1 - ASH), ("slag", ASH))
        ],
        "acceptance": [
            Acceptance(technology=t, accepts=a)
            for t, a in (("burner", "msw"), ("dump", "msw"), ("dump", "slag"))
        ],
        "operations": operations,
        "outlets": [
            Outlet(id="buyer", name="buyer", kind="buyer", accepts="slag"),
        ],
        "fates": [Fate(id="fires", kind="open_burning")],
        "leakage": [
            LeakageStep(
                generator_class="homes", stream="msw", fate="fires", share=leaks
            )
        ]
        if leaks
        else [],
        "factors": [YearlyFactor(item="grid_kg_co2e_per_kwh", year=2030, value=0.5)],
        "prices": [
            Price(item=i, year=2030, value=0.1, currency="USD", price_year=2023)
            for i in ("electricity_sold", "electricity_bought", "diesel")
        ],
        "periods": [Period(id="p1", first_year=2030, last_year=2030)],
        "distances": [
            RoadDistance(
                origin=a, destination=b, distance_km=abs(km[a] - km[b]), time_h=None
            )
            for a in PLACES
            for b in PLACES
            if a != b
        ],
    }


def network(simulation=None, **wanted):
    """A scenario."""
    return make_scenario(
        settings(**(simulation or {})), check=False, **tables(**wanted)
    )


def route(origin, destination, share=1.0, product="raw", stream=""):
    return Route(
        period="p1",
        origin=origin,
        stream=stream or ("msw" if origin in ("town", "village") else ""),
        product=product,
        destination=destination,
        share=share,
    )


def plan(*routes):
    """A plan made of routes."""
    return Plan(scenario="small", name="by hand", routes=routes)


def all_to_the_burner(slag_to="pit.dump"):
    return plan(
        route("town", "hill.burner"),
        route("village", "hill.burner"),
        route("hill.burner", slag_to, product="slag"),
    )
