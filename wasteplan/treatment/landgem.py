"""The US EPA's landfill gas model: one rate and one potential for all waste."""

from __future__ import annotations

import numpy as np

LANDGEM = {
    "landgem_caa": "CAA conventional",
    "landgem_caa_arid": "CAA arid",
    "landgem_inventory": "inventory conventional",
    "landgem_inventory_arid": "inventory arid",
    "landgem_wet": "inventory wet (bioreactor)",
}
"""Sets of the US EPA's model: one rate and one potential for all waste."""
LANDGEM_STEPS_PER_YEAR = 10


def landgem_methane_m3_per_y(
    accepted_t_per_y: float,
    accepting_years: int,
    rate_per_y: float,
    potential_m3_per_t: float,
    year: int,
) -> float:
    """Methane of a landfill with constant acceptance, years after opening.  [m3/y]

    Q = sum_i sum_j k L0 (M_i / 10) exp(-k t_ij), ten parts a year, first gas one year
    after acceptance; US EPA (2005), LandGEM version 3.02 user guide, EPA-600/R-05/047.

    Parameters
    ----------
    accepted_t_per_y
        Waste accepted in each year.  [t/y]
    accepting_years
        Years in which waste comes in.  [y]
    rate_per_y, potential_m3_per_t
        k and L0.  [1/y], [m3 CH4/t]
    year
        Years after opening.  [y]

    >>> round(landgem_methane_m3_per_y(100_000, 10, 0.05, 170.0, 1), 1)
    827028.8
    """
    parts = np.arange(1, LANDGEM_STEPS_PER_YEAR + 1) / LANDGEM_STEPS_PER_YEAR
    started = np.arange(min(accepting_years, year))
    ages = (year - 1 - started)[:, None] + parts[None, :]
    mass = accepted_t_per_y / LANDGEM_STEPS_PER_YEAR
    rate = rate_per_y * potential_m3_per_t * mass
    return float(rate * np.exp(-rate_per_y * ages).sum())
