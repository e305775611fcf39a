"""Shipments as measured flows: sums over the same loads, gates, transfer stations."""

import numpy as np
import pandas as pd
import pytest

from wasteplan.shipments.reconciliation import UnfitMeasurements, reconcile
from wasteplan.shipments.table import ShipmentTable, shipment_table
from wasteplan.shipments.weighing import (
    QuantityError,
    measured_network,
    quantity_errors,
    reconcile_shipments,
)

EXACT = QuantityError(basis="weighed", each_load=0.0, all_loads=0.01)
ROUGH = QuantityError(basis="declared", each_load=0.0, all_loads=0.1)
ERRORS = {
    "weighed": EXACT,
    "declared": ROUGH,
    "volume_x_density": ROUGH,
    "estimated": ROUGH,
}


def loads(*rows: tuple[str, str, float | None, float | None, str]) -> ShipmentTable:
    generator, facility, declared, received, state = zip(*rows, strict=True)
    return shipment_table(
        {
            "id": [str(i) for i in range(len(rows))],
            "generator": generator,
            "stream": "msw",
            "facility": facility,
            "declared_t": np.array(declared, dtype=float),
            "received_t": np.array(received, dtype=float),
            "state": state,
        }
    )


def test_declared_and_weighed_meet_by_their_errors() -> None:
    """110 t declared (10 % = 11 t), 100 t weighed (1 t).

    x = (110/121 + 100/1) / (1/121 + 1) = 12210 / 122 = 100.082.
    """
    table = loads(("g", "f", 60, 50, "received"), ("g", "f", 50, 50, "treated"))
    found, flows = reconcile_shipments(table, errors=ERRORS)

    row = flows.iloc[0]
    assert row["declared_t"] == 110
    assert row["received_t"] == 100
    assert row["reconciled_t"] == pytest.approx(12210 / 122)
    assert row["adjustment_t"] == pytest.approx(12210 / 122 - 100)
    assert found.degrees_of_freedom == 1


def test_loads_that_one_side_knows_are_not_compared() -> None:
    """A load nobody weighed adds to the flow and contradicts nothing."""
    table = loads(("g", "f", 50, 50, "received"), ("g", "f", 30, None, "in_transit"))
    found, flows = reconcile_shipments(table, errors=ERRORS)

    assert flows.iloc[0]["reconciled_t"] == pytest.approx(80)
    assert found.chi_square == pytest.approx(0)
    assert "g>f:msw (declared only)" in set(found.flows["flow"])


def test_what_did_not_move_does_not_count() -> None:
    table = loads(
        ("g", "f", 50, 50, "received"),
        ("g", "f", 70, None, "cancelled"),
        ("g", "f", 70, None, "draft"),
        ("g", "f", 70, None, "reserved"),
        ("g", "f", 70, None, "rejected"),
    )
    assert reconcile_shipments(table)[1].iloc[0]["declared_t"] == 50
    with pytest.raises(UnfitMeasurements):
        reconcile_shipments(table.iloc[1:].reset_index(drop=True))


def test_the_gate_finds_the_generator_that_declares_too_little() -> None:
    """Two generators, nothing weighed: 100 and 40 declared; the gate took 200 +- 2.

    Gap 60 with variances 10^2, 4^2, 2^2 (sum 120): shares 100/120, 16/120, 4/120:
    a = 150, b = 48, gate 198.
    """
    table = loads(("a", "f", 100, None, "treated"), ("b", "f", 40, None, "treated"))
    ledger = pd.DataFrame({"facility": ["f"], "received_t": [200.0], "sd_t": [2.0]})
    network = measured_network(table, ledger, pass_through={}, errors=ERRORS)
    assert len(network.measurements) == 3

    found = reconcile(network.measurements, network.balances, eliminate=False)
    assert found.value("a>f:msw (declared only)") == pytest.approx(150)
    assert found.value("b>f:msw (declared only)") == pytest.approx(48)
    assert found.value("intake f") == pytest.approx(198)
    assert found.p_value < 1e-6


def test_a_transfer_station_hands_on_what_it_takes() -> None:
    """100 +- 1 in, 90 +- 0.9 out, stock +- 5: variances 1, 0.81, 25.

    The stock carries 10 x 25 / 26.81 = 9.3249 t (its two halves share 12.5 each, but
    neither may fall below 0, so the one that does stays 0 and 12.5 / 14.31 apply).
    """
    table = loads(("g", "tip", None, 100, "treated"), ("tip", "f", None, 90, "treated"))
    found, _ = reconcile_shipments(
        table, pass_through={"tip": 5.0}, errors=ERRORS, level=0.999
    )

    into = found.value("stock into tip")
    assert found.value("stock out of tip") == pytest.approx(0, abs=1e-9)
    assert into == pytest.approx(10 * 12.5 / 14.31)
    assert found.value("g>tip:msw (weighed only)") == pytest.approx(100 - 10 / 14.31)


def test_many_loads_average_out_but_a_common_error_stays() -> None:
    """100 loads of 1 t: each 10 % -> 1 t; all 2 % -> 2 t; together sqrt(5)."""
    error = QuantityError(basis="declared", each_load=0.1, all_loads=0.02)
    assert error.sd_t(100.0, 100.0) == pytest.approx(5**0.5)


def test_packaged_errors_name_every_basis_in_order_of_trust() -> None:
    known = list(quantity_errors().values())
    assert [e.basis for e in known] == [
        "weighed", "declared", "volume_x_density", "estimated",
    ]  # fmt: skip
    assert [e.each_load for e in known] == sorted(e.each_load for e in known)
