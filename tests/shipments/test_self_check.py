"""One factory on paper: 100 t in 2024, 90 t in 2026."""

import pandas as pd
import pytest

from wasteplan.shipments.mistakes import ShipmentError
from wasteplan.shipments.readiness import Evidence, questions
from wasteplan.shipments.self_check import Output, WasteTarget, self_check
from wasteplan.shipments.self_check_change import (
    moves_off_landfill,
    self_check_change,
)
from wasteplan.shipments.table import ShipmentTable, shipment_table

ROWS = [
    # year, stream, hazardous, tonnes, route
    (2024, "cutting", False, 80.0, "D5"),
    (2024, "sludge", True, 20.0, "D10"),
    (2026, "cutting", False, 54.0, "R3"),
    (2026, "cutting", False, 9.0, "D5"),
    (2026, "cutting", False, 9.0, "R1"),
    (2026, "sludge", True, 9.0, "D10"),
    (2026, "sludge", True, 9.0, "R13"),
]
OUTPUT = (Output(year=2024, units=1000), Output(year=2026, units=1200))
TARGET = WasteTarget(baseline_year=2024, target_year=2028, reduction=0.4)


def shipments() -> ShipmentTable:
    year, stream, hazard, tonnes, route = zip(*ROWS, strict=True)
    return shipment_table(
        {
            "id": [str(i) for i in range(len(ROWS))],
            "generator": "mill",
            "stream": stream,
            "is_hazardous": hazard,
            "received_t": tonnes,
            "route": route,
            "shipped_at": pd.to_datetime([f"{y}-05-01" for y in year]),
            "state": "treated",
        }
    )


def test_streams_and_waste_per_unit() -> None:
    """72 t of cuttings / 1 200 = 60 kg per unit; sludge 18 t: 15 kg."""
    streams = self_check(shipments(), "mill", 2026, output=OUTPUT).streams
    now = streams[streams["year"] == 2026].set_index("stream")

    assert now["kg_per_unit"].to_dict() == pytest.approx({"cutting": 60, "sludge": 15})
    assert now["hazard"].to_dict() == {
        "cutting": "non_hazardous",
        "sludge": "hazardous",
    }
    assert now["weighed_share"].tolist() == [1, 1]


def test_routes_and_diversion_with_and_without_incineration() -> None:
    """Of 90 t: recycled 54, burnt 9 + 9, landfilled 9, stored 9.

    Burning counted: 1 - 9/90 = 0.9, or 0.8 if what is stored ends in a landfill.
    Not counted: 1 - 27/90 = 0.7, or 0.6.
    """
    check = self_check(shipments(), "mill", 2026)
    every = check.routes[check.routes["hazard"] == "all"].set_index("fate")["share"]

    assert every["recycling"] == pytest.approx(0.6)
    assert every.sum() == pytest.approx(1)
    assert check.diversion.low == pytest.approx(0.8)
    assert check.diversion.high == pytest.approx(0.9)
    assert check.diversion_without_incineration.low == pytest.approx(0.6)
    assert check.diversion_without_incineration.high == pytest.approx(0.7)


def test_progress_against_the_baseline() -> None:
    """100 kg per unit to 60 by 2028; 75 in 2026: 25 of 40 in half the time."""
    row = self_check(
        shipments(), "mill", 2026, output=OUTPUT, targets=(TARGET,)
    ).progress.iloc[0]

    assert row["baseline_kg_per_unit"] == pytest.approx(100)
    assert row["now_kg_per_unit"] == pytest.approx(75)
    assert row["target_kg_per_unit"] == pytest.approx(60)
    assert row["progress"] == pytest.approx(0.625)
    assert row["expected"] == pytest.approx(0.5)
    assert row["is_on_track"]


