"""The OR-Library capacitated warehouse instances as a matrix study of this package.

Distances are c_ij / d_j at unit cost per tonne-kilometre, demands are the tonnes of
generators, a warehouse is a disposal facility with a fixed yearly cost.
Data: J. E. Beasley, OR-Library, capacitated warehouse location (freely distributed).
"""

from pathlib import Path

from wasteplan.network.haulage import Leg, Vehicle
from wasteplan.network.places import Site, WasteGenerator
from wasteplan.network.roads import RoadDistance
from wasteplan.scenario.assembly import make_scenario
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import Generation, Period
from wasteplan.scenario.settings import Economics, Heading, Roads, Settings
from wasteplan.treatment.records import Acceptance, Size, Technology
from wasteplan.waste.records import CompositionShare, Fraction, Stream

FILE = Path(__file__).parent / "orlib_cap71.txt"
FREE_SITE = 10  # the eleventh site has no fixed cost in all instances


def settings(name: str) -> Settings:
    return Settings(
        scenario=Heading(
            name=name, title=name, currency="USD", price_year=2024, base_year=2024
        ),
        economics=Economics(discount_rate=0.0),
        roads=Roads(provider="matrix"),
    )


def warehouses(capacity: float, fixed: float) -> Scenario:
    """One of cap41 ... cap74: all capacities and all non-zero fixed costs replaced."""
    numbers = [float(w) for w in FILE.read_text().split()]
    n_sites, n_customers = int(numbers[0]), int(numbers[1])
    at = 2 + 2 * n_sites
    demands, rows = [], []
    for _ in range(n_customers):
        demands.append(numbers[at])
        rows.append(numbers[at + 1 : at + 1 + n_sites])
        at += 1 + n_sites
    sites = range(n_sites)
    return make_scenario(
        settings("warehouses"),
        generators=tuple(
            WasteGenerator(
                id=f"c{j}",
                name=f"c{j}",
                kind="cluster",
                generator_class="any",
                region="r",
            )
            for j in range(n_customers)
        ),
        generation=tuple(
            Generation(generator=f"c{j}", stream="waste", year=2024, waste_t_per_y=d)
            for j, d in enumerate(demands)
        ),
        streams=(Stream(id="waste"),),
        composition=(CompositionShare(stream="waste", fraction="mixed", share=1.0),),
        fractions=(Fraction(id="mixed"),),
        vehicles=(Vehicle(id="truck", cost_per_t_km=1.0),),
        legs=(Leg(id="all", vehicle="truck"),),
        sites=tuple(
            Site(id=f"s{i}", name=f"s{i}", region="r", technologies=f"w{i}")
            for i in sites
        ),
        technologies=tuple(
            Technology(
                id=f"w{i}",
                kind="disposal",
                lifetime_y=1,
                lead_time_y=0,
                availability=1.0,
                variable_om_per_t=0.0,
            )
            for i in sites
        ),
        sizes=tuple(
            Size(
                technology=f"w{i}",
                id="only",
                capacity_t_per_y=capacity,
                capex=0.0,
                fixed_om_per_y=0.0 if i == FREE_SITE else fixed,
            )
            for i in sites
        ),
        acceptance=tuple(
            Acceptance(technology=f"w{i}", accepts="waste") for i in sites
        ),
        periods=(Period(id="year", first_year=2024, last_year=2024),),
        distances=tuple(
            RoadDistance(
                origin=f"c{j}", destination=f"s{i}", distance_km=rows[j][i] / demands[j]
            )
            for j in range(n_customers)
            for i in sites
        ),
    )
