"""Draws of uncertain numbers: strata, streams of their own, groups."""

import numpy as np
import pytest

from wasteplan.errors import WasteplanError
from wasteplan.scenario.sampling import METHODS, draw, sobol_dimensions
from wasteplan.scenario.uncertain import UncertainNumber


def number(row: str, group: str = "", **more) -> UncertainNumber:
    return UncertainNumber("prices", row, "value", 0.0, 1.0, 2.0, group=group, **more)


THREE = [number(row) for row in "abc"]


@pytest.mark.parametrize("method", METHODS)
def test_adding_a_number_shifts_none(method):
    before = draw(THREE, 32, seed=5, method=method)
    grown = [number("new"), THREE[0], number("between"), *THREE[1:], number("z")]
    after = draw(grown, 32, seed=5, method=method)
    for name in before.names:
        old = before.values[:, before.names.index(name)]
        new = after.values[:, after.names.index(name)]
        assert old.tolist() == new.tolist(), name


@pytest.mark.parametrize("method", METHODS)
def test_a_seed_is_a_draw(method):
    first = draw(THREE, 16, 1, method).values
    assert first.tolist() == draw(THREE, 16, 1, method).values.tolist()
    assert first.tolist() != draw(THREE, 16, 2, method).values.tolist()


def test_latin_hypercube_draws_every_stratum_once():
    n = 40
    quantiles = draw(THREE, n, seed=3).quantiles
    strata = np.sort(np.floor(quantiles * n), axis=0)
    assert (strata == np.arange(n)[:, None]).all()
    assert not np.allclose(quantiles[:, 0], quantiles[:, 1])


def test_sobol_fills_every_dyadic_stratum_of_each_factor():
    many = [number(f"n{i}") for i in range(50)]
    quantiles = draw(many, 64, seed=3, method="sobol").quantiles
    strata = np.sort(np.floor(quantiles * 64), axis=0)
    assert (strata == np.arange(64)[:, None]).all()


@pytest.mark.parametrize("method", ["sobol", "random"])
def test_more_samples_begin_with_the_same(method):
    few, many = (draw(THREE, n, 1, method).quantiles for n in (70, 200))
    assert many[:70].tolist() == few.tolist()


def test_sobol_beats_chance_on_a_sum_of_many():
    """The mean of a sum over 30 factors: the error of strata against that of chance."""
    many = [number(f"n{i}") for i in range(30)]
    errors = {
        method: np.mean(
            [
                abs(draw(many, 256, seed, method).quantiles.sum(axis=1).mean() - 15)
                for seed in range(10)
            ]
        )
        for method in METHODS
    }
    assert errors["sobol"] < errors["random"] / 20
    assert errors["latin_hypercube"] < errors["random"] / 20


def test_factors_are_not_correlated():
    many = [number(f"n{i}") for i in range(20)]
    for method in METHODS:
        seen = np.corrcoef(draw(many, 1024, 1, method).quantiles.T)
        assert np.abs(seen - np.eye(20)).max() < 0.15, method


def test_numbers_of_a_group_rise_together_and_fall_with_a_minus():
    pair = [number("a", "energy"), number("b", "energy"), number("c", "-energy")]
    found = draw(pair, 50, 1)
    assert found.factors == ("energy",)
    a, b, c = found.values.T
    assert a.tolist() == b.tolist()
    assert c == pytest.approx(2.0 - a)


def test_names_that_meet_get_dimensions_of_their_own():
    names = [f"name{i}" for i in range(2000)]  # by chance some 90 pairs meet
    places = sobol_dimensions(names)
    assert len(set(places.values())) == 2000
    moved = {n for n in names if sobol_dimensions([n])[n] != places[n]}
    assert 40 < len(moved) < 160


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(WasteplanError, match="method"):
        draw(THREE, 4, 1, "halton")
    with pytest.raises(WasteplanError, match="at least 1"):
        draw(THREE, 0, 1)
    with pytest.raises(WasteplanError, match="twice"):
        draw([*THREE, THREE[0]], 4, 1)


def test_values_stay_in_bounds_and_whole():
    wide = UncertainNumber(
        "t", "r", "c", 0.5, 1.0, 8.0, "log_normal", bounds=(0.0, 3.0), is_whole=True
    )
    assert set(draw([wide], 200, 1).values.ravel().tolist()) == {0.0, 1.0, 2.0, 3.0}
