"""Fronts and alternatives from the command line, on the two cities."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from wasteplan.cli import app
from wasteplan.plan.files import read_plan

TWO_CITY = str(Path(__file__).parents[1] / "scenarios" / "two-city")
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


@pytest.mark.parametrize(
    "wrong",
    [
        ("pareto", TWO_CITY, "--totals", "cost_total"),
        ("pareto", TWO_CITY, "--totals", "cost_total,joy"),
        ("alternatives", TWO_CITY, "--within", "much"),
        ("alternatives", TWO_CITY, "--within", "500%"),
        ("pareto", "nowhere"),
    ],
)
def test_mistakes_end_in_a_message_and_no_folder(
    wrong: tuple[str, ...], tmp_path: Path
) -> None:
    out = tmp_path / "none"

    code, _ = wasteplan(*wrong, "--out", out, "--quiet")

    assert code == 2
    assert not out.exists()
