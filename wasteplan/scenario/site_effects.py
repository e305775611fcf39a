"""What a site means to those around it: people beside it, and how well it suits."""

from __future__ import annotations

import math

import numpy as np

from wasteplan.network.great_circle import great_circle_km
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.remembering import remembered

PEOPLE = "people_affected"
"""The criterion of `site_criteria` that counts those who live beside a site."""
EFFLUENT = "effluent"


@remembered
def people_affected(scenario: Scenario) -> dict[str, float]:
    """Site -> people beside it; NaN where nobody knows.  [persons]

    The value of the criterion `people_affected`; else, with `[solve]
    exposure_radius_km`, the population of the generators no farther than that by great
    circle.  A generator is a point: it counts whole or not at all.
    """
    stated = {c.site: c.value for c in scenario.site_criteria if c.criterion == PEOPLE}
    radius_km = scenario.settings.solve.exposure_radius_km
    towns = [g for g in scenario.generators if g.population]
    is_placed = all(g.lon is not None and g.lat is not None for g in towns)
    lon = np.array([g.lon for g in towns], dtype=float)
    lat = np.array([g.lat for g in towns], dtype=float)
    people = np.array([g.population for g in towns], dtype=float)
    found = {}
    for site in scenario.sites:
        found[site.id] = stated.get(site.id, math.nan)
        if site.id in stated or radius_km is None or not is_placed:
            continue
        if site.lon is not None and site.lat is not None:
            near = great_circle_km(lon, lat, site.lon, site.lat) <= radius_km
            found[site.id] = float(people[near].sum())
    return found


@remembered
def site_scores(scenario: Scenario) -> dict[str, float]:
    """Site -> score from 0 (worst) to 1 (best); empty without weighted criteria.  [-]

    The weighted linear combination of multi-criteria siting (Malczewski 1999, GIS and
    Multicriteria Decision Analysis, Wiley, ch. 4 and 6):

    score = sum(weight x share) / sum(weight),
    share = (value - worst) / (best - worst), cut off at 0 and 1.
    """
    sums: dict[str, float] = {}
    total: dict[str, float] = {}
    for c in scenario.site_criteria:
        if c.kind != "score" or not c.weight:
            continue
        share = scaled(c.value, c.worst or 0.0, 1.0 if c.best is None else c.best)
        sums[c.site] = sums.get(c.site, 0.0) + c.weight * share
        total[c.site] = total.get(c.site, 0.0) + c.weight
    return {site: sums[site] / total[site] for site in sums}


def scaled(value: float, worst: float, best: float) -> float:
    """Where a value lies between the worst, 0, and the best, 1.  [-]

    The worst may be the larger number:

    >>> scaled(3.0, worst=5.0, best=1.0), scaled(9.0, worst=5.0, best=1.0)
    (0.5, 0.0)
    """
    return min(1.0, max(0.0, (value - worst) / (best - worst)))


def hosts(scenario: Scenario, technology: str) -> bool:
    """Whether plants of a technology count as a burden on those beside their site.

    All but effluent, which is a ledger of its own.  Centres and outlets stand on no
    site and do not count.
    """
    row = scenario.technology.get(technology)
    return row is not None and row.kind != EFFLUENT
