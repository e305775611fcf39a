"""Runs side by side; the working is on paper."""

import json
from pathlib import Path

import pandas as pd
import pytest

from wasteplan.errors import WasteplanError
from wasteplan.report.comparison import comparison_document
from wasteplan.report.page import rendered
from wasteplan.study.choosing import parse_weights
from wasteplan.study.side_by_side import PAGE, side_by_side, write_side_by_side

KPIS = (
    ("cost_present_value", "System cost", "USD, present value", "", "less"),
    ("landfill_diversion_rate", "Diversion", "-", "", "more"),
    ("jobs", "Jobs", "FTE", "", "more"),
)
RUNS = {
    "cheap": (100.0, 0.5, 10.0),
    "clean": (200.0, 0.9, 20.0),
    "poor": (200.0, 0.5, 10.0),
}


def write_run(folder: Path, values, *, seed=1, samples=(0.5, 0.6, 0.7)):
    """What a run leaves behind, as far as a comparison reads it."""
    (folder / "sim").mkdir(parents=True)
    rows = [(*k, v) for k, v in zip(KPIS, values, strict=True)]
    names = ["id", "label", "unit", "period", "better", "planned"]
    pd.DataFrame(rows, columns=names).to_csv(folder / "kpis.csv", index=False)
    builds = [("north", "burner", "b40", 2030, "build")]
    names = ["site", "technology", "size", "opens", "action"]
    pd.DataFrame(builds, columns=names).to_csv(folder / "builds.csv", index=False)
    costs = [("cost", "capital", values[0] - 20), ("cost", "haul", 20.0)]
    costs += [("transfer", "gate_fee", 7.0), ("transfer", "gate_fee", -7.0)]
    pd.DataFrame(costs, columns=["kind", "item", "present_value"]).to_csv(
        folder / "cashflow.csv", index=False
    )
    gas = [("process", "co2_fossil", 3e3), ("avoided", "co2e", -1e3 * values[1])]
    pd.DataFrame(gas, columns=["stage", "substance", "kg_co2e"]).to_csv(
        folder / "emissions.csv", index=False
    )
    drawn = [("landfill_diversion_rate", "p1", i, v) for i, v in enumerate(samples)]
    pd.DataFrame(drawn, columns=["id", "period", "replication", "value"]).to_csv(
        folder / "sim" / "samples.csv", index=False
    )
    places = [("Town", "generator", 104.0, 11.0), ("Plant", "combustion", 105.0, 12.0)]
    features = [
        {
            "type": "Feature",
            "properties": {"name": n, "kind": k, "t_per_y_p1": 10.0},
            "geometry": {"type": "Point", "coordinates": [lon, lat]},
        }
        for n, k, lon, lat in places
    ]
    (folder / "plan.geojson").write_text(json.dumps({"features": features}))
    record = {
        "scenario": "s",
        "folder": ".",
        "options": {},
        "is_plan_given": False,
        "seed": seed,
        "inputs": {},
        "outputs": {},
        "versions": {},
    }
    (folder / "provenance.json").write_text(json.dumps(record))
    return folder


@pytest.fixture
def runs(tmp_path):
    return [write_run(tmp_path / name, values) for name, values in RUNS.items()]


def test_what_changes_is_named_and_transfers_are_not_counted(runs):
    found = side_by_side(runs)

    clean = found.cost[found.cost["plan"] == "clean"].set_index("step")["change"]
    assert clean.to_dict() == {"capital": 100.0, "haul": 0.0}
    gas = found.emissions[found.emissions["plan"] == "clean"].set_index("step")
    assert gas.loc["avoided", "change"] == pytest.approx(-0.4)


def test_a_run_that_is_worse_in_everything_is_dominated(runs):
    table = side_by_side(runs).choice.ranking.set_index("plan")

    assert table.loc["poor", "dominated_by"] in ("cheap", "clean")
    assert table.loc["poor", "first_any"] == 0
    assert table["dominated_by"].tolist().count("") == 2


def test_runs_that_score_alike_are_level_and_none_is_first(tmp_path):
    """Cost alone against diversion alone: each best in one of two of equal weight."""
    runs = [
        write_run(tmp_path / name, values)
        for name, values in (
            ("cheap", (100.0, 0.5, 10.0)),
            ("clean", (200.0, 0.9, 10.0)),
            ("poor", (200.0, 0.5, 10.0)),
        )
    ]
    found = side_by_side(
        runs, parse_weights("cost_present_value=1,landfill_diversion_rate=1")
    )

    table = found.choice.ranking.set_index("plan")
    assert table["place"].to_dict() == {"cheap": 1, "clean": 1, "poor": 3}
    assert found.choice.leaders == ("cheap", "clean")
    assert table.loc["clean", "weight_to_lead"] == 0
    answer = comparison_document(found).answer[0][1]
    assert "no run is first: cheap and clean are level." in answer


