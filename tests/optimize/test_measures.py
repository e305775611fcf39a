"""Programmes, enforcement and price matching as decisions, on paper."""

import pytest
from measure_cases import (
    MATERIALS,
    CompositionShare,
    Period,
    Target,
    against,
    programme,
    with_leakage,
    with_programme,
)

from wasteplan.errors import NoAnswer
from wasteplan.evaluation.evaluating import evaluate
from wasteplan.optimize import solve

YEARS = (
    Period(id="p1", first_year=2025, last_year=2025),
    Period(id="p2", first_year=2026, last_year=2026),
)


def chosen(plan):
    return {(m.measure, m.period) for m in plan.measures}


def cost(plan):
    return plan.proof.objective


def test_a_programme_that_pays_is_taken():
    """80 kt/y to the tip cost 11 USD/t = 880,000 USD.

    Half of the generators separate 80 % of the dry 40 %: 0.5 x 0.8 x 0.4 = 0.16, that
    is 12.8 kt/y, sold for 50 after 1 USD/t of haul: each tonne saves 60 USD, together
    768,000 USD.  The programme costs 500,000: 880,000 - 768,000 + 500,000.
    """
    plan = solve(with_programme(programme(cost_per_y=500_000.0)))

    assert chosen(plan) == {("sort", "p1")}
    assert cost(plan) == pytest.approx(612_000.0)


def test_a_programme_that_does_not_pay_is_left():
    """The saving of 768,000 USD is less than 800,000."""
    plan = solve(with_programme(programme(cost_per_y=800_000.0)))

    assert not plan.measures
    assert cost(plan) == pytest.approx(880_000.0)


def test_cost_per_tonne_is_of_what_is_moved():
    """12.8 kt/y at 20 USD/t cost 256,000: 880,000 - 768,000 + 256,000."""
    plan = solve(with_programme(programme(cost_per_t=20.0)))

    assert cost(plan) == pytest.approx(368_000.0)


def test_prevention_leaves_less_to_collect_and_less_to_divert():
    """12.8 kt/y never arise: 67.2 kt/y at 11 USD/t, and generated is 67.2 kt/y."""
    composition = (
        *MATERIALS["composition"],
        CompositionShare(stream="clean", fraction="dry", share=1.0),
    )
    scenario = with_programme(
        programme(kind="prevention", to_stream=""), composition=composition
    )

    plan = solve(scenario)
    waste = evaluate(scenario, plan).waste

    assert cost(plan) == pytest.approx(67_200 * 11)
    assert waste["generated_t"].sum() == pytest.approx(67_200)


def test_awareness_brings_in_those_who_do_not_take_part():
    """It reaches 0.5 x 0.6 of the other half: participation 0.5 + 0.5 x 0.3 = 0.65.

    0.65 x 0.8 x 0.4 x 80 kt = 16.64 kt/y, saving 60 USD each.
    """
    aware = programme("ask", kind="awareness", to_stream="", capture=0.6)

    plan = solve(with_programme(programme(), aware))

    assert {m for m, _ in chosen(plan)} == {"ask", "sort"}
    assert cost(plan) == pytest.approx(880_000 - 16_640 * 60)


def test_contamination_comes_along_and_is_what_is_left_of_the_rest():
    """Of the clean stream 20 % is wet waste: 12.8 / 0.8 = 16 kt/y leave the mixed."""
    scenario = with_programme(programme(contamination=0.2))

    waste = evaluate(scenario, solve(scenario)).waste.set_index("stream")

    assert waste.loc["clean", "recycled_t"] == pytest.approx(16_000)
    assert waste.loc["mixed", "landfilled_t"] == pytest.approx(64_000)


def test_a_target_that_only_a_programme_reaches_is_bought():
    """12.8 of 80 kt/y recycled are 16 %; the programme is dear, nothing else can."""
    target = Target(id="rec", metric="recycling_rate", min=0.15)
    dear = programme(cost_per_y=5e6)

    plan = solve(with_programme(dear, targets=(target,)))

    assert chosen(plan) == {("sort", "p1")}


