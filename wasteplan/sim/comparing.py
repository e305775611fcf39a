"""Several plans simulated with the same chance: paired differences, and a ranking."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import pandas as pd

from wasteplan.errors import PlanError
from wasteplan.plan.records import Plan
from wasteplan.processes import Workers
from wasteplan.scenario.model import Scenario
from wasteplan.sim.case import Case
from wasteplan.sim.measures import KPIS, replicate
from wasteplan.sim.ranking import Ranking, rank
from wasteplan.sim.simulating import assemble_all, periods_asked
from wasteplan.sim.statistics import interval

AHEAD = 4  # replications of a plan run together, so that processes have work

DIFFERENCE_COLUMNS = {
    "plan": "name of a plan",
    "other": "name of another",
    "mean": "value of the plan less that of the other, replication by replication",
    "half_width": "of the 95 % interval of the paired differences",
    "low": "lower end",
    "high": "upper end",
    "n": "replications that both have",
    "chance_shared": "variance saved by common random numbers [-]; 0: none",
}


@dataclass(frozen=True, eq=False)
class Comparison:
    """Plans from best to worst by one simulated indicator.

    Attributes
    ----------
    indicator, unit, period
        What is compared, and when.
    ranking
        Order, probability of being right, replications.
    plans
        Columns place, plan, mean, half_width, n; best first.
    differences
        Columns of `DIFFERENCE_COLUMNS`, one row a pair of plans.
    """

    indicator: str
    unit: str
    period: str
    seed: int
    ranking: Ranking
    plans: pd.DataFrame
    differences: pd.DataFrame

    def summary(self) -> str:
        """Places, then differences, with intervals."""
        sure = all(self.ranking.decided)
        right = (
            f"right with probability {self.ranking.confidence:g}"
            if sure
            else "not decided within the replications allowed"
        )
        lines = [f"{KPIS[self.indicator][0]} [{self.unit}], {self.period}: {right}"]
        for row in self.plans.itertuples():
            lines.append(
                f"  {row.place}. {row.plan:<32}{row.mean:>14.6g} +- "
                f"{row.half_width:<10.3g} n = {row.n}"
            )
        for row in self.differences.itertuples():
            lines.append(
                f"  {row.plan} - {row.other}: {row.mean:.6g} +- {row.half_width:.3g}"
            )
        return "\n".join(lines)


def compare_simulated(
    scenario: Scenario,
    plans: Mapping[str, Plan],
    *,
    indicator: str = "landfill_diversion_rate",
    indifference: float,
    smallest_first: bool = False,
    period: str | None = None,
    confidence: float = 0.95,
    first: int = 10,
    replications_max: int = 100,
    seed: int | None = None,
    days: int | None = None,
    workers: int = 1,
) -> Comparison:
    """Rank plans by a simulated indicator, with common random numbers.

    Everything meets the same chance under each plan, so differences are taken by
    replication. Plans that are clearly worse are not run further (`sim.ranking`).

    Parameters
    ----------
    plans
        At least two, by name.
    indicator, indifference
        Id of a simulated indicator, and the smallest difference of it that matters.
    smallest_first
        The smallest value is best, as for tonnes landfilled.
    confidence, first, replications_max
        Probability of being right; replications before the first comparison; at most.
    period, seed, days
        The last period; as in the scenario's settings by default.

    Raises
    ------
    PlanError
        If there are fewer than two plans, or one or the question does not fit.
    """
    _check(plans, indicator, indifference, confidence)
    settings = scenario.settings.simulation
    chosen = periods_asked(scenario, period)[-1:]
    length = settings.days if days is None else days
    cases = [
        case
        for plan in plans.values()
        for case in assemble_all(scenario, plan, chosen, length, settings.warm_up_d)
    ]
    used_seed = settings.seed if seed is None else seed
    runs = _Runs(cases, indicator, -1.0 if smallest_first else 1.0)
    with Workers(_value, (cases, used_seed, indicator), workers) as ready:
        found = rank(
            lambda pairs: runs.keep(pairs, ready.results(pairs)),
            len(cases),
            indifference=indifference,
            confidence=confidence,
            first=first,
            replications_max=replications_max,
            ahead=AHEAD,
        )
    return _comparison(list(plans), runs.seen, found, indicator, chosen[0], used_seed)


def _comparison(
    names: Sequence[str],
    seen: Mapping[int, Sequence[float]],
    found: Ranking,
    indicator: str,
    period: str,
    seed: int,
) -> Comparison:
    places = _places(names, found, seen)
    differences = _differences([names[i] for i in found.order], found, seen)
    unit = KPIS[indicator][1]
    return Comparison(indicator, unit, period, seed, found, places, differences)


def _check(
    plans: Mapping[str, Plan], indicator: str, indifference: float, confidence: float
) -> None:
    """Refuse what cannot be compared."""
    if len(plans) < 2:
        raise PlanError("a comparison needs at least two plans")
    if not indifference > 0 or not 0 < confidence < 1:
        raise PlanError(
            f"an indifference of {indifference:g} (above 0) and a confidence of "
            f"{confidence:g} (between 0 and 1) cannot be met"
        )
    if indicator not in KPIS:
        raise PlanError(f"no indicator '{indicator}'; there are {', '.join(KPIS)}")


def _value(shared: tuple[Sequence[Case], int, str], pair: tuple[int, int]) -> float:
    (cases, seed, indicator), (case, replication) = shared, pair
    return replicate(cases[case], seed, replication, keep=False).kpis[indicator]


@dataclass
class _Runs:
    """Values that the ranking has asked for."""

    cases: Sequence[Case]
    indicator: str
    sign: float
    seen: dict[int, list[float]] = field(default_factory=dict)

    def keep(
        self, pairs: Sequence[tuple[int, int]], values: Iterable[float]
    ) -> list[float]:
        """Note values of (case, replication) pairs; hand them on, larger is better."""
        found = []
        for (case, _), value in zip(pairs, values, strict=True):
            if not math.isfinite(value):
                what = "no value" if math.isnan(value) else "no finite value"
                raise PlanError(
                    f"plan {self.cases[case].plan} has {what} of {self.indicator}: it "
                    "cannot be ranked by it"
                )
            self.seen.setdefault(case, []).append(value)
            found.append(self.sign * value)
        return found


def _places(
    names: Sequence[str], found: Ranking, seen: Mapping[int, Sequence[float]]
) -> pd.DataFrame:
    rows = []
    for place, i in enumerate(found.order, 1):
        own = interval(seen[i])
        rows.append((place, names[i], own.mean, own.half_width, own.n))
    return pd.DataFrame(rows, columns=["place", "plan", "mean", "half_width", "n"])


def _differences(
    ordered: Sequence[str], found: Ranking, seen: Mapping[int, Sequence[float]]
) -> pd.DataFrame:
    rows = []
    for a, b in combinations(range(len(ordered)), 2):
        one, other = seen[found.order[a]], seen[found.order[b]]
        rows.append((ordered[a], ordered[b], *paired(one, other)))
    return pd.DataFrame(rows, columns=list(DIFFERENCE_COLUMNS))


def paired(
    one: Sequence[float], other: Sequence[float]
) -> tuple[float, float, float, float, int, float]:
    """Interval of paired differences, and the variance that pairing saves.

    Differences -1 and -2: mean -1.5, t = 12.706, s / sqrt(2) = 0.5.

    >>> mean, half, low, high, n, _ = paired([1.0, 5.0, 9.0], [2.0, 7.0])
    >>> mean, round(half, 3), n
    (-1.5, 6.353, 2)
    """
    pairs = list(zip(one, other, strict=False))
    i = interval([a - b for a, b in pairs])
    own = sum(interval(side).half_width ** 2 for side in zip(*pairs, strict=True))
    saved = 1 - i.half_width**2 / own if own > 0 else math.nan
    return i.mean, i.half_width, i.low, i.high, i.n, saved
