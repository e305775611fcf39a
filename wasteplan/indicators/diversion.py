"""Away from landfill: one definition, and the rates that are printed beside it."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

WASTE_COLUMNS_READ = (
    "generated_t",
    "leaked_t",
    "landfilled_t",
    "residues_landfilled_t",
    "recycled_t",
    "recovered_t",
)
COMBUSTION_RESIDUES = "combustion_residues_landfilled_t"
"""Optional column: the part of `residues_landfilled_t` that combustion left."""

RATES = (
    "landfill_diversion_rate",
    "recycling_rate",
    "recovery_rate",
    "diversion_without_incineration",
    "residue_free_diversion",
)


def landfill_diversion_rate(
    *, generated_t: float, leaked_t: float, landfilled_t: float, residues_t: float
) -> float:
    """Share of generated solid waste kept out of landfill and leakage.  [-]

    1 - (leaked + untreated landfilled + residues landfilled) / generated

    Tonnes to outlets that count as landfill or leakage belong to `landfilled_t`,
    `residues_t` or `leaked_t`.  NaN when nothing is generated.

    Parameters
    ----------
    generated_t
        Solid waste generated in the planning area, as received.  [t]
    leaked_t
        To fates that count as leakage.  [t]
    landfilled_t
        Untreated waste to landfill or dump.  [t]
    residues_t
        Residues landfilled anywhere downstream.  [t]

    >>> round(landfill_diversion_rate(
    ...     generated_t=100.0, leaked_t=10.0, landfilled_t=25.0, residues_t=5.0), 3)
    0.6
    """
    if generated_t <= 0:
        return float("nan")
    return 1.0 - (leaked_t + landfilled_t + residues_t) / generated_t


def rates_of_all(waste: pd.DataFrame) -> dict[str, float]:
    """The rates of a whole waste table as `diversion_rates` defines them.  [-]

    NaN when nothing is generated.

    Parameters
    ----------
    waste
        See `diversion_rates`.
    """
    sums = {name: float(waste[name].to_numpy().sum()) for name in _columns_of(waste)}
    generated = sums["generated_t"] if sums["generated_t"] > 0 else math.nan
    untreated = sums["leaked_t"] + sums["landfilled_t"]
    residues = sums["residues_landfilled_t"]
    of_combustion = sums.get(COMBUSTION_RESIDUES, 0.0)
    not_diverted = untreated + residues + sums["recovered_t"] - of_combustion
    return {
        "landfill_diversion_rate": 1 - (untreated + residues) / generated,
        "recycling_rate": sums["recycled_t"] / generated,
        "recovery_rate": sums["recovered_t"] / generated,
        "diversion_without_incineration": 1 - not_diverted / generated,
        "residue_free_diversion": 1 - untreated / generated,
    }


def _columns_of(waste: pd.DataFrame) -> list[str]:
    has = COMBUSTION_RESIDUES in waste
    return [*WASTE_COLUMNS_READ, *([COMBUSTION_RESIDUES] if has else [])]


def diversion_rates(waste: pd.DataFrame, by: Sequence[str] = ()) -> pd.DataFrame:
    """All rates of a waste table, by period, region, stream or altogether.

    `recycling_rate` is the output of final recyclers and buyers, `recovery_rate` what
    goes into combustion or co-processing, both over generated.
    `diversion_without_incineration` counts the latter as not diverted; the residues of
    combustion are then part of those tonnes and not counted again when the table has
    the column `combustion_residues_landfilled_t` (without it they are, and the rate is
    a lower bound).  `residue_free_diversion` leaves all residues out.

    Parameters
    ----------
    waste
        One row per period, region and stream with the columns generated_t, leaked_t,
        landfilled_t, residues_landfilled_t, recycled_t, recovered_t.  [t/y]
    by
        Columns to group by; none for one row of everything.

    Returns
    -------
    DataFrame
        The grouping columns (index) and the columns `RATES`.  [-]
    """
    if not by:
        return pd.DataFrame([rates_of_all(waste)])
    columns = _columns_of(waste)
    sums = waste.groupby(list(by), sort=False)[columns].sum()
    generated = sums["generated_t"].where(sums["generated_t"] > 0)
    untreated = sums["leaked_t"] + sums["landfilled_t"]
    residues = sums["residues_landfilled_t"]
    of_combustion = sums.get(COMBUSTION_RESIDUES, 0.0)
    not_diverted = untreated + residues + sums["recovered_t"] - of_combustion
    return pd.DataFrame(
        {
            "landfill_diversion_rate": 1 - (untreated + residues) / generated,
            "recycling_rate": sums["recycled_t"] / generated,
            "recovery_rate": sums["recovered_t"] / generated,
            "diversion_without_incineration": 1 - not_diverted / generated,
            "residue_free_diversion": 1 - untreated / generated,
        }
    )
