"""One statement of many targets in a simulation."""

from __future__ import annotations

from loop_case import case

from wasteplan.study.simulated_targets import InSimulation, told
from wasteplan.study.targets_told import targets_told


def seen(mean: float, half_width: float) -> InSimulation:
    verdict = told(mean - 0.6, half_width)
    target = case(0.6).targets[0]
    return InSimulation(target, "p1", 0.6, verdict, mean, half_width)


def test_many_targets_are_counted_and_the_worst_missed_named() -> None:
    """61 +- 0.5 is met, 59.8 and 60.4 +- 0.5 hold the limit, 58 and 57 are missed."""
    many = [seen(m, 0.005) for m in (0.61, 0.598, 0.604, 0.58, 0.57)]
    counted, missed = targets_told(case(0.6), many, 10)
    assert counted == (
        "of 5 targets simulated, 1 met, 2 that 10 replications cannot tell (means -0.2 "
        "to +0.4 points from their limits), 2 missed"
    )
    first, second = missed.split("; ")
    assert "(57.0 +- 0.5 %)" in first
    assert "(58.0 +- 0.5 %)" in second


def test_nothing_is_said_where_all_are_met() -> None:
    assert targets_told(case(0.6), [seen(0.65, 0.01)], 10) == []


def test_a_sharp_interval_does_not_miss_by_a_load() -> None:
    assert told(-0.0005, 0.0) == "met"
    assert told(-0.002, 0.0) == "missed"
    assert told(-0.0005, float("nan")) == "missed"  # one run is taken at its word
