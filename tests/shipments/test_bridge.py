"""From shipments to rows of generation: means inside intervals that mean something."""

import numpy as np
import pandas as pd
import pytest

from wasteplan.scenario.records import Generation, Profile
from wasteplan.shipments.accrual import FLAT, Season
from wasteplan.shipments.bridge import fit_generation, profile_name
from wasteplan.shipments.planner_tables import generation_rows, profile_rows
from wasteplan.shipments.table import ShipmentTable, shipment_table

MONTH = (0.8, 0.9, 1.0, 1.1, 1.2, 1.0, 1.0, 1.0, 1.0, 1.2, 0.9, 0.9)
START = np.datetime64("2029-01-01", "D")


def reports(
    generator: str = "g",
    days: int = 366,
    every: int = 2,
    season: Season = FLAT,
    cv: float = 0.0,
    seed: int = 1,
    growth: float = 0.0,
) -> ShipmentTable:
    """10 t on the mean day of 2029, taken on a timetable."""
    day = START.astype(int) + np.arange(days)
    waste = 10 * season.of(day) * (1 + growth) ** (np.arange(days) // 365)
    if cv:
        waste = waste * np.random.default_rng(seed).gamma(cv**-2, cv**2, days)
    total = np.concatenate([[0.0], np.cumsum(waste)])
    at = np.arange(0, days, every)
    return shipment_table(
        {
            "id": [f"{generator}{i}" for i in at],
            "generator": generator,
            "stream": "msw",
            "facility": "f",
            "received_t": np.diff(total[at], prepend=0.0),
            "shipped_at": START + at,
            "state": "treated",
        }
    )


def test_a_steady_generator() -> None:
    """10 t a day are 3 650 t a year, without spread."""
    row = fit_generation(reports()).years.iloc[0]

    ends = [row["low_t_per_y"], row["mean_t_per_y"], row["high_t_per_y"]]
    assert ends == pytest.approx([3650] * 3)
    assert row["variation"] == pytest.approx(0, abs=1e-9)
    assert (row["year"], row["days"], row["gap_d"]) == (2029, 364, 2)


def test_the_spread_of_a_day_comes_back_whatever_the_interval() -> None:
    """A daily coefficient of variation of 0.3, seen daily and through 7-day pickups."""
    for every in (1, 7):
        tables = [reports("g", 366, every, cv=0.3, seed=s) for s in range(10)]
        seen = [fit_generation(t).years["variation"].iloc[0] for t in tables]
        assert np.mean(seen) == pytest.approx(0.3, abs=0.03)


def test_intervals_cover_the_mean_as_often_as_they_say() -> None:
    """Of 200 years with a spread of 0.5 a day 95 % cover: 190 +- 3 x 3.1."""
    inside = 0
    for seed in range(200):
        row = fit_generation(reports(every=3, cv=0.5, seed=seed)).years.iloc[0]
        inside += row["low_t_per_y"] <= 3650 <= row["high_t_per_y"]
    assert 180 <= inside <= 199


def test_too_few_pickups_give_no_interval_and_say_so() -> None:
    row = fit_generation(reports(days=20, every=7)).years.iloc[0]

    assert row["mean_t_per_y"] == pytest.approx(3650)
    assert np.isnan(row["low_t_per_y"])
    assert row["remark"] == (
        "14 days of the year; its season is unknown and not in the interval; "
        "too few pickups for an interval"
    )


def test_a_known_season_mends_part_of_a_year() -> None:
    """January and February at 0.8 and 0.9: 3 650 t with the season, 3 084 without."""
    season = Season(MONTH)
    table = reports(days=60, every=1, season=season)
    given = fit_generation(table, seasons={("g", "msw"): season}).years.iloc[0]
    bare = fit_generation(table).years.iloc[0]

    assert given["mean_t_per_y"] == pytest.approx(3650)
    assert given["season"] == "given"
    assert bare["mean_t_per_y"] < 3100


def test_growth_over_two_years() -> None:
    """5 % from one year to the next; within a year nothing can be said."""
    two = fit_generation(reports(days=731, every=1, growth=0.05, cv=0.1))
    row = two.trends.iloc[0]
    assert row["low_per_y"] < 0.05 < row["high_per_y"]
    assert row["high_per_y"] - row["low_per_y"] < 0.06
    assert np.isnan(fit_generation(reports()).trends["growth_per_y"].iloc[0])

    rows = generation_rows(two)
    assert rows["year"].tolist() == [2029, 2030]
    assert rows["growth_per_y"].iloc[0] == 0
    assert rows["growth_per_y"].iloc[1] == pytest.approx(0.05, abs=0.03)


@pytest.mark.parametrize("state", ["cancelled", "draft", "reserved", "rejected"])
def test_what_did_not_move_is_no_waste(state: str) -> None:
    """Every second load did not move: half the rate."""
    table = reports(every=1)
    half = np.arange(len(table)) % 2 == 1
    states = pd.Series(np.where(half, state, "treated"), dtype="category")
    row = fit_generation(table.assign(state=states)).years.iloc[0]
    assert row["mean_t_per_y"] == pytest.approx(3650 / 2, rel=0.01)


def test_rows_are_rows_of_the_scenario_tables() -> None:
    """Every row makes a record; a fitted profile is named and its factors mean 1."""
    table = reports(every=1, season=Season(MONTH))
    fits = fit_generation(table, seasons_per="pair")
    rows = generation_rows(fits)
    made = [Generation(**r) for r in rows.to_dict("records")]
    profiles = [Profile(**r) for r in profile_rows(fits).to_dict("records")]

    assert made[0].waste_t_per_y == pytest.approx(3650)
    assert made[0].basis == "collected"
    assert {p.profile for p in profiles} == {made[0].profile}
    assert [p.factor for p in profiles if p.kind == "month"] == pytest.approx(MONTH)


def test_profile_names_are_ids() -> None:
    assert profile_name("Mill 7", "04 02 22") == "reported_mill_7_04_02_22"


def test_nothing_reported_gives_empty_tables() -> None:
    fits = fit_generation(shipment_table({}, n_rows=0))
    assert generation_rows(fits).empty
    assert profile_rows(fits).empty
