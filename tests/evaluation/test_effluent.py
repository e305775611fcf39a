"""Effluent in its own ledger: by hand, against all choices, and out of solid waste."""

import itertools

import pytest
from effluent_case import WATER, diversion_target, two_works
from evaluation_cases import build, plan, route

from wasteplan.errors import NoAnswer
from wasteplan.evaluation.evaluating import evaluate
from wasteplan.optimize.solving import solve
from wasteplan.sim.simulating import simulate
from wasteplan.treatment.effluent import methane_kg_per_kg_cod

TOWN = route("town", "tip.landfill", stream="dry")


def choice(a: str, b: str):
    """A plan that treats each works on site or in the central plant, as told."""
    places = {"on_site": "at_{}.on_site", "central": "estate.central"}
    builds, routes = [], [TOWN]
    for works, how in (("a", a), ("b", b)):
        plant = places[how].format(works)
        routes.append(route(works, plant, stream=WATER))
        if how == "on_site":
            builds.append(build(f"at_{works}", "on_site"))
            routes.append(route(plant, "tip.landfill", product="cake"))
    if "central" in (a, b):
        builds.append(build("estate", "central"))
        routes.append(route("estate.central", "tip.landfill", product="cake"))
    return plan(*routes, builds=tuple(builds))


def test_methane_is_that_of_the_plant_less_what_it_burns_and_of_the_discharge() -> None:
    """0.25 kg/kg x (0.8 x 0.25 + 0.1 x 0.2) = 0.055; captured 0.25 x 0.8 x 0.75."""
    emitted, captured = methane_kg_per_kg_cod(0.8, cod_removal=0.8, gas_capture=0.75)

    assert emitted == pytest.approx(0.055)
    assert captured == pytest.approx(0.15)


def test_discharge_alone_emits_a_tenth_of_the_capacity() -> None:
    assert methane_kg_per_kg_cod(0.0, cod_removal=0.0)[0] == pytest.approx(0.025)


def test_the_ledger_of_two_works_by_hand() -> None:
    """A on site, B piped 10 km: every column on paper."""
    found = evaluate(two_works(), choice("on_site", "central"))
    table = found.effluent.set_index("origin")

    assert table.loc["a", "m3_per_y"] == pytest.approx(10_000)
    assert table["cod_t_per_y"].tolist() == pytest.approx([40, 40])
    assert table["bod_t_per_y"].tolist() == pytest.approx([20, 20])
    assert table["cod_discharged_t_per_y"].tolist() == pytest.approx([4, 8])
    # a: 4 t x 0.025; b: 40 t x 0.055, 40 t x 0.15 flared
    assert table["methane_t_per_y"].tolist() == pytest.approx([0.1, 2.2])
    assert table["methane_captured_t_per_y"].tolist() == pytest.approx([0, 6])
    assert table["electricity_mwh_per_y"].tolist() == pytest.approx([-10, 0])
    assert table["sludge_t_per_y"].tolist() == pytest.approx([100, 50])
    assert table["haul_cost_per_y"].tolist() == pytest.approx([0, 2_000])
    assert table["vehicle"].tolist() == ["", "truck"]


def test_methane_is_booked_in_a_stage_of_its_own() -> None:
    """2.3 t of CH4 at 27 (AR6, biogenic) = 62.1 t CO2e."""
    gases = evaluate(two_works(), choice("on_site", "central")).emissions
    own = gases[gases["stage"] == "effluent"]

    assert own["kg_co2e"].sum() == pytest.approx(2_300 * 27)


def test_solid_waste_has_the_sludge_and_none_of_the_water() -> None:
    """1,000 t of the town and 150 t of cake, all landfilled: no diversion at all."""
    found = evaluate(two_works(), choice("on_site", "central"))

    assert found.waste["generated_t"].sum() == pytest.approx(1_150)
    assert found.waste["residues_landfilled_t"].sum() == pytest.approx(150)
    assert found.waste["released_t"].sum() == 0
    assert found.kpi("landfill_diversion_rate") == pytest.approx(0)
    assert WATER not in set(found.flows.query("product == 'raw'")["stream"])
    assert set(found.flows["product"]) == {"raw", "cake"}
    # landfill 40 and 5 km at 0.02: 40.1 a tonne; treatment and pipes are not in it
    assert found.kpi("cost_per_t") == pytest.approx(40.1)
    assert found.kpi("co2e_kg_per_t") == pytest.approx(
        found.emissions.query("stage != 'effluent' and technology != 'on_site'")[
            "kg_co2e"
        ].sum()
        / 1_150
    )


def test_the_system_cost_has_everything() -> None:
    """Solid 1,150 x 40.1; a 8,000 + 5,000 + 1,000; b 10,000 + 2,000, pipe 2,000."""
    found = evaluate(two_works(), choice("on_site", "central"))

    assert found.cost_present_value == pytest.approx(
        1_150 * 40.1 + 14_000 + 12_000 + 2_000
    )


@pytest.mark.parametrize("central_km", [1.0, 10.0, 30.0, 80.0])
def test_the_planner_finds_the_cheapest_of_all_choices(central_km: float) -> None:
    """Sludge is dear, so its tonnes pull as well as pipes and plants do."""
    case = two_works(central_km)
    every = {
        pair: evaluate(case, choice(*pair)).cost_present_value
        for pair in itertools.product(("on_site", "central"), repeat=2)
    }
    found = solve(case, gap=0.0)

    assert found.proof.objective == pytest.approx(min(every.values()), rel=1e-6)


def test_near_it_is_central_and_far_it_is_on_site() -> None:
    near, far = (solve(two_works(km), gap=0.0) for km in (10.0, 80.0))

    assert {b.technology for b in near.builds} == {"central"}
    assert {b.technology for b in far.builds} == {"on_site"}


def test_without_a_rule_nobody_treats() -> None:
    found = solve(two_works(forced=False), gap=0.0)

    assert found.builds == ()


def test_a_target_counts_the_sludge_of_the_decision() -> None:
    """Landfill is all there is: with any target above 0 there is no answer.

    At most 0 of 1,000 + 100 or 200 t can be kept away from it.
    """
    with pytest.raises(NoAnswer):
        solve(two_works(targets=[diversion_target(0.01)]), gap=0.0)
    assert solve(two_works(targets=[diversion_target(0.0)]), gap=0.0).builds


def test_a_simulation_hauls_the_sludge_and_not_the_water() -> None:
    """100 t/y of A and 50 t/y of B in 73 of 365 days: 30 t, beside the town's 200 t."""
    case = two_works()
    result = simulate(
        case, choice("on_site", "central"), days=73, replications=1, seed=1
    )
    trips = result.trips

    assert set(trips["destination"]) == {"tip.landfill"}
    hauled = trips.groupby("carries")["tonnes"].sum()
    assert dict(hauled) == pytest.approx({"cake": 30.0, "dry": 200.0}, rel=0.02)
