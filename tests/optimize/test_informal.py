"""Informal trades in the planning model and the evaluation, on paper.

80 kt/y, 40 % dry.  Pickers take a quarter of the dry before collection: 8 kt/y at 100
USD/t, so 800,000 USD/y for 400 people.  72 kt/y go to the tip for 11 USD/t.
"""

from dataclasses import replace

import pytest
from measure_cases import (
    MATERIALS,
    CompositionShare,
    Target,
    programme,
    with_programme,
)
from networks import waste
from random_measures import measured
from test_rendering import assert_same_matrix

from wasteplan.errors import NoAnswer, ScenarioError
from wasteplan.evaluation.evaluating import evaluate
from wasteplan.indicators.accounts import actor_totals
from wasteplan.optimize import solve
from wasteplan.optimize.data import PlanningData
from wasteplan.scenario.measure_records import InformalTrade, Integration
from wasteplan.superstructure.assembly import superstructure

COMPOSITION = (
    *MATERIALS["composition"],
    CompositionShare(stream="clean", fraction="dry", share=1.0),
)


def pickers(**more):
    known = {
        "generator_class": "plain",
        "fraction": "dry",
        "capture": 0.25,
        "price_per_t": 100.0,
        "workers": 400.0,
    }
    return InformalTrade(id="pickers", **{**known, **more})


def way(name="together", **more):
    known = {"informal": "pickers", "generator_class": "plain", "from_year": 2025}
    return Integration(id=name, **{"kind": "cooperative", **known, **more})


def case(*programmes, **more):
    known = {"informal": (pickers(),), "composition": COMPOSITION}
    return with_programme(*programmes, **{**known, **more})


def floor(value, metric="informal_income_share"):
    return Target(id="floor", metric=metric, min=value)


def trade(scenario, plan):
    (row,) = evaluate(scenario, plan).informal.to_dict("records")
    return row


def test_pickers_take_before_collection_and_sell():
    scenario = case()

    plan = solve(scenario)
    other = evaluate(scenario, plan)
    row = trade(scenario, plan)

    assert plan.proof.objective == pytest.approx(72_000 * 11 - 8_000 * 100)
    assert row["taken_t"] == pytest.approx(8_000)
    assert row["income_per_worker"] == pytest.approx(2_000)
    assert row["displaced_t"] == 0
    assert other.waste["generated_t"].sum() == pytest.approx(80_000)
    assert other.waste["recycled_t"].sum() == pytest.approx(8_000)


def test_tonnes_stated_after_picking_are_those_left():
    """0.4 / 0.75 = 0.533 dry before; 0.133 x 80 kt = 10.67 kt/y come on top."""
    collected = tuple(
        waste(g, t).model_copy(update={"basis": "collected"})
        for g, t in (("a", 50_000.0), ("b", 30_000.0))
    )
    scenario = case(generation=collected)

    plan = solve(scenario)
    other = evaluate(scenario, plan)

    assert trade(scenario, plan)["taken_t"] == pytest.approx(80_000 * 0.4 / 3)
    assert other.waste["generated_t"].sum() == pytest.approx(80_000 * (1 + 0.4 / 3))
    assert other.waste["landfilled_t"].sum() == pytest.approx(80_000)


def test_a_programme_takes_their_material_and_their_income():
    """0.16 of a tonne is separated; of the 0.24 dry left a quarter: 4.8 kt/y.

    62.4 kt/y tipped, 12.8 kt/y sold for 50 - 1, 4.8 kt/y for 100.
    """
    scenario = case(programme())

    plan = solve(scenario)
    row = trade(scenario, plan)

    cost = 62_400 * 11 - 12_800 * 49 - 4_800 * 100
    assert plan.proof.objective == pytest.approx(cost)
    assert row["displaced_t"] == pytest.approx(3_200)
    assert row["income_lost"] == pytest.approx(320_000)


def test_what_pickers_sell_is_not_counted_again_by_a_programme():
    """768,000 USD are saved as without pickers, less what 3.2 kt/y of them were worth.

    These were sold for 100 USD/t and nobody paid 11 USD/t to tip them.
    """
    saved = 768_000 - 3_200 * 11 - 3_200 * 100
    cheap, dear = saved - 1_000, saved + 1_000

    assert solve(case(programme(cost_per_y=cheap))).measures
    assert not solve(case(programme(cost_per_y=dear))).measures


