"""A plant cannot send the origins of one output to different places.

One sorter turns two streams into `rest`: of `dry` waste at 20 MJ/kg, of `wet` waste at
5 MJ/kg.  The burner needs at least 15 MJ/kg and pays 30 USD/t, the tip costs 20 USD/t.
The relaxation burns the rest of the dry and tips the rest of the wet.  In truth there
is one rest of 12.5 MJ/kg, which the burner may not take at all.
"""

from dataclasses import replace

import pytest
from networks import (
    Acceptance,
    BlendLimit,
    CompositionShare,
    Fraction,
    FractionProperty,
    GeneratorClass,
    Period,
    Product,
    Stream,
    Yield,
    distances,
    generator,
    make_scenario,
    settings,
    site,
    size,
    standing,
    technology,
    waste,
)

from wasteplan.evaluation.evaluating import evaluate
from wasteplan.network.haulage import Leg, Vehicle
from wasteplan.optimize import solve
from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.reading import read_plan
from wasteplan.optimize.real_blends import real_answer
from wasteplan.optimize.running import Stop
from wasteplan.optimize.searching import Search, solved
from wasteplan.scenario.settings import SolveSettings
from wasteplan.superstructure.assembly import superstructure


def sorted_rest(unmixing_max: float):
    chosen = SolveSettings(gap=1e-9, unmixing_max=unmixing_max)
    lhv = {"dry": 20.0, "wet": 5.0}
    return make_scenario(
        settings(solve=chosen),
        generators=(generator("a"), generator("b")),
        generator_classes=(GeneratorClass(id="plain"),),
        generation=(
            waste("a", 10_000.0, stream="dry"),
            waste("b", 10_000.0, stream="wet"),
        ),
        streams=(Stream(id="dry"), Stream(id="wet")),
        fractions=(Fraction(id="dry"), Fraction(id="wet")),
        fraction_properties=tuple(
            FractionProperty(fraction=f, property=name, value=value)
            for f in lhv
            for name, value in (
                ("moisture_tropical_mixed", 0.0),
                ("lhv_dry_mj_per_kg", lhv[f]),
            )
        ),
        composition=tuple(
            CompositionShare(stream=f, fraction=f, share=1.0) for f in lhv
        ),
        vehicles=(Vehicle(id="truck", cost_per_t_km=0.0),),
        legs=(Leg(id="all", vehicle="truck"),),
        sites=(site("hall", ""), site("fire", ""), site("hill", "")),
        technologies=(
            technology("sorter", "sorting"),
            technology("burner", "storage", variable_om_per_t=-30.0),
            technology("cell", variable_om_per_t=20.0),
        ),
        sizes=(
            size("sorter", 1e5),
            size("burner", 1e5, lhv_design_mj_per_kg=20.0),
            size("cell", 1e5),
        ),
        facilities=(
            standing("hall", "sorter"),
            standing("fire", "burner"),
            standing("hill", "cell"),
        ),
        products=(Product(id="rest", kind="intermediate"),),
        yields=(Yield(technology="sorter", fraction="any", output="rest", share=1.0),),
        acceptance=(
            Acceptance(technology="sorter", accepts="dry"),
            Acceptance(technology="sorter", accepts="wet"),
            Acceptance(technology="burner", accepts="rest"),
            Acceptance(technology="cell", accepts="rest"),
        ),
        blend_limits=(
            BlendLimit(technology="burner", property="lhv_mj_per_kg", min=15.0),
        ),
        periods=(Period(id="p1", first_year=2025, last_year=2025),),
        distances=distances(
            {
                "a": {"hall": 1.0},
                "b": {"hall": 1.0},
                "hall": {"fire": 1.0, "hill": 1.0},
            }
        ),
    )


