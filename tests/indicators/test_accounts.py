import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wasteplan.indicators.accounts import (
    actor_accounts,
    actor_totals,
    transfer_reasons,
)

ACTORS = ["public", "operator", "generator", "informal"]


def costs(*rows):
    columns = ["year", "actor", "amount", "present_value"]
    return pd.DataFrame([(*r, r[-1] / 2) for r in rows], columns=columns)


def transfers(*rows):
    columns = ["year", "from_actor", "to_actor", "reason", "amount", "present_value"]
    return pd.DataFrame([(*r, r[-1] / 2) for r in rows], columns=columns)


def test_two_actors_and_a_gate_fee():
    """Operator spends 100, sells 30, gets a gate fee of 60; public hauls for 20.

    Operator 100 - 30 - 60 = 10, public 20 + 60 = 80; together 90 = 100 - 30 + 20.
    """
    table = actor_accounts(
        costs(
            (2030, "operator", 100.0),
            (2030, "operator", -30.0),
            (2030, "public", 20.0),
        ),
        transfers((2030, "public", "operator", "gate_fee", 60.0)),
    ).set_index("actor")
    assert table["net_cost"].to_dict() == {"operator": 10.0, "public": 80.0}
    assert table.loc["operator", "received"] == 60.0
    assert table.loc["public", "paid"] == 60.0
    assert table["net_cost"].sum() == 90.0


def test_an_actor_with_transfers_only_has_an_account():
    table = actor_accounts(
        costs((2030, "public", 5.0)),
        transfers((2030, "generator", "public", "collection_charge", 8.0)),
    ).set_index("actor")
    assert table["net_cost"].to_dict() == {"generator": 8.0, "public": -3.0}


def test_no_transfers_at_all():
    table = actor_accounts(costs((2030, "public", 5.0)), transfers())
    assert table["net_cost"].tolist() == [5.0]


amounts = st.floats(-1e6, 1e6)
actors = st.sampled_from(ACTORS)
years = st.integers(2026, 2030)


@settings(max_examples=30, deadline=None)
@given(
    spent=st.lists(st.tuples(years, actors, amounts), min_size=1, max_size=12),
    moved=st.lists(
        st.tuples(years, actors, actors, st.just("gate_fee"), amounts), max_size=12
    ),
)
def test_the_accounts_add_up_to_the_system_cost(spent, moved):
    cost, transfer = costs(*spent), transfers(*moved)
    yearly = actor_accounts(cost, transfer)
    by_year = yearly.groupby("year")["net_cost"].sum()
    for year, amount in cost.groupby("year")["amount"].sum().items():
        assert by_year[year] == pytest.approx(amount, abs=1e-6)
    total = actor_totals(cost, transfer)["net_cost"].sum()
    assert total == pytest.approx(cost["present_value"].sum(), abs=1e-5)


def test_reasons_are_kept_apart():
    found = transfer_reasons(
        transfers(
            (2030, "public", "operator", "gate_fee", 10.0),
            (2031, "public", "operator", "gate_fee", 10.0),
            (2030, "generator", "public", "collection_charge", 6.0),
        )
    )
    assert found["present_value"].tolist() == [3.0, 10.0]
