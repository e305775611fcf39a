"""What plants mean to people: jobs, exposure, sites that suit badly."""

from __future__ import annotations

import math

import numpy as np
import pyomo.environ as pyo

from wasteplan.errors import WasteplanError
from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.decisions import Term, opened, slack
from wasteplan.optimize.targets import rows_of_metric
from wasteplan.scenario.site_effects import hosts, people_affected, site_scores
from wasteplan.superstructure.model import CENTRE, OUTLET, Floats

THOUSAND = 1e-3


def jobs_floor(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """Jobs at plants and centres in the last year of a period >= a floor.  [FTE]

    sum over what they take of (FTE per kt/y) x kt/y.
    """
    rows = rows_of_metric(data, ("jobs",))
    per_kt = jobs_per_kt(data) if rows else np.zeros(0)

    def limit(m: pyo.ConcreteModel, k: int) -> object:
        target, t, _, least = rows[k]
        there = sum(
            float(per_kt[p]) * m.throughput[f, t]
            for f, p in enumerate(data.s.feeds.plant)
            if per_kt[p] > 0
        )
        room = slack(m, data, "jobs_floor", target.id, t, abs(least))
        return there + m.nothing + room >= least

    m.jobs_floor = pyo.Constraint(range(len(rows)), rule=limit)


def suitable_sites(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """Nothing new opens at a site with too low a score: opened <= 0.  [-]"""
    scores = site_scores(data.s.scenario)
    rows = [
        (target.id, o, t)
        for target, t, _, least in rows_of_metric(data, ("site_score",))
        for o, option in enumerate(data.s.options)
        if not option.facility
        and option.may_open[t]
        and scores.get(data.s.plants[option.plant].place, 1.0) < least
    ]

    def limit(m: pyo.ConcreteModel, name: str, o: int, t: int) -> object:
        room = slack(m, data, "suitable_sites", name, t, 1.0)
        return opened(m, data, o, t) <= room

    m.suitable_sites = pyo.Constraint(rows, rule=limit)


def jobs(m: pyo.ConcreteModel, data: PlanningData) -> Term:
    """Jobs at plants and centres, over all years.  [FTE y]

    sum of (FTE per kt/y) x kt over all years.
    """
    return treated(m, data, jobs_per_kt(data))


def exposure(m: pyo.ConcreteModel, data: PlanningData) -> Term:
    """Tonnes treated times people beside the site, over all years.  [M person t]"""
    return treated(m, data, people_in_thousands(data))


def unsuited(m: pyo.ConcreteModel, data: PlanningData) -> Term:
    """Tonnes treated times (1 - score of the site), over all years.  [kt]"""
    return treated(m, data, lack_of_score(data))


def treated(
    m: pyo.ConcreteModel, data: PlanningData, weight: Floats, t: int | None = None
) -> Term:
    """What plants take, weighted by plant: over all years, or in a period's last year.

    Parameters
    ----------
    weight
        (plants,), per kt.
    t
        A period; without one, all years.
    """
    feeds = data.s.feeds
    years = feeds.years if t is None else np.ones_like(feeds.years)
    return sum(
        float(weight[p] * years[f, k]) * m.throughput[f, k]
        for f, p in enumerate(feeds.plant)
        for k in (data.periods if t is None else (t,))
        if weight[p] * years[f, k] != 0
    )


def jobs_per_kt(data: PlanningData) -> Floats:
    """(plants,): full-time equivalents; none beyond the boundary.  [FTE/(kt/y)]

    Raises
    ------
    WasteplanError
        If those of a technology are unknown.
    """
    scenario, found = data.s.scenario, np.zeros(len(data.s.plants))
    for p, plant in enumerate(data.s.plants):
        if plant.technology == CENTRE:
            found[p] = scenario.centre[plant.id].jobs_per_kt_per_y
        elif plant.technology != OUTLET:
            known = scenario.technology[plant.technology].jobs_per_kt_per_y
            if known is None:
                raise WasteplanError(
                    f"jobs are asked for, and those of '{plant.technology}' are "
                    "unknown: give jobs_per_kt_per_y in technologies.csv"
                )
            found[p] = known
    return found


def people_in_thousands(data: PlanningData) -> Floats:
    """(plants,): people beside the site of a plant.  [1000 persons]

    Raises
    ------
    WasteplanError
        If nobody knows how many live beside one.
    """
    people = people_affected(data.s.scenario)
    unknown = [s for s, n in people.items() if math.isnan(n)]
    if unknown:
        raise WasteplanError(
            f"exposure is asked for, and the people beside {', '.join(unknown[:5])} "
            "are unknown: give people_affected in site_criteria.csv, or [solve] "
            "exposure_radius_km and the place and population of towns"
        )
    return _at_sites(data, {site: n * THOUSAND for site, n in people.items()})


def lack_of_score(data: PlanningData) -> Floats:
    """(plants,): 1 - score of the site.  [-]

    Raises
    ------
    WasteplanError
        If no site has a score.
    """
    scores = site_scores(data.s.scenario)
    if not scores:
        raise WasteplanError(
            "tonnes at unsuited sites are asked for, and no site has a score: give "
            "criteria with weight, worst and best in site_criteria.csv"
        )
    return _at_sites(data, {site: 1.0 - score for site, score in scores.items()})


def hosted_by(data: PlanningData, region: str) -> Floats:
    """(plants,): 1 where waste is treated in a region of sites, else 0.  [-]"""
    inside = {s.id: float(s.region == region) for s in data.s.scenario.sites}
    return _at_sites(data, inside)


def _at_sites(data: PlanningData, values: dict[str, float]) -> Floats:
    """(plants,): the value of a plant's site; 0 for centres, outlets and effluent."""
    scenario, found = data.s.scenario, np.zeros(len(data.s.plants))
    for p, plant in enumerate(data.s.plants):
        if data.is_treatment(p) and hosts(scenario, plant.technology):
            found[p] = values[plant.place]
    return found
