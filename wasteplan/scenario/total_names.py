"""The names of what can be added up over all years, for settings and targets."""

from __future__ import annotations

from typing import Literal

TotalName = Literal[
    "cost_total",
    "co2e_total_t",
    "co2e_direct_total_t",
    "landfilled_total_t",
    "jobs_total",
    "exposure_total",
    "exposure_largest_total",
    "unsuited_total_t",
    "hosted_largest_total_t",
    "diversion_rate_lowest",
    "collected_rate_lowest",
]
