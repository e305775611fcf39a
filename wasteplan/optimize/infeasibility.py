"""Why a case has no answer: which requirements cannot hold together, and by how much.

An elastic twin of the model lets every requirement give way.  First as little waste as
possible is left without a place; then the violation of the other requirements is made
least, each as a share of its own size; then, among those, the cost.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.handover import Problem
from wasteplan.optimize.holding import posed
from wasteplan.optimize.horizon import ALL_YEARS
from wasteplan.optimize.running import Stop, Watch, run
from wasteplan.scenario.totals import TOTALS
from wasteplan.superstructure.model import Floats

NOTICEABLE = 1e-6  # share of a requirement; smaller is rounding
WORDS = {
    "landfill_diversion": "the diversion target",
    "recycling": "the recycling target",
    "emissions_cap": "the cap on emissions",
    "forced": "the forced choice",
    "capex_budget": "the budget",
    "informal_income": "the income floor of informal trades",
    "permit": "the permit of site",
    "site_room": "the room of site",
    "outlet_limit": "the limit of outlet",
    "minimum_load": "the minimum load of",
    "airspace": "the airspace of",
    "horizon_limit": "the limit",
    "jobs_floor": "the floor on jobs",
    "suitable_sites": "the least score of sites",
    "burden_spread": "the largest share a region may bear",
}


@dataclass(frozen=True)
class Relaxation:
    """One requirement that gives way in the cheapest least violation."""

    family: str
    place: str
    period: str
    amount: float
    """In the unit of the requirement."""
    text: str
    share: float = 0.0
    """Of the size of the requirement; of what is generated for a diversion target."""


def explain(data: PlanningData, time_limit_s: float) -> tuple[Relaxation, ...]:
    """The requirements that cannot hold together, by how much each must give way.

    Returns
    -------
    tuple of Relaxation
        Empty if the time did not suffice to find out.
    """
    elastic = replace(data, is_elastic=True)
    p = posed(elastic)
    stop = Stop(0.001, time_limit_s / 3)
    held, solution = p, None
    for measure in (_unserved(p), _violation(p)):
        least = replace(held, cost=measure, gross=np.abs(measure), offset=0.0)
        found = run(Watch(least, stop, None))
        if found.solution is None:
            break
        solution = found.solution
        held = _held(held, measure, float(measure @ solution))
    if solution is None:
        return ()
    cheapest = run(Watch(held, replace(stop, gap_of_gross=0.01), None))
    if cheapest.solution is not None:
        solution = cheapest.solution
    return relaxations(p, solution)


def relaxations(p: Problem, solution: Floats) -> tuple[Relaxation, ...]:
    """What gives way in a solution of a problem with slacks, and by how much."""
    return (*_requirements(p, solution), *_left_lying(p, solution))


def _held(p: Problem, measure: Floats, reached: float) -> Problem:
    """The problem with a measure kept at what can be reached."""
    return replace(
        p,
        matrix=sparse.vstack(
            [p.matrix, sparse.csr_matrix(measure[None, :])], format="csr"
        ),
        row_lower=np.append(p.row_lower, -np.inf),
        row_upper=np.append(p.row_upper, reached * (1 + 1e-6) + 1e-9),
    )


def _unserved(p: Problem) -> Floats:
    """Cost vector that counts waste with no place to go.  [kt/y]"""
    weight = np.zeros(len(p.cost))
    s = p.data.s
    if p.block.n_unserved:
        n = p.block.n_unserved * s.n_periods
        weight[-n:] = s.sources.collected_kt.T.ravel()
    return weight


def _violation(p: Problem) -> Floats:
    """Cost vector that measures violation, each requirement relative to its size."""
    weight = np.zeros(len(p.cost))
    for variable, about in zip(
        p.model.slack.values(), p.model.slack_names, strict=True
    ):
        weight[p.column_of[id(variable)]] = 1.0 / about.size
    return weight


def _requirements(p: Problem, solution: Floats) -> list[Relaxation]:
    found = []
    for variable, about in zip(
        p.model.slack.values(), p.model.slack_names, strict=True
    ):
        amount = p.value(solution, variable)
        if amount <= NOTICEABLE * about.size:
            continue
        span = "all years"
        if about.period != ALL_YEARS:
            span = p.data.s.spans[about.period].id
        found.append(
            Relaxation(
                about.family,
                about.place,
                span,
                amount,
                _sentence(p.data, about.family, about.place, span, amount, about.size),
                amount / about.size,
            )
        )
    return found


def _sentence(
    data: PlanningData, family: str, place: str, period: str, amount: float, size: float
) -> str:
    head = f"{WORDS.get(family, family)} '{place}' in {period}"
    if family == "landfill_diversion":
        target = next(t for t in data.s.scenario.targets if t.id == place)
        asked = target.min or 0.0
        reached = max(0.0, asked - amount / size)
        return (
            f"{head} asks for {asked:.1%}; at most {reached:.1%} can be reached while "
            f"all else holds, {amount * 1e3:,.0f} t/y are missing: set min to "
            f"{reached:.3f} or lower"
        )
    if family == "capex_budget":
        return (
            f"{head} is short of {amount * 1e6:,.0f}: set max to "
            f"{(size + amount) * 1e6:,.0f} or higher"
        )
    if family == "horizon_limit":
        target = next(t for t in data.s.scenario.targets if t.id == place)
        counted = TOTALS[target.metric]
        over = amount * counted.per_model_unit
        if counted.more_is_better:
            reached = (target.min or 0.0) - over
            return (
                f"{head} is missed by {over:,.4g} {counted.unit}: "
                f"set min to {reached:,.4g} or lower"
            )
        most = (size + amount) * counted.per_model_unit
        return (
            f"{head} is exceeded by {over:,.0f} {counted.unit}: "
            f"set max to {most:,.0f} or higher"
        )
    if family == "informal_income":
        return f"{head} is missed by {amount * 1e6:,.0f} a year"
    if family == "recycling":
        target = next(t for t in data.s.scenario.targets if t.id == place)
        rate = target.min or target.max or 0.0
        return f"{head} of {rate:.1%} is off by {amount * 1e3:,.0f} t/y"
    if family == "emissions_cap":
        return (
            f"{head} is exceeded by {amount * 1e3:,.0f} t CO2e/y: set max to "
            f"{(size + amount) * 1e3:,.0f} or higher"
        )
    if family == "burden_spread":
        target = next(t for t in data.s.scenario.targets if t.id == place)
        unit = "million person t/y" if "exposure" in target.metric else "kt/y"
        return f"{head} is off by {amount:,.3g} {unit}"
    unit = {
        "forced": "facilities",
        "permit": "kt/y",
        "outlet_limit": "kt/y",
        "airspace": "thousand m3",
        "minimum_load": "TJ/y or kt/y",
        "site_room": "facilities",
        "jobs_floor": "FTE",
        "suitable_sites": "openings",
    }[family]
    return f"{head} is off by {amount:,.3g} {unit}"


def _left_lying(p: Problem, solution: Floats) -> list[Relaxation]:
    """Waste that no legal place can take, by stream and region."""
    s = p.data.s
    n = p.block.n_unserved
    if not n:
        return []
    share = solution[-n * s.n_periods :].reshape(s.n_periods, n)
    found = []
    for t, span in enumerate(s.spans):
        left: dict[tuple[str, str], float] = {}
        for i in np.flatnonzero(share[t] > NOTICEABLE):
            key = (s.sources.stream[i], s.sources.region[i])
            kt = float(share[t, i] * s.sources.collected_kt[i, t])
            left[key] = left.get(key, 0.0) + kt
        for (stream, region), kt in sorted(left.items()):
            text = (
                f"no place can take {kt * 1e3:,.0f} t/y of {stream} from {region} in "
                f"{span.id}: add capacity, a site, an outlet or a leg that reaches one"
            )
            found.append(Relaxation("collect_everything", region, span.id, kt, text))
    return found
