"""Waste of those who report nothing, worked out by hand."""

import numpy as np
import pandas as pd
import pytest

from wasteplan.shipments.silent_generators import (
    Ratio,
    estimate_silent,
    silent_total,
)

REPORTING = pd.DataFrame(
    [("a", "mill", "msw", 10.0, 100.0), ("b", "mill", "msw", 40.0, 200.0),
     ("c", "mill", "msw", 40.0, 100.0), ("d", "zone", "msw", 5.0, 10.0)],
    columns=["generator", "generator_class", "stream", "waste_t_per_y", "driver"],
)  # fmt: skip


def silent(*rows: tuple[str, str, float]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["generator", "generator_class", "driver"])
    return table.assign(stream="msw")


def test_a_silent_mill() -> None:
    """Ratios 0.1, 0.2, 0.4: sum 90 / 400 = 0.225; 0.225 x 80 = 18 t.

    Logarithms are ln 2 = 0.6931 apart, so s = 0.6931; t(2 d.o.f.) = 4.3027;
    exp(4.3027 x 0.6931 x sqrt(4/3)) = exp(3.4438) = 31.30.
    """
    row = estimate_silent(REPORTING, silent(("x", "mill", 80.0))).iloc[0]

    assert row["waste_t_per_y"] == pytest.approx(18)
    assert row["high_t_per_y"] == pytest.approx(18 * 31.305, rel=1e-3)
    assert row["low_t_per_y"] == pytest.approx(18 / 31.305, rel=1e-3)
    assert (row["basis"], row["n_reporters"]) == ("reporters", 3)


def test_one_reporter_shows_no_class() -> None:
    """Without a ratio given there is no estimate; with one, that ratio."""
    rows = silent(("x", "zone", 20.0))
    none = estimate_silent(REPORTING, rows).iloc[0]
    assert none["basis"] == "none"
    assert np.isnan(none["waste_t_per_y"])

    given = {("zone", "msw"): Ratio(0.3, 0.1, 0.6)}
    row = estimate_silent(REPORTING, rows, given=given).iloc[0]
    assert row["basis"] == "given ratio"
    ends = [row["low_t_per_y"], row["waste_t_per_y"], row["high_t_per_y"]]
    assert ends == pytest.approx([2, 6, 12])


def test_an_unknown_driver_gives_no_estimate() -> None:
    row = estimate_silent(REPORTING, silent(("x", "mill", float("nan")))).iloc[0]
    assert np.isnan(row["waste_t_per_y"])
    assert row["basis"] == "none"


def test_the_sum_is_surer_than_its_parts() -> None:
    """40 mills of 10: 0.225 x 400 = 90 t; var / (s R)^2 = 40 x 100 + 400^2 / 3."""
    many = silent(*((f"x{i}", "mill", 10.0) for i in range(40)))
    row = silent_total(REPORTING, many).iloc[0]

    half = 4.302653 * np.log(2) * 0.225 * (4000 + 160_000 / 3) ** 0.5
    assert row["waste_t_per_y"] == pytest.approx(90)
    assert row["high_t_per_y"] == pytest.approx(90 + half, rel=1e-6)
    assert row["low_t_per_y"] == pytest.approx(max(90 - half, 0))
    single = estimate_silent(REPORTING, many)
    assert row["high_t_per_y"] < single["high_t_per_y"].sum()
