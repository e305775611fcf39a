"""The optimizer's emissions are those of the assessment, to rounding.

A town makes 1,000 t of `dry` (0.5 fossil carbon, 10 % ash, 20 MJ/kg) and 600 t of `wet`
(no fossil carbon, 0.2 degradable).  `dry` is burnt at 20 % net efficiency, its ash is
buried, `wet` is buried.  On paper, per tonne of dry: 0.5 x 44/12 x 1000 = 1,833.333 kg
CO2; 0.2 g CH4 (fossil), 50 g N2O; 10 kg CO2e of auxiliaries; 20,000 x 0.2 / 3.6 =
1,111.111 kWh.
"""

import math
from dataclasses import replace

import numpy as np
import pytest

from wasteplan.evaluation.evaluating import evaluate
from wasteplan.evaluation.inventorying import inventory
from wasteplan.network.haulage import Leg, Vehicle
from wasteplan.network.places import Site, WasteGenerator
from wasteplan.network.roads import RoadDistance
from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.emission_terms import emission_terms
from wasteplan.optimize.reading import read_plan
from wasteplan.optimize.running import Stop
from wasteplan.optimize.searching import Search, solved
from wasteplan.scenario.assembly import make_scenario
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import (
    ExistingFacility,
    Fate,
    Generation,
    GeneratorClass,
    LeakageStep,
    Period,
    Price,
    Target,
    YearlyFactor,
)
from wasteplan.scenario.settings import (
    Assessment,
    Economics,
    Heading,
    Roads,
    Settings,
)
from wasteplan.superstructure.assembly import superstructure
from wasteplan.treatment.landfill import leachate, phases_of
from wasteplan.treatment.records import Acceptance, Product, Size, Technology, Yield
from wasteplan.waste.records import CompositionShare, Fraction, FractionProperty, Stream

READ = {"status": "read"}
PROPERTIES = {  # LHV, ash, carbon, fossil share, degradable
    "dry": (20.0, 0.1, 0.5, 1.0, 0.0),
    "wet": (10.0, 0.3, 0.4, 0.0, 0.2),
    "ash": (0.0, 1.0, 0.0, 0.0, 0.0),
}
NAMES = (
    "lhv_dry_mj_per_kg",
    "ash_dry",
    "carbon_dry",
    "fossil_carbon_share",
    "doc_dry",
)
PLAIN = {
    "lifetime_y": 20,
    "lead_time_y": 0,
    "availability": 1,
    "variable_om_per_t": 0,
    "electricity_kwh_per_t": 0,
    "diesel_l_per_t": 0,
    "jobs_per_kt_per_y": 0,
    **READ,
}
GRID, MARGINAL = 0.5, 0.8
KM = 10.0


