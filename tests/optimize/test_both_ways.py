"""The second opinion and the real plan share what is the same, to the byte."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import pandas as pd
import pytest
from test_part_load_planned import CURVE, half_empty
from test_unmixing import sorted_rest

import wasteplan.evaluation.evaluating as evaluating
from wasteplan.evaluation.evaluating import evaluate, evaluated_both_ways
from wasteplan.evaluation.result import Evaluation
from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.reading import read_plan
from wasteplan.optimize.running import Stop
from wasteplan.optimize.searching import Search, solved
from wasteplan.optimize.solving import solve
from wasteplan.plan.records import Plan
from wasteplan.scenario.loading import load_scenario
from wasteplan.scenario.model import Scenario
from wasteplan.superstructure.assembly import superstructure

TWO_CITY = Path(__file__).parents[2] / "scenarios" / "two-city"


def mixed() -> Scenario:
    return sorted_rest(unmixing_max=0.01)


def mixed_at_part_load() -> Scenario:
    curve = tuple(c.model_copy(update={"technology": "burner"}) for c in CURVE)
    return replace(mixed(), part_load=curve)


def at_part_load() -> Scenario:
    return replace(half_empty(), part_load=CURVE)


def shipped() -> Scenario:
    return load_scenario(TWO_CITY)


CASES = (mixed, mixed_at_part_load, at_part_load, shipped)


def as_solved(scenario: Scenario) -> Plan:
    """The plan of the relaxed model, outputs sent apart where it does so."""
    data = PlanningData(superstructure(scenario))
    return read_plan(*solved(data, Search(Stop(1e-9, 60))), "relaxed")


def assert_same(one: Evaluation, other: Evaluation) -> None:
    for field in fields(Evaluation):
        a, b = getattr(one, field.name), getattr(other, field.name)
        if isinstance(a, pd.DataFrame):
            pd.testing.assert_frame_equal(a, b, check_exact=True)
        else:
            assert repr(a) == repr(b), field.name


@pytest.mark.parametrize("case", CASES)
def test_both_ways_at_once_are_the_two_evaluations(case: Callable[[], Scenario]):
    plan = as_solved(case())
    written, real = evaluated_both_ways(case(), plan)
    assert_same(written, evaluate(case(), plan, blends=False, headlines=False))
    assert_same(real, evaluate(case(), plan, headlines=False))


def test_the_cases_tell_both_ways_apart():
    for case, differs in zip(CASES, (True, True, True, False), strict=True):
        written, real = evaluated_both_ways(case(), as_solved(case()))
        told = [(e.costs["amount"].sum(), e.violations) for e in (written, real)]
        assert (told[0] != told[1]) == differs


def test_a_plan_that_mixes_nothing_is_followed_once(monkeypatch: pytest.MonkeyPatch):
    followed: list[bool] = []
    follow = evaluating.follow

    def counted(*args: object, blends: bool) -> object:
        followed.append(blends)
        return follow(*args, blends=blends)

    monkeypatch.setattr(evaluating, "follow", counted)
    solve(shipped())
    assert followed == [True]
