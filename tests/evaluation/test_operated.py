"""A simulated year assessed from its records."""

from pathlib import Path

import pandas as pd
import pytest
from evaluation_cases import plan, route, takes
from test_assessment import PLAN, town

from wasteplan.errors import WasteplanError
from wasteplan.evaluation.evaluating import evaluate
from wasteplan.study.assess import assess
from wasteplan.study.operated import operated_plan, trips_of

COLUMNS = ["period", "origin", "destination", "carries", "outcome", "tonnes"]


def log(*rows: tuple[object, ...]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=COLUMNS)


def open_tip():
    """The town of the assessment, whose tip may take `dry` as well."""
    from dataclasses import replace

    scenario = town()
    return replace(scenario, acceptance=(*scenario.acceptance, *takes("tip", "dry")))


def test_a_load_that_was_turned_away_counts_where_it_was_tipped() -> None:
    """75 of 100 t of dry are burnt, 25 t find the bunker full and go to the tip.

    So 750 t of the year burn: 750 x 1,833.33 kg fossil CO2.
    """
    scenario = open_tip()
    trips = log(
        ("p1", "town", "works.burner", "dry", "tipped", 75.0),
        ("p1", "town", "works.burner", "dry", "bunker_full", 25.0),
        ("p1", "town", "hole.tip", "dry", "tipped", 25.0),
        ("p1", "town", "emergency", "dry", "untreated", 5.0),
    )
    found = operated_plan(scenario, PLAN, trips)
    assert (found.diverted_t, found.tipped_t, found.untreated_t) == (25.0, 100.0, 5.0)
    assert "25.0 % of it elsewhere" in found.summary()
    inventory = assess(scenario, found.plan).inventory
    co2 = inventory.loc[inventory["substance"] == "co2_fossil", "kg"].sum()
    assert co2 == pytest.approx(750 * 1000 * 0.5 * 44 / 12)
    assert not evaluate(scenario, found.plan).violations


def test_without_a_surprise_the_plan_is_the_plan() -> None:
    scenario = open_tip()
    trips = log(
        ("p1", "town", "works.burner", "dry", "tipped", 9.0),
        ("p1", "works.burner", "hole.tip", "slag", "tipped", 1.0),
    )
    found = operated_plan(scenario, PLAN, trips)
    before, after = assess(scenario, PLAN), assess(scenario, found.plan)
    assert found.diverted_t == 0.0
    assert after.net_t_co2e == pytest.approx(before.net_t_co2e, rel=1e-12)
    assert len(found.plan.routes) == len(PLAN.routes)


def test_a_log_without_its_columns_and_a_folder_without_one(tmp_path: Path) -> None:
    with pytest.raises(WasteplanError, match="no column outcome"):
        operated_plan(town(), PLAN, log().drop(columns=["outcome"]))
    with pytest.raises(WasteplanError, match="holds no simulation"):
        trips_of(tmp_path)


def test_a_route_of_all_streams_stays_for_those_that_no_trip_tells_of() -> None:
    """Everything goes to the tip by one route; half of the dry is burnt instead."""
    scenario = open_tip()
    every = plan(
        route("town", "hole.tip"), route("works.burner", "hole.tip", product="slag")
    )
    trips = log(
        ("p1", "town", "works.burner", "dry", "tipped", 50.0),
        ("p1", "town", "hole.tip", "dry", "tipped", 50.0),
    )
    found = operated_plan(scenario, every, trips)
    taken = evaluate(scenario, found.plan).flows.query("product == 'raw'")
    by_end = taken.groupby(["stream", "destination"])["t_per_y"].sum()

    assert by_end["wet", "hole.tip"] == pytest.approx(600)
    assert by_end["dry", "hole.tip"] == pytest.approx(500)
    assert by_end["dry", "works.burner"] == pytest.approx(500)