def town(**assessment: object) -> Scenario:
    places = ("town", "works", "hole")
    technologies = [
        Technology(
            id="burner", kind="combustion", efficiency_electric_net=0.2, **PLAIN
        ),
        Technology(
            id="tip",
            kind="disposal",
            compaction_t_per_m3=1,
            cover_share=0,
            methane_correction=1,
            gas_capture=0.5,
            gas_capture_from_y=1,
            gas_capture_until_y=30,
            gas_to_engine=0,
            oxidation=0.1,
            **PLAIN,
        ),
    ]
    return make_scenario(
        Settings(
            scenario=Heading(
                name="case",
                title="Case",
                currency="USD",
                price_year=2024,
                base_year=2024,
            ),
            economics=Economics(discount_rate=0),
            roads=Roads(provider="matrix"),
            assessment=Assessment(**assessment),
        ),
        check=False,
        generators=[
            WasteGenerator(
                id="town",
                name="town",
                kind="municipality",
                generator_class="town",
                region="here",
                **READ,
            )
        ],
        generator_classes=[GeneratorClass(id="town", **READ)],
        generation=[
            Generation(generator="town", stream=s, year=2024, waste_t_per_y=t, **READ)
            for s, t in (("dry", 1000.0), ("wet", 600.0))
        ],
        streams=[Stream(id=s, moisture_basis="ipcc", **READ) for s in ("dry", "wet")],
        composition=[
            CompositionShare(stream=s, fraction=s, share=1, moisture=0, **READ)
            for s in ("dry", "wet")
        ],
        fractions=[
            Fraction(id=f, decay_class="food" if f == "wet" else "none", **READ)
            for f in PROPERTIES
        ],
        fraction_properties=[
            FractionProperty(fraction=f, property=name, value=value, **READ)
            for f, values in PROPERTIES.items()
            for name, value in zip(NAMES, values, strict=True)
        ],
        sites=[
            Site(id=s, name=s, region="here", technologies=t, **READ)
            for s, t in (("works", "burner"), ("hole", "tip"))
        ],
        technologies=technologies,
        sizes=[
            Size(
                technology=t,
                id="big",
                capacity_t_per_y=1e5,
                capex=0,
                fixed_om_per_y=0,
                **READ,
            )
            for t in ("burner", "tip")
        ],
        facilities=[
            ExistingFacility(
                id=s, site=s, technology=t, size="big", opened=2024, **READ
            )
            for s, t in (("works", "burner"), ("hole", "tip"))
        ],
        products=[
            Product(id="slag", kind="residue", fraction="ash", **READ),
            Product(id="gas", kind="release", **READ),
        ],
        yields=[
            Yield(technology="burner", fraction="any", output=o, share=x, **READ)
            for o, x in (("slag", 0.1), ("gas", 0.9))
        ],
        acceptance=[
            Acceptance(technology=t, accepts=a, **READ)
            for t, a in (("burner", "dry"), ("tip", "wet"), ("tip", "slag"))
        ],
        fates=[Fate(id="fire", kind="open_burning", **READ)],
        leakage=[
            LeakageStep(
                generator_class="town", stream="dry", fate="fire", share=0.2, **READ
            )
        ],
        prices=[
            Price(item=i, year=2024, value=0.0, currency="USD", price_year=2024, **READ)
            for i in ("electricity_sold", "electricity_bought")
        ],
        factors=[
            YearlyFactor(item=i, year=2024, value=v, **READ)
            for i, v in (
                ("grid_kg_co2e_per_kwh", GRID),
                ("grid_marginal_kg_co2e_per_kwh", MARGINAL),
            )
        ],
        targets=[Target(id="cap", metric="co2e_t_per_y", max=1e7, **READ)],
        vehicles=[
            Vehicle(id="truck", cost_per_t_km=1, payload_t=10, co2_kg_per_km=1, **READ)
        ],
        legs=[Leg(id="every", vehicle="truck", **READ)],
        distances=[
            RoadDistance(origin=a, destination=b, distance_km=KM, **READ)
            for i, a in enumerate(places)
            for b in places[i + 1 :]
        ],
        periods=[Period(id="p1", first_year=2025, last_year=2026, **READ)],
    )


def both(scenario: Scenario) -> tuple[dict[str, float], dict[str, float]]:
    """(optimizer, assessment) of the last year.  [t CO2e/y]"""
    p, outcome = solved(
        PlanningData(superstructure(scenario)), Search(Stop(0.0, 30.0, 1))
    )
    terms = emission_terms(p, outcome.solution)
    found = evaluate(scenario, read_plan(p, outcome, "solved")).emissions
    last = found[found["year"] == 2026]
    is_credit = last["is_credit"].astype(bool)
    own = {
        "direct": last.loc[~is_credit, "kg_co2e"].sum() / 1000,
        "avoided": last.loc[is_credit, "kg_co2e"].sum() / 1000,
        "haul": last.loc[last["stage"] == "haul", "kg_co2e"].sum() / 1000,
        "leaked": last.loc[last["stage"] == "leakage", "kg_co2e"].sum() / 1000,
    }
    mine = {
        "direct": 1000 * float(terms.direct[0]),
        "avoided": 1000 * float(terms.avoided[0]),
        "haul": 1000 * float(terms.haul[0]),
        "leaked": 1000 * float(terms.leaked[0]),
    }
    return mine, own


