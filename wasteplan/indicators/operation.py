"""Jobs, traffic, energy and landfill life, from the tables of an evaluation."""

from __future__ import annotations

import math

import pandas as pd


def jobs(facilities: pd.DataFrame, period: str) -> float:
    """Full-time equivalents at facilities in a period.  [FTE]

    Parameters
    ----------
    facilities
        Columns period, jobs.
    period
        Period id.
    """
    return _sum(facilities, period, "jobs")


def electricity_mwh_per_y(facilities: pd.DataFrame, period: str) -> float:
    """Net electricity of all facilities in a period's last year.  [MWh/y]

    Parameters
    ----------
    facilities
        Columns period, electricity_mwh_per_y (export positive, use negative).
    period
        Period id.
    """
    return _sum(facilities, period, "electricity_mwh_per_y")


def truck_km_per_y(flows: pd.DataFrame, period: str) -> float:
    """Truck-kilometres of all hauls, both ways, in a period's last year.  [km/y]

    Parameters
    ----------
    flows
        Columns period, truck_km_per_y; NaN for fates, which nobody hauls.
    period
        Period id.
    """
    return _sum(flows, period, "truck_km_per_y")


def airspace_left_m3(facilities: pd.DataFrame, period: str) -> float:
    """Landfill volume left at the end of a period; NaN without a landfill.  [m3]

    Parameters
    ----------
    facilities
        Columns period, airspace_left_m3 (NaN where it is no landfill).
    period
        Period id.
    """
    left = facilities.loc[facilities["period"] == period, "airspace_left_m3"].dropna()
    return float(left.sum()) if len(left) else float("nan")


def airspace_years(facilities: pd.DataFrame, period: str) -> float:
    """Years that the airspace left lasts at the use of the period's last year.  [y]

    Parameters
    ----------
    facilities
        Columns period, airspace_left_m3 and airspace_m3_per_y (use of the last year;
        NaN where it is no landfill).
    period
        Period id.

    Returns
    -------
    float
        Infinite when no airspace is used, NaN without a landfill.
    """
    left_m3 = airspace_left_m3(facilities, period)
    use_m3_per_y = _sum(facilities, period, "airspace_m3_per_y")
    if math.isnan(left_m3):
        return left_m3
    left_m3 = max(left_m3, 0.0)  # a landfill past its volume has no years left
    return left_m3 / use_m3_per_y if use_m3_per_y > 0 else float("inf")


def _sum(table: pd.DataFrame, period: str, column: str) -> float:
    return float(table.loc[table["period"] == period, column].sum())
