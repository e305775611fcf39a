"""The plan of a round: the builds of the last one if they do, new ones if not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from wasteplan.errors import NoAnswer, StoppedWithoutPlan
from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.infeasibility import explain
from wasteplan.optimize.reading import discounted_tonnes
from wasteplan.optimize.running import Progress
from wasteplan.optimize.solving import solve, stop_of
from wasteplan.plan.files import in_order
from wasteplan.plan.records import Plan, Proof
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.totals import TOTALS
from wasteplan.study.provenance import Options
from wasteplan.superstructure.assembly import superstructure
from wasteplan.superstructure.experience import (
    NO_EXPERIENCE,
    Experience,
    strictest,
)

TargetPeriod = tuple[str, str]
"""Target id; period id."""
NO_FLOOR: Mapping[TargetPeriod, float] = {}
EXPLAIN_S = 60.0
PAST_ROUNDING = 1e-6  # share; a target that gives way does so by a trace more
DIVERSION_FAMILY = "landfill_diversion"
LEARNT = (
    "Planned with what simulations of earlier plans found: the bound is that of plans "
    "which reckon with it too."
)
KEPT = (
    "Sites and sizes are those of the round before, hauls are planned with what "
    "simulations found; the bound is that of plans which need not reckon with it."
)


@dataclass(frozen=True)
class GaveWay:
    """A diversion target that no plan known meets together with all others."""

    target: str
    period: str
    share: float
    """By how much it was loosened.  [-]"""
    text: str
    """What is asked for, what can be reached, what to do."""


@dataclass(frozen=True)
class Known:
    """What simulations taught, told in two ways.

    Plants may be sent more than they can take only where targets must give way: a plan
    has to meet on paper even those.
    """

    as_capacity: Experience = NO_EXPERIENCE
    """Lack of capacity told as such."""
    in_full: Experience = NO_EXPERIENCE
    """Lack of capacity told as a share lost of what is sent."""

    def joined(self, other: Known | None) -> Known:
        """The strictest of both."""
        if other is None:
            return self
        return Known(
            strictest([self.as_capacity, other.as_capacity]),
            strictest([self.in_full, other.in_full]),
        )


@dataclass
class Planner:
    """Makes the plan of each round.

    What is built changes only where it must or where that is worth more than the gap
    asked for: two plans within the gap are as good, so a search that finds the one or
    the other by chance would keep the loop from settling.
    """

    scenario: Scenario
    options: Options
    progress: Callable[[Progress], None] | None = None
    gave_way: tuple[GaveWay, ...] = ()
    bound: float = float("-inf")
    """Of the first plan: no plan is cheaper, whatever is learnt.  [money]"""
    used: Experience = NO_EXPERIENCE
    """What the last plan was made with, before targets gave way."""
    tonnes: float = 0.0
    """Generated over the horizon, discounted.  [t]"""
    sited: Proof | None = None
    """Of the plan whose builds were last compared with all others."""

    @property
    def gap(self) -> float:
        """Of the gross cost, asked for.  [-]"""
        return stop_of(self.scenario, self.options.gap).gap_of_gross

    def first(self) -> Plan:
        """The plan of a run without the loop."""
        plan = self._solve(Experience(), explains=True)
        assert plan.proof is not None
        self.bound = plan.proof.bound
        self.tonnes = discounted_tonnes(superstructure(self.scenario))
        return plan

    def again(
        self,
        last: Plan,
        learnt: Known,
        floor: Mapping[TargetPeriod, float],
    ) -> Plan:
        """The plan of a later round, given the last one and what is known now.

        1. Hauls alone are planned anew.  If that meets everything at about the cost
           that the builds had when they were chosen, it is the plan.  What the last
           plan reached on paper where it did well enough is kept, if it can be.
        2. Else all is planned anew, and builds change if they must or if the change
           saves more than the gap.
        3. If no plan meets all targets, the least of them gives way (`GaveWay`).

        Raises
        ------
        NoAnswer
            Something other than a diversion target cannot be met any more.
        """
        self.used = learnt.in_full if self.gave_way else learnt.as_capacity
        known = loosened(self.used, self.gave_way)
        for kept in (floor, NO_FLOOR) if floor and self.sited else (NO_FLOOR,):
            held = self._held(last, replace(known, floor=kept))
            if held is not None and self._is_cheap(held):
                return held
        try:
            plan = self._sited(held or last, known, learnt)
        except StoppedWithoutPlan:
            if held is None:
                raise
            return held
        if held is not None and self._is_as_good(held, plan):
            plan = held
        self.sited = plan.proof
        return plan

    def _sited(self, incumbent: Plan, known: Experience, learnt: Known) -> Plan:
        """All planned anew; targets give way if they must."""
        try:
            return self._solve(known, incumbent=incumbent)
        except NoAnswer as nothing:
            self.gave_way = self._clashes(learnt.in_full, nothing)
        self.used = learnt.in_full
        return self._solve(loosened(self.used, self.gave_way), incumbent=incumbent)

    def _clashes(self, known: Experience, nothing: NoAnswer) -> tuple[GaveWay, ...]:
        """Targets that must give way, by how much.

        Raises
        ------
        NoAnswer
            It is not for the targets.
        """
        data = PlanningData(superstructure(self.scenario, experience=known))
        found = explain(data, EXPLAIN_S)
        targets = [r for r in found if r.family == DIVERSION_FAMILY]
        if len(targets) < len(found):
            raise NoAnswer("; ".join(r.text for r in found)) from nothing
        return tuple(
            GaveWay(r.place, r.period, r.share + PAST_ROUNDING, r.text) for r in targets
        )

    def _held(self, last: Plan, known: Experience) -> Plan | None:
        """The last plan's builds with hauls planned anew; None if none will do."""
        try:
            plan = self._solve(known, builds_of=last)
        except NoAnswer:
            return None
        proof = plan.proof
        assert proof is not None
        gap = max(0.0, self._worse(proof, self.bound))
        share = gap / max(proof.gross_cost, 1.0)
        status = proof.status
        if status != "interrupted":
            status = "gap" if share <= self.gap else "restricted"
        kept = proof.model_copy(
            update={
                "status": status,
                "bound": self.bound if gap else proof.objective,
                "gap": gap,
                "gap_of_gross": share,
                "gap_per_t": gap / max(self.tonnes, 1.0),
                "note": _noted(proof, KEPT),
            }
        )
        return plan.model_copy(update={"proof": kept})

    def _is_cheap(self, held: Plan) -> bool:
        """Whether its builds cost about what they did when they were chosen."""
        if self.sited is None or held.proof is None:
            return False
        dearer = self._worse(held.proof, self.sited.objective)
        return dearer <= self.gap * self.sited.gross_cost

    def _is_as_good(self, held: Plan, plan: Plan) -> bool:
        """Whether it is within the gap asked for of what all plans can be."""
        if held.proof is None or plan.proof is None:
            return False
        dearer = self._worse(held.proof, plan.proof.bound)
        return dearer <= max(self.gap * plan.proof.gross_cost, plan.proof.gap)

    def _worse(self, proof: Proof, than: float) -> float:
        """By how much an objective is worse than a value, positive if it is."""
        sign = TOTALS[proof.of].sign if proof.of in TOTALS else 1.0
        return sign * (proof.objective - than)

    def _solve(
        self,
        known: Experience,
        *,
        incumbent: Plan | None = None,
        builds_of: Plan | None = None,
        explains: bool = False,
    ) -> Plan:
        later_s = None if explains else self.scenario.settings.loop.time_limit_s
        limit_s = self.options.time_limit_s
        plan = solve(
            self.scenario,
            gap=self.options.gap,
            time_limit_s=later_s if limit_s is None else limit_s,
            threads=self.options.threads,
            progress=self.progress,
            experience=known,
            incumbent=incumbent,
            builds_of=builds_of,
            explains=explains,
        )
        if incumbent is not None and plan.proof is not None:
            proof = plan.proof.model_copy(update={"note": _noted(plan.proof, LEARNT)})
            plan = plan.model_copy(update={"proof": proof})
        return in_order(plan)


def loosened(known: Experience, ways: Iterable[GaveWay]) -> Experience:
    """What is known, with targets that give way."""
    return known.giving_way({(g.target, g.period): g.share for g in ways})


def decided(plan: Plan) -> frozenset[tuple[str, ...]]:
    """What a plan opens and closes, and when."""
    opened = {(b.site, b.technology, b.size, b.period) for b in plan.builds}
    return frozenset({*opened, *((c.facility, c.period) for c in plan.closures)})


def _noted(proof: Proof, note: str) -> str:
    before = proof.note.rstrip(". ")
    return f"{before}. {note}" if before else note
