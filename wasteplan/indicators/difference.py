"""Everything against the status quo."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from wasteplan.indicators.catalogue import INDICATORS


def differences(
    values: Mapping[str, float], baseline: Mapping[str, float]
) -> pd.DataFrame:
    """Indicators of a plan beside those of another, usually the status quo.

    Parameters
    ----------
    values, baseline
        Value by indicator id; ids that only one side has, or that the catalogue does
        not know, are left out.

    Returns
    -------
    DataFrame
        In the order of the catalogue: id, label, unit, value, baseline, difference,
        relative (NaN at a baseline of 0) and verdict (`better`, `worse`, `same`, or
        empty where no direction is better).
    """
    rows = []
    for known in INDICATORS:
        if known.id not in values or known.id not in baseline:
            continue
        value, before = values[known.id], baseline[known.id]
        change = value - before
        rows.append(
            {
                "id": known.id,
                "label": known.label,
                "unit": known.unit,
                "value": value,
                "baseline": before,
                "difference": change,
                "relative": change / abs(before) if before else float("nan"),
                "verdict": _verdict(change, known.better),
            }
        )
    return pd.DataFrame(rows)


def abatement_cost_per_t_co2e(
    *,
    cost: float,
    baseline_cost: float,
    co2e_t: float,
    baseline_co2e_t: float,
) -> float:
    """Added cost of a tonne of greenhouse gas avoided.  [money/t CO2e]

    (C - C_0) / (E_0 - E), with C in present value and E undiscounted over the same
    years.  Negative: it saves money too.  NaN when nothing is avoided, because the
    ratio then has no meaning.

    Parameters
    ----------
    cost, baseline_cost
        Present value over the horizon.  [money]
    co2e_t, baseline_co2e_t
        Over the horizon.  [t CO2e]

    >>> abatement_cost_per_t_co2e(
    ...     cost=120.0, baseline_cost=100.0, co2e_t=6.0, baseline_co2e_t=10.0)
    5.0
    """
    avoided_t = baseline_co2e_t - co2e_t
    return (cost - baseline_cost) / avoided_t if avoided_t > 0 else float("nan")


def _verdict(change: float, better: str) -> str:
    if not better or math.isnan(change):
        return ""
    if change == 0:
        return "same"
    return "better" if (change < 0) == (better == "less") else "worse"
