"""Diversion by region and stream: by hand, and against that of all waste."""

from dataclasses import replace

import pytest
from small_network import all_to_the_burner, network, plan, route

from wasteplan.evaluation.evaluating import evaluate
from wasteplan.scenario.records import Target
from wasteplan.sim import simulate
from wasteplan.sim.origins import OriginBook, diverted_by_scope
from wasteplan.study.loop_experience import found_by
from wasteplan.study.loop_targets import targets_in_practice
from wasteplan.study.simulated_targets import simulated_targets

YEAR = {"days": 364, "warm_up_d": 28, "replications": 1}
SOUTH = Target(
    id="south", metric="landfill_diversion_rate", min=0.7, period="p1", region="south"
)


def regional(target=SOUTH, **wanted):
    scenario = network(YEAR, **wanted)
    return replace(scenario, targets=(target,))


def rates(result):
    table = result.diversion.set_index(["region", "stream"])
    return table["landfill_diversion_rate"].to_dict()


def test_regions_that_do_different_things_are_told_apart():
    """The town burns all and buries 20 % slag; the village buries everything."""
    mine = plan(
        route("town", "hill.burner"),
        route("village", "pit.dump"),
        route("hill.burner", "pit.dump", product="slag"),
    )
    result = simulate(regional(), mine)
    found = rates(result)

    assert found["north", ""] == pytest.approx(0.8, abs=5e-3)
    assert found["south", ""] == pytest.approx(0.0, abs=5e-3)
    assert found["", "msw"] == pytest.approx(10 / 11 * 0.8, abs=5e-3)
    assert found["south", "msw"] == found["south", ""]
    tonnes = result.diversion.set_index(["region", "stream"])["generated_t"]
    assert tonnes["south", ""] == pytest.approx(3_650)


def test_slag_of_a_blend_belongs_to_the_regions_it_was_made_of():
    """Both burn together: a fifth of each is buried as slag."""
    found = rates(simulate(regional(), all_to_the_burner()))

    assert found["north", ""] == pytest.approx(0.8, abs=5e-3)
    assert found["south", ""] == pytest.approx(0.8, abs=5e-3)


@pytest.mark.parametrize(
    "wanted",
    [
        {"burner_t_per_y": 18_250, "burner": {"bunker_d": 2}},
        {"leaks": 0.1, "burner": {"mtbf_h": 60, "mttr_h": 30, "bunker_d": 1}},
        {"centre": {"throughput_max_t_per_y": 1e5, "storage_t": 300.0}},
    ],
)
def test_regions_weigh_up_to_all_waste(wanted):
    """Full bunkers, leaks, outages, a centre on the way."""
    mine = all_to_the_burner()
    if "centre" in wanted:
        mine = plan(
            route("town", "yard"),
            route("village", "yard"),
            route("yard", "hill.burner", stream="msw"),
            route("hill.burner", "pit.dump", product="slag"),
        )
    result = simulate(regional(**wanted), mine)
    parts = result.diversion[result.diversion["stream"] == ""]
    away = (1 - parts["landfill_diversion_rate"]) * parts["generated_t"]

    assert len(parts) == 2
    whole = 1 - away.sum() / parts["generated_t"].sum()
    total = result.kpi("landfill_diversion_rate")
    assert whole == pytest.approx(total, abs=5e-4)
    assert whole <= total + 1e-9  # a stock that falls makes up for none elsewhere


def test_what_piles_up_is_not_diverted_and_a_stock_that_falls_gains_nothing():
    before = {"a@n": OriginBook(0.0, 0.0, 0.0, 5.0), "b": OriginBook(0, 0, 0, 0)}
    after = {"a@n": OriginBook(100.0, 10.0, 20.0, 3.0), "b": OriginBook(50, 0, 10, 5)}
    found = diverted_by_scope(before, after)

    assert found["n", ""].rate == pytest.approx(0.7)
    assert found["", "a"].rate == pytest.approx(0.7)
    assert found["", "b"].rate == pytest.approx(0.7)
    assert ("", "") not in found


@pytest.mark.parametrize(("least", "verdict"), [(0.78, "met"), (0.85, "missed")])
def test_a_target_of_a_region_is_judged_by_its_own_waste(least, verdict):
    """The town burns with 0.8 diverted; the village buries all, 0.73 over both."""
    target = SOUTH.model_copy(update={"region": "north", "min": least})
    scenario = regional(target)
    mine = plan(
        route("town", "hill.burner"),
        route("village", "pit.dump"),
        route("hill.burner", "pit.dump", product="slag"),
    )
    (one,) = simulated_targets(
        scenario, mine, evaluate(scenario, mine), simulate(scenario, mine)
    )

    assert one.verdict == verdict
    assert one.mean == pytest.approx(0.8, abs=5e-3)
    assert one.loss == pytest.approx(0.0, abs=5e-3)


def test_without_a_target_or_a_plan_by_region_only_streams_are_told_apart():
    result = simulate(network(YEAR), all_to_the_burner())
    assert list(rates(result)) == [("", "msw")]


def test_the_loop_judges_a_region_by_its_own_simulated_waste():
    """A burner half as large as needed: what is lost differs from region to region."""
    scenario = regional(burner_t_per_y=18_250, burner={"bunker_d": 2})
    mine = all_to_the_burner()
    evaluation, simulation = evaluate(scenario, mine), simulate(scenario, mine)
    (one,) = targets_in_practice(
        scenario, mine, evaluation, found_by(evaluation, simulation), simulation, 0.005
    )

    assert one.simulated == rates(simulation)["south", ""]
    assert one.planned == pytest.approx(0.8)
    assert not one.is_met
