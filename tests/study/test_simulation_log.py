"""Logs of a simulation: pickups, Parquet, OCEL 2.0, shipments, STRESS-DES."""

import json
import re
import sys
import tracemalloc
from functools import cache
from pathlib import Path

import jsonschema
import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from wasteplan.cli import app
from wasteplan.errors import WasteplanError
from wasteplan.plan.files import read_plan
from wasteplan.scenario.loading import load_scenario
from wasteplan.sim import simulate
from wasteplan.sim.pickups import PICKUP_COLUMNS, SourcePickups, pickups
from wasteplan.study.ocel import write_ocel
from wasteplan.study.simulated_shipments import pickup_shipments
from wasteplan.study.simulation_log import (
    can_be_written,
    frames_of,
    write_pickups,
    write_trips,
)
from wasteplan.study.stress_des import stress_des

ROOT = Path(__file__).parents[2]
SCHEMA = Path(__file__).with_name("ocel20_schema.json")


@cache
def country():
    """Phnom Penh as it is, its first period."""
    folder = ROOT / "scenarios" / "phnom-penh"
    return load_scenario(folder), read_plan(folder / "plans" / "status-quo.json")


@cache
def run():
    scenario, plan = country()
    return simulate(scenario, plan, period="p1", replications=1, days=14)


def rows(**wanted):
    scenario, plan = country()
    return pickups(scenario, plan, period="p1", **{"days": 14, **wanted})


# Pickups ------------------------------------------------------------------------------


def test_pickups_carry_what_is_collected():
    """Generated less leaked, less what waits in containers at either end: every tonne
    picked up within the fortnight, and each on a day of its own timetable."""
    found = pd.concat(frames_of(rows()))
    assert list(found.columns) == list(PICKUP_COLUMNS)
    assert found["day"].between(1, 14).all()
    kpis = run().kpis.set_index("id")["mean"]
    kept = (kpis["generated_t"] - kpis["leaked_t"]) * 14 / 365
    assert 0.5 * kept < found["tonnes"].sum() <= 1.5 * kept
    for container in country()[0].containers:
        if container.pickup_every_d <= 1:
            continue
        mine = found[found["stream"] == container.stream]
        gaps = mine.groupby(["generator", "destination"])["day"].diff().dropna()
        assert gaps.empty or gaps.min() >= 1


def test_pickups_are_those_of_the_run():
    """A long run: what pickups bring and what trucks bring differ by loads at most."""
    scenario, plan = country()
    result = simulate(scenario, plan, period="p1", replications=1, days=28)
    picked = sum(float(c.tonnes.sum()) for c in rows(days=28))
    raw = set(scenario.stream)
    first = result.trips[
        result.trips["carries"].isin(raw) & (result.trips["attempt"] == 0)
    ]
    assert picked == pytest.approx(first["tonnes"].sum(), rel=0.06)


def test_csv_and_parquet_say_the_same(tmp_path):
    path, n = write_pickups(rows(), tmp_path, "csv")
    other, m = write_pickups(rows(), tmp_path, "parquet")
    assert n == m > 100
    one, two = pd.read_csv(path), pd.read_parquet(other)
    assert list(one.columns) == list(two.columns) == list(PICKUP_COLUMNS)
    for name in ("day", "tonnes", "overflow_t"):
        np.testing.assert_allclose(one[name], two[name], atol=2e-6)
    assert (one["generator"].to_numpy() == two["generator"].to_numpy()).all()


def test_memory_stays_flat_however_many_pickups(tmp_path):
    """Sixty thousand rows of 12 sources take the memory of a few of them."""
    one = SourcePickups(
        "p1", "g", "s", "d", "round r", "v", 1.0,
        np.arange(5000), np.ones(5000), np.zeros(5000),
    )  # fmt: skip
    tracemalloc.start()
    _, n = write_pickups((one for _ in range(12)), tmp_path, "csv")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert n == 60_000
    assert peak < 2e6


def test_pickups_as_shipments_name_their_generator():
    frame = next(frames_of(rows()))
    table = pickup_shipments(country()[0], frame)
    assert len(table) == len(frame)
    assert set(table["state"]) == {"confirmed"}
    assert not table["generator"].astype(str).str.startswith("round ").any()
    assert table["received_t"].sum() == pytest.approx(frame["tonnes"].sum(), rel=1e-3)
    assert str(table["received_at"].iloc[0]).startswith("20")


# Formats ------------------------------------------------------------------------------