def test_a_target_out_of_reach_says_by_how_much():
    """16 % can be reached, 20 % are asked for: 3,200 t/y are missing."""
    target = Target(id="rec", metric="recycling_rate", min=0.2)

    with pytest.raises(NoAnswer, match=r"recycling target 'rec'.*3,200 t/y"):
        solve(with_programme(programme(), targets=(target,)))


def test_what_has_started_goes_on():
    """In p2 the shop is closed: alone the programme would stop, its clean waste tipped.

    p1 saves 768,000 at 500,000, p2 costs 500,000 more and saves nothing: not taken
    unless it may stop.
    """
    shop = {"closes_after": 2025}

    def case(**more):
        made = with_programme(programme(cost_per_y=5e5, **more), periods=YEARS)
        outlets = tuple(o.model_copy(update=shop) for o in made.outlets)
        return with_programme(
            programme(cost_per_y=5e5, **more), periods=YEARS, outlets=outlets
        )

    assert not chosen(solve(case()))
    assert chosen(solve(case(may_stop=True))) == {("sort", "p1")}


def test_a_measure_starts_in_its_year():
    plan = solve(with_programme(programme(from_year=2026), periods=YEARS))

    assert chosen(plan) == {("sort", "p2")}


def test_nothing_spent_on_leakage_leaks_the_table():
    """30 % of 80 kt/y, as the table says, whatever else could be bought."""
    scenario = with_leakage(against("police", penalty_added_per_t=9.0, cost_per_y=1e6))

    plan = solve(scenario)
    waste = evaluate(scenario, plan).waste

    assert not plan.measures
    assert waste["leaked_t"].sum() == pytest.approx(24_000)


def test_enforcement_is_bought_where_a_target_asks_for_it():
    """A penalty of 4 more brings the advantage from 8 to 4 USD/t: 10 % leak.

    All that is collected goes to the plant at 41 USD/t: 72,000 x 41 + 1,000,000.
    """
    target = Target(id="div", metric="landfill_diversion_rate", min=0.9)
    police = against("police", penalty_added_per_t=4.0, cost_per_y=1e6)
    scenario = with_leakage(police, targets=(target,))

    plan = solve(scenario)
    other = evaluate(scenario, plan)

    assert chosen(plan) == {("police", "p1")}
    assert cost(plan) == pytest.approx(72_000 * 41 + 1e6)
    assert other.waste["leaked_t"].sum() == pytest.approx(8_000)
    assert other.costs.query("term == 'enforcement'")["amount"].sum() == 1e6


def test_price_matching_is_a_transfer_and_only_its_running_a_cost():
    """4 USD/t towards the legal route; running it costs 2 USD per tonne collected."""
    target = Target(id="div", metric="landfill_diversion_rate", min=0.9)
    match = against("match", kind="price_matching", paid_per_t=4.0, cost_per_t=2.0)
    scenario = with_leakage(match, targets=(target,))

    plan = solve(scenario)
    other = evaluate(scenario, plan)

    assert cost(plan) == pytest.approx(72_000 * (41 + 2))
    paid = other.transfers.query("reason == 'price_matching'")
    assert paid["amount"].tolist() == pytest.approx([288_000.0])
    assert (paid["from_actor"].item(), paid["to_actor"].item()) == (
        "public",
        "generator",
    )


def test_one_level_of_enforcement_at_a_time():
    """Both levels together would reach 10 %; each alone does not, so nothing does."""
    target = Target(id="div", metric="landfill_diversion_rate", min=0.9)
    levels = (
        against("one", penalty_added_per_t=2),
        against("two", penalty_added_per_t=2),
    )

    with pytest.raises(NoAnswer):
        solve(with_leakage(*levels, targets=(target,)))


def test_a_plan_by_hand_is_held_to_the_rules():
    """A measure before its year, and one that stops, are violations by name."""
    scenario = with_programme(programme(from_year=2025), periods=YEARS)
    plan = solve(scenario)
    first = tuple(m for m in plan.measures if m.period == "p1")
    late = with_programme(programme(from_year=2026), periods=YEARS)

    stopped = evaluate(scenario, plan.model_copy(update={"measures": first}))
    early = evaluate(late, plan)

    assert [v.requirement for v in stopped.violations] == ["measure_stopped"]
    assert [v.requirement for v in early.violations] == ["measure_too_early"]
