"""Robust siting on the town of the paper case (`test_two_stage.py` has the table)."""

from functools import cache

import numpy as np
import pytest
from two_stage_cases import one_town, three_futures

from wasteplan.errors import WasteplanError
from wasteplan.optimize.risk import Risk
from wasteplan.optimize.running import Stop
from wasteplan.optimize.two_stage import two_stage
from wasteplan.study.robust import Search, robust
from wasteplan.study.robust_tables import sample_table, site_table
from wasteplan.study.robust_text import robust_lines
from wasteplan.study.robust_values import evpi, vss
from wasteplan.study.sample_average import mean_of, sample_average

STOP = Stop(1e-9, 60.0)


def planned(risk=None, diversion=None, **more):
    return robust(
        one_town(60_000.0, diversion),
        three_futures(diversion),
        risk or Risk(),
        Search(STOP, **more),
        per_t=1000.0,
    )


@cache
def for_the_mean():
    return planned()


def sizes(plan):
    return [b.size for b in plan.builds]


def test_what_the_plan_for_all_futures_is_worth():
    """small 2.7333, medium 2.5667; the best alone 1.4, 1.8 and 3.2: mean 2.1333."""
    found = for_the_mean()

    assert sizes(found.central) == ["small"]
    assert sizes(found.plan) == ["medium"]
    assert vss(found).value == pytest.approx((8.2 - 7.7) / 3 * 1e6)
    assert evpi(found).value == pytest.approx((7.7 - 6.4) / 3 * 1e6)
    assert found.violations == ()
    assert found.plan.proof.objective == pytest.approx(2.1e6)


def test_what_the_plan_for_the_worst_third_is_worth():
    """big 3.2 against 5.0 of small; alone the worst third costs 3.2 too."""
    found = planned(Risk("cvar", alpha=2 / 3))

    assert sizes(found.plan) == ["big"]
    assert vss(found).value == pytest.approx(1.8e6)
    assert evpi(found).value == pytest.approx(0.0, abs=1.0)


def test_what_the_plan_of_least_regret_is_worth():
    """0.7 against 1.8 of small."""
    found = planned(Risk("regret"))

    assert vss(found).value == pytest.approx(1.1e6)
    assert evpi(found).value == pytest.approx(0.7e6)
    table = sample_table(found)
    assert table["robust_regret"].tolist() == pytest.approx([0.3e6, 0.3e6, 0.7e6])
    assert table["central_regret"].tolist() == pytest.approx([0.0, 0.0, 1.8e6])


def test_how_often_a_site_is_chosen():
    """Alone: small at 20 and 60 kt (1.4 and 1.8), big at 100 kt (3.2)."""
    [row] = site_table(for_the_mean()).to_dict("records")

    assert (row["plant"], row["n_chosen"], row["n_samples"]) == ("clean.plant", 3, 3)
    assert row["sizes"] == "small: 2; big: 1"
    assert row["cost_low"] == pytest.approx(1.4e6)
    assert row["cost_high"] == pytest.approx(3.2e6)
    lines = dict(robust_lines(for_the_mean()))
    assert "is chosen in 3 of 3 samples" in lines["Site"]
    assert "1.40 million USD to 3.20 million USD" in lines["Site"]


def test_a_plan_that_misses_says_which_sample_and_what():
    """Medium takes 80 of 100 kt where 90 are asked for; a miss costs nothing here."""
    found = robust(
        one_town(60_000.0, 0.9),
        three_futures(0.9),
        Risk("chance", miss_max=0.4),
        Search(STOP),
        per_t=0.0,
    )
    missed = sample_table(found)["robust_missed"].tolist()

    assert missed[:2] == ["", ""]
    assert missed[2] == "the diversion target 'div' in 2025 by 10,000 t/y"
    assert "'div' in 2025 by 10,000 t/y in sample 3" in str(robust_lines(found))


def test_processes_and_what_is_kept_change_nothing(tmp_path):
    alone = for_the_mean()
    kept = tmp_path / "own.jsonl"
    spread = planned(workers=2, keep=kept)
    again = planned(keep=kept)

    for other in (spread, again):
        assert sample_table(other).equals(sample_table(alone))
        assert site_table(other).equals(site_table(alone))
        assert other.plan == alone.plan
    assert kept.read_text("utf-8").count("\n") == 4  # heading, three samples


def test_batches_bound_the_best_plan_from_below():
    """Two batches alike bound at 2.5667; three fresh samples cost 1.7, 2.1 and 3.9."""
    found = for_the_mean()
    bounds = sample_average(
        [three_futures(), three_futures()],
        three_futures(),
        found.found.decisions,
        found.recourse,
        STOP,
    )

    assert bounds.lower.value == pytest.approx(7.7 / 3)
    assert bounds.lower.half_width == pytest.approx(0.0, abs=1e-9)
    assert bounds.upper.value == pytest.approx(7.7 / 3)
    known = np.array([1.7, 2.1, 3.9])
    assert bounds.upper.half_width == pytest.approx(mean_of(known).half_width)
    assert bounds.gap == pytest.approx(bounds.upper.half_width)


def test_the_bound_of_samples_holds_on_average_for_the_best_plan():
    """Of waste spread evenly over 20, 60 and 100 kt, batches of two underestimate.

    Drawn from the three futures, all pairs alike likely: the mean of the pairs' optima
    is below 2.5667, the optimum over all three.
    """
    futures = three_futures()
    found = for_the_mean()
    pairs = [
        two_stage([a, b], found.recourse, Risk(), STOP).objective
        for a in futures
        for b in futures
    ]

    assert np.mean(pairs) < 7.7 / 3


def test_an_interval_needs_two_values():
    with pytest.raises(WasteplanError, match="at least 2"):
        mean_of(np.array([1.0]))
