"""Returns worked out on paper, and the sums that must agree between them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wasteplan.shipments.returns import (
    diversion_table,
    facility_ledger,
    flow_matrix,
    generator_report,
    monthly,
    moved,
    period_form,
)
from wasteplan.shipments.routes import FATES, fate_by_code
from wasteplan.shipments.table import ShipmentTable, shipment_table


def year_of_shipments() -> ShipmentTable:
    """Ten tonnes landfilled, 20 recycled, 15 burnt with energy, 5 stored; 9 cancelled.

    One shipment of unknown tonnage, and one of the year after.
    """
    return shipment_table(
        {
            "id": list("abcdefg"),
            "generator": ["f1", "f1", "f2", "f2", "f1", "f1", "f2"],
            "facility": ["dump", "mill", "kiln", "yard", "dump", "mill", "dump"],
            "waste_code": ["15 01 01", "15 01 02", *["04 02 22"] * 5],
            "stream": ["paper", "plastic", *["textile"] * 5],
            "is_hazardous": [False, False, None, True, False, False, False],
            "declared_t": [11.0, 20.0, 15.0, 5.0, 9.0, None, 4.0],
            "received_t": [10.0, None, None, None, None, None, 4.0],
            "received_at": [f"2025-0{m}-10" for m in (1, 2, 4, 7, 7, 8)]
            + ["2026-01-02"],
            "route": ["D5", "R3", "R1", "R13", "D5", "R3", "D1"],
            "state": [*["treated"] * 4, "cancelled", "treated", "treated"],
        }
    )


def test_diversion_by_hand() -> None:
    """50 t: 10 landfilled, 5 undecided. (50-15)/50 = 0.7; (50-10)/50 = 0.8.

    Without incineration: (50-15-15)/50 = 0.4 to 0.5; recycled 20/50; weighed 10/50.
    """
    row = diversion_table(year_of_shipments()).set_index("span").loc["2025"]
    assert row["t"] == 50
    assert row["landfill_t"] == 10
    assert row["diversion_low"] == pytest.approx(0.7)
    assert row["diversion_high"] == pytest.approx(0.8)
    assert row["diversion_without_incineration_low"] == pytest.approx(0.4)
    assert row["diversion_without_incineration_high"] == pytest.approx(0.5)
    assert row["recycling_low"] == pytest.approx(0.4)
    assert row["weighed_share"] == pytest.approx(0.2)


def test_diversion_by_stream_and_quarter() -> None:
    """Paper is landfilled, plastic recycled, in the first quarter of 2025."""
    table = diversion_table(year_of_shipments(), by="stream", span="quarter")
    rows = table.set_index(["span", "stream"])
    assert rows.loc[("2025Q1", "paper"), "diversion_high"] == 0
    assert rows.loc[("2025Q1", "plastic"), "diversion_low"] == 1
    assert rows.loc[("2025Q3", "textile"), "t"] == 5
    assert rows.loc[("2025Q3", "textile"), "weighed_share"] == 0


def test_generator_report_by_hand() -> None:
    """Factory 1 in 2025: 10 t of paper weighed, 20 t of plastic, one unknown load."""
    report = generator_report(year_of_shipments(), year=2025, generator="f1")
    rows = report.set_index("stream")
    assert rows["t"].to_dict() == {"textile": 0, "paper": 10, "plastic": 20}
    assert rows.loc["paper", "weighed_share"] == 1
    assert rows.loc["textile", "n_unknown_t"] == 1
    assert np.isnan(rows.loc["textile", "weighed_share"])


def test_period_form_by_hand() -> None:
    """The third quarter of 2025: 5 t to the yard (hazardous), one unknown load."""
    form = period_form(year_of_shipments(), year=2025, quarter=3).set_index("facility")
    assert form["t"].to_dict() == {"mill": 0, "yard": 5}
    assert form.loc["yard", "is_hazardous"] == "yes"
    assert form["n_generators"].tolist() == [1, 1]
    with pytest.raises(ValueError, match="none of 1, 2, 3, 4"):
        period_form(year_of_shipments(), year=2025, quarter=5)


def test_a_ledger_runs_through_the_year() -> None:
    """A cancelled load stands in the book and does not count; years begin at zero."""
    ledger = facility_ledger(year_of_shipments(), "dump")
    assert ledger["id"].tolist() == ["a", "e", "g"]
    assert ledger["year_to_date_t"].tolist() == [10, 10, 4]


def test_flow_matrix_and_months_by_hand() -> None:
    """Rows are factories, columns facilities; months are rows of their own."""
    matrix = flow_matrix(year_of_shipments(), year=2025)
    assert matrix.loc["f1", "dump"] == 10
    assert matrix.loc["f2", "kiln"] == 15
    assert matrix.to_numpy().sum() == 50
    assert monthly(year_of_shipments()).loc["2025-02", "mill"] == 20


def test_nobody_is_named_in_returns() -> None:
    """Vehicles and carriers of the table are in none of the returns."""
    table = year_of_shipments().assign(vehicle="PLATE", transporters="SOMEBODY")
    returns = [
        generator_report(table, year=2025),
        facility_ledger(table, "dump"),
        flow_matrix(table),
        diversion_table(table),
        period_form(table, year=2025),
        monthly(table),
    ]
    for made in returns:
        text = made.to_csv()
        assert "PLATE" not in text
        assert "SOMEBODY" not in text


def test_every_code_has_a_known_fate() -> None:
    """28 operations of the directive and the management methods."""
    codes = fate_by_code()
    assert set(codes.values()) <= set(FATES)
    assert sum(c[0] in "RD" for c in codes) == 28


@settings(deadline=None, max_examples=20)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["f1", "f2"]),
            st.sampled_from(["p1", "p2"]),
            st.floats(0, 100),
            st.sampled_from(["R1", "R3", "D5", "R13", None]),
            st.integers(1, 12),
        ),
        min_size=1,
        max_size=20,
    )
)
def test_all_returns_add_up_to_the_same(rows: list[tuple]) -> None:
    """Whatever the shipments, no return loses or doubles a tonne."""
    generator, facility, declared_t, route, month = zip(*rows, strict=True)
    table = shipment_table(
        {
            "generator": list(generator),
            "facility": list(facility),
            "declared_t": list(declared_t),
            "route": list(route),
            "received_at": [f"2025-{m:02d}-15" for m in month],
            "state": "received",
        }
    )
    total = pytest.approx(sum(declared_t))
    assert moved(table)["t"].sum() == total
    assert generator_report(table, year=2025)["t"].sum() == total
    assert flow_matrix(table).to_numpy().sum() == total
    assert monthly(table).to_numpy().sum() == total
    quarters = [
        period_form(table, year=2025, quarter=q)["t"].sum() for q in range(1, 5)
    ]
    assert sum(quarters) == total
    diversion = diversion_table(table, by="generator", span="month")
    assert diversion["t"].sum() == total
    fates = diversion[[f"{name}_t" for name in FATES]].to_numpy()
    assert fates.sum() == total
    low, high = diversion["diversion_low"], diversion["diversion_high"]
    assert ((low <= high + 1e-12) | low.isna()).all()
