"""Quantiles against closed forms."""

import numpy as np
import pytest
from scipy import stats

from wasteplan.distributions import (
    discrete_quantile,
    log_normal_quantile,
    pert_quantile,
    triangular_quantile,
    uniform_quantile,
)

SHARES = (np.arange(200_000) + 0.5) / 200_000  # the midpoint rule integrates over u


def test_pert_has_its_mean_and_variance():
    """Mean (a + 4m + b)/6 = (2 + 12 + 10)/6 = 4; variance (mean-a)(b-mean)/7 = 12/7."""
    values = pert_quantile(SHARES, 2.0, 3.0, 10.0)
    assert values.mean() == pytest.approx(4.0, rel=1e-6)
    assert values.var() == pytest.approx(12 / 7, rel=1e-4)


def test_triangular_has_its_mean_and_variance():
    """Mean (2+3+10)/3 = 5; variance (4+9+100-6-20-30)/18 = 57/18."""
    values = triangular_quantile(SHARES, 2.0, 3.0, 10.0)
    assert values.mean() == pytest.approx(5.0, rel=1e-6)
    assert values.var() == pytest.approx(57 / 18, rel=1e-4)


def test_log_normal_quantiles_are_low_and_high():
    """Median sqrt(3 x 48) = 12; against scipy with s = ln(16) / (2 x 1.959964)."""
    found = log_normal_quantile(np.array([0.025, 0.3, 0.5, 0.975]), 3.0, 48.0)
    spread = np.log(16.0) / (2 * 1.959963984540054)
    known = stats.lognorm(s=spread, scale=12.0).ppf([0.025, 0.3, 0.5, 0.975])
    assert found == pytest.approx(known, rel=1e-12)
    assert found[[0, 2, 3]] == pytest.approx([3.0, 12.0, 48.0], rel=1e-12)


def test_a_log_normal_number_is_above_zero():
    with pytest.raises(ValueError, match="above 0"):
        log_normal_quantile(SHARES, 0.0, 1.0)


def test_discrete_values_come_by_their_weights():
    values = discrete_quantile(SHARES, [7.0, 1.0, 3.0], [1.0, 2.0, 1.0])
    assert [float((values == v).mean()) for v in (7.0, 1.0, 3.0)] == [0.25, 0.5, 0.25]
    assert discrete_quantile(np.array([1.0]), [7.0, 1.0], [1.0, 1.0]).tolist() == [7.0]


def test_discrete_values_of_one_group_rise_together_in_whatever_order_they_stand():
    """Sixteenths: 1 up to 1/4, 3 up to 1/2, 7 above; whatever is written first."""
    share = np.arange(16) / 16
    for order in ([7.0, 1.0, 3.0], [1.0, 3.0, 7.0], [3.0, 7.0, 1.0]):
        weights = [{7.0: 2.0, 1.0: 1.0, 3.0: 1.0}[v] for v in order]
        found = discrete_quantile(share, order, weights)
        assert found.tolist() == [1.0] * 4 + [3.0] * 4 + [7.0] * 8


def test_a_range_without_width_is_its_value():
    for quantile in (triangular_quantile, pert_quantile):
        assert quantile(np.array([0.1, 0.9]), 1.0, 1.0, 1.0).tolist() == [1.0, 1.0]
    assert uniform_quantile(np.array([0.1, 0.9]), 1.0, 1.0).tolist() == [1.0, 1.0]
