"""Who gains and loses, on paper."""

import math

import pandas as pd
import pytest

from wasteplan.indicators.just_transition import (
    PlanTables,
    cost_to_make_whole,
    just_transition,
)

YEARS = {"p1": 2025}


def tables(*, public, generator, jobs, tip_t, income, taken_t=100.0):
    """One year: own cost of the public, charges from generators, a tip, one trade."""
    return PlanTables(
        costs=pd.DataFrame(
            {
                "year": [2025, 2025],
                "actor": ["public", "informal"],
                "amount": [public, 0],
            }
        ),
        transfers=pd.DataFrame(
            {
                "year": [2025],
                "from_actor": ["generator"],
                "to_actor": ["public"],
                "amount": [generator],
            }
        ),
        facilities=pd.DataFrame(
            {
                "period": ["p1"],
                "site": ["hill"],
                "technology": ["tip"],
                "throughput_t_per_y": [tip_t],
                "jobs": [jobs],
            }
        ),
        informal=pd.DataFrame(
            {
                "period": ["p1"],
                "trade": ["pickers"],
                "taken_t": [taken_t],
                "taken_without_t": [100.0],
                "income": [income],
                "income_without": [9_000.0],
                "workers": [6.0],
                "workers_covered": [0.0],
            }
        ),
    )


BEFORE = tables(public=50_000.0, generator=20_000.0, jobs=4.0, tip_t=900.0, income=9e3)
AFTER = tables(
    public=70_000.0, generator=26_000.0, jobs=1.5, tip_t=300.0, income=5e3, taken_t=60.0
)


def lines(table):
    return table.set_index(["group", "quantity"])


def test_losses_are_priced_and_add_up():
    """4,000 of income, 6,000 of charges, 2.5 jobs at 2,000: 15,000 a year."""
    table = just_transition(
        AFTER, BEFORE, YEARS, wage_per_y=2_000.0, people={"hill": 80}
    )
    found = lines(table)["to_make_whole"]

    assert found["informal", "income of all its people"] == 4_000
    assert found["generators", "net cost"] == 6_000
    assert found["workers", "jobs"] == 5_000
    assert cost_to_make_whole(table, "p1") == 15_000


def test_who_gains_and_who_pays():
    """Less waste comes to the hill; the public's net cost rises by 20 - 6 thousand."""
    table = just_transition(AFTER, BEFORE, YEARS, people={"hill": 80.0})
    found = lines(table)

    hill = found.loc[("neighbours", "waste brought to the site")]
    assert (hill["verdict"], hill["change"], hill["people"]) == ("gains", -600, 80)
    public = found.loc[("public", "net cost")]
    assert (public["verdict"], public["change"]) == ("loses", 14_000)
    assert math.isnan(public["to_make_whole"])


def test_a_job_without_a_wage_has_no_price_and_says_so():
    job = lines(just_transition(AFTER, BEFORE, YEARS)).loc[("workers", "jobs")]

    assert job["verdict"] == "loses"
    assert math.isnan(job["to_make_whole"])
    assert "wage" in job["note"]


def test_without_a_status_quo_only_trades_are_known():
    """Trades have their own without: 100 t and 9,000 before measures."""
    found = lines(just_transition(AFTER, None, YEARS))

    trade = found.loc[("informal", "income of all its people")]
    assert trade["change"] == pytest.approx(-4_000)
    assert found.loc[("generators", "net cost"), "verdict"] == "unknown"


def test_the_same_plan_changes_nothing():
    table = just_transition(BEFORE, BEFORE, YEARS, wage_per_y=1.0)

    assert set(table["verdict"]) == {"same"}
    assert cost_to_make_whole(table, "p1") == 0


def test_a_dump_that_takes_less_leaves_its_pickers_less():
    """600 t/y less; how many live on it is unknown, so it has no price."""
    table = just_transition(AFTER, BEFORE, YEARS, landfills=["tip"])
    row = lines(table).loc["informal", "waste within reach of pickers, if any"]

    assert (row["who"], row["change"], row["verdict"]) == ("hill", -600, "loses")
    assert math.isnan(row["people"])
    assert math.isnan(row["to_make_whole"])
    assert "not modelled" in row["note"]
    others = just_transition(AFTER, BEFORE, YEARS, landfills=["burner"])
    assert len(others) == len(table) - 1
