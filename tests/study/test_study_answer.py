"""The ten lines say what the numbers say."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest
from study_case import evaluation, plan, result, scenario

from wasteplan.evaluation.result import Unmixing
from wasteplan.study.answer import Result, answer
from wasteplan.study.limits import binding


def test_there_are_ten_topics_and_each_says_something() -> None:
    lines = answer(result(), "out/small/report.html").lines
    assert len(lines) == 10
    assert all(lines.values())


def test_what_is_built_where_how_big_and_when() -> None:
    assert answer(result()).lines["Build"] == (
        "Burner at South gate, 600 t/y, from 2030"
    )


def test_cost_diversion_and_emissions() -> None:
    """90 USD/t; 54 % in 2030; 1 t emitted and 0.4 t avoided."""
    lines = answer(result()).lines
    assert lines["Cost"].startswith("90.0 USD/t (90,000 USD present value over 2030")
    assert lines["Diversion"] == "54.0 % in 2030; recycling 0.0 % at the end"
    assert lines["Emissions"] == (
        "0.6 kg CO2e/t; 0.001 kt CO2e emitted over the horizon, "
        "0.0004 kt avoided elsewhere"
    )


def test_the_share_on_weak_numbers_counts_sizes() -> None:
    """10 000 of 110 000 gross is assumption; 400 kg of 1 400 kg is memory."""
    assert answer(result()).lines["Rests on"].startswith("9 % of cost and 29 % of CO2e")


def test_the_proof_states_the_gap_three_ways() -> None:
    assert answer(result()).lines["Proof"] == (
        "proved optimal; no plan is cheaper by more than 1,000 USD (1.00 USD/t, "
        "1.00 % of gross cost)"
    )


def test_without_a_proof_nothing_is_claimed() -> None:
    by_hand = dataclasses.replace(
        result(), plan=plan().model_copy(update={"proof": None})
    )
    assert answer(by_hand).lines["Proof"] == "none; the plan was made by hand"


def test_the_status_quo_is_shown_as_a_difference() -> None:
    """90 against 70 USD/t, 54 against 10 %."""
    before = evaluation(cost=70_000.0, diversion=0.1)
    assert answer(result(baseline=before)).lines["Status quo"] == (
        "plan less status quo: +20.0 USD/t, 0 kg CO2e/t, diversion +44.0 points in 2030"
    )


def test_unknown_emissions_are_called_unknown() -> None:
    unknown = evaluation().emissions.assign(kg_co2e=float("nan"))
    found = dataclasses.replace(evaluation(), emissions=unknown)
    lines = answer(Result(scenario(), plan(), found)).lines
    assert lines["Emissions"].startswith("unknown")
    assert "unknown of CO2e" in lines["Rests on"]


def test_the_simulated_interval_stands_beside_the_plan() -> None:
    @dataclasses.dataclass
    class Simulated:
        kpis: pd.DataFrame

    row = {"id": "landfill_diversion_rate", "period": "p1", "label": "", "unit": "-"}
    row |= {"mean": 0.52, "half_width": 0.01, "low": 0.51, "high": 0.53, "n": 10}
    lines = answer(result(simulation=Simulated(pd.DataFrame([row])))).lines
    assert lines["Diversion"].startswith(
        "54.0 % in 2030; simulated 52.0 % (+- 1.0 points)"
    )


def test_a_large_error_of_the_blends_is_said() -> None:
    mixed = dataclasses.replace(
        evaluation(), unmixing=Unmixing(tonnes=0.0, heat=-0.02, cost=0.0, emissions=0.0)
    )
    proof = answer(Result(scenario(), plan(), mixed)).lines["Proof"]
    assert proof.endswith("real blends change the sums by 2.0 %")


def test_long_lines_are_folded_under_their_topic() -> None:
    text = str(answer(result(), "out/small/report.html"))
    assert max(map(len, text.splitlines())) <= 88
    assert text.startswith("Build       Burner at South gate")


@pytest.mark.parametrize(("least", "binds"), [(0.54, True), (0.5, False)])
def test_a_target_binds_when_it_is_met_exactly(least: float, binds: bool) -> None:
    limits = binding(scenario(least), plan(), evaluation())
    assert ("diversion target of all waste (2030)" in limits) == binds
    assert limits[-1] == "Burner at South gate full by mass in 2030"
