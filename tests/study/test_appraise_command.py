"""The command `appraise` on the shipped scenario with one thing built."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from wasteplan.cli import app
from wasteplan.plan.files import read_plan, write_plan
from wasteplan.plan.records import Build

SCENARIO = Path(__file__).parents[2] / "scenarios" / "phnom-penh"


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """Today's plan and a plant that gets no waste."""
    today = read_plan(SCENARIO / "plans" / "status-quo.json")
    build = Build(
        site="ppsez_plant", technology="mass_burn_wte", size="60kt", period="p2"
    )
    path = tmp_path / "plan.json"
    write_plan(today.model_copy(update={"builds": (build,)}), path)
    return path


def test_an_idle_plant_needs_a_fee_that_does_not_exist(plan: Path, tmp_path: Path):
    out = tmp_path / "tables"
    arguments = ["appraise", str(SCENARIO), str(plan), "--terms", "korea_edpf"]
    done = CliRunner().invoke(
        app, [*arguments, "--no-risk", "--json", "--quiet", "--out", str(out)]
    )
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert {row["case"] for row in found["cash"]} == {"korea_edpf"}
    assert all(row["holds"] for row in found["checks"])
    fee = next(r for r in found["indicators"] if r["id"] == "gate_fee_for_return")
    assert fee["value"] is None
    assert fee["why"] == "it takes no tonnes while it works"
    assert (out / "side_by_side.csv").is_file()


def test_terms_that_are_not_known_are_a_mistake_of_the_user(plan: Path):
    arguments = ["appraise", str(SCENARIO), str(plan), "--terms", "korea_edfp"]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 2
    assert "did you mean 'korea_edpf'" in done.output
