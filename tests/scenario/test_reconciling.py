"""Tonnages beside independent figures, by hand."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "optimize"))

from networks import CompositionShare, Fraction, two_generators

from wasteplan.scenario.reconciling import compared
from wasteplan.scenario.records import Estimate


def case(**estimate):
    """80 kt/y, 30 % of it cotton and 20 % wool, both kinds of cloth."""
    return two_generators(
        fractions=(
            Fraction(id="stuff"),
            Fraction(id="cloth"),
            Fraction(id="cotton", parent="cloth"),
            Fraction(id="wool", parent="cloth"),
        ),
        composition=tuple(
            CompositionShare(stream="mixed", fraction=f, share=s)
            for f, s in (("stuff", 0.5), ("cotton", 0.3), ("wool", 0.2))
        ),
        estimates=(Estimate(id="e", name="Somebody's figure", year=2024, **estimate),),
    )


def test_a_fraction_counts_with_its_kinds():
    """(0.3 + 0.2) x 80,000 = 40,000 t/y."""
    (found,) = compared(
        case(fraction="cloth", low_t_per_y=1.0, central_t_per_y=2.0, high_t_per_y=5e4)
    )

    assert found.waste_t_per_y == pytest.approx(40_000)
    assert found.verdict == "within its range"


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (90_000.0, 99_000.0, "below its range"),
        (1.0, 70_000.0, "above its range"),
        (1.0, None, "its range is unknown"),
    ],
)
def test_the_verdict_follows_the_range(low, high, verdict):
    (found,) = compared(
        case(central_t_per_y=75_000.0, low_t_per_y=low, high_t_per_y=high)
    )

    assert found.waste_t_per_y == pytest.approx(80_000)
    assert found.verdict == verdict
    assert verdict in str(found)
