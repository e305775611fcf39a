"""Yearly and committed landfill methane are two accounts of one gas."""

import math
from typing import Any

import pytest
from evaluation_cases import (
    case,
    generator,
    period,
    plan,
    route,
    settings,
    site,
    size,
    standing,
    takes,
    technology,
    tonnes,
)

from wasteplan.evaluation.evaluating import evaluate
from wasteplan.evaluation.yearly_gas import IN_PLACE, YearlyGas, yearly_gas
from wasteplan.plan.records import Plan
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.settings import Assessment

K = 0.4  # food in the wet tropics
L0_KG_PER_T = 1000 * 0.2 * 0.5 * 0.5 * 16 / 12  # of `wet`: 0.2 degradable, half, half


def tip(t: float = 1000.0, in_place: dict[str, Any] | None = None, **cells: Any):
    """Two years of 1,000 t of `wet` into one landfill."""
    return case(
        setting=settings(assessment=Assessment(**cells.pop("assessment", {}))),
        generators=[generator("town")],
        generation=[tonnes("town", "wet", t)],
        sites=[site("hole", "tip")],
        technologies=[technology("tip", "disposal", **cells)],
        sizes=[size("tip")],
        facilities=[
            standing("tip", "hole", **(in_place or {})).model_copy(
                update={"opened": 2014} if in_place else {}
            )
        ],
        acceptance=takes("tip", "wet", "dry"),
        periods=[period("p1", 2025, 2026)],
    )


def all_in(scenario: Scenario) -> tuple[Scenario, Plan]:
    return scenario, plan(route("town", "hole.tip"))


def emitted(found: YearlyGas, year: int, origin: str = "deposits of the plan") -> float:
    t = found.table
    rows = (t["year"] == year) & (t["origin"] == origin)
    return float(t.loc[rows, "emitted_t"].sum())


def test_two_deposits_by_hand() -> None:
    """1,000 t each in 2025 and 2026; L0 = 66.67 kg/t, k = 0.4.

    2026: 66.67 (1 - e^-0.4) = 21.979 t.  2027: as much again of the second deposit and
    66.67 (e^-0.4 - e^-0.8) = 14.733 t of the first.
    """
    found = yearly_gas(*all_in(tip()))
    first = L0_KG_PER_T * (1 - math.exp(-K))
    second = L0_KG_PER_T * (math.exp(-K) - math.exp(-2 * K))
    assert emitted(found, 2025) == 0.0
    assert emitted(found, 2026) == pytest.approx(first)
    assert emitted(found, 2026) == pytest.approx(21.979, abs=1e-3)
    assert emitted(found, 2027) == pytest.approx(first + second)


@pytest.mark.parametrize(
    "cells",
    [
        {},
        {"gas_capture": 0.5, "oxidation": 0.1},
        {"gas_capture": 0.6, "gas_capture_from_y": 2.5, "gas_capture_until_y": 12},
        {"methane_correction": 0.4, "assessment": {"decay": "ipcc2019"}},
        {"landfill_phases": "us_typical"},
        {"landfill_phases": "us_best", "methane_correction": 0.5},
    ],
)
def test_the_yearly_account_is_the_committed_one_later(cells: dict[str, Any]) -> None:
    scenario, mine = all_in(tip(**cells))
    found = yearly_gas(scenario, mine)
    table = found.reconciliation().set_index("item")["methane_t"]
    booked = evaluate(scenario, mine).emissions
    landfill = booked.loc[booked["stage"] == "landfill", "kg_co2e"].sum() / 1000

    assert abs(table["difference"]) < 1e-9 * found.committed_t
    assert landfill == pytest.approx(27.0 * found.committed_t, rel=1e-12)
    assert 0 < found.emitted_t(in_place=False, within=True) < found.committed_t


def test_gas_is_captured_between_two_ages() -> None:
    """60 % from age 2 to 12: L0 (e^-0.8 - e^-4.8) x 0.6 = 17.6435 kg/t."""
    cells = {"gas_capture": 0.6, "gas_capture_from_y": 2, "gas_capture_until_y": 12}
    found = yearly_gas(*all_in(tip(**cells)))
    by_hand = 0.6 * L0_KG_PER_T * (math.exp(-0.8) - math.exp(-4.8))
    assert by_hand == pytest.approx(17.6435, abs=1e-3)
    assert found.table["captured_t"].sum() == pytest.approx(2 * by_hand)
    ages = found.table.set_index("year")["captured_t"]
    assert ages[2027] == 0.0
    assert ages[2028] > 0


def test_2019_factors_decompose_more_of_food() -> None:
    """DOC_f of food is 0.7 instead of 0.5, for every year alike."""
    old = yearly_gas(*all_in(tip()))
    new = yearly_gas(*all_in(tip(assessment={"decay": "ipcc2019"})))
    assert new.committed_t == pytest.approx(1.4 * old.committed_t)
    assert emitted(new, 2030) == pytest.approx(1.4 * emitted(old, 2030))


def test_waste_in_place_is_an_account_of_its_own() -> None:
    """10,000 t from 2014 to 2023: 1,000 t a year, ages 2 to 11 in 2025.

    Gas of 2025: 66.67 (e^-0.4 - e^-4.4) = 43.870 t.
    """
    in_place = {"waste_in_place_t": 10_000.0, "waste_in_place_stream": "wet"}
    without, with_it = (yearly_gas(*all_in(tip(in_place=p))) for p in (None, in_place))
    by_hand = L0_KG_PER_T * (math.exp(-K) - math.exp(-11 * K))
    assert emitted(with_it, 2025, IN_PLACE) == pytest.approx(by_hand)
    assert by_hand == pytest.approx(43.870, abs=1e-2)
    assert with_it.committed_t == without.committed_t
    same = with_it.table[with_it.table["origin"] != IN_PLACE]
    assert same["emitted_t"].tolist() == without.table["emitted_t"].tolist()


def test_dumped_waste_rots_in_shallow_heaps() -> None:
    """Unrouted waste is uncollected: MCF 0.4, no cover, both accounts alike."""
    scenario = case(
        generators=[generator("town")],
        generation=[tonnes("town", "wet", 1000.0)],
        periods=[period("p1", 2025, 2025)],
    )
    found = yearly_gas(scenario, plan())
    whole = 0.4 * L0_KG_PER_T * -math.expm1(-K * 100)
    assert found.committed_t == pytest.approx(whole)
    assert found.table["emitted_t"].sum() == pytest.approx(whole)
