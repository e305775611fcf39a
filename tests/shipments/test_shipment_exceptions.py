"""The exception report, on a file with one of each fault and on single rules."""

from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wasteplan.shipments.exception_rules import RULES, Tolerances
from wasteplan.shipments.exceptions import (
    COLUMNS,
    KINDS,
    exception_counts,
    exceptions,
    latest_time,
)
from wasteplan.shipments.formats import read_shipments
from wasteplan.shipments.records import Permit
from wasteplan.shipments.states import Clocks
from wasteplan.shipments.table import ShipmentTable, shipment_table

FAULTS = Path(__file__).parent / "files" / "one_of_each_fault.csv"
NOW = datetime(2025, 6, 20)
PERMITS = [Permit(facility="plant_2", permit_t_per_y=5)]


def kinds(table: ShipmentTable, **asked) -> list[str]:
    return exceptions(table, **asked)["kind"].tolist()


def test_one_of_each_fault() -> None:
    """Every fault of the file is found once, under its kind; the good row is not."""
    table = read_shipments(FAULTS).checked()
    report = exceptions(table, now=NOW, permits=PERMITS)
    found = report.groupby("kind")["id"].agg(list).to_dict()
    assert found == {
        "overdue_confirmation": ["unconfirmed"],
        "overdue_correction": ["uncorrected"],
        "date_mismatch": ["other_day"],
        "vehicle_mismatch": ["other_truck"],
        "quantity_mismatch": ["lost_weight"],
        "never_shipped": ["stayed"],
        "never_received": ["lost_load"],
        "missing_density": ["by_volume"],
        "missing_quantity": ["no_amount"],
        "duplicate": ["twice", "twice", "same_1", "same_2"],
        "over_permit": ["too_much"],
        "state_contradiction": ["no_arrival"],
    }
    assert list(report.columns) == list(COLUMNS)
    row = report[report["id"] == "lost_weight"].iloc[0]
    assert row["message"] == ("declared 2 t, accounted for 1.5 t; more than 10% apart")
    assert (row["source_file"], row["source_row"]) == ("one_of_each_fault.csv", 7)
    counts = exception_counts(report).set_index("kind")
    assert counts["n"].sum() == 15
    assert counts.loc["over_permit", "amount_t"] == 9


def test_every_kind_has_a_rule_and_a_fix() -> None:
    """The list that people read and the rules that run are the same."""
    assert list(RULES) == list(KINDS)


def test_nothing_to_look_at() -> None:
    """An empty table and a good row give an empty report with all columns."""
    empty = exceptions(shipment_table({}, n_rows=0))
    assert list(empty.columns) == list(COLUMNS)
    assert exception_counts(empty)["n"].sum() == 0


def test_clocks_are_read_at_the_moment_asked() -> None:
    """Two days after the arrival nothing is late; a minute later it is."""
    table = shipment_table(
        {
            "id": ["a"],
            "declared_t": [1.0],
            "received_at": ["2025-03-03T08:00"],
            "state": ["received"],
        }
    )
    assert latest_time(table) == pd.Timestamp("2025-03-03T08:00")
    assert kinds(table) == []
    assert kinds(table, now=datetime(2025, 3, 5, 8)) == []
    late = datetime(2025, 3, 5, 8, 1)
    assert kinds(table, now=late) == ["overdue_confirmation"]
    assert kinds(table, now=late, clocks=Clocks(confirm_days=3)) == []


def test_rejected_and_left_over_waste_is_accounted_for() -> None:
    """10 t declared = 6 received + 3 refused + 1 left over; without the 3 it is not."""
    whole = {"declared_t": [10.0], "received_t": [6.0], "residue_t": [1.0]}
    table = shipment_table({"id": ["a"], **whole, "rejected_t": [3.0]})
    assert kinds(table) == []
    assert kinds(shipment_table({"id": ["a"], **whole})) == ["quantity_mismatch"]


@pytest.mark.parametrize(
    ("declared_t", "received_t", "is_found"),
    [(10, 9, False), (10, 8.99, True), (0.05, 0.07, False), (0.05, 0.071, True)],
)
def test_how_far_tonnages_may_differ(
    declared_t: float, received_t: float, is_found: bool
) -> None:
    """10 % of 10 t is 1 t, the limit itself allowed; of 50 kg the least 20 kg count."""
    table = shipment_table({"declared_t": [declared_t], "received_t": [received_t]})
    assert bool(kinds(table)) == is_found
    assert not kinds(table, tolerances=Tolerances(mass_share=0.5, mass_min_t=0.1))


@pytest.mark.parametrize("same", ["2A-1234", "2a 1234", "2A1234"])
def test_plates_are_compared_without_their_spelling(same: str) -> None:
    """Blanks, hyphens and small letters are no other vehicle."""
    row = {"declared_t": [1], "vehicle": ["2A-1234"], "received_vehicle": [same]}
    assert kinds(shipment_table(row)) == []


def test_dates_without_an_hour_count_as_days() -> None:
    """Sent at 16:00 and received "the same day" is no mismatch; the day before is."""
    row = {"declared_t": [1.0], "shipped_at": ["2025-03-03T16:00"]}
    assert kinds(shipment_table({**row, "received_at": ["2025-03-03"]})) == []
    early = shipment_table({**row, "received_at": ["2025-03-02"]})
    assert kinds(early) == ["date_mismatch"]
    hour = shipment_table({**row, "received_at": ["2025-03-03T15:00"]})
    assert kinds(hour) == ["date_mismatch"]


def test_permits_are_counted_by_calendar_year_and_code() -> None:
    """3 + 3 + 3 t against 7 t: the third passes it; next year begins at zero."""
    table = shipment_table(
        {
            "id": ["a", "b", "c", "d", "e"],
            "facility": "plant",
            "waste_code": ["04 02 22", "04 02 22", "04 01 09", "15 01 01", "04 02 22"],
            "received_t": [3.0, 3.0, 3.0, 9.0, 3.0],
            "received_at": [f"2025-0{m}-01" for m in (3, 1, 2, 4)] + ["2026-01-01"],
            "state": "treated",
        }
    )
    all_codes = Permit(facility="plant", permit_t_per_y=7)
    one_chapter = Permit(facility="plant", permit_t_per_y=7, waste_code="04")
    over = exceptions(table, permits=[one_chapter])
    assert over["id"].tolist() == ["a"]
    assert over["message"][0].startswith("9 t in 2025 of 04, above the permit of 7")
    assert exceptions(table, permits=[all_codes])["id"].tolist() == ["a", "d"]
    old = Permit(facility="plant", permit_t_per_y=7, last_year=2024)
    assert exceptions(table, permits=[old]).empty


@settings(deadline=None, max_examples=15)
@given(st.permutations(list(range(16))))
def test_the_order_of_rows_does_not_matter(order: list[int]) -> None:
    """The same exceptions come out of a shuffled file."""
    table = read_shipments(FAULTS).table
    shuffled = table.iloc[list(order)].reset_index(drop=True)
    reports = [exceptions(t, now=NOW, permits=PERMITS) for t in (table, shuffled)]
    rows = [sorted(zip(r["kind"], r["id"], strict=True)) for r in reports]
    assert rows[0] == rows[1]
