"""The answer to a case with many sources or hauls: planned in groups."""

from __future__ import annotations

import time
from dataclasses import replace

from wasteplan.optimize.aggregation import GROUPS, planned_in_groups
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
"""Columns of hauls from which a case is planned in groups, however few its sources."""


def is_for_groups(s: Superstructure, search: Search) -> bool:
    """Whether a case is that large, and groups can stand for its sources.

    They need not where all is siting, which has its own search (`locating.py`).  They
    cannot where single sources must go to one place, or where a limit reads the
    emissions or costs of hauls: there the mean of a group says too little.
    """
    data, settings = PlanningData(s), s.scenario.settings.solve
    is_large = len(s.sources.stream) > settings.cluster_above
    is_large = is_large or len(s.first) * s.n_periods >= HAULS_FROM
    if not is_large or settings.single_sourcing:
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
    data = PlanningData(s, builds_of=search.builds_of)
    started = time.monotonic()
    found = planned_in_groups(
        data, search.stop, search.progress, search.incumbent, n_groups
    )
    left_s = max(1.0, search.stop.time_limit_s - (time.monotonic() - started))
    stop = replace(search.stop, time_limit_s=left_s)
    rest = Search(stop, search.progress, builds_of=search.builds_of, groups=found)
    plan = real_answer(found.problem.data.s, rest, name)
    assert plan.proof is not None
    n_alike = len(found.problem.data.s.sources.stream)
    note = (
        f"{len(s.sources.stream):,} streams of generators were planned in groups with "
        f"nearly the same hauls; in the plan, {n_alike:,} groups go the same way each. "
        f"The bound is one on all streams, worked out from {found.n_groups:,} groups; "
        f"of the gap, they hide {found.hidden_m * 1e6:,.0f} at the builds of the plan."
    )
    proof = plan.proof.model_copy(update={"note": f"{plan.proof.note} {note}".strip()})
    return plan.model_copy(update={"proof": proof})
