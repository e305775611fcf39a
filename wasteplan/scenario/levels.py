"""What the level of a target can be."""

from __future__ import annotations

import math

from wasteplan.scenario.records import INFORMAL_METRICS, RATE_METRICS, SHARE_METRICS

WITHIN_ONE = (
    *RATE_METRICS,
    *SHARE_METRICS,
    "site_score",
    "diversion_rate_lowest",
    "collected_rate_lowest",
)
"""Metrics from 0 to 1."""
NOT_BELOW_0 = ("capex", "jobs", *INFORMAL_METRICS)


def wrong_level(metric: str, level: float) -> str:
    """What is wrong with a level of a metric; empty if nothing is.

    >>> wrong_level("recycling_rate", 90.0)
    '90 is not between 0 and 1 (shares, not percent)'
    >>> wrong_level("capex", 90.0)
    ''
    """
    if not math.isfinite(level):
        return f"{level:g} is no number"
    if metric in WITHIN_ONE and not 0 <= level <= 1:
        return f"{level:g} is not between 0 and 1 (shares, not percent)"
    if metric in NOT_BELOW_0 and level < 0:
        return f"{level:g} is below 0"
    return ""
