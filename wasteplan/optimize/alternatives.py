"""Other plans: the next best, and nearly as good ones that differ most.

The next best excludes what was found by a cut over the decisions (Balas and Jeroslow,
1972, Canonical cuts on the unit hypercube, SIAM Journal on Applied Mathematics 23).
Nearly as good ones: modelling to generate alternatives, the Hop-Skip-Jump method
(Brill, Chang and Hopkins, 1982, Modeling to generate alternatives: the HSJ approach,
Management Science 28): within a budget, use least what earlier plans use; of the plans
that use it least, the cheapest is returned.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

import numpy as np
from pyomo.repn import generate_standard_repn

from wasteplan.errors import NoAnswer, StoppedWithoutPlan, WasteplanError
from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.decisions import Term
from wasteplan.optimize.handover import Problem, problem
from wasteplan.optimize.incumbent import decisions_of
from wasteplan.optimize.own import Decisions, Own, line_name
from wasteplan.optimize.reading import read_plan
from wasteplan.optimize.running import Progress, Stop, Watch, fixed_builds, run
from wasteplan.optimize.searching import Listener
from wasteplan.optimize.solving import solve, stop_of
from wasteplan.plan.records import Plan, plant_id
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.totals import COST
from wasteplan.superstructure.assembly import superstructure
from wasteplan.superstructure.model import CENTRE, Floats

MILLION = 1e6
ROUNDING = 1e-6
SEARCH_SHARE = 0.5
"""Of the time of a search, the part spent on how different a plan can be."""

Opening = tuple[str, str, str]
"""(plant, size, period)."""


def openings_of(
    plan: Plan, lines: Collection[tuple[str, str]] = ()
) -> frozenset[Opening]:
    """What a plan opens, when.

    Parameters
    ----------
    lines
        (plant, size) of further lines: equal ones are numbered in order of opening
        (builds of one place and size are in the order of periods).
    """
    found: list[Opening] = []
    built: Counter[tuple[str, str]] = Counter()
    for b in plan.builds:
        place = b.site if b.technology == CENTRE else plant_id(b.site, b.technology)
        key = (place, b.size)
        copy = built[key] if key in lines else 0
        built[key] += 1
        found.append((place, line_name(b.size, copy), b.period))
    return frozenset(found)


def plants_of(plan: Plan) -> frozenset[str]:
    """Where a plan builds what, whatever the size and time."""
    return frozenset(plant for plant, _, _ in openings_of(plan))


def unlike(plan: Plan, name: str) -> Own:
    """An own constraint: differ from a plan in an opening or closure.  [-]

    sum over what it opens or closes of (1 - x) + sum over the others of x >= 1.
    """

    def cut(d: Decisions) -> Iterator[tuple[str, object]]:
        there = openings_of(plan, d.lines)
        shut = {(c.facility, c.period) for c in plan.closures}
        terms: list[Term] = [
            1 - x if key in there else x for key, x in d.openings()
        ] + [1 - x if key in shut else x for key, x in d.closings()]
        yield f"unlike_{name}", sum(terms) >= 1

    return cut


def within(most: float) -> Own:
    """An own constraint: cost no more.  [money, present value]"""

    def budget(d: Decisions) -> Iterator[tuple[str, object]]:
        yield "within_budget", d.total(COST) <= most / MILLION

    return budget


def reuses(d: Decisions, seen: Sequence[Plan]) -> Term:
    """How often earlier plans built what is built.  [plants]"""
    used = Counter(plant for plan in seen for plant in sorted(plants_of(plan)))
    return sum(n * d.built(plant) for plant, n in used.items())


def reusing_at_most(seen: Sequence[Plan], most: float) -> Own:
    """An own constraint: build at most so much of what earlier plans built."""

    def limit(d: Decisions) -> Iterator[tuple[str, object]]:
        yield "reuse", reuses(d, seen) <= most + ROUNDING

    return limit


def next_best(
    scenario: Scenario,
    best: Plan,
    count: int,
    stop: Stop | None = None,
    progress: Listener | None = None,
) -> Iterator[Plan]:
    """Plans after the best, one by one, each with its own proof.

    Each differs from all before it in at least one opening (time and size included) or
    closure; what costs nothing to open does not count.  Ends when there is no other.

    Raises
    ------
    StoppedWithoutPlan, KeyboardInterrupt
        Time limit or Ctrl-C before the search under way had a plan.
    """
    used, cuts = stop or stop_of(scenario), [unlike(best, "0")]
    for k in range(1, count + 1):
        try:
            plan = _search(scenario, used, f"next_{k}", cuts, progress)
        except NoAnswer:
            return
        yield plan
        cuts.append(unlike(plan, str(k)))


def about_cost(scenario: Scenario) -> None:
    """Say so if the best plan is not the cheapest, which a budget could start from.

    Raises
    ------
    WasteplanError
        The objective is no cost.
    """
    if scenario.settings.solve.objective != COST:
        raise WasteplanError(
            f"plans nearly as good are about cost: set [solve] objective to {COST}, "
            "or ask for the next best (--next-best)"
        )


def nearly_as_good(
    scenario: Scenario,
    best: Plan,
    count: int,
    *,
    share: float,
    stop: Stop | None = None,
    progress: Listener | None = None,
) -> Iterator[Plan]:
    """Plans that build least of what earlier ones built, for at most `share` more.

    Parameters
    ----------
    share
        What a plan may cost more than the best, of the best's *gross* cost: the net
        cost is a small difference of large terms.  [-]

    Yields
    ------
    Plan
        The cheapest found among those that reuse least; its proof is that of this
        search.  Ends when nothing more can be avoided.

    Raises
    ------
    WasteplanError
        The objective is no cost.
    StoppedWithoutPlan, KeyboardInterrupt
        Time limit or Ctrl-C before the search under way had a plan.
    """
    about_cost(scenario)
    assert best.proof is not None
    used = stop or stop_of(scenario)
    budget = within(best.proof.objective + share * best.proof.gross_cost)
    base = superstructure(scenario)
    seen = [best]
    for k in range(1, count + 1):
        p = problem(PlanningData(base, own=(budget,)))
        try:
            least, start = _least_reuse(p, seen, used, progress)
            plan = _search(
                scenario,
                used,
                f"alternative_{k}",
                [budget, reusing_at_most(seen, least)],
                progress,
                start,
            )
        except NoAnswer:
            return
        if any(plants_of(plan) == plants_of(other) for other in seen):
            return
        yield plan
        seen.append(plan)


def _least_reuse(
    p: Problem, seen: Sequence[Plan], stop: Stop, progress: Listener | None
) -> tuple[float, Plan]:
    """The least reuse of earlier plans found within the budget, and a plan with it.

    The search starts from the earlier plan that reuses least: all are within budget.
    """
    weight = columns_of(p, reuses(Decisions(p.model, p.data), seen))
    aimed = replace(p, cost=weight, gross=np.abs(weight), offset=0.0)
    part = replace(
        stop, gap_of_gross=0.0, time_limit_s=SEARCH_SHARE * stop.time_limit_s
    )
    watch = Watch(
        aimed,
        part,
        _counted(progress),
        started=time.monotonic(),
        step="how different it can be",
    )
    known = [fixed_builds(p, decisions_of(p, plan)).solution for plan in seen]
    fit = [x for x in known if x is not None]
    start = min(fit, key=lambda x: float(weight @ x), default=None)
    found = run(watch, start)
    if watch.interrupted:
        raise KeyboardInterrupt
    if found.status == "infeasible":
        raise NoAnswer("no plan keeps the budget")
    if found.solution is None:
        raise StoppedWithoutPlan("no other plan was found in time")
    return float(weight @ found.solution), read_plan(p, found, "start")


def _counted(progress: Listener | None) -> Listener | None:
    """Progress without amounts: what is made least is no money here."""
    if progress is None:
        return None
    return lambda p: progress(Progress(p.time_s, p.step))


def columns_of(p: Problem, expression: Term) -> Floats:
    """(columns,): coefficients of a linear expression of planner-facing variables."""
    weight = np.zeros(len(p.cost))
    found = generate_standard_repn(expression, compute_values=True)
    for variable, value in zip(found.linear_vars, found.linear_coefs, strict=True):
        weight[p.column_of[id(variable)]] += float(value)
    return weight


def _search(
    scenario: Scenario,
    stop: Stop,
    name: str,
    own: Sequence[Own],
    progress: Listener | None,
    incumbent: Plan | None = None,
) -> Plan:
    return solve(
        scenario,
        gap=stop.gap_of_gross,
        time_limit_s=stop.time_limit_s,
        threads=stop.threads,
        progress=progress,
        incumbent=incumbent,
        name=name,
        explains=False,
        own=own,
    )
