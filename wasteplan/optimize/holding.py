"""A problem in which what an earlier plan decided stays as it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from scipy import sparse

from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.handover import Problem, problem
from wasteplan.optimize.incumbent import decisions_of
from wasteplan.plan.records import RAW, Plan
from wasteplan.superstructure.model import NO_REGIME

SharesOf = Mapping[tuple[str, str, str, str], Mapping[str, float]]
"""Period, origin, stream, product -> destination -> share."""


@dataclass
class _Rows:
    """Rows that equal zero, while they are collected."""

    row: list[int] = field(default_factory=list)
    column: list[int] = field(default_factory=list)
    value: list[float] = field(default_factory=list)
    n: int = 0

    def add(self, entries: list[tuple[int, float]]) -> None:
        """One more row."""
        for column, value in entries:
            self.row.append(self.n)
            self.column.append(column)
            self.value.append(value)
        self.n += 1


def posed(data: PlanningData) -> Problem:
    """The problem, with what `data.held` and `data.builds_of` decided as it is."""
    p = problem(data)
    if data.builds_of is not None:
        p = hold_builds(p, data.builds_of)
    return p if data.held is None else hold(p, data.held)


def hold_builds(p: Problem, plan: Plan) -> Problem:
    """Keep what a plan opens and closes; measures and flows are free."""
    lower, upper = p.lower.copy(), p.upper.copy()
    decided = decisions_of(p, plan)
    for family in (p.model.works, p.model.build, p.model.closed):
        for variable in family.values():
            column = p.column_of[id(variable)]
            lower[column] = upper[column] = decided[column]
    return replace(p, lower=lower, upper=upper)


def hold(p: Problem, plan: Plan) -> Problem:
    """Keep the decisions and flows of the periods for which a plan has routes.

    Parameters
    ----------
    plan
        Of the same scenario, with routes for the first periods only.

    Returns
    -------
    Problem
        Whole decisions and shares of first hauls are fixed by their bounds; what a
        plant puts out is sent on in the plan's shares by further rows,
        x[c, d] - share[d] output[c] = 0.  [kt/y]
    """
    told = {route.period for route in plan.routes}
    held = [t for t, span in enumerate(p.data.s.spans) if span.id in told]
    shares: dict[tuple[str, str, str, str], dict[str, float]] = defaultdict(dict)
    for r in plan.routes:
        shares[r.period, r.origin, r.stream, r.product][r.destination] = r.share
    lower, upper = p.lower.copy(), p.upper.copy()
    guess = decisions_of(p, plan)
    for family in (p.model.works, p.model.build, p.model.closed, p.model.regime):
        for (_, t), variable in family.items():
            if t in held:
                column = p.column_of[id(variable)]
                lower[column] = upper[column] = guess[column]
    chosen = np.array(
        [
            *([_at(p, guess, r, t) for t in p.data.periods] for r in _regimes(p)),
            [True] * len(p.data.periods),
        ]
    )
    rows = _Rows()
    for t in held:
        kept = _first_shares(p, shares, t) * chosen[_regime_of_arc(p), t]
        columns = p.block.first_columns(t, p.n_before)
        if not p.block.n_unserved:  # in an elastic problem waste may be left lying
            lower[columns] = kept
        upper[columns] = kept
        _later_rows(p, shares, t, rows)
    return _with_rows(replace(p, lower=lower, upper=upper), rows)


def _regimes(p: Problem) -> range:
    return range(len(p.data.s.regimes))


def _regime_of_arc(p: Problem) -> np.ndarray:
    """(first hauls,): the regime under which each is there; the last is none."""
    regime = p.data.s.sources.regime[p.data.s.first.tail]
    return np.where(regime == NO_REGIME, len(p.data.s.regimes), regime)


def _at(p: Problem, guess: np.ndarray, r: int, t: int) -> bool:
    if not p.data.s.regimes[r].may_work[t]:
        return False
    return bool(guess[p.column_of[id(p.model.regime[r, t])]] > 0.5)


def _first_shares(p: Problem, shares: SharesOf, t: int) -> np.ndarray:
    """(first hauls,): the plan's shares.  [-]"""
    s = p.data.s
    span = s.spans[t].id
    out = np.zeros(len(s.first))
    for a, (tail, feed) in enumerate(zip(s.first.tail, s.first.feed, strict=True)):
        key = (span, s.sources.generator[tail], s.sources.stream[tail], RAW)
        where = s.plants[s.feeds.plant[feed]].id
        out[a] = shares.get(key, {}).get(where, 0.0)
    return out


def _later_rows(p: Problem, shares: SharesOf, t: int, rows: _Rows) -> None:
    """Outputs are sent on as before, commodity by commodity."""
    s = p.data.s
    made: dict[tuple[int, int], list[tuple[int, float]]] = defaultdict(list)
    for f, c, share in zip(
        s.feeds.out_feed, s.feeds.out_commodity, s.feeds.out_share, strict=True
    ):
        column = p.column_of[id(p.model.throughput[int(f), t])]
        made[int(s.feeds.plant[f]), int(c)].append((column, float(share)))
    for a, (tail, c) in enumerate(zip(s.later.tail, s.later.commodity, strict=True)):
        sent = _shares_of_output(p, shares, t, int(tail), int(c))
        if sent is None:
            continue  # nothing was put out, so the plan says nothing of it
        share = sent.get(s.plants[s.feeds.plant[s.later.feed[a]]].id, 0.0)
        outputs = [(column, -share * v) for column, v in made[int(tail), int(c)]]
        rows.add([(p.later_column(a, t), 1.0), *outputs])


def _shares_of_output(
    p: Problem, shares: SharesOf, t: int, tail: int, c: int
) -> Mapping[str, float] | None:
    """Of the blend, or of the origin of a commodity where a plan tells them apart."""
    s = p.data.s
    commodity, span, plant = s.commodities[c], s.spans[t].id, s.plants[tail].id
    names = [""]
    for origin in commodity.origins:
        stream = s.origins[origin].stream
        names.append(stream)
        names += [f"{stream}@{region}" for region in sorted(s.origins[origin].regions)]
    for name in names:
        found = shares.get((span, plant, name, commodity.product))
        if found is not None:
            return found
    return None


def _with_rows(p: Problem, rows: _Rows) -> Problem:
    more = sparse.csr_matrix(
        (rows.value, (rows.row, rows.column)), shape=(rows.n, len(p.cost))
    )
    nothing = np.zeros(rows.n)
    return replace(
        p,
        matrix=sparse.vstack([p.matrix, more], format="csr"),
        row_lower=np.concatenate([p.row_lower, nothing]),
        row_upper=np.concatenate([p.row_upper, nothing]),
    )
