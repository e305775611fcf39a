"""A plan with a part-load curve: the real cost, and a bound that holds below it."""

from dataclasses import replace

import pytest
from test_emission_terms import READ, town

from wasteplan.evaluation.evaluating import evaluate
from wasteplan.optimize.solving import solve
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import Price, Target
from wasteplan.treatment.records import PartLoad


def half_empty() -> Scenario:
    """The town, its burner twice as large, power at 0.1 USD."""
    base = town()
    half = tuple(
        s.model_copy(update={"capacity_t_per_y": 1600.0, "lhv_design_mj_per_kg": 20.0})
        if s.technology == "burner"
        else s
        for s in base.sizes
    )
    prices = tuple(
        Price(item=i, year=2024, value=0.1, currency="USD", price_year=2024, **READ)
        for i in ("electricity_sold", "electricity_bought")
    )
    return replace(base, sizes=half, prices=prices)


CURVE = tuple(
    PartLoad(technology="burner", load=a, efficiency_share=b, **READ)
    for a, b in ((0.5, 0.9), (1.0, 1.0))
)


def test_the_proof_has_the_real_cost_and_a_bound_below_it() -> None:
    """800 t in a burner for 1,600 (at 20 MJ/kg): load 0.5, 10 % of the power lost.

    800 x 1,111.11 kWh at 0.1 USD, two years: 177,778 planned, 160,000 real.
    """
    scenario = half_empty()
    flat = solve(scenario)
    curved = solve(replace(scenario, part_load=CURVE))
    assert flat.proof is not None
    assert curved.proof is not None
    real = evaluate(replace(scenario, part_load=CURVE), curved).cost_present_value
    lost = 0.1 * 2 * 800 * 20_000 * 0.2 / 3.6 * 0.1
    assert curved.proof.objective == pytest.approx(real, rel=1e-9)
    assert real - flat.proof.objective == pytest.approx(lost, rel=1e-9)
    assert curved.proof.bound <= flat.proof.objective + 1e-6
    assert "full load" in curved.proof.note
    assert flat.proof.note == ""


def test_a_cap_that_part_load_breaks_is_said_to_be_missed_by_loads() -> None:
    """The cap fits the emissions of full load: a tenth less power is above it."""
    scenario = half_empty()
    at_full = evaluate(scenario, solve(scenario)).emissions["kg_co2e"].sum() / 1000
    cap = Target(id="cap", metric="co2e_total_t", max=at_full + 1.0, **READ)
    capped = replace(scenario, targets=(cap,), part_load=CURVE)
    proof = solve(capped).proof
    assert proof is not None
    assert proof.status == "restricted"
    assert proof.note.startswith("Burners were planned at the efficiency of full load")
    assert "With real blends and loads it misses: co2e_total_t at cap" in proof.note
    assert "origins of one output" not in proof.note
