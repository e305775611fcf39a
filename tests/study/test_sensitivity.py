"""Indices and values of information against closed forms."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtri
from scipy.stats import norm

from wasteplan.errors import WasteplanError
from wasteplan.study import sensitivity
from wasteplan.study.conditional_means import conditional_mean, first_order_share
from wasteplan.study.information_value import information_value, partial_value
from wasteplan.study.sensitivity import (
    OTHERS,
    morris_design,
    morris_table,
    sobol_design,
    sobol_table,
)
from wasteplan.study.uncertainty_indices import screened_factors
from wasteplan.study.uncertainty_tables import noise_share


def ishigami(u: np.ndarray) -> np.ndarray:
    """sin x1 + 7 sin2 x2 + 0.1 x3^4 sin x1 on (-pi, pi)^3."""
    x = np.pi * (2 * u - 1)
    bent = 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + bent


def ishigami_indices() -> dict[str, tuple[float, float]]:
    """First order and total (Ishigami and Homma 1990), a = 7, b = 0.1."""
    a, b, pi = 7.0, 0.1, np.pi
    one = 0.5 * (1 + b * pi**4 / 5) ** 2
    two = a**2 / 8
    both = b**2 * pi**8 * (1 / 18 - 1 / 50)
    total = one + two + both
    return {
        "x1": (one / total, (one + both) / total),
        "x2": (two / total, two / total),
        "x3": (0.0, both / total),
    }


def test_sobol_indices_of_the_ishigami_function():
    design = sobol_design(["x1", "x2", "x3"], ["x1", "x2", "x3"], 1024, seed=1)
    assert len(design.quantiles) == 1024 * 5
    table = sobol_table(design, ishigami(design.quantiles))
    assert table["base"].unique().tolist() == [256, 512, 1024]
    last = table[table["base"] == 1024].set_index("factor")
    for name, (first, total) in ishigami_indices().items():
        assert last.loc[name, "first"] == pytest.approx(first, abs=0.04)
        assert last.loc[name, "total"] == pytest.approx(total, abs=0.04)
        assert abs(last.loc[name, "total"] - total) < 3 * last.loc[name, "total_width"]
    widths = table[table["factor"] == "x1"]["total_width"].tolist()
    assert widths[0] > widths[2]


def test_screening_finds_what_acts_through_others_alone():
    """Twenty numbers, three of them Ishigami's: the third explains nothing by itself,
    so samples would leave it out; Morris does not, and Sobol then tells what it does.
    """
    names = [f"x{k}" for k in range(1, 21)]
    design = morris_design(names, 20, seed=1)
    effects = morris_table(design, ishigami(design.quantiles)).assign(headline="y")

    leading = screened_factors(effects, 3)

    assert sorted(leading) == ["x1", "x2", "x3"]
    design = sobol_design(names, leading, 512, seed=1)
    assert len(design.quantiles) == 512 * (3 + 1 + 2)
    table = sobol_table(design, ishigami(design.quantiles))
    last = table[table["base"] == 512].set_index("factor")
    for name, (_, total) in ishigami_indices().items():
        assert last.loc[name, "total"] == pytest.approx(total, abs=0.06)
    assert last.loc[OTHERS, "total"] == pytest.approx(0.0, abs=1e-12)


def test_screening_looks_at_every_headline():
    """Effects of 3 and 4: 9/25 and 16/25; the small ones of other units count too."""
    rows = [("a", "p", 3.0), ("a", "q", 4.0), ("b", "r", 1e-6), ("b", "p", 0.0)]
    table = pd.DataFrame(rows, columns=["headline", "factor", "effect"])
    assert screened_factors(table, 3) == ["r", "q", "p"]
    none = table.assign(effect=0.0)
    assert screened_factors(none, 1) == ["p"]


def test_a_group_of_others_has_their_share_of_a_sum():
    """Variances 4, 1, 1, 1 over 7; the last two together 2/7."""
    design = sobol_design(["a", "b", "c", "d"], ["a", "b"], 512, seed=2)
    assert design.names == ("a", "b", OTHERS)
    y = design.quantiles @ np.array([2.0, 1.0, 1.0, 1.0])
    last = sobol_table(design, y).query("base == 512").set_index("factor")
    for name, share in {"a": 4 / 7, "b": 1 / 7, OTHERS: 2 / 7}.items():
        assert last.loc[name, "first"] == pytest.approx(share, abs=0.02)
        assert last.loc[name, "total"] == pytest.approx(share, abs=0.02)


def test_morris_effects_of_a_line_are_its_slopes():
    design = morris_design(["a", "b", "c"], 10, seed=1)
    assert design.quantiles.min() == pytest.approx(0.025)
    table = morris_table(design, design.quantiles @ np.array([1.0, -3.0, 0.0]))
    assert table["factor"].tolist() == ["b", "a", "c"]
    # a move over the grid, 0.025 to 0.975, is 0.95 of one from 0 to 1
    assert table["effect"].tolist() == pytest.approx([3 * 0.95, 0.95, 0.0], abs=1e-9)
    assert table["mean"].tolist() == pytest.approx([-3 * 0.95, 0.95, 0.0], abs=1e-9)
    assert table["spread"].tolist() == pytest.approx([0.0, 0.0, 0.0], abs=1e-9)


def test_a_constant_has_no_indices():
    design = sobol_design(["a", "b"], ["a"], 8, seed=1)
    table = sobol_table(design, np.ones(len(design.quantiles)))
    assert (table[["first", "total"]] == 0).all(axis=None)


def test_what_sobol_indices_need_is_said(monkeypatch):
    with pytest.raises(WasteplanError, match="power of 2"):
        sobol_design(["a"], ["a"], 100, seed=1)

    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(sensitivity, "import_module", missing)
    with pytest.raises(WasteplanError, match=r"wasteplan\[uq\]"):
        sobol_design(["a"], ["a"], 8, seed=1)


def test_given_data_indices_against_closed_forms():
    """Var(u^2) = 4/45 and Var(2 v) = 1/3; Ishigami's x1 and x3."""
    u = np.random.default_rng(3).random((4000, 3))
    y = u[:, 0] ** 2 + 2 * u[:, 1]
    total = 4 / 45 + 1 / 3
    shares = [first_order_share(u[:, i], y) for i in range(3)]
    assert shares == pytest.approx([4 / 45 / total, 1 / 3 / total, 0], abs=0.03)
    known = ishigami_indices()
    y = ishigami(u)
    assert first_order_share(u[:, 0], y) == pytest.approx(known["x1"][0], abs=0.03)
    assert first_order_share(u[:, 2], y) == pytest.approx(0.0, abs=0.01)


