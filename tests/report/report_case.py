"""A made-up case with everything a report can show, small enough to read."""

from dataclasses import dataclass, field, replace

import pandas as pd
import report_frames as frames

from wasteplan.evaluation.result import Evaluation, Kpi, Unmixing, Violation
from wasteplan.network.places import Centre, Outlet, Site, WasteGenerator
from wasteplan.network.roads import RoadEdge, RoadNode
from wasteplan.plan.records import Build, Plan, Proof
from wasteplan.report.subject import Subject
from wasteplan.scenario.model import Scenario, SourceEntry
from wasteplan.scenario.records import (
    ExistingFacility,
    Fate,
    Generation,
    Period,
    Range,
    Target,
)
from wasteplan.scenario.settings import Settings
from wasteplan.treatment.records import Product, Size, Technology
from wasteplan.waste.records import Stream

HOSTILE = '</script><img src=x onerror="alert(1)"><!--'
FORMULA = '=HYPERLINK("http://evil.example","x")'

PERIODS = ("p1", "p2")


@dataclass(frozen=True)
class Simulated:
    """Stands in for the simulator's result: the same frames."""

    kpis: pd.DataFrame
    plants: pd.DataFrame
    stocks: pd.DataFrame
    trips: pd.DataFrame = field(default_factory=frames.sim_trips)
    outages: pd.DataFrame = field(default_factory=frames.sim_outages)
    diversion: pd.DataFrame = field(default_factory=pd.DataFrame)
    seed: int = 7
    replications: int = 10
    days: int = 365


def scenario(**changes) -> Scenario:
    sourced = {"source": "survey", "status": "read"}
    case = Scenario(
        settings=Settings.model_validate(
            {
                "scenario": {
                    "name": "small",
                    "title": "Two zones and a town",
                    "description": "A made-up case.",
                    "currency": "USD",
                    "price_year": 2024,
                    "base_year": 2025,
                },
                "economics": {"discount_rate": 0.06},
                "roads": {"provider": "graph"},
            }
        ),
        sources=(SourceEntry(id="survey", text="A made-up survey."),),
        generators=(
            WasteGenerator(
                id="zone",
                name="Zone",
                kind="zone",
                generator_class="factory",
                region="west",
                lon=104.8,
                lat=11.5,
                **sourced,
            ),
            WasteGenerator(
                id="town",
                name="Town",
                kind="municipality",
                generator_class="household",
                region="east",
                lon=105.0,
                lat=11.6,
                **sourced,
            ),
        ),
        generation=(
            Generation(
                generator="zone",
                stream="garment",
                year=2026,
                waste_t_per_y=10_000,
                source="survey",
                status="assumption",
            ),
            Generation(
                generator="town",
                stream="msw",
                year=2026,
                waste_t_per_y=40_000,
                **sourced,
            ),
        ),
        streams=(
            Stream(id="garment", name="Garment waste", **sourced),
            Stream(id="msw", name="Household waste", **sourced),
        ),
        sites=(
            Site(id="park", name="Industry park", region="west", lon=104.85, lat=11.45),
            Site(id="hill", name="The hill", region="east", lon=105.1, lat=11.4),
        ),
        centres=(
            Centre(
                id="yard",
                name="East yard",
                region="east",
                lon=104.95,
                lat=11.55,
                throughput_max_t_per_y=50_000,
                capex=1e6,
            ),
        ),
        facilities=(
            ExistingFacility(
                id="old_dump", site="hill", technology="dump", size="all", opened=2010
            ),
        ),
        technologies=(
            Technology(
                id="wte",
                name="Burner",
                kind="combustion",
                lifetime_y=25,
                availability=0.9,
                source="survey",
                status="memory",
            ),
            Technology(id="dump", name="Open dump", kind="disposal", lifetime_y=50),
        ),
        sizes=(
            Size(
                technology="wte",
                id="s40",
                capacity_t_per_y=40_000,
                lhv_design_mj_per_kg=10.0,
                capex=30e6,
                source="survey",
                status="assumption",
            ),
            Size(technology="dump", id="all", capacity_t_per_y=90_000),
        ),
        products=(
            Product(id="ash", name="Bottom ash", kind="residue"),
            Product(id="metal", name="Metals", kind="recyclate"),
        ),
        outlets=(
            Outlet(
                id="buyer",
                name="Scrap buyer",
                kind="buyer",
                accepts="metal",
                lon=104.9,
                lat=11.3,
                price_per_t=90,
            ),
        ),
        fates=(Fate(id="burning", kind="open_burning"),),
        periods=(
            Period(id="p1", first_year=2026, last_year=2030),
            Period(id="p2", first_year=2031, last_year=2035),
        ),
        targets=(
            Target(id="half", metric="landfill_diversion_rate", min=0.5, period="p2"),
        ),
        nodes=(
            RoadNode(id="a", lon=104.8, lat=11.5),
            RoadNode(id="b", lon=105.0, lat=11.6),
        ),
        edges=(RoadEdge(from_node="a", to_node="b", length_km=30),),
        ranges=(
            Range(table="sizes", row="wte/s40", column="capex", low=24e6, high=45e6),
        ),
        filled_cells={("technologies", "wte", "availability"): "assumption"},
    )
    return replace(case, **changes)


