"""Prices in words, and steps of targets decided anew."""

import pytest
from networks import size, technology, two_generators

from wasteplan.optimize import solve
from wasteplan.study.explaining import prices_of, steps


def test_a_binding_target_in_words():
    case = two_generators(diversion=0.6)

    table = prices_of(case, solve(case)).set_index("place")

    said = table.loc["div", "says"]
    assert said.startswith("the diversion target 'div' in 2025 binds: one point more")
    assert "costs 24,000 USD of present value" in said


def test_of_a_capacity_more_saves_and_less_costs():
    """A plant of 15 for a tip of 40: each tonne that it takes saves 25, and it is full
    at 30 of 60 kt."""
    case = two_generators(
        technologies=(
            technology("plant", "storage", variable_om_per_t=15.0),
            technology("tip", variable_om_per_t=40.0),
        ),
        sizes=(size("plant", 30_000.0), size("tip", 100_000.0)),
    )

    (said,) = prices_of(case, solve(case))["says"]

    assert "binds: one t/y less costs" in said
    assert "one t/y more would save" in said


def test_a_target_overshot_by_lumpy_sizes_is_not_called_free():
    """The plant comes as 60 kt or nothing, and must be full: 75 % are diverted."""
    case = two_generators(
        diversion=0.5,
        technologies=(
            technology("plant", "storage", variable_om_per_t=40.0, load_min=1.0),
            technology("tip", variable_om_per_t=10.0),
        ),
        sizes=(size("plant", 60_000.0), size("tip", 100_000.0)),
    )

    said = prices_of(case, solve(case)).set_index("place").loc["div", "says"]

    assert "overshoot it by 25.0 percentage points" in said
    assert "not to say that it costs nothing" in said


def test_steps_tell_what_deciding_anew_costs():
    """From 60 %: a point down saves 24,000 USD, a point up costs as much."""
    case = two_generators(diversion=0.6)

    down, up = steps(case, solve(case))

    assert (down.limit, up.limit) == pytest.approx((0.59, 0.61))
    assert down.cost_change == pytest.approx(-24_000, rel=1e-6)
    assert up.cost_change == pytest.approx(24_000, rel=1e-6)


def test_a_step_that_cannot_be_made_says_so():
    case = two_generators(diversion=1.0)

    (down,) = steps(case, solve(case))

    assert down.limit == pytest.approx(0.99)
