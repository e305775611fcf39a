"""The commands on shipments: help, mistakes, returns, there and back, monitoring."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from wasteplan.cli import SHIPMENT_COMMANDS, app
from wasteplan.commands.terminal import guarded
from wasteplan.shipments.formats import read_shipments

ROOT = Path(__file__).parents[1]
FILES = ROOT / "tests" / "shipments" / "files"
TWO_CITY = ROOT / "scenarios" / "two-city"
PHNOM_PENH = ROOT / "scenarios" / "phnom-penh"
STATUS_QUO = PHNOM_PENH / "plans" / "status-quo.json"
FORMATS = {"own": ".csv", "us": ".json", "england": ".json", "allbaro": ".csv"}


def wasteplan(*arguments: object) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a command."""
    done = CliRunner().invoke(app, [str(a) for a in arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.stdout, done.stderr


def shipments(*arguments: object) -> tuple[int, str, str]:
    return wasteplan("shipments", *arguments)


def as_json(*arguments: object) -> Any:
    code, out, err = wasteplan(*arguments, "--json")
    assert code == 0, err
    return json.loads(out)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def year(tmp_path: Path) -> Path:
    """A mill's 2025: 6 t recycled, 3 t landfilled, 1 t burnt; 2024: 5 t landfilled."""
    path = tmp_path / "mill_year.csv"
    path.write_text(
        "id,generator,facility,stream,is_hazardous,declared_t,received_t,route,"
        "vehicle,received_at,state\n"
        "a,mill,works,textile,0,6.2,6,R3,2A-1,2025-02-01,treated\n"
        "b,mill,tip,textile,0,3,3,D5,2A-1,2025-03-01,treated\n"
        "c,mill,kiln,sludge,1,1,1,R1,2A-2,2025-04-01,treated\n"
        "d,mill,tip,textile,0,5,5,D5,2A-2,2024-04-01,treated\n"
    )
    return path


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two weeks of the status quo around Phnom Penh as shipments."""
    path = tmp_path_factory.mktemp("simulated") / "simulated.csv"
    code, out, err = shipments(
        "simulate", PHNOM_PENH, "--out", path, "--days", 14, "--seed", 1, "--quiet"
    )
    assert (code, err) == (0, "")
    assert "simulated shipments" in out
    return path


# Help -------------------------------------------------------------------------------


@pytest.mark.parametrize(("command", "example"), SHIPMENT_COMMANDS)
def test_every_command_has_help_with_a_true_example(command: Any, example: str) -> None:
    name = example.split()[0]
    code, known, _ = shipments(name, "--help")
    assert code == 0
    assert name == command.__name__.replace("_", "-")
    assert f"Example: wasteplan shipments {name}" in known
    assert "--json" in known
    for option in (a for a in example.split() if a.startswith("--")):
        assert re.search(rf"{option}\b", known), option


@pytest.mark.parametrize("name", ["check", "report", "plan-input", "simulate"])
def test_long_work_can_be_told_to_be_quiet(name: str) -> None:
    assert "--quiet" in shipments(name, "--help")[1]


def test_the_page_names_every_command() -> None:
    text = (ROOT / "docs" / "shipments.md").read_text(encoding="utf-8")
    for _, example in SHIPMENT_COMMANDS:
        assert f"wasteplan shipments {example.split()[0]}" in text
    assert "wasteplan monitor" in text


def test_help_loads_nothing_heavy() -> None:
    told = "import wasteplan.cli, sys; print('pandas' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", told], capture_output=True, text=True, cwd=ROOT
    )
    assert done.stdout.strip() == "False"


# Clocks ------------------------------------------------------------------------------


def test_a_clock_can_be_set(tmp_path: Path) -> None:
    """Received, not confirmed after three days: late by the two days of the default."""
    path = tmp_path / "a.csv"
    path.write_text(
        "id,generator,facility,declared_t,received_t,received_at,state\n"
        "a,mill,works,1,1,2025-03-03,received\n"
    )
    asked = ("shipments", "check", path, "--now", "2025-03-06")
    late = as_json(*asked)["exceptions"]
    assert [e["kind"] for e in late] == ["overdue_confirmation"]
    assert as_json(*asked, "--clock", "confirm_days=3")["exceptions"] == []


def test_clocks_that_are_none_are_all_told() -> None:
    wrong = ("confirm_day=3", "fix_days=soon", "ship_days=nan", "transit_days=-1")
    options = [part for text in wrong for part in ("--clock", text)]
    code, _, err = shipments("check", FILES / "own_good.csv", *options)
    assert code == 2
    assert "did you mean 'confirm_days'" in err
    for text in wrong[1:]:
        assert f"--clock {text}: must be days, 0 or more" in err


# Bad input --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "nowhere"),
        ("check", FILES / "own_good.csv", "--permits", FILES / "own_good.csv"),
        ("check", FILES / "own_good.csv", "--format", "allbaro"),
        ("template", "--format", "us", "--out", "a.csv"),
        ("convert", FILES / "own_good.csv", "a.json"),
        ("convert", FILES / "own_good.csv", FILES / "own_good.csv"),
        ("report", FILES / "own_good.csv", "--out", "a", "--year", 1999),
        ("report", FILES / "own_good.csv", "--out", "a", "--pseudonymise", "nokey"),
        ("report", FILES / "own_malformed.csv", "--out", "a"),
        ("report", FILES / "own_good.csv", "--out", FILES),
        ("reconcile", FILES / "own_good.csv", "--ledger", FILES / "own_good.csv"),
        ("self-check", FILES / "own_good.csv", "--generator", "x", "--year", 2025),
        ("self-check", FILES / "own_good.csv", "--year", 2025),
        ("simulate", TWO_CITY, "--out", "a.csv"),
        ("simulate", PHNOM_PENH, "--out", "a.doc", "--days", 7),
        ("plan-input", FILES / "own_good.csv", "--scenario", "nowhere", "--out", "a"),
    ],
)
def test_bad_input_ends_with_2_and_writes_nothing(
    arguments: tuple[Any, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, _, err = shipments(*arguments)
    assert code == 2
    assert err
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


def test_all_mistakes_of_the_files_are_told() -> None:
    code, out, err = shipments("check", FILES / "own_malformed.csv")
    assert code == 2
    assert "5 shipments" in out
    assert "has 11 problems" in err
    assert "own_malformed.csv row 4, state: 'recieved'" in err
    found = json.loads(shipments("check", FILES / "own_malformed.csv", "--json")[1])
    assert found["exit_code"] == 2
    assert len(found["problems"]) == 11


def test_mistakes_met_by_another_command_are_json_too() -> None:
    code, out, _ = shipments("reconcile", FILES / "own_malformed.csv", "--json")
    assert code == json.loads(out)["exit_code"] == 2
    assert len(json.loads(out)["problems"]) == 11


# Files ------------------------------------------------------------------------------


def test_what_parties_must_mend_is_no_bad_input(tmp_path: Path) -> None:
    path = FILES / "one_of_each_fault.csv"
    found = as_json("shipments", "check", path, "--out", tmp_path / "e.csv")
    n = {row["kind"]: row["n"] for row in found["counts"]}
    assert n["quantity_mismatch"] == 1
    assert n["duplicate"] == 4
    assert len(rows(tmp_path / "e.csv")) == len(found["exceptions"]) == sum(n.values())
    assert "lost_weight" in shipments("check", path)[1]


def test_a_permit_that_is_passed_is_told(year: Path, tmp_path: Path) -> None:
    """The tip took 3 t in 2025 and 5 t in 2024; it may take 4."""
    permits = tmp_path / "permits.csv"
    permits.write_text("facility,permit_t_per_y\ntip,4\n")
    found = as_json("shipments", "check", year, "--permits", permits)
    told = [e["id"] for e in found["exceptions"] if e["kind"] == "over_permit"]
    assert told == ["d"]


@pytest.mark.parametrize("form", FORMATS)
def test_a_template_reads_without_a_mistake(form: str, tmp_path: Path) -> None:
    path = tmp_path / f"a{FORMATS[form]}"
    assert shipments("template", "--format", form, "--out", path)[0] == 0
    assert shipments("check", path, "--format", form)[0] == 0
    assert shipments("template", "--format", form)[1] == path.read_text("utf-8")
    assert shipments("template", "--format", form, "--out", path)[0] == 2


def test_convert_there_and_back(year: Path, tmp_path: Path) -> None:
    there, back = tmp_path / "a.jsonl", tmp_path / "b.xlsx"
    assert shipments("convert", year, there, "--to", "us")[0] == 0
    found = as_json("shipments", "convert", there, back)
    assert (found["n_shipments"], found["left_behind"]) == (4, [])
    columns = ["id", "generator", "received_t", "received_at", "route", "state"]
    one, two = (read_shipments(p).table[columns] for p in (year, back))
    assert one.astype(object).equals(two.astype(object))


def test_convert_says_what_has_no_room(simulated: Path, tmp_path: Path) -> None:
    """The mark of simulated data only if the numbers lose it; remarks keep it."""
    path = tmp_path / "a.csv"
    _, _, err = shipments("convert", simulated, path, "--to", "allbaro")
    assert "simulated" not in err
    renamed = tmp_path / "renamed.csv"
    renamed.write_text(simulated.read_text("utf-8").replace("sim-", "no-"), "utf-8")
    _, _, err = shipments("convert", renamed, tmp_path / "b.csv", "--to", "allbaro")
    assert "that it is simulated" in err
    other = tmp_path / "a.json"
    _, _, err = shipments("convert", renamed, other, "--to", "us")
    assert "simulated" not in err


def test_a_receipt_needs_an_arrival(tmp_path: Path) -> None:
    """Of two loads one is still on its way; of the other nothing is lost."""
    path, good = tmp_path / "a.json", FILES / "own_good.csv"
    code, out, err = shipments("convert", good, path, "--to", "england")
    arrived = int(read_shipments(good).table["received_at"].notna().sum())
    n = len(rows(good))
    assert code == 0
    assert f"{arrived} of {n} shipments" in out
    assert err == f"left out, never received: {n - arrived} shipments\n"


# Returns ----------------------------------------------------------------------------


def test_returns_of_a_year(year: Path, tmp_path: Path) -> None:
    """10 t in 2025, 3 of them landfilled: 70 % kept out."""
    out = tmp_path / "out"
    found = as_json("shipments", "report", year, "--out", out, "--quiet")
    assert (found["year"], found["data"]) == (2025, "reported")
    assert sorted(p.name for p in out.iterdir()) == [
        "annual_form.csv",
        "diversion.csv",
        "facility_ledger.csv",
        "flow_matrix.csv",
        "generator_report.csv",
        "months.csv",
        "quarterly_form.csv",
        "shipments_report.json",
    ]
    now = {r["span"]: r for r in rows(out / "diversion.csv")}["2025"]
    assert float(now["diversion_low"]) == pytest.approx(0.7)
    assert now["data"] == "reported"
    assert float(rows(out / "flow_matrix.csv")[0]["tip"]) == 3
    assert [r["id"] for r in rows(out / "facility_ledger.csv")] == ["c", "b", "a"]
    assert shipments("report", year, "--out", out, "-q", "--year", 2024)[0] == 0
    assert float(rows(out / "flow_matrix.csv")[0]["tip"]) == 5


def test_pseudonyms_hide_every_name(year: Path, tmp_path: Path) -> None:
    key, out = tmp_path / "my.key", tmp_path / "out"
    assert shipments("new-key", key)[0] == 0
    assert shipments("new-key", key)[0] == 2
    arguments = ("report", year, "--out", out, "--pseudonymise", key, "--quiet")
    assert shipments(*arguments)[0] == 0
    text = "".join(p.read_text("utf-8") for p in out.iterdir())
    for name in ("mill", "works", "tip", "kiln", "2A-1"):
        assert not re.search(rf"\b{name}\b", text)
    assert "generator_" in text


def test_an_output_folder_with_other_things_is_left_alone(
    year: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "thesis.txt").write_text("mine")
    code, _, err = shipments("report", year, "--out", other, "-q")
    assert code == 2
    assert "holds something already" in err
    assert [p.name for p in other.iterdir()] == ["thesis.txt"]


def test_declared_against_received(year: Path, tmp_path: Path) -> None:
    """6.2 t declared, 6 t weighed: between the two, nearer the scale."""
    flows = as_json("shipments", "reconcile", year)["flows"]
    row = next(r for r in flows if r["facility"] == "works")
    assert 6 < row["reconciled_t"] < 6.1
    books = tmp_path / "books.csv"
    books.write_text("facility,received_t\nworks,9\n")
    found = as_json("shipments", "reconcile", year, "--ledger", books)
    assert [r["id"] for r in found["gross_errors"]] == ["ledger works"]
    code, out, _ = shipments("reconcile", year, "--ledger", books)
    assert code == 0
    assert "gross error: ledger works: 9 t" in out


def test_self_check_of_a_factory(year: Path, tmp_path: Path) -> None:
    """5 kg in 2024 and 10 kg in 2025 per unit of 1 000: no way to a fifth less."""
    made = tmp_path / "made.csv"
    made.write_text("year,units\n2024,1000\n2025,1000\n")
    aims = tmp_path / "aims.csv"
    aims.write_text("baseline_year,target_year,reduction\n2024,2028,0.2\n")
    said = tmp_path / "said.csv"
    said.write_text("question,answer,document\nstored_safely,yes,photo 3\n")
    arguments = ("self-check", year, "--generator", "mill", "--year", 2025)
    more = ("--output", made, "--targets", aims, "--answers", said)
    found = as_json("shipments", *arguments, *more)
    assert found["diversion"] == pytest.approx({"low": 0.7, "high": 0.7})
    assert found["progress"][0]["now_kg_per_unit"] == pytest.approx(10)
    assert found["progress"][0]["is_on_track"] is False
    by_id = {r["question"]: r for r in found["readiness"]}
    assert by_id["stored_safely"]["evidence"] == "photo 3"
    code, out, _ = shipments(*arguments)
    assert code == 0
    assert "not a score" in out


def _guarded(*arguments: object) -> str:
    """The message of a command that refuses its input."""
    code, _, err = shipments(*arguments)
    assert code == 2
    return err.strip().splitlines()[-1]


def test_a_year_without_shipments_names_those_that_have_some(year: Path) -> None:
    said = _guarded("self-check", year, "--generator", "mill", "--year", 2030)
    assert said == "no shipment of 'mill' moved in 2030; some did in 2024, 2025"


def test_a_move_to_an_unknown_end_is_not_sure(year: Path, tmp_path: Path) -> None:
    """Before 3 of 10 t landfilled; after all 3 stored (R13): 70 % for sure."""
    after = tmp_path / "after.csv"
    after.write_text(year.read_text().replace("3,3,D5", "3,3,R13"))
    chosen = ("self-check", year, "--generator", "mill", "--year", 2025)
    _, out, _ = shipments(*chosen, "--after", after)
    assert "mill moves off landfill" in out
    assert "the last step of 30.0% is unknown" in out


def test_a_file_that_exists_names_the_option_that_replaces_it(
    year: Path, tmp_path: Path
) -> None:
    target = tmp_path / "there.csv"
    target.write_text("kept")
    assert "add --overwrite" in _guarded("convert", year, target)
    assert target.read_text() == "kept"
    assert shipments("convert", year, target, "--overwrite")[0] == 0


def test_a_name_is_no_formula_in_the_returns(year: Path, tmp_path: Path) -> None:
    year.write_text(year.read_text().replace("mill", "=1+1").replace("tip", "+2"))
    out = tmp_path / "returns"
    assert shipments("report", year, "--out", out)[0] == 0
    for file in out.glob("*.csv"):
        for row in csv.reader(file.open(encoding="utf-8", newline="")):
            assert not any(cell.startswith(("=", "+")) for cell in row), file.name
    assert {r["generator"] for r in rows(out / "flow_matrix.csv")} == {"'=1+1"}
    assert "'+2" in rows(out / "flow_matrix.csv")[0]


def test_broken_json_is_called_broken(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"wa": [')
    code, out, err = shipments("check", path)
    assert code == 2
    assert "is no JSON" in err
    assert "nothing to check" in out


def test_self_check_before_and_after(year: Path, tmp_path: Path) -> None:
    """3 of 10 t to landfill in 2025; after, all of it is recycled."""
    after = tmp_path / "after.csv"
    after.write_text(year.read_text().replace(",D5,", ",R3,"))
    arguments = ("shipments", "self-check", year, "--generator", "mill", "--year", 2025)
    found = as_json(*arguments, "--after", after)
    assert found["diversion"]["low"] == pytest.approx(0.7)
    assert found["after"]["diversion"]["low"] == 1
    assert found["moves_off_landfill"] is True
    _, out, _ = wasteplan(*arguments, "--after", after)
    assert "mill moves off landfill" in out


# With a scenario --------------------------------------------------------------------


def test_simulated_shipments_are_marked(simulated: Path) -> None:
    assert {r["scheme"] for r in rows(simulated)} == {"simulated"}
    assert as_json("shipments", "check", simulated)["data"] == "simulated"


def test_planning_input_stands_on_its_data(simulated: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    arguments = ("plan-input", simulated, "--scenario", PHNOM_PENH, "--out", out, "-q")
    code, _, err = shipments(*arguments)
    assert code == 0
    assert "no evidence" in err
    table = rows(out / "generation.csv")
    assert {r["source"] for r in table} == {"simulated_shipments"}
    assert "[simulated_shipments]" in (out / "sources.toml").read_text("utf-8")
    assert shipments(*arguments)[0] == 0, "its own output is replaced"


def test_monitor_a_plan(simulated: Path, tmp_path: Path) -> None:
    arguments = ("monitor", STATUS_QUO, simulated, "--scenario", PHNOM_PENH, "-q")
    code, text, _ = wasteplan(*arguments, "--out", tmp_path / "out")
    assert code == 0
    assert "simulated data" in text
    found = as_json(*arguments)
    assert set(found["reported_part"]) == {"2029"}
    assert 0.02 < found["reported_part"]["2029"] < 0.05
    names = {r["facility"] for r in found["facilities"]}
    assert "dangkor.controlled_dump" in names
    assert len(rows(tmp_path / "out" / "facilities.csv")) == len(names)


def test_a_facility_that_falls_short_is_told(tmp_path: Path) -> None:
    """A fortnight in which the tip of Poipet takes no load, the others all."""
    path, tip = tmp_path / "x.csv", "poipet_tip.provincial_landfill"
    arguments = ("simulate", PHNOM_PENH, "--out", path, "--days", 14, "--seed", 1, "-q")
    assert shipments(*arguments, "--region", "poipet", "--part", f"{tip}=0.5")[0] == 0
    few = sum(r["facility"] == tip for r in rows(path))
    assert shipments(*arguments, "--region", "poipet")[0] == 0
    every = sum(r["facility"] == tip for r in rows(path))
    assert 0 < few < every
    code, _, err = shipments(*arguments, "--part", "poipet_tip=0.5")
    assert code == 2
    assert "no load goes to 'poipet_tip'" in err
    assert shipments(*arguments, "--part", f"{tip}=1.5")[0] == 2
    assert shipments(*arguments, "--part", tip)[0] == 2


def test_control_levels_of_facilities(simulated: Path, tmp_path: Path) -> None:
    """Mixed zone waste as municipal: nobody assessed the dumps, then one is basic."""
    arguments = ("monitor", STATUS_QUO, simulated, "--scenario", PHNOM_PENH, "-q")
    more = ("--municipal", "sez_mixed")
    (row,) = (
        r for r in as_json(*arguments, *more)["sdg"] if r["indicator"] == "11.6.1"
    )
    assert (row["low"], row["high"] > 0) == (0, True)
    levels = tmp_path / "levels.csv"
    levels.write_text("facility,control,note\ndangkor.controlled_dump,basic,made up\n")
    more = (*more, "--control", levels)
    (row,) = (
        r for r in as_json(*arguments, *more)["sdg"] if r["indicator"] == "11.6.1"
    )
    assert 0 < row["low"] < row["high"]
    levels.write_text("facility,control\ndangkor.controlled_dump,best\n")
    assert wasteplan(*arguments, *more)[0] == 2
    code, _, err = wasteplan(*arguments, "--municipal", "sez_mixd")
    assert code == 2
    assert "did you mean 'sez_mixed'" in err


def test_a_plan_without_reports_in_its_years_is_bad_input(year: Path) -> None:
    old = year.with_name("old.csv")
    old.write_text(year.read_text().replace("2025-", "1995-").replace("2024-", "1994-"))
    code, _, err = wasteplan(
        "monitor", STATUS_QUO, old, "--scenario", PHNOM_PENH, "--quiet"
    )
    assert code == 2
    assert "no shipment arrived between" in err


def test_a_guarded_command_tells_all_problems(
    capsys: pytest.CaptureFixture[str],
) -> None:
    import typer

    from wasteplan.errors import Problem
    from wasteplan.shipments.mistakes import ShipmentFileError

    @guarded
    def command() -> None:
        raise ShipmentFileError("a", [Problem("a", 2, "x", "is wrong")])

    with pytest.raises(typer.Exit) as left:
        command()
    assert left.value.exit_code == 2
    assert "row 2, x: is wrong" in capsys.readouterr().err