def plan() -> Plan:
    return Plan(
        scenario="small",
        name="best",
        made_by="solve",
        builds=(
            Build(site="yard", technology="centre", size="centre", period="p1"),
            Build(site="park", technology="wte", size="s40", period="p2"),
        ),
        proof=Proof(
            status="gap",
            objective=41e6,
            bound=40.6e6,
            gross_cost=60e6,
            gap=0.4e6,
            gap_of_gross=0.0067,
            gap_per_t=0.9,
        ),
    )


def evaluation(**changes) -> Evaluation:
    made = Evaluation(
        scenario="small",
        plan="best",
        flows=frames.flows(),
        costs=frames.costs(),
        transfers=frames.transfers(),
        emissions=frames.emissions(),
        facilities=frames.facilities(),
        waste=frames.waste(),
        unmixing=Unmixing(0.001, 0.002, 0.0005, 0.003, ("park.wte",)),
        kpis=_kpis(),
    )
    return replace(made, **changes)


def baseline() -> Evaluation:
    kpis = (
        Kpi("cost_per_t", "Levelised cost", 22.0, "money/t", "less"),
        Kpi("landfill_diversion_rate", "Landfill diversion", 0.02, "-", "more", "p2"),
    )
    return evaluation(plan="status_quo", kpis=kpis)


def simulation() -> Simulated:
    rows = [
        (
            "landfill_diversion_rate",
            "Landfill diversion",
            "-",
            p,
            m,
            0.01,
            m - 0.01,
            m + 0.01,
            10,
        )
        for p, m in (("p1", 0.03), ("p2", 0.51))
    ]
    columns = [
        "id",
        "label",
        "unit",
        "period",
        "mean",
        "half_width",
        "low",
        "high",
        "n",
    ]
    return Simulated(
        pd.DataFrame(rows, columns=columns), frames.sim_plants(), frames.sim_stocks()
    )


def subject(**changes) -> Subject:
    made = Subject(
        scenario=scenario(),
        plan=plan(),
        evaluation=evaluation(),
        baseline=baseline(),
        simulation=simulation(),
        answer="Build       Burner at the park\n"
        "            from 2031\n"
        "Cost        57.4 USD/t",
    )
    return replace(made, **changes)


def _kpis() -> tuple[Kpi, ...]:
    kpis = [
        Kpi("cost_per_t", "Levelised cost", 57.4, "money/t", "less"),
        Kpi(
            "cost_present_value", "System cost", 21.3e6, "money, present value", "less"
        ),
    ]
    for period, diversion, recycling in (("p1", 0.0, 0.0), ("p2", 0.46, 0.01)):
        kpis += [
            Kpi(
                "landfill_diversion_rate",
                "Landfill diversion",
                diversion,
                "-",
                "more",
                period,
            ),
            Kpi("recycling_rate", "Recycling", recycling, "-", "more", period),
        ]
    return tuple(kpis)


def missed() -> Violation:
    return Violation("landfill_diversion_rate", "", "p2", 0.46, 0.5, "-")
