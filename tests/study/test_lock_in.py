"""Commitments to plants against recycling; the working is on paper."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "optimize"))

from networks import (
    TWO_YEARS,
    Acceptance,
    Outlet,
    distances,
    site,
    size,
    sorts,
    standing,
    technology,
    two_generators,
    waste,
)

from wasteplan.evaluation.evaluating import evaluate
from wasteplan.indicators.lock_in import lock_in
from wasteplan.optimize import solve
from wasteplan.scenario.records import Target
from wasteplan.study.lock_in import lock_in_said, lock_in_table


def fed(*targets, put_or_pay=0.0, **more):
    """80 kt/y, all to a plant of 100 kt/y that must have 50; with its table."""
    case = two_generators(
        **{
            "technologies": (
                technology("plant", "storage", load_min=0.5),
                technology("tip", variable_om_per_t=90.0),
            ),
            "sizes": (size("plant", 100_000.0), size("tip", 100_000.0)),
            **more,
        }
    )
    plan = solve(case)  # the targets would ask for what this case cannot do
    finance = case.settings.finance.model_copy(update={"put_or_pay": put_or_pay})
    case = replace(
        case,
        targets=targets,
        settings=case.settings.model_copy(update={"finance": finance}),
    )
    return lock_in_table(case, plan, evaluate(case, plan))


def recycle(rate, **more):
    return Target(id="more", metric="recycling_rate", min=rate, **more)


def test_half_recycled_leaves_ten_kilotonnes_too_little():
    """80 - 0.5 x 80 = 40 of 50 kt; up to (80 - 50) / 80 = 37.5 % can be recycled."""
    (row,) = fed(recycle(0.5)).to_dict("records")

    assert row["year"] == 2025
    assert row["left_t"] == pytest.approx(40_000)
    assert row["short_t"] == pytest.approx(10_000)
    assert row["highest_rate"] == pytest.approx(0.375)


def test_a_contract_for_nine_tenths_is_tighter_than_the_minimum_load():
    (row,) = fed(put_or_pay=0.9).to_dict("records")

    assert row["committed_t"] == pytest.approx(72_000)
    assert row["highest_rate"] == pytest.approx(0.1)


def test_targets_of_a_region_or_a_period_elsewhere_do_not_count():
    table = fed(recycle(0.5, region="r"))

    assert table["asked_rate"].isna().all()
    assert not table["short_t"].any()
    assert "no recycling rate is asked for" in lock_in_said(table)


def test_growth_is_followed_year_by_year():
    """8.8 and then 9.68 kt more; the target holds in the second period only."""
    table = fed(
        recycle(0.5, period="p2"),
        generation=(waste("a", 50_000.0, growth=0.1), waste("b", 30_000.0, growth=0.1)),
        periods=TWO_YEARS,
    )

    assert table["intake_t"].tolist() == pytest.approx([88_000, 96_800])
    assert table["left_t"].tolist() == pytest.approx([88_000, 48_400])
    assert table["short_t"].tolist() == pytest.approx([0, 1_600])
    assert "1,600 t are missing in 2026 (years that are short: 1)" in lock_in_said(
        table
    )


def test_without_commitments_there_is_no_table():
    assert fed(technologies=(technology("plant", "storage"), technology("tip"))).empty


def test_what_the_plan_recycles_already_is_not_taken_from_plants():
    """30 of 100 kt recycled and 40 % asked: 10 kt more, so 50 of 60 kt are left."""
    (row,) = lock_in([2030], [60e3], [45e3], [100e3], [30e3], {2030: 0.4}).to_dict(
        "records"
    )

    assert row["left_t"] == pytest.approx(50e3)
    assert row["short_t"] == 0


def test_what_a_sorting_plant_passes_on_counts_once():
    """80 kt sorted: 32 recycled, 48 burned under a contract for 80 % of them.

    48 - 0.8 x 48 = 9.6 kt may leave: (32 + 9.6) / 80 = 52 %.  The 80 kt of the sorting
    plant are no further room.
    """
    ways = {"clean": 10.0, "dump": 10.0}
    (row,) = fed(
        put_or_pay=0.8,
        sites=(site("clean", ""), site("dump", ""), site("fire", "")),
        facilities=(standing("clean", "plant"), standing("fire", "burner")),
        technologies=(
            technology("plant", "sorting"),
            technology("burner", "storage"),
            technology("tip", variable_om_per_t=90.0),
        ),
        sizes=(size("plant", 1e5), size("burner", 1e5), size("tip", 1e5)),
        **sorts("plant"),
        outlets=(
            Outlet(
                id="shop",
                name="Shop",
                kind="buyer",
                accepts="good",
                counts_as="recycling",
            ),
        ),
        acceptance=(
            Acceptance(technology="plant", accepts="mixed"),
            Acceptance(technology="burner", accepts="rest"),
        ),
        distances=distances(
            {"a": ways, "b": ways, "clean": {"fire": 5.0, "shop": 20.0}}
        ),
    ).to_dict("records")

    assert row["intake_t"] == pytest.approx(48_000)
    assert row["committed_t"] == pytest.approx(0.8 * 48_000)
    assert row["recycling_rate"] == pytest.approx(0.4)
    assert row["highest_rate"] == pytest.approx(0.52)
