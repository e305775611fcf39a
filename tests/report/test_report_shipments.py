"""The chapters on shipments by month and on what a plan changes for factories."""

from dataclasses import replace

import pandas as pd
import report_case as case

from wasteplan.report.factories import factories_section
from wasteplan.report.months import months_section
from wasteplan.report.page import html
from wasteplan.shipments.table import ShipmentTable, shipment_table


def shipments(scheme: str = "own") -> ShipmentTable:
    """30 t in January, of which 10 landfilled; 30 t recycled in March; one mismatch."""
    days = ["2030-01-05", "2030-01-06", "2030-03-01"]
    return shipment_table(
        {
            "id": ["a", "b", "c"],
            "scheme": scheme,
            "generator": ["zone", "zone", "town"],
            "facility": ["x", case.HOSTILE, "x"],
            "stream": "garment",
            "received_t": [10.0, 20.0, 30.0],
            "declared_t": [10.0, 30.0, 30.0],
            "route": ["D5", "R1", "R3"],
            "received_at": pd.to_datetime(days),
            "state": "confirmed",
        }
    )


def test_months_of_reported_shipments() -> None:
    """Twelve months are drawn; the table has those with waste, and what is odd."""
    section = months_section(replace(case.subject(), shipments=shipments()))
    waste, odd = section.charts
    drawn = waste.data["by_period"]["year:2030"]
    series = {s["name"]: s["values"] for s in drawn["series"]}
    assert len(drawn["labels"]) == 12
    assert series["Landfilled"][:3] == [10, 0, 0]
    assert series["Recycled"][:3] == [0, 0, 30]
    assert [row[1] for row in waste.table.rows] == ["Jan", "Mar"]
    assert waste.table.rows[0][-4] == 2 / 3
    assert odd.table.rows[0][:3] == ("Quantity mismatch", "1", 20.0)
    assert section.lead.startswith("Reported shipments")


def test_a_year_in_which_nothing_was_handed_over() -> None:
    """One load of nothing: no mean to take."""
    table = shipments()
    onward = table.iloc[[0]].assign(id="d", received_at=pd.Timestamp("2031-01-02"))
    onward[["received_t", "declared_t", "quantity_t"]] = 0.0
    both = pd.concat([table, onward], ignore_index=True).astype(table.dtypes.to_dict())
    section = months_section(replace(case.subject(), shipments=both))
    assert section.charts[0].summary.endswith("83.3\u00a0%; 2031: no waste handed over")


def test_simulated_months_say_so_first() -> None:
    """By the scheme of the rows, not by where the table came from."""
    table = shipments("simulated")
    section = months_section(replace(case.subject(), shipments=table))
    assert section.lead.startswith("Simulated: nobody reported")
    assert "simulated" in section.charts[0].title


def test_without_shipments_there_is_no_chapter() -> None:
    assert months_section(replace(case.subject(), simulation=None)) is None
    nothing = shipment_table({}, n_rows=0)
    assert months_section(replace(case.subject(), shipments=nothing)) is None
    assert factories_section(replace(case.subject(), baseline=None)) is None


def test_factories_add_up_to_all_waste() -> None:
    """Whatever group a place is in, its tonnes are drawn once; the largest first."""
    section = factories_section(case.subject())
    (chart,), (table,) = section.charts, section.tables
    last = [series["values"][-1] for series in chart.data["series"]]
    waste = [row[1] for row in table.rows]
    assert sum(last) == sum(waste) > 0
    assert waste == sorted(waste, reverse=True)
    assert {row[0] for row in table.rows} == {"Zone", "Town"}


def test_the_page_holds_the_months_and_escapes_names() -> None:
    page = html(replace(case.subject(), shipments=shipments()))
    assert 'id="months"' in page
    assert case.HOSTILE not in page
