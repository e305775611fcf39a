"""A plant that is small enough to appraise on paper.

10,000 t/y go to a public dump (5 USD/t) in 2025-2026 and to a private plant from 2027.
The plant costs 2,000,000 USD, half in 2025 and half in 2026, lasts 10 years (to 2036;
the plan ends in 2030), runs for 10 USD/t and 50,000 USD/y and takes 60 USD at the gate.
All hauls cost 1 USD/t.  It leaves 600,000 - 100,000 - 50,000 = 450,000 USD a year.
"""

from __future__ import annotations

from wasteplan.network.haulage import Leg, Vehicle
from wasteplan.network.places import Site, WasteGenerator
from wasteplan.network.roads import RoadDistance
from wasteplan.plan.records import Build, Plan, Route
from wasteplan.scenario.assembly import make_scenario
from wasteplan.scenario.finance_settings import FinanceSettings
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import (
    ExistingFacility,
    Generation,
    GeneratorClass,
    Loan,
    Owner,
    Period,
)
from wasteplan.scenario.settings import Economics, Heading, Roads, Settings
from wasteplan.treatment.records import Acceptance, Size, Technology
from wasteplan.waste.records import CompositionShare, Fraction, Stream

PLAIN = {
    "inflation_per_y": 0.0,
    "tax_rate": 0.0,
    "working_capital_d": 0.0,
    "replacement_share": 0.0,
    "closure_share": 0.0,
    "upfront_fee": 0.0,
    "commitment_fee_per_y": 0.0,
    "return_target": 0.10,
    "draws": 200,
}
LOAN = Loan(
    id="soft",
    terms="agreed",
    share=0.7,
    interest_per_y=0.05,
    tenor_y=8.0,
    grace_y=2.0,
    status="read",
)
PLANT = "works.plant"


def scenario(
    *, loans: tuple[Loan, ...] = (LOAN,), rate: float = 0.08, **finance: object
) -> Scenario:
    always = {
        "lead_time_y": 2.0,
        "availability": 1.0,
        "electricity_kwh_per_t": 0.0,
        "diesel_l_per_t": 0.0,
        "jobs_per_kt_per_y": 0.0,
    }
    heading = Heading(
        name="small", title="Small", currency="USD", price_year=2024, base_year=2024
    )
    return make_scenario(
        Settings(
            scenario=heading,
            economics=Economics(discount_rate=rate),
            roads=Roads(provider="matrix"),
            finance=FinanceSettings(**{**PLAIN, **finance}),
        ),
        generators=(
            WasteGenerator(
                id="city",
                name="City",
                kind="cluster",
                generator_class="all",
                region="r",
            ),
        ),
        generator_classes=(
            GeneratorClass(id="all", legal_price_per_t=30.0, waste_t_per_worker_y=0.2),
        ),
        generation=(
            Generation(generator="city", stream="w", year=2024, waste_t_per_y=10_000.0),
        ),
        streams=(Stream(id="w"),),
        fractions=(Fraction(id="stuff"),),
        composition=(CompositionShare(stream="w", fraction="stuff", share=1.0),),
        vehicles=(Vehicle(id="truck", cost_per_t_km=0.1),),
        legs=(Leg(id="all", vehicle="truck"),),
        sites=tuple(
            Site(id=i, name=i, region="r", technologies=t, land_cost_per_m2=2.0)
            for i, t in (("works", "plant"), ("dump", ""))
        ),
        technologies=(
            Technology(
                id="plant",
                kind="storage",
                lifetime_y=10.0,
                variable_om_per_t=10.0,
                gate_fee_per_t=60.0,
                **always,
            ),
            Technology(
                id="tip",
                kind="storage",
                lifetime_y=50.0,
                variable_om_per_t=5.0,
                **always,
            ),
        ),
        sizes=(
            Size(
                technology="plant",
                id="only",
                capacity_t_per_y=10_000.0,
                capex=2_000_000.0,
                fixed_om_per_y=50_000.0,
                land_m2=10_000.0,
            ),
            Size(
                technology="tip",
                id="only",
                capacity_t_per_y=20_000.0,
                capex=0.0,
                fixed_om_per_y=0.0,
            ),
        ),
        facilities=(
            ExistingFacility(
                id="old", site="dump", technology="tip", size="only", opened=2020
            ),
        ),
        acceptance=tuple(
            Acceptance(technology=t, accepts="w") for t in ("plant", "tip")
        ),
        periods=(
            Period(id="p1", first_year=2025, last_year=2026),
            Period(id="p2", first_year=2027, last_year=2030),
        ),
        distances=tuple(
            RoadDistance(origin="city", destination=d, distance_km=10.0)
            for d in ("works", "dump")
        ),
        owners=(Owner(technology_or_centre="tip", actor="public"),),
        loans=loans,
    )


def _to(period: str, destination: str) -> Route:
    return Route(
        period=period, origin="city", stream="w", destination=destination, share=1.0
    )


def plan() -> Plan:
    return Plan(
        scenario="small",
        name="by hand",
        builds=(Build(site="works", technology="plant", size="only", period="p2"),),
        routes=(_to("p1", "dump.tip"), _to("p2", PLANT)),
    )


def status_quo() -> Plan:
    routes = (_to("p1", "dump.tip"), _to("p2", "dump.tip"))
    return Plan(scenario="small", name="today", routes=routes)
