"""Commands: help with examples, exit codes, JSON, no traceback for user errors."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from wasteplan.cli import COMMANDS, app
from wasteplan.commands.terminal import guarded, progress_text
from wasteplan.errors import NoAnswer, ScenarioError, StoppedWithoutPlan

TWO_CITY = Path(__file__).parents[1] / "scenarios" / "two-city"
NAMES = [command.__name__ for command, _ in COMMANDS]


def wasteplan(*arguments: object) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a command."""
    done = CliRunner().invoke(app, [str(a) for a in arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.stdout, done.stderr


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """The two cities with a negative tonnage and an unknown column."""
    folder = tmp_path / "broken"
    shutil.copytree(TWO_CITY, folder)
    table = folder / "generation.csv"
    table.write_text(table.read_text().replace(",36500,", ",-3,"))
    sites = folder / "sites.csv"
    sites.write_text(sites.read_text().replace("region", "regoin", 1))
    return folder


@pytest.mark.parametrize("name", NAMES)
def test_every_command_has_help_with_an_example(name: str) -> None:
    code, out, _ = wasteplan(name, "--help")
    assert code == 0
    assert f"Example: wasteplan {name}" in out
    assert "--json" in out


@pytest.mark.parametrize("name", ["run", "solve", "simulate", "report", "rerun"])
def test_long_work_can_be_told_to_be_quiet(name: str) -> None:
    assert "--quiet" in wasteplan(name, "--help")[1]


@pytest.mark.parametrize(("command", "example"), COMMANDS)
def test_the_examples_use_options_that_exist(command: object, example: str) -> None:
    name, *arguments = example.split()
    assert name == getattr(command, "__name__", "")
    known = wasteplan(name, "--help")[1]
    for option in (a for a in arguments if a.startswith("--")):
        assert re.search(rf"{option}\b", known), option


def test_mistakes_in_the_input_are_printed_as_they_are(broken: Path) -> None:
    code, out, err = wasteplan("check", broken)
    assert code == 2
    assert out == ""
    assert f"{broken} has " in err
    assert "generation.csv row 2, waste_t_per_y: -3 t/y is below 0" in err
    assert "sites.csv" in err
    assert "did you mean 'region'" in err
    assert "Traceback" not in err


def test_mistakes_as_json(broken: Path) -> None:
    code, out, _ = wasteplan("check", broken, "--json")
    found = json.loads(out)
    assert code == found["exit_code"] == 2
    assert {p["file"] for p in found["problems"]} == {"generation.csv", "sites.csv"}


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", "nowhere"),
        ("check", "nowhere"),
        ("solve", TWO_CITY / "sites.csv"),
        ("evaluate", TWO_CITY, "nowhere.json"),
        ("evaluate", TWO_CITY, TWO_CITY / "scenario.toml"),
        ("convert", "nowhere", "a.xlsx"),
        ("convert", "nowhere.xlsx", "folder"),
        ("convert", "a", "b"),
        ("convert", TWO_CITY, TWO_CITY / "sites.csv" / "a.xlsx"),
        ("diff", TWO_CITY, "nowhere"),
        ("compare", "nowhere", "nowhere2"),
        ("compare", "only-one"),
        ("rerun", TWO_CITY),
        ("init", TWO_CITY),
        ("schema", "--table", "sizez"),
        ("run", TWO_CITY, "--gap", "2"),
        ("run",),
        ("frobnicate",),
    ],
)
def test_bad_input_ends_with_2_and_no_traceback(arguments: tuple) -> None:
    code, _, err = wasteplan(*arguments)
    assert code == 2
    assert err
    assert "Traceback" not in err


def test_an_output_folder_with_other_things_in_it_is_left_alone(
    tmp_path: Path,
) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    code, _, err = wasteplan("run", TWO_CITY, "--out", tmp_path, "--quiet")
    assert code == 2
    assert "holds something already" in err
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.txt"]


def test_check_says_what_a_study_stands_on() -> None:
    code, out, _ = wasteplan("check", TWO_CITY)
    assert code == 0
    assert re.search(r"all\s+98,550\s+98,550", out)
    assert "rows by status" in out


