"""Reconciliation against closed forms worked out by hand, and against its laws."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import lsq_linear
from scipy.sparse import csr_matrix

from wasteplan.shipments.balanced_least_squares import (
    BalancedProblem,
    _penalised,
    solve_balanced,
)
from wasteplan.shipments.reconciliation import UnfitMeasurements, reconcile


def meters(*rows: tuple[str, str, float, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["id", "flow", "value_t", "sd_t"])


def node(*rows: tuple[str, str, int]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["node", "flow", "sign"])


SPLITTER = node(("gate", "in", 1), ("gate", "a", -1), ("gate", "b", -1))


def test_two_meters_on_one_flow() -> None:
    """100 +- 1 and 106 +- 2: x = (100 + 106/4) / 1.25 = 101.2; variance 1/1.25 = 0.8.

    Chi-square = 1.2^2 + (4.8/2)^2 = 7.2 = 6^2 / (1 + 4) with one degree of freedom.
    Standardised: 1.2 / sqrt(1 - 0.8) = 2.683 = 6 / sqrt(5), the same for both.
    """
    found = reconcile(
        meters(("declared", "x", 106, 2), ("weighed", "x", 100, 1)), eliminate=False
    )

    assert found.value("x") == pytest.approx(101.2)
    assert found.flows["sd_t"].iloc[0] == pytest.approx(0.8**0.5)
    assert found.chi_square == pytest.approx(7.2)
    assert found.degrees_of_freedom == 1
    assert found.p_value == pytest.approx(0.00729, abs=1e-5)  # table of chi-square
    sizes = found.measurements["residual"].abs()
    assert sizes.tolist() == pytest.approx([6 / 5**0.5] * 2)
    assert found.measurements["adjustment_t"].tolist() == pytest.approx([-4.8, 1.2])


def test_a_splitter() -> None:
    """In 100 +- 2, out 60 +- 1 and 35 +- 1: 5 t are missing.

    Variances 4, 1, 1: the gap is shared as 4/6, 1/6, 1/6 of 5, so in = 96.667,
    a = 60.833, b = 35.833.  Chi-square 5^2 / 6 = 4.1667.
    """
    found = reconcile(
        meters(("i", "in", 100, 2), ("a", "a", 60, 1), ("b", "b", 35, 1)),
        SPLITTER,
        eliminate=False,
    )

    assert found.value("in") == pytest.approx(100 - 5 * 4 / 6)
    assert found.value("a") == pytest.approx(60 + 5 / 6)
    assert found.value("b") == pytest.approx(35 + 5 / 6)
    assert found.chi_square == pytest.approx(25 / 6)
    assert found.degrees_of_freedom == 1


def test_an_unmeasured_flow_follows_from_the_balance() -> None:
    """100 in, 60 to a: b = 40 with variance 4 + 1; nothing contradicts anything."""
    found = reconcile(meters(("i", "in", 100, 2), ("a", "a", 60, 1)), SPLITTER)

    assert found.value("b") == pytest.approx(40)
    row = found.flows[found.flows["flow"] == "b"].iloc[0]
    assert row["sd_t"] == pytest.approx(5**0.5, rel=1e-6)
    assert found.degrees_of_freedom == 0
    assert np.isnan(found.p_value)
    assert found.measurements["residual"].isna().all()


def test_what_nothing_determines_is_unknown() -> None:
    """Of 100 in, a and b are any parts: the split is NaN, the sum is not."""
    found = reconcile(meters(("i", "in", 100, 2)), SPLITTER)

    assert found.value("in") == pytest.approx(100)
    assert np.isnan(found.value("a"))
    assert np.isnan(found.value("b"))


def test_a_flow_stops_at_its_bound() -> None:
    """In 10 +- 1, a 13 +- 1: b would be -3; at 0, in = a = 11.5."""
    found = reconcile(
        meters(("i", "in", 10, 1), ("a", "a", 13, 1)), SPLITTER, eliminate=False
    )

    assert found.value("b") == pytest.approx(0, abs=1e-9)
    assert found.value("in") == pytest.approx(11.5)
    at = found.flows.set_index("flow")["at_bound"]
    assert at.to_dict() == {"in": "", "a": "", "b": "lower"}


def test_the_wrong_meter_of_three_is_found() -> None:
    """100, 101 and 150 +- 1 on one flow: the third goes, the mean of two stays.

    Three meters: mean 117; 33 / sqrt(1 - 1/3) = 40.4 for the third, the largest.
    """
    found = reconcile(
        meters(("a", "x", 100, 1), ("b", "x", 101, 1), ("c", "x", 150, 1))
    )

    assert found.gross_errors["id"].tolist() == ["c"]
    assert found.value("x") == pytest.approx(100.5)
    assert found.gross_errors["residual"].iloc[0] == pytest.approx(33 / (2 / 3) ** 0.5)
    assert found.gross_errors["cannot_be_told_from"].iloc[0] == ""
    assert found.p_value_before < 1e-6
    assert found.p_value == pytest.approx(0.4795, abs=1e-4)  # chi-square 0.5, 1 dof
    assert found.adjusted_t == pytest.approx(1.0)


def test_two_meters_cannot_say_which_is_wrong() -> None:
    """100 +- 1 and 150 +- 5: alike in size; the less exact goes, and it is said."""
    found = reconcile(meters(("weighed", "x", 100, 1), ("declared", "x", 150, 5)))

    row = found.gross_errors.iloc[0]
    assert (row["id"], row["cannot_be_told_from"]) == ("declared", "weighed")
    assert found.value("x") == pytest.approx(100)


def test_errors_in_parts_that_do_not_touch_are_found_together() -> None:
    """Three meters on x and three on y, one bad in each."""
    found = reconcile(
        meters(
            ("x1", "x", 10, 1), ("x2", "x", 10, 1), ("x3", "x", 30, 1),
            ("y1", "y", 5, 1), ("y2", "y", 5, 1), ("y3", "y", -20, 1),
        )
    )  # fmt: skip

    assert set(found.gross_errors["id"]) == {"x3", "y3"}
    assert found.value("x") == pytest.approx(10)
    assert found.value("y") == pytest.approx(5)


@pytest.mark.parametrize(
    ("table", "word"),
    [
        (meters(("a", "x", 1, 0)), "'a'"),
        (meters(("a", "x", np.nan, 1)), "'a'"),
        (meters(("a", "x", 1, 1), ("a", "x", 2, 1)), "twice"),
        (meters(), "nothing"),
        (meters(("a", "x", 1, 1)).drop(columns="sd_t"), "sd_t"),
    ],
)
def test_unfit_measurements_are_named(table: pd.DataFrame, word: str) -> None:
    with pytest.raises(UnfitMeasurements, match=word):
        reconcile(table)


def test_bounds_that_contradict_the_balance_are_an_error() -> None:
    """In at most 10, but a at least 20."""
    with pytest.raises(UnfitMeasurements, match="cannot hold"):
        reconcile(
            meters(("i", "in", 10, 1)),
            SPLITTER,
            bounds={"in": (0, 10), "a": (20, 30)},
        )


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_balances_and_bounds_hold_and_nothing_fits_better(seed: int) -> None:
    """Against dense `lsq_linear` on the outs alone, the inflow being their sum."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 7))
    value = rng.normal(5, 6, n + 1)
    sd = rng.uniform(0.5, 3, n + 1)
    names = ["in", *(f"o{i}" for i in range(n))]
    table = meters(
        *((f"m{f}", f, v, s) for f, v, s in zip(names, value, sd, strict=True))
    )
    joined = node(("n", "in", 1), *(("n", f, -1) for f in names[1:]))
    found = reconcile(table, joined, eliminate=False)
    x = np.array([found.value(f) for f in names])

    assert x[0] == pytest.approx(x[1:].sum(), abs=1e-7)
    assert (x >= -1e-9).all()
    outs = np.vstack([np.ones(n), np.eye(n)]) / sd[:, None]
    best = lsq_linear(outs, value / sd, bounds=(0, np.inf), tol=1e-14)
    assert found.chi_square == pytest.approx(2 * best.cost, rel=1e-6, abs=1e-8)


def test_the_fall_back_finds_the_same() -> None:
    """The penalty method on the bounded splitter gives 11.5, 11.5, 0 as above."""
    problem = BalancedProblem(
        np.array([1.0, 1.0, 0.0]),
        np.array([10.0, 13.0, 0.0]),
        csr_matrix(np.array([[1.0, -1.0, -1.0]])),
        np.zeros(3),
        np.full(3, np.inf),
    )
    side, x = _penalised(problem)
    exact = solve_balanced(problem)

    assert side.tolist() == [0, 0, -1]
    assert x == pytest.approx([11.5, 11.5, 0.0], abs=1e-6)
    assert exact is not None
    assert exact.x == pytest.approx([11.5, 11.5, 0.0], abs=1e-9)
