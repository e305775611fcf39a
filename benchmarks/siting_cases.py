"""Seeded siting scenarios: generators and candidate plants in the unit square.

After G. Cornuejols, R. Sridharan and J.-M. Thizy, A comparison of heuristics and
relaxations for the capacitated plant location problem, European Journal of Operational
Research 50 (1991) 280-297: demands uniform in 5..35, capacities in 10..160 scaled so
that their sum is a given ratio of all demand, opening at U(100, 110) sqrt(capacity
before scaling) + U(0, 90), hauls at 10 per unit of demand and distance.  Here a unit of
demand is 1,000 t/y and a unit of money 1,000 USD.
"""

from __future__ import annotations

import numpy as np

from wasteplan.network.haulage import Leg, Vehicle
from wasteplan.network.places import Site, WasteGenerator
from wasteplan.network.roads import RoadDistance
from wasteplan.scenario.assembly import make_scenario
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import Generation, Period
from wasteplan.scenario.settings import (
    Economics,
    Heading,
    Roads,
    Settings,
    SolveSettings,
)
from wasteplan.treatment.records import Acceptance, Size, Technology
from wasteplan.waste.records import CompositionShare, Fraction, Stream

T, USD = 1_000.0, 1_000.0
KM_PER_SIDE = 100.0
USD_PER_T_KM = 10.0 / KM_PER_SIDE
KM_MIN = 1e-6
MATRIX_MAX = 1_000_000
"""Pairs above which distances come from coordinates: a matrix would be records."""
DEGREES_PER_SIDE = KM_PER_SIDE / 111.195
"""At the equator, on a sphere of 6,371 km radius."""


def siting_case(
    ratio: float,
    seed: int,
    n_sites: int = 100,
    n_generators: int = 1_000,
    *,
    single: bool = False,
) -> Scenario:
    """One instance as a scenario."""
    chance = np.random.default_rng(seed)
    from_ = chance.random((n_generators, 2))
    to = chance.random((n_sites, 2))
    demand = chance.integers(5, 36, n_generators).astype(float)
    room = chance.integers(10, 161, n_sites).astype(float)
    opening = chance.integers(100, 111, n_sites) * np.sqrt(room)
    opening = np.floor(opening + chance.integers(0, 91, n_sites))
    room = np.floor(room * ratio * demand.sum() / room.sum())
    apart = from_[:, None, :] - to[None, :, :]
    km = np.maximum(KM_PER_SIDE * np.hypot(apart[..., 0], apart[..., 1]), KM_MIN)
    is_matrix = km.size <= MATRIX_MAX
    places = DEGREES_PER_SIDE * to
    homes = DEGREES_PER_SIDE * from_
    roads = Roads(provider="matrix" if is_matrix else "great_circle", circuity=1.0)
    name = f"siting {ratio:g} {seed}{' single' if single else ''}"
    return make_scenario(
        Settings(
            scenario=Heading(
                name="siting",
                title=name,
                currency="USD",
                price_year=2024,
                base_year=2024,
            ),
            economics=Economics(discount_rate=0.0),
            roads=roads,
            solve=SolveSettings(single_sourcing=single),
        ),
        generators=tuple(
            WasteGenerator(
                id=f"g{j}",
                name=f"g{j}",
                kind="cluster",
                generator_class="any",
                region="r",
                lon=None if is_matrix else float(homes[j, 0]),
                lat=None if is_matrix else float(homes[j, 1]),
            )
            for j in range(n_generators)
        ),
        generation=tuple(
            Generation(
                generator=f"g{j}", stream="waste", year=2024, waste_t_per_y=T * d
            )
            for j, d in enumerate(demand)
        ),
        streams=(Stream(id="waste"),),
        composition=(CompositionShare(stream="waste", fraction="mixed", share=1.0),),
        fractions=(Fraction(id="mixed"),),
        vehicles=(Vehicle(id="truck", cost_per_t_km=USD_PER_T_KM),),
        legs=(Leg(id="all", vehicle="truck"),),
        sites=tuple(
            Site(
                id=f"s{i}",
                name=f"s{i}",
                region="r",
                technologies=f"w{i}",
                lon=None if is_matrix else float(places[i, 0]),
                lat=None if is_matrix else float(places[i, 1]),
            )
            for i in range(n_sites)
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
            for i in range(n_sites)
        ),
        sizes=tuple(
            Size(
                technology=f"w{i}",
                id="only",
                capacity_t_per_y=T * float(room[i]),
                capex=0.0,
                fixed_om_per_y=USD * float(opening[i]),
            )
            for i in range(n_sites)
        ),
        acceptance=tuple(
            Acceptance(technology=f"w{i}", accepts="waste") for i in range(n_sites)
        ),
        periods=(Period(id="year", first_year=2024, last_year=2024),),
        distances=tuple(
            RoadDistance(
                origin=f"g{j}", destination=f"s{i}", distance_km=float(km[j, i])
            )
            for j in range(n_generators if is_matrix else 0)
            for i in range(n_sites)
        ),
    )
