"""How far a plan made for few samples is from the best for all that may come.

The optimum over a sample underestimates the true one on average, and the mean cost of
any plan over fresh samples overestimates it.  So batches of samples, each planned for
anew, bound the true optimum from below, and fresh samples from above, each with an
interval (Mak, Morton and Wood, 1999, Monte Carlo bounding techniques for determining
solution quality in stochastic programs, Operations Research Letters 24, 47-56;
Kleywegt, Shapiro and Homem-de-Mello, 2002, The sample average approximation method for
stochastic discrete optimization, SIAM Journal on Optimization 12, 479-502).

Batches differ in their seed, so they are independent; within one, samples may be
stratified, which leaves its mean unbiased.  Of a batch its proved bound counts, so a
search that stops at a gap widens the interval and never flatters.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from wasteplan.errors import WasteplanError
from wasteplan.optimize.handover import problem
from wasteplan.optimize.recourse import Recourse
from wasteplan.optimize.risk import Risk
from wasteplan.optimize.running import Stop
from wasteplan.optimize.two_stage import follow_all, sampled, two_stage
from wasteplan.scenario.model import Scenario
from wasteplan.study.robust import Futures
from wasteplan.superstructure.model import Floats

CONFIDENCE = 0.95

Cases = Futures | Sequence[Scenario]


@dataclass(frozen=True)
class Mean:
    """A mean and the half-width of its interval."""

    value: float
    half_width: float
    n: int


@dataclass(frozen=True)
class SampleAverage:
    """Bounds on the expected cost of the best plan for all that may come.  [M money]"""

    lower: Mean
    """Of the bounds of batches."""
    upper: Mean
    """Of the plan over fresh samples."""
    chance_of_missing: Mean
    """Of the plan over fresh samples.  [-]"""

    @property
    def gap(self) -> float:
        """What the plan may cost above the best, at most, with both intervals.

        [M money]; each end holds with 97.5 %, so both together with 95 %.
        """
        low = self.lower.value - self.lower.half_width
        return max(0.0, self.upper.value + self.upper.half_width - low)


def mean_of(values: Floats, confidence: float = CONFIDENCE) -> Mean:
    """Mean with the half-width of its t interval.

    t(n - 1) s / sqrt(n).  Of 1, 2 and 3: s = 1, t = 4.303, half-width 2.484.

    >>> found = mean_of(np.array([1.0, 2.0, 3.0]))
    >>> found.value, round(found.half_width, 3)
    (2.0, 2.484)
    """
    n = len(values)
    if n < 2:
        raise WasteplanError(f"an interval needs at least 2 values, not {n}")
    spread = float(values.std(ddof=1)) / float(np.sqrt(n))
    t = float(stats.t.ppf(0.5 + confidence / 2, n - 1))
    return Mean(float(values.mean()), t * spread, n)


def sample_average(
    batches: Sequence[Cases],
    fresh: Cases,
    decisions: Floats,
    recourse: Recourse,
    stop: Stop,
    on_step: Callable[[str], None] = lambda _: None,
) -> SampleAverage:
    """Bounds on the expected cost of the best plan, and on how far one is from it.

    Parameters
    ----------
    batches
        Two or more independent sets of samples, each to be planned for.
    fresh
        Two or more samples that the plan has not seen.
    decisions
        Of the plan.
    recourse, stop
        Prices of misses; limits of the search of each batch.
    on_step
        Told of each batch.
    """
    bounds = []
    for k, batch in enumerate(batches, start=1):
        on_step(f"batch {k} of {len(batches)}")
        cases = [batch[i] for i in range(len(batch))]
        found = two_stage(cases, recourse, Risk(), stop, candidates=[decisions])
        bounds.append(found.bound)
    on_step(f"{len(fresh)} fresh samples")
    totals, missed = [], []
    for i in range(len(fresh)):  # one at a time: many need not fit in memory
        [[followed]] = follow_all([problem(sampled(fresh[i], recourse))], [decisions])
        totals.append(followed.total)
        missed.append(float(bool(followed.missed)))
    return SampleAverage(
        mean_of(np.array(bounds)), mean_of(np.array(totals)), mean_of(np.array(missed))
    )
