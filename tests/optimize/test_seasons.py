"""Limits on a blend hold in every season; the working is on paper."""

import pytest
from networks import (
    Acceptance,
    BlendLimit,
    CompositionShare,
    Fraction,
    Stream,
    generator,
    technology,
    two_generators,
    waste,
)
from test_rendering import assert_same_matrix

from wasteplan.evaluation.evaluating import evaluate
from wasteplan.optimize import solve
from wasteplan.optimize.data import PlanningData
from wasteplan.scenario.records import Season
from wasteplan.superstructure.assembly import superstructure
from wasteplan.waste.records import FractionProperty

YEAR = (
    Season(id="wet", waste_share=0.6),
    Season(id="dry", waste_share=0.4),
)
OF_MIXED = (
    Season(id="wet", stream="mixed", waste_share=0.6, moisture_factor=1.2),
    Season(id="dry", stream="mixed", waste_share=0.4, moisture_factor=0.7),
)
DRY_MJ, WATER, EVAPORATION = 16.0, 0.45, 2.443


def lhv(moisture):
    return DRY_MJ * (1 - moisture) - EVAPORATION * moisture


def burner(*seasons, offcuts_t=3_000.0):
    """50 kt/y of mixed waste at 45 % water and dry offcuts; at least 7 MJ/kg burns.

    Burning costs 1 and the tip 10 USD/t, so all that may burns.
    """
    return two_generators(
        generators=(generator("a"), generator("b")),
        generation=(
            waste("a", 50_000.0),
            waste("b", offcuts_t, stream="offcuts"),
        ),
        streams=(Stream(id="mixed"), Stream(id="offcuts")),
        fractions=(Fraction(id="stuff"), Fraction(id="cuts")),
        composition=(
            CompositionShare(stream="mixed", fraction="stuff", share=1.0),
            CompositionShare(stream="offcuts", fraction="cuts", share=1.0),
        ),
        fraction_properties=tuple(
            FractionProperty(fraction=fraction, property=name, value=value)
            for fraction, moisture in (("stuff", WATER), ("cuts", 0.0))
            for name, value in (
                ("moisture_tropical_mixed", moisture),
                ("lhv_dry_mj_per_kg", DRY_MJ),
            )
        ),
        technologies=(
            technology("plant", "storage", variable_om_per_t=1.0),
            technology("tip", variable_om_per_t=10.0),
        ),
        acceptance=tuple(
            Acceptance(technology=k, accepts=s)
            for k in ("plant", "tip")
            for s in ("mixed", "offcuts")
        ),
        blend_limits=(
            BlendLimit(technology="plant", property="lhv_mj_per_kg", min=7.0),
        ),
        seasons=seasons,
    )


def burnt_t(case):
    plan = solve(case)
    found = evaluate(case, plan)
    assert not found.violations
    table = found.facilities.set_index("plant")["throughput_t_per_y"]
    return float(table.get("clean.plant", 0.0))


def test_over_the_year_all_burns():
    assert lhv(WATER) > 7
    assert burnt_t(burner()) == pytest.approx(53_000)


def test_the_wet_season_decides():
    """In the wet season 6.04 MJ/kg; 3 kt of offcuts carry 3 x (16 - 7) / (7 - 6.04)."""
    carried = 3_000 * (DRY_MJ - 7) / (7 - lhv(1.2 * WATER))

    assert burnt_t(burner(*YEAR, *OF_MIXED)) == pytest.approx(3_000 + carried)


OF_OFFCUTS = (
    Season(id="wet", stream="offcuts", waste_share=1 / 3),
    Season(id="dry", stream="offcuts", waste_share=2 / 3),
)


def test_offcuts_that_come_in_the_dry_season_help_less():
    """A third of them in the wet season: 3 x 1/3 kt carry 0.6 of the mixed waste."""
    carried = 3_000 / 3 * (DRY_MJ - 7) / (7 - lhv(1.2 * WATER)) / 0.6

    burnt = burnt_t(burner(*YEAR, *OF_MIXED, *OF_OFFCUTS))

    assert burnt == pytest.approx(3_000 + carried)


def test_seasons_that_do_not_differ_change_nothing():
    assert burnt_t(burner(*YEAR)) == pytest.approx(53_000)


def test_a_plan_made_without_seasons_fails_in_the_wet_one():
    plan = solve(burner())

    found = evaluate(burner(*YEAR, *OF_MIXED), plan)

    (violation,) = found.violations
    assert violation.requirement == "blend_lhv_mj_per_kg (wet)"
    mean = (50 * lhv(1.2 * WATER) + 3 * DRY_MJ) / 53
    assert violation.value == pytest.approx(mean)
    assert mean < 7


def test_the_blend_of_a_season_has_what_comes_in_it():
    """In the wet season 0.6 of 50 kt with 1/3 of 3 kt, not 50 with 3; unplanned."""
    plan = solve(burner())

    found = evaluate(burner(*YEAR, *OF_MIXED, *OF_OFFCUTS), plan)

    (violation,) = found.violations
    assert violation.requirement == "blend_lhv_mj_per_kg (wet)"
    assert violation.value == pytest.approx(
        (0.6 * 50 * lhv(1.2 * WATER) + 3 / 3 * DRY_MJ) / (0.6 * 50 + 3 / 3)
    )


def test_both_ways_of_writing_the_model_agree():
    case = burner(*YEAR, *OF_MIXED)

    assert_same_matrix(PlanningData(superstructure(case)))
