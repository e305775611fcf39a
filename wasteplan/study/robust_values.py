"""What planning over samples is worth, and what knowing the future would be worth.

VSS, the value of the stochastic solution: cost over the samples of the plan for central
values, less that of the plan for all samples.  EVPI, the expected value of perfect
information: cost of the plan for all samples, less the mean of the best for each
sample alone (Birge and Louveaux, 2011, Introduction to Stochastic Programming, 2nd ed.,
chapter 4).  Neither is below 0 at proved optima.  Searches that stop at a gap leave
each within two ends, which are stated.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wasteplan.optimize.following import Followed
from wasteplan.optimize.risk import Risk, conditional_value_at_risk, measured
from wasteplan.study.robust import Robust
from wasteplan.superstructure.model import Floats

MILLION = 1e6


@dataclass(frozen=True)
class Between:
    """A value as found, and the ends that gaps leave it."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Fares:
    """How a plan fares over samples.  [money, present value]"""

    expected: float
    tail: float
    """Mean of the worst 1 - alpha."""
    lowest: float
    highest: float
    regret_max: float
    """The most it costs above the best plan for a sample alone."""
    chance_of_missing: float
    """[-]"""
    expected_without_misses: float
    """Mean cost without the price of what is missed."""


def vss(found: Robust) -> Between:
    """Value of the stochastic solution, by what was made least.  [money]"""
    central = _measure(found, found.central_totals)
    best = found.found
    low, high = central - best.objective, central - best.bound
    return Between(low * MILLION, low * MILLION, high * MILLION)


def evpi(found: Robust) -> Between:
    """Expected value of perfect information, by what was made least.  [money]

    For regret: the regret itself, as each sample's own best has none.
    """
    best, own = found.found, found.own[: found.n_samples]
    known = _measure(found, found.own_totals)
    at_best = _measure(found, np.array([o.bound for o in own]))
    return Between(
        (best.objective - known) * MILLION,
        (best.bound - known) * MILLION,
        (best.objective - at_best) * MILLION,
    )


def _measure(found: Robust, totals: Floats) -> float:
    return measured(found.risk, totals, found.chances, found.own_totals)


def fares(
    followed: tuple[Followed, ...], chances: Floats, own: Floats, risk: Risk
) -> Fares:
    """How a plan fares over samples.

    Parameters
    ----------
    followed
        The plan in each sample.
    chances, own
        (samples,): how likely each is [-]; cost of the best plan for it alone
        [M money].
    risk
        Its alpha is that of the tail.
    """
    totals = np.array([f.total for f in followed])
    missing = np.array([bool(f.missed) for f in followed])
    return Fares(
        float(chances @ totals) * MILLION,
        conditional_value_at_risk(totals, chances, risk.alpha) * MILLION,
        float(totals.min()) * MILLION,
        float(totals.max()) * MILLION,
        float((totals - own).max()) * MILLION,
        float(chances @ missing),
        float(chances @ np.array([f.cost for f in followed])) * MILLION,
    )
