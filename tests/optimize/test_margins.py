"""Room that is kept free where real blends overfilled it."""

from dataclasses import replace

import pytest
from test_emission_terms import town

from wasteplan.errors import WasteplanError
from wasteplan.evaluation.result import Violation
from wasteplan.optimize.margins import SPARE, with_margins
from wasteplan.optimize.solving import solve
from wasteplan.scenario.model import Scenario
from wasteplan.superstructure.assembly import superstructure
from wasteplan.superstructure.experience import Experience


def too_full(what: str, times: float, place: str = "hole.tip") -> Violation:
    return Violation(what, place, "p1", 100.0 * times, 100.0, "m3")


def test_airspace_and_capacity_shrink_by_the_overshoot() -> None:
    """1 % too much airspace: 1/1.01 less a hair; the worst period of a landfill."""
    s = superstructure(town())
    found = with_margins(
        s,
        [
            too_full("airspace", 1.01),
            too_full("airspace", 1.005),
            too_full("heat_capacity", 1.02, "works.burner"),
        ],
    )
    assert found is not None
    known = found.experience
    assert known.airspace("hole.tip") == pytest.approx(1 / 1.01 - SPARE)
    assert known.capacity("works.burner", "p1") == pytest.approx(1 / 1.02 - SPARE)
    again = with_margins(found, [too_full("airspace", 1.001)])
    assert again is not None
    twice = (1 / 1.01 - SPARE) * (1 / 1.001 - SPARE)
    assert again.experience.airspace("hole.tip") == pytest.approx(twice)


@pytest.mark.parametrize(
    "missed",
    [
        too_full("landfill_diversion_rate", 1.001),
        too_full("airspace", 1.2),  # no matter of blends
    ],
)
def test_other_misses_need_another_answer(missed: Violation) -> None:
    assert with_margins(superstructure(town()), [missed]) is None


def with_room(scenario: Scenario, m3: float) -> Scenario:
    (tip,) = (f for f in scenario.facilities if f.technology == "tip")
    cell = tip.model_copy(update={"airspace_left_m3": m3})
    rows = tuple(cell if f is tip else f for f in scenario.facilities)
    return replace(scenario, facilities=rows)


def test_the_planner_keeps_the_room_free() -> None:
    """1,360 t in two years at 1 t/m3: a hole of 1,400 m3 holds them, 96 % of it no."""
    scenario = with_room(town(), 1400.0)
    assert solve(scenario).proof is not None
    tight = Experience(airspace_share={"hole.tip": 0.96})
    with pytest.raises(WasteplanError):
        solve(scenario, experience=tight)
    wide = Experience(airspace_share={"hole.tip": 0.98})
    assert solve(scenario, experience=wide).proof is not None
