"""A run from folder to folder: complete, repeatable, and right on paper."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from wasteplan.errors import NoAnswer, WasteplanError
from wasteplan.plan.files import read_plan, write_plan
from wasteplan.report.writing import write_report
from wasteplan.scenario.loading import load_scenario
from wasteplan.scenario.template import write_template
from wasteplan.scenario.workbook import folder_to_workbook
from wasteplan.study.assess import assess, generated_t
from wasteplan.study.opening import output_name
from wasteplan.study.provenance import Options, output_hashes, read_provenance
from wasteplan.study.rerun import rerun
from wasteplan.study.run import SIMULATION_STOPPED, Run, Watch, run
from wasteplan.study.starter import agreement

TWO_CITY = Path(__file__).parents[2] / "scenarios" / "two-city"
NO_SIMULATION = Options(simulate=False)
SHORT_SIMULATION = Options(replications=2, days=14)


def quick(out: Path, scenario: Path = TWO_CITY) -> Run:
    return run(scenario, out, options=NO_SIMULATION)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Two cities with report and a short simulation."""
    out = tmp_path_factory.mktemp("whole") / "out" / "two-city"
    return run(TWO_CITY, out, options=SHORT_SIMULATION, write_report=write_report)


def test_the_output_folder_is_complete(whole: Run) -> None:
    names = {p.name for p in whole.out.iterdir()}
    assert names == {
        "report.html",
        "results.xlsx",
        "plan.json",
        "builds.csv",
        "flows.csv",
        "kpis.csv",
        "emissions.csv",
        "cashflow.csv",
        "just_transition.csv",
        "plan.geojson",
        "sim",
        "provenance.json",
    }
    assert (whole.out / "sim" / "kpis.csv").is_file()
    assert [p.name for p in whole.out.parent.iterdir()] == ["two-city"]


def test_the_answer_is_the_published_one(whole: Run) -> None:
    """26 881.25 USD/d x 365 = 9 811 656.25 USD/y over 98 550 t: 99.56 USD/t."""
    assert whole.result.evaluation.cost_present_value == pytest.approx(9_811_656.25)
    assert whole.answer.lines["Cost"].startswith("99.6 USD/t (9.81 million USD")
    assert "Burner at Burner site" in whole.answer.lines["Build"]
    assert whole.answer.lines["Report"].endswith("report.html")


def test_planned_and_simulated_stand_side_by_side(whole: Run) -> None:
    assert "simulated" in whole.answer.lines["Diversion"]


def test_a_rerun_gives_the_same_bytes(whole: Run) -> None:
    again = rerun(whole.out, write_report=write_report)
    assert again.different == ()
    assert again.versions_changed == ()
    assert len(again.same) == len(output_hashes(whole.out))


def test_no_file_but_the_provenance_knows_where_it_lies(whole: Run) -> None:
    for path in whole.out.rglob("*"):
        if path.is_file() and path.name != "provenance.json":
            assert str(whole.out).encode() not in path.read_bytes(), path.name


def test_the_provenance_says_what_was_asked(whole: Run) -> None:
    record = read_provenance(whole.out)
    assert record.options == SHORT_SIMULATION
    assert (whole.out / record.folder).resolve() == TWO_CITY
    assert set(record.inputs) == {p.name for p in TWO_CITY.iterdir()}
    assert {"read", "solve", "evaluate", "simulate", "write"} == set(record.wall_s)


def test_the_cash_flow_of_all_actors_is_the_system_cost(whole: Run) -> None:
    import pandas as pd

    table = pd.read_csv(whole.out / "cashflow.csv")
    assert table["present_value"].sum() == pytest.approx(9_811_656.25)


def test_a_workbook_runs_like_its_folder(tmp_path: Path) -> None:
    folder_to_workbook(TWO_CITY, tmp_path / "two-city.xlsx")
    quick(tmp_path / "folder")
    quick(tmp_path / "book", tmp_path / "two-city.xlsx")
    assert output_hashes(tmp_path / "book") == output_hashes(tmp_path / "folder")
    assert rerun(tmp_path / "book").is_same


