"""Correlated draws within ranges."""

import numpy as np
import pytest

from wasteplan.finance.chance import (
    Driver,
    convergence,
    correlated_draws,
    group_correlations,
    triangular_quantile,
)

TWO = (Driver("a", 0.8, 1.0, 1.3), Driver("b", 0.5, 1.0, 1.1))


def drawn(strength: float, draws: int = 20_000, seed: int = 3) -> dict[str, np.ndarray]:
    links = group_correlations(["a", "b"], [["a", "b"]], strength).to_numpy()
    return correlated_draws(TWO, links, draws=draws, seed=seed)


def test_each_driver_is_triangular():
    """Mean (0.8 + 1 + 1.3) / 3; variance (a2+b2+c2-ab-ac-bc)/18 = 0.63/18/..."""
    a = drawn(0.5)["a"]
    assert a.min() >= 0.8
    assert a.max() <= 1.3
    assert a.mean() == pytest.approx(3.1 / 3, abs=0.003)
    squares = 0.8**2 + 1 + 1.3**2 - 0.8 - 0.8 * 1.3 - 1.3
    assert a.var() == pytest.approx(squares / 18, rel=0.03)


def test_drivers_move_together_as_asked():
    for strength in (0.0, 0.6):
        a, b = drawn(strength).values()
        assert np.corrcoef(a, b)[0, 1] == pytest.approx(strength, abs=0.03)


def test_the_same_seed_is_the_same_chance_and_more_draws_begin_alike():
    assert drawn(0.5, 100)["a"].tolist() == drawn(0.5, 200)["a"][:100].tolist()
    assert drawn(0.5, 100)["a"].tolist() != drawn(0.5, 100, seed=4)["a"].tolist()


def test_correlations_that_contradict_each_other():
    """A with B and C, B against C: impossible at 0.9."""
    links = np.array([[1, 0.9, 0.9], [0.9, 1, -0.9], [0.9, -0.9, 1]])
    three = [Driver(n, 0, 1, 2) for n in "abc"]
    with pytest.raises(ValueError, match="contradict each other"):
        correlated_draws(three, links, draws=10, seed=1)


def test_a_driver_holds_its_plan():
    with pytest.raises(ValueError, match=r"capex: 1 is not within 1.1 to 1.3"):
        Driver("capex", 1.1, 1.0, 1.3)


def test_a_driver_without_width_does_not_move():
    assert triangular_quantile(np.array([0.1, 0.9]), 1, 1, 1).tolist() == [1, 1]


def test_convergence_shrinks_with_the_root_of_draws():
    values = np.random.default_rng(1).standard_normal(10_000)
    table = convergence(values)
    assert table["draws"].tolist() == list(range(1000, 10_001, 1000))
    ratio = table["standard_error"].iloc[0] / table["standard_error"].iloc[-1]
    assert ratio == pytest.approx(10**0.5, rel=0.05)
    assert table["probability_npv_below_0"].iloc[-1] == (values < 0).mean()