def test_the_relaxation_is_wrong_and_says_by_how_much():
    """Relaxed: 15 kt may be burnt (10 dry + 5 wet = 15 MJ/kg), 5 kt tipped."""
    scenario = sorted_rest(unmixing_max=0.01)

    problem, outcome = solved(
        PlanningData(superstructure(scenario)), Search(Stop(1e-9, 60))
    )
    plan = read_plan(problem, outcome, "relaxed")
    relaxed = evaluate(scenario, plan, blends=False)
    real = evaluate(scenario, plan)

    assert plan.proof.objective == pytest.approx(15_000 * -30 + 5_000 * 20)
    assert relaxed.cost_present_value == pytest.approx(plan.proof.objective)
    assert real.unmixing is not None
    assert real.unmixing.largest > 0.01
    assert any("lhv" in v.requirement for v in real.violations)


def test_the_answer_has_one_blend_and_the_bound_of_the_relaxation():
    """One rest of 12.5 MJ/kg: all 20 kt to the tip at 20 USD/t, as by hand."""
    scenario = sorted_rest(unmixing_max=0.01)

    plan = solve(scenario)
    real = evaluate(scenario, plan)

    assert plan.proof.objective == pytest.approx(20_000 * 20)
    assert "an error of" in plan.proof.note
    assert plan.proof.bound == pytest.approx(15_000 * -30 + 5_000 * 20)
    assert real.cost_present_value == pytest.approx(plan.proof.objective)
    assert not real.violations


def ashes_of_the_wet(**chosen):
    """Burning 10 of 20 kt leaves ash for the tip: half of what is wet, 0.1 of dry.

    The relaxation burns only dry: 1 kt of ash.  In truth half of what burns is wet, so
    that there are 5 x 0.1 + 5 x 0.5 = 3 kt.
    """
    case = sorted_rest(unmixing_max=0.5)
    settings_now = case.settings.model_copy(
        update={"solve": case.settings.solve.model_copy(update=chosen)}
    )
    return replace(
        case,
        settings=settings_now,
        blend_limits=(),
        technologies=tuple(
            t.model_copy(update={"kind": "sorting"}) if t.id == "burner" else t
            for t in case.technologies
        ),
        sizes=tuple(
            size("burner", 10_000.0) if z.technology == "burner" else z
            for z in case.sizes
        ),
        products=(
            *case.products,
            Product(id="ash", kind="residue"),
            Product(id="gas", kind="release"),
        ),
        yields=(
            *case.yields,
            Yield(technology="burner", fraction="wet", output="ash", share=0.5),
            Yield(technology="burner", fraction="wet", output="gas", share=0.5),
            Yield(technology="burner", fraction="dry", output="gas", share=0.9),
            Yield(technology="burner", fraction="dry", output="ash", share=0.1),
        ),
        acceptance=(*case.acceptance, Acceptance(technology="cell", accepts="ash")),
        distances=distances(
            {
                "a": {"hall": 1.0},
                "b": {"hall": 1.0},
                "hall": {"fire": 1.0, "hill": 1.0},
                "fire": {"hill": 1.0},
            }
        ),
    )


def test_within_the_tolerance_the_proof_still_says_what_real_blends_cost():
    """10 kt x -30 + (10 + 3) kt x 20; the relaxation has 1 kt of ash."""
    case = ashes_of_the_wet()

    plan = solve(case)

    assert 0.01 < evaluate(case, plan).unmixing.largest < 0.5
    assert plan.proof.objective == pytest.approx(10_000 * -30 + 13_000 * 20)
    assert plan.proof.bound == pytest.approx(10_000 * -30 + 11_000 * 20)
    assert plan.proof.gap == pytest.approx(2_000 * 20)
    assert plan.proof.status == "restricted"


def test_a_rate_is_that_of_real_blends_too():
    """13 of 20 kt are landfilled; the relaxation would say 11."""
    case = ashes_of_the_wet(objective="diversion_rate_lowest")

    relaxed = real_answer(superstructure(case), Search(Stop(1e-9, 60)), "most")

    assert relaxed.proof.objective == pytest.approx(-(1 - 13 / 20))
    assert relaxed.proof.bound == pytest.approx(-(1 - 11 / 20), abs=1e-4)
    plan = solve(case)
    assert plan.proof.objective == pytest.approx(1 - 13 / 20)
    assert plan.proof.bound == pytest.approx(1 - 11 / 20, abs=1e-4)