def test_folders_with_points_in_their_names_do_not_share_an_output(
    tmp_path: Path,
) -> None:
    for name in ("a.v1", "a.v2", "b.xlsx"):
        (tmp_path / name).mkdir()
    names = [output_name(tmp_path / n) for n in ("a.v1", "a.v2", "b.xlsx", "c.xlsx")]
    assert names == ["a.v1", "a.v2", "b.xlsx", "c"]


def test_ctrl_c_in_the_simulation_keeps_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("wasteplan.sim.simulating.simulate", stopped)
    done = run(TWO_CITY, tmp_path / "out", options=SHORT_SIMULATION)
    assert done.note == SIMULATION_STOPPED
    assert done.result.simulation is None
    assert (tmp_path / "out" / "plan.json").is_file()
    assert not (tmp_path / "out" / "sim").exists()
    assert rerun(tmp_path / "out").is_same


def test_a_changed_scenario_is_not_rerun(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    write_template(folder)
    quick(tmp_path / "out", folder)
    sizes = folder / "sizes.csv"
    sizes.write_text(sizes.read_text().replace("900090", "900091"))
    with pytest.raises(WasteplanError, match=r"sizes\.csv \(changed\)"):
        rerun(tmp_path / "out")


def test_the_starter_study_gives_the_published_cost(tmp_path: Path) -> None:
    write_template(tmp_path / "mine")
    assert agreement(quick(tmp_path / "out", tmp_path / "mine")).is_same


def test_a_plan_that_exists_is_taken_as_it_is(tmp_path: Path) -> None:
    """A plan by hand has no proof, and a rerun takes it from the output folder."""
    solved = quick(tmp_path / "solved").result.plan
    by_hand = solved.model_copy(update={"proof": None, "made_by": "hand", "name": "x"})
    done = run(TWO_CITY, tmp_path / "hand", options=NO_SIMULATION, plan=by_hand)
    assert done.answer.lines["Proof"] == "none; the plan was made by hand"
    assert rerun(tmp_path / "hand").is_same


def test_the_status_quo_is_compared_when_there_is_one(tmp_path: Path) -> None:
    """With the best plan as status quo, nothing changes."""
    folder = tmp_path / "mine"
    shutil.copytree(TWO_CITY, folder)
    plan = quick(tmp_path / "first").result.plan
    write_plan(plan, folder / "plans" / "status-quo.json")
    done = quick(tmp_path / "second", folder)
    assert done.answer.lines["Status quo"].startswith(
        "plan less status quo: 0 USD/t, diversion 0 points"
    )


def test_an_old_output_is_replaced_and_a_failure_leaves_it(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    write_template(folder)
    quick(tmp_path / "out", folder)
    before = output_hashes(tmp_path / "out")
    (folder / "targets.csv").write_text(
        "id,metric,min,source,status\n"
        "away,landfill_diversion_rate,0.99,model_choice,assumption\n"
    )
    with pytest.raises(NoAnswer):
        quick(tmp_path / "out", folder)
    assert output_hashes(tmp_path / "out") == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["mine", "out"]


def test_steps_are_announced_in_order(tmp_path: Path) -> None:
    steps: list[str] = []
    watch = Watch(on_step=steps.append)
    run(TWO_CITY, tmp_path / "out", options=NO_SIMULATION, watch=watch)
    assert steps == ["read", "solve", "evaluate", "write"]


def test_the_assessment_of_a_case_without_carbon_is_unknown(tmp_path: Path) -> None:
    quick(tmp_path / "out")
    case = load_scenario(TWO_CITY)
    found = assess(case, read_plan(tmp_path / "out" / "plan.json"))
    assert generated_t(case) == pytest.approx(98_550)
    assert found.emitted_t_co2e != found.emitted_t_co2e  # NaN: not known, not zero
    assert "unknown" in found.summary()


def test_the_record_is_json(whole: Run) -> None:
    text = (whole.out / "provenance.json").read_text()
    assert json.loads(text)["scenario"] == "two_city"