def test_parquet_without_pyarrow_says_what_to_do(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(WasteplanError, match=r"pip install 'wasteplan\[parquet\]'"):
        can_be_written("trips", "parquet", has_folder=True)


def test_what_cannot_be_written_is_refused_before_the_run(tmp_path):
    with pytest.raises(WasteplanError, match="name a folder"):
        can_be_written("pickups", "csv", has_folder=False)
    with pytest.raises(WasteplanError, match="--log trips"):
        can_be_written("pickups", "ocel", has_folder=True)
    with pytest.raises(WasteplanError, match="--log trips"):
        write_pickups(rows(), tmp_path, "ocel")
    can_be_written("trips", "csv", has_folder=False)


def test_trips_as_parquet_are_the_trips(tmp_path):
    path = write_trips(country()[0], run().trips, tmp_path, "parquet")
    again = pd.read_parquet(path)
    assert len(again) == len(run().trips)
    assert again["tonnes"].sum() == pytest.approx(run().trips["tonnes"].sum())


def log(tmp_path, trips=None):
    path = tmp_path / "log.json"
    write_ocel(country()[0], run().trips if trips is None else trips, path)
    return json.loads(path.read_text("utf-8"))


def validator():
    return jsonschema.Draft7Validator(
        json.loads(SCHEMA.read_text("utf-8")),
        format_checker=jsonschema.FormatChecker(),
    )


def test_the_event_log_keeps_the_schema(tmp_path):
    found = log(tmp_path, run().trips.head(200))
    assert list(validator().iter_errors(found)) == []
    assert list(validator().iter_errors({**found, "events": [{"id": "x"}]})) != []


def test_the_event_log_names_only_what_it_declares(tmp_path):
    """Types, attributes and objects that events refer to are all there, once."""
    found = log(tmp_path)
    objects = {o["id"]: o for o in found["objects"]}
    assert len(objects) == len(found["objects"])
    declared = {
        t["name"]: {a["name"] for a in t["attributes"]}
        for t in (*found["eventTypes"], *found["objectTypes"])
    }
    for thing in (*found["objects"], *found["events"]):
        assert thing["type"] in declared
        used = {a["name"] for a in thing.get("attributes", ())}
        assert used <= declared[thing["type"]]
        for r in thing.get("relationships", ()):
            assert r["objectId"] in objects


def test_the_event_log_holds_every_tonne(tmp_path):
    found, trips = log(tmp_path), run().trips
    kinds = pd.Series([e["type"] for e in found["events"]]).value_counts()
    outcome = trips["outcome"].value_counts()
    assert kinds["tip"] == outcome["tipped"]
    lost = outcome.get("untreated", 0)
    refused = len(trips) - outcome["tipped"] - lost
    assert kinds.get("turn away", 0) == refused
    assert kinds["depart"] == len(trips) - lost
    tipped = sum(
        float(a["value"])
        for e in found["events"]
        if e["type"] == "tip"
        for a in e["attributes"]
        if a["name"] == "tonnes"
    )
    assert tipped == pytest.approx(
        trips[trips["outcome"] == "tipped"]["tonnes"].sum(), rel=1e-6
    )


def test_the_command_writes_the_log_that_is_asked_for(tmp_path):
    folder = ROOT / "scenarios" / "phnom-penh"
    asked = [
        "simulate", str(folder), str(folder / "plans" / "status-quo.json"), "--quiet",
        "--period", "p1", "--days", "7", "--replications", "1",
    ]  # fmt: skip
    out = tmp_path / "sim"
    options = ["--out", str(out), "--format", "ocel"]
    assert CliRunner().invoke(app, [*asked, *options]).exit_code == 0
    assert {p.name for p in out.iterdir()} >= {
        "trips.ocel.json", "kpis.csv", "plants.csv", "stress-des.md",
    }  # fmt: skip
    assert not (out / "trips.csv").exists()
    options = ["--out", str(out), "--log", "pickups"]
    assert CliRunner().invoke(app, [*asked, *options]).exit_code == 0
    assert {p.name for p in out.iterdir()} >= {"pickups.csv", "trips.csv"}
    refused = CliRunner().invoke(app, [*asked, "--log", "pickups"])
    assert refused.exit_code != 0


# STRESS-DES ---------------------------------------------------------------------------

ITEMS = (
    "1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "2.4", "2.5.1", "2.5.2", "2.5.3",
    "2.5.4", "2.5.5", "3.1", "3.2", "3.3", "3.4", "4.1", "4.2", "4.3", "5.1", "5.2",
    "5.3", "5.4", "6.1",
)  # fmt: skip


def test_every_item_of_the_checklist_is_filled():
    scenario, plan = country()
    text = stress_des(scenario, plan, run())
    parts = re.split(r"^### ", text, flags=re.M)[1:]
    assert tuple(p.split(" ")[0] for p in parts) == ITEMS
    assert all(len(p.split("\n", 1)[1].strip()) > 30 for p in parts)
    assert f"seed {run().seed}" in text
    assert "14 days from 1 January" in text
    assert "turn_down_d" in text
    assert "pp_compactor_16m3" in text


def test_the_document_has_the_same_bytes_again():
    scenario, plan = country()
    again = simulate(scenario, plan, period="p1", replications=1, days=14)
    assert stress_des(scenario, plan, again) == stress_des(scenario, plan, run())
