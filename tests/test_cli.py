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
    assert "all: 98,550 t/y in the first year, 98,550 t/y in the last" in out
    assert "rests on memory or assumption" in out


def test_check_as_json() -> None:
    found = json.loads(wasteplan("check", TWO_CITY, "--json")[1])
    assert found["problems"] == []
    assert found["streams"][-1]["first_t_per_y"] == 98_550


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


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of a run of the two cities with a short simulation."""
    folder = tmp_path_factory.mktemp("cli") / "out"
    short = ("--days", 7, "--replications", 2, "--quiet")
    code, text, err = wasteplan("run", TWO_CITY, "--out", folder, *short)
    assert (code, err) == (0, "")
    assert text.startswith("Build")
    assert text.rstrip().endswith(f"{folder}/report.html")
    return folder


def test_a_run_shows_progress_and_speaks_json(tmp_path: Path) -> None:
    arguments = ("--out", tmp_path / "out", "--no-simulation", "--json")
    code, text, err = wasteplan("run", TWO_CITY, *arguments)
    found = json.loads(text)
    assert code == 0
    assert len(found["answer"]) == 10
    assert found["proof"]["status"] == "optimal"
    assert "solve ..." in err


def test_questions_about_a_plan(out: Path, tmp_path: Path) -> None:
    """The output folder of a run stands for its plan."""
    kpis = json.loads(wasteplan("evaluate", TWO_CITY, out, "--json")[1])
    cost = next(k for k in kpis["kpis"] if k["id"] == "cost_present_value")
    assert cost["value"] == pytest.approx(9_811_656.25)
    assert kpis["violations"] == []
    printed = wasteplan("evaluate", TWO_CITY, out)[1]
    assert printed.startswith("keeps every requirement")
    assert "USD/t" in printed
    assert "money" not in printed
    assert "unknown" in wasteplan("assess", TWO_CITY, out / "plan.json")[1]
    short = ("--days", 7, "--replications", 1, "--quiet", "--json")
    table = json.loads(wasteplan("simulate", TWO_CITY, out, *short)[1])["kpis"]
    assert {"landfill_diversion_rate"} <= {k["id"] for k in table}
    report = ("--out", tmp_path / "report", "--quiet")
    assert wasteplan("report", TWO_CITY, out, *report)[0] == 0
    assert (tmp_path / "report" / "report.html").is_file()
    code, text, _ = wasteplan("compare", out, tmp_path / "report", "--json")
    assert code == 0
    row = next(k for k in json.loads(text)["kpis"] if k["id"] == "cost_per_t")
    assert row["report change"] == 0


@pytest.mark.parametrize("command", ["evaluate", "assess", "simulate"])
def test_a_plan_that_does_not_fit_is_bad_input(
    command: str, out: Path, tmp_path: Path
) -> None:
    text = (out / "plan.json").read_text().replace('"period": "year"', '"period": "x"')
    (tmp_path / "plan.json").write_text(text)
    code, _, err = wasteplan(command, TWO_CITY, tmp_path / "plan.json")
    assert code == 2
    assert "no period 'x'" in err


def test_a_plan_of_another_scenario_is_taken_with_a_warning(
    out: Path, tmp_path: Path
) -> None:
    text = (out / "plan.json").read_text().replace('"two_city"', '"other"')
    (tmp_path / "plan.json").write_text(text)
    code, _, err = wasteplan("evaluate", TWO_CITY, tmp_path / "plan.json")
    assert code == 0
    assert "was made for other, not two_city" in err


def test_solve_writes_a_plan(tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    code, text, _ = wasteplan("solve", TWO_CITY, "--out", plan, "--quiet")
    assert code == 0
    assert "proved optimal" in text
    assert json.loads(plan.read_text())["scenario"] == "two_city"


def test_a_rerun_is_the_same(out: Path) -> None:
    code, text, _ = wasteplan("rerun", out, "--quiet")
    assert code == 0
    assert re.match(r"(\d+) of \1 files are the same", text)


def test_a_rerun_shows_the_same_reported_shipments(out: Path, tmp_path: Path) -> None:
    """The months of a report come from its shipments, so the record names them."""
    reported = tmp_path / "reported.csv"
    shipped = TWO_CITY.parent / "phnom-penh" / "shipments" / "own"
    shutil.copy(shipped / "simulated-2029.csv", reported)
    shown = tmp_path / "shown"
    asked = ("--shipments", reported, "--out", shown, "--quiet")
    assert wasteplan("report", TWO_CITY, out, *asked)[0] == 0
    assert (shown / "report.html").read_text() != (out / "report.html").read_text()

    code, text, _ = wasteplan("rerun", shown, "--quiet")
    assert re.match(r"(\d+) of \1 files are the same", text)
    assert code == 0
    with reported.open("a") as file:
        file.write("\n")
    code, _, err = wasteplan("rerun", shown, "--quiet")
    assert code == 2
    assert "reported.csv (changed)" in err
    reported.unlink()
    code, _, err = wasteplan("rerun", shown, "--quiet")
    assert code == 2
    assert "shipments ../reported.csv are gone" in err


def test_a_rerun_that_differs_says_so(out: Path, tmp_path: Path) -> None:
    """A provenance that promises another plan is not kept."""
    copy = tmp_path / out.name
    shutil.copytree(out, copy)
    record = json.loads((copy / "provenance.json").read_text())
    record["outputs"]["plan.json"] = "0" * 64
    record["folder"] = str(TWO_CITY)
    record["options"]["simulate"] = True
    (copy / "provenance.json").write_text(json.dumps(record))
    code, text, _ = wasteplan("rerun", copy, "--quiet")
    assert code == 1
    assert "different: plan.json (changed)" in text


def test_requirements_that_cannot_hold_end_with_3(tmp_path: Path) -> None:
    folder = tmp_path / "impossible"
    shutil.copytree(TWO_CITY, folder)
    (folder / "targets.csv").write_text(
        "id,metric,min,source,status\n"
        "away,landfill_diversion_rate,0.99,model_choice,assumption\n"
    )
    code, _, err = wasteplan("run", folder, "--out", tmp_path / "out", "-q")
    assert code == 3
    assert "away" in err
    assert not (tmp_path / "out").exists()


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


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("check", TWO_CITY / "sizes.csv"), f"one file of a scenario; name {TWO_CITY}"),
        (("check", "nowhere.xlsx"), "nowhere.xlsx does not exist"),
        (("schema", "--table", "nix"), "no table 'nix'; tables are: settings, gener"),
        (("solve", TWO_CITY, "--out", TWO_CITY), "is a folder; name a file in it"),
    ],
)
def test_wrong_paths_and_names_are_answered_with_the_right_ones(
    arguments: tuple[object, ...], words: str
) -> None:
    code, _, err = wasteplan(*arguments)
    assert code == 2
    assert words in err


def test_examples_name_scenarios_that_exist() -> None:
    for _, example in COMMANDS:
        for word in example.split():
            if word.startswith("scenarios/"):
                assert (TWO_CITY.parents[1] / word).is_dir(), word


def test_the_doctor_names_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    out = wasteplan("doctor", "--out", tmp_path / "file")[1]
    assert "file is a file; name a folder" in out


def test_converting_a_variant_says_that_it_needs_its_base(tmp_path: Path) -> None:
    variant = TWO_CITY.parent / "phnom-penh-high-growth"
    _, _, err = wasteplan("convert", variant, tmp_path / "v.xlsx")
    assert "complete only beside ../phnom-penh" in err
    assert "comments in TOML files are not carried" in err


def test_a_site_without_a_distance_is_warned_of(tmp_path: Path) -> None:
    folder = tmp_path / "two"
    shutil.copytree(TWO_CITY, folder)
    sites = folder / "sites.csv"
    header, first, *rest = sites.read_text().splitlines()
    id_, *others = first.split(",")
    added = ",".join([f"{id_}_2", *others])
    sites.write_text("\n".join([header, first, *rest, added]) + "\n")
    code, out, _ = wasteplan("check", folder)
    assert code == 0
    words = f"{id_}_2: no distance to any other place; it can never be used"
    assert words in out
    err = wasteplan("run", folder, "--out", tmp_path / "out", "--no-simulation")[2]
    assert f"warning: sites.csv, {id_}_2" in err
    assert words in err


def test_elements_of_a_stream_are_printed_or_named_wrong() -> None:
    phnom_penh = TWO_CITY.parent / "phnom-penh"
    one = ("--technology", "mass_burn_wte", "--stream", "sez_mixed", "--json")
    code, text, _ = wasteplan("elements", phnom_penh, *one)
    assert code == 0
    rows = json.loads(text)["balances"][0]["kg_per_t"]
    closing = next(r for r in rows if r["where"] == "in less out")
    assert abs(closing["carbon_fossil"]) < 1e-9
    code, _, err = wasteplan("elements", phnom_penh, "--technology", "mass_burn")
    assert code == 2
    assert "did you mean 'mass_burn_wte'" in err
