"""What treatment plants must be fed, against what is left when more is recycled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

LOCK_IN_COLUMNS = {
    "year": "calendar year",
    "intake_t": "into plants with a minimum load or a contract, as planned [t/y]",
    "committed_t": "what they must take: the larger of minimum load and put-or-pay "
    "tonnes, plant by plant [t/y]",
    "generated_t": "solid waste generated [t/y]",
    "recycling_rate": "of the plan [-]",
    "asked_rate": "recycling rate that is asked for; NaN if none is [-]",
    "left_t": "intake left if the rate asked for is met from what plants take [t/y]",
    "short_t": "committed less left; 0 if there is enough [t/y]",
    "highest_rate": "recycling rate at which what is left is just what is committed "
    "[-]",
}


def lock_in(
    years: Sequence[int],
    intake_t: Sequence[float],
    committed_t: Sequence[float],
    generated_t: Sequence[float],
    recycled_t: Sequence[float],
    asked_rate: Mapping[int, float],
) -> pd.DataFrame:
    """By year, whether commitments to plants leave room for recycling.

    left = intake - max(0, asked x generated - recycled): the worst case, in which all
    that is recycled beyond the plan would have gone to these plants;
    highest rate = (recycled + intake - committed) / generated.

    Parameters
    ----------
    years
        Calendar years; the other sequences have one value for each.  [t/y]
    asked_rate
        Year -> recycling rate asked for; years without one are left out.  [-]

    Returns
    -------
    DataFrame
        `LOCK_IN_COLUMNS`.

    Examples
    --------
    100 kt/y, of which 20 are recycled and 60 burned; lines must burn 50:

    >>> found = lock_in([2030], [60e3], [50e3], [100e3], [20e3], {2030: 0.4})
    >>> found[["left_t", "short_t", "highest_rate"]].to_numpy().tolist()
    [[40000.0, 10000.0, 0.3]]
    """
    intake, committed, generated, recycled = (
        np.asarray(x, dtype=float)
        for x in (intake_t, committed_t, generated_t, recycled_t)
    )
    asked = np.array([asked_rate.get(year, np.nan) for year in years])
    more = np.fmax(0.0, np.nan_to_num(asked) * generated - recycled)
    left = np.maximum(0.0, intake - more)
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = recycled / generated
        highest = (recycled + intake - committed) / generated
    columns = (years, intake, committed, generated, rate, asked, left)
    short = np.maximum(0.0, committed - left)
    return pd.DataFrame(
        dict(zip(LOCK_IN_COLUMNS, (*columns, short, highest), strict=True))
    )