BUILT = {  # what a run builds and closes, and in which years
    "twice": [("b40", 2030, "build"), ("b40", 2035, "build"), ("b40", 2035, "build")],
    "once": [("b40", 2030, "build")],
    "closes": [("b40", 2030, "build"), ("", 2035, "close")],
}


def test_openings_of_any_year_and_closings_are_told_apart(runs):
    """All open in 2030, which is all that the first opening shows."""
    names = ["size", "opens", "action"]
    for folder, rows in zip(runs, BUILT.values(), strict=True):
        table = pd.DataFrame(rows, columns=names).assign(site="north", technology="wte")
        table.to_csv(folder / "builds.csv", index=False)

    found = side_by_side(runs).comparison

    cells = found.building_differs.set_index("action")[list(RUNS)]
    assert cells.loc["build"].tolist() == ["2030, 2035 x2", "2030", "2030"]
    assert cells.loc["close"].tolist() == ["", "", "2035"]


def test_what_is_nothing_in_every_run_is_counted_and_left_out(runs):
    """Informal income is 0 everywhere, its share unknown; jobs of one run are not."""
    for folder, jobs in zip(runs, (0.0, 0.0, 5.0), strict=True):
        table = pd.read_csv(folder / "kpis.csv")
        table.loc[table["id"] == "jobs", "planned"] = jobs
        more = table.iloc[:2].assign(id=["income", "share"], planned=[0.0, None])
        pd.concat([table, more]).to_csv(folder / "kpis.csv", index=False)

    found = side_by_side(runs)

    assert set(found.comparison.kpis["id"]) - set(found.comparison.telling["id"]) == {
        "income",
        "share",
    }
    assert "jobs" in set(found.comparison.telling["id"])
    points = comparison_document(found).sections[-1].points
    assert points[0].startswith("2 indicators are 0 or not known in all runs")


def test_weights_decide_and_say_how_far_they_may_move(runs):
    """Clean has 2 of 3 utilities: score 2/3; 1/6 of the weight moved is level."""
    equal = side_by_side(runs).choice.ranking.set_index("plan")
    assert equal.loc["clean", "place"] == 1
    assert equal.loc["clean", "score"] == pytest.approx(2 / 3)
    assert equal.loc["cheap", "weight_to_lead"] == pytest.approx(1 / 6)

    by_cost = side_by_side(runs, parse_weights("cost_present_value=3,jobs=1"))
    assert by_cost.choice.ranking["plan"].tolist()[0] == "cheap"
    assert by_cost.choice.weights == {"cost_present_value": 0.75, "jobs": 0.25}


def test_runs_of_one_seed_are_paired_others_not(tmp_path):
    """Differences 0.1, 0.1, 0.1: no spread left when paired."""
    values = RUNS["cheap"]
    first = write_run(tmp_path / "first", values)
    same = write_run(tmp_path / "same", values, samples=(0.6, 0.7, 0.8))
    other = write_run(tmp_path / "other", values, seed=2, samples=(0.6, 0.7, 0.8))

    table = side_by_side([first, same, other]).simulated.set_index("plan")

    assert table.loc["same", ["difference", "low", "high"]].tolist() == pytest.approx(
        [0.1, 0.1, 0.1]
    )
    assert bool(table.loc["same", "is_paired"])
    # t(2) = 4.3027, s = 0.1 in both: half-width sqrt(2) x 4.3027 x 0.1 / sqrt(3)
    half = 2**0.5 * 4.302653 * 0.1 / 3**0.5
    assert table.loc["other", "high"] == pytest.approx(0.1 + half, rel=1e-5)
    assert not table.loc["other", "is_paired"]


def test_what_runs_cannot_be_ranked_by_is_named_with_what_they_can(runs):
    with pytest.raises(WasteplanError, match=r"'job' \(did you mean 'jobs'"):
        side_by_side(runs, {"job": 1.0})
    with pytest.raises(WasteplanError, match="0 or more"):
        side_by_side(runs, {"jobs": -1.0})
    with pytest.raises(WasteplanError, match="is not name=number"):
        parse_weights("jobs")


def test_the_page_has_its_pictures_and_is_written_whole(runs, tmp_path):
    found = side_by_side(runs)
    page = comparison_document(found)

    assert {c.kind for c in page.charts} == {"stack", "waterfall", "maps"}
    assert "poor is no better than" in page.answer[0][1]
    write_side_by_side(found, tmp_path / "c", lambda: rendered(page))
    assert (tmp_path / "c" / PAGE).stat().st_size > 100_000
    assert len(pd.read_csv(tmp_path / "c" / "changes.csv")) == 8
    nowhere = {"name": "Town", "kind": "generator", "t_per_y_p1": 10.0}
    features = [{"type": "Feature", "properties": nowhere, "geometry": None}]
    for run in runs:  # places known by their distances only
        (run / "plan.geojson").write_text(json.dumps({"features": features}))
    assert "maps" not in {c.kind for c in comparison_document(found).charts}
    (runs[0] / "plan.geojson").write_text("{}")
    with pytest.raises(WasteplanError, match=r"plan\.geojson is damaged"):
        comparison_document(found)
