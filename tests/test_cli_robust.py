"""Robust siting from the command line, on two cities that know little."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from wasteplan.cli import app
from wasteplan.plan.files import read_plan

SCENARIOS = Path(__file__).parents[1] / "scenarios"
UNCERTAIN = str(SCENARIOS / "two-city-uncertain")


def wasteplan(*arguments: object) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, ["robust", *map(str, arguments)])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.stdout, done.stderr


def test_a_robust_plan_is_another_and_cheaper_over_samples(tmp_path: Path) -> None:
    out = tmp_path / "out"

    code, text, _ = wasteplan(
        *(UNCERTAIN, "--samples", 6, "--batches", 2, "--fresh", 3),
        *("--out", out, "--json", "--quiet"),
    )

    assert code == 0
    found = json.loads(text)
    robust, central = (
        {b.site: b.size for b in read_plan(out / "plans" / f"{name}.json").builds}
        for name in ("robust", "central")
    )
    assert (robust["wte"], central["wte"]) == ("200_t_per_d", "150_t_per_d")
    worth = found["value_of_stochastic_solution"]["value"]
    assert worth == pytest.approx(
        found["central"]["expected"] - found["robust"]["expected"]
    )
    assert worth > 0
    assert found["missed_under_central_values"] == []
    table = pd.read_csv(out / "samples.csv")
    assert table["robust_cost"].mean() == pytest.approx(found["robust"]["expected"])
    assert (table["robust_regret"] >= 0).all()
    assert found["sample_average_millions"]["lower"]["n"] == 2
    assert "site_frequency" in (out / "robust.html").read_text("utf-8")


def test_ten_lines_say_how_certain_sites_are(tmp_path: Path) -> None:
    arguments = (UNCERTAIN, "--samples", 3, "--frequency", 6, "--objective", "cvar")

    code, text, said = wasteplan(*arguments, "--out", tmp_path / "out")

    assert code == 0
    assert " of 6 samples" in " ".join(text.split())
    assert "all samples together" in said


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((str(SCENARIOS / "two-city"),), "no number has a range"),
        ((UNCERTAIN, "--objective", "hope"), "no objective 'hope'"),
        ((UNCERTAIN, "--objective", "cvar", "--alpha", "1"), "not in [0, 1)"),
        ((UNCERTAIN, "--method", "dice"), "'dice' is not one of"),
        ((UNCERTAIN, "--batches", "1"), "at least 2"),
        ((UNCERTAIN, "--fresh", "50"), "--fresh 50 is of use with --batches only"),
        ((UNCERTAIN, "--batches", "2", "--objective", "regret"), "expected"),
    ],
)
def test_a_question_that_makes_no_sense(
    arguments: tuple[str, ...], words: str, tmp_path: Path
) -> None:
    code, _, said = wasteplan(*arguments, "--quiet", "--out", tmp_path / "out")

    assert code == 2
    assert words in said
    assert not (tmp_path / "out").exists()
