"""Where the best option changes, against crossings known in closed form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wasteplan.study.ranking import best, switch_values


def test_three_lines_cross_where_they_should() -> None:
    """x, 1 + x/4 and 2: the first leads to 4/3, the second to 4, then the third."""
    options = {"a": lambda x: x, "b": lambda x: 1 + x / 4, "c": lambda x: 2.0}
    found = switch_values(options, 0.0, 8.0)
    assert [s.best_after for s in found] == ["b", "c"]
    assert [s.value for s in found] == pytest.approx([4 / 3, 4.0], abs=1e-5)


def test_a_third_option_that_leads_between_two_points_is_found() -> None:
    """Of 0..8 in steps of 1: b leads from 3.2 to 3.8 only."""
    options = {
        "a": lambda x: x,
        "b": lambda x: 3.1 + abs(x - 3.5) / 10,
        "c": lambda x: 7.0 - x,
    }
    found = switch_values(options, 0.0, 8.0)
    assert [s.best_after for s in found] == ["b", "c"]


def test_the_best_of_all_never_switches() -> None:
    assert switch_values({"a": lambda x: x, "b": lambda x: x + 1}, 0, 1) == ()


@given(st.floats(-5, 5), st.floats(0.1, 5), st.floats(-5, 5), st.floats(-5, -0.1))
def test_two_lines(a: float, rise: float, b: float, fall: float) -> None:
    """a + rise x and b + fall x cross at (b - a) / (rise - fall)."""
    crossing = (b - a) / (rise - fall)
    options = {"up": lambda x: a + rise * x, "down": lambda x: b + fall * x}
    found = switch_values(options, -10.0, 10.0)
    if -9.99 < crossing < 9.99:
        assert [s.best_after for s in found] == ["down"]
        assert found[0].value == pytest.approx(crossing, abs=1e-4)
    assert best(options, -10.0) == ("up" if crossing > -10 else "down")
