"""Objectives and limits on what adds up over all years; the working is on paper."""

from dataclasses import replace

import numpy as np
import pytest
from networks import (
    Fate,
    GeneratorClass,
    LeakageStep,
    Period,
    Target,
    settings,
    two_generators,
    waste,
)
from random_networks import random_network
from test_rendering import assert_same_matrix

from wasteplan.errors import NoAnswer, ScenarioError
from wasteplan.evaluation.evaluating import evaluate
from wasteplan.evaluation.horizon import objective_value, total
from wasteplan.network.haulage import Vehicle
from wasteplan.optimize import solve
from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.solving import TIE
from wasteplan.scenario.model import Scenario
from wasteplan.study.front_steps import aimed
from wasteplan.study.front_steps import limited as within
from wasteplan.superstructure.assembly import superstructure

MIXED = 0.01  # what real blends may change before a plan is sought again
THREE_YEARS = (Period(id="p1", first_year=2025, last_year=2027),)
TOTALS = ("cost_total", "co2e_total_t", "co2e_direct_total_t", "landfilled_total_t")


def limited(scenario: Scenario, **limits: float) -> Scenario:
    return within(scenario, limits)


def test_a_limit_on_landfilled_tonnes_counts_every_year():
    """80 kt/y for 3 years, at most 60 kt landfilled: 180 kt at 41, 60 kt at 11 USD/t.

    7,380,000 + 660,000 = 8,040,000 USD.
    """
    case = limited(two_generators(periods=THREE_YEARS), landfilled_total_t=60_000)

    plan = solve(case)

    assert plan.proof.objective == pytest.approx(8_040_000.0)
    found = evaluate(case, plan)
    assert total(case, "landfilled_total_t", found) == pytest.approx(60_000)


def test_growth_is_counted_year_by_year():
    """50 and 30 kt in 2024 grow 10 % a year; all of 2025-2026 to the tip.

    80 x (1.1 + 1.21) = 184.8 kt, and no more than that can be needed as a limit.
    """
    case = two_generators(
        generation=(waste("a", 50_000.0, 0.1), waste("b", 30_000.0, 0.1)),
        periods=(Period(id="p1", first_year=2025, last_year=2026),),
    )

    found = evaluate(case, solve(limited(case, landfilled_total_t=184_800)))

    assert total(case, "landfilled_total_t", found) == pytest.approx(184_800)


def test_the_least_landfilled_is_the_cheapest_of_its_kind():
    """Nothing landfilled: 80 kt at 41 USD/t; the same tonnes never travel further."""
    case = aimed(two_generators(), "landfilled_total_t")

    plan = solve(case)

    assert plan.proof.objective == pytest.approx(0.0, abs=0.1)
    assert plan.proof.of == "landfilled_total_t"
    assert plan.proof.unit == "t"
    found = evaluate(case, plan)
    assert found.cost_present_value == pytest.approx(80_000 * 41)


def test_leaked_waste_counts_as_landfilled():
    """A tenth leaks whatever is done: 8 of 80 kt/y remain lost in the best plan."""
    case = two_generators(
        fates=(Fate(id="kilns", kind="kiln"),),
        leakage=(
            LeakageStep(
                generator_class="plain", stream="mixed", fate="kilns", share=0.1
            ),
        ),
        generator_classes=(GeneratorClass(id="plain"),),
    )

    plan = solve(aimed(case, "landfilled_total_t"))

    assert plan.proof.objective == pytest.approx(8_000, rel=2 * TIE)
    with pytest.raises(NoAnswer, match="set max to 8,000 or higher"):
        solve(limited(case, landfilled_total_t=5_000))


def test_a_weight_moves_the_waste_once_it_pays():
    """The plant is 30 USD/t dearer: a weight of 29 leaves all at the tip, 31 none.

    80 kt x (11 + 29) = 3.20 M; 80 kt x 41 = 3.28 M.
    """
    low = solve(aimed(two_generators(), "weighted", weight_landfilled_per_t=29.0))
    high = solve(aimed(two_generators(), "weighted", weight_landfilled_per_t=31.0))

    assert low.proof.objective == pytest.approx(3_200_000)
    assert {r.destination for r in low.routes} == {"dump.tip"}
    assert high.proof.objective == pytest.approx(3_280_000)
    assert {r.destination for r in high.routes} == {"clean.plant"}


