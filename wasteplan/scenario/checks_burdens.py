"""Rules on what plants mean to people: scores of sites, exposure, jobs."""

from __future__ import annotations

import math
from collections.abc import Iterator

from wasteplan.network.places import SiteCriterion
from wasteplan.scenario.findings import Finding, Rule, about, on_table, reads
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.site_effects import PEOPLE, people_affected
from wasteplan.scenario.totals import asked_totals
from wasteplan.units import words

NEEDS_PEOPLE = ("exposure_total", "exposure_largest_total", "exposure_share_largest")
NEEDS_JOBS = ("jobs_total", "jobs")
NEEDS_SCORES = ("unsuited_total_t", "site_score")


def _asked(scenario: Scenario, names: tuple[str, ...]) -> list[str]:
    """Which of some metrics the objective or a target speaks of."""
    asked = asked_totals(scenario) | {t.metric for t in scenario.targets}
    return [name for name in names if name in asked]


@reads("site_criteria", "sites")
def scores_have_a_scale(scenario: Scenario) -> Iterator[Finding]:
    """A weighted score runs from a worst to a best; limits belong to exclusions."""
    for row in scenario.site_criteria:
        if row.kind == "exclusion":
            if row.weight is not None:
                message = "is given, but an exclusion is not weighed: leave it empty"
                yield about("site_criteria", row, "weight", message)
            continue
        if row.criterion == PEOPLE and row.value < 0:
            message = f"{row.value:g} persons are below 0"
            yield about("site_criteria", row, "value", message)
        if not row.weight:
            continue
        for column in ("worst", "best"):
            if getattr(row, column) is None:
                message = "is empty, and the score is weighted"
                yield about("site_criteria", row, column, message)
        if row.worst is not None and row.worst == row.best:
            message = f"{row.best:g} is also the worst: the score has no scale"
            yield about("site_criteria", row, "best", message)


@reads("site_criteria", "sites")
def scores_are_comparable(scenario: Scenario) -> Iterator[Finding]:
    """Every site has every weighted criterion, on one scale and with one weight."""
    first: dict[str, SiteCriterion] = {}
    known: dict[str, set[str]] = {}
    for row in scenario.site_criteria:
        if row.kind != "score" or not row.weight:
            continue
        other = first.setdefault(row.criterion, row)
        known.setdefault(row.criterion, set()).add(row.site)
        for column in ("weight", "worst", "best"):
            if getattr(row, column) != getattr(other, column):
                message = (
                    f"{getattr(row, column)} differs from {getattr(other, column)} at "
                    f"site '{other.site}': a criterion has one scale and weight"
                )
                yield about("site_criteria", row, column, message)
    for criterion, sites in known.items():
        missing = [s.id for s in scenario.sites if s.id not in sites]
        if missing:
            message = f"weighted criterion '{criterion}' is missing for "
            yield on_table("site_criteria", message + ", ".join(missing[:10]))
    if not known:
        for name in _asked(scenario, NEEDS_SCORES):
            message = (
                f"{name} is asked for, and no site has a score: give criteria with "
                "weight, worst and best in site_criteria.csv"
            )
            yield on_table("targets", message)


@reads("site_criteria", "sites", "generators")
def people_beside_sites_are_known(scenario: Scenario) -> Iterator[Finding]:
    """Where exposure is asked for, the people beside every site are known."""
    asked = _asked(scenario, NEEDS_PEOPLE)
    if not asked:
        return
    unknown = [s for s, n in people_affected(scenario).items() if math.isnan(n)]
    if unknown:
        message = (
            f"{asked[0]} is asked for, and the people beside "
            f"{', '.join(unknown[:10])} are unknown: give the criterion '{PEOPLE}', or "
            "[solve] exposure_radius_km with the place of sites and towns"
        )
        yield on_table("site_criteria", message)


@reads("technologies", "sites", "facilities")
def jobs_are_known(scenario: Scenario) -> Iterator[Finding]:
    """Where jobs are asked for, those of every technology in use are known."""
    asked = _asked(scenario, NEEDS_JOBS)
    in_use = {w for site in scenario.sites for w in words(site.technologies)}
    in_use |= {f.technology for f in scenario.facilities}
    for row in scenario.technologies if asked else ():
        if row.id in in_use and row.jobs_per_kt_per_y is None:
            message = f"is empty, and {asked[0]} is asked for"
            yield about("technologies", row, "jobs_per_kt_per_y", message)


BURDEN_RULES: tuple[Rule, ...] = (
    scores_have_a_scale,
    scores_are_comparable,
    people_beside_sites_are_known,
    jobs_are_known,
)