@pytest.mark.parametrize(
    "assessment",
    [
        {},
        {"gwp": "AR5", "electricity_credit": "marginal"},
        {"decay": "ipcc2019", "climate": "tropical_dry"},
    ],
)
def test_the_optimizer_and_the_assessment_agree(assessment: dict[str, str]) -> None:
    mine, own = both(town(**assessment))
    for name, value in own.items():
        assert mine[name] == pytest.approx(value, rel=1e-9, abs=1e-9), name
    assert own["direct"] > 0 > own["avoided"]


def with_phases(scenario: Scenario) -> Scenario:
    """The tip under 1.4 m of rain, 20 m high, its life as in the package."""
    tip = scenario.technology["tip"].model_copy(
        update={
            "landfill_phases": "us_typical",
            "gas_capture_from_y": None,
            "gas_capture_until_y": None,
            "waste_height_m": 20.0,
        }
    )
    rows = tuple(tip if t.id == "tip" else t for t in scenario.technologies)
    return replace(scenario, technologies=rows)


def test_they_agree_with_capture_by_age_and_leachate() -> None:
    mine, own = both(with_phases(town(rain_mm_per_y=1400.0)))
    plain, _ = both(town())
    for name, value in own.items():
        assert mine[name] == pytest.approx(value, rel=1e-9, abs=1e-9), name
    assert mine["direct"] != pytest.approx(plain["direct"], rel=1e-3)


def test_leachate_reaches_water_in_the_inventory() -> None:
    """600 t of wet and 80 t of ash a year on 0.05 m2/t: the same litres a tonne."""
    scenario = with_phases(town(rain_mm_per_y=1400.0))
    p, outcome = solved(
        PlanningData(superstructure(scenario)), Search(Stop(0.0, 30.0, 1))
    )
    found = inventory(scenario, read_plan(p, outcome, "solved"))
    last = found[found["year"] == 2026].groupby("substance")["kg"].sum()
    tip = scenario.technology["tip"]
    per_t = leachate(tip, phases_of(tip), 1400.0, 1.0)
    assert last["cod"] == pytest.approx(680 * per_t.cod_kg, rel=1e-9)
    assert last["n_water"] == pytest.approx(680 * per_t.nitrogen_kg, rel=1e-9)


@pytest.mark.parametrize(
    ("credit", "factor"), [("average", GRID), ("marginal", MARGINAL)]
)
def test_both_are_what_paper_says(credit: str, factor: float) -> None:
    """800 t of dry burnt, 200 t in fires, 600 t of wet buried, AR6.

    Gas of wet: 66.667 kg/t x (1 - e^-40); captured half of e^-0.4 - e^-12; a tenth of
    the rest oxidised; 27 kg CO2e/kg.  Fires: 58 % of the carbon, 6.5 g/kg CH4 at 29.8
    and 0.15 g/kg N2O at 273.  Trucks: 2 x 10 km x 1 kg / 10 t = 2 kg for each of
    800 + 80 (ash) + 600 t.
    """
    mine, own = both(town(electricity_credit=credit))
    per_dry = 1000 * 0.5 * 44 / 12
    burner = 800 * (per_dry + 0.0002 * 29.8 + 0.05 * 273 + 10) / 1000
    made = 1000 * 0.2 * 0.5 * 0.5 * 16 / 12
    caught = 0.5 * made * (math.exp(-0.4) - math.exp(-12))
    tip = 600 * 0.9 * (made * -math.expm1(-40) - caught) * 27 / 1000
    fires = 200 * (0.58 * per_dry + 6.5 * 29.8 + 0.15 * 273) / 1000
    power = 800 * 20_000 * 0.2 / 3.6 * factor / 1000
    for found in (mine, own):
        assert found["leaked"] == pytest.approx(fires, rel=1e-9)
        assert found["avoided"] == pytest.approx(-power, rel=1e-9)
        assert found["haul"] == pytest.approx(1480 * 2 / 1000, rel=1e-9)
        whole = burner + tip + fires + found["haul"]
        assert found["direct"] == pytest.approx(whole, rel=1e-9)
    assert np.isfinite(own["direct"])
