"""Simulate, write, read, reconcile: the scenario's means come back."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pytest

from wasteplan.plan.files import read_plan
from wasteplan.scenario.loading import load_scenario
from wasteplan.scenario.model import Scenario
from wasteplan.study.reports_to_plan import (
    collected_share,
    members,
    plan_input,
    with_reports,
)
from wasteplan.study.round_trip import RoundTrip, reconciled_table, round_trip
from wasteplan.study.simulated_shipments import handed_over_by, simulated_shipments

FOLDER = Path(__file__).parents[2] / "scenarios" / "phnom-penh"


@cache
def scenario() -> Scenario:
    return load_scenario(FOLDER)


@cache
def trip() -> RoundTrip:
    plan = read_plan(FOLDER / "plans" / "status-quo.json")
    with TemporaryDirectory() as folder:
        return round_trip(scenario(), plan, folder, days=90, seed=7)


def test_the_means_of_the_scenario_come_back() -> None:
    """13 rows at 95 %: 3 or more outside has a chance of 2.5 % if all is right."""
    table = trip().table

    assert len(table) >= 10
    assert table["is_inside"].notna().sum() >= 10
    assert (~table["is_inside"].dropna()).sum() <= 2
    assert trip().total_deviation == pytest.approx(0, abs=0.03)
    assert trip().missing == ()


def test_the_intervals_say_something() -> None:
    """The large flows are known to 10 % after three months."""
    large = trip().table.nlargest(3, "scenario_t_per_y")
    half = (large["high_t_per_y"] - large["low_t_per_y"]) / 2
    assert (half / large["estimate_t_per_y"] < 0.1).all()


def test_a_wrong_scenario_would_be_found() -> None:
    """The same intervals leave out means that are 30 % off, for the large flows."""
    large = trip().table.nlargest(3, "scenario_t_per_y")
    wrong = large["scenario_t_per_y"] * 1.3
    assert (wrong > large["high_t_per_y"]).all()


def test_reports_become_generation_before_leakage() -> None:
    """Every row of the scenario is replaced; the sum is the scenario's within 3 %."""
    found = plan_input(scenario(), trip().shipments)
    new = with_reports(scenario(), found)

    assert found.unknown == ()
    assert found.silent.empty
    assert len(new.generation) == len(scenario().generation)
    assert all(r.basis == "generated" for r in new.generation)
    last = found.coverage.iloc[-1]
    assert last["coverage"] == pytest.approx(1, abs=0.03)
    row = found.generation.iloc[0]
    assert row["low_t_per_y"] < row["waste_t_per_y"] < row["high_t_per_y"]


def test_who_reports_nothing_is_estimated_from_the_others() -> None:
    """Without the reports of Poipet its three zones are estimated per worker."""
    table = trip().shipments
    poipet = ["round poipet", "oneang", "sanco"]
    rest = table[~table["generator"].isin(poipet)].reset_index(drop=True)
    silent = plan_input(scenario(), rest).silent.set_index("generator")

    assert set(silent.index) == {"oneang", "pppoipet", "sanco"}
    assert (silent["basis"] == "reporters").all()
    one = silent.loc["sanco"]
    assert one["low_t_per_y"] < one["waste_t_per_y"] < one["high_t_per_y"]
    assert one["waste_t_per_y"] / one["driver"] == pytest.approx(0.257, rel=0.5)


def test_unknown_names_are_told() -> None:
    table = trip().shipments.copy()
    table["generator"] = table["generator"].astype(object).replace("ssez", "nobody")
    assert plan_input(scenario(), table).unknown == ("nobody",)


def test_a_region_stands_for_all_its_generators() -> None:
    behind = members(scenario(), "region poipet", "sez_mixed")
    assert set(behind) == {"oneang", "pppoipet", "sanco"}
    assert members(scenario(), "ssez", "sez_mixed") == ["ssez"]
    assert members(scenario(), "nobody", "sez_mixed") == []


def test_what_leaks_is_not_collected() -> None:
    share = collected_share(scenario(), "ppsez", "sez_mixed", 2029)
    assert 0.5 < share < 1
    assert collected_share(scenario(), "ppsez", "sez_mixed", 1990) == pytest.approx(
        collected_share(scenario(), "ppsez", "sez_mixed", 2025)
    )


def trips(outcome: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "period": ["p1"], "origin": ["ssez"], "carries": ["sez_mixed@x"],
            "destination": ["otasek.provincial_landfill"], "vehicle": ["truck"],
            "outcome": [outcome], "tonnes": [5.0],
            "start_h": [8.0], "arrive_h": [9.5], "tipped_h": [10.0], "left_h": [10.25],
        }
    )  # fmt: skip


def test_a_trip_as_a_shipment() -> None:
    """Hour 9.5 of the last year of the first period is half past nine on 1 January."""
    row = simulated_shipments(scenario(), trips("tipped"), declared_sd=0.0).iloc[0]

    assert (row["scheme"], row["stream"], row["state"], row["route"]) == (
        "simulated", "sez_mixed", "confirmed", "D5",
    )  # fmt: skip
    assert row["received_at"] == pd.Timestamp("2029-01-01 09:30")
    assert row["confirmed_at"] == pd.Timestamp("2029-01-01 10:15")
    assert (row["declared_t"], row["received_t"], row["quantity_t"]) == (5, 5, 5)


def test_refused_and_lost_loads() -> None:
    refused = simulated_shipments(scenario(), trips("bunker_full")).iloc[0]
    assert (refused["state"], refused["rejected_t"]) == ("rejected", 5)
    lost = simulated_shipments(scenario(), trips("untreated")).iloc[0]
    assert lost["state"] == "in_transit"
    assert np.isnan(lost["received_t"])


def test_a_load_refused_is_still_its_generators() -> None:
    """Two like loads of two generators, refused at one gate in one moment, go on to the
    landfill and, one of them, from there: each keeps its generator; ash is the plant's.
    """
    gate, dump = "cmic.wte", "otasek.provincial_landfill"
    rows = [
        ("ssez", gate, "bunker_full", 0, 8.0, 9.0),
        ("ppsez", gate, "bunker_full", 0, 8.5, 9.0),
        (gate, dump, "gate_closed", 1, 9.0, 10.0),
        (gate, dump, "tipped", 1, 9.0, 10.5),
        (dump, "emergency", "untreated", 2, 10.0, 10.0),
        (gate, dump, "tipped", 0, 9.0, 10.0),
        ("elsewhere", dump, "tipped", 1, 9.0, 10.0),
    ]
    names = ["origin", "destination", "outcome", "attempt", "start_h", "left_h"]
    log = pd.DataFrame(rows, columns=names)
    log = log.assign(period="p1", carries="sez_mixed", tonnes=5.0)
    assert handed_over_by(log).tolist() == [
        "ssez", "ppsez", "ssez", "ppsez", "ssez", gate, "elsewhere",
    ]  # fmt: skip


def test_reconciled_loads_add_up_to_reconciled_flows() -> None:
    """5 t received, 6 t reconciled: the load becomes 6 t."""
    table = simulated_shipments(scenario(), trips("tipped"), declared_sd=0.0)
    flows = table[["generator", "stream", "facility", "declared_t", "received_t"]]
    made = reconciled_table(table, flows.assign(reconciled_t=6.0))
    assert made["quantity_t"].tolist() == [6.0]