def test_an_income_floor_keeps_a_programme_out_or_buys_back():
    """Without measures the share is 1; with the programme 0.6.

    A buy-back of 66.67 USD/t on 4.8 kt/y makes up for it; only its office is a cost.
    """
    alone = case(programme(), targets=(floor(1.0),))
    back = way("back", kind="buy_back", premium_per_t=200 / 3, cost_per_y=10_000.0)
    with_way = case(programme(), targets=(floor(1.0),), integration=(back,))

    plan = solve(with_way)
    row = trade(with_way, plan)

    assert not solve(alone).measures
    assert {m.measure for m in plan.measures} == {"sort", "back"}
    assert plan.proof.objective == pytest.approx(
        62_400 * 11 - 12_800 * 49 - 4_800 * 100 + 10_000
    )
    assert row["income"] == pytest.approx(800_000)


def test_a_floor_per_worker_is_on_the_trade():
    """1,200 USD per worker and year with the programme, 2,000 without."""
    metric = "informal_income_per_worker_y"

    def chosen(value):
        return solve(case(programme(), targets=(floor(value, metric),))).measures

    assert chosen(1_200.0)
    assert not chosen(1_201.0)
    with pytest.raises(NoAnswer, match=r"income floor .*'floor'.* by 400 a year"):
        chosen(2_001.0)


def test_a_cooperative_sells_dearer_and_protects_at_a_cost():
    """20 USD/t more on 8 kt/y are 160,000; protection is 4 x 25 x 400 = 40,000."""
    lines = ("insurance", "ppe", "contributions", "registration")
    costs = {f"{line}_per_worker_y": 25.0 for line in lines}
    scenario = case(integration=(way(workers=400.0, price_added_per_t=20.0, **costs),))

    plan = solve(scenario)
    other = evaluate(scenario, plan)
    protection = other.costs[other.costs["term"].isin(lines)]["amount"]

    assert plan.proof.objective == pytest.approx(-8_000 - 160_000 + 40_000)
    assert protection.tolist() == pytest.approx([10_000.0] * 4)
    assert trade(scenario, plan)["income_per_worker"] == pytest.approx(2_400)


def test_accounts_of_actors_with_the_informal_sum_to_the_system_cost():
    """Purchases, premiums and wages move money and make none."""
    back = way(
        "back",
        kind="buy_back",
        premium_per_t=70.0,
        workers=10.0,
        wage_per_worker_y=900.0,
    )
    scenario = case(
        programme(),
        informal=(pickers(paid_per_t=30.0, cost_per_t=5.0),),
        integration=(back,),
        targets=(floor(0.9),),
    )

    other = evaluate(scenario, solve(scenario))
    accounts = actor_totals(other.costs, other.transfers).set_index("actor")

    assert set(other.transfers["reason"]) >= {
        "purchase",
        "buy_back_premium",
        "sorting_wage",
    }
    assert accounts["net_cost"].sum() == pytest.approx(other.cost_present_value)
    assert -accounts.loc["informal", "net_cost"] == pytest.approx(
        other.informal["income"].sum()
    )


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (
            {"informal": [pickers(stream=s, capture=0.6) for s in ("", "mixed")]},
            "take more than there is",
        ),
        ({"integration": (way(workers=401.0),)}, "more than the 400"),
        ({"integration": (way(informal="nobody"),)}, "no row 'nobody'"),
        (
            {"targets": (Target(id="t", metric="informal_income_share", max=1),)},
            "lower limit only",
        ),
    ],
)
def test_mistakes_are_named(more, message):
    with pytest.raises(ScenarioError, match=message):
        case(**more)


@pytest.mark.parametrize("seed", range(2))
def test_arrays_and_plain_pyomo_are_one_matrix_with_trades(seed):
    data = PlanningData(superstructure(_random(seed)))

    assert_same_matrix(data)


@pytest.mark.parametrize("seed", range(2))
def test_random_plans_with_trades_are_agreed_on_and_floors_held(seed):
    scenario = _random(seed)
    plan = solve(scenario)  # these seeds have one

    found = evaluate(scenario, plan)

    assert not found.violations
    share = found.informal["income"].sum() / found.informal["income_without"].sum()
    assert share >= 0.8 * (1 - 1e-6)


def _random(seed):
    scenario = measured(seed)
    return replace(
        scenario,
        informal=(
            pickers(capture=0.1 + 0.05 * seed, paid_per_t=10.0),
            pickers(fraction="wet", capture=0.02, workers=None),
        ),
        integration=(way(price_added_per_t=5.0, cost_per_y=2e4, capture_added=0.01),),
        targets=(*scenario.targets, floor(0.8)),
    )