def test_one_number_is_worth_no_more_than_everything():
    """Plan b saves 1 where u < 0.2 and costs 0.001 more elsewhere: knowing everything
    saves 0.8 x 0.001.  A polynomial through the step alone would say 0.024.
    """
    u = (np.arange(1000) + 0.5) / 1000
    loss = np.column_stack([np.zeros(1000), np.where(u < 0.2, -1.0, 0.001)])

    known = information_value(loss, ["a", "b"], u[:, None], ["x"])

    assert known.perfect == pytest.approx(0.0008)
    row = known.factors.iloc[0]
    assert row["value"] == pytest.approx(0.0008)
    assert row["share"] == pytest.approx(1.0)
    assert row["low"] <= row["high"] < 0.001
    always = np.column_stack([np.zeros(1000), np.where(u < 0.2, -1.0, -0.001)])
    assert partial_value(u, always) == 0.0  # b is best whatever u


@pytest.mark.parametrize("unit", [1e-9, 1e9])
def test_the_unit_of_an_outcome_decides_no_index(unit):
    u = (np.arange(400) + 0.5) / 400
    y = u + 0.3 * np.sin(40 * u)

    assert first_order_share(u, unit * y) == pytest.approx(first_order_share(u, y))
    loss = np.column_stack([np.zeros(400), y - 0.5])
    assert partial_value(u, unit * loss) == pytest.approx(unit * partial_value(u, loss))
    assert partial_value(u, loss) > 0


def test_noise_stays_below_the_bound_of_noise():
    """Of 200 factors that explain nothing, the best is rarely above it."""
    above = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        u, y = rng.random((150, 200)), rng.standard_normal(150)
        best = max(first_order_share(u[:, i], y) for i in range(200))
        above += best > noise_share(150, 200)
    assert above <= 3


def test_a_conditional_mean_of_noise_is_mostly_flat():
    degrees = []
    for seed in range(50):
        rng = np.random.default_rng(seed)
        degrees.append(conditional_mean(rng.random(300), rng.standard_normal(300))[1])
    assert degrees.count(0) > 30


def unit_normal_loss(mean: float, spread: float) -> float:
    """E[max(0, X)] - max(0, E[X]) for X normal: what knowing X saves."""
    at = mean / spread
    return spread * norm.pdf(at) + mean * norm.cdf(at) - max(0.0, mean)


@pytest.mark.parametrize("mean", [0.0, 3.0])
def test_the_value_of_information_of_a_line_of_normals(mean):
    """Plan b saves mean + 4 z1 + 3 z2 against plan a; all else is common to both.

    Knowing z1 is a normal of spread 4, everything one of spread 5.
    """
    rng = np.random.default_rng(5)
    u = rng.random((4_000, 4))
    z = ndtri(u)
    common = 100 + 20 * z[:, 3]
    loss = np.column_stack([common, common - mean - 4 * z[:, 0] - 3 * z[:, 1]])
    names = ["one", "two", "none", "common"]
    found = information_value(loss, ["a", "b"], u, names, resamples=20)
    assert found.perfect == pytest.approx(unit_normal_loss(mean, 5.0), rel=0.05)
    values = dict(zip(found.factors["factor"], found.factors["value"], strict=True))
    assert values["one"] == pytest.approx(unit_normal_loss(mean, 4.0), rel=0.08)
    assert values["two"] == pytest.approx(unit_normal_loss(mean, 3.0), rel=0.12)
    for name in ("none", "common"):  # noise: 5 / sqrt(4000) = 0.08
        assert values.get(name, 0.0) < 0.16
    top = found.factors.iloc[0]
    assert top["low"] < unit_normal_loss(mean, 4.0) < top["high"]
    assert (top["below"], top["above"]) == ("a", "b")
    assert found.best == ("b" if mean else found.best)


def test_a_plan_that_is_always_better_leaves_nothing_to_learn():
    rng = np.random.default_rng(1)
    u = rng.random((500, 1))
    loss = np.column_stack([u[:, 0], u[:, 0] + 1.0])
    found = information_value(loss, ["a", "b"], u, ["x"])
    assert (found.best, found.perfect) == ("a", 0.0)
    assert found.factors.empty
    assert isinstance(found.factors, pd.DataFrame)
    assert partial_value(u[:, 0], loss) == 0.0


def test_one_plan_is_no_decision():
    with pytest.raises(WasteplanError, match="two or more plans"):
        information_value(np.ones((5, 1)), ["a"], np.ones((5, 1)), ["x"])