def test_check_as_json() -> None:
    found = json.loads(wasteplan("check", TWO_CITY, "--json")[1])
    assert found["problems"] == []
    assert found["tonnage"][-1]["first_t_per_y"] == 98_550


def test_convert_there_and_back_and_no_difference(tmp_path: Path) -> None:
    assert wasteplan("convert", TWO_CITY, tmp_path / "a.xlsx")[0] == 0
    assert wasteplan("convert", tmp_path / "a.xlsx", tmp_path / "back")[0] == 0
    code, out, _ = wasteplan("diff", TWO_CITY, tmp_path / "back")
    assert (code, out) == (0, "no difference\n")


def test_convert_replaces_only_when_asked(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_text("mine")
    assert wasteplan("convert", TWO_CITY, tmp_path / "a.xlsx")[0] == 2
    assert (tmp_path / "a.xlsx").read_text() == "mine"
    assert wasteplan("convert", TWO_CITY, tmp_path / "a.xlsx", "--overwrite")[0] == 0


def test_a_workbook_is_checked_under_its_own_name(tmp_path: Path, broken: Path) -> None:
    wasteplan("convert", broken, tmp_path / "a.xlsx")
    code, _, err = wasteplan("check", tmp_path / "a.xlsx")
    assert code == 2
    assert err.startswith(f"{tmp_path / 'a.xlsx'} has ")


def test_schema_as_text_and_as_json() -> None:
    assert "[t/y] number (needed)" in wasteplan("schema", "--table", "sizes")[1]
    found = json.loads(wasteplan("schema", "--json")[1])
    assert found["properties"]["tables"]["properties"]["sizes"]["key"]
    assert "base_year" in wasteplan("schema", "--table", "settings")[1]


def test_init_gives_a_study_that_checks(tmp_path: Path) -> None:
    assert wasteplan("init", tmp_path / "mine")[0] == 0
    assert wasteplan("check", tmp_path / "mine")[0] == 0


def test_doctor_is_content() -> None:
    code, out, _ = wasteplan("doctor", "--json")
    assert code == 0
    assert all(f["is_well"] for f in json.loads(out)["findings"] if f["is_needed"])


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ScenarioError("x", []), 2),
        (NoAnswer("target and budget cannot hold together"), 3),
        (StoppedWithoutPlan("time"), 4),
        (KeyboardInterrupt(), 4),
        (PermissionError(13, "Permission denied", "/x"), 2),
    ],
)
def test_every_kind_of_failure_has_its_exit_code(
    error: BaseException, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    import typer

    @guarded
    def command() -> None:
        raise error

    with pytest.raises(typer.Exit) as left:
        command()
    assert left.value.exit_code == code
    assert capsys.readouterr().err


def test_a_bug_is_not_hidden() -> None:
    @guarded
    def command() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        command()


def test_progress_is_one_line() -> None:
    from wasteplan.optimize.running import Progress

    text = progress_text(Progress(12.4, "branch", 81.234, 80.0, 0.0123))
    assert text == (
        "branch, 12 s, best plan 81.23 million, bound 80, gap 1.23 % of gross cost"
    )


HEAVY = ("pyomo", "pandas", "scipy", "networkx", "highspy", "simpy", "numpy")


@pytest.mark.parametrize("code", ["import wasteplan", "import wasteplan.cli"])
def test_importing_loads_nothing_heavy(code: str) -> None:
    told = f"{code}, sys; print([m for m in {HEAVY} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", told],
        capture_output=True,
        text=True,
        check=True,
        cwd=TWO_CITY.parents[1],
    )
    assert done.stdout.strip() == "[]"


def test_every_public_name_is_there() -> None:
    import wasteplan

    for name in wasteplan.HOMES:
        assert callable(getattr(wasteplan, name))
    with pytest.raises(AttributeError, match="no attribute 'slove'"):
        _ = wasteplan.slove
    stub = Path(wasteplan.__file__).with_suffix(".pyi").read_text()
    assert sorted(re.findall(r" as (\w+)", stub)) == sorted(wasteplan.HOMES)
