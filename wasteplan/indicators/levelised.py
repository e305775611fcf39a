"""Cost per tonne, gross cost, and how much of a sum rests on weak numbers."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from wasteplan.units import WEAK_STATUSES


def levelised_cost_per_t(
    cost_present_value: float,
    tonnes: Mapping[int, float],
    *,
    rate: float,
    base_year: int,
) -> float:
    """Present value of cost over present value of tonnes.  [money/t]

    LC = sum_y c_y d_y / sum_y t_y d_y, with d_y = (1 + r)^-(y - base year)

    Parameters
    ----------
    cost_present_value
        In money of the base year.  [money]
    tonnes
        Tonnes by calendar year.  [t/y]
    rate
        Discount rate, real.  [1/y]
    base_year
        [year]

    100 a year for two years and 10 t a year are 10 per tonne at any rate:

    >>> cost = 100 / 1.1 + 100 / 1.21
    >>> tonnes = {2031: 10.0, 2032: 10.0}
    >>> round(levelised_cost_per_t(cost, tonnes, rate=0.1, base_year=2030), 9)
    10.0
    """
    present_t = sum(
        t * (1.0 + rate) ** -(year - base_year) for year, t in tonnes.items()
    )
    return cost_present_value / present_t if present_t > 0 else float("nan")


def gross_cost_present_value(costs: pd.DataFrame) -> float:
    """Present value of all costs before sales.  [money]

    Parameters
    ----------
    costs
        Column present_value: cost positive, revenue negative.
    """
    values = costs["present_value"]
    return float(values[values > 0].sum())


def share_on_assumption(table: pd.DataFrame, column: str) -> float:
    """Share of a sum of magnitudes whose status is memory or assumption.  [-]

    Costs and sales, or emissions and credits, count by their size, so that a large
    assumed credit cannot hide a large assumed burden.  A row without a status counts
    as assumption.  NaN for an empty sum.

    Parameters
    ----------
    table
        Columns status and `column`.
    column
        What is summed: present_value, kg_co2e.
    """
    size = table[column].abs()
    total = float(size.sum())
    status = table["status"].fillna("").astype(str)
    is_weak = status.isin(WEAK_STATUSES) | (status == "")
    return float(size[is_weak].sum()) / total if total > 0 else float("nan")