def test_readiness_names_its_evidence() -> None:
    """One shipment of five goes to storage: its route is not known to the end."""
    check = self_check(
        shipments(), "mill", 2026,
        output=OUTPUT, targets=(TARGET,),
        answers=(
            Evidence(question="workers_trained", answer="partial", document="list 7"),
        ),
    )  # fmt: skip
    rows = check.readiness.set_index("question")

    assert rows.loc["streams_known", "answer"] == "yes"
    assert rows.loc["routes_known", "answer"] == "partial"
    assert rows.loc["routes_known", "evidence"] == "shipments, 4 of 5 shipments"
    assert rows.loc["reduction_on_track", "answer"] == "yes"
    assert rows.loc["nine_tenths_diverted", "answer"] == "no"
    assert rows.loc["workers_trained", "evidence"] == "list 7"
    assert rows.loc["stored_safely", "answer"] == "unknown"
    assert check.points is None


def test_points_need_weights_and_pass_the_gate() -> None:
    """Level 1: 6 of 7 yes, one partial: 6.5 / 7 of 0.25, and nothing else counts.

    With the route known all of level 1 is yes: 0.25 + 0.5 x 4/6, level 3 still 0.
    """
    first = [q for q in questions() if q.level == 1 and not q.from_shipments]
    yes = tuple(Evidence(question=q.id, answer="yes") for q in first)
    weights = {q.id: 1.0 for q in questions()}
    given = {"output": OUTPUT, "targets": (TARGET,), "answers": yes, "weights": weights}

    shut = self_check(shipments(), "mill", 2026, **given)
    assert shut.points == pytest.approx(0.25 * 6.5 / 7)
    assert shut.level_points == pytest.approx((6.5 / 7, 4 / 6, 0))

    known = shipments().replace({"route": {"R13": "R3"}})
    assert self_check(known, "mill", 2026, **given).points == pytest.approx(
        0.25 + 0.5 * 4 / 6
    )


def test_a_facility_says_what_a_missing_route_does_not() -> None:
    table = shipments().assign(
        route=pd.Series([None] * len(ROWS), dtype="category"),
        facility=pd.Series(["tip"] * len(ROWS), dtype="category"),
    )
    assert self_check(table, "mill", 2026).diversion.high == 1
    check = self_check(table, "mill", 2026, fate_of_facility={"tip": "landfill"})
    assert check.diversion.high == 0


def test_mistakes_are_named() -> None:
    table = shipments()
    with pytest.raises(ShipmentError, match="no shipment of 'shop'"):
        self_check(table, "shop", 2026)
    with pytest.raises(ShipmentError, match="no question 'x'"):
        self_check(table, "mill", 2026, weights={"x": 1.0})
    wrong = (Evidence(question="routes_known", answer="yes"),)
    with pytest.raises(ShipmentError, match="from the shipments"):
        self_check(table, "mill", 2026, answers=wrong)
    with pytest.raises(ShipmentError, match="no fate"):
        self_check(table, "mill", 2026, fate_of_facility={"tip": "moon"})


def test_before_and_after_a_plan() -> None:
    """80 of 100 t to landfill before, 9 of 90 t after: it moves, to the limit of 10 %.

    Before, 20 t of 100 (burnt) are kept out; after, between 72 and 81 t of 90.
    """
    before, after = (self_check(shipments(), "mill", year) for year in (2024, 2026))
    change = self_check_change(before, after).set_index("what")

    assert change.loc["waste", ["before", "after"]].tolist() == [100, 90]
    assert change.loc["share: landfill", ["before", "after"]].tolist() == [0.8, 0.1]
    assert change.loc["share: recycling", "before"] == 0
    low = change.loc["kept out of landfill, low", ["before", "after"]].tolist()
    assert low == pytest.approx([0.2, 0.8])
    assert change.loc["routes_known", ["before", "after"]].tolist() == [
        "yes",
        "partial",
    ]
    assert moves_off_landfill(before, after)
    assert not moves_off_landfill(before, after, landfill_max=0.09)
    assert not moves_off_landfill(after, before)
