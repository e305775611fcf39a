"""Losses carried forward, against a ledger of losses kept by year."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wasteplan.finance.taxation import taxable_profit


def by_ledger(profits: list[float], years: int) -> list[float]:
    """Each loss is a line of its own; the oldest that has not lapsed is used first."""
    losses: dict[int, float] = {}
    taxed = []
    for y, profit in enumerate(profits):
        left = max(profit, 0.0)
        for born in sorted(losses):
            if y - born <= years:
                used = min(left, losses[born])
                losses[born] -= used
                left -= used
        losses[y] = max(-profit, 0.0)
        taxed.append(left)
    return taxed


@given(
    profits=st.lists(st.integers(-50, 50), min_size=1, max_size=15),
    years=st.integers(1, 6),
)
def test_losses_are_used_oldest_first_and_lapse(profits, years):
    found = taxable_profit(np.array(profits, float), years)
    assert found.tolist() == pytest.approx(by_ledger([*map(float, profits)], years))


def test_without_carry_forward_every_profit_is_taxed():
    assert taxable_profit(np.array([-9.0, 4.0])).tolist() == [0.0, 4.0]


def test_draws_of_chance_do_not_share_losses():
    both = taxable_profit(np.array([[-10.0, 30.0], [-40.0, 30.0]]), 3)
    assert both.tolist() == [[0.0, 20.0], [0.0, 0.0]]
