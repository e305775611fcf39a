"""Tonnes from reported quantities, against exact definitions of the units."""

import numpy as np
import pandas as pd
import pytest

from wasteplan.shipments.quantities import UNITS, tonnes, tonnes_of_columns


def test_masses_by_their_definitions() -> None:
    """2000 lb make a short ton; a short ton is 907.18474 kg."""
    assert tonnes(2000, "lb") == pytest.approx(0.90718474, rel=1e-12)
    assert tonnes(1, "short_ton") == pytest.approx(0.90718474, rel=1e-12)
    assert tonnes(250_000, "g") == 0.25
    assert tonnes(3, "t") == 3


def test_volumes_by_their_definitions() -> None:
    """A cubic yard has 27 cubic feet of 0.3048 m a side; 264.172 gallons fill 1 m3."""
    assert tonnes(1, "yd3", 1000) == pytest.approx(27 * 0.3048**3, rel=1e-12)
    assert tonnes(264.1720523581484, "us_gal", 1000) == pytest.approx(1.0, rel=1e-12)
    assert tonnes(500, "l", 800) == pytest.approx(0.4)


def test_a_volume_without_density_has_no_mass() -> None:
    """Unknown stays unknown; it is never zero."""
    assert np.isnan(tonnes(12, "m3"))
    with pytest.raises(KeyError):
        tonnes(1, "bushel")


def test_columns_agree_with_single_values() -> None:
    """One row a unit, once with and once without density, and one without a unit."""
    unit = pd.Categorical([*UNITS, *UNITS, None])
    density = np.array([700.0] * len(UNITS) + [np.nan] * (len(UNITS) + 1))
    found = tonnes_of_columns(np.full(len(unit), 7.0), unit, density)
    expected = [tonnes(7, u, 700) for u in UNITS]
    expected += [tonnes(7, u) for u in UNITS] + [np.nan]
    np.testing.assert_allclose(found, expected, rtol=1e-12)
