"""Fronts and alternatives from the command line, on the two cities."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner

from wasteplan.cli import app
from wasteplan.errors import StoppedWithoutPlan
from wasteplan.optimize import alternatives
from wasteplan.plan.files import read_plan
from wasteplan.plan.records import Plan

SCENARIOS = Path(__file__).parents[1] / "scenarios"
TWO_CITY = str(SCENARIOS / "two-city")
CHEAPEST = 26_881.25 * 365  # published: USD a day


def wasteplan(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(app, [str(a) for a in arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.stdout


def test_a_front_is_written_whole_with_page_table_and_plans(tmp_path: Path) -> None:
    out = tmp_path / "front"

    code, text = wasteplan(
        *("pareto", TWO_CITY, "--totals", "cost_total,landfilled_total_t"),
        *("--points", "3", "--out", out, "--json", "--quiet"),
    )

    assert code == 0
    found = json.loads(text)
    table = pd.read_csv(out / "front.csv")
    assert len(found["points"]) == len(table) == 3
    assert table["cost_total"].iloc[0] == pytest.approx(CHEAPEST)
    assert table["cost_total"].is_monotonic_increasing
    assert table["landfilled_total_t"].is_monotonic_decreasing
    assert "Landfilled over all years" in (out / "front.html").read_text("utf-8")
    assert all(read_plan(out / name).proof is not None for name in table["plan"])


def test_alternatives_start_with_the_best(tmp_path: Path) -> None:
    out = tmp_path / "others"

    code, text = wasteplan(
        *("alternatives", TWO_CITY, "--within", "20%", "--count", "2"),
        *("--out", out, "--quiet"),
    )

    assert code == 0
    table = pd.read_csv(out / "alternatives.csv")
    assert table["plan"].tolist()[0] == "best"
    assert table["more_cost_total"].iloc[0] == 0
    assert table["cost_total"].iloc[0] == pytest.approx(CHEAPEST)
    assert (table["more_cost_total"].iloc[1:] > 0).all()
    assert (out / "plans" / "best.json").is_file()
    assert "page:" in text


@pytest.mark.parametrize(
    "reason", [KeyboardInterrupt(), StoppedWithoutPlan("out of time")]
)
def test_a_stop_keeps_the_alternatives_found(
    reason: BaseException, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The search for the second alternative is stopped: the best and the first stay."""
    real = alternatives.nearly_as_good

    def stopped(*args: Any, **more: Any) -> Iterator[Plan]:
        yield next(real(*args, **more))
        raise reason

    monkeypatch.setattr(alternatives, "nearly_as_good", stopped)
    out = tmp_path / "others"

    code, text = wasteplan(
        *("alternatives", TWO_CITY, "--within", "20%", "--out", out, "--quiet")
    )

    assert code == 0
    assert "plans may be missing" in text
    assert pd.read_csv(out / "alternatives.csv")["plan"].tolist() == [
        "best",
        "alternative_1",
    ]


def test_points_searched_apart_make_the_same_table_and_are_kept(tmp_path: Path) -> None:
    asked = ("pareto", TWO_CITY, "--totals", "cost_total,landfilled_total_t")

    for name, more in (("swept", ()), ("apart", ("--workers", "1"))):
        code, _ = wasteplan(
            *asked, "--points", "3", "--out", tmp_path / name, "--quiet", *more
        )
        assert code == 0

    kept = (tmp_path / ".apart.points.jsonl").read_text("utf-8").splitlines()
    assert len(kept) == 4  # a heading and three points
    tables = [pd.read_csv(tmp_path / name / "front.csv") for name in ("swept", "apart")]
    pd.testing.assert_frame_equal(*tables)


