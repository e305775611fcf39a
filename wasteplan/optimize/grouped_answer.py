"""The answer to a case with too many hauls for one matrix: planned in groups."""

from __future__ import annotations

from wasteplan.optimize.aggregation import GROUPS, aggregated
from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.holding import posed
from wasteplan.optimize.places import may_be_siting, siting_of
from wasteplan.optimize.real_blends import real_answer
from wasteplan.optimize.searching import Search
from wasteplan.plan.records import Plan
from wasteplan.scenario.records import EMISSION_METRICS
from wasteplan.scenario.totals import COST
from wasteplan.superstructure.model import Superstructure

HAULS_FROM = 3_000_000
"""Columns of hauls from which a case is planned in groups."""


def is_for_groups(s: Superstructure, search: Search) -> bool:
    """Whether a case is that large, and groups can stand for its sources.

    They need not where all is siting, which has its own search (`locating.py`).  They
    cannot where single sources must go to one place, or where a limit reads the
    emissions or costs of hauls: there the mean of a group says too little.
    """
    data, settings = PlanningData(s), s.scenario.settings.solve
    if len(s.first) * s.n_periods < HAULS_FROM or settings.single_sourcing:
        return False
    reads_hauls = data.haul_totals or any(
        t.metric in EMISSION_METRICS for t in s.scenario.targets
    )
    is_plain = not (search.own or search.held or search.resuming)
    is_plain = is_plain and data.aim.keys() == {COST}
    if not is_plain or reads_hauls:
        return False
    return not (may_be_siting(data) and siting_of(posed(data)))


def answer_in_groups(
    s: Superstructure, search: Search, name: str, n_groups: int = GROUPS
) -> Plan:
    """The plan of all sources, with its proof and what was grouped."""
    found = aggregated(s, n_groups)
    small = found.problem.data.s
    grouped = Search(
        search.stop, search.progress, explains=search.explains, groups=found
    )
    plan = real_answer(small, grouped, name)
    assert plan.proof is not None
    note = (
        f"{len(s.sources.stream):,} streams of generators were planned as "
        f"{len(found.groups):,} groups with nearly the same hauls; each is sent as its "
        f"group is. Grouping hides at most {found.error_m * 1e6:,.0f}; that is in the "
        "gap, and the bound is one on all of them."
    )
    proof = plan.proof.model_copy(update={"note": f"{plan.proof.note} {note}".strip()})
    return plan.model_copy(update={"proof": proof})
