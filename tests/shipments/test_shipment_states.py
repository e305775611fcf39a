"""The life of a shipment: legal steps, clocks, and what tables give away."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wasteplan.shipments.mistakes import IllegalTransition
from wasteplan.shipments.records import Shipment, records_of, table_of
from wasteplan.shipments.states import (
    FINAL,
    STATES,
    TRANSITIONS,
    Clocks,
    advanced,
    contradictions,
    due_at,
    illegal_changes,
    lapsed,
    reachable,
    states_from_times,
    step,
)
from wasteplan.shipments.table import shipment_table

START = datetime(2025, 3, 3, 8)


def life(*states: str, hours: float = 1.0) -> tuple:
    history: tuple = ()
    for i, state in enumerate(states):
        history = advanced(history, state, START + timedelta(hours=i * hours))
    return history


def test_a_whole_life() -> None:
    """From draft to treated, one hour a step."""
    history = life(
        "draft", "reserved", "in_transit", "received", "confirmed", "treated"
    )
    assert history[-1].state == "treated"
    assert history[-1].at == START + timedelta(hours=5)


def test_a_mismatch_is_corrected_and_confirmed() -> None:
    """The way back of a load on which the parties disagreed."""
    assert life("in_transit", "received", "mismatch", "corrected", "confirmed")


def test_illegal_steps_say_what_is_allowed() -> None:
    """A draft is not received; a treated load goes nowhere; states are spelt right."""
    with pytest.raises(IllegalTransition, match="draft allows cancelled, in_transit"):
        step("draft", "received")
    with pytest.raises(IllegalTransition, match="treated allows nothing"):
        step("treated", "mismatch")
    with pytest.raises(IllegalTransition, match="did you mean 'confirmed'"):
        step("received", "confirmd")
    with pytest.raises(IllegalTransition, match="cannot begin as treated"):
        advanced((), "treated", START)


def test_time_does_not_run_backwards() -> None:
    """A confirmation dated before the arrival is refused."""
    with pytest.raises(IllegalTransition, match="lies before received"):
        advanced(life("received"), "confirmed", START - timedelta(hours=1))


def test_clocks_run_out_where_they_should() -> None:
    """Two days to confirm, three to correct; a confirmed load waits for nobody."""
    clocks = Clocks()
    received, mismatch = life("received"), life("received", "mismatch")
    assert due_at(received[-1], clocks) == START + timedelta(days=2)
    assert due_at(mismatch[-1], clocks) == START + timedelta(hours=1, days=3)
    assert due_at(life("received", "confirmed")[-1], clocks) is None
    at_limit = START + timedelta(days=2)
    assert lapsed(received, at_limit, clocks) == received
    late = lapsed(received, at_limit + timedelta(minutes=1), clocks)
    assert (late[-1].state, late[-1].at) == ("overdue", at_limit)
    assert lapsed(received, at_limit, Clocks(confirm_days=1))[-1].state == "overdue"


@settings(deadline=None)
@given(st.lists(st.sampled_from(STATES), max_size=12))
def test_no_chain_of_steps_leaves_the_table(wanted: list[str]) -> None:
    """Whatever is asked, each accepted step is one of the transitions."""
    state = "draft"
    for name in wanted:
        if name in TRANSITIONS[state]:
            state = step(state, name)
        else:
            with pytest.raises(IllegalTransition):
                step(state, name)


def test_every_state_can_be_reached_and_ends() -> None:
    """No state is an island, none but the final ones is a trap."""
    assert reachable("draft") == set(STATES)
    for state in STATES:
        assert reachable(state) & FINAL


def test_a_record_keeps_its_history() -> None:
    """A shipment is never changed; a step gives a new one with what became known."""
    draft = Shipment(id="a", generator="factory", facility="plant", declared_t=2)
    sent = draft.to("in_transit", START, shipped_at=START)
    there = sent.to("received", START + timedelta(hours=2), received_t=1.9)
    assert [c.state for c in there.history] == ["draft", "in_transit", "received"]
    assert (draft.state, draft.quantity_t, there.quantity_t) == ("draft", 2, 1.9)
    with pytest.raises(IllegalTransition):
        there.to("reserved", START + timedelta(hours=3))


def test_records_and_tables_say_the_same() -> None:
    """There and back: 12 m3 of 150 kg/m3 are 1.8 t by volume and density."""
    given_row = Shipment(
        id="a",
        generator="factory",
        transporters="one; two",
        facility="plant",
        quantity=12,
        quantity_unit="m3",
        density_kg_per_m3=150,
        shipped_at=START,
        state="in_transit",
    )
    table = table_of([given_row])
    assert table["quantity_t"].tolist() == [pytest.approx(1.8)]
    assert table["quantity_basis"].tolist() == ["volume_x_density"]
    back = next(records_of(table))
    assert back.carriers == ("one", "two")
    assert back.quantity_t == pytest.approx(given_row.quantity_t)


def test_times_speak_where_no_state_is_reported() -> None:
    """The furthest step counts; a load refused in full is rejected."""
    table = shipment_table(
        {
            "reserved_at": ["2025-01-01", "2025-01-01", None, None, None],
            "shipped_at": [None, "2025-01-02", None, "2025-01-02", None],
            "received_at": [None, None, "2025-01-03", "2025-01-03", None],
            "rejected_t": [None, None, None, 2.0, None],
        }
    )
    assert list(states_from_times(table)) == [
        "reserved",
        "in_transit",
        "received",
        "rejected",
        "draft",
    ]


def test_contradictions_are_found() -> None:
    """Treated without an arrival; in transit though it arrived; one good row."""
    table = shipment_table(
        {
            "state": ["treated", "in_transit", "received"],
            "received_at": [None, "2025-01-03", "2025-01-03"],
        }
    )
    found = {message: mask.tolist() for mask, _, message in contradictions(table)}
    assert found == {
        "is treated, but received_at is empty": [True, False, False],
        "is in_transit, but received_at is filled": [False, True, False],
    }


def test_two_reports_of_the_same_shipments() -> None:
    """Between two files steps may be skipped; a treated load never travels again."""
    before = shipment_table({"id": ["a", "b"], "state": ["reserved", "treated"]})
    after = shipment_table({"id": ["a", "b"], "state": ["treated", "in_transit"]})
    wrong = illegal_changes(before, after)
    assert wrong.to_dict("records") == [
        {"id": "b", "before": "treated", "after": "in_transit"}
    ]
