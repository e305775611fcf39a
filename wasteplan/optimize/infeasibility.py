"""Why a case has no answer: which requirements cannot hold together, and by how much.

An elastic twin of the model lets every requirement give way.  First the least violation
(each as a share of its own size), then, among those, the least cost.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.handover import Problem, problem
from wasteplan.optimize.running import Stop, Watch, run
from wasteplan.superstructure.model import Floats

NOTICEABLE = 1e-6  # share of a requirement; smaller is rounding
UNSERVED_WEIGHT = 10.0  # waste left lying weighs more than a missed target
WORDS = {
    "landfill_diversion": "the diversion target",
    "capex_budget": "the budget",
    "permit": "the permit of site",
    "site_room": "the room of site",
    "outlet_limit": "the limit of outlet",
    "minimum_load": "the minimum load of",
    "airspace": "the airspace of",
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


def explain(data: PlanningData, time_limit_s: float) -> tuple[Relaxation, ...]:
    """The requirements that cannot hold together, by how much each must give way.

    Returns
    -------
    tuple of Relaxation
        Empty if the time did not suffice to find out.
    """
    elastic = PlanningData(data.s, is_elastic=True, single=data.single)
    p = problem(elastic)
    violation = _violation(p)
    stop = Stop(0.0, time_limit_s / 2)
    least = replace(p, cost=violation, gross=np.abs(violation), offset=0.0)
    first = run(Watch(least, replace(stop, gap_of_gross=0.001), None))
    if first.solution is None:
        return ()
    room = float(violation @ first.solution) * (1 + 1e-6) + 1e-9
    held = replace(
        p,
        matrix=sparse.vstack(
            [p.matrix, sparse.csr_matrix(violation[None, :])], format="csr"
        ),
        row_lower=np.append(p.row_lower, -np.inf),
        row_upper=np.append(p.row_upper, room),
    )
    second = run(Watch(held, replace(stop, gap_of_gross=0.01), None))
    solution = first.solution if second.solution is None else second.solution
    return (*_requirements(p, solution), *_left_lying(p, solution))


def _violation(p: Problem) -> Floats:
    """Cost vector that measures violation, each requirement relative to its size."""
    weight = np.zeros(len(p.cost))
    for variable, about in zip(
        p.model.slack.values(), p.model.slack_names, strict=True
    ):
        weight[p.column_of[id(variable)]] = 1.0 / about.size
    s = p.data.s
    total = max(float(s.sources.collected_kt.sum()), 1e-9)
    if p.block.n_unserved:
        n = p.block.n_unserved * s.n_periods
        weight[-n:] = UNSERVED_WEIGHT * s.sources.collected_kt.T.ravel() / total
    return weight


def _requirements(p: Problem, solution: Floats) -> list[Relaxation]:
    found = []
    for variable, about in zip(
        p.model.slack.values(), p.model.slack_names, strict=True
    ):
        amount = p.value(solution, variable)
        if amount <= NOTICEABLE * about.size:
            continue
        span = p.data.s.spans[about.period].id
        found.append(
            Relaxation(
                about.family,
                about.place,
                span,
                amount,
                _sentence(p.data, about.family, about.place, span, amount, about.size),
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
        reached = asked - amount / size
        return (
            f"{head} asks for {asked:.1%}; at most {reached:.1%} can be reached, "
            f"{amount * 1e3:,.0f} t/y are missing: set min to {reached:.3f} or lower"
        )
    if family == "capex_budget":
        return (
            f"{head} is short of {amount:,.2f} million: set max to "
            f"{(size + amount) * 1e6:,.0f} or higher"
        )
    unit = {
        "permit": "kt/y",
        "outlet_limit": "kt/y",
        "airspace": "thousand m3",
        "minimum_load": "TJ/y or kt/y",
        "site_room": "facilities",
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