def test_a_limit_on_haul_emissions_over_all_years():
    """10 t a load, 10 km and back, 5 kg CO2/km: 10 kg/t, 800 t/y,
    so 2,400 t in three years.

    Treatment here emits nothing that is known of, so a limit below that cannot hold.
    """
    truck = Vehicle(id="truck", cost_per_t_km=0.1, payload_t=10.0, co2_kg_per_km=5.0)
    case = _clean(two_generators(vehicles=(truck,), periods=THREE_YEARS))

    plan = solve(limited(case, co2e_direct_total_t=2_400.5))

    assert total(case, "co2e_direct_total_t", evaluate(case, plan)) == pytest.approx(
        2_400, rel=1e-6
    )
    with pytest.raises(NoAnswer, match="all years"):
        solve(limited(case, co2e_direct_total_t=2_000))


def _clean(case: Scenario) -> Scenario:
    """Everything is stored, nothing rots: only trucks emit."""
    tip = tuple(t.model_copy(update={"kind": "storage"}) for t in case.technologies)
    return replace(case, technologies=tip)


def test_a_limit_on_cost_is_kept():
    """4,000,000 USD over 3 years x 80 kt at 11 USD/t = 2.64 M leaves 1.36 M to divert.

    1,360,000 / 30 USD/t = 45,333 t of the 240 kt: 194,667 t stay landfilled.
    """
    case = limited(two_generators(periods=THREE_YEARS), cost_total=4_000_000)

    plan = solve(aimed(case, "landfilled_total_t"))

    assert plan.proof.objective == pytest.approx(
        240_000 - 1_360_000 / 30, abs=2 * TIE * 240_000
    )
    assert evaluate(case, plan).cost_present_value == pytest.approx(4e6, rel=1e-5)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("objective", TOTALS)
def test_solver_and_evaluation_agree_on_every_objective(seed, objective):
    """`solve` raises unless both say the same; the objective is what it returns."""
    case = aimed(random_network(seed), objective)

    plan = solve(case, gap=1e-6)

    found = evaluate(case, plan)
    assert objective_value(case, found) == pytest.approx(
        plan.proof.objective, abs=MIXED * plan.proof.gross_cost + 1.0
    )
    assert plan.proof.bound <= plan.proof.objective + 1.0


@pytest.mark.parametrize("seed", range(3))
def test_an_objective_is_no_worse_than_the_cheapest_plan_by_it(seed):
    case = random_network(seed)
    cheap = evaluate(case, solve(case, gap=1e-6))

    for objective in TOTALS[1:]:
        plan = solve(aimed(case, objective), gap=1e-6)
        best = total(case, objective, evaluate(case, plan))
        assert best <= total(case, objective, cheap) + 1.0


@pytest.mark.parametrize("seed", range(8))
def test_matrix_and_algebra_agree_with_totals(seed):
    case = limited(random_network(seed), cost_total=9e9, co2e_total_t=9e9)
    case = limited(case, landfilled_total_t=9e9)
    for one in (
        case,
        aimed(case, "co2e_total_t"),
        aimed(case, "weighted", weight_co2e_per_t=7.0, weight_landfilled_per_t=3.0),
    ):
        data = PlanningData(superstructure(one))

        cost = assert_same_matrix(data)
        assert np.isfinite(list(cost.values())).all()


def test_a_total_takes_no_period():
    in_period = Target(id="x", metric="landfilled_total_t", max=1.0, period="p1")

    with pytest.raises(ScenarioError, match="over all years"):
        two_generators(targets=(in_period,))


def test_settings_reach_the_solver():
    chosen = settings().solve.model_copy(update={"objective": "landfilled_total_t"})
    case = two_generators(settings=settings(solve=chosen))

    assert solve(case).proof.of == "landfilled_total_t"