def test_switch_points_are_written_with_page_and_table(tmp_path: Path) -> None:
    """The recycler charges more from some gate price on: the sorting plant goes."""
    out = tmp_path / "switches"

    code, text = wasteplan(
        *("switch", TWO_CITY, "waste", "gate:recycler", "--factors", "0.5,1,2"),
        *("--out", out, "--quiet"),
    )

    assert code == 0
    assert "All waste: no plan meets all requirements from x " in text
    table = pd.read_csv(out / "switches.csv")
    recycler = table[table["driver"] == "gate:recycler"]
    assert recycler["drops"].tolist() == ["mrf.mrf"]
    assert (recycler["saves"] > recycler["gap"]).all()
    assert "Where the plan changes" in (out / "switches.html").read_text("utf-8")


def test_a_report_shows_trade_offs_and_is_run_again_to_the_byte(
    tmp_path: Path,
) -> None:
    """Front, alternatives and switch points become chapters with their pictures."""
    front, others, moved, out = (tmp_path / n for n in ("f", "a", "s", "out"))
    wasteplan(
        *("pareto", TWO_CITY, "--totals", "cost_total,landfilled_total_t"),
        *("--points", "3", "--out", front, "--quiet"),
    )
    wasteplan(
        *("alternatives", TWO_CITY, "--within", "20%", "--out", others, "--quiet")
    )
    wasteplan(
        *("switch", TWO_CITY, "gate:recycler", "--factors", "0.5,2"),
        *("--out", moved, "--quiet"),
    )
    plan = front / "plans" / "point_01.json"

    code, _ = wasteplan(
        *("report", TWO_CITY, plan, "--out", out, "--quiet"),
        *("--with", front, "--with", others, "--with", moved),
    )

    assert code == 0
    page = (out / "report.html").read_text("utf-8")
    for id in ("front", "alternatives", "switches"):
        assert f'<section id="{id}"' in page
    for canvas in ("front_landfilled_total_t", "alternatives_cost", "switches_strips"):
        assert f'id="{canvas}-canvas"' in page
    assert wasteplan("rerun", out, "--quiet")[0] == 0
    (front / "plans" / "point_02.json").unlink()
    code, _ = wasteplan("rerun", out, "--quiet")
    assert code == 2


def test_a_trade_off_of_other_numbers_is_refused(tmp_path: Path) -> None:
    """The record says which files it was made from; a changed one is named."""
    moved = tmp_path / "s"
    wasteplan(
        *("switch", TWO_CITY, "gate:recycler", "--factors", "0.9,1.1"),
        *("--out", moved, "--quiet"),
    )
    record = moved / "trade-off.json"
    text = record.read_text("utf-8")
    plan = str(tmp_path / "none.json")  # refused before it is looked for
    for wrong, said in (
        (text.replace('"scenario": "two_city"', '"scenario": "other"'), "is about"),
        (
            text.replace('"outlets.csv": "', '"outlets.csv": "0'),
            "outlets.csv (changed)",
        ),
        (text.replace('"kind": "switches"', '"kind": "front"'), "damaged"),
        ("[", "damaged"),
    ):
        record.write_text(wrong, "utf-8")
        out = tmp_path / "out"
        done = CliRunner().invoke(
            app,
            ["report", TWO_CITY, plan, "--out", str(out), "--with", str(moved)],
        )
        assert done.exit_code == 2
        assert said in done.stderr
        assert not out.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        ("pareto", TWO_CITY, "--totals", "cost_total"),
        ("pareto", TWO_CITY, "--totals", "cost_total,joy"),
        ("alternatives", TWO_CITY, "--within", "much"),
        ("alternatives", TWO_CITY, "--within", "500%"),
        ("pareto", "nowhere"),
        ("switch", TWO_CITY, "joy"),
        ("switch", TWO_CITY, "waste=1,2"),
        ("switch", TWO_CITY, "gate:recycler=cheap"),
        ("switch", TWO_CITY, "waste", "--factors", "0,1"),
    ],
)
def test_mistakes_end_in_a_message_and_no_folder(
    wrong: tuple[str, ...], tmp_path: Path
) -> None:
    out = tmp_path / "none"

    code, _ = wasteplan(*wrong, "--out", out, "--quiet")

    assert code == 2
    assert not out.exists()
