"""Coverage and the range of what is not reported, worked out by hand."""

import pandas as pd
import pytest

from wasteplan.shipments.coverage import coverage
from wasteplan.shipments.mistakes import ShipmentError

REPORTED = pd.DataFrame(
    [("z1", "a", 40.0), ("z1", "a", 20.0), ("z2", "a", 30.0), ("z2", "b", 5.0)],
    columns=["zone", "stream", "reported_t"],
)
ESTIMATED = pd.DataFrame(
    [("z1", "a", 80.0, 100.0, 150.0), ("z2", "a", 10.0, 20.0, 25.0),
     ("z3", "a", None, 50.0, None)],
    columns=["zone", "stream", "low_t", "central_t", "high_t"],
)  # fmt: skip


def test_coverage_by_zone_and_stream() -> None:
    """z1: 60 of 100 (80-150): 20 to 90 t unreported.  z2: 30 of at most 25."""
    table = coverage(REPORTED, ESTIMATED).set_index(["zone", "stream"])

    z1 = table.loc[("z1", "a")]
    assert z1["coverage"] == pytest.approx(0.6)
    assert z1["coverage_low"] == pytest.approx(0.4)
    assert z1["coverage_high"] == pytest.approx(0.75)
    unreported = ["unreported_low_t", "unreported_t", "unreported_high_t"]
    assert z1[unreported].tolist() == [20, 40, 90]
    z2 = table.loc[("z2", "a")]
    assert z2[unreported].tolist() == [0, 0, 0]
    assert z2["remark"] == "more reported than the highest estimate"
    assert table.loc[("z2", "b"), "remark"] == "no estimate"
    assert pd.isna(table.loc[("z2", "b"), "coverage"])
    assert table.loc[("z3", "a"), "remark"] == "nothing reported"
    assert table.loc[("z3", "a"), "unreported_t"] == 50


def test_the_sum_compares_only_what_can_be_compared() -> None:
    """z2/b has no estimate: 90 of 170 t (low 140, high 225)."""
    last = coverage(REPORTED, ESTIMATED).iloc[-1]

    assert (last["zone"], last["reported_t"]) == ("all", 90)
    assert last["coverage"] == pytest.approx(90 / 170)
    assert last["unreported_high_t"] == pytest.approx(225 - 90)


def test_a_range_that_misses_its_centre_is_an_error() -> None:
    wrong = ESTIMATED.assign(low_t=[120.0, 10.0, 50.0])
    with pytest.raises(ShipmentError, match="a in z1"):
        coverage(REPORTED, wrong)
