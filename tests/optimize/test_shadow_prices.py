"""Prices of requirements, on paper and against solving again."""

from dataclasses import replace

import pytest
from networks import Period, Target, settings, site, size, two_generators
from random_networks import random_network

from wasteplan.errors import WasteplanError
from wasteplan.optimize import solve
from wasteplan.optimize.shadow_prices import shadow_prices
from wasteplan.plan.records import Plan


def of(prices, family, period="p1"):
    return next(p for p in prices if p.family == family and p.period == period)


def test_a_point_of_diversion_costs_the_dearer_place():
    """1 % of 80 kt is 800 t, each 30 USD dearer at the plant: 24,000 USD a point.

    It does so all the way down by 60 points and up by 40.
    """
    case = two_generators(diversion=0.6)

    price = of(shadow_prices(case, solve(case)), "landfill_diversion")

    assert price.looser == pytest.approx(24_000, rel=1e-4)
    assert price.tighter == pytest.approx(24_000, rel=1e-4)
    assert price.unit == "percentage point"
    assert price.room == pytest.approx(0, abs=1e-6)
    assert 1 < price.valid_looser <= 60 + 1e-6
    assert 1 < price.valid_tighter <= 40 + 1e-6


def test_present_value_of_three_years():
    """The same 800 t in each of 3 years without discounting: 72,000 USD a point."""
    case = two_generators(
        diversion=0.6, periods=(Period(id="p1", first_year=2025, last_year=2027),)
    )

    price = of(shadow_prices(case, solve(case)), "landfill_diversion")

    assert price.tighter == pytest.approx(72_000, rel=1e-4)


def test_a_target_that_does_not_bind_has_room_and_no_price():
    """The tip takes 50 kt at most, so 37.5 % are diverted; 20 % were asked for."""
    case = two_generators(
        diversion=0.2, sizes=(size("plant", 100_000.0), size("tip", 50_000.0))
    )

    prices = shadow_prices(case, solve(case))

    target = of(prices, "landfill_diversion")
    assert not target.binds
    assert target.room == pytest.approx(17.5)
    tip = of(prices, "mass_capacity")
    assert tip.place == "dump.tip"
    assert tip.looser == pytest.approx(30, rel=1e-4)  # USD/t: 41 less 11
    assert tip.tighter == pytest.approx(30, rel=1e-4)
    assert tip.unit == "t/y"


def test_a_permit_has_the_price_of_what_it_keeps_out():
    case = two_generators(
        sites=(site("clean", "plant"), site("dump", "", permit_t_per_y=60_000.0))
    )

    price = of(shadow_prices(case, solve(case)), "permit")

    assert price.place == "dump"
    assert price.looser == pytest.approx(30, rel=1e-4)


def test_nothing_gives_way_beyond_what_can_be_reached():
    """All 80 kt diverted: looser saves 24,000 USD a point, tighter is impossible."""
    case = two_generators(diversion=1.0)

    price = of(shadow_prices(case, solve(case)), "landfill_diversion")

    assert price.looser == pytest.approx(24_000, rel=1e-4)
    assert price.tighter == float("inf")


def test_a_limit_over_all_years_is_priced_by_the_tonne():
    """Landfilled tonnes against cost: 30 USD a tonne."""
    limit = Target(id="less", metric="landfilled_total_t", max=50_000.0)
    case = two_generators(targets=(limit,))

    price = of(shadow_prices(case, solve(case)), "horizon_limits", "")

    assert price.tighter == pytest.approx(30, rel=1e-4)
    assert price.unit == "t"


@pytest.mark.parametrize("seed", range(4))
def test_the_price_is_what_solving_again_with_the_same_builds_says(seed):
    """Half a point tighter or looser, builds forced by fixing the same plan's builds.

    The price holds only as far as its range, so the step stays inside it.
    """
    case = random_network(seed)
    plan = solve(case, gap=1e-7)
    for price in shadow_prices(case, plan):
        if price.family != "landfill_diversion" or not price.binds:
            continue
        target = next(t for t in case.targets if t.id == price.place)
        step = 0.5 * min(0.5, price.valid_tighter, price.valid_looser)
        if step < 1e-3 or price.tighter == float("inf"):
            continue
        before, after = (
            _cost_of_builds(case, plan, target, price.period, change / 100)
            for change in (0.0, step)
        )
        assert (after - before) / step == pytest.approx(price.tighter, rel=1e-3)


def _cost_of_builds(case, plan, target, period, change):
    """The least cost of the same builds with a target moved, by the plain model."""
    from wasteplan.optimize.data import PlanningData
    from wasteplan.optimize.handover import problem
    from wasteplan.optimize.incumbent import decisions_of
    from wasteplan.optimize.running import fixed_builds
    from wasteplan.superstructure.assembly import superstructure

    moved = tuple(t for t in case.targets if t.id != target.id) + tuple(
        target.model_copy(
            update={
                "id": f"{target.id}_{p.id}",
                "period": p.id,
                "min": target.min + (change if p.id == period else 0.0),
            }
        )
        for p in case.periods
        if target.period in ("", p.id)
    )
    p = problem(PlanningData(superstructure(replace(case, targets=moved))))
    found = fixed_builds(p, decisions_of(p, plan))
    assert found.solution is not None
    return found.objective * 1e6


def test_builds_that_cannot_meet_the_target_have_no_prices():
    case = two_generators(
        diversion=0.6,
        sizes=(size("plant", 100_000.0, 1e6), size("tip", 100_000.0)),
        settings=settings(),
    )

    with pytest.raises(WasteplanError, match="whose builds can meet"):
        shadow_prices(case, Plan(scenario="small", name="nothing"))
