"""A plan with a part-load curve: the real cost, and a bound that holds below it."""

from dataclasses import replace

import pytest
from test_emission_terms import READ, town

from wasteplan.evaluation.evaluating import evaluate
from wasteplan.optimize.solving import solve
from wasteplan.scenario.records import Price
from wasteplan.treatment.records import PartLoad


def test_the_proof_has_the_real_cost_and_a_bound_below_it() -> None:
    """800 t in a burner for 1,600 (at 20 MJ/kg): load 0.5, 10 % of the power lost.

    800 x 1,111.11 kWh at 0.1 USD, two years: 177,778 planned, 160,000 real.
    """
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
    curve = tuple(
        PartLoad(technology="burner", load=a, efficiency_share=b, **READ)
        for a, b in ((0.5, 0.9), (1.0, 1.0))
    )
    scenario = replace(base, sizes=half, prices=prices)
    flat = solve(scenario)
    curved = solve(replace(scenario, part_load=curve))
    assert flat.proof is not None
    assert curved.proof is not None
    real = evaluate(replace(scenario, part_load=curve), curved).cost_present_value
    lost = 0.1 * 2 * 800 * 20_000 * 0.2 / 3.6 * 0.1
    assert curved.proof.objective == pytest.approx(real, rel=1e-9)
    assert real - flat.proof.objective == pytest.approx(lost, rel=1e-9)
    assert curved.proof.bound <= flat.proof.objective + 1e-6
    assert "full load" in curved.proof.note
    assert flat.proof.note == ""
