"""A town of 100 t/d, two sizes of burner, a dump.  Solved on paper, see the tests."""

from __future__ import annotations

from wasteplan.network.haulage import Leg, Vehicle
from wasteplan.network.places import Site, WasteGenerator
from wasteplan.network.roads import RoadDistance
from wasteplan.scenario.assembly import make_scenario
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import (
    ExistingFacility,
    Generation,
    GeneratorClass,
    Period,
    Price,
    Target,
    YearlyFactor,
)
from wasteplan.scenario.settings import (
    Economics,
    Heading,
    LoopSettings,
    Roads,
    Settings,
    SimulationSettings,
    SolveSettings,
)
from wasteplan.treatment.records import (
    Acceptance,
    Operation,
    Product,
    Size,
    Technology,
    Yield,
)
from wasteplan.units import Record
from wasteplan.waste.records import (
    CompositionShare,
    Fraction,
    FractionProperty,
    Stream,
)

TOWN_T_PER_Y = 36_500.0
PROPERTIES = {
    "moisture_tropical_mixed": 0.5,
    "lhv_dry_mj_per_kg": 20.0,
    "carbon_dry": 0.4,
    "fossil_carbon_share": 0.5,
    "doc_dry": 0.2,
    "ash_dry": 0.1,
    "nitrogen_dry": 0.0,
    "sulphur_dry": 0.0,
}


def case(
    target: float,
    *,
    availability: float = 1.0,
    operation: dict[str, float] | None = None,
    rounds_max: int = 6,
    days: int = 364,
    replications: int = 4,
) -> Scenario:
    """Burning costs 50 a tonne, dumping 10; size `small` 36 500 t/y for 100 000 a year,
    `large` 73 000 t/y for 300 000.  What is burnt leaves nothing."""
    heading = Heading(
        name="loop", title="Loop", currency="USD", price_year=2023, base_year=2029
    )
    distances = [("town", "hill"), ("town", "pit"), ("hill", "pit"), ("pit", "hill")]
    rows = [Operation(technology="burner", **operation)] if operation else []
    settings = Settings(
        scenario=heading,
        economics=Economics(discount_rate=0.0),
        roads=Roads(provider="matrix", speed_km_per_h=40.0),
        solve=SolveSettings(gap=0.0),
        simulation=SimulationSettings(
            seed=5, replications=replications, days=days, warm_up_d=28
        ),
        loop=LoopSettings(rounds_max=rounds_max),
    )
    tables = {
        "generators": [
            WasteGenerator(
                id="town",
                name="Town",
                kind="municipality",
                generator_class="homes",
                region="here",
            )
        ],
        "generator_classes": [GeneratorClass(id="homes")],
        "generation": [
            Generation(
                generator="town", stream="msw", year=2030, waste_t_per_y=TOWN_T_PER_Y
            )
        ],
        "streams": [Stream(id="msw", density_loose_kg_per_m3=500.0)],
        "composition": [CompositionShare(stream="msw", fraction="mixed", share=1.0)],
        "fractions": [Fraction(id="mixed")],
        "fraction_properties": [
            FractionProperty(fraction="mixed", property=p, value=v)
            for p, v in PROPERTIES.items()
        ],
        "vehicles": [Vehicle(id="truck", payload_t=5.0, cost_per_km=0.0)],
        "legs": [Leg(id="all", vehicle="truck")],
        "sites": [
            Site(id="hill", name="Hill", region="here", technologies="burner"),
            Site(id="pit", name="Pit", region="here", technologies="dump"),
        ],
        "facilities": [
            ExistingFacility(
                id="pit_now", site="pit", technology="dump", size="one", opened=2020
            )
        ],
        "technologies": [
            Technology(
                id="burner",
                kind="combustion",
                lifetime_y=30,
                lead_time_y=0,
                availability=availability,
                variable_om_per_t=50.0,
            ),
            Technology(
                id="dump",
                kind="disposal",
                lifetime_y=50,
                availability=1.0,
                variable_om_per_t=10.0,
            ),
        ],
        "sizes": [
            Size(technology=k, id=i, capacity_t_per_y=c, capex=0.0, fixed_om_per_y=f)
            for k, i, c, f in (
                ("burner", "small", 36_500.0, 100_000.0),
                ("burner", "large", 73_000.0, 300_000.0),
                ("dump", "one", 1e6, 0.0),
            )
        ],
        "products": [Product(id="flue", kind="release")],
        "yields": [
            Yield(technology="burner", fraction="any", output="flue", share=1.0)
        ],
        "acceptance": [
            Acceptance(technology=t, accepts="msw") for t in ("burner", "dump")
        ],
        "operations": rows,
        "factors": [YearlyFactor(item="grid_kg_co2e_per_kwh", year=2030, value=0.5)],
        "prices": [
            Price(item=i, year=2030, value=0.1, currency="USD", price_year=2023)
            for i in ("electricity_sold", "electricity_bought", "diesel")
        ],
        "periods": [Period(id="p1", first_year=2030, last_year=2030)],
        "targets": [Target(id="away", metric="landfill_diversion_rate", min=target)],
        "distances": [
            RoadDistance(origin=a, destination=b, distance_km=5.0) for a, b in distances
        ],
    }
    return make_scenario(
        settings, check=False, **{k: stated(v) for k, v in tables.items()}
    )


def stated(rows: list[Record]) -> list[Record]:
    """The rows with a status, so that the case can be written to a folder."""
    paper = {"status": "assumption", "note": "made to be solved on paper"}
    return [r.model_copy(update=paper) if hasattr(r, "status") else r for r in rows]
