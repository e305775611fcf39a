"""A result small enough to check on paper, without a solver.

One city, 1 000 t in 2030.  600 t go to a burner built for 2 000 000 USD, 400 t to an
existing landfill, 60 t of ash follow: diversion 1 - 460 / 1000 = 54 %.
"""

from __future__ import annotations

import pandas as pd

from wasteplan.evaluation.result import (
    COST_COLUMNS,
    EMISSION_COLUMNS,
    FACILITY_COLUMNS,
    FLOW_COLUMNS,
    TRANSFER_COLUMNS,
    WASTE_COLUMNS,
    Evaluation,
    Kpi,
)
from wasteplan.network.places import Site
from wasteplan.plan.records import Build, Plan, Proof
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import Generation, Period, Target
from wasteplan.scenario.settings import Economics, Heading, Roads, Settings
from wasteplan.study.answer import Result
from wasteplan.treatment.records import Size, Technology


def scenario(diversion_min: float = 0.54) -> Scenario:
    heading = Heading(
        name="small",
        title="Small",
        currency="USD",
        price_year=2023,
        base_year=2029,
        notes=("Targets are illustrative.", "A second note."),
    )
    target = Target(id="away", metric="landfill_diversion_rate", min=diversion_min)
    return Scenario(
        settings=Settings(
            scenario=heading,
            economics=Economics(discount_rate=0.0),
            roads=Roads(provider="matrix"),
        ),
        sites=(Site(id="s", name="South gate", region="r"),),
        technologies=(Technology(id="wte", name="Burner", kind="combustion"),),
        sizes=(Size(technology="wte", id="small", capacity_t_per_y=600.0, capex=2e6),),
        generation=(
            Generation(generator="city", stream="msw", year=2030, waste_t_per_y=1000.0),
        ),
        periods=(Period(id="p1", first_year=2030, last_year=2030),),
        targets=(target,),
    )


def plan() -> Plan:
    return Plan(
        scenario="small",
        name="solved",
        made_by="solve",
        builds=(Build(site="s", technology="wte", size="small", period="p1"),),
        proof=Proof(
            status="optimal",
            objective=90_000.0,
            bound=89_000.0,
            gross_cost=100_000.0,
            gap=1_000.0,
            gap_of_gross=0.01,
            gap_per_t=1.0,
        ),
    )


def evaluation(cost: float = 90_000.0, diversion: float = 0.54) -> Evaluation:
    """Cost 100 000 - 10 000 of sales; 1 000 kg emitted, 400 kg avoided."""
    costs = [
        ("p1", 2030, "capital", "s.wte", "wte", "operator", cost, "read"),
        ("p1", 2030, "haul", "city", "haul", "public", 10_000.0, "assumption"),
        ("p1", 2030, "sales", "buyer", "outlet", "operator", -10_000.0, "read"),
    ]
    emissions = [
        ("p1", 2030, "process", "s.wte", "wte", "co2_fossil", False, 1000.0, "read"),
        ("p1", 2030, "avoided", "s.wte", "wte", "co2e", True, -400.0, "memory"),
    ]
    lost = 1000.0 * (1 - diversion)
    waste = dict.fromkeys(WASTE_COLUMNS, 0.0) | {
        "period": "p1",
        "region": "r",
        "stream": "msw",
        "generated_t": 1000.0,
        "landfilled_t": lost - 60,
        "residues_landfilled_t": 60.0,
        "recovered_t": 600.0,
        "released_t": 540.0,
    }
    nothing = float("nan")
    burner = dict.fromkeys(FACILITY_COLUMNS, nothing) | {
        "period": "p1",
        "plant": "s.wte",
        "site": "s",
        "technology": "wte",
        "utilisation": 1.0,
        "binding": "mass",
    }
    transfers = [(2030, "public", "operator", "gate_fee", 30_000.0, 30_000.0)]
    cost_columns = [c for c in COST_COLUMNS if c != "present_value"]
    table = pd.DataFrame(costs, columns=cost_columns)
    return Evaluation(
        scenario="small",
        plan="solved",
        flows=pd.DataFrame(columns=list(FLOW_COLUMNS)),
        costs=table.assign(present_value=table["amount"])[list(COST_COLUMNS)],
        transfers=pd.DataFrame(transfers, columns=list(TRANSFER_COLUMNS)),
        emissions=pd.DataFrame(emissions, columns=list(EMISSION_COLUMNS)),
        facilities=pd.DataFrame([burner], columns=list(FACILITY_COLUMNS)),
        waste=pd.DataFrame([waste], columns=list(WASTE_COLUMNS)),
        kpis=(
            Kpi("cost_per_t", "Cost", cost / 1000.0, "money/t", "less"),
            Kpi("co2e_kg_per_t", "CO2e", 0.6, "kg CO2e/t", "less"),
            Kpi("landfill_diversion_rate", "Diversion", diversion, "-", "more", "p1"),
            Kpi("recycling_rate", "Recycling", 0.0, "-", "more", "p1"),
        ),
    )


def result(**more: object) -> Result:
    return Result(scenario(), plan(), evaluation(), **more)
